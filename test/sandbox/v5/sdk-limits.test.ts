/**
 * EVENTS-v5.md §3: frames that end the stream of the official JavaScript SDK, or worse. One device of a person does and receives
 * everything that a conversation allows; each rule is then checked against all frames.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { hospital } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { conversationWith, type Device, sendInto, signIn } from '../../support/sandbox-conversation.ts';
import { openStream, type Stream } from '../../support/sandbox-stream.ts';

let sandbox: Sandbox;
let grace: Device;
let stream: Stream;
/** Ids of what the device sent, and of the conversations it made. */
const sent: string[] = [];
const made: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  grace = await signIn(sandbox, 'grace');
  const other = await signIn(sandbox, 'grace');
  const alan = await callerOf(sandbox, 'alan');
  const features = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,multi-org,render_metadata,vwr';
  const path = '/v5/events';
  stream = await openStream(sandbox, 'grace', { path, features, authorization: grace.authorization });
  await exchange(alan, other);
  await sendInto(alan, await conversationWith(alan, 'grace'), 'fence');
  await stream.find('message', ({ body }) => body === 'fence');
});
afterAll(async () => {
  await stream[Symbol.asyncDispose]();
  await sandbox.close();
});

async function exchange(alan: Caller, other: Caller): Promise<void> {
  // Direct: a new conversation, recalled, marked, forwarded, erased, begun again.
  const direct = await conversationWith(grace, 'tim');
  made.push(direct);
  sent.push(await sendInto(grace, direct, 'one', { ttl: 1 }), await grace.send('tim', 'two'));
  const taken = await sendInto(grace, direct, 'three');
  sent.push(taken);
  await grace.delete(`/v2/message/${taken}`);
  const tim = await callerOf(sandbox, 'tim');
  await tim.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
  await sendInto(other, direct, 'by the other device');
  await grace.delete('/v2/roster/tim');
  await sendInto(tim, direct, 'again');
  // Groups: made, joined, renamed, left, taken in, deleted; the unknown one too.
  const group = (await grace.post('/v5/group', { name: 'Own', members: ['alan'] })).reply;
  made.push(group.conversation_id);
  sent.push(await sendInto(grace, group.conversation_id, 'to all'));
  await sendInto(alan, group.conversation_id, 'heard');
  await grace.post(`/v5/group/${group.entity.token}/members`, { members: ['florence'] });
  await grace.post(`/v2/group/${group.entity.token}/members/remove`, { members: ['florence'] });
  await grace.post(`/v5/group/${group.entity.token}`, { name: 'Renamed' });
  const theirs = (await alan.post('/v5/group', { name: 'Theirs', members: ['florence'] })).reply;
  await alan.post(`/v5/group/${theirs.entity.token}/members`, { members: ['grace'] });
  await alan.delete(`/v5/group/${theirs.entity.token}`);
  await grace.delete(`/v5/group/${group.entity.token}`);
  // Lists, people, mutes, metadata.
  const lists = (await grace.post('/v5/search', { directory: [hospital], type: ['distribution_list'] })).reply.results;
  sent.push(await sendInto(grace, lists[0].conversation_id, 'to the list'));
  await grace.post('/v2/roster', { entity: 'douglas', type: 'tigertext:entity:account' });
  await other.post('/v2/roster', { entity: lists[1]?.token, type: 'tigertext:entity:list' });
  await alan.post('/v2/user/alan/settings', { status: 'Away' });
  await alan.post(`/v2/metadata/${alan.token}`, { ward: '4' });
  await other.post('/v2/mute/p2p', { duration: '60', sender_token: alan.token });
}

const all = (type: string) => stream.frames.filter((frame) => frame.type === type).map(({ payload }) => payload);

describe('the stream of the SDK', () => {
  it('never has `friends` or `update` without `entity`, an unknown type in it, or a flat end of a group', () => {
    const entities = [...all('friends'), ...all('update')];
    expect(all('friends').length).toBeGreaterThan(5);
    expect(all('update').length).toBeGreaterThan(3);
    for (const payload of entities) {
      expect(payload).not.toHaveProperty('friend');
      expect(payload.entity).toMatchObject({
        type: expect.stringMatching(/^(account|group|list)$/),
        token: expect.any(String),
      });
    }
    const ends = all('friends').filter(({ action }) => action === 'del');
    expect(ends.map(({ entity }) => entity.type)).toEqual(['account', 'group', 'group']);
  });

  it('never has a message of the device itself', () => {
    const messages = [...all('message'), ...all('group_message')];
    expect(messages.map(({ body }) => body)).toContain('by the other device');
    expect(messages.filter(({ client_id }) => sent.includes(client_id))).toEqual([]);
  });

  it('never announces a conversation to the device that made it, until it comes back', () => {
    const [direct, group] = made;
    const added = all('friends').filter(({ action }) => action === 'add');
    expect(added.filter(({ conversation_id }) => conversation_id === group)).toEqual([]);
    // Once: after it was erased, another person began it again.
    expect(added.filter(({ conversation_id }) => conversation_id === direct)).toHaveLength(1);
  });

  it('announces a group before its notices', () => {
    const groups = stream.frames.filter(
      ({ type, payload }) => type === 'bang' || (type === 'friends' && payload.entity.type === 'group'),
    );
    const theirs = groups.find(({ payload }) => payload.entity?.name === 'Theirs');
    const notices = groups.filter(
      ({ type, payload }) => type === 'bang' && payload.target_entity.display_name === 'Theirs',
    );
    expect(notices.length).toBeGreaterThan(0);
    for (const notice of notices) expect(groups.indexOf(notice)).toBeGreaterThan(theirs ? groups.indexOf(theirs) : -1);
    expect(theirs?.payload.action).toBe('add');
  });

  it('names the conversation in everything about one', () => {
    for (const type of ['message', 'group_message', 'message:status', 'bang', 'conversation_mute']) {
      expect(all(type).length).toBeGreaterThan(0);
      for (const payload of all(type)) expect(payload.conversation_id).toEqual(expect.any(String));
    }
  });
});
