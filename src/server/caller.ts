/** The caller of an operation: credential, request id and trace context, read from HTTP headers or WebSocket parameters. */

import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { credentialForm, GatewayError } from '../errors.ts';
import type { CancellationSource } from '../upstream/cancellation.ts';
import { type Credential, createCredential } from '../upstream/credential.ts';
import type { CredentialStanding } from '../upstream/transport/credential-standing.ts';
import type { Caller } from '../upstream/upstream.ts';

/** As a byte: a search for one is faster than for a text. */
const colon = 0x3a;
const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const deviceIdPattern = /^[\x21-\x7e]{1,200}$/;
/** Request ids accepted from clients; they are written to logs and responses. */
const requestIdPattern = /^[\w.:/=+-]{1,128}$/;
const traceparentPattern = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/**
 * The credential to forward upstream; undefined when none was sent. It is normalised, because two spellings of one credential would
 * otherwise have separate limits. An API key has no device id.
 * @throws GatewayError `UNAUTHENTICATED` when the header is neither `Basic` with a key and secret nor `Bearer`.
 */
export function parseCredential(authorization: string | undefined, deviceId?: string): Credential | undefined {
  if (authorization === undefined || authorization === '') return undefined;
  const pair = Buffer.from(basic.exec(authorization)?.[1] ?? '', 'base64');
  if (pair.includes(colon)) return createCredential(`Basic ${pair.toString('base64')}`);
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) {
    throw new GatewayError('UNAUTHENTICATED', { message: `Authorization: expected ${credentialForm}.` });
  }
  const isDevice = deviceId !== undefined && deviceIdPattern.test(deviceId);
  return createCredential(`Bearer ${token}`, isDevice ? deviceId : undefined);
}

/** Key of the request's credential if the upstream has accepted that credential before; undefined otherwise. */
export function acceptedPrincipal(headers: IncomingHttpHeaders, standing: CredentialStanding): string | undefined {
  return standing.acceptedPrincipal(callerOf(headers, '', undefined).credential);
}

/** The client's `X-Request-Id` if it is valid, or a new UUID. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const requested = headers['x-request-id'];
  return typeof requested === 'string' && requestIdPattern.test(requested) ? requested : randomUUID();
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The caller of a request. A malformed credential is treated as absent and reported in `credentialError`, because operations such as
 * signing in need no credential and must not fail for a malformed one.
 */
export function callerOf(
  headers: IncomingHttpHeaders,
  requestId: string,
  cancellation: CancellationSource | undefined,
  address?: string,
): Caller {
  const traceparent = single(headers.traceparent);
  let credential: Credential | undefined;
  let credentialError: GatewayError | undefined;
  try {
    credential = parseCredential(headers.authorization, single(headers['x-device-id']));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    credentialError = error;
  }
  return {
    requestId,
    address,
    cancellation,
    credential,
    credentialError,
    traceparent: traceparent !== undefined && traceparentPattern.test(traceparent) ? traceparent : undefined,
    // Replaced in a copy, for each operation: a spread that adds a property takes 1.4 µs, one that replaces it 0.05 µs (Node 20).
    deadlineAt: undefined,
  };
}
