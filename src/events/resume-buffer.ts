/**
 * The events of one credential that a subscriber may still ask for, and the ids by which repeats are known.
 *
 * Content is kept for the newest events only, bounded by number, bytes and age, and leaves as soon as the message in it
 * expired or was recalled. Ids are remembered longer: those not acknowledged until there are too many of them, the others
 * as long as content would be. A forgotten id that comes again counts as new; that bounds the promise "never twice".
 */

import type { GatewayEvent } from '../gateway-event.ts';
import { type ReceivedEvent, transientEventId } from '../upstream/event-stream/decode-frame.ts';
import { Queue } from './queue.ts';
import type { EventRecord } from './record.ts';
import { expiryOf } from './record.ts';
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
  readonly #byId = new Map<string, EventRecord>();
  /** The known ones in the order in which they are forgotten, and some that are forgotten already. */
  #remembered = new Queue<EventRecord>();
  /** With content for whoever comes next, oldest first, and some that were withdrawn. */
  readonly #buffered = new Queue<EventRecord>();
  /** With content at all: buffered, or waiting in a queue. */
  readonly #withContent = new Set<EventRecord>();
  #count = 0;
  #bytes = 0;
  #nextPosition = 1;
  /** Position of the last event that had to make room. */
  #evictedUpTo = 0;
  #evictedUnacked = 0;
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
    return this.#evictedUnacked > (acknowledge === 'AUTO' ? this.#missingSettled : 0);
  }

  /** Everything known, oldest first. */
  remembered(): Iterable<EventRecord> {
    return this.#byId.values();
  }

  find(id: string): EventRecord | undefined {
    return this.#byId.get(id);
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
      idRemembered: id !== transientEventId,
      isBuffered: false,
      evictedUnacked: false,
      contentRevoked: false,
      queuedCount: 0,
      pendingDeliveries: 0,
      due: 0,
      isUnread: false,
      wasDelivered: false,
      settledAt: 0,
      ackedByClient: false,
      ackRequested: false,
      ackConfirmed: false,
    };
    if (record.idRemembered) {
      this.#byId.set(id, record);
      this.#remembered.push(record);
      this.#forgetOverflow();
    }
    this.fill(record, event, now);
    if (isStored && record.delivery !== undefined) this.#buffer(record);
    return record;
  }

  /** Gives a record content again, for subscribers that wait for it. */
  fill(record: EventRecord, event: GatewayEvent, now: number): void {
    if (record.contentRevoked || record.delivery !== undefined) return;
    if (record.expiresAt <= now) {
      record.contentRevoked = true;
      this.markAcknowledged(record); // nobody is owed it any more
      this.#onWithdrawn(record);
      return;
    }
    record.delivery = { kind: 'event', id: record.id, receivedAt: this.#iso(now), event };
    this.#withContent.add(record);
    this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
  }

  /** Drops the content when neither the buffer nor a queue needs it. */
  release(record: EventRecord): void {
    if (record.isBuffered || record.queuedCount > 0) return;
    record.delivery = undefined;
    this.#withContent.delete(record);
  }

  /** It need not come again from the upstream. */
  markAcknowledged(record: EventRecord): void {
    if (!record.evictedUnacked) return;
    record.evictedUnacked = false;
    this.#evictedUnacked -= 1;
    if (record.settledAt !== 0) this.#missingSettled -= 1;
  }

  /** AUTO subscribers are through with it; it was not acknowledged. */
  settled(record: EventRecord): void {
    if (record.evictedUnacked) this.#missingSettled += 1;
  }

  /** Where an event with this id lies, if everything after it is still here. */
  locate(id: string): ResumePosition {
    const record = this.#byId.get(id);
    if (record === undefined) return { kind: 'unknown' };
    return record.position >= this.#evictedUpTo ? { kind: 'known', position: record.position } : { kind: 'evicted' };
  }

  after(position: number): EventRecord[] {
    return [...this.#buffered].filter((record) => record.isBuffered && record.position > position);
  }

  /** What a new AUTO subscriber is owed. */
  unsettled(): EventRecord[] {
    return [...this.#buffered].filter((record) => record.isBuffered && !record.ackRequested && record.settledAt === 0);
  }

  /** What a new MANUAL subscriber is owed: all that is not named, and everything after `position`. */
  unnamed(position = Number.POSITIVE_INFINITY): EventRecord[] {
    return [...this.#buffered].filter(
      (record) => record.isBuffered && (record.position > position || !(record.ackRequested || record.ackedByClient)),
    );
  }

  /** The message was recalled: what holds its content is emptied wherever it waits. */
  revokeMessage(token: string): void {
    for (const record of this.#withContent) {
      const event = record.delivery?.event;
      if (event?.type === 'MESSAGE_RECEIVED' && event.message.token === token) this.#revoke(record);
      else if (event?.type === 'MESSAGE_DATA_CHANGED' && event.message === token) this.#revoke(record);
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
    for (const record of this.#withContent) {
      if (record.expiresAt > now) this.#nextExpiry = Math.min(this.#nextExpiry, record.expiresAt);
      else {
        this.#revoke(record);
        expired += 1;
      }
    }
    return expired;
  }

  /** Forgets ids the upstream will not send again. */
  forgetOld(now: number): void {
    const remembered = new Queue<EventRecord>();
    for (const record of this.#remembered) {
      if (record.expiresAt <= now && !record.contentRevoked) this.#revoke(record); // it left before it expired
      const isOver = (record.ackConfirmed || !record.isStored) && !record.isBuffered;
      if (isOver && now - record.receivedAt >= this.#bounds.ageMs) this.#forget(record);
      else if (record.idRemembered) remembered.push(record);
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
    if (!record.ackRequested) {
      record.evictedUnacked = true;
      this.#evictedUnacked += 1;
      if (record.settledAt !== 0) this.#missingSettled += 1;
    }
    return record;
  }

  #revoke(record: EventRecord): void {
    this.#unbuffer(record);
    record.contentRevoked = true;
    record.delivery = undefined;
    this.#withContent.delete(record);
    this.markAcknowledged(record); // nobody is owed it any more
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
    for (let looked = 0; this.#byId.size > this.#bounds.ids; looked += 1) {
      const oldest = this.#remembered.shift();
      if (oldest === undefined) return;
      if (!oldest.idRemembered) continue;
      if (oldest.ackRequested || !oldest.isStored || looked >= 16) this.#forget(oldest);
      else this.#remembered.push(oldest);
    }
  }

  #forget(record: EventRecord): void {
    record.idRemembered = false;
    this.#byId.delete(record.id);
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
