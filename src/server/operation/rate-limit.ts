/** How often one credential may ask. Counted in this process alone; the upstream has limits of its own behind it. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../../errors.ts';
import type { Credential } from '../../upstream/credential.ts';

/** @throws GatewayError `RATE_LIMITED` with the seconds until the next operation is taken. */
export type EnforceRateLimit = (credential: Credential | undefined) => Promise<void>;

/** Those without a credential can only sign in; they share one allowance. */
const anonymous = 'anonymous';

/** @param operationsPerMinute Of one credential; 0 gives no limiter at all. */
export function createRateLimit(operationsPerMinute: number): EnforceRateLimit | undefined {
  if (operationsPerMinute === 0) return undefined;
  const limiter = new RateLimiterMemory({ points: operationsPerMinute, duration: 60 });
  return async (credential) => {
    try {
      await limiter.consume(credential?.principalKey ?? anonymous);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new GatewayError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
    }
  };
}
