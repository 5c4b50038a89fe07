import { limits } from '../bounds.ts';
import { badRequest, forbidden, notFound } from '../http/http-error.ts';
import { pageOf } from '../http/paging.ts';
import {
  bodyOf,
  empty,
  isTrue,
  itemsOf,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { findAccount, visibleAccount } from '../state/account.ts';
import { findGroup, memberGroup, readableGroup } from '../state/group.ts';
import {
  addMembers,
  announceGroup,
  createGroup,
  deleteGroup,
  removeMembers,
  resolveMembers,
} from '../state/group-change.ts';
import type { Account, Group } from '../state/world-types.ts';
import { groupWire, memberTokens } from '../wire/group.ts';
import { avatarUrl, userWire } from '../wire/user.ts';
import { actingOrganization, requireMetadata, storePicture, wantsMetadata } from './acting.ts';

export const groupRoutes: Routes = {
  createNewGroup: (context) => {
    const { world, query } = context;
    const group = groupFrom(context, bodyOf(context, 'createNewGroup'));
    const headers = { 'TT-X-Group-Token': group.token, ...avatarHeader(context, group) };
    return isTrue(query.get('render_entity')) ? success(groupWire(world, group, true), headers) : empty(headers);
  },

  getGroup: (context) => {
    const group = readableGroup(context.world, context.caller, pathValue(context, 'group_token'));
    return success(groupWire(context.world, group, wantsMetadata(context)));
  },

  updateGroup: changeGroup,

  deleteGroup: removeGroup,

  listGroupMembers: (context) => {
    const { world, caller, query } = context;
    const group = readableGroup(world, caller, pathValue(context, 'group_token'));
    if (!isTrue(query.get('return_user_objects'))) return success(memberTokens(group));
    const { items, continuation } = pageOf(memberTokens(group), query.get('continuation'), limits.memberPage);
    const members = items.flatMap((token) => {
      const account = world.accounts.get(token);
      const visible =
        account &&
        (visibleAccount(world, caller, account, group.organization) ??
          visibleAccount(world, caller, account, undefined));
      return visible === undefined ? [] : [userWire(world, visible, wantsMetadata(context))];
    });
    return success({ members, metadata: { continuation } });
  },

  addGroupMember: (context) => {
    joinGroup(context);
    return empty();
  },

  removeMemberFromGroup: (context) => {
    const { world, caller, query } = context;
    const group = memberGroup(world, caller, pathValue(context, 'group_token'));
    const accounts = itemsOf(bodyOf(context, 'removeMemberFromGroup').members)
      .map((address) => findAccount(world, address))
      .filter((account) => account !== undefined);
    removeMembers(world, caller, group, accounts, { isNoticed: query.get('bang_notification') !== 'false' });
    return empty();
  },
};

/** Creates the group of a request, of v2 or v5. */
export function groupFrom(context: RequestContext, fields: ReturnType<typeof bodyOf<'createNewGroup'>>): Group {
  const { world, caller, query } = context;
  if (fields.name.trim() === '') throw badRequest('name is required');
  const organization = actingOrganization(context) ?? caller.defaultOrganization;
  const named = resolveMembers(world, organization, itemsOf(fields.members)).map(({ token }) => token);
  const others = named.filter((token) => token !== caller.token);
  const details = {
    name: fields.name,
    members: isTrue(query.get('exclude_creator')) ? others : [caller.token, ...others],
    organization,
    isPublic: isTrue(fields.is_public),
    replayHistory: isTrue(fields.replay_history),
    description: fields.description ?? '',
    metadata: requireMetadata(fields.metadata ?? {}),
    avatar: storePicture(context),
  };
  return createGroup(world, caller, details, context.session);
}

/** Members sent here replace the list (NOTES.md, open question 9). */
export function changeGroup(context: RequestContext): Reply {
  const { world, caller } = context;
  const group = memberGroup(world, caller, pathValue(context, 'group_token'));
  const fields = bodyOf(context, 'updateGroup');
  if (fields.name?.trim() === '') throw badRequest('name: expected a name');
  const accounts =
    fields.members === undefined ? undefined : resolveMembers(world, group.organization, itemsOf(fields.members));
  const avatar = storePicture(context);
  if (fields.name !== undefined) group.name = fields.name;
  group.description = describedIn(fields) ?? group.description;
  if (fields.replay_history !== undefined) group.replayHistory = isTrue(fields.replay_history);
  if (avatar !== null) group.avatar = avatar;
  if (accounts !== undefined) replaceMembers(context, group, accounts);
  announceGroup(world, group);
  return empty(avatarHeader(context, group));
}

/** 204 also for a group that is already deleted; 404 for an unknown token. */
export function removeGroup({ world, caller, path }: RequestContext): Reply {
  const group = world.groups.get(path.group_token ?? '');
  if (group === undefined) throw notFound('Group');
  if (!group.members.has(caller.token)) throw forbidden();
  deleteGroup(world, group);
  return empty();
}

/** A member may add any account of the organization. A non-member may only add itself, and only to a public group. */
export function joinGroup(context: RequestContext): Group {
  const { world, caller } = context;
  const group = findGroup(world, pathValue(context, 'group_token'));
  const addresses = itemsOf(bodyOf(context, 'addGroupMember').members);
  const joins = group.isPublic && addresses.every((address) => findAccount(world, address) === caller);
  if (!group.members.has(caller.token) && !(joins && caller.memberships.has(group.organization))) throw forbidden();
  addMembers(world, caller, group, resolveMembers(world, group.organization, addresses));
  return group;
}

/** Only Android sends `description`, which the contract does not list here. */
function describedIn(fields: object): string | undefined {
  return 'description' in fields && typeof fields.description === 'string' ? fields.description : undefined;
}

function replaceMembers({ world, caller }: RequestContext, group: Group, accounts: readonly Account[]): void {
  const leavers = [...group.members].filter((token) => !accounts.some((account) => account.token === token));
  const leaving = leavers.map((token) => world.accounts.get(token)).filter((account) => account !== undefined);
  addMembers(world, caller, group, accounts);
  removeMembers(world, caller, group, leaving, { isNoticed: true });
}

/** The header with the address of a group's picture; none without one. */
export function avatarHeader({ world }: RequestContext, group: Group): Record<string, string> {
  const url = avatarUrl(world, group.avatar);
  return url === null ? {} : { 'TT-X-Group-Avatar': url };
}
