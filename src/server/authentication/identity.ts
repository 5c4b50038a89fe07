/** The identity behind a request: the upstream credential it gives, and until when. */
import type { IncomingHttpHeaders } from 'node:http';
import type { BrowserSession } from '../../domain/session.ts';
import { credentialForm, GatewayError } from '../../errors.ts';
import { type Credential, createCredential } from '../../upstream/credential.ts';
import type { CredentialMemo } from './credential-memo.ts';

export interface Identity {
  /** Undefined when the client sent none or an invalid one. */
  readonly credential: Credential | undefined;
  /** Why what the client sent is invalid; undefined when it is valid or absent. */
  readonly credentialError: GatewayError | undefined;
  /** End of the credential in milliseconds since the epoch; undefined when the upstream alone decides. */
  readonly expiresAt: number | undefined;
  /** Undefined when the gateway offers no sessions. */
  readonly session: BrowserSession | undefined;
}

/** The identity of a request without a credential. */
export const anonymous: Identity = {
  credential: undefined,
  credentialError: undefined,
  expiresAt: undefined,
  session: undefined,
};

/** As a byte: `indexOf` of a byte is faster than of a string. */
const colon = 0x3a;
const basic = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
const deviceIdPattern = /^[\x21-\x7e]{1,200}$/;

/** Whether the headers contain a credential. Even a malformed one takes precedence over a session. */
export function hasAuthorization({ authorization }: IncomingHttpHeaders): boolean {
  return authorization !== undefined && authorization !== '';
}

/** The token of a `Bearer` value; undefined for any other. */
export function bearerToken(authorization: string): string | undefined {
  return bearer.exec(authorization)?.[1];
}

/**
 * The credential to forward upstream. It is normalised, because two spellings of one credential would otherwise have separate limits.
 * An API key has no device id.
 * @throws GatewayError `UNAUTHENTICATED` when the header is neither `Basic` with a key and secret nor `Bearer`.
 */
function parseCredential(authorization: string, deviceId: string | undefined): Credential {
  const pair = Buffer.from(basic.exec(authorization)?.[1] ?? '', 'base64');
  if (pair.includes(colon)) return createCredential(`Basic ${pair.toString('base64')}`);
  const token = bearerToken(authorization);
  if (token === undefined) {
    throw new GatewayError('UNAUTHENTICATED', { message: `Authorization: expected ${credentialForm}.` });
  }
  const isDevice = deviceId !== undefined && deviceIdPattern.test(deviceId);
  return createCredential(`Bearer ${token}`, isDevice ? deviceId : undefined);
}

/**
 * The identity of an `Authorization` value that is the upstream's own credential. A malformed one is treated as absent and reported in
 * `credentialError`, because operations such as signing in need no credential and must not fail for a malformed one.
 */
export function upstreamIdentity(
  authorization: string,
  deviceId: string | undefined,
  session: BrowserSession | undefined,
  memo: CredentialMemo,
): Identity {
  if (authorization === '') return { ...anonymous, session };
  let credential = memo.get(authorization, deviceId);
  let credentialError: GatewayError | undefined;
  try {
    if (credential === undefined) {
      credential = parseCredential(authorization, deviceId);
      memo.set(authorization, deviceId, credential);
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    credentialError = error;
  }
  return { credential, credentialError, expiresAt: undefined, session };
}

/** The error of a subscription, and of operations on its socket, whose credential has reached its end. */
export function credentialExpired(): GatewayError {
  return new GatewayError('UNAUTHENTICATED', { message: 'The credential has expired; sign in again.' });
}
