/** Account endpoints. */

import type { User } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization, Lookup, UpstreamReply } from '../request.ts';
import type { Upload } from '../upload.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeRowsByToken, requireArray } from '../wire/read.ts';
import { decodeUser } from '../wire/user.ts';
import { lookupPath, path, withQuery } from './path.ts';

/** Short form of an account, as look-ups return it. */
export interface UserLookup {
  readonly token: string;
  readonly displayName: string | undefined;
}

/** Undefined fields stay unchanged. */
export interface UserSettings {
  readonly displayName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly statusText?: string | undefined;
  readonly doNotDisturb?: boolean | undefined;
  readonly doNotDisturbText?: string | undefined;
  readonly avatar?: Upload | undefined;
}

/** The caller's own account. */
export function getMe(upstream: Upstream, { organization }: InOrganization = {}): Promise<User> {
  return upstream.read(
    {
      operationId: 'getMe',
      method: 'GET',
      path: '/v2/user?render_metadata=true',
      organization,
      repeatable: true,
    },
    ({ reply }) => decodeUser(reply),
  );
}

const decodeUserReply = ({ reply }: UpstreamReply): User => decodeUser(reply);

/** Look-up of an account; yields undefined when it does not exist or is not visible to the caller. */
export function userLookup(address: string, { organization }: InOrganization = {}): Lookup<User> {
  return {
    request: {
      operationId: 'getUser',
      method: 'GET',
      path: lookupPath`/v2/user/${address}?render_metadata=true`,
      organization,
      repeatable: true,
    },
    decode: decodeUserReply,
  };
}

/**
 * Reads several accounts in one call.
 * @param tokens At most 20 (the official clients' limit).
 * @returns Users by token. A row that breaks the contract yields its error; unknown accounts are absent.
 */
export function lookupUsersBulk(
  upstream: Upstream,
  tokens: readonly string[],
  { organization }: InOrganization = {},
): Promise<Map<string, User | GatewayError>> {
  return upstream.read(
    {
      operationId: 'lookupUsersBulk',
      method: 'POST',
      path: '/v2/user_lookup_bulk?render_metadata=true',
      json: { users: tokens },
      organization,
      repeatable: true,
      batchSize: tokens.length,
    },
    ({ reply }) => decodeRowsByToken(requireArray(reply, 'lookupUsersBulk.reply'), 'token', decodeUser),
  );
}

/** Resolves an e-mail address, phone number or token. @returns Undefined when no account has this address. */
export async function lookupUser(upstream: Upstream, address: string): Promise<UserLookup | undefined> {
  return upstream.find({
    request: {
      operationId: 'lookupUser',
      method: 'GET',
      path: lookupPath`/v2/user_lookup/${address}`,
      repeatable: true,
    },
    decode: ({ reply }) => decodeUserLookup(reply),
  });
}

/**
 * Resolves an e-mail address or phone number; creates the account when the address is new.
 * @throws GatewayError `BAD_USER_INPUT` when the upstream rejects the address.
 */
export async function lookupOrCreateUser(upstream: Upstream, address: string): Promise<UserLookup> {
  return upstream.read(
    {
      operationId: 'lookupOrCreateUser',
      method: 'POST',
      path: path`/v2/user_lookup/${address}`,
      json: { display_name: address, [address.includes('@') ? 'email_address' : 'phone_number']: address },
    },
    ({ reply }) => decodeUserLookup(reply),
  );
}

/** Changes the caller's own profile. The avatar is sent in a separate call after the other fields. */
export async function updateUserSettings(upstream: Upstream, address: string, settings: UserSettings): Promise<void> {
  const { avatar, ...fields } = settings;
  const call = { operationId: 'updateUserSettings', method: 'POST', path: path`/v2/user/${address}/settings` } as const;
  if (avatar === undefined || Object.values(fields).some((value) => value !== undefined)) {
    await upstream.call({
      ...call,
      json: {
        display_name: fields.displayName,
        first_name: fields.firstName,
        last_name: fields.lastName,
        status: fields.statusText,
        dnd: fields.doNotDisturb,
        dnd_text: fields.doNotDisturbText,
      },
    });
  }
  if (avatar !== undefined) await upstream.call({ ...call, parts: [{ name: 'avatar', file: avatar }] });
}

/** Signs a user out of every device. */
export async function wipeUser(upstream: Upstream, token: string): Promise<void> {
  await upstream.call({ operationId: 'wipeUser', method: 'POST', path: withQuery('/v2/wipe', { token }), json: {} });
}

function decodeUserLookup(value: unknown): UserLookup {
  const wire = assertSchema('UserLookup', value);
  return { token: wire.token, displayName: wire.display_name };
}

/** Sets the caller's presence, which contacts are notified of. */
export async function updatePresence(upstream: Upstream, status: 'online' | 'away'): Promise<void> {
  await upstream.call({ operationId: 'updatePresence', method: 'PUT', path: path`/v2/presence/${status}` });
}
