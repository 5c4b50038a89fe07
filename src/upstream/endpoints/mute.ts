/** Muted conversations and organizations. */

import type { Mute } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import { headerValue } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema, invalidReply } from '../wire/contract-check.ts';
import { decodeOrError, nonEmpty, requireArray } from '../wire/read.ts';
import { fromUnixSeconds } from '../wire/timestamp.ts';
import { path } from './path.ts';

export interface MuteOptions {
  /** Duration in minutes, 1 to 525600 (contract, MuteRequest). */
  readonly minutes: number;
  /** Key of the caller's organization in the conversation. */
  readonly organization?: string | undefined;
}

interface UnmuteOptions {
  readonly organization?: string | undefined;
}

/** All active mutes of the caller; an entry that breaks the contract yields its error. */
export async function listMutes(upstream: Upstream): Promise<(Mute | GatewayError)[]> {
  return upstream.read({ operationId: 'listMutes', method: 'GET', path: '/v2/mute', repeatable: true }, ({ reply }) =>
    requireArray(reply, 'listMutes.reply').map((row) => decodeOrError(row, decodeMute)),
  );
}

/** @param senderOrganization Organization of the muted user; default: `organization`. */
export async function muteUser(
  upstream: Upstream,
  token: string,
  {
    minutes,
    organization,
    senderOrganization = organization,
  }: MuteOptions & { readonly senderOrganization?: string | undefined },
): Promise<void> {
  await upstream.call({
    operationId: 'muteUser',
    method: 'POST',
    path: '/v2/mute/p2p',
    json: {
      duration: String(minutes),
      sender_token: token,
      sender_organization: senderOrganization,
      receiver_organization: organization,
    },
  });
}

/** Ends the mute of a user. */
export async function unmuteUser(
  upstream: Upstream,
  token: string,
  {
    organization,
    senderOrganization = organization,
  }: UnmuteOptions & { readonly senderOrganization?: string | undefined } = {},
): Promise<void> {
  await upstream.call({
    operationId: 'unmuteUser',
    method: 'DELETE',
    path: '/v2/mute/p2p',
    headers: [
      ...['tt-x-sender-token', headerValue('token', token)],
      ...(senderOrganization === undefined
        ? []
        : ['tt-x-sender-organization', headerValue('organization', senderOrganization)]),
      ...receiverOrganization(organization),
    ],
  });
}

/** Mutes a group for some minutes. */
export async function muteGroup(upstream: Upstream, token: string, options: MuteOptions): Promise<void> {
  await upstream.call({
    operationId: 'muteGroup',
    method: 'POST',
    path: path`/v2/mute/group/${token}`,
    json: { duration: String(options.minutes), receiver_organization: options.organization },
  });
}

/** Ends the mute of a group. */
export async function unmuteGroup(upstream: Upstream, token: string, options: UnmuteOptions = {}): Promise<void> {
  await upstream.call({
    operationId: 'unmuteGroup',
    method: 'DELETE',
    path: path`/v2/mute/group/${token}`,
    headers: receiverOrganization(options.organization),
  });
}

/** Mutes all conversations of an organization for some minutes. */
export async function muteOrganization(upstream: Upstream, organization: string, minutes: number): Promise<void> {
  await upstream.call({
    operationId: 'muteOrganization',
    method: 'POST',
    path: path`/v2/mute/organization/${organization}`,
    json: { duration: String(minutes), receiver_organization: organization },
  });
}

/** Ends the mute of an organization. */
export async function unmuteOrganization(upstream: Upstream, organization: string): Promise<void> {
  await upstream.call({
    operationId: 'unmuteOrganization',
    method: 'DELETE',
    path: path`/v2/mute/organization/${organization}`,
    headers: receiverOrganization(organization),
  });
}

/** Removes all mutes of the caller. */
export async function clearMutes(upstream: Upstream): Promise<void> {
  await upstream.call({ operationId: 'clearMutes', method: 'DELETE', path: '/v2/mute' });
}

function receiverOrganization(organization: string | undefined): readonly string[] {
  return organization === undefined ? [] : ['tt-x-receiver-organization', headerValue('organization', organization)];
}

const kinds = { account: 'USER', group: 'GROUP', organization: 'ORGANIZATION' } as const;

function decodeMute(row: unknown): Mute {
  const wire = assertSchema('Mute', row);
  if (wire.sender_type === undefined) throw invalidReply('Mute.sender_type');
  const kind = kinds[wire.sender_type];
  const organization = nonEmpty(wire.organization_id) ?? nonEmpty(wire.caller_organization);
  const token =
    kind === 'ORGANIZATION'
      ? (nonEmpty(wire.sender_organization) ?? organization ?? nonEmpty(wire.sender_token))
      : nonEmpty(wire.sender_token);
  if (token === undefined) throw invalidReply('Mute.sender_token');
  if (wire.mute_start === undefined) throw invalidReply('Mute.mute_start');
  if (wire.mute_duration === undefined) throw invalidReply('Mute.mute_duration');
  const mutedUntil = fromUnixSeconds(wire.mute_start + wire.mute_duration * 60, 'Mute.mute_start');
  return { kind, token, organization, mutedUntil };
}
