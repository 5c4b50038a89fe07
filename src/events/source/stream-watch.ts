/** Logs how many upstream event streams were lost and how many recovered: at most one line of each kind per second. */
import type { Log } from '../../observability/log.ts';

const reportIntervalMs = 1_000;

export class StreamWatch {
  readonly #log: Log;
  #lost = 0;
  #back = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Counts a working stream whose connection was lost. */
  lost(): void {
    this.#lost += 1;
    this.#schedule();
  }

  /** Counts a lost stream that works again. */
  back(): void {
    this.#back += 1;
    this.#schedule();
  }

  /** Logs pending counts. */
  close(): void {
    clearTimeout(this.#timer);
    this.#report();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#report(), reportIntervalMs).unref();
  }

  #report(): void {
    this.#timer = undefined;
    if (this.#lost > 0) this.#log.warn('event streams lost', { count: this.#lost });
    if (this.#back > 0) this.#log.info('event streams back', { count: this.#back });
    this.#lost = 0;
    this.#back = 0;
  }
}
