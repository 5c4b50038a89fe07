import { notFound } from '../http/http-error.ts';
import { bodyOf, empty, pathValue, type RequestContext, type Routes, success } from '../http/request-context.ts';
import { findAccount, requireVisibleAccount, type VisibleAccount } from '../state/account.ts';
import { visibleList } from '../state/group.ts';
import { removeMembers } from '../state/group-change.ts';
import { rosterOf } from '../state/roster.ts';
import { addList, addPerson, eraseList, erasePerson } from '../state/roster-change.ts';
import type { RosterLine } from '../state/world-types.ts';
import { groupWire, listWire } from '../wire/group.ts';
import { userWire } from '../wire/user.ts';
import { actingOrganization, wantsMetadata } from './acting.ts';

export const rosterRoutes: Routes = {
  getRoster: (context) =>
    success(rosterOf(context.world, context.caller.token).flatMap((line) => entryWire(context, line))),

  addRosterEntry: (context) => {
    const { world, caller, session } = context;
    const { entity, type } = bodyOf(context, 'addRosterEntry');
    if (type === 'tigertext:entity:list') addList(world, caller, visibleList(world, caller, entity), session);
    else addPerson(world, caller, requireVisibleAccount(world, caller, entity, actingOrganization(context)), session);
    return empty();
  },

  /**
   * The token determines the entity type; `TT-X-Type` and the body's `type` are redundant. Leaves a group; erases a
   * conversation with a person or list for the caller.
   */
  removeRoster: (context) => {
    const { world, caller } = context;
    const address = pathValue(context, 'user_address');
    const group = world.groups.get(address);
    if (group !== undefined) {
      removeMembers(world, caller, group, [caller], { isNoticed: true });
      return empty();
    }
    if (world.lists.has(address)) {
      eraseList(world, caller, visibleList(world, caller, address));
      return empty();
    }
    erasePerson(world, caller, knownPerson(context, address), actingOrganization(context));
    return empty();
  },
};

/** An account on the roster can be removed even when it no longer shares an organization with the caller. */
function knownPerson({ world, caller }: RequestContext, address: string): VisibleAccount {
  const account = findAccount(world, address);
  const line = rosterOf(world, caller.token).find(({ token }) => token === account?.token);
  const membership = account?.memberships.get(line?.organization ?? '');
  if (account !== undefined && membership !== undefined) return { account, membership };
  if (account === undefined) throw notFound('Roster entry');
  return requireVisibleAccount(world, caller, address);
}

/** The entity with its type, which every entry needs (contract, `RosterEntry`). */
function entryWire(context: RequestContext, line: RosterLine): object[] {
  const { world, caller } = context;
  const type = `tigertext:entity:${line.kind}`;
  if (line.kind === 'group') {
    const group = world.groups.get(line.token);
    if (group === undefined || group.deleted || !group.members.has(caller.token)) return [];
    return [{ type, ...groupWire(world, group, wantsMetadata(context)) }];
  }
  if (line.kind === 'list') {
    const list = world.lists.get(line.token);
    return list === undefined ? [] : [{ type, ...listWire(list) }];
  }
  const account = world.accounts.get(line.token);
  const membership = account?.memberships.get(line.organization) ?? account?.memberships.values().next().value;
  if (account === undefined || membership === undefined) return [];
  const entry = userWire(world, { account, membership }, wantsMetadata(context));
  return [{ type, ...entry, organization_key: line.organization }];
}
