/** The caller's organizations and their settings. */

import type { Organization } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { Upstream } from '../upstream.ts';
import { assertSchema } from '../wire/contract-check.ts';
import { decodeOrError, readString, requireArray, requireObject } from '../wire/read.ts';
import { lookupPath, path } from './path.ts';

/** Undefined fields stay unchanged. */
export interface OrganizationSettings {
  readonly doNotDisturb?: boolean | undefined;
  /** Token of the user who receives forwarded messages. */
  readonly autoForwardTo?: string | undefined;
  readonly acceptLicence?: boolean | undefined;
}

/** Administrative rights, named by the upstream: admin, help_desk, team_admin, reporting and others. */
export interface OrganizationRoles {
  readonly organization: string | undefined;
  readonly product: string | undefined;
  readonly roles: readonly string[];
}

/** @returns One entry per organization; an entry that breaks the contract yields its error. */
export async function listOrganizations(
  upstream: Upstream,
  userAddress: string,
): Promise<(Organization | GatewayError)[]> {
  const call = {
    operationId: 'listUserOrganizations',
    method: 'GET',
    path: path`/v2/user/${userAddress}/organization`,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) =>
    requireArray(reply, 'listUserOrganizations.reply').map((row) => decodeOrError(row, decodeOrganization)),
  );
}

/** @returns An organization of the user; undefined when there is none by this key. */
export async function getOrganization(
  upstream: Upstream,
  userAddress: string,
  organization: string,
): Promise<Organization | undefined> {
  return upstream.find({
    request: {
      operationId: 'getUserOrganization',
      method: 'GET',
      path: lookupPath`/v2/user/${userAddress}/organization/${organization}`,
      repeatable: true,
    },
    decode: ({ reply }) => decodeOrganization(reply),
  });
}

/** Changes the user's settings in one organization; undefined fields stay unchanged. */
export async function updateOrganizationSettings(
  upstream: Upstream,
  userAddress: string,
  organization: string,
  settings: OrganizationSettings,
): Promise<void> {
  await upstream.call({
    operationId: 'updateUserOrganization',
    method: 'POST',
    path: path`/v2/user/${userAddress}/organization/${organization}`,
    json: {
      dnd: settings.doNotDisturb,
      dnd_auto_forward_receiver: settings.autoForwardTo,
      eula: settings.acceptLicence,
    },
  });
}

/** @param name The upstream's name of the setting, such as `dnd_auto_forward_receiver`. */
export async function clearOrganizationSetting(
  upstream: Upstream,
  userAddress: string,
  organization: string,
  name: string,
): Promise<void> {
  await upstream.call({
    operationId: 'deleteUserOrganizationSetting',
    method: 'DELETE',
    path: path`/v2/user/${userAddress}/organization/${organization}/${name}`,
  });
}

/** Ends the user's membership in an organization. */
export async function leaveOrganization(upstream: Upstream, userAddress: string, organization: string): Promise<void> {
  await upstream.call({
    operationId: 'leaveOrganization',
    method: 'DELETE',
    path: path`/v2/user/${userAddress}/organization/${organization}`,
  });
}

/** The caller's administrative rights in all organizations; the value of `organization` does not matter (contract). */
export async function listOrganizationRoles(
  upstream: Upstream,
  userAddress: string,
  organization: string,
): Promise<OrganizationRoles[]> {
  const call = {
    operationId: 'listUserOrganizationRoles',
    method: 'GET',
    path: path`/v2/user/${userAddress}/organization/${organization}/roles`,
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeAllRoles(reply));
}

function decodeAllRoles(reply: unknown): OrganizationRoles[] {
  const field = 'listUserOrganizationRoles.roles';
  return requireArray(requireObject(reply, field).roles, field).flatMap((row) => {
    const holders = requireObject(row, field);
    return [holders.organization, holders.product].flatMap((holder) =>
      holder === undefined || holder === null ? [] : [decodeRoles(holder, field)],
    );
  });
}

function decodeRoles(holder: unknown, field: string): OrganizationRoles {
  const roles = requireObject(holder, field).roles;
  return {
    organization: readString(holder, 'organization_id'),
    product: readString(holder, 'product_id'),
    roles: roles === undefined ? [] : requireArray(roles, field).filter((role) => typeof role === 'string'),
  };
}

function decodeOrganization(value: unknown): Organization {
  const wire = assertSchema('Organization', value);
  return {
    key: wire.token,
    name: wire.name,
    memberCount: wire.members,
    isPaid: wire.paid,
    isPending: wire.pending,
    allowsForwarding: wire.allow_msg_forward,
    allowsPublicGroups: wire.allow_public_groups,
    hasRoles: wire.role_service,
    settings: (wire.settings ?? []).flatMap(({ name, value, source, locked }) =>
      name === undefined ? [] : [{ name, value, source, isLocked: locked }],
    ),
  };
}
