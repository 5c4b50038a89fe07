/**
 * The stored events that the source of one caller knows, in upstream order. Their content is kept within the bounds of the
 * resume buffer, so that an owner can fill a log that Redis lost.
 */
import { Queue } from '../../events/subscriber/queue.ts';
import type { SharedEvent } from './shared-event.ts';

export interface TableBounds {
  /** Maximum events with content, and their bytes. */
  readonly events: number;
  readonly bytes: number;
  /** Maximum known events. */
  readonly ids: number;
  /** Age from which an acknowledged event is forgotten. */
  readonly ageMs: number;
}

/** Interval of looking for events that are too old. */
const forgetEveryMs = 10_000;

/** Maximum unacknowledged events examined for removable ones: all of them would be 20,000 for each new event. */
const maxLooks = 100;

export const bytesPerCharacter = 2;

/** The events of one shared stream that this process knows, in their order. */
export class EventTable {
  readonly #bounds: TableBounds;
  #byId = new Map<string, SharedEvent>();
  /** Events with content, oldest first. */
  #contents = new Queue<SharedEvent>();
  #bytes = 0;
  /** Events whose content or id was evicted since the last `takeEvicted`. */
  #evicted: SharedEvent[] = [];
  #forgetAt = 0;
  /** Number of known events at which ids are evicted: several at once, because iterating a Map skips each removed entry. */
  #evictAt = 0;

  constructor(bounds: TableBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#byId.size;
  }

  find(id: string): SharedEvent | undefined {
    return this.#byId.get(id);
  }

  /** All known events, oldest first. */
  all(): Iterable<SharedEvent> {
    return this.#byId.values();
  }

  add(event: SharedEvent): void {
    this.#byId.set(event.id, event);
    this.#keep(event);
    this.#evictIds();
  }

  /** Adds events older than a known one. */
  addBefore(events: readonly SharedEvent[], before: string): void {
    const ordered = new Map<string, SharedEvent>();
    for (const [id, known] of this.#byId) {
      if (id === before) for (const event of events) ordered.set(event.id, event);
      ordered.set(id, known);
    }
    this.#byId = ordered;
    this.#contents = new Queue();
    this.#bytes = 0;
    for (const event of ordered.values()) if (event.text !== undefined) this.#keep(event);
  }

  /** Whether this event is known, and not another one with its id. */
  has(event: SharedEvent): boolean {
    return this.#byId.get(event.id) === event;
  }

  /** Removes an event: a repeat of it counts as new. */
  remove(event: SharedEvent): void {
    if (this.has(event)) this.#byId.delete(event.id);
    this.dropContent(event);
  }

  /** Stores the content of an event that is known without it, as the newest. */
  restore(event: SharedEvent, text: string): void {
    if (event.text !== undefined || event.isRevoked) return;
    event.text = text;
    this.#keep(event);
  }

  dropContent(event: SharedEvent): void {
    if (event.text === undefined) return;
    this.#bytes -= event.text.length * bytesPerCharacter;
    event.text = undefined;
  }

  /** The events whose content or id was evicted since the last call. */
  takeEvicted(): SharedEvent[] {
    const evicted = this.#evicted;
    this.#evicted = [];
    return evicted;
  }

  /** The acknowledged events beyond the age, every ten seconds. They stay until `remove`. @param now Milliseconds since the epoch. */
  takeOld(now: number): SharedEvent[] {
    if (now < this.#forgetAt) return [];
    this.#forgetAt = now + forgetEveryMs;
    const old: SharedEvent[] = [];
    for (const event of this.#byId.values()) {
      if (event.receivedAt + this.#bounds.ageMs > now) break;
      if (event.isConfirmed) old.push(event);
    }
    return old;
  }

  #keep(event: SharedEvent): void {
    if (event.text === undefined) return;
    this.#contents.push(event);
    this.#bytes += event.text.length * bytesPerCharacter;
    while (this.#contents.length > this.#bounds.events || this.#bytes > this.#bounds.bytes) {
      const oldest = this.#contents.shift();
      if (oldest === undefined) return;
      this.dropContent(oldest);
      this.#evicted.push(oldest);
    }
  }

  /** Evicts acknowledged ids first, from the oldest on; unacknowledged ones only far beyond the bound. */
  #evictIds(): void {
    const { ids } = this.#bounds;
    if (this.#byId.size < this.#evictAt) return;
    let looks = maxLooks;
    for (const event of this.#byId.values()) {
      if (this.#byId.size <= ids) break;
      if (event.isConfirmed || this.#byId.size > ids * 2) {
        this.remove(event);
        // The entry must be removed from the log as well.
        if (event.logId !== undefined) this.#evicted.push(event);
      } else if (--looks === 0) break;
    }
    this.#evictAt = Math.max(ids, this.#byId.size) + Math.ceil(ids / 64);
  }
}
