/** Ends what a person has in an organization that it leaves, so that nothing of the organization is delivered to it any more. */
import { removeMembers } from './group-change.ts';
import { leaveDuties } from './role.ts';
import type { World } from './world.ts';
import type { Account } from './world-types.ts';

/** Duties, groups, teams, places in lists, and the messages of those whose deputy it is. To be called before the membership ends. */
export function leaveAllOf(world: World, account: Account, organization: string): void {
  leaveDuties(world, account, organization);
  for (const group of world.groups.values()) {
    if (group.organization !== organization || group.deleted) continue;
    removeMembers(world, account, group, [account], { isNoticed: true, reason: 'leave_org' });
  }
  for (const team of world.teams.values()) {
    if (team.organization !== organization) continue;
    team.members.delete(account.token);
    for (const { id, createdBy } of team.requests.values()) if (createdBy === account.token) team.requests.delete(id);
  }
  for (const list of world.lists.values()) {
    if (list.organization !== organization) continue;
    const members = list.members.filter((token) => token !== account.token);
    world.lists.set(list.token, { ...list, members });
  }
  for (const { memberships } of world.accounts.values()) {
    const membership = memberships.get(organization);
    if (membership?.autoForwardTo === account.token) membership.autoForwardTo = null;
  }
}
