/**
 * The events of one credential that a subscriber may still ask for, and the ids by which repeats are known.
 *
 * Content is kept for the newest events only, bounded by number, bytes and age, and leaves as soon as the message in it
 * expired or was recalled. Ids are remembered longer: those not acknowledged until there are too many of them, the others
 * as long as content would be. A forgotten id that comes again counts as new; that bounds the promise "never twice".
 */
import type { GatewayEvent } from '../gateway-event.ts';
import { type ReceivedEvent, sharedEventId } from '../upstream/event-stream/decode-frame.ts';
import { expiryOf } from './expiry.ts';
import { Queue } from './queue.ts';
import type { EventRecord } from './record.ts';
import type { SubscribeOptions } from './subscription.ts';

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
  readonly #onWithdrawn: (record: EventRecord) => void;
  readonly #known = new Map<string, EventRecord>();
  /** The known ones in the order in which they are forgotten, and some that are forgotten already. */
  #remembered = new Queue<EventRecord>();
  /** With content for whoever comes next, oldest first, and some that were withdrawn. */
  readonly #buffered = new Queue<EventRecord>();
  /** With content at all: buffered, or waiting in a queue. */
  readonly #held = new Set<EventRecord>();
  #count = 0;
  #bytes = 0;
  #nextPosition = 1;
  /** Position of the last event that had to make room. */
  #evictedUpTo = 0;
  #missing = 0;
  /** Of the missing ones, those AUTO subscribers are through with. */
  #missingSettled = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;
  #isoOf = Number.NaN;
  #isoText = '';

  /**
   * @param onForgotten Called when an id is remembered no longer.
   * @param onWithdrawn Called when a message expired or was recalled.
   */
  constructor(
    bounds: ResumeBounds,
    onForgotten: (record: EventRecord) => void,
    onWithdrawn: (record: EventRecord) => void,
  ) {
    this.#bounds = bounds;
    this.#onForgotten = onForgotten;
    this.#onWithdrawn = onWithdrawn;
  }

  get size(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Events exist that a new subscriber of this kind is owed and only the upstream still has. */
  isIncomplete(acknowledge: SubscribeOptions['acknowledge']): boolean {
    return this.#missing > (acknowledge === 'AUTO' ? this.#missingSettled : 0);
  }

  /** Everything known, oldest first. */
  remembered(): Iterable<EventRecord> {
    return this.#known.values();
  }

  known(id: string): EventRecord | undefined {
    return this.#known.get(id);
  }

  /**
   * Takes in an event that was not known. One already expired is remembered without its content. What has no room here keeps
   * its content until `release`, for those who are to have it now.
   */
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
      isKnown: id !== sharedEventId,
      isBuffered: false,
      isMissing: false,
      isWithdrawn: false,
      queued: 0,
      waiting: 0,
      due: 0,
      isUnread: false,
      isHanded: false,
      settledAt: 0,
      isNamed: false,
      isAcknowledged: false,
      isConfirmed: false,
    };
    if (record.isKnown) {
      this.#known.set(id, record);
      this.#remembered.push(record);
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
      this.acknowledged(record); // nobody is owed it any more
      this.#onWithdrawn(record);
      return;
    }
    record.delivery = { kind: 'event', id: record.id, receivedAt: this.#iso(now), event };
    this.#held.add(record);
    this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
  }

  /** Drops the content when neither the buffer nor a queue needs it. */
  release(record: EventRecord): void {
    if (record.isBuffered || record.queued > 0) return;
    record.delivery = undefined;
    this.#held.delete(record);
  }

  /** It need not come again from the upstream. */
  acknowledged(record: EventRecord): void {
    if (!record.isMissing) return;
    record.isMissing = false;
    this.#missing -= 1;
    if (record.settledAt !== 0) this.#missingSettled -= 1;
  }

  /** AUTO subscribers are through with it; it was not acknowledged. */
  settled(record: EventRecord): void {
    if (record.isMissing) this.#missingSettled += 1;
  }

  /** Where an event with this id lies, if everything after it is still here. */
  locate(id: string): ResumePosition {
    const record = this.#known.get(id);
    if (record === undefined) return { kind: 'unknown' };
    return record.position >= this.#evictedUpTo ? { kind: 'known', position: record.position } : { kind: 'evicted' };
  }

  after(position: number): EventRecord[] {
    return [...this.#buffered].filter((record) => record.isBuffered && record.position > position);
  }

  /** What a new AUTO subscriber is owed. */
  unsettled(): EventRecord[] {
    return [...this.#buffered].filter(
      (record) => record.isBuffered && !record.isAcknowledged && record.settledAt === 0,
    );
  }

  /** What a new MANUAL subscriber is owed: all that is not named, and everything after `position`. */
  unnamed(position = Number.POSITIVE_INFINITY): EventRecord[] {
    return [...this.#buffered].filter(
      (record) => record.isBuffered && (record.position > position || !(record.isAcknowledged || record.isNamed)),
    );
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
    while (now - (this.#buffered.first?.receivedAt ?? now) >= this.#bounds.ageMs && this.#buffered.length > 0) {
      const evicted = this.#evictOldest();
      if (evicted !== undefined) this.release(evicted);
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
    const remembered = new Queue<EventRecord>();
    for (const record of this.#remembered) {
      if (record.expiresAt <= now && !record.isWithdrawn) this.#withdraw(record); // it left before it expired
      const isOver = (record.isConfirmed || !record.isStored) && !record.isBuffered;
      if (isOver && now - record.receivedAt >= this.#bounds.ageMs) this.#forget(record);
      else if (record.isKnown) remembered.push(record);
    }
    this.#remembered = remembered;
  }

  #buffer(record: EventRecord): void {
    record.isBuffered = true;
    this.#buffered.push(record);
    this.#count += 1;
    this.#bytes += record.size;
    while (this.#count > this.#bounds.events || this.#bytes > this.#bounds.bytes) {
      const evicted = this.#evictOldest();
      if (evicted !== undefined && evicted !== record) this.release(evicted);
    }
  }

  #evictOldest(): EventRecord | undefined {
    const record = this.#buffered.shift();
    if (record === undefined || !record.isBuffered) return undefined; // withdrawn while it was here
    this.#unbuffer(record);
    this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
    if (!record.isAcknowledged) {
      record.isMissing = true;
      this.#missing += 1;
      if (record.settledAt !== 0) this.#missingSettled += 1;
    }
    return record;
  }

  #withdraw(record: EventRecord): void {
    this.#unbuffer(record);
    record.isWithdrawn = true;
    record.delivery = undefined;
    this.#held.delete(record);
    this.acknowledged(record); // nobody is owed it any more
    this.#onWithdrawn(record);
  }

  #unbuffer(record: EventRecord): void {
    if (!record.isBuffered) return;
    record.isBuffered = false;
    this.#count -= 1;
    this.#bytes -= record.size;
  }

  /** Makes room for one more id: an acknowledged one among the oldest, else the oldest. */
  #forgetOverflow(): void {
    for (let looked = 0; this.#known.size > this.#bounds.ids; looked += 1) {
      const oldest = this.#remembered.shift();
      if (oldest === undefined) return;
      if (!oldest.isKnown) continue;
      if (oldest.isAcknowledged || !oldest.isStored || looked >= 16) this.#forget(oldest);
      else this.#remembered.push(oldest);
    }
  }

  #forget(record: EventRecord): void {
    record.isKnown = false;
    this.#known.delete(record.id);
    this.#onForgotten(record);
  }

  /** Many events come in the same millisecond. */
  #iso(now: number): string {
    if (now !== this.#isoOf) {
      this.#isoOf = now;
      this.#isoText = new Date(now).toISOString();
    }
    return this.#isoText;
  }
}
