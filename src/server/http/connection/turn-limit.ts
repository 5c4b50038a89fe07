/**
 * How much a turn of the event loop may begin. What one connection costs is not known before it is read, so the number follows the
 * time that the last turn took.
 */

/**
 * Milliseconds of processor time of a turn, above which less begins in the next one. Not wall-clock time: on a busy machine every
 * turn would be too long, and few connections would be read in each.
 */
export const turnMs = 10;

/** Number of connections or requests that a turn may begin: doubled by each short turn, halved by each long one. */
export class TurnLimit {
  readonly #max: number;
  #limit = 1;

  /** @param max Number above which it is not doubled. */
  constructor(max: number) {
    this.#max = max;
  }

  /** To be called before the first of a series of turns, with which it begins at 1. */
  reset(): void {
    this.#limit = 1;
  }

  /**
   * To be called at the end of each turn.
   * @param since Start of what counts of the turn; undefined for a short turn, because reading the processor time takes 2 µs.
   * @returns Number that the next turn may begin.
   */
  next(since: Moment | undefined): number {
    const isLong = since !== undefined && isLongSince(since, turnMs);
    this.#limit = isLong ? Math.max(1, this.#limit >> 1) : Math.min(this.#max, this.#limit * 2);
    return this.#limit;
  }
}

/** A moment on two clocks. */
export interface Moment {
  /** On the clock of `performance.now()`. */
  readonly clockMs: number;
  /** Processor time of all threads of the process. */
  readonly processorMs: number;
}

/** The present moment, for `isLongSince`. */
export function thisMoment(): Moment {
  return { clockMs: performance.now(), processorMs: processorMs() };
}

/** Whether `ms` have passed, both in wall-clock and in processor time; the latter includes other threads. */
export function isLongSince({ clockMs, processorMs: before }: Moment, ms: number): boolean {
  return performance.now() - clockMs > ms && processorMs() - before > ms;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
