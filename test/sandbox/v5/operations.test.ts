import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { absent, hospital } from '../../support/demo-tokens.ts';
import { basicOf, type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { contractOperationsV5 } from '../../support/sandbox-contract.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import {
  conversation,
  conversationWith,
  sendInto,
  signIn,
  textsOf,
  timeline,
} from '../../support/sandbox-conversation.ts';

/** They have tests of their own. */
const elsewhere = /Preferences$|Role|[Ee]scalat|Team|CallLog/;
const served = contractOperationsV5.filter(({ operationId }) => !elsewhere.test(operationId));

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;
let joan: Caller;
let direct: string;
/** `operationId status` of every answer held against the contract. */
const seen = new Set<string>();

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada', seen);
  grace = await callerOf(sandbox, 'grace', seen);
  joan = await callerOf(sandbox, 'joan', seen);
  direct = await conversationWith(ada, 'grace');
});
afterAll(() => sandbox.close());

const foreign = { headers: { 'TT-X-Organization-Key': 'foreign' } };

describe('every response of v5 matches its contract', () => {
  it('rejects every operation without credentials', async () => {
    for (const { method, path, operationId } of contractOperationsV5) {
      const json = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer = await ada.call(method, path.replaceAll(/\{\w+\}/g, absent), { authorization: null, json });
      expect([operationId, answer.status]).toEqual([operationId, 401]);
    }
  });

  it('conversations: roster, one, timeline, marks', async () => {
    expect((await ada.get('/v5/roster?paginated=true')).reply.items).toHaveLength(50);
    expect((await ada.get(`/v5/conversation/${direct}`)).status).toBe(200);
    expect((await joan.get(`/v5/conversation/${direct}`)).status).toBe(403);
    expect((await ada.get(`/v5/conversation/${absent}`)).status).toBe(404);
    for (const [tail, body, status] of [
      ['timeline', {}, 200],
      ['status', { status: 'Delivered' }, 204],
    ] as const) {
      const path = (id: string) => `/v5/conversation/${id}/${tail}`;
      expect((await ada.post(path(direct), body)).status).toBe(status);
      expect((await ada.post(path(direct), { anchor_point: 'x', status: 'x' })).status).toBe(400);
      expect((await joan.post(path(direct), body)).status).toBe(403);
      expect((await ada.post(path(absent), body)).status).toBe(404);
    }
  });

  it('messages: sending returns the conversation as the sender sees it now, once per Request-ID', async () => {
    await sendInto(grace, direct, 'for Ada');
    const before = await conversation(ada, direct);
    const requestId = { headers: { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9b01' } };
    const message = { conversation_id: direct, body: 'hello', priority: 1, ttl: -1, dor: 'false', escalate: false };
    const sent = await ada.post('/v5/message', message, requestId);
    const id = sent.headers.get('tt-x-message-id');
    expect(sent.reply).toMatchObject({
      conversation_id: direct,
      // -1 leaves the life of a message to the organization.
      last_message: { message_id: id, body: 'hello', is_unread: false, ttl: 43_200, priority: 1 },
      unread_message_count: before.unread_message_count,
    });
    const again = await ada.post('/v5/message', message, requestId);
    expect([again.status, again.headers.get('tt-x-message-id')]).toEqual([304, id]);
    expect((await ada.post('/v5/message', { conversation_id: direct })).status).toBe(400);
    expect((await ada.post('/v5/message', { body: 'x' })).complaint).toBe('conversation_id is required');
    expect((await ada.post('/v5/message', { conversation_id: absent, body: 'x' })).status).toBe(404);
    expect((await joan.post('/v5/message', { conversation_id: direct, body: 'x' })).status).toBe(403);
    await control.fault({ kind: 'status', status: 429, operationId: 'sendMessageV5', count: 1 });
    expect((await ada.post('/v5/message', message)).status).toBe(429);
  });

  it('messages: read, marked, forwarded', async () => {
    const id = await sendInto(ada, direct, 'one');
    const read = await grace.get(`/v5/message/${id}`);
    expect(read.reply).toMatchObject({
      conversation_id: direct,
      message: { message_id: id, recipient_token: grace.token },
    });
    expect((await joan.get(`/v5/message/${id}`)).status).toBe(403);
    expect((await ada.get(`/v5/message/${absent}`)).status).toBe(404);
    expect((await grace.post('/v5/message/status', { read: [id] })).reply).toHaveProperty(direct);
    expect((await grace.post('/v5/message/status', { read: ['x'] })).status).toBe(400);
    const to = await conversationWith(grace, 'alan');
    const requestId = { headers: { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9b02' } };
    const forward = (body: object, caller = grace, message = id) =>
      caller.post(`/v5/message/${message}/forward`, body, caller === grace ? requestId : {});
    const forwarded = await forward({ conversation_id: to, priority: 0, data: [] });
    expect(forwarded.reply).toMatchObject({
      conversation_id: to,
      message: { body: 'one', is_forwarded: true, original_msg_id: id, original_sender: ada.token, is_unread: false },
    });
    const again = await forward({ conversation_id: to });
    expect([again.status, again.headers.get('tt-x-message-id')]).toEqual([304, forwarded.reply.message.message_id]);
    expect((await forward({}, ada)).status).toBe(400);
    expect((await forward({ conversation_id: to }, ada)).status).toBe(403);
    expect((await forward({ conversation_id: absent }, ada)).status).toBe(404);
    const { timeline: items } = await timeline(grace, to);
    expect(items).toHaveLength(1);
  });

  it('messages: files, by credential and by token, and data under their namespace', async () => {
    const form = new FormData();
    form.set('conversation_id', direct);
    form.set('attachment', new Blob(['plain'], { type: 'text/plain' }), 'note.txt');
    const sent = await ada.call('POST', '/v5/message', { multipart: form });
    expect(sent.reply.last_message).toMatchObject({ attachment_name: 'note.txt', attachments: [{ size: 5 }] });
    const path = `/v5/message/${sent.reply.last_message.message_id}/attachment/1`;
    const read = await grace.get(path);
    expect([read.headers.get('content-type'), read.bytes.toString()]).toEqual(['text/plain', 'plain']);
    const tokens = await grace.post('/v5/attachment_tokens_bulk', { count: 1 });
    const [token] = tokens.reply.attachment_tokens;
    expect((await ada.get(`${path}?token=${token}`, { authorization: null })).bytes.toString()).toBe('plain');
    expect((await joan.get(path)).status).toBe(403);
    expect((await ada.get(`/v5/message/${absent}/attachment/1`)).status).toBe(404);
    const data = [{ namespace: 'acme:bed', payload: '{"bed":4}' }];
    const withData = await ada.post('/v5/message', { conversation_id: direct, data });
    expect(withData.reply.last_message.data).toMatchObject([{ mimetype: 'application/json', ...data[0] }]);
  });

  it('groups: from creation to deletion', async () => {
    const made = await ada.post('/v5/group?render_entity=true', {
      name: 'G',
      members: 'grace,alan',
      metadata: { a: 'b' },
    });
    expect(made.headers.get('tt-x-group-token')).toBe(made.reply.entity.token);
    expect(made.reply.entity).toMatchObject({ type: 'group', name: 'G', num_members: 3, metadata: { a: 'b' } });
    expect((await ada.post('/v5/group', { members: [] })).status).toBe(400);
    expect((await ada.post('/v5/group', { name: 'G', members: [] }, foreign)).status).toBe(403);
    const path = `/v5/group/${made.reply.entity.token}`;
    expect((await grace.get(`${path}?render_metadata=true`)).reply.entity.metadata).toEqual({ a: 'b' });
    expect((await ada.post(path, { name: 'Renamed' })).status).toBe(204);
    expect((await ada.post(path, { name: '' })).status).toBe(400);
    const members = { members: ['florence'] };
    expect((await ada.post(`${path}/members`, members)).reply).toMatchObject({
      conversation_id: made.reply.conversation_id,
    });
    expect((await ada.post(`${path}/members`, { members: ['nobody'] })).status).toBe(400);
    expect((await joan.get(path)).status).toBe(403);
    expect((await joan.post(path, { name: 'x' })).status).toBe(403);
    expect((await joan.post(`${path}/members`, { members: ['joan'] })).status).toBe(403);
    expect((await joan.delete(path)).status).toBe(403);
    for (const [method, tail, json] of [
      ['GET', '', undefined],
      ['POST', '', { name: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/members', members],
    ] as const) {
      expect((await ada.call(method, `/v5/group/${absent}${tail}`, { json })).status).toBe(404);
    }
    expect([(await ada.delete(path)).status, (await ada.delete(path)).status]).toEqual([204, 204]);
    expect((await ada.get(`/v5/conversation/${made.reply.conversation_id}`)).status).toBe(403);
  });

  it('a public group is joined by oneself, and written to only then', async () => {
    const forum = (await ada.post('/v5/group', { name: 'Forum', members: ['alan'], is_public: true })).reply;
    const message = { conversation_id: forum.conversation_id, body: 'x' };
    expect((await grace.post('/v5/message', message)).status).toBe(403);
    const joined = await grace.post(`/v5/group/${forum.entity.token}/members`, { members: [grace.token] });
    expect(joined.reply.conversation_id).toBe(forum.conversation_id);
    expect((await grace.post('/v5/message', message)).status).toBe(200);
    expect(textsOf(await timeline(grace, forum.conversation_id))).toEqual(['(added)', 'x']);
  });

  it('users, organizations, lists, metadata, mutes', async () => {
    expect((await ada.get('/v5/user?render_metadata=true')).reply.entity).toMatchObject({ token: ada.token });
    expect((await ada.get('/v5/user/grace')).reply).toMatchObject({
      conversation_id: direct,
      organization_id: hospital,
    });
    expect((await ada.get('/v5/user/grace', foreign)).status).toBe(403);
    expect((await ada.get('/v5/user/absent')).status).toBe(404);
    expect((await ada.get('/v5/user/ada/organization')).reply).toHaveLength(3);
    expect((await ada.get(`/v5/user/ada/organization/${hospital}`)).reply.name).toBe('Mercy General Hospital');
    expect((await ada.get('/v5/user/ada/organization/foreign')).status).toBe(404);
    expect((await ada.post('/v5/user_lookup/new@example.org', {})).reply.display_name).toBe('new@example.org');
    expect((await ada.post('/v5/user_lookup/no-address', {})).status).toBe(400);
    const bulk = { users: [grace.token, absent], metadata: [grace.token, absent] };
    expect((await ada.post('/v5/entities_bulk', bulk)).reply).toMatchObject({
      users: [{ [grace.token]: { conversation_id: direct } }, { [absent]: null }],
      metadata: [{ [grace.token]: { pager: '4001' } }, { [absent]: null }],
    });
    const list = (await ada.post('/v5/search', { directory: [hospital], type: ['distribution_list'] })).reply
      .results[0];
    for (const tail of ['', '/members']) {
      expect((await ada.get(`/v5/dist_list/${list.token}${tail}`)).status).toBe(200);
      expect((await ada.get(`/v5/dist_list/${list.token}${tail}`, foreign)).status).toBe(403);
      expect((await joan.get(`/v5/dist_list/${list.token}${tail}`)).status).toBe(404);
    }
    const group = (await ada.post('/v5/group', { name: 'G', members: [] })).reply.entity.token;
    expect((await ada.get(`/v5/metadata/${grace.token}`)).reply).toMatchObject({ pager: '4001' });
    expect((await joan.get(`/v5/metadata/${group}`)).status).toBe(403);
    expect((await ada.get(`/v5/metadata/${absent}`)).status).toBe(404);
    await ada.post(`/v2/mute/group/${group}`, { duration: '60' });
    expect((await ada.get('/v5/mute')).reply).toMatchObject([
      { sender_token: group, conversation_id: expect.any(String) },
    ]);
  });

  it('search: hits with their conversations, one type as a word, an order as one object', async () => {
    const found = await ada.post('/v5/search', {
      directory: [hospital],
      type: ['account'],
      bool: { must: { display_name: 'hopper' } },
      return_fields: ['display_name', 'conversation_id'],
      results_format: 'entities',
    });
    expect(found.reply.results).toMatchObject([
      {
        type: 'tigertext:entity:account',
        organization_id: hospital,
        conversation_id: direct,
        entity: { token: grace.token, display_name: 'Grace Hopper', conversation_id: direct },
      },
    ]);
    const roles = { display_name: '', feature_service: 'role' };
    const request = { directory: [hospital], type: ['account'], bool: { must: roles }, sort: { display_name: 'desc' } };
    const hits = (await ada.post('/v5/search', request)).reply.results;
    expect(hits.map(({ entity }: { entity: { display_name: string } }) => entity.display_name)).toEqual([
      'Stroke consultant',
      'Rapid response',
      'Charge nurse',
      'Cardiologist on call',
    ]);
    expect(hits.every(({ conversation_id }) => conversation_id === null)).toBe(true);
    const tokensOf = async (terms: object, more: object = {}) => {
      const sought = { directory: [hospital], type: ['account'], bool: terms, page_size: 100, ...more };
      return (await ada.post('/v5/search', sought)).reply.results.map(({ token }: { token: string }) => token);
    };
    // `any` is every field wanted back; metadata is searched where a field is missing; numbers match as a whole.
    expect(await tokensOf({ must: { any: 'hopper' } }, { return_fields: ['last_name'] })).toEqual([grace.token]);
    expect(await tokensOf({ must: { any: 'hopper' } }, { return_fields: ['title'] })).toEqual([]);
    expect(await tokensOf({ must: { pager: '4001' } })).toEqual([grace.token]);
    const lists = { type: ['distribution_list'] };
    expect(await tokensOf({ must: { name: '' }, must_not: { total_members: '0' } }, lists)).toHaveLength(2);
    expect(await tokensOf({ must_not: { total_members: '7' } }, lists)).toHaveLength(1);
    expect(await tokensOf({ must_not: { roles_in_org: 'owner OR admin' } })).not.toContain(ada.token);
    const organizations = await ada.post('/v5/search', { directory: [hospital], type: 'organization' });
    expect(organizations.reply.results).toHaveLength(1);
    expect((await ada.post('/v5/search', { directory: [hospital], type: ['nonsense'] })).status).toBe(400);
    expect((await ada.post('/v5/search', { type: ['account'] })).complaint).toBe('directory is required');
  });

  it('events', async () => {
    await control.fault({ kind: 'status', status: 403, operationId: 'createEventsV5', count: 1 });
    expect((await ada.get('/v5/events')).status).toBe(403);
    const all = await ada.get('/v5/events?lastEventId=', { headers: { 'TT-X-Features': 'close-after-messages' } });
    expect([all.status, all.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect((await ada.post('/v5/events/ack', { events: [absent] })).status).toBe(204);
    expect((await ada.delete('/v5/events')).reply).toEqual({ count: 0 });
  });

  it('has caused every response of the contract for served operations', () => {
    const listed = served.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});

describe('the served API', () => {
  it('is v2 alone with `api: v2`: v5 paths are unknown, and signing in is unchanged', async () => {
    await using old = await startSandbox({ api: 'v2' });
    const headers = { authorization: basicOf('ada') };
    for (const [method, path] of [
      ['GET', '/v5/roster'],
      ['GET', '/v5/events'],
      ['POST', '/v5/search'],
      ['GET', '/v2/role/tags'],
    ] as const) {
      expect((await fetch(`${old.url}${path}`, { method, headers })).status).toBe(404);
    }
    expect((await fetch(`${old.url}/v2/roster`, { headers })).status).toBe(200);
    expect((await signIn(old, 'ada')).settings).toEqual({ condensed_replays: false, processing_events: false });
  });
});
