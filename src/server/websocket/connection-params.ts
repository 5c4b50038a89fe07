/** The caller of a WebSocket operation, from `connection_init`, the upgrade request and the operation itself. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SubscribePayload } from 'graphql-ws';
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

/** The string under a lower-case name. Header names are case-insensitive, and GraphiQL sends them as typed. */
export function stringIn(map: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  if (map === undefined) return undefined;
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === name);
  const value = key === undefined ? undefined : map[key];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Headers of an operation, in lower case. GraphiQL sends the content of its header editor in `extensions.headers` of each operation,
 * and nothing in `connection_init`.
 */
export function headersIn({ extensions }: SubscribePayload): IncomingHttpHeaders {
  const sent: unknown = extensions?.headers;
  if (typeof sent !== 'object' || sent === null) return {};
  const texts = Object.entries(sent).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value]));
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
