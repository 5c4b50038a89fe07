/** Follows the log of a caller whose stream another replica owns: reads on when it grows, and reports what became of events. */
import type { DeliveryOutcome } from '../../events/source/source.ts';
import type { EventLog, LogEntry, Ownership } from '../log/event-log.ts';
import type { SharedEvent } from '../log/shared-event.ts';
import { setAlignedTimer } from '../redis/aligned-timer.ts';

export interface LogFollowerOptions {
  readonly log: EventLog;
  /** The owner, and the token of its lease term. */
  readonly ownership: Ownership;
  /** Id of the last entry that was taken up. */
  readonly position: string;
  /** Number up to which events were taken up. */
  readonly number: number;
  /** Ingests an entry. @returns Its event; undefined for one that is not stored. */
  take(entry: LogEntry): SharedEvent | undefined;
  report(to: number, outcomes: readonly (readonly [string, DeliveryOutcome])[]): void;
  /** Events were dropped from the log before they were read here. */
  onDropped(): void;
  /** Another replica owns the stream, or another lease term has begun; or the log could not be read for this long. */
  onLost(): void;
  readonly maxFailingMs: number;
}

const retryMs = 100;
/** Outcomes in one report. */
const maxOutcomes = 1_000;
/**
 * Outcomes are reported together: the upstream takes acknowledgements once a second, and a report of each event alone would be two
 * of six commands that it costs Redis. What a killed follower has not reported is offered again to a subscriber that does not resume.
 */
const reportEveryMs = 20;
/** Maximum outcomes that wait for a report; then it goes at once. */
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

  /** Reading has failed for `maxFailingMs`. */
  get isFailing(): boolean {
    return performance.now() - (this.#failingSince ?? Number.POSITIVE_INFINITY) >= this.#options.maxFailingMs;
  }

  /** The log has more. */
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

  /** Reports the outcomes of all events that are not acknowledged; those it does not name are unwanted. */
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

  /** Resolves when the log was read to its present end. */
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

  /** Reports what became of events since the last report. */
  report(): void {
    clearTimeout(this.#reporting);
    this.#reporting = undefined;
    if (this.#isStopped || (this.#changed.size === 0 && this.#reported === this.#number)) return;
    const outcomes = [...this.#changed];
    this.#changed.clear();
    // The last part names the number: until then the owner waits for what it does not name.
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
