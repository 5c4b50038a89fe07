/**
 * A read in flight, and waiting for many of them. A list uses one wait group instead of one promise per item: a roster has
 * hundreds of items, and their promises would survive several garbage collections.
 */
import { asError } from '../errors.ts';
import { type Completion, toPromise } from '../upstream/completion.ts';

/** One read that is under way, or its outcome. */
export class PendingRead<Value> implements Completion<Value> {
  readonly key: string;
  /** Value or error of the read; valid only when `isSettled`. */
  outcome: Value | Error | undefined;
  readonly #onSettled: (pending: PendingRead<Value>, outcome: Value | Error) => void;
  #isSettled = false;
  #waitGroups: WaitGroup | WaitGroup[] | undefined;
  #promise: Promise<Value> | undefined;
  /** Settles the promise. */
  #completion: Completion<Value> | undefined;

  /** @param onSettled Called with the outcome before any waiter continues. */
  constructor(key: string, onSettled: (pending: PendingRead<Value>, outcome: Value | Error) => void) {
    this.key = key;
    this.#onSettled = onSettled;
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Settles with the outcome. Created on first use, for a caller that waits for this read alone. */
  get promise(): Promise<Value> {
    this.#promise ??= toPromise((completion) => {
      if (this.#isSettled)
        complete(completion, this.outcome as Value | Error); // settled
      else this.#completion = completion;
    });
    return this.#promise;
  }

  resolve(value: Value): void {
    this.#settle(value);
  }

  reject(error: unknown): void {
    this.#settle(asError(error));
  }

  /** Adds this unsettled read to those `group` waits for. */
  addWaitGroup(group: WaitGroup): void {
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
    const completion = this.#completion;
    this.#completion = undefined;
    if (completion !== undefined) complete(completion, outcome);
  }
}

function complete<Value>(completion: Completion<Value>, outcome: Value | Error): void {
  if (outcome instanceof Error) completion.reject(outcome);
  else completion.resolve(outcome);
}

/** Waits for several pending reads. */
export class WaitGroup {
  /** Resolves when the last read settles, whether it succeeds or fails. */
  readonly finished: Promise<void>;
  #pending = 0;
  #resolve: () => void = noop;

  constructor() {
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add(): void {
    this.#pending += 1;
  }

  done(): void {
    this.#pending -= 1;
    if (this.#pending === 0) this.#resolve();
  }
}

function noop(): void {}
