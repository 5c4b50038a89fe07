/** Calls as events (BEYOND-V2, "Calls") and as entries of the log. */
import type { components } from '../../generated/contract-v5.ts';
import { timestamp } from '../clock.ts';
import { visibleAccount } from '../state/account.ts';
import type { Call } from '../state/call-types.ts';
import type { World } from '../state/world.ts';
import type { Account, EventDraft } from '../state/world-types.ts';
import { groupWire } from './group.ts';
import { userWire } from './user.ts';

/** The words for the end of a call. */
const reasons = { answered: 'ended', declined: 'declined', unanswered: 'unanswered' } as const;

/** The event of a stage of a call. */
export function callEvent(world: World, call: Call, stage: 'incoming' | 'answered' | 'ended'): EventDraft {
  const type = `tigertext:iq:voip:${stage}`;
  const { id, caller, called, target, organization, isVideo, network } = call;
  const payload = {
    xmlns: type,
    call_id: id,
    room_name: id,
    type: isVideo ? 'video' : 'voice',
    ...(stage === 'ended' ? { reason: reasons[call.outcome] } : {}),
    payload: {
      caller_id: caller,
      participants_tokens: called,
      is_video: isVideo,
      name: world.accounts.get(caller)?.displayName ?? '',
      ...(target.kind === 'group' ? { group_id: target.token } : {}),
      org_id: organization,
      network_type: network,
    },
  };
  return { type, stored: false, payload: () => payload };
}

/** The entry of the call log, for an account that reads it. */
export function callLogWire(world: World, reader: Account, call: Call): components['schemas']['CallLogEntry'] {
  const { id, outcome, startedAt, seconds, isVideo, caller, target } = call;
  const group = target.kind === 'group' ? world.groups.get(target.token) : undefined;
  return {
    id,
    type: outcome === 'answered' ? 'ended_voip_call' : 'missed_voip_call',
    timestamp: timestamp(startedAt),
    duration: seconds,
    is_video: isVideo,
    caller: { entity: accountEntity(world, reader, call, caller) },
    target:
      group === undefined
        ? { type: 'account', entity: accountEntity(world, reader, call, target.token) }
        : { type: 'group', entity: { ...groupWire(world, group, true) } },
  };
}

/** The account in the organization of the call, or with its token and name when it has left. */
function accountEntity(world: World, reader: Account, { organization }: Call, token: string): Record<string, unknown> {
  const account = world.accounts.get(token);
  const visible = account && visibleAccount(world, reader, account, organization);
  if (visible === undefined) return { token, display_name: account?.displayName ?? '' };
  return { ...userWire(world, visible, true) };
}
