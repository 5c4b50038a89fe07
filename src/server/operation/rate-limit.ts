/** Rate limit of operations per credential. Counted in this process only; the upstream has its own limits. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../../errors.ts';
import type { Credential } from '../../upstream/credential.ts';

/** @throws GatewayError `RATE_LIMITED` with the seconds until the next operation is accepted. */
export type EnforceRateLimit = (credential: Credential | undefined) => Promise<void>;

/** Key shared by all requests without a credential, which can only sign in. */
const anonymous = 'anonymous';

/** @param operationsPerMinute Limit of one credential; 0 disables the rate limit. */
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
