/**
 * The events of one credential that a subscriber may still ask for, and the ids by which repeats are known.
 *
 * Content is kept for the newest events only, bounded by number, bytes and age, and leaves as soon as the message in it
 * expired or was recalled. Ids are remembered longer: those not acknowledged until there are too many of them, the others
 * as long as content would be. A forgotten id that comes again counts as new; that bounds the promise "never twice".
 */
import type { GatewayEvent } from '../gateway-event.ts';
import { type ReceivedEvent, sharedEventId } from '../upstream/decode-event.ts';
import { expiryOf } from './expiry.ts';
import type { EventRecord } from './record.ts';

export interface ResumeBounds {
  readonly events: number;
  readonly bytes: number;
  readonly ageMs: number;
  /** Most ids remembered. */
  readonly ids: number;
}

/** Where a client that resumes after an event stands. */
export type ResumePosition =
  | { readonly kind: 'known'; readonly position: number }
  | { readonly kind: 'unknown' | 'evicted' };

/** Two bytes per character of the frame: near what the decoded event takes. */
const bytesPerCharacter = 2;

export class ResumeBuffer {
  readonly #bounds: ResumeBounds;
  readonly #onForgotten: (record: EventRecord) => void;
  /** By id, oldest first, but unacknowledged ones may have moved back. */
  readonly #known = new Map<string, EventRecord>();
  /** With content for whoever comes next, oldest first. */
  readonly #buffered = new Set<EventRecord>();
  /** With content at all: buffered, or waiting in a queue. */
  readonly #held = new Set<EventRecord>();
  #bytes = 0;
  #nextPosition = 1;
  /** Position of the last event that had to make room. */
  #evictedUpTo = 0;
  #missing = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;

  /** @param onForgotten Called when an id is remembered no longer. */
  constructor(bounds: ResumeBounds, onForgotten: (record: EventRecord) => void) {
    this.#bounds = bounds;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#buffered.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Unacknowledged events exist that only the upstream still has. */
  get isIncomplete(): boolean {
    return this.#missing > 0;
  }

  known(id: string): EventRecord | undefined {
    return this.#known.get(id);
  }

  /** Takes in an event that was not known. One already expired is remembered without its content. */
  add(received: ReceivedEvent, length: number, now: number): EventRecord {
    const { id, isStored, event } = received;
    const record: EventRecord = {
      id,
      position: this.#nextPosition++,
      isStored,
      size: length * bytesPerCharacter,
      receivedAt: now,
      expiresAt: expiryOf(event, now),
      delivery: undefined,
      isBuffered: false,
      isMissing: false,
      isWithdrawn: false,
      queued: 0,
      waiting: 0,
      manual: 0,
      isHanded: false,
      isNamed: false,
      isAcknowledged: false,
      isConfirmed: false,
    };
    if (id !== sharedEventId) {
      this.#known.set(id, record);
      this.#forgetOverflow();
    }
    this.fill(record, event, now);
    if (isStored && record.delivery !== undefined) this.#buffer(record);
    return record;
  }

  /** Gives a record content again, for subscribers that wait for it. */
  fill(record: EventRecord, event: GatewayEvent, now: number): void {
    if (record.isWithdrawn || record.delivery !== undefined) return;
    if (record.expiresAt <= now) {
      record.isWithdrawn = true;
      return;
    }
    record.delivery = { kind: 'event', id: record.id, receivedAt: new Date(now).toISOString(), event };
    this.#held.add(record);
    this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
  }

  /** Drops the content when neither the buffer nor a queue needs it. */
  release(record: EventRecord): void {
    if (record.isBuffered || record.queued > 0) return;
    record.delivery = undefined;
    this.#held.delete(record);
  }

  acknowledged(record: EventRecord): void {
    if (!record.isMissing) return;
    record.isMissing = false;
    this.#missing -= 1;
  }

  /** Where an event with this id lies, if everything after it is still here. */
  locate(id: string): ResumePosition {
    const record = this.#known.get(id);
    if (record === undefined) return { kind: 'unknown' };
    return record.position >= this.#evictedUpTo ? { kind: 'known', position: record.position } : { kind: 'evicted' };
  }

  after(position: number): EventRecord[] {
    return [...this.#buffered].filter((record) => record.position > position);
  }

  unacknowledged(): EventRecord[] {
    return [...this.#buffered].filter((record) => !record.isAcknowledged);
  }

  /** The message was recalled: what holds its content is emptied wherever it waits. */
  withdrawMessage(token: string): void {
    for (const record of this.#held) {
      const event = record.delivery?.event;
      if (event?.type === 'MESSAGE_RECEIVED' && event.message.token === token) this.#withdraw(record);
      else if (event?.type === 'MESSAGE_DATA_CHANGED' && event.message === token) this.#withdraw(record);
    }
  }

  /** Lets go of what expired or is too old. Cheap when there is nothing to do. @returns How many expired. */
  tick(now: number): number {
    for (const record of this.#buffered) {
      if (now - record.receivedAt < this.#bounds.ageMs) break;
      this.#evict(record);
    }
    if (now < this.#nextExpiry) return 0;
    let expired = 0;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const record of this.#held) {
      if (record.expiresAt > now) this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
      else {
        this.#withdraw(record);
        expired += 1;
      }
    }
    return expired;
  }

  /** Forgets ids the upstream will not send again. */
  forgetOld(now: number): void {
    for (const record of this.#known.values()) {
      const isOver = record.isConfirmed || !record.isStored;
      if (isOver && !record.isBuffered && now - record.receivedAt >= this.#bounds.ageMs) this.#forget(record);
    }
  }

  #buffer(record: EventRecord): void {
    record.isBuffered = true;
    this.#buffered.add(record);
    this.#bytes += record.size;
    for (const oldest of this.#buffered) {
      if (this.#buffered.size <= this.#bounds.events && this.#bytes <= this.#bounds.bytes) break;
      this.#evict(oldest);
    }
  }

  #evict(record: EventRecord): void {
    this.#unbuffer(record);
    this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
    if (!record.isAcknowledged) {
      record.isMissing = true;
      this.#missing += 1;
    }
    this.release(record);
  }

  #withdraw(record: EventRecord): void {
    this.#unbuffer(record);
    record.isWithdrawn = true;
    record.delivery = undefined;
    this.#held.delete(record);
  }

  #unbuffer(record: EventRecord): void {
    if (!record.isBuffered) return;
    record.isBuffered = false;
    this.#buffered.delete(record);
    this.#bytes -= record.size;
  }

  /** Makes room for one more id: an acknowledged one among the oldest, else the oldest. */
  #forgetOverflow(): void {
    if (this.#known.size <= this.#bounds.ids) return;
    let oldest: EventRecord | undefined;
    let looked = 0;
    for (const record of this.#known.values()) {
      oldest ??= record;
      looked += 1;
      const isSpare = record.isAcknowledged || !record.isStored;
      if (isSpare) oldest = record;
      if (isSpare || looked === 16) break;
    }
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(record: EventRecord): void {
    this.#known.delete(record.id);
    this.#onForgotten(record);
  }
}
