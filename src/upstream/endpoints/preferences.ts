/** Quick replies, the known part of the preferences of an account and of an organization (contract, Preferences). */

import { isRecord } from '../../util/is-record.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { path } from './path.ts';

/** Empty when none were set. @param userAddress The caller's own. */
export function getQuickReplies(upstream: Upstream, userAddress: string): Promise<readonly string[]> {
  const call = {
    operationId: 'getUserPreferences',
    method: 'GET',
    path: path`/v2/user/${userAddress}/preferences`,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeQuickReplies(reply) ?? []);
}

/** Replaces the caller's. @returns Undefined when the upstream answers without them. */
export function setQuickReplies(
  upstream: Upstream,
  userAddress: string,
  quickReplies: readonly string[],
): Promise<readonly string[] | undefined> {
  const call = {
    operationId: 'updateUserPreferences',
    method: 'POST',
    path: path`/v2/user/${userAddress}/preferences`,
    json: { quick_replies: quickReplies },
  } as const;
  return upstream.read(call, ({ reply }) => decodeQuickReplies(reply));
}

/** Those that an organization offers. */
export function getOrganizationQuickReplies(upstream: Upstream, organization: string): Promise<readonly string[]> {
  const call = {
    operationId: 'getOrganizationPreferences',
    method: 'GET',
    path: path`/v2/organization/${organization}/preferences`,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeQuickReplies(reply) ?? []);
}

/** Replaces those that an organization offers towards patients; for administrators (contract, assumed). */
export function setOrganizationQuickReplies(
  upstream: Upstream,
  organization: string,
  quickReplies: readonly string[],
): Promise<readonly string[] | undefined> {
  const call = {
    operationId: 'updateOrganizationPreferences',
    method: 'POST',
    path: path`/v2/organization/${organization}/preferences`,
    json: { network: { patient: { quick_replies: quickReplies } } },
    organization,
  } as const;
  return upstream.read(call, ({ reply }) => decodeQuickReplies(reply));
}

/**
 * Organizations' quick replies are written under `network.patient`; whether they are read from there or from the top level is
 * unknown (contract, getOrganizationPreferences), so both are read.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
function decodeQuickReplies(reply: unknown): readonly string[] | undefined {
  if (reply === undefined || reply === null) return undefined;
  const { quick_replies: replies } = assertSchema('Preferences', reply);
  const patient = isRecord(reply) && isRecord(reply.network) ? reply.network.patient : undefined;
  return replies ?? (isRecord(patient) ? assertSchema('Preferences', patient).quick_replies : undefined);
}
