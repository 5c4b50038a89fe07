/** Reachability of the upstream, for the readiness check. */

import { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';

/** True when the API responds at all, including a rejected credential or an installation without this endpoint. */
export async function isReachable(upstream: Upstream): Promise<boolean> {
  try {
    await upstream.call({ operationId: 'getServerStatus', method: 'GET', path: '/v2/status' });
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.code !== 'UPSTREAM_UNAVAILABLE' && error.code !== 'UPSTREAM_TIMEOUT';
  }
}
