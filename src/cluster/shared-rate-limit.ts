/** Counts operations of all replicas together. */
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Caller } from '../upstream/upstream.ts';
import type { CredentialKeys } from './credential-key.ts';
import type { RedisConnection } from './redis/connection.ts';

export interface SharedRateLimitOptions {
  readonly connection: RedisConnection;
  readonly keys: CredentialKeys;
  /** `REDIS_PREFIX`. */
  readonly prefix: string;
  /** Maximum operations of one credential, and of one address without a credential. */
  readonly operationsPerMinute: number;
  /** Number of live replicas at Redis' last answer, this one included; 1 when unknown. */
  readonly replicas: () => number;
}

/** Seconds. */
const duration = 60;

/** Counts one operation of a credential, or of an address without one. Without Redis, this replica counts alone and admits its share of the limit. */
export function createSharedRateLimit(
  options: SharedRateLimitOptions,
): (caller: Pick<Caller, 'credential' | 'address'>) => Promise<unknown> {
  const { connection, keys, prefix, operationsPerMinute: points, replicas } = options;
  const insuranceLimiter = new RateLimiterMemory({ points, duration });
  const limiter = new RateLimiterRedis({
    storeClient: connection.client,
    keyPrefix: `${prefix}:rate`,
    points,
    duration,
    insuranceLimiter,
  });
  return ({ credential, address = '' }) => {
    const key = credential === undefined ? keys.ofAddress(address) : keys.ofPrincipal(credential);
    // Not tried while Redis is away: each operation would wait REDIS_TIMEOUT_MS.
    if (connection.isUp) return limiter.consume(key);
    insuranceLimiter.points = Math.max(1, Math.floor(points / replicas()));
    return insuranceLimiter.consume(key);
  };
}
