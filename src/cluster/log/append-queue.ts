/** Events that wait to be appended to a log, oldest first; bounded, because Redis may be away for long. */
import type { EventTable } from './event-table.ts';
import type { SharedEvent } from './shared-event.ts';

/** An event that is not stored: written only for current followers. */
export interface TransientEvent {
  readonly text: string;
  readonly eventId: string;
  readonly receivedAt: number;
  /** Set when it is first sent. */
  logId?: string;
}

export type WaitingEvent = SharedEvent | TransientEvent;

/** Maximum events in one append. */
const maxBatch = 200;

export class AppendQueue {
  readonly #table: EventTable;
  readonly #max: number;
  #events: WaitingEvent[] = [];
  #length = 0;

  /** @param max Number of events above which those that the table has removed are dropped. */
  constructor(table: EventTable, max: number) {
    this.#table = table;
    this.#max = max;
  }

  get size(): number {
    return this.#events.length;
  }

  /** Characters of the stored events. */
  get length(): number {
    return this.#length;
  }

  includes(event: SharedEvent): boolean {
    return this.#events.includes(event);
  }

  /** @returns Whether other events were dropped: they are unacknowledged, so that the upstream repeats them. */
  add(event: WaitingEvent): boolean {
    this.#events.push(event);
    this.#length += lengthOf(event);
    return this.#events.length > this.#max && this.#drop();
  }

  /** The events of the next append. They stay until `remove`. */
  first(): WaitingEvent[] {
    return this.#events.slice(0, maxBatch);
  }

  /** Removes the oldest events. */
  remove(count: number): WaitingEvent[] {
    const removed = this.#events.splice(0, count);
    for (const event of removed) this.#length -= lengthOf(event);
    return removed;
  }

  #drop(): boolean {
    // The first events are being sent.
    const kept = this.first();
    for (const event of this.#events.slice(maxBatch)) if ('id' in event && this.#table.has(event)) kept.push(event);
    const hasDropped = kept.length < this.#events.length;
    this.#events = kept;
    this.#length = kept.reduce((sum, event) => sum + lengthOf(event), 0);
    return hasDropped;
  }
}

/** Transient events are short, and bounded by number. */
function lengthOf(event: WaitingEvent): number {
  return 'id' in event ? event.length : 0;
}
