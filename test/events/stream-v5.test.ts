/** The event stream of v5: counts with each event, condensed replays, own sends, and the fallback to v2. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson, type EventData } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { deviceOf } from '../support/device.ts';
import { type LiveOptions, overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

const counts = 'conversation { id unreadCount unreadPriorityCount lastMessage { id } }';
const events = `subscription { events { __typename id
  ... on MessageReceived { message { token body isUnread } ${counts} }
  ... on MessageStatusChanged { status message { token } ${counts} }
  ... on MessageRecalled { recalledMessageId ${counts} }
  ... on RosterChanged { change ${counts} }
} }`;
const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id token sortNumber } } }`;
const mark = `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { unreadCount } } }`;

/** Events in their order; `until` skips those that do not fit. */
function listen<Event = EventData>(stack: Stack, query = events, options: LiveOptions = { as: 'ada' }) {
  const live = overWebSocket<Readonly<Record<string, Event>>>(stack.gateway, query, options);
  const until = async (fits: (event: Event) => boolean): Promise<Event> => {
    for (;;) {
      const { data, errors } = await live.next();
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const event = present(Object.values(present(data))[0]); // of one field
      if (fits(event)) return event;
    }
  };
  return { until, [Symbol.asyncDispose]: () => live.close() };
}

describe('the event stream of v5', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let barbara: DemoPerson;
  let id: string;
  beforeAll(async () => {
    stack = await startStack({ config: { upstreamApi: 'v5', streamLingerMs: 0 } });
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    barbara = await demoPerson(stack, 'barbara');
    id = `Conversation:${barbara.token}:${hospital}`;
    await countFromHere(stack);
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const say = async (body: string, from = barbara, to = ada): Promise<SchemaData['message']> =>
    (await from.ask(send, { input: { recipient: to.id, body } })).sendMessage.message;
  const opened = () => waitUntil(() => stack.sandbox.requests.count('createEventsV5', 'ada') > 0);

  it('delivers the counts after each event without a call, over all devices of the caller', async () => {
    await ada.ask('{ conversations(first: 50) { nodes { id } } }');
    await using first = listen(stack);
    await using second = listen(stack);
    await opened();
    await countFromHere(stack);
    const one = await say('one');
    const two = await say('two');
    for (const device of [first, second]) {
      expect(await device.until(({ message }) => message?.token === one.token)).toMatchObject({
        message: { body: 'one', isUnread: true },
        conversation: { id, unreadCount: 1, lastMessage: { id: one.id } },
      });
      expect(await device.until(({ message }) => message?.token === two.token)).toMatchObject({
        conversation: { id, unreadCount: 2, lastMessage: { id: two.id } },
      });
    }
    expect(stack.sandbox.requests.counts('ada')).not.toHaveProperty('getConversation');
    const through = String(two.sortNumber);
    await ada.ask(mark, { input: { conversation: id, status: 'READ', through } });
    for (const device of [first, second]) {
      const read = await device.until(({ status, message }) => status === 'READ' && message.token === two.token);
      expect(read.conversation).toMatchObject({ id, unreadCount: 0 });
    }
    expect(stack.sandbox.requests.counts('ada')).not.toHaveProperty('createEvents');
  });

  it('relays own sends from the reply, each once, to all subscriptions and to those that resume', async () => {
    await using device = listen(stack);
    await opened();
    const byRecipient = await say('by recipient', ada, barbara);
    const sent = await ada.ask(send, { input: { conversation: id, body: 'by conversation' } });
    const key = '11111111-2222-4333-8444-555555555555';
    const input = { conversation: id, body: 'twice', idempotencyKey: key };
    await ada.ask(send, { input });
    await ada.ask(send, { input });
    const last = await say('end');
    const seen: EventData[] = [];
    await device.until((event) => {
      seen.push(event);
      return event.message?.token === last.token;
    });
    const messages = seen.filter(({ __typename }) => __typename === 'MessageReceived');
    expect(messages.map(({ message }) => message.body)).toEqual(['by recipient', 'by conversation', 'twice', 'end']);
    expect(messages[1]).toMatchObject({
      message: { token: sent.sendMessage.message.token, isUnread: false },
      conversation: { id, unreadCount: 0 },
    });
    const after = messages[0]?.id;
    expect(after).toBe(`sent-${byRecipient.token}`);
    await using resumed = listen(
      stack,
      `subscription { events(after: ${JSON.stringify(after)}) { ... on MessageReceived { message { token body } } } }`,
    );
    for (const body of ['by conversation', 'twice', 'end'])
      expect((await resumed.until(({ message }) => message !== undefined)).message.body).toBe(body);
    const { acknowledgeEvents } = await ada.ask(
      'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }',
      { ids: [after] },
    );
    expect(acknowledgeEvents.acknowledgedEventIds).toEqual([after]);
  });

  it('relays a group from the reply of its creation, also to the key pair that created it', async () => {
    const { authorization, ask } = await deviceOf(stack, 'ada');
    await using device = listen(stack, events, { authorization });
    await waitUntil(() => stack.sandbox.requests.count('createEventsV5') > 0);
    const { createGroup } = await ask(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { token } } }',
      { input: { name: 'Made here', members: [barbara.id] } },
    );
    const made = `Conversation:${createGroup.group.token}:${hospital}`;
    const added = await device.until(({ conversation }) => conversation?.id === made);
    expect(added).toMatchObject({ __typename: 'RosterChanged', change: 'ADDED', conversation: { unreadCount: 0 } });
  });

  it('relays a conversation each time it is added', async () => {
    const { authorization, ask } = await deviceOf(stack, 'ada');
    const { search } = await ask(
      '{ search(query: "", kinds: [USER], first: 50) { nodes { ... on User { id token } } } }',
    );
    const { conversations } = await ask(
      '{ conversations(first: 50) { nodes { counterpart { ... on User { id } } } } }',
    );
    const known = new Set(conversations.nodes.map(({ counterpart }) => counterpart.id));
    const stranger = present(search.nodes.find(({ id }) => id !== undefined && id !== ada.id && !known.has(id)));
    await using device = listen(stack, 'subscription { rosterChanged { change conversation { id } } }', {
      authorization,
    });
    await waitUntil(() => stack.sandbox.requests.count('createEventsV5') > 0);
    const add = () =>
      ask('mutation ($input: AddRosterEntryInput!) { addRosterEntry(input: $input) { counterpart { __typename } } }', {
        input: { counterpart: stranger.id },
      });
    const added = ({ change }: EventData) => change === 'ADDED';
    await add();
    const { conversation } = await device.until(added);
    expect(conversation.id).toContain(`Conversation:${stranger.token}:`);
    await ask(
      'mutation ($id: ID!) { removeRosterEntry(input: { target: { conversation: $id } }) { removedConversationId } }',
      conversation,
    );
    await device.until(({ change }) => change === 'REMOVED');
    await add();
    expect(await device.until(added)).toMatchObject({ conversation });
  });

  it('relays own sends once each while the stream changes from v2 to v5, and while it is lost', async () => {
    await using changing = await startStack({ config: { upstreamApi: 'v5', upstreamApiRetryMs: 1 } });
    const control = controlOf(changing.sandbox);
    const { authorization, ask } = await deviceOf(changing, 'ada');
    const refusal = await control.fault({ kind: 'status', status: 404, operationId: 'createEventsV5' });
    const query = 'subscription { messageReceived { message { body sender { id } } } }';
    await using device = listen(changing, query, { authorization });
    await waitUntil(() => changing.sandbox.requests.count('createEvents') > 0);
    const write = (body: string) => ask(send, { input: { recipient: barbara.id, body } });
    await write('on v2');
    await control.clearFaults(refusal.id);
    const seen: string[] = [];
    const until = (body: string) =>
      device.until(({ message }) => {
        if (message.sender.id === ada.id) seen.push(message.body);
        return message.body === body;
      });
    await until('on v2');
    await control.streams({ action: 'drop' });
    await write('lost');
    await waitUntil(() => changing.sandbox.requests.count('createEventsV5') > 1);
    await write('on v5');
    await control.streams({ action: 'drop' });
    await write('lost again');
    await until('lost again');
    expect(seen.filter((body) => /^(on|lost)/.test(body))).toEqual(['on v2', 'lost', 'on v5', 'lost again']);
  });

  it('reports after an absence which conversations to read again, and one read completes each', async () => {
    {
      await using device = listen(stack);
      await opened();
      const seen = await say('seen');
      await device.until(({ message }) => message?.token === seen.token);
      await waitUntil(() => stack.sandbox.requests.count('ackEventsV5', 'ada') > 0);
    }
    await expect.poll(() => controlOf(stack.sandbox).openStreams()).not.toHaveProperty('ada');
    await say('missed one');
    await say('missed two');
    await using back = listen(stack);
    const changed = await back.until(
      ({ __typename, conversation }) => __typename === 'RosterChanged' && conversation?.id === id,
    );
    expect(changed).toMatchObject({ change: 'ADDED', conversation: { unreadCount: 3 } });
    const { conversation } = await ada.ask(
      'query ($id: ID!) { conversation(id: $id) { messages(last: 3) { nodes { body } } } }',
      { id },
    );
    expect(conversation.messages.nodes).toEqual([{ body: 'seen' }, { body: 'missed one' }, { body: 'missed two' }]);
  });

  it('falls back to v2, with whole replays, when the upstream refuses it', async () => {
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'status', status: 404, path: '/v5/events*' });
    await say('waiting');
    await using device = listen(stack, 'subscription { messageReceived { message { body } } }');
    expect((await device.until(({ message }) => message.body === 'waiting')).message.body).toBe('waiting');
    const { sendMessage } = await ada.ask(send, { input: { recipient: barbara.id, body: 'own' } });
    expect(sendMessage.message.token).toEqual(expect.any(String));
    expect((await device.until(({ message }) => message.body === 'own')).message.body).toBe('own');
    expect(stack.sandbox.requests.count('createEvents', 'ada')).toBeGreaterThan(0);
  });
});

describe('signing in with UPSTREAM_API=v5', () => {
  it.each([
    ['both', { listConversations: 1 }],
    ['v2', { getRoster: 1 }],
  ] as const)('requests v5, and the reply of a sandbox with %s decides for the key pair', async (api, calls) => {
    await using stack = await startStack({ config: { upstreamApi: 'v5' }, sandbox: { api } });
    const { data } = await stack.query(
      'mutation { signIn(input: { userId: "ada", password: "demo" }) { key secret } }',
      {},
      null,
    );
    const { key, secret } = present(data).signIn;
    await countFromHere(stack);
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      },
      body: JSON.stringify({ query: '{ conversations(first: 1) { nodes { id } } }' }),
    });
    expect(await response.json()).not.toHaveProperty('errors');
    expect(stack.sandbox.requests.counts()).toEqual(calls);
  });
});

describe('the event stream with UPSTREAM_API=auto', () => {
  it('is that of v2: stored events are replayed whole, and the counts are read when they are selected', async () => {
    await using stack = await startStack();
    const [ada, barbara] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'barbara')];
    const id = `Conversation:${barbara.token}:${hospital}`;
    for (const body of ['one', 'two']) await barbara.ask(send, { input: { recipient: ada.id, body } });
    await using device = listen(stack);
    for (const body of ['one', 'two']) {
      const event = await device.until(({ message }) => message?.body === body);
      expect(event.conversation).toMatchObject({ id, unreadCount: 2 });
    }
    expect(stack.sandbox.requests.counts('ada')).not.toHaveProperty('createEventsV5');
  });
});

describe.each(['v2', 'v5'] as const)('conversationChanged on %s', (upstreamApi) => {
  it('reports changes of its conversation, and no others', async () => {
    await using stack = await startStack({ config: { upstreamApi } });
    const [ada, barbara, grace] = await Promise.all(['ada', 'barbara', 'grace'].map((name) => demoPerson(stack, name)));
    if (ada === undefined || barbara === undefined || grace === undefined) throw new Error('nobody');
    const id = `Conversation:${barbara.token}:${hospital}`;
    const query = `subscription { conversationChanged(conversation: "${id}") { conversation { id unreadCount }
      event { __typename ... on MessageReceived { message { body } } ... on MessageRecalled { recalledMessageId } ... on MuteChanged { muteChange } } } }`;
    await using device = listen<SchemaData['conversationChanged']>(stack, query);
    const operation = upstreamApi === 'v5' ? 'createEventsV5' : 'createEvents';
    await waitUntil(() => stack.sandbox.requests.count(operation, 'ada') > 0);
    const say = async (body: string, from: DemoPerson) =>
      (await from.ask(send, { input: { recipient: ada.id, body } })).sendMessage.message;
    await say('elsewhere', grace);
    const message = await say('here', barbara);
    const first = await device.until(({ event }) => event.__typename === 'MessageReceived');
    expect(first).toMatchObject({
      conversation: { id, unreadCount: upstreamApi === 'v5' ? 1 : null },
      event: { message: { body: 'here' } },
    });
    await barbara.ask('mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }', {
      id: message.id,
    });
    expect((await device.until(({ event }) => event.__typename === 'MessageRecalled')).event.recalledMessageId).toBe(
      message.id,
    );
    await ada.ask('mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }', {
      input: { conversation: `Conversation:${grace.token}:${hospital}`, minutes: 5 },
    });
    await ada.ask('mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }', {
      input: { conversation: id, minutes: 5 },
    });
    await device.until(({ event }) => event.__typename === 'MuteChanged');
    await ada.ask('mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }', {
      input: { conversation: id, minutes: 6 },
    });
    await device.until(({ event }) => event.__typename === 'MuteChanged');
  });
});
