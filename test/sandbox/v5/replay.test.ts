import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { conversationWith, type Device, sendInto, signIn } from '../../support/sandbox-conversation.ts';
import { openStream, type Stream } from '../../support/sandbox-stream.ts';

const features = 'can-confirm,dl_sender_event,is-typing,multi-org,render_metadata,close-after-messages';

let sandbox: Sandbox;
let control: SandboxControl;
let alan: Caller;
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
  alan = await callerOf(sandbox, 'alan');
  [grace, other] = [await signIn(sandbox, 'grace'), await signIn(sandbox, 'grace')];
  direct = await conversationWith(grace, 'alan');
});

/** What a stream that opens now replays, between the two advisories. */
async function replay(device: Device, more: { path?: '/v2/events' | '/v5/events' } = {}): Promise<Stream['frames']> {
  const { authorization } = device;
  await using stream = await openStream(sandbox, 'grace', { path: '/v5/events', features, authorization, ...more });
  await stream.ended;
  const [start, ...frames] = stream.frames;
  expect(start?.payload.advisory).toMatchObject({ name: 'replay_start', replay_message_count: frames.length - 1 });
  expect(frames.pop()?.payload.advisory).toEqual({ name: 'replay_stop' });
  return frames;
}

const acknowledge = (device: Device, frames: Stream['frames']) =>
  device.post('/v5/events/ack', { events: frames.map(({ id }) => id) });

describe('a condensed replay', () => {
  it('is empty for a new device, which reads the roster', async () => {
    await sendInto(alan, direct, 'before');
    expect(await replay(await signIn(sandbox, 'grace'))).toEqual([]);
  });

  it('has one frame for each conversation, in its present state, for any number of messages', async () => {
    for (const body of ['one', 'two', 'three']) await sendInto(alan, direct, body);
    const ada = await callerOf(sandbox, 'ada');
    const withAda = await conversationWith(grace, 'ada');
    const last = await sendInto(ada, withAda, 'x', { priority: 1 });
    const frames = await replay(grace);
    expect(frames.map(({ type, payload }) => [type, payload.action, payload.conversation_id])).toEqual([
      ['friends', 'add', direct],
      ['friends', 'add', withAda],
    ]);
    expect(frames[0]?.payload).toMatchObject({
      unread_message_count: 3,
      lowest_sort_number: expect.any(Number),
      entity: { type: 'account', token: alan.token, metadata: { pager: '4002' } },
    });
    expect(frames[1]?.payload.last_message).toMatchObject({ message_id: last });
  });

  it('is an update when only states changed, also by another device of the caller', async () => {
    await sendInto(alan, direct, 'x');
    await acknowledge(grace, await replay(grace));
    await other.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    const frames = await replay(grace);
    expect(frames.map(({ payload }) => [payload.action, payload.unread_message_count])).toEqual([['update', 0]]);
    await sendInto(alan, direct, 'more');
    expect((await replay(grace)).map(({ payload }) => payload.action)).toEqual(['add']);
  });

  it('is repeated in the present state until it is acknowledged, which covers all folded events', async () => {
    await sendInto(alan, direct, 'one');
    await sendInto(alan, direct, 'two');
    const first = await replay(grace);
    const second = await replay(grace);
    expect(second).toHaveLength(1);
    await acknowledge(grace, first);
    expect(await replay(grace)).toEqual([]);
    const recalled = await sendInto(alan, direct, 'three');
    await acknowledge(grace, second);
    expect((await replay(grace))[0]?.payload).toMatchObject({ action: 'add', unread_message_count: 3 });
    await alan.delete(`/v2/message/${recalled}`);
    expect((await replay(grace))[0]?.payload).toMatchObject({ action: 'add', unread_message_count: 2 });
    // Each device acknowledges for itself.
    expect(await replay(other)).toHaveLength(1);
  });

  it('omits events acknowledged on the live stream, or caused by the device itself', async () => {
    const { authorization } = grace;
    await using stream = await openStream(sandbox, 'grace', {
      path: '/v5/events',
      features: 'multi-org',
      authorization,
    });
    await sendInto(alan, direct, 'seen');
    await sendInto(grace, direct, 'own');
    await stream.find('message', ({ body }) => body === 'seen');
    // With those of the conversation's appearing and of the advisories, as the SDK does.
    await acknowledge(grace, stream.frames);
    stream.close();
    expect(await replay(grace)).toEqual([]);
    expect((await replay(other)).map(({ payload }) => payload.action)).toEqual(['add']);
  });

  it('replays what belongs to no conversation as it is, and ends of conversations first', async () => {
    const made = (await alan.post('/v5/group', { name: 'Gone', members: ['grace'] })).reply;
    const kept = (await alan.post('/v5/group', { name: 'Kept', members: ['grace'] })).reply;
    await alan.delete(`/v5/group/${made.entity.token}`);
    await other.post('/v2/mute/p2p', { duration: '60', sender_token: alan.token });
    const frames = await replay(grace);
    const sent = frames.map(({ type, payload }) => [type, payload.action, payload.conversation_id]);
    expect(sent[0]).toEqual(['friends', 'del', made.conversation_id]);
    expect(sent[1]).toEqual(['friends', 'add', kept.conversation_id]);
    expect(sent.filter(([type]) => type === 'conversation_mute')).toEqual([['conversation_mute', 'add', direct]]);
    // A notice comes after the group it belongs to.
    const notice = sent.findIndex(([type, , id]) => type === 'bang' && id === kept.conversation_id);
    expect(notice).toBeGreaterThan(1);
    await acknowledge(grace, frames);
    expect(await replay(grace)).toEqual([]);
  });

  it('drops the end of a conversation that exists again', async () => {
    const made = (await alan.post('/v5/group', { name: 'G', members: ['grace'] })).reply;
    await alan.post(`/v2/group/${made.entity.token}/members/remove`, { members: ['grace'] });
    await alan.post(`/v5/group/${made.entity.token}/members`, { members: ['grace'] });
    const actions = (await replay(grace)).filter(({ type }) => type === 'friends').map(({ payload }) => payload.action);
    expect(actions).toEqual(['add']);
  });

  it('does not disturb the replay of v2 streams, and shares its acknowledgements', async () => {
    // Only v5 streams get an event that a conversation is there before its first message.
    await sendInto(alan, direct, 'first');
    other = await signIn(sandbox, 'grace');
    await sendInto(alan, direct, 'stored');
    const old = await replay(other, { path: '/v2/events' });
    const bodies = old.filter(({ type }) => type === 'message').map(({ payload }) => payload.body);
    expect(bodies.slice(-2)).toEqual(['first', 'stored']);
    expect(old.every(({ payload }) => payload.conversation_id === undefined)).toBe(true);
    await other.post('/v2/events/ack', { events: old.map(({ id }) => id) });
    expect(await replay(other)).toEqual([]);
  });

  it('is skipped when the client requests no offline messages', async () => {
    await sendInto(alan, direct, 'x');
    await using stream = await openStream(sandbox, 'grace', {
      path: '/v5/events',
      features: 'no-offline-messages,close-after-messages',
      authorization: grace.authorization,
    });
    await stream.ended;
    expect(stream.frames.map(({ type }) => type)).toEqual(['client_advisory', 'client_advisory']);
    expect(await replay(grace)).toHaveLength(1);
  });
});
