/** Follows the log of a caller whose stream another replica owns: reads its new entries and reports the outcomes of events. */
import type { DeliveryOutcome } from '../../events/source/source.ts';
import type { EventLog, LogEntry, Ownership } from '../log/event-log.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { setAlignedTimer } from '../redis/aligned-timer.ts';

export interface LogFollowerOptions {
  readonly log: EventLog;
  /** The owner, and the token of its lease term. */
  readonly ownership: Ownership;
  /** Id of the last ingested entry. */
  readonly position: string;
  /** Number of the last ingested event. */
  readonly number: number;
  /** Ingests an entry. @returns Its event; undefined for one that is not stored. */
  take(entry: LogEntry): SharedEvent | undefined;
  report(to: number, outcomes: readonly (readonly [string, DeliveryOutcome])[]): void;
  /** Events were dropped from the log before they were read here. */
  onDropped(): void;
  /** Another replica owns the stream, another lease term has begun, or the log could not be read for `maxFailingMs`. */
  onLost(): void;
  readonly maxFailingMs: number;
}

const retryMs = 100;
/** Maximum outcomes in one report. */
const maxOutcomes = 1_000;
/**
 * Interval in which outcomes are collected: the upstream takes acknowledgements once a second, and one report per event would be
 * two of the six commands that an event costs Redis. Outcomes that a killed follower has not reported are delivered again to a
 * subscriber that does not resume.
 */
const reportEveryMs = 20;
/** Number of unreported outcomes at which a report is sent at once. */
const maxUnreported = 100;

export class LogFollower {
  readonly #options: LogFollowerOptions;
  #position: string;
  #number: number;
  #reported: number;
  readonly #changed = new Map<string, DeliveryOutcome>();
  #hasMore = false;
  #isPaused = false;
  #isStopped = false;
  #reading: Promise<void> | undefined;
  #reporting: NodeJS.Timeout | undefined;
  /** Since when reading fails, on the clock of `performance`. */
  #failingSince: number | undefined;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#number = options.number;
    this.#reported = -1;
  }

  get ownership(): Ownership {
    return this.#options.ownership;
  }

  /** Whether reading has failed for `maxFailingMs`. */
  get isFailing(): boolean {
    return performance.now() - (this.#failingSince ?? Number.POSITIVE_INFINITY) >= this.#options.maxFailingMs;
  }

  /** Called when the log has new entries. */
  wake(): void {
    this.#hasMore = true;
    if (!this.#isPaused && !this.#isStopped) this.#reading ??= this.#read();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#hasMore) this.wake();
  }

  /** Reports the outcomes of all unacknowledged events; those it does not list are unwanted. */
  reportAll(events: Iterable<SharedEvent>): void {
    for (const event of events) if (!event.isConfirmed) this.changed(event);
    this.#scheduleReport();
  }

  /** The outcome of an event changed. */
  changed({ id, outcome, isLogged }: SharedEvent): void {
    if (!isLogged) return;
    this.#changed.set(id, outcome);
    this.#scheduleReport();
  }

  /** Resolves when the log has been read to its present end. */
  async catchUp(): Promise<void> {
    this.wake();
    while (this.#hasMore && !this.#isStopped && !this.#isPaused) {
      await (this.#reading ?? new Promise((resolve) => setTimeout(resolve, retryMs)));
    }
  }

  /** Resolves when no read is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#reporting);
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { log, ownership, take, onDropped, onLost } = this.#options;
    try {
      while (this.#hasMore && !this.#isPaused && !this.#isStopped) {
        this.#hasMore = false;
        const sentAt = performance.now();
        const page = await log.read(this.#position).catch((error: unknown) => {
          this.#failingSince ??= sentAt;
          throw error;
        });
        this.#failingSince = undefined;
        if (this.#isStopped) return;
        if (page.owner !== ownership.owner || page.token !== ownership.token) {
          this.#isStopped = true;
          onLost();
          return;
        }
        if (page.dropped > this.#number) {
          this.#number = page.dropped;
          onDropped();
        }
        for (const entry of page.entries) {
          this.#position = entry.logId;
          this.#number = entry.number;
          const event = take(entry);
          if (event !== undefined && event.outcome !== 'unwanted') this.#changed.set(event.id, event.outcome);
          if (this.#isStopped) return;
        }
        if (page.entries.length > 0) this.#scheduleReport();
        if (page.lastId !== this.#position && page.entries.length > 0) this.#hasMore = true;
      }
    } catch {
      this.#hasMore = true;
      if (this.isFailing) onLost();
      setTimeout(() => this.wake(), retryMs);
    } finally {
      this.#reading = undefined;
    }
  }

  /** Reports the outcomes that changed since the last report. */
  report(): void {
    clearTimeout(this.#reporting);
    this.#reporting = undefined;
    if (this.#isStopped || (this.#changed.size === 0 && this.#reported === this.#number)) return;
    const outcomes = [...this.#changed];
    this.#changed.clear();
    // Only the last part has the number: until it arrives, the owner waits for events that the parts do not list.
    let at = 0;
    for (; at + maxOutcomes < outcomes.length; at += maxOutcomes) {
      this.#options.report(this.#reported, outcomes.slice(at, at + maxOutcomes));
    }
    this.#reported = this.#number;
    this.#options.report(this.#number, outcomes.slice(at));
  }

  #scheduleReport(): void {
    if (this.#isStopped) return;
    if (this.#changed.size >= maxUnreported) this.report();
    else this.#reporting ??= setAlignedTimer(() => this.report(), reportEveryMs);
  }
}
