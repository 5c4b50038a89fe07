/** Upper bound on the duration of operations, in case a resolver, a loader or the executor never settles. */

import { type Completion, forwardTo, toPromise } from '../../../upstream/completion.ts';
import { clearDeadline, startDeadline, type Timed } from '../../../upstream/transport/deadline.ts';

/**
 * Milliseconds between an operation's deadline and its end. Upstream calls end at the deadline and become field errors
 * shortly after it; 500 ms is enough for that in a busy process.
 */
const graceMs = 500;

/** A result that is bounded in time. */
class Bounded<Value, Result> implements Timed {
  readonly deadlineAt: number;
  deadlineTimer: NodeJS.Timeout | undefined;
  /**
   * Undefined once it has ended. This object is in the old generation when its operation outlived two collections of the young one. It
   * stays there until a full collection, and would keep what it refers to: loaders and result of a roster, 120 kB (bench q2).
   */
  #late: (() => Value) | undefined;
  #completion: Completion<Result> | undefined;
  readonly #convert: (value: Value) => Result;

  constructor(
    deadlineAt: number,
    late: () => Value,
    convert: (value: Value) => Result,
    completion: Completion<Result>,
  ) {
    this.deadlineAt = deadlineAt;
    this.#late = late;
    this.#convert = convert;
    this.#completion = completion;
    startDeadline(this);
  }

  resolve(value: Value): void {
    const completion = this.#end();
    if (completion === undefined) return;
    try {
      completion.resolve(this.#convert(value));
    } catch (error) {
      completion.reject(error);
    }
  }

  reject(error: unknown): void {
    this.#end()?.reject(error);
  }

  expire(): void {
    const late = this.#late;
    if (late === undefined) return;
    try {
      this.resolve(late());
    } catch (error) {
      this.reject(error);
    }
  }

  /** @returns The completion to settle; undefined when it has ended before. */
  #end(): Completion<Result> | undefined {
    const completion = this.#completion;
    clearDeadline(this);
    this.#late = undefined;
    this.#completion = undefined;
    return completion;
  }
}

/**
 * The result, or what `late` returns or throws if there is none `graceMs` after the deadline.
 * @param deadlineAt Milliseconds, on the clock of `performance.now()`.
 */
export function withDeadline<Result>(result: Promise<Result>, deadlineAt: number, late: () => Result): Promise<Result> {
  return convertedWithDeadline(result, deadlineAt, late, identity);
}

/** The same, with the result converted; saves a separate promise for that. */
export function convertedWithDeadline<Value, Result>(
  value: Promise<Value>,
  deadlineAt: number,
  late: () => Value,
  convert: (value: Value) => Result,
): Promise<Result> {
  return toPromise((completion) => forwardTo(value, new Bounded(deadlineAt + graceMs, late, convert, completion)));
}

function identity<Value>(value: Value): Value {
  return value;
}
