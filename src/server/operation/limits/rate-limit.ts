/** Rate limit of operations per credential. The upstream has its own limits. */
import { GatewayError } from '../../../errors.ts';
import type { CredentialStanding } from '../../../upstream/transport/breaker/credential-standing.ts';
import type { Caller } from '../../../upstream/upstream.ts';
import { OperationCounts } from '../../../util/operation-counts.ts';

/** Operations without a credential, such as signing in, count by address: one client cannot keep all others from signing in. */
type Counted = Pick<Caller, 'credential' | 'address'>;

/** @throws GatewayError `RATE_LIMITED` with the seconds until the next operation is accepted. */
export type EnforceRateLimit = (caller: Counted) => Promise<void>;

/**
 * Counts one operation. @returns Milliseconds until the next one is admitted; 0 if this one is.
 * @param isAccepted Whether the upstream has accepted the credential.
 */
export type ConsumeOperation = (caller: Counted, isAccepted: boolean) => number | Promise<number>;

/**
 * @param operationsPerMinute Limit of one credential, and of one address without a credential; 0 disables the rate limit.
 * @param standing Which credentials the upstream has accepted: those that clients invent push out no count of another.
 * @param shared Counts the operations of all replicas. Undefined: those of this process are counted.
 */
export function createRateLimit(
  operationsPerMinute: number,
  standing: Pick<CredentialStanding, 'isAccepted'>,
  shared?: ConsumeOperation,
): EnforceRateLimit | undefined {
  if (operationsPerMinute === 0) return undefined;
  const consume = shared ?? consumeInMemory(operationsPerMinute);
  return async (caller) => {
    const waitMs = await consume(caller, caller.credential !== undefined && standing.isAccepted(caller.credential));
    if (waitMs === 0) return;
    throw new GatewayError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  };
}

function consumeInMemory(limit: number): ConsumeOperation {
  const counts = new OperationCounts();
  return ({ credential, address = '' }, isAccepted) =>
    counts.consume({ credential: credential?.principalKey, address, isAccepted }, limit);
}
