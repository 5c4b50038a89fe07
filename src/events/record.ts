/**
 * The state of one event: pending deliveries, completed deliveries, acknowledgement, and the content while it can be needed.
 *
 * States of a stored, unacknowledged event and their transitions, which `delivery-tracker.ts` makes:
 *
 * | State    | pendingDeliveries | wasDelivered | due   | Transitions                                                        |
 * | -------- | ----------------- | ------------ | ----- | ------------------------------------------------------------------ |
 * | unwanted | 0                 | false        | 0     | queued or due: a subscriber that wants it joins (after a replay)   |
 * | queued   | > 0               | any          | 0     | acknowledged: delivered; unwanted: all subscribers left before     |
 * | due      | 0                 | false        | not 0 | acknowledged: client ack; unwanted: hold expired                   |
 * | both     | > 0               | any          | not 0 | due or settled: delivered or left; queued: client ack or expired   |
 * | settled  | 0                 | true         | not 0 | acknowledged: client ack, content withdrawn or hold expired        |
 *
 * `acknowledged` (`ackRequested`) is final. `ackConfirmed` follows when the upstream confirms. If the upstream replays the
 * event, the acknowledgement is sent again. An event with a client ack is acknowledged as soon as `pendingDeliveries` is 0.
 * The content has states of its own: buffered, evicted (only the upstream has it), or revoked (expired or recalled; the event
 * is then no longer held for any subscriber).
 */
import type { GatewayEvent } from '../gateway-event.ts';
import type { EventDelivery } from './delivery.ts';

export interface EventRecord {
  readonly id: string;
  /** Sequence number in the order of first receipt. */
  readonly position: number;
  readonly isStored: boolean;
  /** Estimated memory of the content, in bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch; infinite when it does not expire. */
  readonly expiresAt: number;
  /** The content; undefined when no buffer or queue needs it, and after expiry or recall. */
  delivery: EventDelivery | undefined;
  /** The id is remembered: another event with it counts as a repeat. */
  idRemembered: boolean;
  /** In the resume buffer. */
  isBuffered: boolean;
  /** Evicted from the resume buffer while unacknowledged: a new subscriber can get it only from an upstream replay. */
  evictedUnacked: boolean;
  /** The message expired or was recalled: the content is never delivered again. */
  contentRevoked: boolean;
  /** Number of subscriber queues that contain it. */
  queuedCount: number;
  /** Number of live AUTO subscribers it was queued for and not yet delivered to. */
  pendingDeliveries: number;
  /** Interests of MANUAL subscribers that hold it, one bit each (`manual-interests.ts`); 0 for none. */
  due: number;
  /** `due` was set without the content: the filters are evaluated when the event is repeated. */
  isUnread: boolean;
  /** It was delivered to an AUTO subscriber. */
  wasDelivered: boolean;
  /** Sequence number of the completion of AUTO delivery; later AUTO subscribers do not receive it. 0 before completion. */
  settledAt: number;
  /** A client acknowledged it. */
  ackedByClient: boolean;
  /** Its upstream acknowledgement was requested, and may be confirmed already. */
  ackRequested: boolean;
  /** The upstream confirmed the acknowledgement and will not replay it. */
  ackConfirmed: boolean;
}

/**
 * Expiry of an event in milliseconds since the epoch; infinite when it does not expire. `expire_in` (seconds left, computed by
 * the upstream) takes precedence because it does not depend on synchronized clocks. Without it, the expiry is the creation
 * time plus `ttl` (EVENTS §6, "Expiry").
 */
export function expiryOf(event: GatewayEvent, receivedAt: number): number {
  if (event.type !== 'MESSAGE_RECEIVED') return Number.POSITIVE_INFINITY;
  const { createdAt, ttl, expireIn } = event.message;
  if (expireIn !== undefined && expireIn > 0) return receivedAt + expireIn * 1000;
  if (createdAt === undefined || ttl === undefined || ttl <= 0) return Number.POSITIVE_INFINITY;
  return Date.parse(createdAt) + ttl * 60_000;
}
