/**
 * Who asks the same of the same events: subscribers of one credential with the same operation and variables. What one of them
 * made of an event the others take over, for a second; who resumes later reads users and groups afresh.
 */

/** Milliseconds. */
const shareWindowMs = 1_000;

interface CachedResult<Result> {
  readonly startedAt: number;
  readonly result: Result | Promise<Result>;
}

export interface SubscriberGroup<Result> {
  /** What was made of `event` a moment ago, or what `compute` gives. */
  getOrCompute(event: object, compute: () => Result | Promise<Result>): Result | Promise<Result>;
  /** One member less. To be called once. */
  leave(): void;
}

export class SubscriberGroups<Result> {
  readonly #byKey = new Map<string, ResultCache<Result>>();

  /** @param key Names credential, operation and variables. */
  join(key: string): SubscriberGroup<Result> {
    let results = this.#byKey.get(key);
    if (results === undefined) {
      results = new ResultCache();
      this.#byKey.set(key, results);
    }
    const joined = results;
    joined.members += 1;
    return {
      getOrCompute: (event, compute) => joined.getOrCompute(event, compute),
      leave: () => {
        joined.members -= 1;
        if (joined.members === 0) this.#byKey.delete(key);
      },
    };
  }
}

/** Results go with the event they were made of, and when two windows have passed. */
class ResultCache<Result> {
  members = 0;
  #latest = new WeakMap<object, CachedResult<Result>>();
  #previous = new WeakMap<object, CachedResult<Result>>();
  #rotatedAt = Number.NEGATIVE_INFINITY;

  getOrCompute(event: object, compute: () => Result | Promise<Result>): Result | Promise<Result> {
    if (this.members === 1) return compute(); // nobody to share with, and it costs
    const now = performance.now();
    const cached = this.#latest.get(event) ?? this.#previous.get(event);
    if (cached !== undefined && now - cached.startedAt <= shareWindowMs) return cached.result;
    if (now - this.#rotatedAt > shareWindowMs) {
      this.#previous = this.#latest;
      this.#latest = new WeakMap();
      this.#rotatedAt = now;
    }
    const result = compute();
    this.#latest.set(event, { startedAt: now, result });
    return result;
  }
}
