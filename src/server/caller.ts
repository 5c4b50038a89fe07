/** The caller of an operation: identity, request id and trace context, read from HTTP headers or WebSocket parameters. */

import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CancellationSource } from '../upstream/cancellation.ts';
import type { Caller } from '../upstream/upstream.ts';
import type { Identity } from './authentication/identity.ts';

/** Request ids accepted from clients; they are written to logs and responses. */
const requestIdPattern = /^[\w.:/=+-]{1,128}$/;
const traceparentPattern = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** The client's `X-Request-Id` if it is valid, or a new UUID. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const requested = headers['x-request-id'];
  return typeof requested === 'string' && requestIdPattern.test(requested) ? requested : createRequestId();
}

/** A new id. Node makes it of twenty pieces, 850 bytes in all, which V8 replaces by one text of 56 once a character is read. */
function createRequestId(): string {
  const id = randomUUID();
  id.charCodeAt(0);
  return id;
}

/** The client's trace context; undefined when it sent none or a malformed one. */
export function traceparentOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' && traceparentPattern.test(traceparent) ? traceparent : undefined;
}

/** The caller of a request. @param address Group in which limits count the client's address. */
export function callerOf(
  { credential, credentialError, expiresAt, session }: Identity,
  headers: IncomingHttpHeaders,
  requestId: string,
  cancellation: CancellationSource | undefined,
  address: string,
): Caller {
  return {
    requestId,
    address,
    cancellation,
    credential,
    credentialError,
    expiresAt,
    session,
    traceparent: traceparentOf(headers),
    // Replaced in a copy, for each operation: a spread that adds a property takes 1.4 µs, one that replaces it 0.05 µs (Node 20).
    deadlineAt: undefined,
    usage: undefined,
  };
}
