import { limits } from '../bounds.ts';
import { pageOf } from '../http/paging.ts';
import { pathValue, type Routes, success } from '../http/request-context.ts';
import { visibleAccount } from '../state/account.ts';
import { visibleList } from '../state/group.ts';
import { listWire } from '../wire/group.ts';
import { userWire } from '../wire/user.ts';
import { actingOrganization } from './acting.ts';

/**
 * An unknown token, or an e-mail address, answers 404 (contract, getDistributionList). An organization in the request must
 * be one of the caller's, but does not select the list.
 */
export const listRoutes = {
  getDistributionList: (context) => {
    actingOrganization(context);
    return success(listWire(visibleList(context.world, context.caller, pathValue(context, 'list_token'))));
  },

  listDistributionListMembers: (context) => {
    const { world, caller, query } = context;
    actingOrganization(context);
    const list = visibleList(world, caller, pathValue(context, 'list_token'));
    const { items, continuation } = pageOf(list.members, query.get('continuation'), limits.memberPage);
    const members = items.flatMap((token) => {
      const account = world.accounts.get(token);
      const visible = account && visibleAccount(world, caller, account, list.organization);
      return visible === undefined ? [] : [userWire(world, visible, false)];
    });
    return success({ members, metadata: { continuation } });
  },
} satisfies Routes;
