/**
 * One received event: its content while that can be needed, its deliveries and its acknowledgement.
 *
 * The record owns its state: the fields are private, and each method is a transition of the tables in `src/README.md`
 * ("States of an event"). `delivery-tracker.ts` makes the transitions of delivery, `resume-buffer.ts` those of the content,
 * `subscriber.ts` those of queues, and the channel confirms acknowledgements.
 */

import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { type ReceivedEvent, transientEventId } from '../../upstream/event-stream/decode-frame.ts';
import type { EventDelivery } from './delivery.ts';

/** The state of one received event. */
export class EventRecord {
  readonly id: string;
  /** Place in the order of receipt; between those of two others for an event that came later and is older. */
  readonly position: number;
  readonly isStored: boolean;
  /** Estimated memory of the content, in bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch; infinite when it does not expire. */
  readonly expiresAt: number;

  #overtakenFrom: number | undefined;
  #delivery: EventDelivery | undefined;
  #idRemembered: boolean;
  #isBuffered = false;
  #evictedUnacked = false;
  #contentRevoked = false;
  #queuedCount = 0;
  #pendingDeliveries = 0;
  #heldFor = 0;
  #heldUnseen = false;
  #wasDelivered = false;
  #settledOrder = 0;
  #ackedByClient = false;
  #ackRequested = false;
  #ackConfirmed = false;

  constructor({ id, isStored, event }: ReceivedEvent, position: number, size: number, receivedAt: number) {
    this.id = id;
    this.position = position;
    this.isStored = isStored;
    this.size = size;
    this.receivedAt = receivedAt;
    this.expiresAt = expiryOf(event, receivedAt);
    this.#idRemembered = id !== transientEventId;
  }

  /** Position of the first event that a replay delivered ahead of it and that may be newer (`replay-order.ts`); undefined: none. */
  get overtakenFrom(): number | undefined {
    return this.#overtakenFrom;
  }

  markOvertaken(from: number | undefined): void {
    this.#overtakenFrom = from;
  }

  // Content.

  /** The content; undefined when no buffer or queue needs it, and after expiry or recall. */
  get delivery(): EventDelivery | undefined {
    return this.#delivery;
  }

  /** The id is remembered: another event with it counts as a repeat. */
  get idRemembered(): boolean {
    return this.#idRemembered;
  }

  /** In the resume buffer. */
  get isBuffered(): boolean {
    return this.#isBuffered;
  }

  /** Evicted from the resume buffer while unacknowledged: a new subscriber can get it only from an upstream replay. */
  get evictedUnacked(): boolean {
    return this.#evictedUnacked;
  }

  /** The message expired or was recalled: the content is never delivered again. */
  get contentRevoked(): boolean {
    return this.#contentRevoked;
  }

  /** A buffer or a queue needs the content. */
  get isContentNeeded(): boolean {
    return this.#isBuffered || this.#queuedCount > 0;
  }

  fillContent(delivery: EventDelivery): void {
    this.#delivery = delivery;
  }

  dropContent(): void {
    this.#delivery = undefined;
  }

  /** The message expired or was recalled. */
  revokeContent(): void {
    this.#contentRevoked = true;
    this.#delivery = undefined;
  }

  enterBuffer(): void {
    this.#isBuffered = true;
  }

  leaveBuffer(): void {
    this.#isBuffered = false;
  }

  /** @param evictedUnacked True when it leaves the buffer unacknowledged; false when no replay of it is needed any more. */
  setEvictedUnacked(evictedUnacked: boolean): void {
    this.#evictedUnacked = evictedUnacked;
  }

  forgetId(): void {
    this.#idRemembered = false;
  }

  /** A subscriber queue contains it. */
  enterQueue(): void {
    this.#queuedCount += 1;
  }

  leaveQueue(): void {
    this.#queuedCount -= 1;
  }

  // Delivery.

  /** Number of live AUTO subscribers it was queued for and not yet delivered to. */
  get pendingDeliveries(): number {
    return this.#pendingDeliveries;
  }

  /** It was delivered to an AUTO subscriber. */
  get wasDelivered(): boolean {
    return this.#wasDelivered;
  }

  /** Interests of MANUAL subscribers that hold it, one bit each (`held-interests.ts`); 0 for none. */
  get heldFor(): number {
    return this.#heldFor;
  }

  /** It is held without its content: the filters are evaluated when the event is repeated. */
  get heldUnseen(): boolean {
    return this.#heldUnseen;
  }

  /** Sequence number of the completion of AUTO delivery; later AUTO subscribers do not receive it. 0 before completion. */
  get settledOrder(): number {
    return this.#settledOrder;
  }

  /** An AUTO subscriber will deliver it. */
  expectDelivery(): void {
    this.#pendingDeliveries += 1;
  }

  /** An expected delivery was made, or will not be made. */
  endDelivery(): void {
    this.#pendingDeliveries -= 1;
  }

  markDelivered(): void {
    this.#wasDelivered = true;
  }

  /** @param order Not 0. */
  settle(order: number): void {
    this.#settledOrder = order;
  }

  /** @param interests Bits of the interests that hold it from now on, beside those that do already. */
  holdFor(interests: number): void {
    this.#heldFor |= interests;
  }

  /** As `holdFor`, without the content: whether the interest wants it is decided when the event is repeated. */
  holdUnseenFor(interests: number): void {
    this.#heldUnseen = true;
    this.#heldFor |= interests;
  }

  /** The content was received again, so the filters have been evaluated. */
  markSeen(): void {
    this.#heldUnseen = false;
  }

  /** @param interests Bits of the interests that no longer hold it. */
  releaseFor(interests: number): void {
    this.#heldFor &= ~interests;
  }

  // Acknowledgement.

  /** A client acknowledged it. */
  get ackedByClient(): boolean {
    return this.#ackedByClient;
  }

  /** Its upstream acknowledgement was requested, and may be confirmed already. */
  get ackRequested(): boolean {
    return this.#ackRequested;
  }

  /** The upstream confirmed the acknowledgement and will not replay it. */
  get ackConfirmed(): boolean {
    return this.#ackConfirmed;
  }

  markAckedByClient(): void {
    this.#ackedByClient = true;
  }

  requestAck(): void {
    this.#ackRequested = true;
  }

  confirmAck(): void {
    this.#ackConfirmed = true;
  }
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
