import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import { conversation, conversationWith, countsIn, sendInto, timeline } from '../../support/sandbox-conversation.ts';
import { openStream } from '../../support/sandbox-stream.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let alan: Caller;
let grace: Caller;
let joan: Caller;
let direct: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
  [alan, grace, joan] = [
    await callerOf(sandbox, 'alan'),
    await callerOf(sandbox, 'grace'),
    await callerOf(sandbox, 'joan'),
  ];
  direct = await conversationWith(alan, 'grace');
});
afterAll(() => sandbox.close());
beforeEach(() => control.reset());

const v5 = { path: '/v5/events', features: 'no-offline-messages,multi-org,can-confirm' } as const;

const statusesOf = async (id: string): Promise<string[]> =>
  (await grace.get(`/v2/message/${id}/status`)).reply.statuses.map(({ status }: { status: string }) => status);

async function three(more: object = {}): Promise<{ ids: string[]; sorts: number[] }> {
  const ids = [];
  for (const body of ['one', 'two', 'three']) ids.push(await sendInto(grace, direct, body, more));
  const { timeline: items } = await timeline(grace, direct);
  return { ids, sorts: items.map(({ sort_number }) => sort_number ?? 0) };
}

describe('marking a conversation', () => {
  it('marks the items between both bounds, bounds included', async () => {
    const { ids, sorts } = await three();
    const path = `/v5/conversation/${direct}/status`;
    const bounds = { lowest_sort_number: sorts[1], highest_sort_number: sorts[1] };
    expect((await alan.post(path, { status: 'Delivered', ...bounds })).status).toBe(204);
    expect(await Promise.all(ids.map(statusesOf))).toEqual([['New'], ['Delivered'], ['New']]);
    expect((await alan.post(path, { status: 'Read', highest_sort_number: sorts[1] })).status).toBe(204);
    expect(await Promise.all(ids.map(statusesOf))).toEqual([['Read'], ['Read'], ['New']]);
    expect(await countsIn(alan, direct)).toEqual([1, 0]);
    expect((await alan.post(path, { status: 'Read' })).status).toBe(204);
    expect(await countsIn(alan, direct)).toEqual([0, 0]);
  });

  it('never goes back, and never touches own messages', async () => {
    const { ids } = await three();
    const path = `/v5/conversation/${direct}/status`;
    await alan.post(path, { status: 'Read' });
    await alan.post(path, { status: 'Delivered' });
    await grace.post(path, { status: 'Read' });
    expect(await Promise.all(ids.map(statusesOf))).toEqual([['Read'], ['Read'], ['Read']]);
    expect((await alan.post(path, { status: 'Confirmed' })).status).toBe(400);
    expect((await alan.post(path, {})).status).toBe(400);
    expect((await joan.post(path, { status: 'Read' })).status).toBe(403);
  });

  it('notifies the sender and every device of the reader, with the counts after the last message', async () => {
    const { ids } = await three({ priority: 1 });
    await using sender = await openStream(sandbox, 'grace', v5);
    await using reader = await openStream(sandbox, 'alan', v5);
    await using old = await openStream(sandbox, 'alan', { features: 'no-offline-messages' });
    await alan.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    for (const stream of [sender, reader]) {
      await stream.find('message:status', ({ client_id, status }) => client_id === ids[2] && status === 'Read');
      const sent = stream.frames.filter(({ type }) => type === 'message:status').map(({ payload }) => payload);
      expect(sent.map(({ client_id }) => client_id)).toEqual(ids);
      for (const payload of sent) {
        expect(payload).toMatchObject({
          account_id: alan.token,
          conversation_id: direct,
          is_unread: false,
          is_recalled: false,
          unread_message_count: 0,
          unread_priority_message_count: 0,
        });
      }
    }
    // v2 streams of the reader hear nothing of it, as before.
    await grace.send('alan', 'fence');
    await old.find('message');
    expect(old.frames.some(({ type }) => type === 'message:status')).toBe(false);
  });

  it('notifies the reader of the conversation too when its newest message is the reader’s own', async () => {
    const { ids } = await three();
    const own = await sendInto(alan, direct, 'own');
    await using reader = await openStream(sandbox, 'alan', v5);
    await alan.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    const { payload } = await reader.find('friends');
    expect(payload).toMatchObject({
      action: 'update',
      conversation_id: direct,
      last_message: { message_id: own },
      unread_message_count: 0,
    });
    // Every status of the marking comes before it, and nothing more when nothing moves.
    const types = reader.frames.map(({ type }) => type);
    expect(types.lastIndexOf('message:status')).toBeLessThan(types.indexOf('friends'));
    await alan.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    await grace.post(`/v5/message/status`, { read: [own] });
    await reader.find('message:status', ({ client_id }) => client_id === own);
    expect(reader.frames.filter(({ type }) => type === 'friends')).toHaveLength(1);
    expect(ids).toHaveLength(3);
  });

  it('gives the sender its own counts, not those of the reader', async () => {
    await three();
    await sendInto(alan, direct, 'for Grace', { priority: 1 });
    await using sender = await openStream(sandbox, 'grace', v5);
    await alan.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    const { payload } = await sender.find('message:status');
    expect(payload).toMatchObject({ unread_message_count: 1, unread_priority_message_count: 1, is_unread: false });
  });
});

describe('marking messages', () => {
  it('returns the counts of every affected conversation, and reports them on the marking device too', async () => {
    const { ids } = await three();
    const made = (await grace.post('/v5/group', { name: 'G', members: ['alan', 'florence'] })).reply;
    const inGroup = await sendInto(grace, made.conversation_id, 'to all', { priority: 1 });
    await using reader = await openStream(sandbox, 'alan', v5);
    await using other = await openStream(sandbox, 'florence', v5);
    const answer = await alan.post('/v5/message/status', { read: [ids[0], inGroup], delivered: [ids[1]] });
    expect([answer.status, answer.reply]).toEqual([
      200,
      {
        [direct]: { unread_message_count: 2, unread_priority_message_count: 0 },
        [made.conversation_id]: { unread_message_count: 0, unread_priority_message_count: 0 },
      },
    ]);
    const { payload } = await reader.find('group:message:status');
    expect(payload).toMatchObject({
      client_id: inGroup,
      account_id: alan.token,
      group_token: made.entity.token,
      conversation_id: made.conversation_id,
      status: 'Read',
      unread_message_count: 0,
    });
    // "In groups, not every member learns that another one read."
    await grace.send('florence', 'fence');
    await other.find('message');
    expect(other.frames.some(({ type }) => type === 'group:message:status')).toBe(false);
  });

  it('ignores messages of others, and reveals nothing of their conversations', async () => {
    const { ids } = await three();
    expect((await joan.post('/v5/message/status', { read: ids })).reply).toEqual({});
    expect(await countsIn(alan, direct)).toEqual([3, 0]);
    expect((await alan.post('/v5/message/status', { read: ['x'] })).status).toBe(400);
  });

  it('counts fall at once with recall and expiry, for every device', async () => {
    const { ids } = await three({ priority: 1 });
    await grace.delete(`/v2/message/${ids[2]}`);
    expect(await countsIn(alan, direct)).toEqual([2, 2]);
    expect((await conversation(alan, direct)).last_message).toMatchObject({ message_id: ids[1] });
    await control.expire(ids[1] ?? '');
    expect(await countsIn(alan, direct)).toEqual([1, 1]);
    expect((await conversation(alan, direct)).last_message).toMatchObject({ message_id: ids[0] });
  });
});
