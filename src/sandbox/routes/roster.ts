import { type Exchange, type Routes, success } from '../exchange.ts';
import { rosterOf } from '../state/roster.ts';
import type { RosterLine } from '../state/world.ts';
import { groupWire, listWire } from '../wire/group.ts';
import { userWire } from '../wire/user.ts';
import { wantsMetadata } from './user.ts';

export const rosterRoutes: Routes = {
  getRoster: (exchange) =>
    success(rosterOf(exchange.world, exchange.caller.token).flatMap((line) => entryWire(exchange, line))),
};

/** The entity itself with its type; every entry needs one (contract, `RosterEntry`). */
function entryWire(exchange: Exchange, line: RosterLine): object[] {
  const { world, caller } = exchange;
  const type = `tigertext:entity:${line.kind}`;
  if (line.kind === 'group') {
    const group = world.groups.get(line.token);
    if (group === undefined || group.deleted || !group.members.has(caller.token)) return [];
    return [{ type, ...groupWire(world, group, wantsMetadata(exchange)) }];
  }
  if (line.kind === 'list') {
    const list = world.lists.get(line.token);
    return list === undefined ? [] : [{ type, ...listWire(list) }];
  }
  const account = world.accounts.get(line.token);
  const membership = account?.memberships.get(line.organization) ?? account?.memberships.values().next().value;
  if (account === undefined || membership === undefined) return [];
  const entry = userWire(world, { account, membership }, wantsMetadata(exchange));
  return [{ type, ...entry, organization_key: line.organization }];
}
