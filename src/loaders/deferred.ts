/**
 * A read that is under way, and how to wait for many of them. A list waits once, however long it is: a promise for each of
 * its items would outlive several collections of garbage, and a roster has hundreds of them.
 */
import { asError } from '../errors.ts';
import type { Told } from '../upstream/completion.ts';

export class Reading<Value> implements Told<Value> {
  readonly key: string;
  /** What it ended with; of no meaning before it has. */
  outcome: Value | Error | undefined;
  readonly #onEnd: (reading: Reading<Value>, outcome: Value | Error) => void;
  #hasEnded = false;
  #awaiting: Gathering | Gathering[] | undefined;
  #promise: Promise<Value> | undefined;

  /** @param onEnd Told of the outcome before anybody who waits for it. */
  constructor(key: string, onEnd: (reading: Reading<Value>, outcome: Value | Error) => void) {
    this.key = key;
    this.#onEnd = onEnd;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** For who waits for this one alone. */
  get promise(): Promise<Value> {
    this.#promise ??= this.#whenEnded();
    return this.#promise;
  }

  resolved(value: Value): void {
    this.#end(value);
  }

  rejected(error: unknown): void {
    this.#end(asError(error));
  }

  /** `gathering` waits for this one too. */
  tell(gathering: Gathering): void {
    gathering.oneMore();
    if (this.#awaiting === undefined) this.#awaiting = gathering;
    else if (this.#awaiting instanceof Gathering) this.#awaiting = [this.#awaiting, gathering];
    else this.#awaiting.push(gathering);
  }

  #end(outcome: Value | Error): void {
    this.#hasEnded = true;
    this.outcome = outcome;
    this.#onEnd(this, outcome);
    const awaiting = this.#awaiting;
    this.#awaiting = undefined;
    if (awaiting instanceof Gathering) awaiting.oneEnded();
    else if (awaiting !== undefined) for (const gathering of awaiting) gathering.oneEnded();
  }

  async #whenEnded(): Promise<Value> {
    if (!this.#hasEnded) {
      const alone = new Gathering();
      this.tell(alone);
      await alone.done;
    }
    const { outcome } = this;
    if (outcome instanceof Error) throw outcome;
    return outcome as Value; // it has ended
  }
}

/** Waits for several readings. */
export class Gathering {
  /** Resolved when the last of them has ended, however it did. */
  readonly done: Promise<void>;
  #left = 0;
  #resolve: () => void = nothing;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  oneMore(): void {
    this.#left += 1;
  }

  oneEnded(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#resolve();
  }
}

function nothing(): void {}
