/** Reachability of the upstream, for readiness. */

import { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';

/** True when the API answers at all: a refused credential, or an installation without this call, is an answer too. */
export async function isReachable(upstream: Upstream): Promise<boolean> {
  try {
    await upstream.call({ operationId: 'getServerStatus', method: 'GET', path: '/v2/status' });
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return error.code !== 'UPSTREAM_UNAVAILABLE' && error.code !== 'UPSTREAM_TIMEOUT';
  }
}
