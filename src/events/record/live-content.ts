/** The records of a channel that have content, in the resume buffer or in a subscriber queue: what expires or is recalled. */
import { LazySet } from '../../util/lazy-collections.ts';
import type { EventDelivery } from './delivery.ts';
import type { EventRecord } from './record.ts';

export class LiveContent {
  readonly #records = new LazySet<EventRecord>();
  #nextExpiry = Number.POSITIVE_INFINITY;

  add(record: EventRecord, delivery: EventDelivery): void {
    record.fillContent(delivery);
    this.#records.add(record);
    this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
  }

  /** Drops the content. It can be filled again by a repeat. */
  drop(record: EventRecord): void {
    record.dropContent();
    this.#records.delete(record);
  }

  /** Removes the content for good. */
  revoke(record: EventRecord): void {
    record.revokeContent();
    this.#records.delete(record);
  }

  /** The records whose message has expired, to be revoked. Constant time when there are none. */
  expired(now: number): EventRecord[] {
    if (now < this.#nextExpiry) return [];
    const expired: EventRecord[] = [];
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const record of this.#records) {
      if (record.expiresAt <= now) expired.push(record);
      else this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
    }
    return expired;
  }

  /** The records with content of this message. */
  ofMessage(token: string): EventRecord[] {
    return [...this.#records].filter(({ delivery }) => {
      const event = delivery?.event;
      if (event?.type === 'MESSAGE_RECEIVED') return event.message.token === token;
      return event?.type === 'MESSAGE_DATA_CHANGED' && event.message === token;
    });
  }
}
