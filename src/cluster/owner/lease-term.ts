/**
 * One lease term of a caller's stream at its owner: the reports of followers, and the acknowledgements sent upstream. An event is
 * acknowledged only when the log has it, it was delivered, and no follower waits for it. `log-writer.ts` writes the log.
 */
import type { DeliveryOutcome } from '../../events/source/source.ts';
import type { TransientEvent } from '../log/append-queue.ts';
import type { EventLog } from '../log/event-log.ts';
import { bytesPerCharacter, type EventTable, type TableBounds } from '../log/event-table.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { FollowerSet } from './follower-set.ts';
import { LogWriter } from './log-writer.ts';
import { MarkWriter } from './mark-writer.ts';

export interface LeaseTermOptions {
  readonly token: string;
  readonly log: EventLog;
  readonly table: EventTable;
  /** Id of the last entry in the log, and its number or a higher one. */
  readonly lastId: string;
  readonly lastNumber: number;
  /** Number of the last stored event that was dropped from the log. */
  readonly dropped: number;
  readonly bounds: TableBounds;
  /** Maximum events that wait for Redis; beyond it, those that the table has removed are dropped. */
  readonly maxWaiting: number;
  /** Before this time, on the clock of `performance`, nothing is acknowledged: followers of the last owner may not be known. */
  readonly acknowledgesFrom: number;
  /** `MANUAL_HOLD_MS`. */
  readonly holdMs: number;
  isDead(replica: string): boolean;
  /** Whether Redis answers: without it followers cannot report, and nothing is acknowledged. */
  isUp(): boolean;
  /** A write is on its way: followers that are notified now will read it. */
  onSent(): void;
  /**
   * The log has new entries.
   * @param sentAt When the write that proves the ownership was sent, on the clock of `performance`.
   * @param isAnnounced Whether followers were notified when it was sent.
   */
  onWritten(events: readonly SharedEvent[], sentAt: number, isAnnounced: boolean): void;
  /** A follower has not reported on entries of the log. */
  remind(replica: string): void;
  /** Requests the acknowledgement of an event. */
  acknowledge(event: SharedEvent): void;
  /** Another replica owns the stream, or the log was changed by another. */
  onFenced(): void;
}

/** Maximum acknowledgements that wait for the upstream, which takes 50 a second. */
const maxRequested = 500;

export class LeaseTerm {
  readonly token: string;
  readonly followers = new FollowerSet();
  readonly #options: LeaseTermOptions;
  readonly #writer: LogWriter;
  readonly #marks: MarkWriter;
  #isEnded = false;
  /** All events must be checked again. */
  #isStale = true;

  constructor(options: LeaseTermOptions) {
    this.#options = options;
    this.token = options.token;
    this.#marks = new MarkWriter(options.log, () => this.recheck());
    this.#writer = new LogWriter({
      ...options,
      marks: this.#marks,
      isFollowed: () => this.followers.size > 0,
      onWritten: (events, sentAt, isAnnounced) => {
        options.onWritten(events, sentAt, isAnnounced);
        for (const event of events) this.check(event);
      },
      onFenced: () => {
        this.end();
        options.onFenced();
      },
    });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether the followers of the last owner are known: nothing is acknowledged before, because they may need it. */
  get knowsFollowers(): boolean {
    return performance.now() >= this.#options.acknowledgesFrom;
  }

  /** Number of entries that the slowest follower has not reported on. */
  get lag(): number {
    return this.followers.lag(this.#writer.written);
  }

  /** Events that wait to be appended, as a share of the maximum with content. */
  get backlog(): number {
    const { events, bytes } = this.#options.bounds;
    const waiting = this.#writer.backlog;
    return Math.max(waiting.size / events, (waiting.length * bytesPerCharacter) / bytes);
  }

  /** Whether no append has succeeded for this long. */
  isStuck(ms: number): boolean {
    return performance.now() - (this.#writer.failingSince ?? Number.POSITIVE_INFINITY) >= ms;
  }

  append(event: SharedEvent): void {
    this.#writer.append(event);
  }

  /** Appends an event unless it already waits. */
  appendAgain(event: SharedEvent): void {
    if (!this.#writer.isWaiting(event)) this.#writer.append(event);
  }

  appendTransient(event: TransientEvent): void {
    if (this.followers.size > 0) this.#writer.appendTransient(event);
  }

  /** The outcome of an event changed, here or elsewhere. */
  check(event: SharedEvent): void {
    this.#check(event, false);
  }

  /**
   * Acknowledgements are requested in upstream order, so that a replay lacks no event after one that it has: a client resumes
   * there, even when Redis has lost the log.
   */
  #check(event: SharedEvent, isInOrder: boolean): void {
    if (this.#isEnded || event.isConfirmed || event.isRequested || !event.isLogged) return;
    if (event.number > this.#writer.written) return;
    const { outcome } = event;
    if (this.followers.hasReceived(event)) event.wasDelivered = true;
    if ((outcome === 'held' || this.followers.isHeld(event)) && !event.isHeldMarked) this.#hold(event);
    const isDelivered = outcome === 'delivered' || outcome === 'acknowledged' || event.wasDelivered;
    if (!isDelivered) return;
    if (!event.isMarked) this.#marks.add('h', event);
    if (outcome === 'queued' || outcome === 'held' || this.followers.isWaitedFor(event)) return;
    this.#isStale = true;
    const isHeld = event.heldUntil > performance.now() && outcome !== 'acknowledged';
    if (!isInOrder || isHeld || !this.#options.isUp() || !this.knowsFollowers) return;
    event.isRequested = true;
    this.#options.acknowledge(event);
  }

  /**
   * A replica no longer follows. Events that its MANUAL subscribers held stay held, because their clients may reconnect to another
   * replica.
   */
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
    // Events between the two numbers that it did not list are unwanted there.
    if (to > before) this.#isStale = true;
    return true;
  }

  /** The upstream has confirmed the acknowledgement. */
  confirmed(event: SharedEvent): void {
    this.followers.forget(event.id);
    if (event.text === undefined) this.#writer.forget(event);
  }

  /** Checks all events again if something changed. Call a few times per second. */
  tick(): void {
    const { table, isDead } = this.#options;
    for (const replica of this.followers.replicas) {
      if (isDead(replica)) this.removeFollower(replica);
    }
    for (const replica of this.followers.toRemind(this.#writer.written)) this.#options.remind(replica);
    this.#writer.evict();
    if (!this.#isStale) return;
    this.#isStale = false;
    let requested = 0;
    for (const event of table.all()) {
      this.#check(event, true);
      if (event.isRequested) requested += 1;
      // The others follow in a later turn.
      if (requested >= maxRequested) {
        this.#isStale = true;
        return;
      }
    }
  }

  /** Requests a check of all events. */
  recheck(): void {
    this.#isStale = true;
  }

  /** Resolves when everything is appended, or after `maxMs`. */
  flush(maxMs: number): Promise<void> {
    return this.#writer.flush(maxMs);
  }

  /** Writes the state that the next owner needs. */
  async flushForNextOwner(maxMs: number): Promise<void> {
    await this.#writer.flush(maxMs);
    await this.#marks.flush();
  }

  end(): void {
    this.#isEnded = true;
    this.#writer.end();
    this.#marks.close();
  }

  #hold(event: SharedEvent): void {
    event.heldUntil = performance.now() + this.#options.holdMs;
    this.#marks.add('m', event);
  }
}
