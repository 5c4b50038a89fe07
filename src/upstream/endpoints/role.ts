/** Roles: reading, going on and off duty, away replies, saved roles, and the conversation with a role. */

import type { Page, User } from '../../domain/domain.ts';
import type { Role, RoleTag } from '../../domain/duty.ts';
import type { GatewayError } from '../../errors.ts';
import type { InOrganization, Lookup } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeOrError, requireArray } from '../wire/read.ts';
import { decodeRole, decodeTag } from '../wire/role.ts';
import { decodeUser } from '../wire/user.ts';
import { lookupPath, path } from './path.ts';
import { type PageRequest, searchPage } from './search-page.ts';

/** Look-up of a role's own object; yields undefined when the caller may not see such a role. */
export function roleLookup(token: string, { organization }: InOrganization = {}): Lookup<Role> {
  return {
    request: {
      operationId: 'getRole',
      method: 'GET',
      path: lookupPath`/v2/role/${token}`,
      organization,
      repeatable: true,
    },
    decode: ({ reply }) => decodeRole(reply, organization),
  };
}

export interface RoleSearch extends PageRequest {
  readonly organization: string;
  /** Ids of tags; roles with one of them. Empty: all roles. */
  readonly tags: readonly string[];
}

/**
 * One page of an organization's roles, as accounts with their metadata (contract, searchV5), in the order of their names. A row
 * that breaks the contract yields its error.
 */
export function searchRoles(upstream: Upstream, request: RoleSearch): Promise<Page<User | GatewayError>> {
  const json = {
    type: ['account'],
    directory: [request.organization],
    bool: { must: { display_name: '', feature_service: 'role' } },
    ...(request.tags.length === 0 ? {} : { tags: request.tags }),
    render_metadata: true,
    sort: ['display_name'],
  };
  const decode = (hit: unknown) => {
    const { token, organization_id: organization = request.organization, entity } = assertSchema('SearchResult', hit);
    return decodeUser({ organization_key: organization, ...(token === undefined ? {} : { token }), ...entity });
  };
  return searchPage(upstream, request, json, (row) => [decodeOrError(row, decode)]);
}

/** Tags of an organization's roles; a row that breaks the contract yields its error. */
export function listRoleTags(
  upstream: Upstream,
  { organization }: InOrganization,
): Promise<(RoleTag | GatewayError)[]> {
  const call = {
    operationId: 'listRoleTags',
    method: 'GET',
    path: '/v2/role/tags',
    organization,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) =>
    requireArray(reply, 'listRoleTags.reply').map((row) => decodeOrError(row, decodeTag)),
  );
}

/** Puts a user on duty; the previous one goes off duty (contract). */
export async function optIntoRole(
  upstream: Upstream,
  role: string,
  user: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'optIntoRole',
    method: 'POST',
    path: path`/v2/role/${role}/members/${user}`,
    organization,
  });
}

/** Takes a user off duty for a role. */
export async function optOutOfRole(
  upstream: Upstream,
  role: string,
  user: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'optOutOfRole',
    method: 'DELETE',
    path: path`/v2/role/${role}/members/${user}`,
    organization,
  });
}

/** Switches the automatic reply on, or changes its text. */
export async function setRoleAway(
  upstream: Upstream,
  role: string,
  text: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'setRoleAway',
    method: 'POST',
    path: path`/v2/role/${role}/away`,
    json: { status: text },
    organization,
  });
}

/** Switches the automatic reply of a role off. */
export async function clearRoleAway(upstream: Upstream, role: string, { organization }: InOrganization): Promise<void> {
  await upstream.call({
    operationId: 'clearRoleAway',
    method: 'DELETE',
    path: path`/v2/role/${role}/away`,
    organization,
  });
}

/** The caller's saved roles of one organization; a row that breaks the contract yields its error. */
export function listSavedRoles(
  upstream: Upstream,
  userAddress: string,
  { organization }: InOrganization,
): Promise<(Role | GatewayError)[]> {
  const call = {
    operationId: 'listSavedRoles',
    method: 'GET',
    path: path`/v2/user/${userAddress}/saved_roles`,
    organization,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) =>
    requireArray(reply, 'listSavedRoles.reply').map((row) =>
      decodeOrError(row, (value) => decodeRole(value, organization)),
    ),
  );
}

/** Saves a role; a saved one is accepted. */
export async function saveRole(
  upstream: Upstream,
  userAddress: string,
  role: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'saveRole',
    method: 'POST',
    path: path`/v2/user/${userAddress}/saved_roles`,
    json: { role_id: role },
    organization,
  });
}

/** Removes a saved role; one that is not saved is accepted. */
export async function removeSavedRole(
  upstream: Upstream,
  userAddress: string,
  role: string,
  { organization }: InOrganization,
): Promise<void> {
  await upstream.call({
    operationId: 'removeSavedRole',
    method: 'DELETE',
    path: path`/v2/user/${userAddress}/saved_roles/${role}`,
    organization,
  });
}

/** The one-to-one group of a writer with a role. */
export interface RoleGroup {
  /** Of the group. */
  readonly token: string;
}

export interface NewRoleGroup {
  readonly role: string;
  /** Token of the caller, or of a role of the caller. */
  readonly writer: string;
  readonly name: string;
}

/**
 * Creates the group. Search for an existing one first: the contract only assumes that the upstream returns it instead of creating a
 * second one.
 */
export function createRoleGroup(
  upstream: Upstream,
  { role, writer, name }: NewRoleGroup,
  { organization }: InOrganization,
): Promise<RoleGroup> {
  const call = {
    operationId: 'createRoleGroup',
    method: 'POST',
    path: '/v2/role_group',
    json: { created_by: writer, members: [writer, role], name, replay_history: true },
    organization,
  } as const;
  return upstream.read(call, ({ reply }) => ({ token: assertSchema('RoleGroup', reply).token }));
}
