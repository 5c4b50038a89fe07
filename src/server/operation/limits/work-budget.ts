/**
 * Budget of event-loop time for callers whose credential the upstream has not accepted yet. A text is parsed and validated before the upstream can
 * check the credential. These callers therefore share a fraction of the event
 * loop for operations that are not in the cache of prepared operations; one address gets at most half of that fraction.
 *
 * Not rate-limiter-flexible: it counts in fixed windows and answers asynchronously. Here the cost is known only after the
 * work, is carried as debt, and the check has to be synchronous.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../../errors.ts';

/**
 * Capacity of the shared bucket, in milliseconds of work. After a start all operations of an app are parsed by code that V8
 * has not compiled yet, about 10 ms each.
 */
const burstMs = 2_000;
/** Fraction of the budget that one address may use. */
const addressFraction = 0.5;
/** Time that a rejected upstream call takes, including its error in the response, in milliseconds. */
const rejectedCallMs = 0.04;
/** Operations with at most this many upstream calls are not charged for them. */
const uncountedCalls = 20;
/** Maximum number of addresses with a bucket; the least recently used one is evicted. */
const maxAddresses = 10_000;

/** Token bucket of milliseconds. The cost of work is known only after it, so the level may be negative. */
class Bucket {
  readonly #share: number;
  readonly #capacity: number;
  #level: number;
  #at: number;

  constructor(share: number, capacity: number, now: number) {
    this.#share = share;
    this.#capacity = capacity;
    this.#level = capacity;
    this.#at = now;
  }

  level(now: number): number {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#share);
    this.#at = now;
    return this.#level;
  }

  draw(ms: number): void {
    this.#level -= ms;
  }

  refund(ms: number): void {
    this.#level = Math.min(this.#capacity, this.#level + ms);
  }

  /** Milliseconds until the level is positive. */
  waitMs(): number {
    return this.#level > 0 ? 0 : -this.#level / this.#share;
  }
}

/** Budget use of one request whose credential the upstream has not accepted yet. */
export interface WorkAccount {
  /**
   * Runs `work` and charges the time it took.
   * @throws GatewayError `RATE_LIMITED` if the budget is exhausted.
   */
  spend<Result>(work: () => Result): Result;
  /** The same for work of an operation that was admitted: it is charged as debt and never rejected. */
  track<Result>(work: () => Result): Result;
  /**
   * Charges the time that an operation takes if the upstream rejects each of its calls: one error per call.
   * @param calls Maximum number of upstream calls; up to `uncountedCalls` are free.
   * @throws GatewayError `RATE_LIMITED` if the budget is exhausted.
   */
  charge(calls: number): void;
  /** Returns the charged time, once the upstream has accepted the credential: clients that reconnect after a restart are free. */
  refund(): void;
}

export class WorkBudget {
  readonly #share: number;
  readonly #all: Bucket;
  readonly #addresses = new LRUCache<string, Bucket>({ maxSize: maxAddresses, sizeCalculation: () => 1 });

  /** @param share Fraction of event-loop time, 0 to 1. */
  constructor(share: number) {
    this.#share = share;
    this.#all = new Bucket(share, burstMs, performance.now());
  }

  /** @param address Client address; all requests without one share a bucket. */
  account(address: string | undefined): WorkAccount {
    let drawn = 0;
    const draw = (own: Bucket, ms: number) => {
      drawn += ms;
      own.draw(ms);
      this.#all.draw(ms);
    };
    const timed = <Result>(own: Bucket, startedAt: number, work: () => Result): Result => {
      try {
        return work();
      } finally {
        // Wall-clock time, not CPU time: other requests wait for the event loop.
        draw(own, performance.now() - startedAt);
      }
    };
    return {
      spend: (work) => {
        const now = performance.now();
        return timed(this.#requireBucket(address, now), now, work);
      },
      track: (work) => {
        const now = performance.now();
        const own = this.#bucketOf(address ?? '', now);
        own.level(now);
        this.#all.level(now);
        return timed(own, now, work);
      },
      charge: (calls) => {
        if (calls > uncountedCalls) draw(this.#requireBucket(address, performance.now()), calls * rejectedCallMs);
      },
      refund: () => {
        this.#bucketOf(address ?? '', performance.now()).refund(drawn);
        this.#all.refund(drawn);
        drawn = 0;
      },
    };
  }

  #requireBucket(address: string | undefined, now: number): Bucket {
    const own = this.#bucketOf(address ?? '', now);
    if (own.level(now) <= 0 || this.#all.level(now) <= 0) {
      const waitMs = Math.max(own.waitMs(), this.#all.waitMs());
      throw new GatewayError('RATE_LIMITED', {
        message: 'Too many new operations with credentials that the upstream has not accepted yet.',
        retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      });
    }
    return own;
  }

  #bucketOf(address: string, now: number): Bucket {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    const bucket = new Bucket(this.#share * addressFraction, burstMs * addressFraction, now);
    this.#addresses.set(address, bucket);
    return bucket;
  }
}
