import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { maxAcknowledgedIds } from '../../src/config/event-settings.ts';
import { settings } from '../../src/config/settings.ts';
import { type LiveResult, type LiveSubscription, overWebSocket, transports } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

interface Sent {
  readonly id: string;
  readonly token: string;
}

async function say(stack: Stack, body: string, input: object = {}, as = 'grace'): Promise<Sent> {
  const answer = await stack.query(
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id token } } }',
    { input: { recipient: 'ada@example.org', body, ...input } },
    as,
  );
  const { sendMessage } = present(answer.data);
  return sendMessage.message;
}

/** Takes results until one has `text` in it. */
async function find<Data>(live: LiveSubscription<Data>, text: string): Promise<LiveResult<Data>> {
  for (;;) {
    const result = await live.next();
    if (JSON.stringify(result).includes(text)) return result;
  }
}

/** The data of a test that reads the id of events. */
interface EventId {
  readonly events: { readonly id: string };
}

const sentBy = (displayName: string) => ({ messageReceived: { message: { sender: { displayName } } } });

const streamOpens = (stack: Stack, times = 1) => waitUntil(() => stack.sandbox.requests.count('createEvents') >= times);

for (const [name, subscribe] of Object.entries(transports)) {
  // Each has a stack of its own.
  describe.concurrent(`subscriptions over ${name}`, () => {
    it('deliver a message that is sent while they are open', async () => {
      await using stack = await startStack();
      await using live = subscribe(
        stack.gateway,
        'subscription { messageReceived { type id message { body sender { id displayName } } } }',
      );
      await streamOpens(stack);
      await say(stack, 'hello');
      expect((await find(live, 'hello')).data).toMatchObject({
        messageReceived: {
          type: 'MESSAGE_RECEIVED',
          message: { body: 'hello', sender: { displayName: 'Grace Hopper' } },
        },
      });
    });

    it('do not show a message that was recalled while its sender was being read', async ({ expect }) => {
      await using stack = await startStack();
      const query = 'subscription { messageReceived { message { body sender { displayName } } } }';
      await using live = subscribe(stack.gateway, query);
      await streamOpens(stack);
      await say(stack, 'before');
      await find(live, 'before'); // and what was waiting
      const order = { kind: 'delay', operationId: 'getUser', caller: 'ada', delayMs: 5_000 } as const;
      const control = controlOf(stack.sandbox);
      await control.fault(order);
      const { id } = await say(stack, 'doomed');
      await expect.poll(async () => (await control.faults())[0]?.met).toBe(1); // its sender is being read
      await stack.query(
        'mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }',
        { id },
        'grace',
      );
      await control.clearFaults();
      await say(stack, 'after');
      expect((await live.next()).data).toMatchObject({ messageReceived: { message: { body: 'after' } } });
      await waitUntil(() => stack.sandbox.requests.count('ackEvents') > 0);
    });

    it('end with SHUTTING_DOWN when the gateway stops', async () => {
      await using stack = await startStack();
      const live = subscribe(stack.gateway, 'subscription { connectionStatus { state } }');
      await find(live, 'LIVE');
      const rest = live.rest();
      await stack.gateway.close();
      const results = await rest;
      expect(results.at(-1)?.errors?.[0]?.extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
      expect(results.at(-2)?.data).toEqual({ connectionStatus: { state: 'CLOSED' } });
    });

    it('end with UNAUTHENTICATED when the upstream rejects the credential', async () => {
      await using stack = await startStack();
      await using live = subscribe(stack.gateway, 'subscription { messageRecalled { id } }', { as: 'nobody' });
      expect((await live.next()).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    });

    it('continue when the upstream restarts, and report it', async () => {
      await using stack = await startStack();
      await using status = subscribe(stack.gateway, 'subscription { connectionStatus { state attempt since } }');
      await using live = subscribe(stack.gateway, 'subscription { messageReceived { message { body } } }');
      await find(status, 'LIVE');
      await controlOf(stack.sandbox).restart();
      await find(status, 'RECONNECTING');
      await find(status, 'LIVE');
      await say(stack, 'after the restart');
      await find(live, 'after the restart');
    });
  });
}

describe('the events of a caller', () => {
  it('are delivered with all their fields, references without an upstream call', async () => {
    await using stack = await startStack();
    const control = controlOf(stack.sandbox);
    await using live = overWebSocket(
      stack.gateway,
      `subscription { events { __typename id type receivedAt extra
        ... on TypingChanged { isTyping user { id } group { id } }
        ... on UnknownEvent { upstreamType payload }
        ... on TagChanged { name colorValue } } }`,
    );
    await streamOpens(stack);
    await find(live, 'MessageReceived').catch(() => undefined);
    await countFromHere(stack);
    const sender = '00000000-0000-4000-8000-00000000000a';
    await control.inject({
      caller: 'ada@example.org',
      event: { 'tigertext:iq:message:is_typing': { sender_token: sender, status: 'typing', new_field: 1 } },
      stored: false,
    });
    expect((await find(live, 'TypingChanged')).data).toMatchObject({
      events: {
        type: 'TYPING_CHANGED',
        isTyping: true,
        user: { id: `User:${sender}` },
        group: null,
        extra: { new_field: 1 },
      },
    });
    await control.inject({ caller: 'ada@example.org', event: { 'tigertext:iq:brand:new': { a: [1] } } });
    expect((await find(live, 'UnknownEvent')).data).toMatchObject({
      events: { upstreamType: 'tigertext:iq:brand:new', payload: { a: [1] } },
    });
    expect(stack.sandbox.requests.count('getUser') + stack.sandbox.requests.count('lookupUsersBulk')).toBe(0);
  });

  it('are limited to the selected types', async () => {
    await using stack = await startStack();
    await using live = overWebSocket(stack.gateway, 'subscription { events(types: [MESSAGE_RECALLED]) { type id } }');
    await streamOpens(stack);
    const { id } = await say(stack, 'to be recalled');
    await stack.query(
      'mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }',
      { id },
      'grace',
    );
    expect((await live.next()).data).toMatchObject({ events: { type: 'MESSAGE_RECALLED' } });
  });

  it('are repeated until they are acknowledged by id, with MANUAL', async () => {
    await using stack = await startStack();
    const query = `subscription { events(types: [MESSAGE_RECEIVED], acknowledge: MANUAL) { id ... on MessageReceived { message { body } } } }`;
    let first: string | undefined;
    {
      await using live = overWebSocket<EventId>(stack.gateway, query);
      await streamOpens(stack);
      await say(stack, 'kept');
      first = (await find(live, 'kept')).data?.events.id;
    }
    await using again = overWebSocket<EventId>(stack.gateway, query);
    const id = (await find(again, 'kept')).data?.events.id;
    expect(id).toBeDefined();
    expect(id).toBe(first);
    const acknowledged = await stack.query(
      'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }',
      { ids: [id] },
    );
    expect(acknowledged.data).toEqual({ acknowledgeEvents: { acknowledgedEventIds: [id] } });
    expect(stack.sandbox.requests.count('ackEvents')).toBe(1);
  });

  it('are resumed after an event, and an unknown position is reported as a gap', async () => {
    await using stack = await startStack({ config: { streamLingerMs: 10_000 } });
    const query = `subscription ($after: ID) { events(types: [MESSAGE_RECEIVED], after: $after) {
      __typename id ... on MessageReceived { message { body } } ... on SubscriptionGap { gapReason } } }`;
    let first: string | undefined;
    {
      await using live = overWebSocket<EventId>(stack.gateway, query);
      await streamOpens(stack);
      await say(stack, 'one');
      first = (await find(live, 'one')).data?.events.id;
      await say(stack, 'two');
      await find(live, 'two');
    }
    await say(stack, 'three');
    await using resumed = overWebSocket(stack.gateway, query, { variables: { after: first } });
    expect((await resumed.next()).data).toMatchObject({ events: { message: { body: 'two' } } });
    expect((await resumed.next()).data).toMatchObject({ events: { message: { body: 'three' } } });
    await using lost = overWebSocket(stack.gateway, query, { variables: { after: 'nobody-knows' } });
    expect((await lost.next()).data).toMatchObject({
      events: { __typename: 'SubscriptionGap', id: 'nobody-knows', gapReason: 'UNKNOWN_POSITION' },
    });
  });

  it('are read again for each, so that a changed name is visible', async () => {
    await using stack = await startStack();
    const control = controlOf(stack.sandbox);
    await using live = overWebSocket(
      stack.gateway,
      'subscription { messageReceived { message { body sender { displayName } } } }',
    );
    await streamOpens(stack);
    await say(stack, 'before');
    expect((await find(live, 'before')).data).toMatchObject(sentBy('Grace Hopper'));
    await control.person('grace@example.org', { displayName: 'Admiral Hopper' });
    await say(stack, 'after');
    expect((await find(live, 'after')).data).toMatchObject(sentBy('Admiral Hopper'));
  });
});

describe('focused subscriptions', () => {
  it('report the delivery states of a message to its sender', async () => {
    await using stack = await startStack();
    const sent = await say(stack, 'to be read');
    await using live = overWebSocket(
      stack.gateway,
      'subscription ($message: ID) { messageStatusChanged(message: $message) { status user { displayName } message { id } } }',
      { as: 'grace', variables: { message: sent.id } },
    );
    await streamOpens(stack);
    await stack.query('mutation ($ids: [ID!]) { updateMessageStatus(input: { read: $ids }) { read { id } } }', {
      ids: [sent.id],
    });
    expect((await find(live, 'READ')).data).toEqual({
      messageStatusChanged: { status: 'READ', user: { displayName: 'Ada Lovelace' }, message: { id: sent.id } },
    });
  });

  it('report typing in a conversation', async () => {
    await using stack = await startStack();
    await using live = overWebSocket(
      stack.gateway,
      'subscription { typing(in: "grace@example.org") { isTyping user { displayName } } }',
    );
    await streamOpens(stack);
    const type = (as: string) =>
      stack.query('mutation { startTyping(input: { recipient: "ada@example.org" }) { isTyping } }', {}, as);
    await type('alan');
    await type('grace');
    expect((await live.next()).data).toEqual({
      typing: { isTyping: true, user: { displayName: 'Grace Hopper' } },
    });
  });

  it('report the creation, renaming and deletion of a group', async () => {
    await using stack = await startStack();
    await using groups = overWebSocket(stack.gateway, 'subscription { groupChanged { change group { id name } } }');
    await using roster = overWebSocket(
      stack.gateway,
      'subscription { rosterChanged { change counterpart { ... on Group { id name } } } }',
    );
    await streamOpens(stack);
    const made = await stack.query(
      'mutation { createGroup(input: { name: "Night shift", members: ["ada@example.org"] }) { group { id } } }',
      {},
      'grace',
    );
    const { createGroup } = present(made.data);
    const { id } = createGroup.group;
    expect((await find(roster, 'Night shift')).data).toMatchObject({
      rosterChanged: { change: 'ADDED', counterpart: { id } },
    });
    await stack.query(
      'mutation ($id: ID!) { updateGroup(input: { group: $id, name: "Day shift" }) { group { id } } }',
      { id },
      'grace',
    );
    expect((await find(groups, 'Day shift')).data).toMatchObject({ groupChanged: { change: 'UPDATED' } });
    await stack.query('mutation ($id: ID!) { deleteGroup(input: { group: $id }) { deletedGroupId } }', { id }, 'grace');
    expect((await find(groups, 'REMOVED')).data).toMatchObject({ groupChanged: { group: { id, name: null } } });
    expect((await find(roster, 'REMOVED')).data).toMatchObject({ rosterChanged: { counterpart: { id } } });
  });

  it('report changed users and presence', async () => {
    await using stack = await startStack();
    const control = controlOf(stack.sandbox);
    await using users = overWebSocket(
      stack.gateway,
      'subscription { userChanged(user: "grace@example.org") { user { displayName } } }',
    );
    await using presence = overWebSocket(
      stack.gateway,
      'subscription { presenceChanged { presence user { displayName } } }',
    );
    await streamOpens(stack);
    await control.person('grace@example.org', { displayName: 'Admiral Hopper' });
    expect((await find(users, 'Admiral')).data).toMatchObject({
      userChanged: { user: { displayName: 'Admiral Hopper' } },
    });
    await using _grace = overWebSocket(stack.gateway, 'subscription { messageRecalled { id } }', { as: 'grace' });
    expect((await find(presence, 'Admiral')).data).toMatchObject({ presenceChanged: { presence: 'AVAILABLE' } });
  });

  it('reject arguments that identify no account', async () => {
    await using stack = await startStack();
    for (const query of [
      'subscription { messageReceived(from: "unknown@example.org") { id } }',
      'subscription { groupChanged(group: "no token") { id } }',
      'subscription { messageStatusChanged(message: "User:x") { id } }',
    ]) {
      await using live = overWebSocket(stack.gateway, query);
      expect((await live.next()).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });
});

describe('mutations around events', () => {
  it('close the event connections of the caller, which come back by themselves', async () => {
    await using stack = await startStack();
    await using live = overWebSocket(stack.gateway, 'subscription { messageReceived { message { body } } }');
    await streamOpens(stack);
    const { data } = await stack.query('mutation { dropEventConnections { count } }');
    expect(data).toEqual({ dropEventConnections: { count: 1 } });
    await streamOpens(stack, 2);
    await say(stack, 'still here');
    await find(live, 'still here');
  });

  it('reject invalid ids, and too many', async () => {
    await using stack = await startStack();
    const acknowledge =
      'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }';
    for (const ids of [
      ['two words'],
      ['unlike-any-of-the-upstream'],
      Array.from({ length: maxAcknowledgedIds + 1 }, (_, index) => `e${index}`),
    ]) {
      const { errors } = await stack.query(acknowledge, { ids });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.eventIds' });
    }
  });

  it('accept as many ids as the schema and the settings state, however few are remembered', async () => {
    await using stack = await startStack({ config: { rememberedEventIds: 100 } });
    const acknowledge =
      'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }';
    // The maximum number of ids, only 150 of them different: three calls of fifty, one per second, suffice for the test.
    const different = Array.from({ length: 150 }, () => randomUUID());
    const ids = Array.from({ length: maxAcknowledgedIds }, (_, index) => different[index % different.length]);
    const { data, errors } = await stack.query(acknowledge, { ids });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ acknowledgeEvents: { acknowledgedEventIds: ids } });
    expect(stack.sandbox.requests.count('ackEvents')).toBe(3);
    const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    expect(sdl).toMatch(new RegExp(`at most ${maxAcknowledgedIds}\\. Repeated and unknown ids cause no error\\.`));
    expect(settings.rememberedEventIds.meaning).toContain(`One acknowledgeEvents accepts ${maxAcknowledgedIds} ids`);
  });
});
