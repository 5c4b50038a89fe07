import { limits } from '../bounds.ts';
import { badRequest, notFound } from '../http-error.ts';
import { bodyOf, type Exchange, empty, pathValue, type Reply, type Routes, success } from '../request-context.ts';
import { requireSighting } from '../state/account.ts';
import { memberGroup } from '../state/group.ts';
import type { Mute } from '../state/mute.ts';
import { deliver } from '../state/outbox.ts';
import { muteEvent } from '../wire/entity-event.ts';
import { muteWire } from '../wire/mute.ts';

export const muteRoutes: Routes = {
  listMutes: (exchange) => success(currentMutes(exchange).map(([, mute]) => muteWire(mute))),

  clearMutes: ({ world, caller }) => {
    world.mutes.delete(caller.token);
    deliver(world, caller.token, muteEvent(caller.token, 'clear'));
    return empty();
  },

  muteUser: (exchange) => {
    const { world, caller } = exchange;
    const fields = bodyOf(exchange, 'muteUser');
    if (fields.sender_token === undefined) throw badRequest('sender_token is required');
    const { account, membership } = requireSighting(world, caller, fields.sender_token);
    return mute(exchange, fields.duration, {
      kind: 'account',
      token: account.token,
      senderOrganization: fields.sender_organization,
      organization: fields.receiver_organization ?? membership.organization,
    });
  },

  unmuteUser: (exchange) => unmute(exchange, exchange.header('TT-X-Sender-Token') ?? ''),

  muteGroup: (exchange) => {
    const fields = bodyOf(exchange, 'muteGroup');
    const group = memberGroup(exchange.world, exchange.caller, pathValue(exchange, 'group_token'));
    return mute(exchange, fields.duration, {
      kind: 'group',
      token: group.token,
      senderOrganization: fields.sender_organization,
      organization: group.organization,
    });
  },

  unmuteGroup: (exchange) => unmute(exchange, pathValue(exchange, 'group_token')),

  muteOrganization: (exchange) => {
    const { duration } = bodyOf(exchange, 'muteOrganization');
    const organization = pathValue(exchange, 'organization_token');
    if (!exchange.caller.memberships.has(organization)) throw notFound('Organization');
    return mute(exchange, duration, {
      kind: 'organization',
      token: organization,
      senderOrganization: undefined,
      organization,
    });
  },

  unmuteOrganization: (exchange) => unmute(exchange, pathValue(exchange, 'organization_token')),
};

/** Those that have not run out. */
function currentMutes({ world, caller }: Exchange): [string, Mute][] {
  const nowSeconds = world.clock.now() / 1000;
  return [...(world.mutes.get(caller.token) ?? [])].filter(
    ([, { start, minutes }]) => start + minutes * 60 > nowSeconds,
  );
}

/** A second mute of the same replaces the first. */
function mute(exchange: Exchange, duration: string, what: Omit<Mute, 'start' | 'minutes'>): Reply {
  const { world, caller } = exchange;
  const entry: Mute = { ...what, start: Math.floor(world.clock.now() / 1000), minutes: minutesOf(duration) };
  const mutes = new Map(currentMutes(exchange));
  mutes.set(entry.token, entry);
  if (mutes.size > limits.mutesPerAccount) throw badRequest(`expected at most ${limits.mutesPerAccount} mutes`);
  world.mutes.set(caller.token, mutes);
  deliver(world, caller.token, muteEvent(caller.token, 'add', entry));
  return empty();
}

/** Unmuting what is not muted is no error. */
function unmute(exchange: Exchange, token: string): Reply {
  const { world, caller } = exchange;
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
