/**
 * Tracks the delivery of each event and decides when to acknowledge it upstream.
 *
 * AUTO: an event is acknowledged when at least one AUTO subscriber has received it, and every live AUTO subscriber it was
 * queued for has received it or unsubscribed. MANUAL: an event that an interest wants is held for that interest. Until the
 * hold expires, only a client's acknowledgement releases it. An event that no subscriber wants stays unacknowledged, and the
 * upstream replays it later.
 *
 * While an interest exists, it holds every unacknowledged event it wants: events known when the interest began and events
 * received since, with or without a live subscriber. `src/README.md` has the table of states.
 */

import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { LazyMap, LazySet } from '../../util/lazy-collections.ts';
import type { HeldInterest, HeldInterests } from '../acknowledgement/held-interests.ts';
import type { Subscriber } from '../subscriber/subscriber.ts';
import type { EventRecord } from './record.ts';

export interface DeliveryTrackerOptions {
  readonly interests: HeldInterests;
  /** Limit of events held for MANUAL subscribers. Beyond it, the oldest is released. */
  readonly maxHeld: number;
  /** The source decides on acknowledgements: an outcome is reported and can change. Default false. */
  readonly reportsOnly?: boolean | undefined;
  /** AUTO delivery of the event is complete; only MANUAL subscribers can still receive it. */
  onSettled(record: EventRecord): void;
  /** Called when an event can be acknowledged upstream: once, or after each change where outcomes are only reported. */
  onAckable(record: EventRecord): void;
  /**
   * The event cannot be acknowledged and is queued for no AUTO subscriber: it is held, or no subscriber wants it. May be
   * called again.
   */
  onUnsettled(record: EventRecord): void;
}

export class DeliveryTracker {
  readonly #options: DeliveryTrackerOptions;
  readonly #interests: HeldInterests;
  readonly #interestOf = new LazyMap<Subscriber, HeldInterest>();
  /** Events held for MANUAL subscribers, oldest first. */
  readonly #held = new LazySet<EventRecord>();
  #settledCount = 0;

  constructor(options: DeliveryTrackerOptions) {
    this.#options = options;
    this.#interests = options.interests;
  }

  /** Number of events whose AUTO delivery is complete. */
  get settledCount(): number {
    return this.#settledCount;
  }

  /** Registers a subscriber before any event is queued for it. @param remembered Known events, oldest first. */
  joined(subscriber: Subscriber, remembered: () => Iterable<EventRecord>): void {
    const { acknowledge, wants, filter } = subscriber.options;
    if (acknowledge === 'AUTO') return;
    const { interest, isNew } = this.#interests.join(filter ?? wants, wants);
    this.#interestOf.set(subscriber, interest);
    if (isNew) for (const record of remembered()) this.#hold(record, interest);
    if (interest.lastReleased === undefined) return;
    subscriber.pushGap({ kind: 'gap', reason: 'HOLD_EXCEEDED', after: interest.lastReleased });
    if (interest.live === 1) interest.lastReleased = undefined; // other live subscribers may not have received the gap yet
  }

  /** Registers a new event, before it is queued for any subscriber. */
  arrived(record: EventRecord): void {
    if (this.#interests.isEmpty || !record.isStored || record.delivery === undefined) return;
    record.holdFor(this.#interests.wanting(record.delivery.event));
    this.#boundHeld(record);
  }

  /** Registers an event without its content, which a replay brings. */
  arrivedUnseen(record: EventRecord): void {
    for (const { bit } of this.#interests) record.holdUnseenFor(bit);
    this.#boundHeld(record);
  }

  /** An AUTO subscriber of another process has received the event. */
  deliveredElsewhere(record: EventRecord): void {
    record.markDelivered();
  }

  /** The upstream has the acknowledgement that another process sent. Subscribers for which it is queued still get it. */
  acknowledgedElsewhere(record: EventRecord): void {
    if (record.ackConfirmed) return;
    record.markDelivered();
    record.releaseFor(~0);
    this.#held.delete(record);
    if (record.settledOrder === 0) {
      this.#settledCount += 1;
      record.settle(this.#settledCount);
      this.#options.onSettled(record);
    }
    record.requestAck();
    record.confirmAck();
  }

  /** The new event has been offered to all subscribers. */
  offered(record: EventRecord): void {
    this.#check(record);
  }

  /** Registers a repeated event. Its content decides whether an interest that held it unseen wants it. */
  repeated(record: EventRecord, event: GatewayEvent): void {
    if (!record.heldUnseen) return;
    record.markSeen();
    this.#release(record, ~this.#interests.wanting(event));
  }

  /** The event is about to be queued for the subscriber. */
  queued(record: EventRecord, subscriber: Subscriber): void {
    if (record.isStored && subscriber.options.acknowledge === 'AUTO') record.expectDelivery();
  }

  /** The subscriber confirmed delivery. Also valid after `dropped`, if the subscription ended in between. */
  delivered(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.markDelivered();
    if (!subscriber.isEnded) record.endDelivery(); // otherwise `dropped` has counted it
    this.#check(record);
  }

  /** The subscriber will not deliver the event. */
  dropped(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.endDelivery();
    this.#check(record);
  }

  /** A client acknowledged the event. */
  clientAcked(record: EventRecord): void {
    record.markAckedByClient();
    this.#release(record, ~0);
  }

  /** The message expired or was recalled, so the event is no longer held for any subscriber. */
  withdrawn(record: EventRecord): void {
    this.#release(record, ~0);
  }

  /** Starts the hold time when the last subscriber of an interest leaves. @param now On the clock of `performance`. */
  unsubscribed(subscriber: Subscriber, now: number): void {
    const interest = this.#interestOf.get(subscriber);
    if (interest === undefined) return;
    this.#interestOf.delete(subscriber);
    this.#interests.leave(interest, now);
    this.expire(now);
  }

  /** Releases events held for MANUAL subscribers whose hold time is over. @param now On the clock of `performance`. */
  expire(now: number): void {
    if (this.#interests.isEmpty) return;
    const ended = this.#interests.expire(now);
    if (ended !== 0) for (const record of this.#held) this.#release(record, ended);
  }

  /** The event's id was evicted. The event is not acknowledged, and a replay of it counts as a new event. */
  forgotten(record: EventRecord): void {
    this.#held.delete(record);
  }

  /** Holds an event that is older than the interest. Without its content the event counts as wanted. */
  #hold(record: EventRecord, { bit, wants }: HeldInterest): void {
    if (!record.isStored || record.ackRequested || record.ackedByClient || record.contentRevoked) return;
    if (record.delivery === undefined) record.holdUnseenFor(bit);
    else if (wants(record.delivery.event)) record.holdFor(bit);
    else return;
    this.#boundHeld(record);
    if (this.#options.reportsOnly === true) this.#check(record);
  }

  /** Adds a record to the held ones, and releases the oldest beyond the limit. */
  #boundHeld(record: EventRecord): void {
    if (record.heldFor === 0) return;
    this.#held.add(record);
    if (this.#held.size <= this.#options.maxHeld) return;
    const [oldest] = this.#held;
    if (oldest === undefined) return;
    this.#interests.released(oldest.heldFor, oldest.id);
    this.#release(oldest, ~0);
  }

  /** @param bits The interests that no longer hold the event. */
  #release(record: EventRecord, bits: number): void {
    record.releaseFor(bits);
    if (record.heldFor !== 0) return;
    this.#held.delete(record);
    this.#check(record);
  }

  #check(record: EventRecord): void {
    if (!record.isStored || record.ackRequested || record.pendingDeliveries > 0) return;
    if (record.wasDelivered && record.settledOrder === 0) {
      this.#settledCount += 1;
      record.settle(this.#settledCount);
      this.#options.onSettled(record);
    }
    if (!record.ackedByClient && !(record.wasDelivered && record.heldFor === 0)) {
      this.#options.onUnsettled(record);
      return;
    }
    if (this.#options.reportsOnly !== true) record.requestAck();
    this.#options.onAckable(record);
  }
}
