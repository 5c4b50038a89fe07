/**
 * Who was given which event, and when the upstream may therefore forget it.
 *
 * An event is acknowledged when every live AUTO subscriber it was queued for has been handed it, or left, and at least one
 * was handed it. An event that a MANUAL subscriber wants, live or gone for less than the hold, is due to it: then only a
 * client's naming it counts, until the hold is over. An event nobody wanted stays unacknowledged, and the upstream sends it
 * again some day.
 *
 * As long as an interest of MANUAL subscribers exists, every unacknowledged event it wants is due to it: those that were
 * there when it began, and those that came since, whether or not a subscriber was there to be given them. `record.ts` has
 * the table of states.
 */
import type { GatewayEvent } from '../gateway-event.ts';
import type { ManualInterest, ManualInterests } from './manual-interests.ts';
import type { EventRecord } from './record.ts';
import type { Subscriber } from './subscription.ts';

export interface DeliveryTrackerOptions {
  readonly interests: ManualInterests;
  /** Most events due to MANUAL subscribers at a time; the oldest is let go for one more. */
  readonly maxDue: number;
  /** AUTO subscribers are through with it, and only MANUAL ones may still be given it. */
  onSettled(record: EventRecord): void;
  /** Called once per event, when it may be acknowledged. */
  onAckable(record: EventRecord): void;
}

export class DeliveryTracker {
  readonly #options: DeliveryTrackerOptions;
  readonly #interests: ManualInterests;
  readonly #interestOf = new Map<Subscriber, ManualInterest>();
  /** Due to MANUAL subscribers, oldest first. */
  readonly #due = new Set<EventRecord>();
  #settledCount = 0;

  constructor(options: DeliveryTrackerOptions) {
    this.#options = options;
    this.#interests = options.interests;
  }

  /** Events AUTO subscribers were through with so far. */
  get settledCount(): number {
    return this.#settledCount;
  }

  /** A subscriber comes, before it is given anything. @param remembered What is known, oldest first. */
  joined(subscriber: Subscriber, remembered: () => Iterable<EventRecord>): void {
    const { acknowledge, wants, filter } = subscriber.options;
    if (acknowledge === 'AUTO') return;
    const { interest, isNew } = this.#interests.join(filter ?? wants, wants);
    this.#interestOf.set(subscriber, interest);
    if (isNew) for (const record of remembered()) this.#hold(record, interest);
    if (interest.lastReleased === undefined) return;
    subscriber.pushGap({ kind: 'gap', reason: 'HOLD_EXCEEDED', after: interest.lastReleased });
    if (interest.live === 1) interest.lastReleased = undefined; // else the others may not have been told yet
  }

  /** A new event, before it is queued for anybody. */
  arrived(record: EventRecord): void {
    if (this.#interests.isEmpty || !record.isStored || record.delivery === undefined) return;
    this.#setDue(record, this.#interests.wanting(record.delivery.event));
  }

  /** It came again: with its content at hand, it shows whether it is wanted. */
  repeated(record: EventRecord, event: GatewayEvent): void {
    if (!record.isUnread) return;
    record.isUnread = false;
    this.#release(record, ~this.#interests.wanting(event));
  }

  /** It goes into the subscriber's queue. */
  queued(record: EventRecord, subscriber: Subscriber): void {
    if (record.isStored && subscriber.options.acknowledge === 'AUTO') record.pendingDeliveries += 1;
  }

  /** To be called also for what was dropped because the subscriber ended, when it got there after all. */
  delivered(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.wasDelivered = true;
    if (!subscriber.isEnded) record.pendingDeliveries -= 1; // else it was dropped when the subscriber ended
    this.#check(record);
  }

  /** The subscriber will not take it. */
  dropped(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.pendingDeliveries -= 1;
    this.#check(record);
  }

  /** A client names it. */
  clientAcked(record: EventRecord): void {
    record.ackedByClient = true;
    this.#release(record, ~0);
  }

  /** It expired or was recalled: nobody is owed it any more. */
  withdrawn(record: EventRecord): void {
    this.#release(record, ~0);
  }

  /** @param now On the clock of `performance`. */
  unsubscribed(subscriber: Subscriber, now: number): void {
    const interest = this.#interestOf.get(subscriber);
    if (interest === undefined) return;
    this.#interestOf.delete(subscriber);
    this.#interests.leave(interest, now);
    this.expire(now);
  }

  /** Lets go of what is held for MANUAL subscribers that did not come back. */
  expire(now: number): void {
    if (this.#interests.isEmpty) return;
    const ended = this.#interests.expire(now);
    if (ended !== 0) for (const record of this.#due) this.#release(record, ended);
  }

  /** It will not be named any more: its id is forgotten. It is not acknowledged either, and comes again as a new event. */
  forgotten(record: EventRecord): void {
    this.#due.delete(record);
  }

  /** What was there before the interest: without content at hand it is taken for wanted. */
  #hold(record: EventRecord, { bit, wants }: ManualInterest): void {
    if (!record.isStored || record.ackRequested || record.ackedByClient || record.contentRevoked) return;
    if (record.delivery === undefined) record.isUnread = true;
    else if (!wants(record.delivery.event)) return;
    this.#setDue(record, record.due | bit);
  }

  #setDue(record: EventRecord, due: number): void {
    record.due = due;
    if (due === 0) return;
    this.#due.add(record);
    if (this.#due.size <= this.#options.maxDue) return;
    const [oldest] = this.#due;
    if (oldest === undefined) return;
    this.#interests.released(oldest.due, oldest.id);
    this.#release(oldest, ~0);
  }

  /** @param bits The interests it is due to no longer. */
  #release(record: EventRecord, bits: number): void {
    record.due &= ~bits;
    if (record.due !== 0) return;
    this.#due.delete(record);
    this.#check(record);
  }

  #check(record: EventRecord): void {
    if (!record.isStored || record.ackRequested || record.pendingDeliveries > 0) return;
    if (record.wasDelivered && record.settledAt === 0) {
      this.#settledCount += 1;
      record.settledAt = this.#settledCount;
      this.#options.onSettled(record);
    }
    if (!record.ackedByClient && !(record.wasDelivered && record.due === 0)) return;
    record.ackRequested = true;
    this.#options.onAckable(record);
  }
}
