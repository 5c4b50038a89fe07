/**
 * A read that is under way, and how to wait for many of them. A list waits once, however long it is: a promise for each of
 * its items would outlive several collections of garbage, and a roster has hundreds of them.
 */
import { asError } from '../errors.ts';
import type { Completion } from '../upstream/completion.ts';

export class PendingRead<Value> implements Completion<Value> {
  readonly key: string;
  /** What it ended with; of no meaning before it has. */
  outcome: Value | Error | undefined;
  readonly #onSettled: (pending: PendingRead<Value>, outcome: Value | Error) => void;
  #isSettled = false;
  #waitGroups: WaitGroup | WaitGroup[] | undefined;
  #promise: Promise<Value> | undefined;

  /** @param onSettled Told of the outcome before anybody who waits for it. */
  constructor(key: string, onSettled: (pending: PendingRead<Value>, outcome: Value | Error) => void) {
    this.key = key;
    this.#onSettled = onSettled;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** For who waits for this one alone. */
  get promise(): Promise<Value> {
    this.#promise ??= this.#toPromise();
    return this.#promise;
  }

  resolve(value: Value): void {
    this.#settle(value);
  }

  reject(error: unknown): void {
    this.#settle(asError(error));
  }

  /** `group` waits for this one too. */
  notify(group: WaitGroup): void {
    group.add();
    if (this.#waitGroups === undefined) this.#waitGroups = group;
    else if (this.#waitGroups instanceof WaitGroup) this.#waitGroups = [this.#waitGroups, group];
    else this.#waitGroups.push(group);
  }

  #settle(outcome: Value | Error): void {
    this.#isSettled = true;
    this.outcome = outcome;
    this.#onSettled(this, outcome);
    const waitGroups = this.#waitGroups;
    this.#waitGroups = undefined;
    if (waitGroups instanceof WaitGroup) waitGroups.done();
    else if (waitGroups !== undefined) for (const group of waitGroups) group.done();
  }

  async #toPromise(): Promise<Value> {
    if (!this.#isSettled) {
      const group = new WaitGroup();
      this.notify(group);
      await group.finished;
    }
    const { outcome } = this;
    if (outcome instanceof Error) throw outcome;
    return outcome as Value; // it has ended
  }
}

/** Waits for several readings. */
export class WaitGroup {
  /** Resolved when the last of them has ended, however it did. */
  readonly finished: Promise<void>;
  #left = 0;
  #resolve: () => void = noop;

  constructor() {
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add(): void {
    this.#left += 1;
  }

  done(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#resolve();
  }
}

function noop(): void {}

/** A value that may be known already. Where it is, nobody has to wait a turn for it, and no promise is made. */
export type PromiseOrValue<Value> = Value | Promise<Value>;

/** `use` of a value, at once where it is known. */
export function thenOrNow<Value, Result>(
  value: PromiseOrValue<Value>,
  use: (value: Value) => PromiseOrValue<Result>,
): PromiseOrValue<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}
