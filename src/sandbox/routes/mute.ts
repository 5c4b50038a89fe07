import { limits } from '../bounds.ts';
import { badRequest, notFound } from '../http/http-error.ts';
import {
  bodyOf,
  empty,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { requireVisibleAccount } from '../state/account.ts';
import { directConversation, groupConversation } from '../state/conversation.ts';
import type { Conversation } from '../state/conversation-types.ts';
import { memberGroup } from '../state/group.ts';
import { currentMutes } from '../state/mute.ts';
import { deliver } from '../state/outbox.ts';
import type { World } from '../state/world.ts';
import type { Account, Mute } from '../state/world-types.ts';
import { muteEvent } from '../wire/entity-event.ts';
import { muteWire } from '../wire/mute.ts';

export const muteRoutes: Routes = {
  listMutes: ({ world, caller }) => success(currentMutes(world, caller.token).map(muteWire)),

  clearMutes: ({ world, caller }) => {
    const mutes = currentMutes(world, caller.token);
    world.mutes.delete(caller.token);
    deliver(world, caller.token, { ...muteEvent(caller.token, 'clear'), v5: null });
    // v5 clients read only `conversation_id`, so that each conversation gets an event of its own.
    for (const mute of mutes) {
      const event = muteEvent(caller.token, 'del', mute, mutedConversation(world, caller, mute));
      deliver(world, caller.token, { ...event, isV5Only: true });
    }
    return empty();
  },

  muteUser: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'muteUser');
    if (fields.sender_token === undefined) throw badRequest('sender_token is required');
    const { account, membership } = requireVisibleAccount(world, caller, fields.sender_token);
    return mute(context, fields.duration, {
      kind: 'account',
      token: account.token,
      senderOrganization: fields.sender_organization,
      organization: fields.receiver_organization ?? membership.organization,
    });
  },

  unmuteUser: (context) =>
    unmute(context, context.header('TT-X-Sender-Token') ?? '', context.header('TT-X-Receiver-Organization')),

  muteGroup: (context) => {
    const fields = bodyOf(context, 'muteGroup');
    const group = memberGroup(context.world, context.caller, pathValue(context, 'group_token'));
    return mute(context, fields.duration, {
      kind: 'group',
      token: group.token,
      senderOrganization: fields.sender_organization,
      organization: group.organization,
    });
  },

  unmuteGroup: (context) => unmute(context, pathValue(context, 'group_token')),

  muteOrganization: (context) => {
    const { duration } = bodyOf(context, 'muteOrganization');
    const organization = pathValue(context, 'organization_token');
    if (!context.caller.memberships.has(organization)) throw notFound('Organization');
    return mute(context, duration, {
      kind: 'organization',
      token: organization,
      senderOrganization: undefined,
      organization,
    });
  },

  unmuteOrganization: (context) => unmute(context, pathValue(context, 'organization_token')),
};

/** @returns Undefined for a muted organization, role or group that is gone. */
export function mutedConversation(world: World, caller: Account, mute: Mute): Conversation | undefined {
  if (mute.kind === 'account') return directConversation(world, caller.token, mute.token, mute.organization);
  const group = mute.kind === 'group' ? world.groups.get(mute.token) : undefined;
  return group === undefined ? undefined : groupConversation(world, group);
}

/** Two conversations with one person, in two organizations, are muted one by one. */
function keyOf({ token, organization }: Pick<Mute, 'token' | 'organization'>): string {
  return `${token} ${organization}`;
}

/** Replaces an earlier mute of the same conversation or organization. */
function mute(context: RequestContext, duration: string, what: Omit<Mute, 'start' | 'minutes'>): Reply {
  const { world, caller } = context;
  const entry: Mute = { ...what, start: Math.floor(world.clock.now() / 1000), minutes: minutesOf(duration) };
  const mutes = new Map(currentMutes(world, caller.token).map((known) => [keyOf(known), known]));
  mutes.set(keyOf(entry), entry);
  if (mutes.size > limits.mutesPerAccount) throw badRequest(`expected at most ${limits.mutesPerAccount} mutes`);
  world.mutes.set(caller.token, mutes);
  deliver(world, caller.token, muteEvent(caller.token, 'add', entry, mutedConversation(world, caller, entry)));
  return empty();
}

/**
 * Has no effect, and sends no event, when the token is not muted.
 * @param organization Undefined unmutes it in every organization.
 */
function unmute(context: RequestContext, token: string, organization?: string): Reply {
  const { world, caller } = context;
  for (const [key, entry] of world.mutes.get(caller.token) ?? []) {
    if (entry.token !== token || (organization !== undefined && entry.organization !== organization)) continue;
    world.mutes.get(caller.token)?.delete(key);
    deliver(world, caller.token, muteEvent(caller.token, 'del', entry, mutedConversation(world, caller, entry)));
  }
  return empty();
}

/** "Minutes, as a string, 1 to 525600". */
function minutesOf(duration: string): number {
  const minutes = /^\d{1,6}$/.test(duration) ? Number(duration) : 0;
  if (minutes < 1 || minutes > 525_600) throw badRequest('duration: expected minutes as text, 1 to 525600');
  return minutes;
}
