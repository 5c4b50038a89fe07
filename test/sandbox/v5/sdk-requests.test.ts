/**
 * The requests of the official JavaScript SDK (13.7.0) in its default mode, which asks for condensed replays. They are written by
 * hand from BEYOND-V2.md and EVENTS-v5.md, in the SDK's order; the SDK itself is not in a public registry and does not run here.
 */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import type { WireObject } from '../../generated/wire-data.ts';
import { hospital } from '../../support/demo-tokens.ts';
import { present } from '../../support/present.ts';
import { basicOf, type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { answerFaults, operationOf } from '../../support/sandbox-contract.ts';
import { controlOf } from '../../support/sandbox-control.ts';
import { conversationWith, sendInto, signIn } from '../../support/sandbox-conversation.ts';
import { openStream, type Stream } from '../../support/sandbox-stream.ts';

const features = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata,vwr';

let sandbox: Sandbox;
let stream: Stream;
let authorization: string;
let grace: Caller;
let alan: Caller;
let adaToken: string;
/** Ada's conversations, from the roster pages. */
let roster: WireObject[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ rosterPage: 20 });
  [grace, alan] = [await callerOf(sandbox, 'grace'), await callerOf(sandbox, 'alan')];
});
afterAll(async () => {
  await stream?.[Symbol.asyncDispose]();
  await sandbox.close();
});

/** A request with the headers of the SDK. Every answer is held against the contract. */
async function sdk(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: {
      authorization,
      'content-type': 'application/json',
      'tt-x-features': 'vwr',
      'tt-x-organization-key': hospital,
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const document = text === '' ? undefined : JSON.parse(text);
  const operation = operationOf(method, new URL(path, sandbox.url).pathname);
  const contentType = response.headers.get('content-type') ?? '';
  const faults =
    operation === undefined ? ['no operation'] : answerFaults(operation, response.status, contentType, document);
  if (faults.length > 0) throw new Error(`${method} ${path} ${response.status}: ${faults.join('; ')}`);
  return { status: response.status, headers: response.headers, reply: document?.reply };
}

const found = (id: string) => roster.find(({ conversation_id }) => conversation_id === id);
const timelineOf = async (id: string, anchor_point: string, more: object = {}) =>
  (
    await sdk('POST', `/v5/conversation/${id}/timeline`, {
      anchor_point,
      mark_as_delivered: true,
      max_items: 15,
      ...more,
    })
  ).reply;

describe('signing in', () => {
  it('is granted condensed replays when it asks for them, and only then', async () => {
    authorization = `XMPP-Simple ${Buffer.from('acme:ada@example.org:demo').toString('base64')}`;
    const body = {
      device_id: randomUUID(),
      metadata: { device_type: 'js_sdk', device_version: '13.7.0', tt_product_version: 'acme', user_agent: 'node' },
      push_routing: 'consumer',
      version: '1.0',
      want_condensed_replays: true,
      want_processing_events: true,
    };
    const { reply } = await sdk('POST', '/v5/login', body);
    expect(reply.settings).toEqual({ condensed_replays: true, processing_events: true });
    authorization = basicOf(reply.auth.key, reply.auth.secret);
    adaToken = reply.user.token;
    for (const wants of [{}, { want_condensed_replays: false }, { want_processing_events: false }]) {
      expect((await signIn(sandbox, 'ada', wants)).settings).toEqual({
        condensed_replays: false,
        processing_events: false,
      });
    }
  });

  it('reads its account, its organizations, its rights, and opens its stream', async () => {
    expect((await sdk('GET', '/v5/user?render_metadata=true')).reply.entity.token).toBe(adaToken);
    const organizations = (await sdk('GET', `/v5/user/${adaToken}/organization`)).reply;
    for (const { token } of organizations) {
      expect((await sdk('GET', `/v2/user/${adaToken}/organization/${token}/roles`)).status).toBe(200);
    }
    stream = await openStream(sandbox, 'ada', { path: '/v5/events', features, authorization });
    await stream.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
  });

  it('reads every page of the roster, with continuations that it encodes twice', async () => {
    const query = 'render_metadata=true&mark_as_delivered=true&paginated=true';
    let { items, continuation } = (await sdk('GET', `/v5/roster?${query}`)).reply;
    while (continuation !== null) {
      const twice = encodeURIComponent(encodeURIComponent(continuation));
      roster.push(...items);
      ({ items, continuation } = (await sdk('GET', `/v5/roster?${query}&continuation=${twice}`)).reply);
    }
    roster = [...roster, ...items];
    expect(roster.length).toBeGreaterThan(50);
    expect(new Set(roster.map(({ conversation_id }) => conversation_id)).size).toBe(roster.length);
  });
});

describe('conversations', () => {
  it('are read from their end down to their beginning, and up again', async () => {
    const id = await conversationWith(grace, 'ada');
    const page = await timelineOf(id, 'conversation_end');
    expect(page).toMatchObject({ direction: 'Initial', max_items: 15 });
    const older = await timelineOf(id, 'continuation', {
      continuation: { lower_continuation: page.lower_continuation },
    });
    expect(older.timeline.at(-1).sort_number).toBeLessThan(page.timeline[0].sort_number);
    const newer = await timelineOf(id, 'continuation', {
      continuation: { higher_continuation: page.higher_continuation },
    });
    expect(newer).toMatchObject({ direction: 'Higher', timeline: [] });
    await sendInto(grace, id, 'up there');
    const later = await timelineOf(id, 'continuation', {
      continuation: { higher_continuation: newer.higher_continuation },
    });
    expect(later.timeline).toMatchObject([{ body: 'up there', is_unread: true }]);
  });

  it('begin at the first unread item when there is one, and are then marked read up to the newest', async () => {
    const unread = present(roster.find(({ unread_message_count: count }) => count > 1));
    const page = await timelineOf(unread.conversation_id, 'first_unread_item');
    expect(page.timeline[0].is_unread).toBe(true);
    const newest = page.timeline.at(-1);
    const mark = { status: 'Read', highest_sort_number: newest.sort_number };
    expect((await sdk('POST', `/v5/conversation/${unread.conversation_id}/status`, mark)).status).toBe(204);
    // It waits for the status of the newest message, on the marking device too.
    const { payload } = await stream.find(
      'message:status',
      ({ client_id, status }) => client_id === newest.message_id && status === 'Read',
    );
    expect(payload).toMatchObject({ is_unread: false, unread_message_count: 0, unread_priority_message_count: 0 });
    expect((await sdk('GET', `/v5/conversation/${unread.conversation_id}`)).reply.unread_message_count).toBe(0);
  });

  it('are written to from what a user read answers, with stop-typing after it, and no event of the own message', async () => {
    const user = (await sdk('GET', `/v5/user/${alan.token}?render_metadata=true`)).reply;
    const message = {
      conversation_id: user.conversation_id,
      body: 'hello',
      priority: 0,
      ttl: -1,
      dor: false,
      data: [],
      escalate: false,
    };
    const sent = await sdk('POST', '/v5/message', message, { 'Request-ID': randomUUID() });
    expect(sent.reply.last_message.message_id).toBe(sent.headers.get('tt-x-message-id'));
    expect((await sdk('DELETE', `/v2/message/typing/${alan.token}/${adaToken}`)).status).toBe(204);
    const answer = await sendInto(alan, user.conversation_id, 'good morning', { priority: 1 });
    const { payload } = await stream.find('message', ({ client_id }) => client_id === answer);
    expect(payload).toMatchObject({ is_unread: true, unread_priority_message_count: 1 });
    expect(stream.frames.some((frame) => frame.payload.client_id === sent.reply.last_message.message_id)).toBe(false);
    const delivered = await sdk('POST', '/v5/message/status', { delivered: [answer] });
    expect(delivered.reply[user.conversation_id].unread_message_count).toBe(payload.unread_message_count);
    const ids = stream.frames.map(({ id }) => id);
    expect((await sdk('POST', '/v5/events/ack', { events: ids.slice(-50) })).status).toBe(204);
  });

  it('are muted, with an event that names the conversation', async () => {
    const group = present(roster.find(({ entity }) => entity.type === 'group'));
    await sdk('POST', `/v2/mute/group/${group.entity.token}`, { duration: '60' });
    const { payload } = await stream.find('conversation_mute');
    expect(payload).toMatchObject({ action: 'add', token: adaToken, conversation_id: group.conversation_id });
    expect((await sdk('GET', `/v5/conversation/${group.conversation_id}`)).reply.muted.mute_duration).toBe(60);
  });

  it('are read again when their last message goes', async () => {
    const id = await conversationWith(alan, 'ada');
    const before = (await sdk('GET', `/v5/conversation/${id}`)).reply;
    const going = await sendInto(alan, id, 'gone in a moment', { ttl: 1 });
    await stream.find('message', ({ client_id }) => client_id === going);
    await controlOf(sandbox).expire(going);
    const after = (await sdk('GET', `/v5/conversation/${id}`)).reply;
    expect(after.last_message.message_id).toBe(before.last_message.message_id);
    expect(after.unread_message_count).toBe(before.unread_message_count);
  });
});

describe('groups', () => {
  let group: { conversation_id: string; entity: { token: string } };

  it('are made with members as one text, and written to at once', async () => {
    const members = `${grace.token},${alan.token}`;
    const created = { name: 'Rounds', members, is_public: false, replay_history: false };
    group = (await sdk('POST', '/v5/group?render_entity=true&exclude_creator=false', created)).reply;
    const sent = await sdk('POST', '/v5/message', { conversation_id: group.conversation_id, body: 'welcome' });
    expect(sent.reply.last_message).toMatchObject({ is_group: true, recipient_token: group.entity.token });
    expect(
      stream.frames.some(
        ({ type, payload }) => type === 'friends' && payload.conversation_id === group.conversation_id,
      ),
    ).toBe(false);
  });

  it('take members in, who are answered with the conversation, and put them out', async () => {
    const florence = await callerOf(sandbox, 'florence');
    const added = await sdk('POST', `/v5/group/${group.entity.token}/members`, { members: [florence.token] });
    expect(added.reply).toMatchObject({ conversation_id: group.conversation_id, unread_message_count: 0 });
    const { payload } = await stream.find('update', ({ entity }) => entity.token === group.entity.token);
    expect(payload.entity.members).toContain(florence.token);
    await sdk('POST', `/v2/group/${group.entity.token}/members/remove`, { members: [florence.token] });
    await stream.find(
      'bang',
      ({ event, conversation_id }) => event === 'removed' && conversation_id === group.conversation_id,
    );
    const members = await sdk('GET', `/v2/group/${group.entity.token}/members?return_user_objects=true`);
    expect(members.reply.members).toHaveLength(3);
  });

  it('are forwarded to: the answer has the message under its own name', async () => {
    const [message] = (await timelineOf(await conversationWith(grace, 'ada'), 'conversation_end')).timeline;
    const forwarded = await sdk('POST', `/v5/message/${message.message_id}/forward`, {
      conversation_id: group.conversation_id,
      priority: 0,
      data: [],
    });
    expect(forwarded.reply.message).toMatchObject({ is_forwarded: true, original_msg_id: message.message_id });
    const read = (await sdk('GET', `/v5/message/${forwarded.reply.message.message_id}`)).reply;
    expect(read).toMatchObject({
      conversation_id: group.conversation_id,
      message: { recipient_token: group.entity.token },
    });
    const statuses = await sdk('POST', '/v2/get_bulk_message_status', { messages: [read.message.message_id] });
    expect(statuses.reply.bulk_message_statuses[0].statuses).toHaveLength(2);
  });

  it('are left by removing oneself, and deleted twice without an error', async () => {
    expect((await sdk('DELETE', `/v5/group/${group.entity.token}`)).status).toBe(204);
    expect((await sdk('DELETE', `/v5/group/${group.entity.token}`)).status).toBe(204);
    const { payload } = await stream.find('friends', ({ action }) => action === 'del');
    expect(payload.entity).toEqual({ type: 'group', token: group.entity.token });
  });
});

describe('the rest of the switch', () => {
  it('finds out what an unknown token is by asking, and each answers 404 for a token of another kind', async () => {
    const list = present(roster.find(({ entity }) => entity.type === 'list'));
    for (const path of [`/v5/user/${list.entity.token}`, `/v5/group/${list.entity.token}`]) {
      expect((await sdk('GET', path)).status).toBe(404);
    }
    expect((await sdk('GET', `/v5/dist_list/${list.entity.token}`)).reply.entity.type).toBe('list');
    expect((await sdk('GET', `/v5/dist_list/${list.entity.token}/members/`)).reply.members.length).toBeGreaterThan(0);
  });

  it('reads several entities, searches, and lists mutes', async () => {
    const bulk = { users: [grace.token], metadata: [grace.token] };
    expect((await sdk('POST', '/v5/entities_bulk?render_owner_object=true', bulk)).reply.users).toHaveLength(1);
    const found = await sdk('POST', '/v5/search', {
      directory: [hospital],
      type: ['account'],
      bool: { must: { 'display_name,title': 'hop' } },
      include_disabled: false,
      render_metadata: true,
      results_format: 'entities',
      return_fields: ['avatar', 'conversation_id', 'display_name', 'token'],
      sort: ['display_name'],
      page_size: 25,
    });
    expect(found.reply.results).toMatchObject([{ type: 'tigertext:entity:account', entity: { token: grace.token } }]);
    expect((await sdk('GET', '/v5/mute')).reply).toMatchObject([
      { sender_type: 'group', conversation_id: expect.any(String) },
    ]);
  });

  it('comes back after an absence to one frame for each conversation', async () => {
    const id = await conversationWith(alan, 'ada');
    await sdk('POST', '/v5/events/ack', { events: stream.frames.map((frame) => frame.id) });
    expect((await sdk('DELETE', '/v5/events')).reply).toEqual({ count: 1 });
    await stream.ended;
    for (const body of ['one', 'two', 'three']) await sendInto(alan, id, body);
    stream = await openStream(sandbox, 'ada', { path: '/v5/events', features, authorization });
    await stream.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
    const [start, ...frames] = stream.frames;
    const first = present(frames[0]).payload;
    expect(start?.payload.advisory.replay_message_count).toBe(1);
    expect(first).toMatchObject({
      action: 'add',
      conversation_id: id,
      lowest_sort_number: expect.any(Number),
    });
    expect(present(found(id)).unread_message_count + 3).toBeLessThanOrEqual(first.unread_message_count);
    // It answers with a mark from there up to the newest.
    const { lowest_sort_number, last_message } = first;
    const mark = { status: 'Delivered', lowest_sort_number, highest_sort_number: last_message.sort_number };
    expect((await sdk('POST', `/v5/conversation/${id}/status`, mark)).status).toBe(204);
    expect((await sdk('GET', `/v5/conversation/${id}`)).reply.lowest_sort_number).toBe(0);
  });
});
