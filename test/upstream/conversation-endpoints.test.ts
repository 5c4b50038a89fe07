/** Endpoints of v5: conversations, their history, marks and sends. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  conversationIdLookup,
  conversationLookup,
  listConversations,
  markConversation,
  readTimeline,
} from '../../src/upstream/endpoints/conversation.ts';
import { messageLookupV5 } from '../../src/upstream/endpoints/message.ts';
import { sendToConversation } from '../../src/upstream/endpoints/send-message.ts';
import { ada, checkEndpoint, type EndpointCases, grace, group, list, message, org } from '../support/endpoint-case.ts';
import { connectTo, json, startWireServer } from '../support/wire-server.ts';

interface Media {
  readonly example?: { readonly reply: unknown };
  readonly examples?: Readonly<Record<string, { readonly value: { readonly reply: unknown } }>>;
}
const contract: {
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, Media> }> }>>;
} = parse(readFileSync(new URL('../../schema/upstream-v5.yaml', import.meta.url), 'utf8'));

/** The contract's own example of a good answer. */
function exampleOf(method: string, path: string, name?: string): unknown {
  const media = contract.paths[path]?.[method]?.responses['200']?.content['application/json'];
  return name === undefined ? media?.example?.reply : media?.examples?.[name]?.value.reply;
}

const direct = 'b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12';
const grouped = '2c9d4e10-77a3-4b1e-8f0c-6d5b4a392817';
const features = { 'tt-x-features': 'vwr' };
const roster = '/v5/roster?render_metadata=true&mark_as_delivered=false&paginated=true';
const newest = exampleOf('post', '/v5/conversation/{conversation_id}/timeline', 'newest page');

const cases: EndpointCases = {
  'listConversations, first page': {
    call: (upstream) => listConversations(upstream),
    sends: `GET ${roster}`,
    headers: features,
    reply: exampleOf('get', '/v5/roster', 'first page'),
    gives: {
      continuation: 'eyJmcm9tIjoxfQ',
      items: [
        {
          id: direct,
          key: { organization: org, counterpart: ada, kind: 'USER' },
          counterpart: { kind: 'USER', token: ada, displayName: 'Ada Lovelace', organizationKey: org },
          lastMessage: {
            token: message,
            body: 'Room 4 is ready',
            isUnread: true,
            status: 'DELIVERED',
            priority: 'HIGH',
          },
          unreadCount: 3,
          unreadPriorityCount: 1,
          firstExpiringUnread: { message, sender: ada },
          mutedUntil: undefined,
        },
      ],
    },
  },
  'listConversations, a later page of one organization': {
    call: (upstream) => listConversations(upstream, { organization: org, continuation: 'a b' }),
    sends: `GET ${roster}&organization_id=${org}&continuation=a%20b`,
    headers: features,
    reply: exampleOf('get', '/v5/roster', 'last page'),
    gives: {
      continuation: undefined,
      items: [{ id: grouped, key: { organization: org, counterpart: group, kind: 'GROUP' }, lastMessage: undefined }],
    },
  },
  getConversation: {
    call: (upstream) => upstream.find(conversationLookup(grouped)),
    sends: `GET /v5/conversation/${grouped}`,
    headers: features,
    reply: exampleOf('get', '/v5/conversation/{conversation_id}'),
    gives: { id: grouped, unreadCount: 0, counterpart: { kind: 'GROUP', name: 'Cardiology night shift' } },
  },
  'readTimeline, newest page': {
    call: (upstream) => readTimeline(upstream, grouped, { at: 'END' }, 15),
    sends: `POST /v5/conversation/${grouped}/timeline`,
    headers: features,
    body: { anchor_point: 'conversation_end', mark_as_delivered: true, max_items: 15 },
    reply: newest,
    gives: {
      isFull: false,
      lower: 'MTU1MjU4NzcyNTEyMw',
      higher: 'MTU1MjU4ODgwMDAwMA',
      items: [
        { sortNumber: 1552587725123, item: { kind: 'MESSAGE', group, isUnread: true, conversationId: grouped } },
        {
          sortNumber: 1552588800000,
          item: {
            word: 'added',
            actor: { kind: 'USER', name: 'Grace Hopper' },
            target: { kind: 'GROUP', token: group },
          },
        },
      ],
    },
  },
  'readTimeline, older page, as much as the upstream gives': {
    call: (upstream) => readTimeline(upstream, grouped, { at: 'BEFORE', place: 'p' }, 200),
    sends: `POST /v5/conversation/${grouped}/timeline`,
    body: {
      anchor_point: 'continuation',
      continuation: { lower_continuation: 'p' },
      mark_as_delivered: true,
      max_items: 50,
    },
    reply: exampleOf('post', '/v5/conversation/{conversation_id}/timeline', 'nothing older'),
    gives: { items: [], isFull: false, lower: 'MA', higher: undefined },
  },
  'readTimeline, newer page': {
    call: (upstream) => readTimeline(upstream, grouped, { at: 'AFTER', place: 'p' }, 5),
    sends: `POST /v5/conversation/${grouped}/timeline`,
    body: {
      anchor_point: 'continuation',
      continuation: { higher_continuation: 'p' },
      mark_as_delivered: true,
      max_items: 5,
    },
    reply: { direction: 'Higher', higher_continuation: 'q', max_items: 5, timeline: [] },
    gives: { items: [], lower: undefined, higher: 'q' },
  },
  'readTimeline, from the first unread message': {
    call: (upstream) => readTimeline(upstream, grouped, { at: 'FIRST_UNREAD' }, 5),
    sends: `POST /v5/conversation/${grouped}/timeline`,
    body: { anchor_point: 'first_unread_item', mark_as_delivered: true, max_items: 5 },
    reply: newest,
    gives: { isFull: false },
  },
  markConversation: {
    call: (upstream) => markConversation(upstream, grouped, 'READ', 1552588800000),
    sends: `POST /v5/conversation/${grouped}/status`,
    body: { status: 'Read', highest_sort_number: 1552588800000 },
  },
  'the id of the conversation with a user': {
    call: async (upstream) => ({ id: await upstream.find(conversationIdLookup('USER', ada, org)) }),
    sends: `GET /v5/user/${ada}`,
    headers: { 'tt-x-organization-key': org },
    reply: exampleOf('get', '/v5/user/{user_address}', 'wrapped'),
    gives: { id: direct },
  },
  'the id of the conversation with a user who is answered flat': {
    call: async (upstream) => ({ id: await upstream.find(conversationIdLookup('USER', ada, org)) }),
    sends: `GET /v5/user/${ada}`,
    reply: exampleOf('get', '/v5/user/{user_address}', 'flat'),
    gives: { id: direct },
  },
  'a role, which has no conversation': {
    call: async (upstream) => ({ id: await upstream.find(conversationIdLookup('USER', ada, org)) }),
    sends: `GET /v5/user/${ada}`,
    reply: exampleOf('get', '/v5/user/{user_address}', 'role'),
    gives: { id: '' },
  },
  'the id of the conversation of a group': {
    call: async (upstream) => ({ id: await upstream.find(conversationIdLookup('GROUP', group, org)) }),
    sends: `GET /v5/group/${group}`,
    reply: exampleOf('get', '/v5/group/{group_token}', 'wrapped'),
    gives: { id: grouped },
  },
  'the id of the conversation of a list': {
    call: async (upstream) => ({ id: await upstream.find(conversationIdLookup('LIST', list, org)) }),
    sends: `GET /v5/dist_list/${list}`,
    reply: exampleOf('get', '/v5/dist_list/{list_token}'),
    gives: { id: '4d6f8a1b-3c5e-4a70-92b4-c6d8e0f21345' },
  },
  sendMessageV5: {
    call: (upstream) =>
      sendToConversation(upstream, direct, { body: 'Room 4 is ready', priority: 'NORMAL', ttl: -1, requestId: 'r-1' }),
    sends: 'POST /v5/message',
    headers: { 'request-id': 'r-1' },
    body: { conversation_id: direct, body: 'Room 4 is ready', priority: 0, ttl: -1 },
    reply: exampleOf('post', '/v5/message'),
    gives: {
      token: message,
      alreadyStored: false,
      message: { body: 'Room 4 is ready', sender: grace },
      state: { id: direct, unreadCount: 0 },
    },
  },
  'sendMessageV5, whose reply ends with another message': {
    call: (upstream) => sendToConversation(upstream, direct, { body: 'x', requestId: 'r-1' }),
    sends: 'POST /v5/message',
    body: { conversation_id: direct, body: 'x' },
    reply: exampleOf('post', '/v5/message'),
    answerHeaders: { 'tt-x-message-id': group },
    gives: { token: group, message: undefined },
  },
  getMessageV5: {
    call: (upstream) => upstream.find(messageLookupV5(message)),
    sends: `GET /v5/message/${message}`,
    reply: exampleOf('get', '/v5/message/{message_token}'),
    gives: { token: message, conversationId: direct, isUnread: true, sortNumber: 1552587725123 },
  },
};

describe('endpoints of v5 on the wire', () => {
  it.each(Object.entries(cases))('%s', (_name, endpoint) => checkEndpoint(endpoint));

  it('accept 304 for a message that is already stored', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(304, { 'tt-x-message-id': message }).end();
    });
    await using side = connectTo(server.origin);
    const sent = await sendToConversation(side.upstream, direct, { body: 'x', requestId: 'r-1' });
    expect(sent).toEqual({ token: message, message: undefined, alreadyStored: true, state: undefined });
  });
});

/** A conversation with changes to the contract's example. */
async function read(changes: object, from = exampleOf('get', '/v5/conversation/{conversation_id}')) {
  await using server = await startWireServer((_request, response) => {
    json(response, 200, { status: 'success', reply: { ...(from as object), ...changes } });
  });
  await using side = connectTo(server.origin);
  return await side.upstream.find(conversationLookup(grouped)); // before the connection closes
}

describe('a conversation', () => {
  it.each([
    ['null', null],
    ['an empty object, which names no time', {}],
    ['a mute that is over', { mute_start: 1552587725, mute_duration: 60 }],
  ])('is not muted with %s', async (_name, muted) => {
    expect((await read({ muted }))?.mutedUntil).toBeUndefined();
  });

  it('is muted until its minutes are over', async () => {
    const start = Math.floor(Date.now() / 1000);
    const state = await read({ muted: { mute_start: start, mute_duration: 60 } });
    expect(state?.mutedUntil).toBe(new Date((start + 3600) * 1000).toISOString());
  });

  it('may have only the token of its last message, and the other name of its organization', async () => {
    const reference = { message_id: message, sort_number: 5 };
    const state = await read({ last_message: reference, organization_id: undefined, organization_key: org });
    expect(state?.lastMessage).toMatchObject({ token: message, sortNumber: 5, conversation: { organization: org } });
    expect(state?.lastMessage?.sender).toBeUndefined();
  });

  it.each(['account', 'tigertext:entity:account'])(
    'with a person of type %s keeps the texts of a role’s metadata',
    async (type) => {
      const metadata = { feature_service: 'role', owners: [{ token: grace }], tag_id: 't' };
      const state = await read({ entity: { type, token: ada, display_name: 'On call', metadata } });
      expect(state?.counterpart).toMatchObject({ kind: 'USER', metadata: { feature_service: 'role', tag_id: 't' } });
    },
  );

  it.each([
    ['no id', { conversation_id: undefined }, 'ConversationItem.conversation_id'],
    ['a count below zero', { unread_message_count: -1 }, 'UnreadCounts.unread_message_count'],
    ['no count', { unread_message_count: undefined }, 'UnreadCounts.unread_message_count'],
    ['an entity of unknown type', { entity: { type: 'robot', token: ada } }, 'ConversationItem.entity.type'],
    ['a last message that is none', { last_message: { sort_number: 1 } }, 'ConversationItem.message_id'],
    ['a mute without its minutes', { muted: { mute_start: 1 } }, 'MuteState.mute_duration'],
  ])('with %s breaks the contract', async (_name, changes, field) => {
    await expect(read(changes)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      message: expect.stringContaining(field),
    });
  });

  it('that breaks the contract does not hide the others of its page', async () => {
    const page = exampleOf('get', '/v5/roster', 'first page') as { items: object[] };
    await using server = await startWireServer((_request, response) => {
      json(response, 200, { status: 'success', reply: { ...page, items: [{ entity: 1 }, ...page.items] } });
    });
    await using side = connectTo(server.origin);
    const { items } = await listConversations(side.upstream);
    expect(items).toMatchObject([{ code: 'UPSTREAM_INVALID' }, { id: direct }]);
  });
});

describe('a page of a timeline', () => {
  it('leaves unknown items out, and an item that breaks the contract is its own error', async () => {
    const { timeline, ...rest } = newest as { timeline: object[] };
    const odd = [
      { xmlns: 'tigertext:iq:poll', sort_number: 1 },
      { xmlns: 'tigertext:iq:bang', sort_number: 2 },
    ];
    await using server = await startWireServer((_request, response) => {
      json(response, 200, { status: 'success', reply: { ...rest, max_items: 4, timeline: [...odd, ...timeline] } });
    });
    await using side = connectTo(server.origin);
    const page = await readTimeline(side.upstream, grouped, { at: 'END' }, 4);
    expect(page.isFull).toBe(true);
    expect(page.items).toMatchObject([{ item: { code: 'UPSTREAM_INVALID' } }, { item: {} }, { item: {} }]);
  });
});
