/**
 * Time of the event loop for callers of whom nothing is known. Texts are parsed and validated before the upstream could say whether a
 * credential is good: so those whose credential it has not taken yet share a part of the event loop, for operations that are
 * not kept prepared, and one address has half of that part.
 *
 * Not rate-limiter-flexible: it counts in fixed windows and tells later, while here the cost is known only afterwards, is
 * owed, and has to be asked for at once.
 */
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors.ts';

/**
 * Milliseconds of work that may come at once, of all together: after a start the app's whole set of operations comes in texts
 * that are parsed by code that is not compiled yet, some 10 ms each.
 */
const burstMs = 2_000;
/** One address's part of all. */
const addressPart = 0.5;
/** Milliseconds a refused call takes, its error and its place in the answer included; and calls nobody notices. */
const callMs = 0.04;
const fewCalls = 20;
/** Most addresses that are remembered. */
const mostAddresses = 10_000;

/** A bucket of milliseconds that fills as time goes by; what is drawn from it is known afterwards, so it may be in debt. */
class Bucket {
  readonly #share: number;
  readonly #most: number;
  #level: number;
  #at: number;

  constructor(share: number, most: number, now: number) {
    this.#share = share;
    this.#most = most;
    this.#level = most;
    this.#at = now;
  }

  level(now: number): number {
    this.#level = Math.min(this.#most, this.#level + (now - this.#at) * this.#share);
    this.#at = now;
    return this.#level;
  }

  draw(ms: number): void {
    this.#level -= ms;
  }

  refund(ms: number): void {
    this.#level = Math.min(this.#most, this.#level + ms);
  }

  /** Milliseconds until there is something in it. */
  wait(): number {
    return this.#level > 0 ? 0 : -this.#level / this.#share;
  }
}

/** What one request of an unproven caller draws. */
export interface WorkAccount {
  /**
   * Does the work and draws the time it took.
   * @throws GatewayError `RATE_LIMITED` when nothing is left.
   */
  spend<Result>(work: () => Result): Result;
  /**
   * Draws the time an operation takes when the upstream refuses each of its calls: an error for each.
   * @param calls Upstream calls it may cause; few draw nothing.
   * @throws GatewayError `RATE_LIMITED` when nothing is left.
   */
  charge(calls: number): void;
  /** Gives back what was drawn, once the upstream has taken the credential: a restart's crowd of good callers costs nothing. */
  refund(): void;
}

export class WorkBudget {
  readonly #share: number;
  readonly #all: Bucket;
  readonly #addresses = new LRUCache<string, Bucket>({ max: mostAddresses });

  /** @param share Of the event loop, 0 to 1. */
  constructor(share: number) {
    this.#share = share;
    this.#all = new Bucket(share, burstMs, performance.now());
  }

  /** @param address Of the client; undefined where it is not known. */
  account(address: string | undefined): WorkAccount {
    let drawn = 0;
    const draw = (own: Bucket, ms: number) => {
      drawn += ms;
      own.draw(ms);
      this.#all.draw(ms);
    };
    return {
      spend: (work) => {
        const now = performance.now();
        const own = this.#open(address, now);
        try {
          return work();
        } finally {
          // By the clock, not by processor time: it is the loop's time that others wait for.
          draw(own, performance.now() - now);
        }
      },
      charge: (calls) => {
        if (calls > fewCalls) draw(this.#open(address, performance.now()), calls * callMs);
      },
      refund: () => {
        this.#bucketOf(address ?? '', performance.now()).refund(drawn);
        this.#all.refund(drawn);
        drawn = 0;
      },
    };
  }

  #open(address: string | undefined, now: number): Bucket {
    const own = this.#bucketOf(address ?? '', now);
    if (own.level(now) <= 0 || this.#all.level(now) <= 0) {
      const waitMs = Math.max(own.wait(), this.#all.wait());
      throw new GatewayError('RATE_LIMITED', {
        message: 'Too many new operations are sent with credentials that are not known to be good.',
        retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      });
    }
    return own;
  }

  #bucketOf(address: string, now: number): Bucket {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    const bucket = new Bucket(this.#share * addressPart, burstMs * addressPart, now);
    this.#addresses.set(address, bucket);
    return bucket;
  }
}
