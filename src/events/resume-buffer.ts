/**
 * The recent events of one credential, for subscribers that join or resume, and the ids that identify repeats.
 *
 * Content is kept for the newest events, bounded by number, bytes and age, and is removed when its message expires or is
 * recalled. Ids are kept longer: unacknowledged ids until the limit of ids is reached, other ids for the maximum age of
 * content. A repeat of an evicted id counts as a new event, which limits the guarantee that each event is delivered once.
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
  /** Limit of remembered ids. */
  readonly ids: number;
}

/** Result of looking up the event after which a client resumes. */
export type ResumePosition =
  | { readonly kind: 'known'; readonly position: number }
  | { readonly kind: 'unknown' | 'evicted' };

/** Two bytes per character of the frame approximate the memory of the decoded event. */
const bytesPerCharacter = 2;

export class ResumeBuffer {
  readonly #bounds: ResumeBounds;
  readonly #onForgotten: (record: EventRecord) => void;
  readonly #onWithdrawn: (record: EventRecord) => void;
  readonly #byId = new Map<string, EventRecord>();
  /** Records in eviction order of their ids; may contain some whose id is already evicted. */
  #remembered = new Queue<EventRecord>();
  /** Records in the buffer, oldest first; may contain some whose content was revoked. */
  readonly #buffered = new Queue<EventRecord>();
  /** All records with content: in the buffer or in a subscriber queue. */
  readonly #withContent = new Set<EventRecord>();
  #count = 0;
  #bytes = 0;
  #nextPosition = 1;
  /** Position of the last evicted event. */
  #evictedUpTo = 0;
  #evictedUnacked = 0;
  /** Number of events in `#evictedUnacked` whose AUTO delivery is complete. */
  #evictedSettled = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;
  #isoOf = Number.NaN;
  #isoText = '';

  /**
   * @param onForgotten Called when an id is evicted.
   * @param onWithdrawn Called when the message of an event expires or is recalled.
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

  /** A new subscriber of this kind needs events that only the upstream still has. */
  isIncomplete(acknowledge: SubscribeOptions['acknowledge']): boolean {
    return this.#evictedUnacked > (acknowledge === 'AUTO' ? this.#evictedSettled : 0);
  }

  /** All remembered events, oldest first. */
  remembered(): Iterable<EventRecord> {
    return this.#byId.values();
  }

  find(id: string): EventRecord | undefined {
    return this.#byId.get(id);
  }

  /**
   * Adds a new event. For an already expired one only the id is remembered. An event evicted at once keeps its content until
   * `release`, so that it can still be queued for current subscribers.
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

  /** Restores the content of a repeated event, for subscribers that wait for a replay. */
  fill(record: EventRecord, event: GatewayEvent, now: number): void {
    if (record.contentRevoked || record.delivery !== undefined) return;
    if (record.expiresAt <= now) {
      record.contentRevoked = true;
      this.markAcknowledged(record);
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

  /** New subscribers no longer need a replay of this event. */
  markAcknowledged(record: EventRecord): void {
    if (!record.evictedUnacked) return;
    record.evictedUnacked = false;
    this.#evictedUnacked -= 1;
    if (record.settledAt !== 0) this.#evictedSettled -= 1;
  }

  /** AUTO delivery of the event is complete. */
  settled(record: EventRecord): void {
    if (record.evictedUnacked) this.#evictedSettled += 1;
  }

  /** Finds the position of an event; `known` only when all later events are still buffered. */
  locate(id: string): ResumePosition {
    const record = this.#byId.get(id);
    if (record === undefined) return { kind: 'unknown' };
    return record.position >= this.#evictedUpTo ? { kind: 'known', position: record.position } : { kind: 'evicted' };
  }

  after(position: number): EventRecord[] {
    return [...this.#buffered].filter((record) => record.isBuffered && record.position > position);
  }

  /** The backlog of a new AUTO subscriber: buffered events whose AUTO delivery is not complete. */
  unsettled(): EventRecord[] {
    return [...this.#buffered].filter((record) => record.isBuffered && !record.ackRequested && record.settledAt === 0);
  }

  /** The backlog of a new MANUAL subscriber: buffered events without acknowledgement, and all events after `position`. */
  unnamed(position = Number.POSITIVE_INFINITY): EventRecord[] {
    return [...this.#buffered].filter(
      (record) => record.isBuffered && (record.position > position || !(record.ackRequested || record.ackedByClient)),
    );
  }

  /** Revokes the content of a recalled message in the buffer and in all queues. */
  revokeMessage(token: string): void {
    for (const record of this.#withContent) {
      const event = record.delivery?.event;
      if (event?.type === 'MESSAGE_RECEIVED' && event.message.token === token) this.#revoke(record);
      else if (event?.type === 'MESSAGE_DATA_CHANGED' && event.message === token) this.#revoke(record);
    }
  }

  /** Removes expired and too old content. Constant time when nothing is due. @returns Number of expired events. */
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

  /** Evicts ids that the upstream will not send again. */
  forgetOld(now: number): void {
    const remembered = new Queue<EventRecord>();
    for (const record of this.#remembered) {
      if (record.expiresAt <= now && !record.contentRevoked) this.#revoke(record); // its content was evicted before it expired
      const willNotRepeat = (record.ackConfirmed || !record.isStored) && !record.isBuffered;
      if (willNotRepeat && now - record.receivedAt >= this.#bounds.ageMs) this.#forget(record);
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
    if (record === undefined || !record.isBuffered) return undefined; // revoked while in the buffer
    this.#unbuffer(record);
    this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
    if (!record.ackRequested) {
      record.evictedUnacked = true;
      this.#evictedUnacked += 1;
      if (record.settledAt !== 0) this.#evictedSettled += 1;
    }
    return record;
  }

  #revoke(record: EventRecord): void {
    this.#unbuffer(record);
    record.contentRevoked = true;
    record.delivery = undefined;
    this.#withContent.delete(record);
    this.markAcknowledged(record);
    this.#onWithdrawn(record);
  }

  #unbuffer(record: EventRecord): void {
    if (!record.isBuffered) return;
    record.isBuffered = false;
    this.#count -= 1;
    this.#bytes -= record.size;
  }

  /** Evicts ids over the limit: preferably an acknowledged one among the oldest 16, otherwise the next in order. */
  #forgetOverflow(): void {
    for (let examined = 0; this.#byId.size > this.#bounds.ids; examined += 1) {
      const oldest = this.#remembered.shift();
      if (oldest === undefined) return;
      if (!oldest.idRemembered) continue;
      if (oldest.ackRequested || !oldest.isStored || examined >= 16) this.#forget(oldest);
      else this.#remembered.push(oldest);
    }
  }

  #forget(record: EventRecord): void {
    record.idRemembered = false;
    this.#byId.delete(record.id);
    this.#onForgotten(record);
  }

  /** Caches the last formatted timestamp, because many events arrive in the same millisecond. */
  #iso(now: number): string {
    if (now !== this.#isoOf) {
      this.#isoOf = now;
      this.#isoText = new Date(now).toISOString();
    }
    return this.#isoText;
  }
}
