/** Routes of the control port: faults, streams, events, people, calls, messages, clock, restart, reset, request counts. */

import type * as z from 'zod';
import type { Clock } from '../clock.ts';
import { wrongShapedFrame } from '../faults/fault-effects.ts';
import type { Faults } from '../faults/faults.ts';
import { notFound } from '../http/http-error.ts';
import type { RequestRecorder } from '../http/request-log.ts';
import { findAccount } from '../state/account.ts';
import { announceAccount } from '../state/audience.ts';
import { placeCall } from '../state/call.ts';
import { markMessage } from '../state/delivery.ts';
import { runEscalations } from '../state/escalation.ts';
import { sweepMessages } from '../state/message.ts';
import { deliver, ephemeralEventId } from '../state/outbox.ts';
import type { World } from '../state/world.ts';
import type { Account, EventStream } from '../state/world-types.ts';
import { wipeEvent } from '../wire/entity-event.ts';
import { type ControlRoute, parseOrder } from './control-route.ts';
import {
  callerInOrder,
  callerOrder,
  callOrder,
  clockOrder,
  injectOrder,
  personOrder,
  restartOrder,
  streamOrder,
} from './order-schemas.ts';

export interface ControlParts {
  readonly world: World;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly requests: RequestRecorder;
  /** Drops every connection and resets new ones for `downMs`. */
  readonly restart: (downMs: number) => void;
  /** Restores the seeded state. */
  readonly reset: () => void;
}

/** The routes of the control API, by their subject. */
export function createControlOrders(parts: ControlParts): ControlRoute[] {
  return [
    ...faultRoutes(parts),
    ...streamRoutes(parts),
    ...peopleRoutes(parts),
    ...messageRoutes(parts),
    ...sandboxRoutes(parts),
  ];
}

function personOf(world: World, address: string): Account {
  const account = findAccount(world, address);
  if (account === undefined) throw notFound('Person');
  return account;
}

function faultRoutes({ world, faults }: ControlParts): ControlRoute[] {
  const withUserName = (body: unknown): unknown => {
    const { caller, ...order } = parseOrder(callerInOrder, body);
    return caller === undefined ? order : { ...order, caller: personOf(world, caller).username };
  };
  return [
    {
      method: 'GET',
      path: '/faults',
      meaning: 'Lists the active faults and how many requests each was applied to.',
      run: () => faults.list(),
    },
    {
      method: 'POST',
      path: '/faults',
      meaning: 'Adds a fault: kind, and optionally operationId, path, caller, skip, count, delayMs. Returns its id.',
      run: ({ body }) => faults.order(withUserName(body)),
    },
    { method: 'DELETE', path: '/faults', meaning: 'Removes all faults.', run: () => ({ count: faults.clear() }) },
    {
      method: 'DELETE',
      path: '/faults/{id}',
      meaning: 'Removes one fault.',
      run: ({ name }) => ({ count: faults.clear(name) }),
    },
  ];
}

function streamRoutes({ world }: ControlParts): ControlRoute[] {
  const streamsOf = (caller: string | undefined): EventStream[] => {
    const token = caller === undefined ? undefined : personOf(world, caller).token;
    const sessions = [...world.sessions.values()].filter(({ account }) => token === undefined || account === token);
    return sessions.flatMap(({ streams }) => [...streams]);
  };
  return [
    {
      method: 'GET',
      path: '/streams',
      meaning: 'Number of open event streams, per caller.',
      run: () => openStreams(world),
    },
    {
      method: 'POST',
      path: '/streams',
      meaning:
        'Disturbs the open event streams of one caller or of all: drop, reset, stall, garbage, wrong-shape, oversize, duplicate (repeats the last event), reconnect (sends the reconnect frame).',
      run: ({ body }) => {
        const { caller, ...order } = parseOrder(streamOrder, body);
        const streams = streamsOf(caller);
        for (const stream of streams) disturb(stream, order);
        return { count: streams.length };
      },
    },
    {
      method: 'POST',
      path: '/events',
      meaning: 'Delivers any event to a caller: {caller, event: {type: payload}, stored, organization}.',
      run: ({ body }) => {
        const { caller, event, stored, organization } = parseOrder(injectOrder, body);
        for (const [type, payload] of Object.entries(event)) {
          deliver(world, personOf(world, caller).token, { type, stored, payload: () => payload }, organization);
        }
        return {};
      },
    },
  ];
}

function peopleRoutes({ world }: ControlParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: '/people/{address}',
      meaning: 'Changes a person: firstName, lastName, displayName, status. Contacts receive an update event.',
      run: ({ body, name }) => {
        const changes = parseOrder(personOrder, body);
        const account = personOf(world, name);
        account.firstName = changes.firstName ?? account.firstName;
        account.lastName = changes.lastName ?? account.lastName;
        account.displayName = changes.displayName ?? `${account.firstName} ${account.lastName}`.trim();
        account.status = changes.status ?? account.status;
        announceAccount(world, account);
        return { token: account.token };
      },
    },
    {
      method: 'POST',
      path: '/calls',
      meaning:
        'Lets a person call another, a role or a group: {caller, target, outcome, seconds, isVideo, network, organization}. Both sides receive the events of the call, and an entry of the call log.',
      run: ({ body }) => {
        const { caller, ...order } = parseOrder(callOrder, body);
        return { id: placeCall(world, personOf(world, caller), order).id };
      },
    },
    {
      method: 'POST',
      path: '/wipe',
      meaning: 'Delivers remote_wipe to a caller, as an administrator would.',
      run: ({ body }) => deliver(world, personOf(world, parseOrder(callerOrder, body).caller).token, wipeEvent()),
    },
  ];
}

function messageRoutes({ world, clock }: ControlParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: '/confirm/{message}',
      meaning: 'Marks a message as confirmed by a recipient: {caller}. No operation of the contract does this.',
      run: ({ body, name }) =>
        markMessage(world, personOf(world, parseOrder(callerOrder, body).caller), name, 'Confirmed'),
    },
    {
      method: 'POST',
      path: '/expire/{message}',
      meaning: 'Expires a message now.',
      run: ({ name }) => {
        const message = world.messages.get(name);
        if (message === undefined) throw notFound('Message');
        message.expiresAt = clock.now();
        sweepMessages(world);
      },
    },
  ];
}

function sandboxRoutes({ world, clock, requests, restart, reset }: ControlParts): ControlRoute[] {
  return [
    {
      method: 'POST',
      path: '/clock',
      meaning: 'Shifts the clock of the sandbox: {shiftMs}.',
      run: ({ body }) => {
        clock.shift(parseOrder(clockOrder, body).shiftMs);
        runEscalations(world);
        sweepMessages(world);
        return { now: clock.now() };
      },
    },
    {
      method: 'POST',
      path: '/restart',
      meaning: 'Drops every connection and resets new ones for downMs.',
      run: ({ body }) => restart(parseOrder(restartOrder, body).downMs),
    },
    {
      method: 'POST',
      path: '/reset',
      meaning: 'Restores the seeded people and messages and removes all faults.',
      run: reset,
    },
    {
      method: 'GET',
      path: '/requests',
      meaning: 'Number of requests handled so far, per operation.',
      run: () => requests.counts(),
    },
    { method: 'DELETE', path: '/requests', meaning: 'Resets the request counts.', run: () => requests.reset() },
  ];
}

function openStreams(world: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { account, streams } of world.sessions.values()) {
    const caller = world.accounts.get(account)?.username ?? '';
    if (streams.size > 0) counts[caller] = (counts[caller] ?? 0) + streams.size;
  }
  return counts;
}

const usualOversize = 20 * 1024 * 1024;

type StreamOrder = z.output<typeof streamOrder>;

function disturb(stream: EventStream, { action, text, bytes }: Omit<StreamOrder, 'caller'>): void {
  const reconnect = {
    event_id: ephemeralEventId,
    event: { 'tigertext:iq:reconnect': { xmlns: 'tigertext:iq:reconnect' } },
  };
  const effects: Record<StreamOrder['action'], () => void> = {
    drop: () => stream.close(),
    reset: () => stream.destroy(),
    stall: () => stream.stall(),
    duplicate: () => stream.repeatLast(),
    garbage: () => stream.writeRaw(`data: ${text ?? '{"event_id":'}\n\n`),
    'wrong-shape': () => stream.writeRaw(`data: ${JSON.stringify(wrongShapedFrame)}\n\n`),
    oversize: () => stream.writeRaw(`data: ${'x'.repeat(bytes ?? usualOversize)}\n\n`),
    reconnect: () => stream.writeRaw(`data: ${JSON.stringify(reconnect)}\n\n`),
  };
  effects[action]();
}
