/**
 * Who was given which event, and when the upstream may therefore forget it.
 *
 * An event is acknowledged when every live AUTO subscriber it was queued for has been handed it, or left, and at least one
 * was handed it. As long as a MANUAL subscriber has it, only a client's naming it counts; when that one leaves without, the
 * rule is the first one again. An event nobody wanted stays unacknowledged, and the upstream sends it again some day.
 */
import type { EventRecord } from './record.ts';
import type { Subscriber } from './subscription.ts';

export class Handovers {
  readonly #onDone: (record: EventRecord) => void;
  /** Given to a MANUAL subscriber and not named by a client. */
  readonly #unnamed = new Map<Subscriber, Set<EventRecord>>();

  /** @param onDone Called once per event, when it may be acknowledged. */
  constructor(onDone: (record: EventRecord) => void) {
    this.#onDone = onDone;
  }

  /** It goes into the subscriber's queue. */
  given(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored) return;
    if (subscriber.options.acknowledge === 'AUTO') {
      record.waiting += 1;
      return;
    }
    record.manual += 1;
    let records = this.#unnamed.get(subscriber);
    if (records === undefined) {
      records = new Set();
      this.#unnamed.set(subscriber, records);
    }
    records.add(record);
  }

  /** To be called also for what was dropped because the subscriber ended, when it got there after all. */
  handed(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.isHanded = true;
    if (!subscriber.isEnded) record.waiting -= 1; // else it was dropped when the subscriber ended
    this.#check(record);
  }

  /** The subscriber will not take it. */
  dropped(record: EventRecord, subscriber: Subscriber): void {
    if (!record.isStored || subscriber.options.acknowledge !== 'AUTO') return;
    record.waiting -= 1;
    this.#check(record);
  }

  /** A client names it. */
  named(record: EventRecord): void {
    for (const records of this.#unnamed.values()) records.delete(record);
    record.isNamed = true;
    this.#check(record);
  }

  left(subscriber: Subscriber): void {
    const records = this.#unnamed.get(subscriber) ?? [];
    this.#unnamed.delete(subscriber);
    for (const record of records) {
      record.manual -= 1;
      this.#check(record);
    }
  }

  /** It will not be named any more: its id is forgotten. */
  forget(record: EventRecord): void {
    for (const records of this.#unnamed.values()) records.delete(record);
  }

  #check(record: EventRecord): void {
    if (!record.isStored || record.isAcknowledged || record.waiting > 0) return;
    if (!record.isNamed && !(record.isHanded && record.manual === 0)) return;
    record.isAcknowledged = true;
    this.#onDone(record);
  }
}
