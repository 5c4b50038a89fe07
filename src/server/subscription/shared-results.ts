/**
 * Shares results between equal subscriptions: those of one credential with the same operation and variables. They share the
 * result computed for an event for one second; later resumers compute it again, with users and groups as they are then.
 */

/** Time in which the result of an event is shared, in milliseconds. */
const shareWindowMs = 1_000;

interface CachedResult<Result> {
  readonly startedAt: number;
  readonly result: Result | Promise<Result>;
}

export interface SubscriberGroup<Result> {
  /** The cached result for `event`, or the result of `compute`, which is then cached. */
  getOrCompute(event: object, compute: () => Result | Promise<Result>): Result | Promise<Result>;
  /** Removes the member from the group. Has to be called exactly once. */
  leave(): void;
}

export class SubscriberGroups<Result> {
  readonly #byKey = new Map<string, ResultCache<Result>>();

  /** @param key Identifies credential, operation and variables. */
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

/** Cached results are released with their event, or after two windows at the latest. */
class ResultCache<Result> {
  members = 0;
  #latest = new WeakMap<object, CachedResult<Result>>();
  #previous = new WeakMap<object, CachedResult<Result>>();
  #rotatedAt = Number.NEGATIVE_INFINITY;

  getOrCompute(event: object, compute: () => Result | Promise<Result>): Result | Promise<Result> {
    if (this.members === 1) return compute(); // caching is unnecessary for a single subscriber
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
