/** Counts operations of all replicas together. */
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../upstream/upstream.ts';
import { countedMs, OperationCounts } from '../util/operation-counts.ts';
import type { CredentialKeys } from './credential-key.ts';
import type { RedisConnection } from './redis/connection.ts';

/**
 * Maximum credentials that the upstream has not accepted, and maximum addresses, that a replica counts in Redis per minute. Further ones are
 * counted in its own memory, so that those that clients invent do not fill Redis.
 */
const maxSharedKeys = 10_000;

export interface SharedRateLimitOptions {
  readonly connection: Pick<RedisConnection, 'client' | 'isUp'>;
  readonly keys: CredentialKeys;
  /** `REDIS_PREFIX`. */
  readonly prefix: string;
  /** Maximum operations of one credential, and of one address without a credential. */
  readonly operationsPerMinute: number;
  /** Number of live replicas at Redis' last answer, this one included; 1 when unknown. */
  readonly replicas: () => number;
}

/**
 * Counts one operation of a credential, or of an address without one. Without Redis, and for keys beyond `maxSharedKeys`, this replica counts
 * alone and admits its share of the limit.
 * @returns Milliseconds until the next one is admitted; 0 if this one is.
 */
export function createSharedRateLimit(
  options: SharedRateLimitOptions,
): (caller: Pick<Caller, 'credential' | 'address'>, isAccepted: boolean) => Promise<number> {
  const { connection, keys, prefix, operationsPerMinute: points, replicas } = options;
  const own = new OperationCounts();
  const unaccepted = new SharedKeys();
  const addresses = new SharedKeys();
  const limiter = new RateLimiterRedis({
    storeClient: connection.client,
    keyPrefix: `${prefix}:rate`,
    points,
    duration: countedMs / 1000,
  });
  return async ({ credential, address = '' }, isAccepted) => {
    const key = credential === undefined ? keys.ofAddress(address) : keys.ofPrincipal(credential);
    const shared = credential === undefined ? addresses : unaccepted;
    // Not tried while Redis is away: each operation would wait REDIS_TIMEOUT_MS.
    if (connection.isUp && (isAccepted || shared.add(key))) {
      const before = credential === undefined ? 0 : own.takeUnaccepted(key);
      try {
        await limiter.consume(key, 1 + before);
        return 0;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
      }
    }
    const share = Math.max(1, Math.floor(points / replicas()));
    return own.consume({ credential: credential && key, address: key, isAccepted }, share);
  };
}

/** The keys that are counted in Redis in this minute. */
class SharedKeys {
  readonly #keys = new Set<string>();
  #endsAt = 0;

  /** @returns False when there are too many. */
  add(key: string): boolean {
    const now = performance.now();
    if (now >= this.#endsAt) {
      this.#keys.clear();
      this.#endsAt = now + countedMs;
    }
    if (this.#keys.size >= maxSharedKeys) return this.#keys.has(key);
    this.#keys.add(key);
    return true;
  }
}
