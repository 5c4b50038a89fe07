/**
 * A read that is under way, and how to wait for many of them. A list waits once, however long it is: a promise for each of
 * its items would outlive several collections of garbage, and a roster has hundreds of them.
 */
import { asError } from '../errors.ts';

export class Reading<Value> {
  readonly key: string;
  readonly promise: Promise<Value>;
  /** What it ended with; of no meaning before it has. */
  outcome: Value | Error | undefined;
  #hasEnded = false;
  #awaiting: Gathering | Gathering[] | undefined;

  /** @param onEnd Told of the outcome before anybody who waits for it. */
  constructor(key: string, promise: Promise<Value>, onEnd: (reading: Reading<Value>, outcome: Value | Error) => void) {
    this.key = key;
    this.promise = promise;
    const end = (outcome: Value | Error) => {
      this.#hasEnded = true;
      this.outcome = outcome;
      onEnd(this, outcome);
      const awaiting = this.#awaiting;
      this.#awaiting = undefined;
      if (awaiting instanceof Gathering) awaiting.oneEnded();
      else if (awaiting !== undefined) for (const gathering of awaiting) gathering.oneEnded();
    };
    promise.then(end, (error: unknown) => end(asError(error)));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** `gathering` waits for this one too. */
  tell(gathering: Gathering): void {
    gathering.oneMore();
    if (this.#awaiting === undefined) this.#awaiting = gathering;
    else if (this.#awaiting instanceof Gathering) this.#awaiting = [this.#awaiting, gathering];
    else this.#awaiting.push(gathering);
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
