/** The caller of a WebSocket operation, from `connection_init`, the upgrade request and the operation itself. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SubscribePayload } from 'graphql-ws';
import { badUserInput } from '../../errors.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';
import type { Identity } from '../authentication/identity.ts';
import { callerOf, traceparentOf } from '../caller.ts';
import type { ConnectionState } from './connection.ts';

/**
 * Removes the payload of `connection_init` from the context of graphql-ws, which keeps it as long as the connection is open. It may
 * be a mebibyte of JSON from an unauthenticated client.
 */
export function dropConnectionParams(context: { readonly connectionParams?: unknown }): void {
  (context as { connectionParams?: unknown }).connectionParams = undefined; // readonly in the type only: graphql-ws assigns it as well
}

/**
 * The strings of a payload as headers. Names of headers are case-insensitive, and GraphiQL sends them as typed, so one name may have
 * several spellings. They are treated as repeated headers of a request: joined with commas, as Node does.
 * @param field Path of the payload, for the error.
 * @throws GatewayError `BAD_USER_INPUT` for more than one Authorization, as for a request with two.
 */
export function headersOf(payload: unknown, field: string): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  if (typeof payload !== 'object' || payload === null) return headers;
  for (const [spelling, value] of Object.entries(payload)) {
    if (typeof value !== 'string') continue;
    const name = spelling.toLowerCase();
    const other = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (other !== undefined && name === 'authorization') throw badUserInput(field, 'at most one authorization');
    // Defined, because assignment to `__proto__` would not add a property.
    const joined = other === undefined ? value : `${other}, ${value}`;
    Object.defineProperty(headers, name, { value: joined, enumerable: true, configurable: true });
  }
  return headers;
}

/**
 * Headers of an operation, in lower case. GraphiQL sends the content of its header editor in `extensions.headers` of each operation,
 * and nothing in `connection_init`.
 * @throws GatewayError `BAD_USER_INPUT` for more than one Authorization.
 */
export function headersIn({ extensions }: SubscribePayload): IncomingHttpHeaders {
  return headersOf(extensions?.headers, 'extensions.headers');
}

/**
 * The caller of an operation: its own headers take precedence over those of the connection.
 * @param own Identity of the operation's headers.
 */
export function callerOn(
  { headers: connection, identity, address }: ConnectionState,
  own: Identity,
  headers: IncomingHttpHeaders,
  requestId: string,
  cancellation: CancellationSource,
): Caller {
  // A malformed credential is rejected, even when the connection has a valid one.
  const isOwn = own.credential !== undefined || own.credentialError !== undefined;
  const sender = callerOf(isOwn ? own : identity, headers, requestId, cancellation, address);
  return {
    ...sender,
    session: identity.session,
    // The connection closes when its own identity expires.
    expiresAt: isOwn ? own.expiresAt : undefined,
    traceparent: sender.traceparent ?? traceparentOf(connection),
  };
}
