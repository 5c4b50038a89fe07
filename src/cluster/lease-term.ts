/**
 * One time of owning a caller's stream: appends its events to the log, wakes the followers, and decides what is acknowledged
 * upstream. Every write is fenced by the token; what is not in the log is not acknowledged.
 */
import { Queue } from '../events/queue.ts';
import type { DeliveryOutcome } from '../events/source.ts';
import { type EventLog, type NewEntry, numberOf, type Written } from './event-log.ts';
import type { EventTable } from './event-table.ts';
import { FollowerSet } from './follower-set.ts';
import { MarkWriter } from './mark-writer.ts';
import type { SharedEvent } from './shared-event.ts';

export interface LeaseTermOptions {
  readonly token: string;
  readonly log: EventLog;
  readonly table: EventTable;
  /** Id of the last entry in the log, and its number or a higher one. */
  readonly lastId: string;
  readonly lastNumber: number;
  /** Before this time, on the clock of `performance`, nothing is acknowledged: followers of the last owner may not be known. */
  readonly acknowledgesFrom: number;
  /** `MANUAL_HOLD_MS`. */
  readonly holdMs: number;
  isDead(replica: string): boolean;
  /** Whether Redis answers: without it followers cannot report, and nothing is acknowledged. */
  isUp(): boolean;
  /** The log has more. @param sentAt When the write was sent that proves the ownership, on the clock of `performance`. */
  onWritten(sentAt: number): void;
  /** A follower has not reported on what is in the log. */
  remind(replica: string): void;
  /** Requests the acknowledgement of an event. */
  acknowledge(event: SharedEvent): void;
  /** Another replica owns the stream, or the log is not as this one left it. */
  onFenced(): void;
}

/** An event that is not stored: written only for followers of the moment. */
interface PassingEvent {
  readonly text: string;
  readonly eventId: string;
  readonly receivedAt: number;
  /** Set when it is first sent. */
  logId?: string;
}

const maxBatch = 200;
const retryMs = 100;
/** Passing events that wait for Redis. */
const maxPassing = 1_000;

export class LeaseTerm {
  readonly token: string;
  readonly followers = new FollowerSet();
  readonly #options: LeaseTermOptions;
  #waiting: (SharedEvent | PassingEvent)[] = [];
  #drop: string[] = [];
  #strip: string[] = [];
  #lastId: string;
  #lastNumber: number;
  /** Number of the last entry that is known to be in the log. */
  #written: number;
  #isAppending = false;
  #isEnded = false;
  /** All events may have become due. */
  #isStale = true;
  /** Passing events in the log, oldest first. */
  readonly #passing = new Queue<PassingEvent>();
  readonly #marks: MarkWriter;

  constructor(options: LeaseTermOptions) {
    this.#options = options;
    this.token = options.token;
    this.#lastId = options.lastId;
    this.#lastNumber = options.lastNumber;
    this.#written = options.lastNumber;
    this.#marks = new MarkWriter(options.log, () => this.recheck());
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** No event waits to be appended. */
  get isFlushed(): boolean {
    return this.#waiting.length === 0 && !this.#isAppending;
  }

  /** Entries that the slowest follower has not reported on. */
  get lag(): number {
    return this.followers.lag(this.#written);
  }

  append(event: SharedEvent): void {
    this.#waiting.push(event);
    this.#schedule();
  }

  appendPassing(event: PassingEvent): void {
    if (this.followers.size === 0 || this.#waiting.length >= maxPassing) return;
    this.#waiting.push(event);
    this.#schedule();
  }

  /** The outcome of an event changed, here or elsewhere. */
  check(event: SharedEvent): void {
    if (this.#isEnded || event.isConfirmed || event.isRequested || !event.isLogged || event.number > this.#written)
      return;
    const { outcome } = event;
    if (this.followers.hasReceived(event)) event.wasDelivered = true;
    if ((outcome === 'held' || this.followers.isHeld(event)) && !event.isHeldMarked) this.#hold(event);
    const isDelivered = outcome === 'delivered' || outcome === 'acknowledged' || event.wasDelivered;
    if (!isDelivered) return;
    if (!event.isMarked) this.#marks.add('h', event);
    if (outcome === 'queued' || outcome === 'held' || this.followers.isWaitedFor(event)) return;
    const { acknowledge, acknowledgesFrom, isUp } = this.#options;
    const now = performance.now();
    const isHeld = event.heldUntil > now && outcome !== 'acknowledged';
    if (isHeld || !isUp() || now < acknowledgesFrom) {
      this.#isStale = true;
      return;
    }
    event.isRequested = true;
    acknowledge(event);
  }

  /** A replica follows no longer. What its MANUAL subscribers held is held on, because they may come back elsewhere. */
  removeFollower(replica: string): void {
    const held = this.followers.remove(replica);
    if (held === undefined) return;
    this.#isStale = true;
    for (const id of held) {
      const event = this.#options.table.find(id);
      if (event !== undefined) event.heldUntil = performance.now() + this.#options.holdMs;
    }
  }

  report(replica: string, to: number, outcomes: readonly (readonly [string, DeliveryOutcome])[]): boolean {
    const before = this.followers.report(replica, to, outcomes);
    if (before === undefined) return false;
    for (const [id] of outcomes) {
      const event = this.#options.table.find(id);
      if (event !== undefined) this.check(event);
    }
    // Those between the two numbers that it did not name are unwanted there.
    if (to > before) this.#isStale = true;
    return true;
  }

  /** The upstream has the acknowledgement. */
  confirmed(event: SharedEvent): void {
    this.followers.forget(event.id);
    if (event.text === undefined) this.#forget(event);
  }

  /** Looks at all events again when something changed. Call a few times per second. */
  tick(): void {
    const { table, isDead } = this.#options;
    for (const replica of this.followers.replicas) {
      if (isDead(replica)) this.removeFollower(replica);
    }
    for (const replica of this.followers.toRemind(this.#written)) this.#options.remind(replica);
    this.#evict();
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const event of table.all()) this.check(event);
  }

  /** All events may have become due. */
  recheck(): void {
    this.#isStale = true;
  }

  /** Resolves when everything is appended, or after the time given. */
  async flush(maxMs: number): Promise<void> {
    const endsAt = performance.now() + maxMs;
    while (!this.isFlushed && !this.#isEnded && performance.now() < endsAt) await pause(5);
  }

  /** Writes what another owner has to know. */
  async hand(maxMs: number): Promise<void> {
    await this.flush(maxMs);
    await this.#marks.flush();
  }

  end(): void {
    this.#isEnded = true;
    this.#marks.close();
  }

  #schedule(): void {
    if (this.#isAppending || this.#isEnded) return;
    this.#isAppending = true;
    // After this turn, whose events go in one call.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isEnded) {
      const batch = this.#waiting.slice(0, maxBatch);
      const entries = batch.map((event) => this.#entry(event));
      this.#evict();
      const drop = this.#drop.slice(0, maxBatch);
      const strip = this.#strip.slice(0, maxBatch);
      let written: Written;
      const sentAt = performance.now();
      try {
        written = await this.#options.log.append(this.token, this.#lastId, { entries, drop, strip });
      } catch {
        await pause(retryMs);
        continue;
      }
      if (this.#isEnded) return;
      if (written.kind === 'hole' && this.#resume(written.lastId, entries, sentAt)) continue;
      if (written.kind !== 'written') {
        this.end();
        this.#options.onFenced();
        return;
      }
      this.#lastId = entries.at(-1)?.logId ?? this.#lastId;
      this.#drop.splice(0, drop.length);
      this.#strip.splice(0, strip.length);
      this.#appended(batch, sentAt);
    }
    this.#isAppending = false;
  }

  /** The answer to an append was lost: the log has a part of it, or all. @returns False when the log is another. */
  #resume(lastId: string, entries: readonly NewEntry[], sentAt: number): boolean {
    const index = entries.findIndex(({ logId }) => logId === lastId);
    if (index < 0) return false;
    this.#lastId = lastId;
    this.#appended(this.#waiting.slice(0, index + 1), sentAt);
    return true;
  }

  #appended(batch: readonly (SharedEvent | PassingEvent)[], sentAt: number): void {
    this.#waiting.splice(0, batch.length);
    this.#written = numberOf(this.#lastId);
    this.#options.onWritten(sentAt);
    for (const event of batch) {
      if (!('id' in event)) {
        this.#passing.push(event);
        continue;
      }
      event.isLogged = true;
      event.wasLogged = true;
      this.check(event);
    }
  }

  #entry(event: SharedEvent | PassingEvent): NewEntry {
    if (!('id' in event)) {
      const { eventId, text, receivedAt } = event;
      const expiresAt = receivedAt + passingLifeMs;
      event.logId ??= this.#nextId();
      return { logId: event.logId, kind: 'p', eventId, receivedAt, expiresAt, marks: '', text };
    }
    const { id, kind, text, receivedAt, expiresAt, isConfirmed, wasDelivered, isHeldMarked, isRevoked } = event;
    const logId = event.logId ?? this.#nextId();
    event.logId = logId;
    event.number = numberOf(logId);
    const marks = isConfirmed ? 'a' : `${wasDelivered ? 'h' : ''}${isHeldMarked ? 'm' : ''}${isRevoked ? 'x' : ''}`;
    return { logId, kind, eventId: id, receivedAt, expiresAt, marks, text };
  }

  #nextId(): string {
    this.#lastNumber += 1;
    return `${this.token}-${this.#lastNumber}`;
  }

  /** Events beyond the bounds lose their content in the log, and their entry when they are acknowledged. */
  #evict(): void {
    const now = Date.now();
    for (let first = this.#passing.first; first !== undefined; first = this.#passing.first) {
      if (first.receivedAt + passingLifeMs > now && this.#passing.length < maxPassing) break;
      this.#passing.shift();
      if (first.logId !== undefined) this.#drop.push(first.logId);
    }
    for (const event of this.#options.table.takeEvicted()) {
      if (event.isConfirmed) this.#forget(event);
      else if (event.logId !== undefined) this.#strip.push(event.logId);
    }
  }

  #forget(event: SharedEvent): void {
    if (event.logId !== undefined && event.isLogged) this.#drop.push(event.logId);
    this.#options.table.remove(event);
  }

  #hold(event: SharedEvent): void {
    event.heldUntil = performance.now() + this.#options.holdMs;
    this.#marks.add('m', event);
  }
}

/** Life of an event that is not stored. */
const passingLifeMs = 10_000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
