import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EntityCache } from '../../src/loaders/entity-cache.ts';
import { QueryDeduplicator } from '../../src/server/operation/query-deduplication.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { pass, useTestClock } from '../support/test-clock.ts';
import { waitUntil } from '../support/wait.ts';

const one = 'query ($id: ID!, $organization: String) { user(id: $id, organization: $organization) { displayName } }';
const group = 'query ($id: ID!) { group(id: $id) { name } }';
const rename = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';

describe('users and groups in the entity cache', () => {
  let stack: Stack;
  let control: SandboxControl;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    // Long enough for every test, however busy the machine is.
    stack = await startStack({ config: { entityCacheMs: 10_000 } });
    control = controlOf(stack.sandbox);
  });
  beforeEach(async () => {
    await control.reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    await forget();
    stack.sandbox.requests.reset();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  /** A change by a caller invalidates that caller's entries. */
  async function forget() {
    for (const person of [ada, grace]) await person.ask('mutation { unmuteAll { __typename } }');
  }
  const calls = (operationId: string, person = 'ada') => stack.sandbox.requests.counts(person)[operationId] ?? 0;
  const groupOf = async (person: DemoPerson): Promise<string> => {
    const { roster } = await person.ask(
      '{ roster { entries { nodes { counterpart { __typename ... on Group { id } } } } } }',
    );
    return present(roster.entries.nodes.find(({ counterpart: { id } }) => id !== undefined)).counterpart.id;
  };

  it('are not read again for the credential', async () => {
    const id = await groupOf(ada);
    for (let round = 0; round < 3; round++) {
      expect((await ada.ask(one, { id: grace.id })).user.displayName).toBe('Grace Hopper');
      expect((await ada.ask('{ me { displayName } }')).me.displayName).toBe('Ada Lovelace');
      expect((await ada.ask(group, { id })).group.name).toEqual(expect.any(String));
    }
    expect([calls('getUser'), calls('getMe'), calls('getGroup')]).toEqual([1, 1, 1]);
  });

  it('are cached separately for every credential and every organization', async () => {
    await ada.ask(one, { id: grace.id });
    await grace.ask(one, { id: grace.id });
    for (const organization of ['mercyGeneralHospital0001', 'riversideClinicGroup0002', undefined]) {
      await ada.ask(one, { id: grace.id, organization });
    }
    expect([calls('getUser', 'ada'), calls('getUser', 'grace')]).toEqual([3, 1]);
  });

  // The contract's official clients write an empty text where there is no token (User.dnd_auto_forward_receiver).
  it('are not found by an empty token, which names no user and not the caller', async () => {
    await ada.ask('{ me { displayName } }');
    const message = randomUUID();
    await control.fault({
      kind: 'body',
      operationId: 'getMessage',
      body: {
        status: 'success',
        reply: {
          message_id: message,
          body: 'From nobody',
          sender_token: '',
          recipient: '',
          group_token: '',
          original_sender: '',
          original_msg_id: '',
        },
      },
    });
    const query = `query ($id: ID!) { me { displayName } message(id: $id) {
      body sender { token } senderAsRead: sender { displayName } recipient { __typename ... on User { displayName } }
      group { name } forwardedFrom { sender { displayName } } } }`;
    expect(await ada.ask(query, { id: message })).toEqual({
      me: { displayName: 'Ada Lovelace' },
      message: {
        body: 'From nobody',
        sender: null,
        senderAsRead: null,
        recipient: null,
        group: null,
        forwardedFrom: null,
      },
    });
  });

  it('are read again after a change by the credential, in its payload too', async () => {
    for (const name of ['Countess', 'Enchantress of Numbers']) {
      await ada.ask('{ me { displayName } }');
      await ada.ask(one, { id: ada.id });
      expect((await ada.ask(rename, { name })).updateMe.me.displayName).toBe(name);
      expect((await ada.ask('{ me { displayName } }')).me.displayName).toBe(name);
      expect((await ada.ask(one, { id: ada.id })).user.displayName).toBe(name);
    }
  });

  it('are not cached when a change was made while they were read', async () => {
    await control.fault({ kind: 'delay', delayMs: 2_000, operationId: 'getUser' });
    let isOver = false;
    const before = ada.ask(one, { id: grace.id }).then(() => {
      isOver = true;
    });
    await vi.waitFor(async () => expect((await control.faults())[0]?.met).toBe(1));
    await forget();
    expect(isOver).toBe(false);
    await before;
    await control.clearFaults();
    await ada.ask(one, { id: grace.id });
    expect(calls('getUser')).toBe(2);
  });

  it('are read again after an event about one of them', async () => {
    await using events = await ada.listen();
    await ada.ask(one, { id: grace.id });
    await grace.ask(rename, { name: 'Dr Hopper' });
    await events.until('EntityChanged', ({ entities }) => entities[0]?.displayName === 'Dr Hopper');
    expect((await ada.ask(one, { id: grace.id })).user.displayName).toBe('Dr Hopper');
  });

  it('serve a burst of messages, whose sender is read once', async () => {
    await using live = overWebSocket<{
      messageReceived: { message: { body: string; sender: { displayName: string } } };
    }>(stack.gateway, 'subscription { messageReceived { message { body sender { displayName } } } }');
    const send =
      'mutation ($to: ID!, $body: String!) { sendMessage(input: { recipient: $to, body: $body }) { __typename } }';
    const arrivalOf = async (body: string) => {
      let message: { body?: string; sender?: { displayName: string } } | undefined;
      while (message?.body !== body) message = (await live.next()).data?.messageReceived.message;
      return message;
    };
    await grace.ask(send, { to: ada.id, body: 'first' });
    await arrivalOf('first');
    stack.sandbox.requests.reset();
    for (let index = 0; index < 10; index++) await grace.ask(send, { to: ada.id, body: `note ${index}` });
    for (let index = 0; index < 10; index++) {
      expect((await arrivalOf(`note ${index}`)).sender?.displayName).toBe('Grace Hopper');
    }
    expect(calls('getUser') + calls('lookupUsersBulk')).toBe(0);
  });

  it('are cached from short lists, and not from long ones', async () => {
    const { search } = await ada.ask(
      '{ search(query: "", kinds: [USER], first: 100) { nodes { ... on User { id } } } }',
    );
    const ids = [...new Set<string>(search.nodes.map(({ id }: { id: string }) => id))]; // once for each organization
    expect(ids.length).toBeGreaterThan(20);
    const many = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName } }';
    for (const [length, reads] of [
      [21, 1],
      [20, 0],
    ] as const) {
      await ada.ask(many, { ids: ids.slice(0, length) });
      stack.sandbox.requests.reset();
      await ada.ask(one, { id: ids[0] });
      expect(calls('getUser')).toBe(reads);
      await forget();
    }
  });

  it('are not cached when they are absent or unreadable', async () => {
    const absent = { id: '00000000-0000-4000-8000-000000000000' };
    for (let round = 0; round < 2; round++) expect((await ada.ask(one, absent)).user).toBeNull();
    expect(calls('getUser')).toBe(2);
    await control.fault({ kind: 'status', status: 403, operationId: 'getUser', count: 1 });
    await ada.answer(one, { id: grace.id });
    expect((await ada.ask(one, { id: grace.id })).user.displayName).toBe('Grace Hopper');
  });
});

describe('the entity cache', () => {
  // Ages are counted on this clock; everything else goes on as it does.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const later = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);
  const metric = async ({ gateway }: Stack, name: string) => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };

  it('shows a change by another user after its TTL', async () => {
    await using stack = await startStack({ config: { entityCacheMs: 400 } });
    const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
    await ada.ask(one, { id: grace.id });
    await grace.ask(rename, { name: 'Dr Hopper' });
    later(401);
    expect((await ada.ask(one, { id: grace.id })).user.displayName).toBe('Dr Hopper');
  });

  it('is bounded, and counted', async () => {
    await using stack = await startStack({ config: { entityCacheMs: 10_000, entityCacheSize: 1 } });
    const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
    await ada.ask('mutation { unmuteAll { __typename } }');
    await grace.ask('mutation { unmuteAll { __typename } }');
    later(1); // what is read in the moment of a change is not kept
    stack.sandbox.requests.reset();
    for (const { id } of [ada, grace, ada, grace]) await ada.ask(one, { id });
    expect(stack.sandbox.requests.counts('ada')['getUser']).toBe(3);
    expect(await metric(stack, 'tigerconnect_entity_cache_entries')).toBe(1);
    expect(await metric(stack, 'tigerconnect_entity_cache_hits_total')).toBe(1);
  });

  it('is disabled by 0', async () => {
    await using stack = await startStack({ config: { entityCacheMs: 0 } });
    const ada = await demoPerson(stack, 'ada');
    stack.sandbox.requests.reset();
    for (let round = 0; round < 3; round++) await ada.ask(one, { id: ada.id });
    expect(stack.sandbox.requests.counts('ada')['getUser']).toBe(3);
  });

  it('makes no shared response older: a query with a cache hit is joined for a shorter time', async () => {
    await using stack = await startStack({ config: { entityCacheMs: 10_000, sharedQueryMs: 2_000 } });
    const control = controlOf(stack.sandbox);
    const ada = await demoPerson(stack, 'ada');
    await ada.ask('mutation { unmuteAll { __typename } }');
    later(1); // what is read in the moment of a change is not kept
    const slow = '{ me { displayName } roster { entries { totalCount } } }';
    const readsOfTwo = async () => {
      const { requests } = stack.sandbox;
      requests.reset();
      const first = ada.ask(slow);
      await waitUntil(() => requests.underWay > 0);
      await Promise.all([first, ada.ask(slow)]);
      return requests.counts('ada')['getRoster'];
    };
    await control.fault({ kind: 'delay', delayMs: 500, operationId: 'getRoster' });
    expect(await readsOfTwo()).toBe(1);
    later(2_001);
    expect(await readsOfTwo()).toBe(2);
  });

  it('counts towards the time in which a query is shared', async () => {
    const queries = new QueryDeduplicator<string>(1_000);
    const caller = { credential: createCredential('Basic YWRhOmRlbW8='), requestId: 'test', cancellation: undefined };
    const finds = (ageMs: number) =>
      queries.run(caller, 'question', async (freshness) => {
        freshness.oldestReadAt -= ageMs;
        await turn();
        return `${ageMs} ms`;
      });
    const answers = [finds(500), finds(0)];
    expect(await Promise.all(answers)).toEqual(['500 ms', '500 ms']);
    expect(await Promise.all([finds(2_000), finds(0)])).toEqual(['2000 ms', '0 ms']);
  });
});

describe('an entry of the cache', () => {
  useTestClock();

  it('leaves memory within twice its TTL, and is not returned after it', async () => {
    const cache = new EntityCache({ ttlMs: 400, maxEntries: 10 });
    const view = () => cache.for('caller', { oldestReadAt: performance.now() })?.users(undefined);
    view()?.set('x', { kind: 'USER', token: 'x' });
    await pass(399);
    expect(view()?.get('x')).toEqual({ kind: 'USER', token: 'x' });
    await pass(2);
    expect(view()?.get('x')).toBeUndefined();
    await pass(399);
    expect(cache.size).toBe(0);
  });
});
