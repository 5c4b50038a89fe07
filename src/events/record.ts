/**
 * What is remembered of one event: who waits for it, who was given it, and, as long as someone may want it, the event.
 *
 * The states of a stored event that is not acknowledged, and what leads from one to the next (`delivery-tracker.ts` does it):
 *
 * | State    | waiting | isHanded | due  | Goes on to                                                                      |
 * | -------- | ------- | -------- | ---- | ------------------------------------------------------------------------------- |
 * | unwanted | 0       | no       | 0    | queued, due: a subscriber comes that wants it. Upstream keeps it until then     |
 * | queued   | > 0     | any      | 0    | acknowledged: handed over; unwanted: every subscriber left before that          |
 * | due      | 0       | no       | not 0| acknowledged: named; unwanted: the hold is over                                 |
 * | both     | > 0     | any      | not 0| due or settled: handed over, or left; queued: named, or the hold is over        |
 * | settled  | 0       | yes      | not 0| acknowledged: named, withdrawn, or the hold is over                             |
 *
 * `acknowledged` is the end: at once `ackConfirmed` when the upstream has taken it, sent again when the upstream repeats it.
 * A named event is acknowledged as soon as `pendingDeliveries` is 0. Content is independent of all this: buffered, missing (only the
 * upstream has it), or withdrawn (expired or recalled: it is due to nobody from then on).
 */
import type { GatewayEvent } from '../gateway-event.ts';
import type { EventDelivery } from './delivery.ts';

export interface EventRecord {
  readonly id: string;
  /** Place in the order of first arrival. */
  readonly position: number;
  readonly isStored: boolean;
  /** Estimate of the memory its content takes, in bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch; infinite when it does not expire. */
  readonly expiresAt: number;
  /** The content; undefined once nobody can ask for it any more, and at once when it expired or was recalled. */
  delivery: EventDelivery | undefined;
  /** Its id is known: it comes again as a repeat. */
  idRemembered: boolean;
  /** In the resume buffer. */
  isBuffered: boolean;
  /** Left the resume buffer unacknowledged: a new subscriber can only get it from the upstream. */
  evictedUnacked: boolean;
  /** Expired or recalled: nobody gets it any more. */
  contentRevoked: boolean;
  /** Subscribers whose queue holds it. */
  queuedCount: number;
  /** Live AUTO subscribers it was queued for and that were not handed it yet. */
  pendingDeliveries: number;
  /** The interests of MANUAL subscribers it is due to, one bit each (`manual-interests.ts`); 0 for none. */
  due: number;
  /** `due` was set without the content at hand: whether it is wanted shows when it comes again. */
  isUnread: boolean;
  /** An AUTO subscriber was handed it. */
  wasDelivered: boolean;
  /** Place in the order in which AUTO subscribers were through with events: it is not given to later ones. 0 before. */
  settledAt: number;
  /** A client named it. */
  ackedByClient: boolean;
  /** To be acknowledged upstream, or already so. */
  ackRequested: boolean;
  /** The upstream took the acknowledgement: it will not come again. */
  ackConfirmed: boolean;
}

/**
 * Milliseconds since the epoch; infinite when it does not expire. `expire_in`, seconds left, is the upstream's own reckoning
 * and does not suffer from clocks that differ; without it created time plus ttl counts (EVENTS §6, "Expiry").
 */
export function expiryOf(event: GatewayEvent, receivedAt: number): number {
  if (event.type !== 'MESSAGE_RECEIVED') return Number.POSITIVE_INFINITY;
  const { createdAt, ttl, expireIn } = event.message;
  if (expireIn !== undefined && expireIn > 0) return receivedAt + expireIn * 1000;
  if (createdAt === undefined || ttl === undefined || ttl <= 0) return Number.POSITIVE_INFINITY;
  return Date.parse(createdAt) + ttl * 60_000;
}
