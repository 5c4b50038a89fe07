import { forbidden, notFound } from '../http/http-error.ts';
import type { World } from './world.ts';
import type { Account, DistributionList, Group } from './world-types.ts';

/** @throws HttpError 404 when there is no such group or it is deleted. */
export function findGroup(world: World, token: string): Group {
  const group = world.groups.get(token);
  if (group === undefined || group.deleted) throw notFound('Group');
  return group;
}

/**
 * A group the caller may read: as a member, or as a member of the organization of a public group.
 * @throws HttpError 403 otherwise (NOTES.md, open question 7: "group calls by a non-member (403 chosen)").
 */
export function readableGroup(world: World, caller: Account, token: string): Group {
  const group = findGroup(world, token);
  const open = group.isPublic && caller.memberships.has(group.organization);
  if (!open && !group.members.has(caller.token)) throw forbidden();
  return group;
}

/** @throws HttpError 403 when the caller is not a member. */
export function memberGroup(world: World, caller: Account, token: string): Group {
  const group = findGroup(world, token);
  if (!group.members.has(caller.token)) throw forbidden();
  return group;
}

/** @throws HttpError 404 when there is no such list in an organization of the caller. */
export function visibleList(world: World, caller: Account, token: string): DistributionList {
  const list = world.lists.get(token);
  if (list === undefined || !caller.memberships.has(list.organization)) throw notFound('Distribution list');
  return list;
}
