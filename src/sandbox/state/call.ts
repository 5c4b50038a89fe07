/** Calls: their events, and their log. The sandbox has no media of calls. */

import { limits } from '../bounds.ts';
import { forbidden, notFound } from '../http/http-error.ts';
import { freshToken } from '../token.ts';
import { callEvent } from '../wire/call.ts';
import { findAccount, identitiesOf } from './account.ts';
import type { Call } from './call-types.ts';
import { deliver } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, Target } from './world-types.ts';

export interface CallOrder {
  /** Address of a person or role, or token of a group. */
  readonly target: string;
  readonly outcome: Call['outcome'];
  readonly seconds: number;
  readonly isVideo: boolean;
  readonly network: Call['network'];
  readonly organization?: string | undefined;
}

/**
 * A call from its start to its end: both sides receive its events at once, and it is in the log.
 * @throws HttpError 403 for an organization that the caller is not in, 404 for a target that is not in it.
 */
export function placeCall(world: World, caller: Account, order: CallOrder): Call {
  const { organization = caller.defaultOrganization, outcome, seconds, isVideo, network } = order;
  if (!caller.memberships.has(organization)) throw forbidden();
  const target = targetOf(world, caller, order.target, organization);
  const members = target.kind === 'group' ? [...(world.groups.get(target.token)?.members ?? [])] : [target.token];
  const call: Call = {
    id: freshToken(),
    organization,
    network,
    caller: caller.token,
    target,
    called: members.filter((token) => token !== caller.token),
    isVideo,
    startedAt: world.clock.now(),
    outcome,
    seconds: outcome === 'answered' ? seconds : 0,
  };
  for (const stage of outcome === 'answered'
    ? (['incoming', 'answered', 'ended'] as const)
    : (['incoming', 'ended'] as const)) {
    const event = callEvent(world, call, stage);
    // The caller's own devices do not receive the event of ringing.
    for (const token of stage === 'incoming' ? call.called : [call.caller, ...call.called]) {
      deliver(world, token, event, organization);
    }
  }
  keepCall(world, call);
  return call;
}

/** Stores a call in place of the oldest one beyond the limit. */
export function keepCall(world: World, call: Call): void {
  world.calls.push(call);
  if (world.calls.length > limits.calls) world.calls.shift();
}

/** Calls of the account, and of the roles it is on duty for, the newest first. Undefined `network`: all. */
export function callLogOf(
  world: World,
  account: Account,
  organization: string,
  network: Call['network'] | undefined,
): Call[] {
  const own = identitiesOf(world, account);
  return world.calls
    .filter((call) => call.organization === organization && (network === undefined || call.network === network))
    .filter(({ caller, called }) => own.has(caller) || called.some((token) => own.has(token)))
    .reverse();
}

/** @throws HttpError 404 for what the caller cannot call. */
function targetOf(world: World, caller: Account, address: string, organization: string): Target {
  const group = world.groups.get(address);
  if (group?.organization === organization && !group.deleted && group.members.has(caller.token)) {
    return { kind: 'group', token: group.token };
  }
  const account = findAccount(world, address);
  if (account === undefined || !account.memberships.has(organization)) throw notFound('Target');
  return { kind: 'account', token: account.token };
}
