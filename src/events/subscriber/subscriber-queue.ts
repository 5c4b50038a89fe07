/**
 * The queue of one subscriber: events and other items in order. Live events are bounded by number and bytes; the backlog of a
 * new subscriber does not count, because the resume buffer bounds it.
 */
import type { Delivery } from '../record/delivery.ts';
import type { EventRecord } from '../record/record.ts';
import { Queue } from './queue.ts';

export interface QueueBounds {
  /** Limit of queued live events. */
  readonly events: number;
  /** Limit of queued bytes. One event is accepted whatever its size. */
  readonly bytes: number;
}

export type QueueEntry =
  | { readonly kind: 'record'; readonly record: EventRecord; readonly isCounted: boolean }
  | { readonly kind: 'item'; readonly item: Delivery };

export class SubscriberQueue {
  readonly #bounds: QueueBounds;
  readonly #entries = new Queue<QueueEntry>();
  #count = 0;
  #bytes = 0;
  #isLagging = false;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** Number of entries of both kinds. */
  get length(): number {
    return this.#entries.length;
  }

  /** Live events. */
  get events(): number {
    return this.#count;
  }

  /** Bytes of live events. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Becomes true when the queue is more than half full, and false again below a quarter. */
  get isLagging(): boolean {
    return this.#isLagging;
  }

  /** Whether a live event of this size exceeds the bounds. */
  isFullFor(size: number): boolean {
    return this.#count >= this.#bounds.events || (this.#count > 0 && this.#bytes + size > this.#bounds.bytes);
  }

  push(entry: QueueEntry): void {
    if (entry.kind === 'record') {
      entry.record.enterQueue();
      if (entry.isCounted) {
        this.#count += 1;
        this.#bytes += entry.record.size;
      }
    }
    this.#entries.push(entry);
  }

  /** Removes a status at the end of the queue: only the latest one matters. */
  dropLastStatus(): void {
    const { last } = this.#entries;
    if (last?.kind === 'item' && last.item.kind === 'status') this.#entries.pop();
  }

  shift(): QueueEntry | undefined {
    const entry = this.#entries.shift();
    if (entry?.kind === 'record') {
      entry.record.leaveQueue();
      if (entry.isCounted) {
        this.#count -= 1;
        this.#bytes -= entry.record.size;
      }
    }
    return entry;
  }

  /** Empties the queue. @returns The records it contained. */
  clear(): EventRecord[] {
    const records: EventRecord[] = [];
    for (const entry of this.#entries) {
      if (entry.kind !== 'record') continue;
      entry.record.leaveQueue();
      records.push(entry.record);
    }
    this.#entries.clear();
    this.#count = 0;
    this.#bytes = 0;
    return records;
  }

  /** Computes `isLagging`. @returns Whether it changed. */
  updateLagging(): boolean {
    const share = this.#isLagging ? 4 : 2;
    const isLagging = this.#count * share > this.#bounds.events || this.#bytes * share > this.#bounds.bytes;
    if (isLagging === this.#isLagging) return false;
    this.#isLagging = isLagging;
    return true;
  }
}
