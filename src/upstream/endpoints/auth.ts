/** Signing in and out. */

import { randomUUID } from 'node:crypto';
import type { ApiKey } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import type { UpstreamReply } from '../request.ts';
import { isEndpointUnsupported } from '../transport/failure.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { readString } from '../wire/read.ts';
import { decodeUser } from '../wire/user.ts';

export interface SignIn {
  /** E-mail address, phone number or login name. Without a product key it must not contain a colon (RFC 7617). */
  readonly userId: string;
  readonly password: string;
  /** Product key of the application; selects the upstream's own scheme (XMPP-Simple) instead of Basic. */
  readonly productKey?: string | undefined;
  /** Whether to request v5 with condensed replays, which the pair then has permanently; default: false. */
  readonly wantsCondensedReplays?: boolean | undefined;
}

/**
 * Exchanges a user id and password for an API key pair. They replace the caller's credential in this request; the caller
 * needs none.
 * @throws GatewayError `UNAUTHENTICATED` when the upstream rejects them.
 */
export async function login(
  upstream: Upstream,
  { userId, password, productKey, wantsCondensedReplays = false }: SignIn,
): Promise<ApiKey> {
  // XMPP-Simple: product key, user id and password joined by colons (contract, xmppSimple).
  const authorization =
    productKey === undefined
      ? `Basic ${base64(`${userId}:${password}`)}`
      : `XMPP-Simple ${base64(`${productKey}:${userId}:${password}`)}`;
  return postLogin(upstream, authorization, wantsCondensedReplays);
}

/** Invalidates the caller's key pair. @returns The logout page of a single sign-on account, if the upstream names one. */
export async function logout(upstream: Upstream): Promise<{ readonly externalLogoutUrl: string | undefined }> {
  const { reply } = await upstream.call({ operationId: 'logout', method: 'POST', path: '/v2/logout', json: {} });
  return { externalLogoutUrl: readString(reply, 'external_logout_url') };
}

async function postLogin(upstream: Upstream, authorization: string, wantsCondensed: boolean): Promise<ApiKey> {
  const request = {
    method: 'POST',
    headers: ['authorization', authorization],
    json: {
      device_id: randomUUID(),
      version: '1.0',
      metadata: { device_type: 'gateway' },
      // Condensed replays move the pair to the event stream of v5.
      want_condensed_replays: wantsCondensed,
      want_processing_events: wantsCondensed,
    },
  } as const;
  try {
    return await upstream.read({ ...request, operationId: 'loginV5', path: '/v5/login' }, decodeApiKey);
  } catch (error) {
    // Older installations have only the v2 endpoint; the missing v5 endpoint has not checked the password.
    if (!isEndpointUnsupported(error)) throw toSignInError(error);
  }
  try {
    return await upstream.read({ ...request, operationId: 'loginV2', path: '/v2/login' }, decodeApiKey);
  } catch (error) {
    throw toSignInError(error);
  }
}

/** Attributes a rejection to the input instead of the credential of the request. */
function toSignInError(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'UNAUTHENTICATED') return error;
  return new GatewayError('UNAUTHENTICATED', {
    message: 'The upstream rejected the user id or the password.',
    field: 'input',
    cause: error.cause,
  });
}

function decodeApiKey({ reply }: UpstreamReply): ApiKey {
  const { auth, user, settings } = assertSchema('LoginReply', reply);
  return {
    key: auth.key,
    secret: auth.secret,
    user: decodeUser(user),
    hasCondensedReplays: settings?.condensed_replays === true,
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
