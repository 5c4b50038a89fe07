/**
 * The ids of a channel's events, which identify repeats. Bounded: an acknowledged id is evicted before an unacknowledged one.
 * A repeat of an evicted id counts as a new event, which limits the guarantee that each event is delivered once.
 */
import { LazyMap } from '../../util/lazy-collections.ts';
import { Queue } from '../subscriber/queue.ts';
import type { EventRecord } from './record.ts';

/** Number of oldest ids examined for an acknowledged one before an unacknowledged id is evicted. */
const maxExamined = 16;

export interface RememberedIdsListener {
  /** An id was evicted. */
  onForgotten(record: EventRecord): void;
}

export class RememberedIds {
  readonly #limit: number;
  readonly #listener: RememberedIdsListener;
  readonly #byId = new LazyMap<string, EventRecord>();
  /** Records in eviction order; may contain some whose id is already evicted. */
  #evictionOrder = new Queue<EventRecord>();

  constructor(limit: number, listener: RememberedIdsListener) {
    this.#limit = limit;
    this.#listener = listener;
  }

  find(id: string): EventRecord | undefined {
    return this.#byId.get(id);
  }

  /** All remembered events, oldest first. */
  records(): Iterable<EventRecord> {
    return this.#byId.values();
  }

  add(record: EventRecord): void {
    this.#byId.set(record.id, record);
    this.#evictionOrder.push(record);
    this.#evictOverflow();
  }

  /** Evicts the ids of which `isOver` is true. */
  evict(isOver: (record: EventRecord) => boolean): void {
    const remaining = new Queue<EventRecord>();
    for (const record of this.#evictionOrder) {
      if (isOver(record)) this.#forget(record);
      else if (record.idRemembered) remaining.push(record);
    }
    this.#evictionOrder = remaining;
  }

  /** Evicts ids over the limit: preferably an acknowledged one among the oldest, otherwise the next in order. */
  #evictOverflow(): void {
    for (let examined = 0; this.#byId.size > this.#limit; examined += 1) {
      const oldest = this.#evictionOrder.shift();
      if (oldest === undefined) return;
      if (!oldest.idRemembered) continue;
      if (oldest.ackRequested || !oldest.isStored || examined >= maxExamined) this.#forget(oldest);
      else this.#evictionOrder.push(oldest);
    }
  }

  #forget(record: EventRecord): void {
    record.forgetId();
    this.#byId.delete(record.id);
    this.#listener.onForgotten(record);
  }
}
