/**
 * Devices that read the roster once and then follow their streams have the sandbox's state after any steps. The seed is printed
 * with a failure; `SANDBOX_SEED` and `SANDBOX_STEPS` repeat or lengthen a run.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { answered, type CondensedClient, condensedClient, pageSize } from '../../support/condensed-client.ts';
import { callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { conversation, conversationWith } from '../../support/sandbox-conversation.ts';

const steps = Number(process.env['SANDBOX_STEPS'] ?? 150);
const seed = Number(process.env['SANDBOX_SEED'] ?? Date.now() % 1_000_000);

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
});
afterAll(() => sandbox.close());

/** A small generator with a state of 32 bits. @returns A number below `bound`. */
function randomOf(start: number): (bound: number) => number {
  let state = start;
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 7)) >>> 0) % bound;
  };
}

const people = ['grace', 'alan', 'florence'] as const;

describe('devices on v5', () => {
  it('have the state of the sandbox after any steps', { timeout: 300_000 }, async () => {
    const random = randomOf(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item; // never empty here
    await using first = await condensedClient(sandbox, 'grace');
    await using second = await condensedClient(sandbox, 'grace');
    await using alan = await condensedClient(sandbox, 'alan');
    await using florence = await condensedClient(sandbox, 'florence');
    // Another device of Alan, on v2.
    const old = await callerOf(sandbox, 'alan');
    const clients = [first, second, alan, florence];
    const online = new Set<CondensedClient>();
    for (const client of clients) {
      await client.connect();
      online.add(client);
    }
    let fences = 0;
    /** Resolves when the devices have received every earlier event. */
    const settle = async () => {
      fences += 1;
      const fence = { 'tigertext:iq:fence': { number: fences } };
      for (const caller of people) await control.inject({ caller, event: fence, stored: false });
      for (const client of online) {
        await client.stream().find('fence', ({ number }) => Number(number) === fences);
        await client.catchUp();
      }
    };
    const groups: { token: string; id: string }[] = [];
    for (const replay_history of [true, false]) {
      const members = ['alan', 'florence'];
      const { reply } = await first.device.post('/v5/group', { name: `G ${replay_history}`, members, replay_history });
      groups.push({ token: reply.entity.token, id: reply.conversation_id });
    }
    // The device that makes a group learns it from the reply.
    await first.disconnect();
    await using replaced = await condensedClient(sandbox, 'grace');
    clients[0] = replaced;
    online.delete(first);
    await replaced.connect();
    online.add(replaced);
    await settle();

    const { device: grace } = replaced;
    const ids = [
      await conversationWith(grace, 'alan'),
      await conversationWith(grace, 'florence'),
      await conversationWith(grace, 'florence', 'riversideClinicGroup0002'),
      await conversationWith(alan.device, 'florence'),
      ...groups.map(({ id }) => id),
    ];
    const sent: { id: string; by: CondensedClient }[] = [];
    const canReach = async (client: CondensedClient, id: string) =>
      (await client.device.get(`/v5/conversation/${id}`)).status === 200;

    const doings: Record<string, () => Promise<unknown>> = {
      send: async () => {
        const [client, id] = [pick([...online]), pick(ids)];
        if (!(await canReach(client, id))) return;
        const more = { priority: random(4) === 0 ? 1 : 0, ...(random(5) === 0 ? { ttl: 60 } : {}) };
        sent.push({ id: await client.send(id, `text ${sent.length}`, more), by: client });
      },
      'send over v2': async () => {
        const to = pick(groups);
        if (await canReach(alan, to.id)) sent.push({ id: await old.send(to.token, 'v2'), by: alan });
      },
      show: () => pick([...online]).show(pick(ids)),
      'read one': async () => {
        const last = sent.slice(-8);
        if (last.length > 0) await pick(clients).device.post('/v5/message/status', { read: [pick(last).id] });
      },
      'read all': () => pick(clients).device.post(`/v5/conversation/${pick(ids)}/status`, { status: 'Read' }),
      recall: async () => {
        const message = sent.length === 0 ? undefined : pick(sent.slice(-10));
        if (message !== undefined) await message.by.device.delete(`/v2/message/${message.id}`);
      },
      expire: async () => {
        const message = sent.length === 0 ? undefined : pick(sent.slice(-10));
        if (message === undefined) return;
        await settle();
        await control.expire(message.id).catch(() => undefined);
        // Expiry has no event: clients drop the message by themselves, and read the conversation again.
        for (const client of clients) {
          for (const [id, known] of client.conversations) {
            if (known.items?.includes(message.id) !== true && known.last !== message.id && known.unread === 0) continue;
            const item = await conversation(client.device, id).catch(() => undefined);
            if (item?.last_message === undefined) continue;
            known.items = known.items?.filter((each) => each !== message.id);
            known.last = item.last_message?.message_id ?? null;
            known.unread = item.unread_message_count;
            known.priority = item.unread_priority_message_count;
          }
        }
      },
      mute: () => pick(clients).device.post(`/v2/mute/group/${pick(groups).token}`, { duration: '60' }),
      unmute: () => pick(clients).device.delete(`/v2/mute/group/${pick(groups).token}`),
      leave: () => florence.device.delete(`/v2/roster/${pick(groups).token}`),
      join: () => alan.device.post(`/v5/group/${pick(groups).token}/members`, { members: [pick(people)] }),
      rename: () => grace.post(`/v5/group/${pick(groups).token}`, { name: `Name ${random(1_000)}` }),
      erase: () => alan.device.delete('/v2/roster/florence'),
      'go away': async () => {
        const client = pick([...online]);
        if (online.size < 3) return;
        await settle();
        await client.disconnect();
        online.delete(client);
      },
      'come back': async () => {
        const away = clients.filter((client) => !online.has(client));
        if (away.length === 0) return;
        const client = pick(away);
        await client.connect();
        online.add(client);
        await client.catchUp();
      },
    };
    const often = ['send', 'send', 'send', 'send', 'show', 'read one', 'read all', 'recall', 'come back'];
    const names = [...often, ...Object.keys(doings)];
    const compare = async (after: string) => {
      await settle();
      for (const [index, client] of clients.entries()) {
        if (!online.has(client)) continue;
        const now = await answered(client);
        const what = `seed ${seed}, device ${index} after ${after}`;
        // A direct conversation without messages is on no roster; the client has it as empty.
        for (const [id, known] of client.conversations) {
          if (!now.has(id)) expect([what, id, known.last, known.unread]).toEqual([what, id, null, 0]);
        }
        for (const [id, truth] of now) {
          const known = client.conversations.get(id);
          const items = known?.items?.slice(-pageSize);
          expect([what, id, known === undefined ? undefined : { ...known, items }]).toEqual([what, id, truth]);
        }
      }
    };
    await compare('the start');
    const history: string[] = [];
    for (let step = 1; step <= steps; step += 1) {
      const name = pick(names);
      history.push(name);
      await settle();
      await doings[name]?.();
      if (step % 10 === 0) await compare(`step ${step}: ${history.slice(-10).join(', ')}`);
    }
    for (const client of clients) if (!online.has(client)) await client.connect();
    for (const client of clients) online.add(client);
    await compare('the end');
  });
});
