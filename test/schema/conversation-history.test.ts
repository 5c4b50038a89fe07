/** Conversations on an upstream with history: the list, one conversation, its timeline, and the cost of each. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { counted } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { id token sortNumber } conversation { id unreadCount lastMessage { id body } } } }`;
const item = `__typename ... on Message { id body isUnread sortNumber status conversation { id } sender { displayName } }
  ... on ConversationNotice { noticeId notice sortNumber actor { name } subject { name } }`;
const timeline = (args: string) => `query ($id: ID!) { conversation(id: $id) { id timeline(${args}) {
  pageInfo { hasPreviousPage hasNextPage startCursor endCursor } edges { cursor node { ${item} } } } } }`;
const row = `id organizationKey isHistoryAvailable mutedUntil unreadCount unreadPriorityCount
  firstExpiringUnread { message { id } sender { id } expiresAt }
  counterpart { __typename ... on User { id displayName } ... on Group { id name } ... on DistributionList { id name } }
  lastMessage { id body senderName }`;

type Timeline = SchemaData['conversation']['timeline'];

describe('conversations with history', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let barbara: DemoPerson;
  let id: string;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    barbara = await demoPerson(stack, 'barbara');
    id = `Conversation:${barbara.token}:${hospital}`;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const say = async (body: string, from = barbara, to = ada, more: object = {}): Promise<SchemaData['sendMessage']> =>
    (await from.ask(send, { input: { recipient: to.id, body, ...more } })).sendMessage;
  const page = async (args: string, person = ada, of = id): Promise<Timeline> =>
    (await person.ask(timeline(args), { id: of })).conversation.timeline;
  const bodies = ({ edges }: Timeline): string[] => edges.map(({ node }) => node.body ?? node.notice);

  it('are listed with last message, counts and counterparts in one call, and a reload of an app is two', async () => {
    await say('quiet');
    await say('urgent', barbara, ada, { priority: 'HIGH' });
    const { value, calls } = await counted(stack, () =>
      ada.ask(`{ me { id } conversations(first: 50) { pageInfo { hasNextPage } nodes { ${row} } } }`),
    );
    expect(calls).toEqual({ getMe: 1, listConversations: 1 });
    expect(value.conversations.nodes[0]).toMatchObject({
      id,
      organizationKey: hospital,
      isHistoryAvailable: true,
      mutedUntil: null,
      unreadCount: 2,
      unreadPriorityCount: 1,
      firstExpiringUnread: { sender: { id: barbara.id } },
      counterpart: { id: barbara.id, displayName: 'Barbara Liskov' },
      lastMessage: { body: 'urgent', senderName: 'Barbara Liskov' },
    });
  });

  it('mark nothing and delete nothing when they are listed', async () => {
    const { message } = await say('secret', barbara, ada, { deleteOnRead: true });
    for (let count = 0; count < 2; count++) {
      const { conversations } = await ada.ask(
        `{ conversations(first: 1) { nodes { unreadCount lastMessage { body } } } }`,
      );
      expect(conversations.nodes).toEqual([{ unreadCount: 1, lastMessage: { body: 'secret' } }]);
    }
    const states = await barbara.ask('query ($id: ID!) { message(id: $id) { recipientStatuses { status } } }', {
      id: message.id,
    });
    expect(states.message.recipientStatuses).toEqual([{ status: 'NEW' }]);
  });

  it('are opened with one call; reading the history marks as delivered, not as read', async () => {
    const { message } = await say('hello');
    await ada.ask('{ conversations(first: 1) { nodes { id } } }');
    const { value, calls } = await counted(stack, () => page('last: 50'));
    expect(calls).toEqual({ readTimeline: 1, lookupUsersBulk: 1 });
    expect(value.edges.at(-1)?.node).toMatchObject({
      __typename: 'Message',
      id: message.id,
      body: 'hello',
      isUnread: true,
      conversation: { id },
      sender: { displayName: 'Barbara Liskov' },
    });
    const { message: sent } = await barbara.ask(
      'query ($id: ID!) { message(id: $id) { recipientStatuses { status } } }',
      { id: message.id },
    );
    expect(sent.recipientStatuses).toEqual([{ status: 'DELIVERED' }]);
    expect((await ada.ask('query ($id: ID!) { conversation(id: $id) { unreadCount } }', { id })).conversation).toEqual({
      unreadCount: 1,
    });
  });

  it('are paged back to their first item and forward again, whatever arrives in between', async () => {
    for (let count = 0; count < 12; count++) await say(`m${count}`);
    const whole = bodies(await page('last: 200'));
    expect(whole.slice(-12)).toEqual(Array.from({ length: 12 }, (_, count) => `m${count}`));
    for (const size of [1, 5, 7]) {
      let at = await page(`last: ${size}`);
      const newest = at;
      let found = bodies(at);
      while (at.pageInfo.hasPreviousPage) {
        at = await page(`last: ${size}, before: ${JSON.stringify(at.pageInfo.startCursor)}`);
        found = [...bodies(at), ...found];
        expect(at.edges.length).toBeLessThanOrEqual(size);
      }
      expect(found).toEqual(bodies(await page('last: 200')).slice(0, found.length));
      await say(`late ${size}`);
      const next = await page(`first: ${size}, after: ${JSON.stringify(newest.pageInfo.endCursor)}`);
      expect(bodies(next)).toEqual([`late ${size}`]);
      expect(next.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: size === 1 });
    }
  });

  it('have a cursor for each item that continues at exactly that item, both ways', async () => {
    for (let count = 0; count < 9; count++) await say(`m${count}`);
    const newest = await page('last: 4');
    const older = await page(`last: 3, before: ${JSON.stringify(newest.pageInfo.startCursor)}`);
    await say('m9');
    const newer = await page(`first: 5, after: ${JSON.stringify(newest.pageInfo.endCursor)}`);
    const all = bodies(await page('last: 200'));
    for (const { cursor, node } of [...older.edges, ...newest.edges, ...newer.edges]) {
      const at = all.indexOf(node.body);
      const before = await page(`last: 4, before: ${JSON.stringify(cursor)}`);
      expect(bodies(before)).toEqual(all.slice(Math.max(0, at - 4), at));
      const after = await page(`first: 4, after: ${JSON.stringify(cursor)}`);
      expect(bodies(after)).toEqual(all.slice(at + 1, at + 5));
    }
    const [first, last] = [older.edges[0].cursor, newest.edges.at(-1)?.cursor];
    const between = await page(`first: 50, after: ${JSON.stringify(first)}, before: ${JSON.stringify(last)}`);
    expect(bodies(between)).toEqual(['m3', 'm4', 'm5', 'm6', 'm7'].slice(0, between.edges.length));
    expect(between.edges).toHaveLength(5);
  });

  it.each([
    ['last: 50', 'before', 'last'],
    ['first: 50', 'after', 'first'],
  ])('continue next to any item of a page of %s, in one call', async (args, side, size) => {
    for (let count = 0; count < 60; count++) await say(`m${count}`);
    const at = JSON.stringify((await page('last: 61')).pageInfo.startCursor);
    const read = await page(args.startsWith('first') ? `${args}, after: ${at}` : args);
    const all = bodies(await page('last: 200'));
    for (const index of [3, 25, 46]) {
      const { cursor, node } = present(read.edges[index]);
      const { value, calls } = await counted(stack, () => page(`${size}: 3, ${side}: ${JSON.stringify(cursor)}`));
      const here = all.indexOf(node.body);
      expect(bodies(value)).toEqual(side === 'before' ? all.slice(here - 3, here) : all.slice(here + 1, here + 4));
      expect(calls.readTimeline).toBe(1);
    }
  });

  it('are scrolled through to their first item, fifty a call, while others write', async () => {
    const { conversations } = await ada.ask('{ conversations(first: 200) { nodes { id } } }');
    let longest = { id: '', items: [] as string[], calls: 0 };
    for (const { id: candidate } of conversations.nodes) {
      stack.sandbox.requests.reset();
      const items: string[] = [];
      for (let before = ''; ; ) {
        const at = await page(`last: 50${before}`, ada, candidate);
        items.unshift(...at.edges.map(({ node }) => node.id ?? node.noticeId));
        if (!at.pageInfo.hasPreviousPage || (before === '' && at.edges.length < 50)) break;
        if (items.length % 500 === 0) await say(`arrives at ${items.length}`);
        before = `, before: ${JSON.stringify(at.pageInfo.startCursor)}`;
      }
      const calls = stack.sandbox.requests.count('readTimeline', 'ada');
      if (items.length > longest.items.length) longest = { id: candidate, items, calls };
    }
    expect(longest.items.length).toBeGreaterThanOrEqual(2_000);
    expect(new Set(longest.items).size).toBe(longest.items.length);
    expect(longest.calls).toBeLessThanOrEqual(Math.floor(longest.items.length / 50) + 1);
  });

  it('begin at the first unread message with FIRST_UNREAD', async () => {
    for (let count = 0; count < 4; count++) await say(`m${count}`);
    const { edges } = await page('last: 4');
    const mark = `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { id unreadCount } } }`;
    const through = String(edges[1]?.node.sortNumber);
    const { markConversation } = await ada.ask(mark, { input: { conversation: id, status: 'READ', through } });
    expect(markConversation.conversation).toEqual({ id, unreadCount: 2 });
    const unread = await page('first: 10, anchor: FIRST_UNREAD');
    expect(bodies(unread)).toEqual(['m2', 'm3']);
    expect(unread.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const older = await page(`last: 2, before: ${JSON.stringify(unread.pageInfo.startCursor)}`);
    expect(bodies(older)).toEqual(['m0', 'm1']);
    await ada.ask(mark, { input: { conversation: id, status: 'READ', through: edges[3]?.node.id } });
    const nothing = await page('first: 2, anchor: FIRST_UNREAD');
    expect(nothing.edges.length).toBeGreaterThan(0);
    expect(nothing.pageInfo.hasNextPage).toBe(false);
  });

  it('are not marked through a message of another one, whether it came before or after theirs', async () => {
    const alan = await demoPerson(stack, 'alan');
    const before = await say('before', alan);
    await say('unseen', barbara, ada, { priority: 'HIGH' });
    const after = await say('after', alan);
    const grace = await demoPerson(stack, 'grace');
    await say('here', grace);
    const elsewhere = await say('there', grace, ada, { senderOrganization: clinics });
    const mark = `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { id } } }`;
    for (const [conversation, { message }] of [
      [id, before],
      [id, after],
      [`Conversation:${grace.token}:${hospital}`, elsewhere],
    ] as const) {
      const input = { conversation, status: 'READ', through: message.id };
      expect(await ada.rejection(mark, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.through' });
    }
    const { conversation } = await ada.ask(
      'query ($id: ID!) { conversation(id: $id) { unreadCount unreadPriorityCount } }',
      { id },
    );
    expect(conversation).toEqual({ unreadCount: 1, unreadPriorityCount: 1 });
  });

  it('of groups have notices between their messages, which `messages` leaves out', async () => {
    const { createGroup } = await ada.ask(
      `mutation ($to: ID!) { createGroup(input: { name: "History", members: [$to] }) { group { id conversation { id } } } }`,
      { to: barbara.id },
    );
    const { group } = createGroup;
    await ada.ask(send, { input: { recipient: group.id, body: 'first' } });
    await ada.ask('mutation ($input: AddGroupMembersInput!) { addGroupMembers(input: $input) { group { id } } }', {
      input: { group: group.id, members: ['alan'] },
    });
    await ada.ask(send, { input: { conversation: group.conversation.id, body: 'second' } });
    const read = await page('last: 3', ada, group.conversation.id);
    expect(bodies(read)).toEqual(['first', 'added', 'second']);
    expect(read.edges[1]?.node).toMatchObject({
      __typename: 'ConversationNotice',
      actor: { name: 'Ada Lovelace' },
      subject: { name: 'Alan Turing' },
    });
    const question = `query ($id: ID!) { conversation(id: $id) { messages(last: 3) { pageInfo { hasPreviousPage } edges { cursor node { body } } } } }`;
    const { value, calls } = await counted(stack, () => ada.ask(question, { id: group.conversation.id }));
    expect(value.conversation.messages.edges.map(({ node }) => node.body)).toEqual(['first', 'second']);
    expect(calls).toEqual({ readTimeline: 1 });
  });

  it.each([
    ['first: 5', 'first'],
    ['first: 1, last: 1', 'last'],
    ['last: 0', 'last'],
    ['last: 201', 'last'],
    ['last: 1, anchor: FIRST_UNREAD', 'last'],
    ['after: "x"', 'after'],
    ['before: "x"', 'before'],
  ])('do not page with %s', async (args, field) => {
    expect(await ada.rejection(timeline(args), { id })).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('reject the cursor of another conversation, of the other field, and one beside an anchor', async () => {
    await say('x');
    const { pageInfo } = await page('last: 1');
    const cursor = JSON.stringify(pageInfo.endCursor);
    const { token } = await demoPerson(stack, 'grace');
    const other = `Conversation:${token}:${hospital}`;
    for (const [document, of, field] of [
      [timeline(`last: 1, before: ${cursor}`), other, 'before'],
      [timeline(`first: 1, after: ${cursor}`), other, 'after'],
      [timeline(`first: 1, after: ${cursor}, anchor: FIRST_UNREAD`), id, 'anchor'],
      [
        `query ($id: ID!) { conversation(id: $id) { messages(last: 1, before: ${cursor}) { nodes { id } } } }`,
        id,
        'before',
      ],
    ] as const) {
      expect(await ada.rejection(document, { id: of })).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
  });

  it('are null when absent, and are opened without the list too', async () => {
    const unknown = `Conversation:${randomUUID()}:${hospital}`;
    for (const fields of ['unreadCount', 'timeline(last: 1) { nodes { __typename } }']) {
      const { conversation } = await ada.ask(`query ($id: ID!) { conversation(id: $id) { ${fields} } }`, {
        id: unknown,
      });
      expect(conversation).toBeNull();
    }
    const { nodes } = await ada.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { id } } }', {
      ids: [unknown, id],
    });
    expect(nodes).toEqual([null, { id }]);
    await say('found');
    expect(bodies(await page('last: 1'))).toEqual(['found']);
  });

  it('of one person in two organizations are separate', async () => {
    const grace = await demoPerson(stack, 'grace');
    await say('here', grace);
    await say('there', grace, ada, { senderOrganization: clinics });
    const last = (organization: string) => page('last: 1', ada, `Conversation:${grace.token}:${organization}`);
    expect(bodies(await last(hospital))).toEqual(['here']);
    expect(bodies(await last(clinics))).toEqual(['there']);
    const { conversations } = await ada.ask(
      `{ conversations(organization: "${clinics}") { nodes { id organizationKey } } }`,
    );
    expect(new Set(conversations.nodes.map((node) => node.organizationKey))).toEqual(new Set([clinics]));
  });

  it('are filtered by unreadOnly, page by page with one call each', async () => {
    await say('unread');
    const { value } = await counted(stack, () =>
      ada.ask('{ conversations(unreadOnly: true) { nodes { id unreadCount } } }'),
    );
    const unread = value.conversations.nodes;
    expect(unread[0]).toEqual({ id, unreadCount: 1 });
    expect(unread.every(({ unreadCount }) => unreadCount > 0)).toBe(true);
    const read = (args: string) =>
      ada.ask(`{ conversations(${args}) { pageInfo { hasNextPage endCursor } nodes { id } } }`);
    const all = (await read('first: 200')).conversations.nodes;
    const found: SchemaData['conversations']['nodes'][number][] = [];
    for (let after = ''; ; ) {
      const { conversations } = await read(`first: 4${after}`);
      found.push(...conversations.nodes);
      if (!conversations.pageInfo.hasNextPage) break;
      after = `, after: ${JSON.stringify(conversations.pageInfo.endCursor)}`;
    }
    expect(found).toEqual(all);
  });

  it('of roster entries cost one call for all', async () => {
    await say('x');
    const { value, calls } = await counted(stack, () =>
      ada.ask('{ roster { entries(first: 3) { nodes { conversation { id unreadCount lastMessage { body } } } } } }'),
    );
    expect(calls).toEqual({ getRoster: 1, listConversations: 1 });
    expect(value.roster.entries.nodes[0].conversation).toEqual({ id, unreadCount: 1, lastMessage: { body: 'x' } });
  });

  it('take messages, and the payload has the conversation without a further call', async () => {
    await ada.ask('{ conversations(first: 1) { nodes { id } } }');
    await say('hello');
    const { value, calls } = await counted(stack, () => ada.ask(send, { input: { conversation: id, body: 'answer' } }));
    expect(calls).toEqual({ sendMessageV5: 1 });
    expect(value.sendMessage.conversation).toMatchObject({ id, lastMessage: { body: 'answer' } });
  });
});

describe('v5 that is refused during an operation', () => {
  it('falls back to v2 without failing the operation, and is tried again after a time', async () => {
    await using stack = await startStack({ config: { upstreamApiRetryMs: 1_000, refusedCredentialMs: 500 } });
    const [ada, barbara] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'barbara')];
    const id = `Conversation:${barbara.token}:${hospital}`;
    const question = `query ($id: ID!) { me { displayName } conversation(id: $id) { isHistoryAvailable unreadCount
      timeline(last: 1) { nodes { __typename } } counterpart { ... on User { displayName } } } }`;
    const whole = await ada.ask(question, { id });
    expect(whole.conversation).toMatchObject({ isHistoryAvailable: true, unreadCount: expect.any(Number) });
    const control = controlOf(stack.sandbox);
    for (const status of [404, 405, 401]) {
      const fault = await control.fault({ kind: 'status', status, path: '/v5/*' });
      const key = randomUUID();
      const { sendMessage } = await ada.ask(send, {
        input: { conversation: id, body: `x${status}`, idempotencyKey: key },
      });
      expect(sendMessage.conversation.id).toBe(id);
      const { nodes } = (await ada.ask('{ conversations { nodes { id isHistoryAvailable unreadCount } } }'))
        .conversations;
      expect(nodes).toContainEqual({ id, isHistoryAvailable: false, unreadCount: null });
      expect(await ada.ask(question, { id })).toEqual({
        me: { displayName: 'Ada Lovelace' },
        conversation: {
          isHistoryAvailable: false,
          unreadCount: null,
          timeline: null,
          counterpart: { displayName: 'Barbara Liskov' },
        },
      });
      await control.clearFaults(fault.id);
      await expect.poll(async () => (await ada.ask(question, { id })).conversation.isHistoryAvailable).toBe(true);
      const { conversation } = await ada.ask(timeline('last: 1'), { id });
      expect(conversation.timeline.edges[0].node.body).toBe(`x${status}`);
    }
  });
});
