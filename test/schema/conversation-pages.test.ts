/** Pages of conversations and of their history under difficult traffic, notices, proxies and documents. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { counted } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { post, type Stack, startStack, testConfig } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id token sortNumber } } }`;
const pages = (field: string, args: string) =>
  `query ($id: ID!) { conversation(id: $id) { page: ${field}(${args}) { pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
    edges { cursor node { __typename ... on Message { token sortNumber } } } } } }`;

type Timeline = SchemaData['conversation']['timeline'];

describe('pages', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let id: string;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    id = `Conversation:${grace.token}:${hospital}`;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const say = async (
    from: DemoPerson,
    to: { recipient: string } | { conversation: string },
  ): Promise<SchemaData['message']> => (await from.ask(send, { input: { ...to, body: 'x' } })).sendMessage.message;
  const page = async (args: string, field = 'timeline', of = id): Promise<Timeline> =>
    (await ada.ask<{ readonly conversation: { readonly page: Timeline } }>(pages(field, args), { id: of })).conversation
      .page;

  it('of 50 scroll through 2,000 items in 40 calls while messages arrive, each item once and in order', async () => {
    let read = await page('last: 50');
    await countFromHere(stack);
    let isOver = false;
    const arrivals: string[] = [];
    const arriving = (async () => {
      while (!isOver) arrivals.push((await say(grace, { recipient: ada.id })).token);
    })();
    const newest = read.pageInfo.endCursor;
    let nodes: Timeline['nodes'][number][] = read.edges.map(({ node }) => node);
    while (nodes.length < 2_000) {
      read = await page(`last: 50, before: "${read.pageInfo.startCursor}"`);
      expect(read.edges).toHaveLength(50);
      nodes = [...read.edges.map(({ node }) => node), ...nodes];
    }
    isOver = true;
    await arriving;
    expect(stack.sandbox.requests.counts('ada')).toEqual({ readTimeline: 39 }); // and the one before the count began
    expect(new Set(nodes.map(({ token }) => token)).size).toBe(2_000);
    const places = nodes.map(({ sortNumber }) => sortNumber);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const end = await page(`last: 50, before: "${read.pageInfo.startCursor}"`);
    expect([end.edges, end.pageInfo.hasPreviousPage]).toEqual([[], false]);
    const later: string[] = [];
    for (let after = newest; ; ) {
      const { edges, pageInfo } = await page(`first: 50, after: "${after}"`);
      later.push(...edges.map(({ node }) => node.token));
      if (!pageInfo.hasNextPage || edges.length === 0) break;
      after = pageInfo.endCursor;
    }
    expect(later).toEqual(arrivals);
  });

  it('report older items before the newest page when nothing is unread', async () => {
    const { sortNumber } = await say(grace, { recipient: ada.id });
    const mark = `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { unreadCount } } }`;
    await ada.ask(mark, { input: { conversation: id, status: 'READ', through: String(sortNumber) } });
    const { pageInfo, edges } = await page('first: 2, anchor: FIRST_UNREAD');
    expect(edges).toHaveLength(2);
    expect(pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  });

  it('of messages continue after any number of notices', async () => {
    const create = `mutation ($to: ID!) { createGroup(input: { name: "Notices", members: [$to] }) { group { id conversation { id } } } }`;
    const { group } = (await ada.ask(create, { to: grace.id })).createGroup;
    const { token } = await say(ada, { conversation: group.conversation.id });
    for (let count = 0; count < 3; count++) {
      for (const [field, verb] of [
        ['addGroupMembers', 'AddGroupMembersInput'],
        ['removeGroupMembers', 'RemoveGroupMembersInput'],
      ])
        await ada.ask(`mutation ($input: ${verb}!) { ${field}(input: $input) { group { id } } }`, {
          input: { group: group.id, members: ['alan'] },
        });
    }
    const { value, calls } = await counted(stack, () => page('last: 1', 'messages', group.conversation.id));
    expect(value).toMatchObject({ edges: [], pageInfo: { hasPreviousPage: true, startCursor: expect.any(String) } });
    expect(calls.readTimeline).toBe(4);
    const next = await page(`last: 1, before: "${value.pageInfo.startCursor}"`, 'messages', group.conversation.id);
    const last =
      next.edges.length > 0
        ? next
        : await page(`last: 1, before: "${next.pageInfo.startCursor}"`, 'messages', group.conversation.id);
    expect(last.edges.map(({ node }) => node.token)).toEqual([token]);
  });

  it('are read once in an operation, and the error of a place names its argument', async () => {
    await page('last: 1');
    const question = `query ($id: ID!) { conversation(id: $id) { a: timeline(last: 5) { nodes { __typename } }
      b: timeline(last: 5) { nodes { __typename } } messages(last: 5) { nodes { id } } } }`;
    expect((await counted(stack, () => ada.ask(question, { id }))).calls).toEqual({ readTimeline: 1 });
    const { edges } = await page('last: 3');
    const [tag, sortNumber] = JSON.parse(Buffer.from(edges[0].cursor, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([tag, sortNumber, 'x', 'y'])).toString('base64url');
    const refused = await ada.rejection(
      pages('timeline', `first: 2, after: "${forged}", before: "${edges[2]?.cursor}"`),
      { id },
    );
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
  });

  it('of conversations do not repeat those before one that moved to the front', async () => {
    const list = (args: string) =>
      ada.ask(`{ conversations(${args}) { pageInfo { endCursor } nodes { id counterpart { ... on User { id } } } } }`);
    for (const name of ['alan', 'barbara', 'florence', 'grace'])
      await say(await demoPerson(stack, name), { recipient: ada.id });
    const { nodes } = (await list('first: 4')).conversations;
    const { conversations: first } = await list('first: 3');
    await say(ada, { recipient: present(nodes[2]).counterpart.id });
    const { conversations: second } = await list(`first: 1, after: "${first.pageInfo.endCursor}"`);
    expect(second.nodes).toEqual([nodes[3]]);
  });

  it('include earlier changes of the same mutation', async () => {
    const message = await say(grace, { recipient: ada.id });
    const { unreadCount } = (await ada.ask('query ($id: ID!) { conversation(id: $id) { unreadCount } }', { id }))
      .conversation;
    const both = `mutation ($message: ID!) {
      delivered: updateMessageStatus(input: { delivered: [$message] }) { delivered { conversation { unreadCount } } }
      read: updateMessageStatus(input: { read: [$message] }) { read { conversation { unreadCount } } } }`;
    const { delivered, read } = await ada.ask<
      Readonly<Record<'delivered' | 'read', SchemaData['updateMessageStatus']>>
    >(both, { message: message.id });
    expect(delivered.delivered[0].conversation.unreadCount).toBe(unreadCount);
    expect(read.read[0].conversation.unreadCount).toBe(unreadCount - 1);
  });

  it('cost no less than the calls that they make', async () => {
    const config = testConfig(stack.sandbox.url, { maxUpstreamCalls: 0 });
    await using counter = await startGateway({ config, log: createLog('silent') });
    const unknown = (index: number) =>
      `Conversation:00000000-0000-4000-8000-${String(index).padStart(12, '0')}:${hospital}`;
    const ids = JSON.stringify(Array.from({ length: 10 }, (_, index) => unknown(index)));
    const alias = (index: number) => `a${index}: timeline(last: ${index + 1}) { nodes { __typename } }`;
    for (const query of [
      '{ conversations(first: 50) { nodes { timeline(last: 1) { nodes { __typename } } } } }',
      `{ roster { entries(first: 50) { nodes { conversation { ${alias(0)} ${alias(1)} } } } } }`,
      `{ conversation(id: "${id}") { ${[0, 1, 2, 3, 4].map(alias).join(' ')} } }`,
      `{ nodes(ids: ${ids}) { ... on Conversation { unreadCount } } }`,
      `{ node(id: "${unknown(99)}") { ... on Conversation { unreadCount } } }`,
    ]) {
      const { errors } = await post(counter.url, { query });
      const estimated = Number(/may cause (\d+) upstream calls/.exec(errors?.[0]?.message ?? '')?.[1]);
      await countFromHere(stack);
      await ada.answer(query);
      expect(stack.sandbox.requests.count(), query).toBeLessThanOrEqual(estimated);
    }
  });

  it('that are skipped mark nothing as delivered', async () => {
    const { id: message } = await say(grace, { recipient: ada.id });
    const question = `query ($id: ID!, $no: Boolean!) { conversation(id: $id) { unreadCount lastMessage { body } firstExpiringUnread { message { id } }
      timeline(last: 5) @include(if: $no) { nodes { __typename } } ... @include(if: $no) { messages(last: 5) { nodes { id } } } } }`;
    await ada.ask(question, { id, no: false });
    const state = 'query ($id: ID!) { message(id: $id) { recipientStatuses { status } } }';
    expect((await grace.ask(state, { id: message })).message.recipientStatuses).toEqual([{ status: 'NEW' }]);
    await ada.ask(question, { id, no: true });
    expect((await grace.ask(state, { id: message })).message.recipientStatuses).toEqual([{ status: 'DELIVERED' }]);
  });

  it('fall back to v2 when a proxy in front of the upstream refuses v5', async () => {
    const question = `query ($id: ID!) { conversation(id: $id) { isHistoryAvailable unreadCount timeline(last: 1) { nodes { __typename } } counterpart { ... on User { displayName } } } }`;
    await ada.ask(question, { id });
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 404, form: 'html', path: '/v5/*' });
    const { conversation } = await ada.ask(question, { id });
    const counterpart = { displayName: 'Grace Hopper' };
    expect(conversation).toEqual({ isHistoryAvailable: false, unreadCount: null, timeline: null, counterpart });
  });
});

describe('pages of conversations', () => {
  it('continue at their position when v5 is refused between two of them', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const list = async (args: string): Promise<SchemaData['conversations']> =>
      (await ada.ask(`{ conversations(${args}) { pageInfo { endCursor } nodes { id isHistoryAvailable } } }`))
        .conversations;
    const all: string[] = (await list('first: 100')).nodes.map(({ id }) => id);
    const [inside, atEnd] = [await list('first: 4'), await list('first: 50')]; // of the upstream's first page
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 404, path: '/v5/*' });
    expect((await list('first: 1')).nodes[0].isHistoryAvailable).toBe(false);
    for (const [{ pageInfo }, at] of [
      [inside, 4],
      [atEnd, 50],
    ] as const) {
      const { nodes } = await list(`first: 2, after: ${JSON.stringify(pageInfo.endCursor)}`);
      expect(nodes.map(({ id }) => id)).toEqual(all.slice(at, at + 2));
    }
  });
});
