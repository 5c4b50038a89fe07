/** Who is asking: the credential and the names of the request, out of HTTP headers or WebSocket parameters. */

import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { credentialForm, GatewayError } from '../errors.ts';
import type { CancellationSource } from '../upstream/cancellation.ts';
import { type Credential, createCredential } from '../upstream/credential.ts';
import type { CredentialStanding } from '../upstream/transport/credential-standing.ts';
import type { Caller } from '../upstream/upstream.ts';

const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const deviceIdPattern = /^[\x21-\x7e]{1,200}$/;
/** What may stand in logs and answers as somebody else's request id. */
const requestIdPattern = /^[\w.:/=+-]{1,128}$/;
const traceparentPattern = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/**
 * The credential to forward, undefined when none was sent. It is written in one way, however it came: else one credential
 * would count as many, each with limits of its own. API keys know no devices.
 * @throws GatewayError `UNAUTHENTICATED` when it is neither `Basic` with a key and secret nor `Bearer`.
 */
export function parseCredential(authorization: string | undefined, deviceId?: string): Credential | undefined {
  if (authorization === undefined || authorization === '') return undefined;
  const pair = Buffer.from(basic.exec(authorization)?.[1] ?? '', 'base64');
  if (pair.includes(':')) return createCredential(`Basic ${pair.toString('base64')}`);
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) {
    throw new GatewayError('UNAUTHENTICATED', { message: `Authorization: expected ${credentialForm}.` });
  }
  const isDevice = deviceId !== undefined && deviceIdPattern.test(deviceId);
  return createCredential(`Bearer ${token}`, isDevice ? deviceId : undefined);
}

/** Whose request it is, when the upstream took the credential before; undefined for all others. */
export function provenHolder(headers: IncomingHttpHeaders, standing: CredentialStanding): string | undefined {
  return standing.provenHolder(callerOf(headers, '', undefined).credential);
}

export function requestIdOf(headers: IncomingHttpHeaders): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && requestIdPattern.test(sent) ? sent : randomUUID();
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The caller of a request. A malformed credential is no credential, and `credentialError` says so: signing in does without
 * one, and is not refused for what stands beside it.
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
  };
}
