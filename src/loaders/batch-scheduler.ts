/**
 * Decides when a batch is dispatched. DataLoader's default, the end of the current tick, sends a half-full bulk read
 * whenever two single reads of one operation complete a moment apart. Here a batch waits while reads are in flight that may
 * still add keys to it, so an operation makes the fewest calls the contract allows. Deadlock is impossible: every read has
 * a phase, and a batch waits for lower phases only.
 */

/** 0: single reads (roster, group, message). 1: delivery states; messages give their keys. 2: users; all others give their keys. */
export type Phase = 0 | 1 | 2;

interface Waiting {
  readonly phase: Phase;
  readonly dispatch: () => void;
}

export class BatchScheduler {
  readonly #inFlight: [number, number, number] = [0, 0, 0];
  #waiting: Waiting[] = [];
  #checkQueued = false;

  /**
   * Counts `read` as in flight until it settles; it may add keys to batches of a higher phase.
   * @param onRead Receives the value before the returned promise resolves.
   */
  track<Value>(phase: Phase, read: Promise<Value>, onRead?: (value: Value) => void): Promise<Value> {
    this.readStarted(phase);
    return read.then(
      (value) => {
        this.readEnded(phase);
        onRead?.(value);
        return value;
      },
      (error: unknown) => {
        this.readEnded(phase);
        throw error;
      },
    );
  }

  /** The same for a read without a promise; its end is reported by `readEnded`. */
  readStarted(phase: Phase): void {
    this.#inFlight[phase] += 1;
  }

  readEnded(phase: Phase): void {
    this.#inFlight[phase] -= 1;
    this.#queueCheck();
  }

  /** For DataLoader's `batchScheduleFn`: calls `dispatch` once no read of a lower phase is in flight. */
  batch(phase: Phase, dispatch: () => void): void {
    this.#waiting.push({ phase, dispatch });
    this.#queueCheck();
  }

  /** Checks after the resolvers that waited for a settled read: these continue in microtasks, which end before the next tick. */
  #queueCheck(): void {
    if (this.#checkQueued || this.#waiting.length === 0) return;
    this.#checkQueued = true;
    Promise.resolve().then(() => process.nextTick(() => this.#check()));
  }

  #check(): void {
    this.#checkQueued = false;
    const [first] = this.#waiting;
    if (first !== undefined && this.#waiting.length === 1) {
      if (this.#isBlocked(first.phase)) return;
      this.#waiting = [];
      first.dispatch();
      return;
    }
    // One phase at a time: the reads dispatched now may add keys to batches of higher phases.
    const phase = Math.min(...this.#waiting.map((waiting) => waiting.phase));
    if (this.#isBlocked(phase)) return;
    const ready = this.#waiting.filter((waiting) => waiting.phase === phase);
    this.#waiting = this.#waiting.filter((waiting) => waiting.phase !== phase);
    for (const { dispatch } of ready) dispatch();
    this.#queueCheck();
  }

  #isBlocked(phase: number): boolean {
    for (let lower = 0; lower < phase; lower++) if ((this.#inFlight[lower] ?? 0) > 0) return true;
    return false;
  }
}
