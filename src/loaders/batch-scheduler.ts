/**
 * When a batch leaves. DataLoader's own rule, "at the end of this tick", sends a half-full bulk read whenever two single
 * reads of one operation come back a moment apart. Here a bulk read waits while reads are under way that may still add
 * keys to it, so an operation makes the fewest calls the contract allows. It never waits for something that waits for it:
 * reads are ranked, and only lower ranks hold a batch back.
 */

/** 0: reads of one thing (roster, group, message). 1: delivery states, known once messages are. 2: users, known last. */
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
   * Counts a read that may reveal keys for batches of a higher rank, for as long as it is under way.
   * @param onRead Told of the value before anybody who waits for it.
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

  /** The same for a read whose end is told by `readEnded`. */
  readStarted(phase: Phase): void {
    this.#inFlight[phase] += 1;
  }

  readEnded(phase: Phase): void {
    this.#inFlight[phase] -= 1;
    this.#queueCheck();
  }

  /** For DataLoader's `batchScheduleFn`: calls `dispatch` once no lower-ranked read is under way. */
  batch(phase: Phase, dispatch: () => void): void {
    this.#waiting.push({ phase, dispatch });
    this.#queueCheck();
  }

  /** After the resolvers that a settled read woke have run: they continue in microtasks, which end before the next tick. */
  #queueCheck(): void {
    if (this.#checkQueued || this.#waiting.length === 0) return;
    this.#checkQueued = true;
    Promise.resolve().then(() => process.nextTick(() => this.#check()));
  }

  #check(): void {
    this.#checkQueued = false;
    // One rank at a time: the reads that leave now may add keys to the batches above them.
    const phase = Math.min(...this.#waiting.map((waiting) => waiting.phase));
    if (this.#isHeld(phase)) return;
    const ready = this.#waiting.filter((waiting) => waiting.phase === phase);
    this.#waiting = this.#waiting.filter((waiting) => waiting.phase !== phase);
    for (const { dispatch } of ready) dispatch();
    this.#queueCheck();
  }

  #isHeld(phase: number): boolean {
    for (let lower = 0; lower < phase; lower++) if ((this.#inFlight[lower] ?? 0) > 0) return true;
    return false;
  }
}
