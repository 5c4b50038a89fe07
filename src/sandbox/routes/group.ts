import { isTrue, pathValue, type Routes, success } from '../exchange.ts';
import { limits } from '../limits.ts';
import { pageOf } from '../paging.ts';
import { sight } from '../state/account.ts';
import { readableGroup } from '../state/group.ts';
import { groupWire } from '../wire/group.ts';
import { userWire } from '../wire/user.ts';
import { wantsMetadata } from './user.ts';

export const groupRoutes: Routes = {
  getGroup: (exchange) => {
    const group = readableGroup(exchange.world, exchange.caller, pathValue(exchange, 'group_token'));
    return success(groupWire(exchange.world, group, wantsMetadata(exchange)));
  },

  listGroupMembers: (exchange) => {
    const { world, caller, query } = exchange;
    const group = readableGroup(world, caller, pathValue(exchange, 'group_token'));
    if (!isTrue(query.get('return_user_objects'))) return success([...group.members]);
    const { items, continuation } = pageOf([...group.members], query.get('continuation'), limits.memberPage);
    const members = items.flatMap((token) => {
      const account = world.accounts.get(token);
      const sighting =
        account && (sight(world, caller, account, group.organization) ?? sight(world, caller, account, undefined));
      return sighting === undefined ? [] : [userWire(world, sighting, wantsMetadata(exchange))];
    });
    return success({ members, metadata: { continuation } });
  },
};
