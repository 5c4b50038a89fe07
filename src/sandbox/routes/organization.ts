import { badRequest, forbidden, notFound } from '../http/http-error.ts';
import { bodyOf, empty, pathValue, type Routes, success } from '../http/request-context.ts';
import { findAccount, organizationsOf } from '../state/account.ts';
import { announceAccount } from '../state/audience.ts';
import { leaveAllOf } from '../state/departure.ts';
import { dropFromRoster, rosterOf } from '../state/roster.ts';
import type { World } from '../state/world.ts';
import type { Account, Membership } from '../state/world-types.ts';
import { organizationWire } from '../wire/organization.ts';
import { requireSelf } from './user.ts';

export const organizationRoutes = {
  listUserOrganizations: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    return success(organizationsOf(caller).flatMap((key) => wireOf(world, caller, key)));
  },

  getUserOrganization: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const [organization] = wireOf(world, caller, pathValue(context, 'organization_token'));
    if (organization === undefined) throw notFound('Organization');
    return success(organization);
  },

  updateUserOrganization: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const membership = membershipOf(caller, pathValue(context, 'organization_token'));
    const { dnd, dnd_auto_forward_receiver } = bodyOf(context, 'updateUserOrganization');
    if (dnd_auto_forward_receiver !== undefined) {
      membership.autoForwardTo = deputyOf(world, membership, dnd_auto_forward_receiver);
    }
    membership.dnd = dnd ?? membership.dnd;
    announceAccount(world, caller, membership.organization);
    return empty();
  },

  /** Also leaves what the caller has in the organization. The last organization cannot be left: an account needs a default one. */
  leaveOrganization: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const { organization } = membershipOf(caller, pathValue(context, 'organization_token'));
    const next = organizationsOf(caller).find((key) => key !== organization);
    if (next === undefined) throw forbidden('expected another organization to stay in');
    leaveAllOf(world, caller, organization);
    caller.memberships.delete(organization);
    if (caller.defaultOrganization === organization) caller.defaultOrganization = next;
    for (const line of rosterOf(world, caller.token)) {
      if (line.organization === organization) dropFromRoster(world, caller.token, line.token, organization);
    }
    announceAccount(world, caller);
    return empty();
  },

  /** Returns the roles in all organizations, whatever organization the path names, even `placeholder`. */
  listUserOrganizationRoles: (context) => {
    requireSelf(context);
    const memberships = [...context.caller.memberships.values()].filter(({ rights }) => rights.length > 0);
    const roles = memberships.map(({ organization, rights }) => ({
      organization: { organization_id: organization, roles: rights },
    }));
    return success({ roles });
  },

  /** Succeeds for unset and unknown settings too. */
  deleteUserOrganizationSetting: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const membership = membershipOf(caller, pathValue(context, 'organization_token'));
    const setting = pathValue(context, 'setting_name');
    if (setting === 'dnd_auto_forward_receiver') membership.autoForwardTo = null;
    if (setting === 'dnd') membership.dnd = false;
    if (setting === 'dnd_text') membership.dndText = '';
    announceAccount(world, caller, membership.organization);
    return empty();
  },
} satisfies Routes;

function wireOf(world: World, caller: Account, key: string): object[] {
  const organization = world.organizations.get(key);
  const membership = caller.memberships.get(key);
  return organization === undefined || membership === undefined
    ? []
    : [organizationWire(world, organization, membership)];
}

function membershipOf(caller: Account, key: string): Membership {
  const membership = caller.memberships.get(key);
  if (membership === undefined) throw notFound('Organization');
  return membership;
}

/** An empty text, or the text `undefined`, means no deputy (contract, `User.dnd_auto_forward_receiver`). */
function deputyOf(world: World, { organization }: Membership, receiver: string): string | null {
  if (receiver === '' || receiver === 'undefined') return null;
  const deputy = findAccount(world, receiver);
  if (deputy?.memberships.has(organization) !== true) {
    throw badRequest('dnd_auto_forward_receiver: expected an account of the organization');
  }
  return deputy.token;
}
