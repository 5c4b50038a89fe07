import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { WireObject } from '../generated/wire-data.ts';
import { absent, hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { type Caller, callerOf } from '../support/sandbox-caller.ts';
import { contractOperations } from '../support/sandbox-contract.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';

const research = '/v2/user/joan/organization';

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;
let joan: Caller;
/** `operationId status` of every answer held against the contract. */
const seen = new Set<string>();

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada', seen);
  grace = await callerOf(sandbox, 'grace', seen);
  joan = await callerOf(sandbox, 'joan', seen);
});
afterAll(() => sandbox.close());

async function newGroup(more: object = {}): Promise<string> {
  const answer = await ada.post('/v2/group', { name: 'Trial', members: 'grace,alan', ...more });
  return answer.headers.get('tt-x-group-token') ?? '';
}

/** With `return_user_objects`. */
type MemberPage = Pick<WireObject, 'metadata'> & { readonly members: readonly WireObject[] };

async function ownedBy(caller: Caller, kind: string): Promise<string> {
  const roster = await caller.get('/v2/roster');
  return present(roster.reply.find(({ type }) => type === `tigertext:entity:${kind}`)).token;
}

describe('every response matches the contract', () => {
  it('rejects every operation without credentials, with wrong ones, and with half of the bearer form', async () => {
    const wrong = [
      null,
      'Basic !',
      `Basic ${Buffer.from('ada:wrong').toString('base64')}`,
      'Bearer ada.demo',
      'Digest x',
    ];
    for (const { method, path, operationId } of contractOperations) {
      for (const authorization of operationId.startsWith('login') ? wrong.slice(0, 1) : wrong) {
        const json = method === 'GET' || method === 'DELETE' ? undefined : {};
        const answer = await ada.call(method, path.replaceAll(/\{\w+\}/g, absent), { authorization, json });
        expect([operationId, answer.status]).toEqual([operationId, 401]);
      }
    }
  });

  it('users: reads, bulk reads, lookups, settings', async () => {
    expect((await ada.get('/v2/user?render_metadata=true')).reply.organization_token).toBe(hospital);
    expect((await ada.get('/v2/user/grace@example.org')).reply.token).toBe(grace.token);
    expect((await ada.get('/v2/user/%2B13105551001')).reply.token).toBe(grace.token);
    expect((await ada.get('/v2/user/absent')).status).toBe(404);
    expect((await ada.get('/v2/user/grace', { headers: { 'TT-X-Organization-Key': 'foreign' } })).status).toBe(403);
    const bulk = await ada.post('/v2/user_lookup_bulk', { users: [grace.token, absent, joan.token, grace.token] });
    expect(bulk.reply.map(({ token }: { token: string }) => token)).toEqual([grace.token]);
    expect((await ada.post('/v2/user_lookup_bulk', { users: Array(21).fill(grace.token) })).status).toBe(400);
    expect((await ada.post('/v2/user_lookup_bulk', {})).complaint).toBe('users is required');
    const entities = await ada.post('/v2/entities_bulk', {
      users: [grace.token, absent],
      metadata: [grace.token, absent],
    });
    expect(entities.reply.users).toMatchObject([
      { [grace.token]: { display_name: 'Grace Hopper' } },
      { [absent]: null },
    ]);
    expect(entities.reply.metadata).toMatchObject([{ [grace.token]: { pager: '4001' } }, { [absent]: null }]);
    expect((await ada.get('/v2/user_lookup/grace')).reply).toEqual({
      token: grace.token,
      display_name: 'Grace Hopper',
    });
    expect((await ada.get('/v2/user_lookup/absent@example.org')).status).toBe(404);
    expect((await ada.post('/v2/user_lookup/absent@example.org', { display_name: 'N' })).reply.display_name).toBe('N');
    expect((await ada.get('/v2/user_lookup/absent@example.org')).status).toBe(200);
    expect((await ada.post('/v2/user_lookup/no-address', {})).status).toBe(400);
    expect((await ada.post('/v2/user/ada/settings', { status: 'In theatre', dnd: false })).status).toBe(204);
    expect((await ada.get('/v2/user')).reply.status).toBe('In theatre');
    expect((await ada.post('/v2/user/grace/settings', { status: 'x' })).status).toBe(403);
  });

  it("organizations: the caller's own, their settings and rights", async () => {
    const all = await ada.get('/v2/user/ada/organization');
    expect(all.reply.map(({ name }: { name: string }) => name)).toEqual([
      'Mercy General Hospital',
      'Riverside Clinic Group',
      'Contacts',
    ]);
    const [one] = (await joan.get(research)).reply;
    expect((await joan.get(`${research}/${one.token}`)).reply.name).toBe('Bletchley Research Institute');
    expect((await ada.get(`/v2/user/ada/organization/${one.token}`)).status).toBe(404);
    const settings = `/v2/user/ada/organization/${hospital}`;
    expect((await ada.post(settings, { dnd: true, dnd_auto_forward_receiver: grace.token })).status).toBe(204);
    expect((await ada.get('/v2/user')).reply).toMatchObject({ dnd: true, dnd_auto_forward_receiver: grace.token });
    expect((await ada.delete(`${settings}/dnd_auto_forward_receiver`)).status).toBe(204);
    await ada.post(settings, { dnd: false });
    expect((await ada.get('/v2/user')).reply).toMatchObject({ dnd: false, dnd_auto_forward_receiver: null });
    expect((await ada.get('/v2/user/ada/organization/placeholder/roles')).reply.roles[0].organization.roles).toEqual([
      'admin',
    ]);
    expect((await grace.get(`/v2/user/grace/organization/${hospital}/roles`)).reply.roles).toEqual([]);
    expect((await grace.delete('/v2/user/grace/organization/riversideClinicGroup0002')).status).toBe(204);
    expect((await grace.get('/v2/user/grace/organization')).reply).toHaveLength(2);
    await control.reset();
  });

  it('groups: from creation to deletion', async () => {
    const rendered = await ada.post('/v2/group?render_entity=true', {
      name: 'G',
      members: ['grace'],
      metadata: { a: 'b' },
    });
    expect(rendered.status).toBe(200);
    expect(rendered.reply).toMatchObject({ name: 'G', num_members: 2, created_by: ada.token, metadata: { a: 'b' } });
    expect(rendered.headers.get('tt-x-group-token')).toBe(rendered.reply.token);
    const group = `/v2/group/${await newGroup()}`;
    expect((await ada.post('/v2/group', { members: [] })).complaint).toBe('name is required');
    expect((await ada.post('/v2/group', { name: 'G', members: ['nobody'] })).status).toBe(400);
    const foreign = { headers: { 'TT-X-Organization-Key': 'foreign' } };
    expect((await ada.post('/v2/group', { name: 'G', members: [] }, foreign)).status).toBe(403);
    expect((await ada.get(group)).reply.num_members).toBe(3);
    expect((await joan.get(group)).status).toBe(403);
    expect((await ada.get(`/v2/group/${grace.token}`)).status).toBe(404);
    expect((await ada.post(group, { name: 'Renamed' })).status).toBe(204);
    expect((await ada.post(group, { name: '' })).status).toBe(400);
    expect((await joan.post(group, { name: 'x' })).status).toBe(403);
    expect((await ada.post(`/v2/group/${absent}`, { name: 'x' })).status).toBe(404);
    expect((await ada.get(`${group}/members`)).reply).toContain(grace.token);
    expect((await joan.get(`${group}/members`)).status).toBe(403);
    expect((await ada.get(`/v2/group/${absent}/members`)).status).toBe(404);
    expect((await ada.post(`${group}/members`, { members: ['florence', 'florence'] })).status).toBe(204);
    expect((await ada.post(`${group}/members`, { members: ['nobody'] })).status).toBe(400);
    expect((await joan.post(`${group}/members`, { members: ['joan'] })).status).toBe(403);
    expect((await ada.post(`/v2/group/${absent}/members`, { members: [] })).status).toBe(404);
    expect((await ada.post(`${group}/members/remove`, { members: ['florence', 'nobody'] })).status).toBe(204);
    expect((await joan.post(`${group}/members/remove`, { members: ['ada'] })).status).toBe(403);
    expect((await ada.post(`/v2/group/${absent}/members/remove`, { members: ['ada'] })).status).toBe(404);
    expect((await joan.delete(group)).status).toBe(403);
    expect((await ada.delete(group)).status).toBe(204);
    expect((await ada.delete(group)).status).toBe(204);
    expect((await ada.get(group)).status).toBe(404);
  });

  it('members of a large group are paged, each user once', async () => {
    const roster = await ada.get('/v2/roster');
    const large = present(roster.reply.find((entry) => entry.num_members === 40));
    const path = `/v2/group/${large.token}/members?return_user_objects=true&render_metadata=true`;
    const first = await ada.get<MemberPage>(path);
    expect(first.reply.members).toHaveLength(25);
    const second = await ada.get<MemberPage>(`${path}&continuation=${first.reply.metadata.continuation}`);
    expect(second.reply.metadata.continuation).toBeNull();
    const tokens = [...first.reply.members, ...second.reply.members].map(({ token }) => token);
    expect(new Set(tokens).size).toBe(40);
    expect((await ada.get(`${path}&continuation=made-up`)).status).toBe(400);
  });

  it('messages: sending, reading, statuses, forwarding, recall', async () => {
    const id = await ada.send('grace', 'one');
    const rendered = await ada.post('/v2/message?response_format=message', { recipient: 'grace', body: 'two' });
    expect(rendered.status).toBe(200);
    expect(rendered.reply.message_id).toBe(rendered.headers.get('tt-x-message-id'));
    const requestId = { headers: { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9a01' } };
    const sent = await ada.post('/v2/message', { recipient: 'grace', body: 'once' }, requestId);
    const again = await ada.post('/v2/message', { recipient: 'grace', body: 'once' }, requestId);
    expect([sent.status, again.status]).toEqual([204, 304]);
    expect(again.headers.get('tt-x-message-id')).toBe(sent.headers.get('tt-x-message-id'));
    expect((await ada.post('/v2/message', { body: 'x' })).complaint).toBe('recipient is required');
    expect(
      (await ada.post('/v2/message', { recipient: 'grace', body: 'x', sender_organization: 'foreign' })).status,
    ).toBe(403);
    expect((await ada.post('/v2/message', { recipient: absent, body: 'x' })).status).toBe(404);
    expect((await grace.get(`/v2/message/${id}`)).reply).toMatchObject({ body: 'one', sender_token: ada.token });
    expect((await joan.get(`/v2/message/${id}`)).status).toBe(403);
    expect((await ada.get(`/v2/message/${absent}`)).status).toBe(404);
    expect((await grace.post('/v2/message/status', { delivered: [id], read: [absent] })).status).toBe(204);
    expect((await grace.call('PUT', '/v2/message/status', { json: { read: [id] } })).status).toBe(204);
    expect((await grace.post('/v2/message/status', { read: 'x' })).status).toBe(400);
    expect((await grace.call('PUT', '/v2/message/status', { json: { read: ['x'] } })).complaint).toBe(
      'read.0: expected a lower-case UUID',
    );
    expect((await ada.get(`/v2/message/${id}/status`)).reply.statuses).toMatchObject([
      { account_id: grace.token, status: 'Read' },
    ]);
    expect((await grace.get(`/v2/message/${id}/status`)).status).toBe(403);
    expect((await ada.get(`/v2/message/${absent}/status`)).status).toBe(404);
    const bulk = await ada.post('/v2/get_bulk_message_status', { messages: [id, absent] });
    expect(bulk.reply.bulk_message_statuses.map((entry: { client_id: string }) => entry.client_id)).toEqual([id]);
    const forward = `/v2/message/${id}/forward`;
    const forwardId = { headers: { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9a02' } };
    expect((await grace.post(forward, { recipient: 'alan' }, forwardId)).status).toBe(204);
    expect((await grace.post(forward, { recipient: 'alan' }, forwardId)).status).toBe(304);
    expect((await grace.post(forward, {})).status).toBe(400);
    expect((await joan.post(forward, { recipient: 'max' })).status).toBe(403);
    expect((await grace.post(forward, { recipient: absent })).status).toBe(404);
    expect((await grace.delete(`/v2/message/${id}`)).status).toBe(403);
    expect((await ada.delete(`/v2/message/${absent}`)).status).toBe(404);
    expect((await ada.delete(`/v2/message/${id}`)).status).toBe(204);
    await control.fault({ kind: 'status', status: 429, operationId: 'sendMessage', count: 1 });
    expect((await ada.post('/v2/message', { recipient: 'grace', body: 'x' })).status).toBe(429);
  });

  it('attachments: bytes by credential and by token', async () => {
    const file = new FormData();
    file.set('recipient', 'grace');
    file.set('attachment', new Blob(['plain'], { type: 'text/plain' }), 'note.txt');
    const sent = await ada.call('POST', '/v2/message', { multipart: file });
    const path = `/v2/message/${sent.headers.get('tt-x-message-id')}/attachment/1`;
    const read = await grace.get(path);
    expect([read.status, read.headers.get('content-type'), read.bytes.toString()]).toEqual([
      200,
      'text/plain',
      'plain',
    ]);
    expect((await joan.get(path)).status).toBe(403);
    expect((await ada.get(`/v2/message/${absent}/attachment/1`)).status).toBe(404);
    const tokens = await grace.post('/v5/attachment_tokens_bulk', { count: 20, expire_after_sec: 60 });
    expect(tokens.reply.attachment_tokens).toHaveLength(20);
    const [token] = tokens.reply.attachment_tokens;
    expect((await ada.get(`${path}?token=${token}`, { authorization: null })).bytes.toString()).toBe('plain');
    expect((await ada.get(`${path}?token=made-up`, { authorization: null })).status).toBe(401);
    await control.fault({ kind: 'status', status: 202, form: 'empty', operationId: 'getMessageAttachment', count: 1 });
    expect((await grace.get(path)).status).toBe(202);
  });

  it('typing, in both verbs', async () => {
    expect((await ada.get('/v2/message/typing?recipient=grace')).status).toBe(204);
    expect((await ada.get('/v2/message/typing?recipient=absent')).status).toBe(404);
    expect((await ada.post('/v2/message/typing', { recipient: 'grace' })).status).toBe(204);
    expect((await ada.post('/v2/message/typing', { recipient: absent })).status).toBe(404);
    expect((await ada.delete('/v2/message/typing/grace')).status).toBe(204);
    expect((await ada.delete(`/v2/message/typing/${absent}`)).status).toBe(404);
    expect((await ada.delete(`/v2/message/typing/${absent}/${ada.token}`)).status).toBe(204);
  });

  it('metadata of users and groups', async () => {
    const group = await newGroup();
    for (const address of [ada.token, group]) {
      expect((await ada.post(`/v2/metadata/${address}`, { ward: '4' })).status).toBe(204);
      expect((await ada.get(`/v2/metadata/${address}`)).reply).toEqual({ ward: '4' });
      expect((await ada.delete(`/v2/metadata/${address}`)).status).toBe(204);
      expect((await ada.delete(`/v2/metadata/${address}`)).status).toBe(204);
      expect((await ada.get(`/v2/metadata/${address}`)).reply).toEqual({});
    }
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`k${index}`, 'v']));
    expect((await ada.post(`/v2/metadata/${group}`, many)).status).toBe(400);
    expect((await ada.post(`/v2/metadata/${group}`, { ward: 4 })).status).toBe(400);
    for (const method of ['GET', 'POST', 'DELETE']) {
      const json = method === 'POST' ? { json: {} } : {};
      expect((await joan.call(method, `/v2/metadata/${group}`, json)).status).toBe(403);
      expect((await ada.call(method, `/v2/metadata/${absent}`, json)).status).toBe(404);
    }
    expect((await grace.post(`/v2/metadata/${ada.token}`, {})).status).toBe(403);
  });

  it('distribution lists and the roster', async () => {
    const list = await ownedBy(ada, 'list');
    const foreign = { headers: { 'TT-X-Organization-Key': 'foreign' } };
    expect((await ada.get(`/v2/dist_list/${list}`)).reply).toMatchObject({
      display_name: 'Cardiology everyone',
      num_members: 7,
    });
    expect((await ada.get(`/v2/dist_list/${list}/members`)).reply.members).toHaveLength(7);
    for (const tail of ['', '/members']) {
      expect((await ada.get(`/v2/dist_list/${list}${tail}`, foreign)).status).toBe(403);
      expect((await joan.get(`/v2/dist_list/${list}${tail}`)).status).toBe(404);
      expect((await ada.get(`/v2/dist_list/a@b.org${tail}`)).status).toBe(404);
    }
    expect((await joan.get('/v2/roster?render_metadata=true')).reply[0].metadata).toEqual({});
    const entry = { entity: joan.token, type: 'tigertext:entity:account' };
    expect((await ada.post('/v2/roster', entry)).status).toBe(404);
    expect((await grace.post('/v2/roster', { entity: list, type: 'tigertext:entity:list' })).status).toBe(204);
    expect((await grace.delete(`/v2/roster/${list}`)).status).toBe(204);
    expect((await grace.delete('/v2/roster/absent')).status).toBe(404);
  });

  it('search and mutes', async () => {
    const hits = await ada.post('/v2/search', { bool: { must: { 'first_name,last_name': 'hop' } } });
    expect(hits.reply).toMatchObject({ results: [{ token: grace.token }], metadata: { total_hits: 1, first_hit: 1 } });
    expect((await ada.post('/v2/search', { type: ['nonsense'] })).complaint).toContain(
      'expected one of account, group',
    );
    const group = await newGroup();
    expect((await ada.post('/v2/mute/p2p', { duration: '60', sender_token: grace.token })).status).toBe(204);
    expect((await ada.post('/v2/mute/p2p', { duration: 60, sender_token: grace.token })).status).toBe(400);
    expect((await ada.post(`/v2/mute/group/${group}`, { duration: '525600' })).status).toBe(204);
    expect((await ada.post(`/v2/mute/organization/${hospital}`, { duration: '1' })).status).toBe(204);
    expect((await ada.get('/v2/mute')).reply.map((mute: { sender_type: string }) => mute.sender_type)).toEqual([
      'account',
      'group',
      'organization',
    ]);
    expect((await ada.delete('/v2/mute/p2p', { headers: { 'TT-X-Sender-Token': grace.token } })).status).toBe(204);
    expect((await ada.delete(`/v2/mute/group/${group}`)).status).toBe(204);
    expect((await ada.delete(`/v2/mute/organization/${hospital}`)).status).toBe(204);
    expect((await ada.delete('/v2/mute')).status).toBe(204);
    expect((await ada.get('/v2/mute')).reply).toEqual([]);
  });

  it('events, presence, status, wipe, logins', async () => {
    await control.fault({ kind: 'status', status: 403, operationId: 'createEvents', count: 1 });
    expect((await ada.get('/v2/events')).status).toBe(403);
    const all = await ada.get('/v2/events', { headers: { 'TT-X-Features': 'close-after-messages' } });
    expect([all.status, all.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect((await ada.post('/v2/events/ack', { events: [absent] })).status).toBe(204);
    expect((await ada.delete('/v2/events')).reply).toEqual({ count: 0 });
    expect((await ada.get('/v2/status')).status).toBe(200);
    expect((await ada.call('PUT', '/v2/presence/away')).status).toBe(204);
    expect((await grace.post(`/v2/wipe?token=${ada.token}`, {})).status).toBe(403);
    expect((await ada.post(`/v2/wipe?token=${ada.token}`)).status).toBe(204);
    const authorization = `XMPP-Simple ${Buffer.from('acme:ada@example.org:demo').toString('base64')}`;
    const v5 = await ada.post('/v5/login', { device_id: 'd' }, { authorization });
    expect(v5.reply).toMatchObject({ user: { token: ada.token }, settings: { condensed_replays: false } });
    const v2 = await ada.post('/v2/login', {}, { authorization });
    expect(v2.reply.pending.messages).toEqual(expect.any(Number));
    expect((await ada.post('/v2/logout')).status).toBe(200);
  });

  it('has caused every response of the contract', () => {
    const listed = contractOperations.flatMap(({ operationId, responses }) =>
      Object.keys(responses).map((status) => `${operationId} ${status}`),
    );
    expect(listed.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
