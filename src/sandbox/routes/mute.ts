import { limits } from '../bounds.ts';
import { badRequest, notFound } from '../http-error.ts';
import { bodyOf, empty, pathValue, type Reply, type RequestContext, type Routes, success } from '../request-context.ts';
import { requireSighting } from '../state/account.ts';
import { memberGroup } from '../state/group.ts';
import { deliver } from '../state/outbox.ts';
import type { Mute } from '../state/world-types.ts';
import { muteEvent } from '../wire/entity-event.ts';
import { muteWire } from '../wire/mute.ts';

export const muteRoutes: Routes = {
  listMutes: (context) => success(currentMutes(context).map(([, mute]) => muteWire(mute))),

  clearMutes: ({ world, caller }) => {
    world.mutes.delete(caller.token);
    deliver(world, caller.token, muteEvent(caller.token, 'clear'));
    return empty();
  },

  muteUser: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'muteUser');
    if (fields.sender_token === undefined) throw badRequest('sender_token is required');
    const { account, membership } = requireSighting(world, caller, fields.sender_token);
    return mute(context, fields.duration, {
      kind: 'account',
      token: account.token,
      senderOrganization: fields.sender_organization,
      organization: fields.receiver_organization ?? membership.organization,
    });
  },

  unmuteUser: (context) => unmute(context, context.header('TT-X-Sender-Token') ?? ''),

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

/** Mutes that have not expired. */
function currentMutes({ world, caller }: RequestContext): [string, Mute][] {
  const nowSeconds = world.clock.now() / 1000;
  return [...(world.mutes.get(caller.token) ?? [])].filter(
    ([, { start, minutes }]) => start + minutes * 60 > nowSeconds,
  );
}

/** Replaces an earlier mute of the same sender or organization. */
function mute(context: RequestContext, duration: string, what: Omit<Mute, 'start' | 'minutes'>): Reply {
  const { world, caller } = context;
  const entry: Mute = { ...what, start: Math.floor(world.clock.now() / 1000), minutes: minutesOf(duration) };
  const mutes = new Map(currentMutes(context));
  mutes.set(entry.token, entry);
  if (mutes.size > limits.mutesPerAccount) throw badRequest(`expected at most ${limits.mutesPerAccount} mutes`);
  world.mutes.set(caller.token, mutes);
  deliver(world, caller.token, muteEvent(caller.token, 'add', entry));
  return empty();
}

/** Has no effect, and sends no event, when the token is not muted. */
function unmute(context: RequestContext, token: string): Reply {
  const { world, caller } = context;
  const entry = world.mutes.get(caller.token)?.get(token);
  if (entry !== undefined) {
    world.mutes.get(caller.token)?.delete(token);
    deliver(world, caller.token, muteEvent(caller.token, 'del', entry));
  }
  return empty();
}

/** "Minutes, as a string, 1 to 525600". */
function minutesOf(duration: string): number {
  const minutes = /^\d{1,6}$/.test(duration) ? Number(duration) : 0;
  if (minutes < 1 || minutes > 525_600) throw badRequest('duration: expected minutes as text, 1 to 525600');
  return minutes;
}
