/**
 * The recent events of one credential, for subscribers that join or resume.
 *
 * Content is kept for the newest events, bounded by number, bytes and age, and is removed when its message expires or is
 * recalled. Ids are kept longer: unacknowledged ids until the limit of ids is reached, other ids for the maximum age of content.
 */
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import type { ResumeBounds } from '../settings.ts';
import type { EarlierEvent } from '../source/source.ts';
import { Queue } from '../subscriber/queue.ts';
import type { SubscribeOptions } from '../subscriber/subscription.ts';
import { bytesPerCharacter, createEarlier, withoutContent } from './earlier-records.ts';
import { LiveContent } from './live-content.ts';
import { EventRecord } from './record.ts';
import { RememberedIds, type RememberedIdsListener } from './remembered-ids.ts';
import type { CountedBuffer } from './resume-memory.ts';
import { timestampOf } from './timestamps.ts';

/** Result of looking up the event after which a client resumes. */
export type ResumePosition =
  | { readonly kind: 'known' | 'evicted'; readonly position: number }
  | { readonly kind: 'unknown' };

export interface ResumeBufferListener extends RememberedIdsListener {
  /** The message of an event expired or was recalled. */
  onWithdrawn(record: EventRecord): void;
}

/** Interval of evicting old ids. */
const forgetIntervalMs = 30_000;

export class ResumeBuffer implements CountedBuffer {
  readonly #bounds: ResumeBounds;
  readonly #listener: ResumeBufferListener;
  readonly #ids: RememberedIds;
  readonly #content = new LiveContent();
  /** Records in the buffer, oldest first; may contain some whose content was revoked. */
  readonly #buffered = new Queue<EventRecord>();
  #count = 0;
  #bytes = 0;
  #nextPosition = 1;
  /** Id of the newest stored event, also when it has left the buffer. */
  lastId: string | undefined;
  /** Position of the last evicted event. */
  #evictedUpTo = 0;
  #evictedUnacked = 0;
  /** Number of events in `#evictedUnacked` whose AUTO delivery is complete. */
  #evictedSettled = 0;
  #forgetAt = Date.now() + forgetIntervalMs;
  /** Keeps its content until `release`, also when it is evicted at once. */
  #added: EventRecord | undefined;
  #isClosed = false;

  constructor(bounds: ResumeBounds, listener: ResumeBufferListener) {
    this.#bounds = bounds;
    this.#ids = new RememberedIds(bounds.ids, listener);
    this.#listener = listener;
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
    return this.#ids.records();
  }

  /** Events may be missing after the newest one: none before it is a position from which all later ones are known. */
  markGap(): void {
    this.#evictedUpTo = this.#nextPosition;
  }

  find(id: string): EventRecord | undefined {
    return this.#ids.find(id);
  }

  /**
   * Adds a new event. For an already expired one only the id is remembered. An event evicted at once keeps its content until
   * `release`, so that it can still be queued for current subscribers.
   */
  add(received: ReceivedEvent, length: number, receivedAt: number, now = receivedAt): EventRecord {
    const record = new EventRecord(received, this.#nextPosition++, length * bytesPerCharacter, receivedAt);
    if (record.idRemembered) this.#ids.add(record);
    if (record.isStored) this.lastId = record.id;
    this.fill(record, received.event, now, receivedAt);
    if (!record.isStored || record.delivery === undefined) return record;
    this.#buffered.push(record);
    this.#enter(record);
    this.#added = record;
    this.#evictOverflow();
    this.#added = undefined;
    return record;
  }

  /** Adds events older than a known one. Those before the oldest buffered event are remembered by id. */
  addEarlier(events: readonly EarlierEvent[], before: string, now: number): EventRecord[] {
    const next = this.#ids.find(before);
    if (next === undefined) return [];
    const records = createEarlier(events, next, this.#ids.records(), this.#evictedUpTo).map(({ record, event }) => {
      this.#ids.add(record);
      if (event !== undefined) this.fill(record, event, now, record.receivedAt);
      else {
        this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
        this.#markEvicted(record);
      }
      return record;
    });
    const buffered = records.filter(({ delivery }) => delivery !== undefined);
    this.#buffered.replace([...this.#buffered, ...buffered].sort((a, b) => a.position - b.position));
    for (const record of buffered) this.#enter(record);
    this.#evictOverflow();
    return records;
  }

  /** Adds an event without its content. @param isRevoked Its content is not needed again. */
  addEvicted(id: string, receivedAt: number, isRevoked: boolean): EventRecord {
    const record = new EventRecord(withoutContent(id), this.#nextPosition++, 0, receivedAt);
    this.#ids.add(record);
    this.lastId = id;
    if (isRevoked) record.revokeContent();
    else {
      this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
      this.#markEvicted(record);
    }
    return record;
  }

  /** Restores the content of a repeated event, for subscribers that wait for a replay. */
  fill(record: EventRecord, event: GatewayEvent, now: number, receivedAt = now): void {
    if (record.contentRevoked || record.delivery !== undefined) return;
    if (record.expiresAt <= now) {
      this.#revoke(record);
      return;
    }
    this.#content.add(record, { kind: 'event', id: record.id, receivedAt: timestampOf(receivedAt), event });
  }

  /** Drops the content when neither the buffer nor a queue needs it. */
  release(record: EventRecord): void {
    if (!record.isContentNeeded) this.#content.drop(record);
  }

  /** New subscribers no longer need a replay of this event. */
  markAcknowledged(record: EventRecord): void {
    if (!record.evictedUnacked) return;
    record.setEvictedUnacked(false);
    this.#evictedUnacked -= 1;
    if (record.settledOrder !== 0) this.#evictedSettled -= 1;
  }

  /** AUTO delivery of the event is complete. */
  settled(record: EventRecord): void {
    if (record.evictedUnacked) this.#evictedSettled += 1;
  }

  /** Finds the position of an event; `known` only when all later events are still buffered. */
  locate(id: string): ResumePosition {
    const record = this.#ids.find(id);
    if (record === undefined) return { kind: 'unknown' };
    return { kind: record.position >= this.#evictedUpTo ? 'known' : 'evicted', position: record.position };
  }

  /** Events in the buffer, oldest first. */
  records(): EventRecord[] {
    return [...this.#buffered].filter(({ isBuffered }) => isBuffered);
  }

  /** Revokes the content of a recalled message in the buffer and in all queues. */
  revokeMessage(token: string): void {
    for (const record of this.#content.ofMessage(token)) this.#revoke(record);
  }

  /** Removes expired and too old content, and old ids from time to time. Constant time when nothing is due. @returns Number of expired events. */
  tick(now: number): number {
    while (now - (this.#buffered.first?.receivedAt ?? now) >= this.#bounds.ageMs && this.#buffered.length > 0) {
      this.#evictAndRelease();
    }
    const expired = this.#content.expired(now);
    for (const record of expired) this.#revoke(record);
    if (now >= this.#forgetAt) {
      this.#forgetAt = now + forgetIntervalMs;
      this.forgetOld(now);
    }
    return expired.length;
  }

  /** Evicts ids that the upstream will not send again. */
  forgetOld(now: number): void {
    this.#ids.evict((record) => {
      if (record.expiresAt <= now && !record.contentRevoked) this.#revoke(record); // its content was evicted before it expired
      const willNotRepeat = (record.ackConfirmed || !record.isStored) && !record.isBuffered;
      return willNotRepeat && now - record.receivedAt >= this.#bounds.ageMs;
    });
  }

  #enter(record: EventRecord): void {
    record.enterBuffer();
    this.#count += 1;
    this.#changeBytes(record.size);
  }

  #evictOverflow(): void {
    while (this.#count > this.#bounds.events) this.#evictAndRelease();
    this.shrinkTo(this.#bounds.bytes);
    this.#bounds.memory?.enforce();
  }

  shrinkTo(bytes: number): void {
    while (this.#bytes > bytes) this.#evictAndRelease();
  }

  #evictAndRelease(): void {
    const evicted = this.#evictOldest();
    if (evicted !== undefined && evicted !== this.#added) this.release(evicted);
  }

  /** To be called when the channel closes: what the buffer still holds no longer counts for the bound of all buffers. */
  close(): void {
    this.#isClosed = true;
    const held = this.#bytes;
    this.#bytes = 0;
    this.#bounds.memory?.count(this, -held);
  }

  #markEvicted(record: EventRecord): void {
    record.setEvictedUnacked(true);
    this.#evictedUnacked += 1;
    if (record.settledOrder !== 0) this.#evictedSettled += 1;
  }

  #evictOldest(): EventRecord | undefined {
    const record = this.#buffered.shift();
    if (record === undefined || !record.isBuffered) return undefined; // revoked while in the buffer
    this.#unbuffer(record);
    this.#evictedUpTo = Math.max(this.#evictedUpTo, record.position);
    if (!record.ackRequested) this.#markEvicted(record);
    return record;
  }

  #revoke(record: EventRecord): void {
    this.#unbuffer(record);
    this.#content.revoke(record);
    this.markAcknowledged(record);
    this.#listener.onWithdrawn(record);
  }

  #unbuffer(record: EventRecord): void {
    if (!record.isBuffered) return;
    record.leaveBuffer();
    this.#count -= 1;
    this.#changeBytes(-record.size);
  }

  #changeBytes(change: number): void {
    if (this.#isClosed) return;
    this.#bytes += change;
    this.#bounds.memory?.count(this, change);
  }
}
