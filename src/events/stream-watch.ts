/** Says in the log how many upstream event streams were lost and are back: one line for each in a second, however many they are. */
import type { Log } from '../log.ts';

const gatherMs = 1_000;

export class StreamWatch {
  readonly #log: Log;
  #lost = 0;
  #back = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** A stream that worked was lost. */
  lost(): void {
    this.#lost += 1;
    this.#schedule();
  }

  /** A stream that was lost works again. */
  back(): void {
    this.#back += 1;
    this.#schedule();
  }

  /** Says what there is to say. */
  close(): void {
    clearTimeout(this.#timer);
    this.#report();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#report(), gatherMs).unref();
  }

  #report(): void {
    this.#timer = undefined;
    if (this.#lost > 0) this.#log.warn('event streams lost', { count: this.#lost });
    if (this.#back > 0) this.#log.info('event streams back', { count: this.#back });
    this.#lost = 0;
    this.#back = 0;
  }
}
