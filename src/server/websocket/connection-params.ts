import type { IncomingHttpHeaders } from 'node:http';
import type { SubscribePayload } from 'graphql-ws';
import { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { callerOf } from '../caller.ts';
import type { SocketState } from './server.ts';

/** The caller of a WebSocket operation, from `connection_init`, the upgrade request and the operation itself. */

/** The library keeps what `connection_init` brought for as long as the socket lives: a mebibyte of JSON, of anybody. */
export function dropConnectionParams(context: { readonly connectionParams?: unknown }): void {
  (context as { connectionParams?: unknown }).connectionParams = undefined; // the library writes it too
}

export function stringIn(map: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  if (map === undefined) return undefined;
  // Header names are case-insensitive, and GraphiQL sends them as typed.
  const key = Object.keys(map).find((candidate) => candidate.toLowerCase() === name);
  const value = key === undefined ? undefined : map[key];
  return typeof value === 'string' ? value : undefined;
}

/** GraphiQL sends the header editor's content in `extensions.headers` of each operation and nothing on connecting. */
export function headersIn({ extensions }: SubscribePayload): IncomingHttpHeaders {
  const sent: unknown = extensions?.headers;
  if (typeof sent !== 'object' || sent === null) return {};
  const texts = Object.entries(sent).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value]));
}

/** What an operation says of itself counts before what its socket said. */
export function callerOn(
  { headers: { traceparent }, credential, address }: SocketState,
  headers: IncomingHttpHeaders,
  requestId: string,
  signal: AbortSignal,
): Caller {
  const own = callerOf(headers, requestId, CancellationSource.fromSignal(signal), address);
  return {
    ...own,
    // One that is malformed is not made good by the socket's.
    credential: own.credentialError === undefined ? (own.credential ?? credential) : undefined,
    traceparent: own.traceparent ?? callerOf({ traceparent }, requestId, undefined).traceparent,
  };
}
