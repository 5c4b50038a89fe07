import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clinics, hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { conversationWith, type Device, sendInto, signIn } from '../../support/sandbox-conversation.ts';
import { openStream, type Stream } from '../../support/sandbox-stream.ts';

/** As the JavaScript SDK sends them. */
const usual = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata,vwr';

let sandbox: Sandbox;
let control: SandboxControl;
let alan: Caller;
let florence: Caller;
/** Two devices of Grace. */
let grace: Device;
let other: Device;
let direct: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await control.reset();
  [alan, florence] = [await callerOf(sandbox, 'alan'), await callerOf(sandbox, 'florence')];
  [grace, other] = [await signIn(sandbox, 'grace'), await signIn(sandbox, 'grace')];
  direct = await conversationWith(grace, 'alan');
});

function streamOf(device: Device | 'alan' | 'florence'): Promise<Stream> {
  const path = '/v5/events';
  const features = `${usual},no-offline-messages`;
  if (typeof device === 'string') return openStream(sandbox, device, { path, features });
  return openStream(sandbox, 'grace', { path, features, authorization: device.authorization });
}

const typesOf = ({ frames }: Stream) =>
  frames.map(({ type }) => type).filter((type) => !['client_advisory', 'sse:heartbeat', 'presence'].includes(type));

describe('a v5 stream', () => {
  it('opens as the v2 one: the exact content type, both advisories, then a heartbeat', async () => {
    await using stream = await streamOf(grace);
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await stream.find('sse:heartbeat');
    expect(stream.frames.map(({ type }) => type)).toEqual(['client_advisory', 'client_advisory', 'sse:heartbeat']);
    expect(stream.frames[0]?.payload.advisory).toEqual({ name: 'replay_start', replay_message_count: 0 });
  });

  it('carries a message to recipients and to the other devices of the sender, each with counts of its own', async () => {
    await sendInto(alan, direct, 'waiting', { priority: 1 });
    await using sending = await streamOf(grace);
    await using second = await streamOf(other);
    await using recipient = await streamOf('alan');
    const id = await sendInto(grace, direct, 'hello', { ttl: 60 });
    const last_message = { message_id: id, sort_number: expect.any(Number) };
    const fields = { client_id: id, conversation_id: direct, body: 'hello', is_group: false, last_message };
    expect((await recipient.find('message')).payload).toMatchObject({
      ...fields,
      is_unread: true,
      status: 'New',
      unread_message_count: 1,
      unread_priority_message_count: 0,
      first_expiring_unread_message: { message_id: id, sender_token: grace.token },
    });
    expect((await second.find('message')).payload).toMatchObject({
      ...fields,
      is_unread: false,
      unread_message_count: 1,
      unread_priority_message_count: 1,
    });
    // The sending device gets no event of its own message: the SDK would loop without end when it expires.
    await sendInto(alan, direct, 'fence');
    const fence = await sending.find('message');
    expect(fence.payload.body).toBe('fence');
    expect(typesOf(sending).filter((type) => type === 'message')).toHaveLength(1);
  });

  it('leaves the sending device out for sends over v2, forwards and groups as well', async () => {
    const original = await alan.send('grace', 'original');
    const made = (await grace.post('/v5/group', { name: 'G', members: ['alan'] })).reply;
    await using sending = await streamOf(grace);
    await using second = await streamOf(other);
    await grace.send('alan', 'over v2');
    await grace.post(`/v5/message/${original}/forward`, { conversation_id: made.conversation_id, data: [] });
    await second.find('message', ({ body }) => body === 'over v2');
    const forwarded = await second.find('group_message');
    expect(forwarded.payload).toMatchObject({
      body: 'original',
      is_group: true,
      is_unread: false,
      recipient_token: made.entity.token,
      group_token: made.entity.token,
    });
    await sendInto(alan, direct, 'fence');
    await sending.find('message', ({ body }) => body === 'fence');
    expect(typesOf(sending).filter((type) => type.endsWith('message'))).toEqual(['message']);
  });

  it('gives each client everything where several share one ready-made pair', async () => {
    await using stream = await streamOf('alan');
    const id = await sendInto(alan, direct, 'mine');
    expect((await stream.find('message')).payload).toMatchObject({ client_id: id, is_unread: false });
  });

  it('announces a new conversation before its first message, but not to the device that made it', async () => {
    const fresh = await conversationWith(grace, 'tim');
    await using making = await streamOf(grace);
    await using second = await streamOf(other);
    await using recipient = await openStream(sandbox, 'tim', { path: '/v5/events', features: usual });
    await sendInto(grace, fresh, 'first');
    for (const stream of [second, recipient]) {
      const { payload } = await stream.find('friends');
      expect(payload).toMatchObject({ action: 'add', conversation_id: fresh, organization_id: hospital });
      await stream.find('message');
      expect(typesOf(stream)).toEqual(['friends', 'message']);
    }
    await sendInto(grace, fresh, 'second');
    await recipient.find('message', ({ body }) => body === 'second');
    expect(typesOf(recipient).filter((type) => type === 'friends')).toHaveLength(1);
    await sendInto(alan, direct, 'fence');
    await making.find('message', ({ body }) => body === 'fence');
    expect(making.frames.some(({ type, payload }) => type === 'friends' && payload.conversation_id === fresh)).toBe(
      false,
    );
  });

  it('tells every party of a recall, with the counts and what is first and last now', async () => {
    const kept = await sendInto(alan, direct, 'kept', { ttl: 60 });
    const id = await sendInto(alan, direct, 'taken back', { ttl: 30, priority: 1 });
    await using stream = await streamOf(grace);
    await using sender = await streamOf('alan');
    await alan.delete(`/v2/message/${id}`);
    const recalled = { client_id: id, is_recalled: true, is_unread: false, conversation_id: direct };
    const last_message = { message_id: kept };
    expect((await stream.find('message:status')).payload).toMatchObject({
      ...recalled,
      last_message,
      unread_message_count: 1,
      unread_priority_message_count: 0,
      first_expiring_unread_message: { message_id: kept },
    });
    expect((await sender.find('message:status')).payload).toMatchObject({
      ...recalled,
      last_message,
      unread_message_count: 0,
      first_expiring_unread_message: null,
    });
  });

  it('reports groups: to new members first that it is there, then the notice, then the members', async () => {
    const made = (await grace.post('/v5/group', { name: 'G', members: ['alan'], replay_history: true })).reply;
    await sendInto(grace, made.conversation_id, 'before');
    await using fresh = await streamOf('florence');
    await using old = await streamOf('alan');
    const added = await grace.post(`/v5/group/${made.entity.token}/members`, { members: ['florence'] });
    expect(added.reply).toMatchObject({ conversation_id: made.conversation_id, unread_message_count: 0 });
    const { payload } = await fresh.find('update');
    expect(payload).toMatchObject({
      organization_id: hospital,
      entity: { type: 'group', token: made.entity.token, members: [grace.token, alan.token, florence.token] },
    });
    // No replay of what was said before: it is in the timeline.
    expect(typesOf(fresh)).toEqual(['friends', 'bang', 'update']);
    expect(fresh.frames.find(({ type }) => type === 'friends')?.payload).toMatchObject({
      action: 'add',
      conversation_id: made.conversation_id,
      entity: { type: 'group', name: 'G', num_members: 3, metadata: {} },
      last_message: { sort_number: expect.any(Number) },
      unread_message_count: 0,
    });
    await old.find('update');
    expect(typesOf(old)).toEqual(['bang', 'update']);
    await grace.post(`/v2/group/${made.entity.token}/members/remove`, { members: ['florence'] });
    expect((await fresh.find('friends', ({ action }) => action === 'del')).payload).toMatchObject({
      conversation_id: made.conversation_id,
      entity: { type: 'group', token: made.entity.token },
    });
    await grace.delete(`/v5/group/${made.entity.token}`);
    expect((await old.find('friends')).payload).toMatchObject({ action: 'del', entity: { type: 'group' } });
  });

  it('says that a conversation goes, for each organization', async () => {
    const inClinics = await conversationWith(grace, 'ada', clinics);
    const inHospital = await conversationWith(grace, 'ada', hospital);
    await sendInto(grace, inClinics, 'x');
    await using stream = await streamOf(other);
    await grace.delete('/v2/roster/ada', { headers: { 'TT-X-Organization-Key': clinics } });
    const { payload } = await stream.find('friends');
    expect(payload).toMatchObject({ action: 'del', conversation_id: inClinics, entity: { type: 'account' } });
    await grace.delete('/v2/roster/ada');
    await stream.find('friends', ({ conversation_id }) => conversation_id === inHospital);
  });

  it('names the conversation in mutes, one event for each when all are cleared', async () => {
    const made = (await grace.post('/v5/group', { name: 'G', members: ['alan'] })).reply;
    await using stream = await streamOf(other);
    await grace.post('/v2/mute/p2p', { duration: '60', sender_token: alan.token });
    await grace.post(`/v2/mute/group/${made.entity.token}`, { duration: '60' });
    await grace.delete('/v2/mute');
    await stream.find('conversation_mute', ({ action, sender_type }) => action === 'del' && sender_type === 'group');
    const mutes = stream.frames.filter(({ type }) => type === 'conversation_mute').map(({ payload }) => payload);
    expect(mutes.map(({ action, conversation_id }) => [action, conversation_id])).toEqual([
      ['add', direct],
      ['add', made.conversation_id],
      ['del', direct],
      ['del', made.conversation_id],
    ]);
    expect(mutes[0]?.token).toBe(grace.token);
  });

  it('has changed entities inside `entity`, with the short word for their type', async () => {
    await using stream = await streamOf(grace);
    await alan.post('/v2/user/alan/settings', { status: 'In theatre' });
    expect((await stream.find('update')).payload).toMatchObject({
      organization_id: hospital,
      entity: { type: 'account', token: alan.token, status: 'In theatre', metadata: { pager: '4002' } },
    });
  });

  it('leaves v2 streams as they are, also of the same pair', async () => {
    const authorization = grace.authorization;
    await using v2 = await openStream(sandbox, 'grace', { features: `${usual},no-offline-messages`, authorization });
    await using v5 = await streamOf(grace);
    await grace.send('alan', 'mine');
    await sendInto(alan, direct, 'his');
    await v5.find('message', ({ body }) => body === 'his');
    await v2.find('message', ({ body }) => body === 'his');
    expect(typesOf(v5)).toEqual(['message']);
    expect(typesOf(v2)).toEqual(['message', 'message']);
    for (const { payload } of v2.frames.filter(({ type }) => type === 'message')) {
      for (const name of ['conversation_id', 'unread_message_count', 'is_unread', 'last_message']) {
        expect(payload).not.toHaveProperty(name);
      }
    }
    const made = (await alan.post('/v2/group?render_entity=true', { name: 'G', members: ['grace'] })).reply;
    expect((await v2.find('friends')).payload.friend).toMatchObject({ action: 'add', token: made.token });
    expect((await v5.find('friends')).payload.entity).toMatchObject({ type: 'group', token: made.token });
  });

  it('is closed, counted and disturbed as the v2 one', async () => {
    await using stream = await streamOf(grace);
    await stream.find('sse:heartbeat');
    expect(await control.openStreams()).toMatchObject({ grace: 1 });
    await using spoilt = await openStream(sandbox, 'alan', { path: '/v5/events', features: usual, unchecked: true });
    await spoilt.find('sse:heartbeat');
    await control.streams({ action: 'wrong-shape', caller: 'alan' });
    await spoilt.find('message', ({ client_id }) => Number(client_id) === 42);
    expect((await other.delete('/v5/events')).reply).toEqual({ count: 1 });
    await stream.ended;
    await control.fault({ kind: 'status', status: 503, operationId: 'createEventsV5', count: 1 });
    expect((await openStream(sandbox, 'alan', { path: '/v5/events' })).status).toBe(503);
    await control.fault({ kind: 'duplicate', path: '/v5/events', caller: 'alan', count: 1 });
    await using twice = await streamOf('alan');
    await twice.find('sse:heartbeat');
    await grace.send('alan', 'twice');
    await sendInto(grace, direct, 'fence');
    await twice.find('message', ({ body }) => body === 'fence');
    expect(twice.frames.filter(({ payload }) => payload.body === 'twice')).toHaveLength(2);
    await control.fault({ kind: 'status', status: 500, path: '/v5/conversation/*', caller: 'alan', count: 1 });
    expect((await alan.get(`/v5/conversation/${direct}`)).status).toBe(500);
  });
});
