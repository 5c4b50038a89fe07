import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clinics } from '../../support/demo-tokens.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import {
  conversation,
  conversationWith,
  countsIn,
  sendInto,
  type TimelineMessage,
  textsOf,
  timeline,
} from '../../support/sandbox-conversation.ts';
import { openStream } from '../../support/sandbox-stream.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let alan: Caller;
let grace: Caller;
let florence: Caller;
/** Conversation of Grace and Alan, who have none in the seed. */
let direct: string;

beforeAll(async () => {
  sandbox = await startSandbox({ deleteOnReadMs: 60_000 });
  control = controlOf(sandbox);
  [alan, grace, florence] = [
    await callerOf(sandbox, 'alan'),
    await callerOf(sandbox, 'grace'),
    await callerOf(sandbox, 'florence'),
  ];
  direct = await conversationWith(alan, 'grace');
});
afterAll(() => sandbox.close());
beforeEach(() => control.reset());

async function say(count: number, from = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let index = from; index < from + count; index += 1) {
    ids.push(await sendInto(index % 2 === 0 ? alan : grace, direct, String(index)));
  }
  return ids;
}

const texts = async (...[caller, id, request]: Parameters<typeof timeline>) =>
  textsOf(await timeline(caller, id, request));
const last = { anchor_point: 'conversation_end' } as const;

describe('a timeline', () => {
  it('begins at its end with 15 items, ascending, and takes at most 50 however many are asked for', async () => {
    await say(60);
    const page = await timeline(alan, direct, last);
    expect(page).toMatchObject({ direction: 'Initial', max_items: 15 });
    expect(textsOf(page)).toEqual(Array.from({ length: 15 }, (_, index) => String(46 + index)));
    const most = await timeline(alan, direct, { ...last, max_items: 500 });
    expect([most.max_items, most.timeline.length]).toEqual([50, 50]);
    // The remaining seconds decrease between the two requests.
    const atItsEnd = (await timeline(alan, direct, last)).timeline.map((message) => ({
      ...message,
      expire_in: expect.any(Number),
    }));
    expect((await timeline(alan, direct)).timeline).toEqual(atItsEnd);
  });

  it('is read down and up from a page, without a hole or a repeat, while items come and go', async () => {
    const ids = await say(20);
    const page = await timeline(alan, direct, { ...last, max_items: 5 });
    expect(textsOf(page)).toEqual(['16', '17', '18', '19', '20']);
    await say(3, 21);
    // Items that are removed between two pages shift nothing: the first one of the earlier page, and two of the next page.
    for (const index of [15, 12, 10]) await (index % 2 === 0 ? grace : alan).delete(`/v2/message/${ids[index]}`);
    const lower = await timeline(alan, direct, {
      anchor_point: 'continuation',
      continuation: { lower_continuation: page.lower_continuation ?? '' },
      max_items: 5,
    });
    expect(lower).not.toHaveProperty('higher_continuation');
    expect([lower.direction, textsOf(lower)]).toEqual(['Lower', ['9', '10', '12', '14', '15']]);
    const higher = await timeline(alan, direct, {
      anchor_point: 'continuation',
      continuation: { higher_continuation: page.higher_continuation ?? '' },
      max_items: 2,
    });
    expect(higher).not.toHaveProperty('lower_continuation');
    expect([higher.direction, textsOf(higher)]).toEqual(['Higher', ['21', '22']]);
  });

  it('keeps both continuations usable at its ends', async () => {
    const empty = await timeline(alan, direct, last);
    expect(empty.timeline).toEqual([]);
    await say(2);
    const up = (continuation: string | undefined) =>
      timeline(alan, direct, {
        anchor_point: 'continuation',
        continuation: { higher_continuation: continuation ?? '' },
      });
    const first = await up(empty.higher_continuation);
    expect(textsOf(first)).toEqual(['1', '2']);
    const none = await up(first.higher_continuation);
    expect(none.timeline).toEqual([]);
    await say(1, 3);
    expect(textsOf(await up(none.higher_continuation))).toEqual(['3']);
    const down = (continuation: string | undefined) =>
      timeline(alan, direct, {
        anchor_point: 'continuation',
        continuation: { lower_continuation: continuation ?? '' },
      });
    const oldest = await down(empty.lower_continuation);
    expect(oldest).toMatchObject({ direction: 'Lower', timeline: [], lower_continuation: empty.lower_continuation });
    expect((await down(oldest.lower_continuation)).timeline).toEqual([]);
  });

  it('begins with the first unread message on request, and at its end when nothing is unread', async () => {
    await say(8);
    await grace.post(`/v5/conversation/${direct}/status`, { status: 'Read', highest_sort_number: await sortOf('4') });
    const unread = { anchor_point: 'first_unread_item', max_items: 3 } as const;
    // Own messages are never unread: 5 and 7 are Grace's.
    const page = await timeline(grace, direct, unread);
    expect([page.direction, textsOf(page)]).toEqual(['Initial', ['6', '7', '8']]);
    const lower = { lower_continuation: page.lower_continuation ?? '' };
    expect(await texts(grace, direct, { anchor_point: 'continuation', continuation: lower, max_items: 2 })).toEqual([
      '4',
      '5',
    ]);
    await grace.post(`/v5/conversation/${direct}/status`, { status: 'Read' });
    expect(await texts(grace, direct, { ...unread, max_items: 2 })).toEqual(['7', '8']);
  });

  it('rejects an unknown anchor, and continuations it did not make or made for another conversation', async () => {
    await say(3);
    const other = await conversationWith(alan, 'florence');
    await sendInto(alan, other, 'x');
    const foreign = (await timeline(alan, other)).lower_continuation;
    const path = `/v5/conversation/${direct}/timeline`;
    for (const request of [
      { anchor_point: 'middle' },
      { anchor_point: 'continuation' },
      { anchor_point: 'continuation', continuation: { lower_continuation: 'MTU1' } },
      { anchor_point: 'continuation', continuation: { lower_continuation: foreign } },
      { anchor_point: 'continuation', continuation: { lower_continuation: 'a', higher_continuation: 'b' } },
      { max_items: 0 },
    ]) {
      expect([request, (await alan.post(path, request)).status]).toEqual([request, 400]);
    }
  });

  it('shows each side its own state, and marks its page delivered, for which senders get an event', async () => {
    const [, fromAlan] = await say(2);
    await using stream = await openStream(sandbox, 'alan', { features: 'no-offline-messages' });
    const page = await timeline(grace, direct, { ...last, mark_as_delivered: false });
    expect(page.timeline).toMatchObject([
      { body: '1', is_unread: false, is_group: false, conversation_id: direct, recipient_token: alan.token },
      { body: '2', is_unread: true, status: 'Delivered', message_id: fromAlan, client_id: fromAlan },
    ]);
    expect((await stream.find('message:status')).payload).toMatchObject({
      client_id: fromAlan,
      account_id: grace.token,
      status: 'Delivered',
    });
    const [, seen] = (await timeline(alan, direct)).timeline as TimelineMessage[];
    expect(seen).toMatchObject({ body: '2', is_unread: false, status: 'Delivered' });
  });

  it('omits expired, recalled and deleted-on-read messages, on both sides, at once', async () => {
    const expiring = await sendInto(grace, direct, 'expiring', { ttl: 1 });
    const burning = await sendInto(grace, direct, 'burning', { dor: true });
    const recalled = await sendInto(grace, direct, 'recalled');
    await sendInto(grace, direct, 'stays');
    await grace.delete(`/v2/message/${recalled}`);
    for (const caller of [alan, grace]) expect(await texts(caller, direct)).toEqual(['expiring', 'burning', 'stays']);
    const [message] = (await timeline(alan, direct)).timeline;
    expect(message).toMatchObject({ message_id: expiring, ttl: 1 });
    expect((message as TimelineMessage).expire_in).toBeGreaterThan(50);
    await alan.post('/v5/message/status', { read: [burning] });
    await control.shiftClock(59_000);
    for (const caller of [alan, grace]) expect(await texts(caller, direct)).toContain('burning');
    await control.shiftClock(2_000);
    for (const caller of [alan, grace]) expect(await texts(caller, direct)).toEqual(['stays']);
    expect(await countsIn(alan, direct)).toEqual([1, 0]);
    await control.shiftClock(-61_000);
  });

  it('has the notices of a group between its messages, in one order and within one page', async () => {
    const made = (await grace.post('/v5/group', { name: 'G', members: ['alan'] })).reply;
    const { conversation_id: id, entity } = made;
    await sendInto(grace, id, 'one');
    await grace.post(`/v5/group/${entity.token}/members`, { members: ['florence'] });
    await sendInto(grace, id, 'two');
    await grace.post(`/v2/group/${entity.token}/members/remove`, { members: ['florence'] });
    expect(await texts(alan, id)).toEqual(['(added)', 'one', '(added)', 'two', '(removed)']);
    const page = await timeline(alan, id, { max_items: 2 });
    expect(textsOf(page)).toEqual(['two', '(removed)']);
    expect(page.timeline[1]).toMatchObject({
      xmlns: 'tigertext:iq:bang',
      conversation_id: id,
      caller_entity: { token: grace.token },
      subject_entity: { token: florence.token, display_name: 'Florence Nightingale' },
      target_entity: { token: entity.token },
    });
    const numbers = (await timeline(alan, id)).timeline.map(({ sort_number }) => sort_number ?? 0);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    expect(await countsIn(alan, id)).toEqual([2, 0]);
  });

  it('shows a new member no earlier items, unless the group replays history', async () => {
    for (const replay_history of [false, true]) {
      const made = (await grace.post('/v5/group', { name: 'G', members: ['alan'], replay_history })).reply;
      const { conversation_id: id, entity } = made;
      const before = await sendInto(grace, id, 'before');
      await grace.post(`/v5/group/${entity.token}/members`, { members: ['florence'] });
      await sendInto(grace, id, 'after');
      const seen = replay_history ? ['before', '(added)', 'after'] : ['(added)', 'after'];
      expect(await texts(florence, id)).toEqual(seen);
      // Messages from before joining never count.
      expect(await countsIn(florence, id)).toEqual([1, 0]);
      expect((await florence.get(`/v5/message/${before}`)).status).toBe(replay_history ? 200 : 403);
      await grace.post(`/v2/group/${entity.token}/members/remove`, { members: ['florence'] });
      await sendInto(grace, id, 'meanwhile');
      await grace.post(`/v5/group/${entity.token}/members`, { members: ['florence'] });
      const again = await texts(florence, id);
      expect(again).toEqual(
        replay_history ? ['before', '(added)', 'after', '(removed)', 'meanwhile', '(added)'] : ['(added)'],
      );
    }
  });

  it('of a list holds what the caller sent to it, and the copies are in the conversations with the members', async () => {
    const lists = { directory: ['mercyGeneralHospital0001'], type: ['distribution_list'] };
    const [list] = (await grace.post('/v5/search', lists)).reply.results;
    await sendInto(alan, list.conversation_id, 'teaching');
    expect(await texts(alan, list.conversation_id)).toEqual(['teaching']);
    expect(await texts(florence, list.conversation_id)).toEqual([]);
    expect(await texts(grace, direct)).toEqual([`[${list.entity.display_name}]: teaching`]);
    expect(await conversation(alan, list.conversation_id)).toMatchObject({
      entity: { type: 'list' },
      unread_message_count: 0,
    });
  });

  it('is one for both sides of a message between two organizations, and so is the roster entry of v2', async () => {
    const karen = await callerOf(sandbox, 'karen');
    const organizations = { sender_organization: 'mercyGeneralHospital0001', recipient_organization: clinics };
    await grace.send('karen', 'across', organizations);
    const id = await conversationWith(grace, 'karen', clinics);
    expect(await conversationWith(karen, 'grace')).toBe(id);
    expect([await texts(grace, id), await texts(karen, id)]).toEqual([['across'], ['across']]);
    for (const caller of [grace, karen]) {
      expect((await caller.get('/v2/roster')).reply[0].organization_key).toBe(clinics);
    }
  });

  it('shares its state with v2: messages and marks of one are in the other', async () => {
    const id = await grace.send('alan', 'by v2');
    expect((await timeline(alan, direct)).timeline).toMatchObject([{ message_id: id, body: 'by v2' }]);
    await alan.post('/v2/message/status', { read: [id] });
    expect(await countsIn(alan, direct)).toEqual([0, 0]);
    const back = await sendInto(alan, direct, 'by v5');
    expect((await grace.get(`/v2/message/${back}`)).reply).toMatchObject({
      body: 'by v5',
      recipient_token: grace.token,
    });
    const [entry] = (await grace.get('/v2/roster')).reply;
    expect(entry.token).toBe(alan.token);
  });
});

async function sortOf(text: string): Promise<number> {
  const { timeline: items } = await timeline(alan, direct);
  return items.find((item) => 'body' in item && item.body === text)?.sort_number ?? 0;
}
