import { limits } from '../bounds.ts';
import { pageOf } from '../http/paging.ts';
import { type Routes, success } from '../http/request-context.ts';
import { callLogOf } from '../state/call.ts';
import type { Call } from '../state/call-types.ts';
import { callLogWire } from '../wire/call.ts';
import { actingOrganization } from './acting.ts';

/** Of the official JavaScript SDK. */
const usualPage = 10;

export const callRoutes: Routes = {
  getCallLog: (context) => {
    const { world, caller, query } = context;
    const organization = actingOrganization(context) ?? caller.defaultOrganization;
    const size = Math.min(Number(query.get('size') ?? usualPage), limits.callLogPage);
    // Checked against the contract.
    const network = (query.get('network') ?? undefined) as Call['network'] | undefined;
    const calls = callLogOf(world, caller, organization, network);
    const { items, continuation } = pageOf(calls, query.get('page'), size);
    return success({
      metadata: { next_page: continuation, fully_fetched: continuation === null },
      results: items.map((call) => callLogWire(world, caller, call)),
    });
  },
};
