import { forbidden } from '../http/http-error.ts';
import { bodyOf, empty, pathValue, type RequestContext, type Routes, success } from '../http/request-context.ts';
import { requireVisibleAccount } from '../state/account.ts';
import { announceAccountMetadata } from '../state/audience.ts';
import { memberGroup, readableGroup } from '../state/group.ts';
import { announceGroup } from '../state/group-change.ts';
import type { Group, Membership } from '../state/world-types.ts';
import { actingOrganization, requireMetadata } from './acting.ts';

export const metadataRoutes = {
  getMetadata: (context) => {
    const { world, caller } = context;
    const address = pathValue(context, 'entity_address');
    if (world.groups.has(address)) return success(readableGroup(world, caller, address).metadata);
    return success(requireVisibleAccount(world, caller, address, actingOrganization(context)).membership.metadata);
  },

  /** The whole map is replaced. */
  addMetadata: (context) => {
    // In a form the organization is one of the fields.
    const { 'TT-X-Organization-Key': _organization, ...metadata } = bodyOf(context, 'addMetadata');
    write(context, requireMetadata(metadata));
    return empty();
  },

  deleteMetadata: (context) => {
    write(context, {});
    return empty();
  },
} satisfies Routes;

/** A member may write a group's map. The user, an owner of the role, or an administrator may write an account's map. */
function write(context: RequestContext, metadata: Readonly<Record<string, string>>): void {
  const { world, caller } = context;
  const address = pathValue(context, 'entity_address');
  if (world.groups.has(address)) {
    const group = memberGroup(world, caller, address);
    if (replace(group, metadata)) announceGroup(world, group, true);
    return;
  }
  const { account, membership } = requireVisibleAccount(world, caller, address, actingOrganization(context));
  const isAdministrator = caller.memberships.get(membership.organization)?.rights.includes('admin') === true;
  if (account !== caller && !account.owners.includes(caller.token) && !isAdministrator) throw forbidden();
  if (replace(membership, metadata)) announceAccountMetadata(world, account, membership);
}

/** @returns Whether the map has changed. */
function replace(holder: Group | Membership, metadata: Readonly<Record<string, string>>): boolean {
  const isChanged = JSON.stringify(holder.metadata) !== JSON.stringify(metadata);
  holder.metadata = metadata;
  return isChanged;
}
