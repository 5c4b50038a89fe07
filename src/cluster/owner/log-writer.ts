/**
 * Appends the events of one lease term to the log, in order, and removes what is beyond the bounds. Every write is fenced by the
 * token; one whose answer was lost is repeated under the same ids.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from '../../events/subscriber/queue.ts';
import { AppendQueue, type TransientEvent, type WaitingEvent } from '../log/append-queue.ts';
import { type EventLog, type NewEntry, numberOf, type Written } from '../log/event-log.ts';
import type { EventTable } from '../log/event-table.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { setAlignedTimer } from '../redis/aligned-timer.ts';
import { atTurnEnd } from '../redis/turn-end.ts';
import type { MarkWriter } from './mark-writer.ts';

export interface LogWriterOptions {
  readonly token: string;
  readonly log: EventLog;
  readonly table: EventTable;
  /** Id of the last entry in the log, and its number or a higher one. */
  readonly lastId: string;
  readonly lastNumber: number;
  /** Number of the last stored event that was dropped from the log. */
  readonly dropped: number;
  /** Events that may wait for Redis before those that the table has forgotten are dropped. */
  readonly maxWaiting: number;
  /** Marks that an append takes along. */
  readonly marks: Pick<MarkWriter, 'takeDelivered' | 'requeue'>;
  /** Other replicas read the log. */
  isFollowed(): boolean;
  /** A write was sent: followers that are notified now read it, if it succeeds. It saves them a round trip. */
  onSent(): void;
  /**
   * The log has these events.
   * @param sentAt When the write was sent that proves the ownership, on the clock of `performance`.
   * @param isAnnounced What `onSent` did is enough.
   */
  onWritten(events: readonly SharedEvent[], sentAt: number, isAnnounced: boolean): void;
  /** Another replica owns the stream, or the log is not as this one left it. */
  onFenced(): void;
}

/** Ids that are dropped in one append. */
const maxBatch = 200;
const retryMs = 100;
/**
 * Without a follower nothing waits for an append but acknowledgements: those of all callers go together, because waking costs Redis
 * as much as the append. What a killed owner has not appended is unacknowledged, and comes with the next owner's replay.
 */
const batchWindowMs = 10;
/** Transient events that wait for Redis. */
const maxTransient = 1_000;
/** Life of an event that is not stored. */
const transientLifeMs = 10_000;

export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #waiting: AppendQueue;
  #drop: string[] = [];
  #strip: string[] = [];
  #dropped: number;
  #lastId: string;
  #lastNumber: number;
  #written: number;
  #isAppending = false;
  /** Set while the first append of a series waits for others. */
  #batchTimer: NodeJS.Timeout | undefined;
  #isEnded = false;
  #failingSince: number | undefined;
  /** Transient events in the log, oldest first. */
  readonly #transient = new Queue<TransientEvent>();

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#waiting = new AppendQueue(options.table, options.maxWaiting);
    this.#lastId = options.lastId;
    this.#lastNumber = options.lastNumber;
    this.#written = options.lastNumber;
    this.#dropped = options.dropped;
  }

  /** Number of the last entry that is known to be in the log. */
  get written(): number {
    return this.#written;
  }

  /** Since when no append succeeds, on the clock of `performance`. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Events that wait to be appended, and their length in characters. */
  get backlog(): { readonly size: number; readonly length: number } {
    return this.#waiting;
  }

  /** The event waits to be appended. */
  isWaiting(event: SharedEvent): boolean {
    return this.#waiting.includes(event);
  }

  append(event: SharedEvent): void {
    if (this.#waiting.add(event)) {
      // A number without an entry shows the loss to readers of the log.
      this.#lastNumber += 1;
      this.#dropped = this.#lastNumber;
    }
    this.#schedule();
  }

  appendTransient(event: TransientEvent): void {
    if (this.#waiting.size >= maxTransient) return;
    this.#waiting.add(event);
    this.#schedule();
  }

  /** Forgets an event: its entry goes with the next write. */
  forget(event: SharedEvent): void {
    if (event.logId !== undefined && event.isLogged) {
      this.#drop.push(event.logId);
      this.#dropped = Math.max(this.#dropped, event.number);
    }
    this.#options.table.remove(event);
  }

  /** Events beyond the bounds lose their content in the log, and their entry when they are acknowledged or no longer known. */
  evict(): void {
    const now = Date.now();
    for (let first = this.#transient.first; first !== undefined; first = this.#transient.first) {
      if (first.receivedAt + transientLifeMs > now && this.#transient.length < maxTransient) break;
      this.#transient.shift();
      if (first.logId !== undefined) this.#drop.push(first.logId);
    }
    for (const event of this.#options.table.takeEvicted()) {
      if (event.isConfirmed || !this.#options.table.has(event)) this.forget(event);
      else if (event.logId !== undefined) this.#strip.push(event.logId);
    }
    const old = this.#options.table.takeOld(now);
    for (const event of old) this.forget(event);
    if (old.length > 0 || this.#drop.length + this.#strip.length >= maxBatch) this.#schedule();
  }

  /** Resolves when everything is appended, or after the time given. */
  async flush(maxMs: number): Promise<void> {
    const endsAt = performance.now() + maxMs;
    this.#endBatchWindow();
    const isBusy = () => (this.#waiting.size > 0 || this.#isAppending) && !this.#isEnded;
    while (isBusy() && performance.now() < endsAt) await pause(5);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#batchTimer);
  }

  #schedule(): void {
    if (this.#isEnded) return;
    if (this.#isAppending) {
      if (this.#waiting.size >= maxBatch) this.#endBatchWindow();
      return;
    }
    this.#isAppending = true;
    // The events of this turn go in one call.
    if (this.#options.isFollowed()) atTurnEnd(() => void this.#run());
    else {
      this.#batchTimer = setAlignedTimer(() => {
        this.#batchTimer = undefined;
        void this.#run();
      }, batchWindowMs);
    }
  }

  #endBatchWindow(): void {
    if (this.#batchTimer === undefined) return;
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    atTurnEnd(() => void this.#run());
  }

  async #run(): Promise<void> {
    const { log, token } = this.#options;
    let isFirst = true;
    do {
      const batch = this.#waiting.first();
      const entries = batch.map((event) => this.#entry(event));
      this.evict();
      const drop = this.#drop.slice(0, maxBatch);
      const strip = this.#strip.slice(0, maxBatch);
      const dropped = this.#dropped;
      const marked = this.#options.marks.takeDelivered(maxBatch);
      // A mark of one that was forgotten in between would stay without its entry.
      const delivered = marked.flatMap((event) => (this.#options.table.has(event) ? (event.logId ?? []) : []));
      let written: Written;
      const sentAt = performance.now();
      let isAnnounced = isFirst && log.isOrdered && entries.length > 0;
      isFirst = false;
      try {
        const appending = log.append(token, this.#lastId, { entries, drop, strip, dropped, delivered }, () => {
          isAnnounced = false;
        });
        if (isAnnounced) this.#options.onSent();
        written = await appending;
      } catch {
        this.#failingSince ??= sentAt;
        this.#options.marks.requeue(marked);
        await pause(retryMs);
        continue;
      }
      this.#failingSince = undefined;
      if (this.#isEnded) return;
      if (written.kind === 'hole' && this.#resume(written.lastId, entries, sentAt)) continue;
      isFirst = true;
      if (written.kind !== 'written') {
        this.end();
        this.#options.onFenced();
        return;
      }
      this.#lastId = entries.at(-1)?.logId ?? this.#lastId;
      this.#drop.splice(0, drop.length);
      this.#strip.splice(0, strip.length);
      entries.forEach(({ marks }, index) => {
        const event = batch[index];
        if (event !== undefined && 'id' in event && marks.includes('h')) event.isMarked = true;
      });
      this.#appended(batch.length, sentAt, isAnnounced);
    } while ((this.#waiting.size > 0 || this.#drop.length + this.#strip.length >= maxBatch) && !this.#isEnded);
    this.#isAppending = false;
  }

  /** The answer to an append was lost: the log has a part of it, or all. @returns False when the log is another. */
  #resume(lastId: string, entries: readonly NewEntry[], sentAt: number): boolean {
    const index = entries.findIndex(({ logId }) => logId === lastId);
    if (index < 0) return false;
    this.#lastId = lastId;
    this.#appended(index + 1, sentAt, false);
    return true;
  }

  #appended(count: number, sentAt: number, isAnnounced: boolean): void {
    this.#written = Math.max(this.#written, numberOf(this.#lastId));
    const stored: SharedEvent[] = [];
    for (const event of this.#waiting.remove(count)) {
      if ('id' in event) stored.push(event);
      else this.#transient.push(event);
    }
    for (const event of stored) {
      event.isLogged = true;
      event.wasLogged = true;
    }
    this.#options.onWritten(stored, sentAt, isAnnounced);
  }

  #entry(event: WaitingEvent): NewEntry {
    if (!('id' in event)) {
      const { eventId, text, receivedAt } = event;
      const expiresAt = receivedAt + transientLifeMs;
      event.logId ??= this.#nextId();
      return { logId: event.logId, kind: 'p', eventId, receivedAt, expiresAt, overtakenBy: undefined, marks: '', text };
    }
    const { id, kind, text, receivedAt, expiresAt, overtakenBy, isConfirmed, wasDelivered, isHeldMarked, isRevoked } =
      event;
    const logId = event.logId ?? this.#nextId();
    event.logId = logId;
    event.number = numberOf(logId);
    // Most are delivered while appends are gathered. To mark them by the next append costs Redis 15 % more, in batches of ten.
    const isDelivered = wasDelivered || event.outcome === 'delivered' || event.outcome === 'acknowledged';
    const marks = isConfirmed ? 'a' : `${isDelivered ? 'h' : ''}${isHeldMarked ? 'm' : ''}${isRevoked ? 'x' : ''}`;
    return { logId, kind, eventId: id, receivedAt, expiresAt, overtakenBy, marks, text };
  }

  #nextId(): string {
    this.#lastNumber += 1;
    return `${this.#options.token}-${this.#lastNumber}`;
  }
}
