/** Reachability of the upstream, for readiness. */
import { GatewayError } from '../errors.ts';
import type { Upstream } from './client.ts';

/** True when the upstream answers at all; a refused credential is an answer too. */
export async function isReachable(upstream: Upstream): Promise<boolean> {
  try {
    await upstream.call({ operationId: 'getServerStatus', method: 'GET', path: '/v2/status' });
    return true;
  } catch (error) {
    return error instanceof GatewayError && error.code === 'UNAUTHENTICATED';
  }
}
