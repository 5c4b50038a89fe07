/**
 * Who asks the same of the same events: subscribers of one credential with the same operation and variables. What one of them
 * made of an event the others take over, for a second; who resumes later reads users and groups afresh.
 */

/** Milliseconds. */
const shareWindowMs = 1_000;

interface Shared<Result> {
  readonly startedAt: number;
  readonly result: Result | Promise<Result>;
}

export interface Audience<Result> {
  /** What was made of `event` a moment ago, or what `make` gives. */
  shared(event: object, make: () => Result | Promise<Result>): Result | Promise<Result>;
  /** One member less. To be called once. */
  leave(): void;
}

export class Audiences<Result> {
  readonly #all = new Map<string, SharedResults<Result>>();

  /** @param key Names credential, operation and variables. */
  join(key: string): Audience<Result> {
    let results = this.#all.get(key);
    if (results === undefined) {
      results = new SharedResults();
      this.#all.set(key, results);
    }
    const joined = results;
    joined.members += 1;
    return {
      shared: (event, make) => joined.of(event, make),
      leave: () => {
        joined.members -= 1;
        if (joined.members === 0) this.#all.delete(key);
      },
    };
  }
}

/** Results go with the event they were made of, and when two windows have passed. */
class SharedResults<Result> {
  members = 0;
  #latest = new WeakMap<object, Shared<Result>>();
  #before = new WeakMap<object, Shared<Result>>();
  #turnedAt = Number.NEGATIVE_INFINITY;

  of(event: object, make: () => Result | Promise<Result>): Result | Promise<Result> {
    if (this.members === 1) return make(); // nobody to share with, and it costs
    const now = performance.now();
    const known = this.#latest.get(event) ?? this.#before.get(event);
    if (known !== undefined && now - known.startedAt <= shareWindowMs) return known.result;
    if (now - this.#turnedAt > shareWindowMs) {
      this.#before = this.#latest;
      this.#latest = new WeakMap();
      this.#turnedAt = now;
    }
    const result = make();
    this.#latest.set(event, { startedAt: now, result });
    return result;
  }
}
