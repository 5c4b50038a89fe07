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

/** The groups of equal subscriptions, by key. */
export class SubscriberGroups<Result> {
  readonly #byKey = new Map<string, SubscriberGroup<Result>>();

  /** @param key Identifies credential, operation and variables. */
  join(key: string): SubscriberGroup<Result> {
    let group = this.#byKey.get(key);
    if (group === undefined) {
      group = new SubscriberGroup(this.#byKey, key);
      this.#byKey.set(key, group);
    }
    group.members += 1;
    return group;
  }
}

/** Cached results are released with their event, or after two windows at the latest. */
export class SubscriberGroup<Result> {
  members = 0;
  readonly #groups: Map<string, SubscriberGroup<Result>>;
  readonly #key: string;
  /** Undefined before the first shared result: most groups never have a second member. */
  #latest: WeakMap<object, CachedResult<Result>> | undefined;
  #previous: WeakMap<object, CachedResult<Result>> | undefined;
  #rotatedAt = 0;

  constructor(groups: Map<string, SubscriberGroup<Result>>, key: string) {
    this.#groups = groups;
    this.#key = key;
  }

  /** The cached result for `event`, or the result of `compute`, which is then cached. */
  getOrCompute(event: object, compute: () => Result | Promise<Result>): Result | Promise<Result> {
    if (this.members === 1) return compute(); // caching is unnecessary for a single subscriber
    const now = performance.now();
    const cached = this.#latest?.get(event) ?? this.#previous?.get(event);
    if (cached !== undefined && now - cached.startedAt <= shareWindowMs) return cached.result;
    if (this.#latest === undefined || now - this.#rotatedAt > shareWindowMs) {
      this.#previous = this.#latest;
      this.#latest = new WeakMap();
      this.#rotatedAt = now;
    }
    const result = compute();
    this.#latest.set(event, { startedAt: now, result });
    return result;
  }

  /** Removes a member from the group. Has to be called exactly once for each `join`. */
  leave(): void {
    this.members -= 1;
    if (this.members === 0) this.#groups.delete(this.#key);
  }
}
