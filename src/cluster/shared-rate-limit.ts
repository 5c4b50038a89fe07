/** Counts operations of all replicas together. */
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Credential } from '../upstream/credential.ts';
import type { CredentialKeys } from './credential-key.ts';
import type { RedisConnection } from './redis/connection.ts';

export interface SharedRateLimitOptions {
  readonly connection: RedisConnection;
  readonly keys: CredentialKeys;
  /** `REDIS_PREFIX`. */
  readonly prefix: string;
  /** Maximum operations of one credential. */
  readonly operationsPerMinute: number;
  /** Number of replicas that were alive when Redis last answered, this one included; 1 when it is not known. */
  readonly replicas: () => number;
}

/** Seconds. */
const duration = 60;
/** Key shared by all requests without a credential, which can only sign in. */
const anonymous = 'anonymous';

/** Counts one operation of a credential. Without Redis this replica counts alone, and admits its part of the limit. */
export function createSharedRateLimit(
  options: SharedRateLimitOptions,
): (credential: Credential | undefined) => Promise<unknown> {
  const { connection, keys, prefix, operationsPerMinute: points, replicas } = options;
  const insuranceLimiter = new RateLimiterMemory({ points, duration });
  const limiter = new RateLimiterRedis({
    storeClient: connection.client,
    keyPrefix: `${prefix}:rate`,
    points,
    duration,
    insuranceLimiter,
  });
  return (credential) => {
    const key = credential === undefined ? anonymous : keys.ofPrincipal(credential);
    // An answer that does not come would delay each operation by REDIS_TIMEOUT_MS.
    if (connection.isUp) return limiter.consume(key);
    insuranceLimiter.points = Math.max(1, Math.floor(points / replicas()));
    return insuranceLimiter.consume(key);
  };
}
