/** Rate limit of operations per credential. The upstream has its own limits. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../../../errors.ts';
import type { Caller } from '../../../upstream/upstream.ts';

/** Operations without a credential, such as signing in, count by address: one client cannot keep all others from signing in. */
type Counted = Pick<Caller, 'credential' | 'address'>;

/** @throws GatewayError `RATE_LIMITED` with the seconds until the next operation is accepted. */
export type EnforceRateLimit = (caller: Counted) => Promise<void>;

/** Counts one operation. @returns Rejects with `RateLimiterRes` beyond the limit. */
export type ConsumeOperation = (caller: Counted) => Promise<unknown>;

/**
 * @param operationsPerMinute Limit of one credential, and of one address without a credential; 0 disables the rate limit.
 * @param shared Counts the operations of all replicas. Undefined: those of this process are counted.
 */
export function createRateLimit(operationsPerMinute: number, shared?: ConsumeOperation): EnforceRateLimit | undefined {
  if (operationsPerMinute === 0) return undefined;
  const consume = shared ?? consumeInMemory(operationsPerMinute);
  return async (caller) => {
    try {
      await consume(caller);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new GatewayError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
    }
  };
}

function consumeInMemory(points: number): ConsumeOperation {
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  // No key of a credential has a space.
  return ({ credential, address = '' }) => limiter.consume(credential?.principalKey ?? `address ${address}`);
}
