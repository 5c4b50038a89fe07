/** The connector of the event streams: opens TCP and TLS connections to the upstream. */
import { buildConnector } from 'undici';
import type { Tls } from '../transport/tls.ts';

/** @param timeoutMs Limit for opening one connection, TLS handshake included. */
export function createStreamConnector(tls: Tls | undefined, timeoutMs: number): buildConnector.connector {
  return buildConnector({ ...tls, timeout: timeoutMs });
}
