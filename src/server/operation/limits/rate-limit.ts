/** Rate limit of operations per credential. The upstream has its own limits. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../../../errors.ts';
import type { Credential } from '../../../upstream/credential.ts';

/** @throws GatewayError `RATE_LIMITED` with the seconds until the next operation is accepted. */
export type EnforceRateLimit = (credential: Credential | undefined) => Promise<void>;

/** Key shared by all requests without a credential, which can only sign in. */
const anonymous = 'anonymous';

/** Counts one operation. @returns Rejects with `RateLimiterRes` beyond the limit. */
export type ConsumeOperation = (credential: Credential | undefined) => Promise<unknown>;

/**
 * @param operationsPerMinute Limit of one credential; 0 disables the rate limit.
 * @param shared Counts the operations of all replicas. Undefined: those of this process are counted.
 */
export function createRateLimit(operationsPerMinute: number, shared?: ConsumeOperation): EnforceRateLimit | undefined {
  if (operationsPerMinute === 0) return undefined;
  const consume = shared ?? consumeInMemory(operationsPerMinute);
  return async (credential) => {
    try {
      await consume(credential);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new GatewayError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
    }
  };
}

function consumeInMemory(points: number): ConsumeOperation {
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  return (credential) => limiter.consume(credential?.principalKey ?? anonymous);
}
