import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clinics, hospital } from '../../support/demo-tokens.ts';
import { present } from '../../support/present.ts';
import { type Caller, callerOf } from '../../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../../support/sandbox-control.ts';
import {
  type ConversationItem,
  conversation,
  conversationWith,
  rosterPages,
  sendInto,
  timeline,
} from '../../support/sandbox-conversation.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;
let joan: Caller;

beforeAll(async () => {
  sandbox = await startSandbox({ rosterPage: 7 });
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
  joan = await callerOf(sandbox, 'joan');
});
afterAll(() => sandbox.close());
beforeEach(() => control.reset());

const idOf = ({ conversation_id }: Pick<ConversationItem, 'conversation_id'>) => conversation_id;

async function newGroup(members: string[], more: object = {}): Promise<ConversationItem> {
  return (await ada.post<ConversationItem>('/v5/group', { name: 'G', members, ...more })).reply;
}

describe('a conversation id', () => {
  it('is the same for both people before the first message, and differs between organizations', async () => {
    const inHospital = await conversationWith(ada, 'grace', hospital);
    expect(await conversationWith(grace, 'ada', hospital)).toBe(inHospital);
    expect(await conversationWith(ada, 'grace', clinics)).not.toBe(inHospital);
    const fresh = await conversationWith(grace, 'alan');
    expect(await conversation(grace, fresh)).toMatchObject({ conversation_id: fresh, last_message: null });
    await sendInto(grace, fresh, 'first');
    const alan = await callerOf(sandbox, 'alan');
    expect(await conversationWith(alan, 'grace')).toBe(fresh);
    expect((await conversation(alan, fresh)).last_message).toMatchObject({ body: 'first' });
  });

  it('is one per group and per list, the same wherever it stands', async () => {
    const { conversation_id: id, entity } = await newGroup(['grace']);
    const path = `/v5/group/${entity.token}`;
    expect((await ada.get(path)).reply.conversation_id).toBe(id);
    expect((await grace.get(path)).reply.entity.conversation_id).toBe(id);
    const found = await grace.post('/v5/search', {
      directory: [hospital],
      type: ['group'],
      bool: { must: { name: 'G' } },
    });
    expect(found.reply.results.map((hit: { conversation_id: string }) => hit.conversation_id)).toContain(id);
    const lists = { directory: [hospital], type: ['distribution_list'], bool: { must: { name: 'Cardiology' } } };
    const [list] = (await ada.post('/v5/search', lists)).reply.results;
    const read = await grace.get(`/v5/dist_list/${list.token}`);
    expect(read.reply).toMatchObject({ conversation_id: list.conversation_id, entity: { type: 'list' } });
  });

  it('survives a restart of the process and of the state, and a leaving and coming back', async () => {
    const id = await conversationWith(grace, 'alan');
    await using other = await startSandbox();
    // Nothing in the other process has named the conversation before.
    const elsewhere = await callerOf(other, 'grace');
    expect(await conversation(elsewhere, id)).toMatchObject({
      conversation_id: id,
      entity: { display_name: 'Alan Turing' },
    });
    const { conversation_id: group, entity } = await newGroup(['grace']);
    await grace.delete(`/v2/roster/${entity.token}`);
    expect((await grace.get(`/v5/conversation/${group}`)).status).toBe(403);
    await ada.post(`/v2/group/${entity.token}/members`, { members: ['grace'] });
    expect(await conversation(grace, group)).toMatchObject({ conversation_id: group });
  });

  it('is null for oneself and for a role', async () => {
    expect((await ada.get('/v5/user')).reply).toMatchObject({ conversation_id: null, organization_id: hospital });
    expect((await ada.get('/v5/user/ada')).reply).toMatchObject({
      conversation_id: null,
      entity: { token: ada.token },
    });
    const role = (await ada.get('/v5/user/charge-nurse')).reply;
    expect(role).toMatchObject({ conversation_id: null, entity: { conversation_id: null } });
    const metadata = (await ada.get('/v5/user/charge-nurse?render_metadata=true')).reply.entity.metadata;
    expect(metadata).toMatchObject({ feature_service: 'role' });
  });

  it('opens nothing to outsiders', async () => {
    const direct = await conversationWith(ada, 'grace');
    const { conversation_id: group } = await newGroup(['grace']);
    for (const id of [direct, group, '00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const path = `/v5/conversation/${id}`;
      const answers = [
        await joan.get(path),
        await joan.post(`${path}/timeline`, {}),
        await joan.post(`${path}/status`, { status: 'Read' }),
        await joan.post('/v5/message', { conversation_id: id, body: 'x' }),
      ];
      for (const { status } of answers) expect([403, 404]).toContain(status);
    }
  });
});

describe('the roster', () => {
  it('comes in pages, newest first, each conversation once, and ends with null', async () => {
    const pages = await rosterPages(ada);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.slice(0, -1).every((page) => page.length === 7)).toBe(true);
    const all = pages.flat();
    expect(new Set(all.map(idOf)).size).toBe(all.length);
    const times = all.map(({ last_message }) => last_message?.sort_number ?? 0);
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect((await ada.get('/v5/roster')).reply.map(idOf)).toEqual(all.map(idOf));
    expect((await ada.get('/v5/roster?paginated=true&continuation=made-up')).status).toBe(400);
  });

  it('has 50 conversations to a page unless it is set to fewer', async () => {
    await using usual = await startSandbox({ rosterPage: 5_000 });
    const [first = []] = await rosterPages(await callerOf(usual, 'ada'));
    expect(first).toHaveLength(50);
  });

  it('shows what is read on its way: a conversation that moves up is not shown twice', async () => {
    const { reply: first } = await ada.get('/v5/roster?paginated=true');
    await sendInto(ada, present(first.items[2]).conversation_id, 'up');
    const { reply: second } = await ada.get(`/v5/roster?paginated=true&continuation=${first.continuation}`);
    const seen = new Set(first.items.map(idOf));
    expect(second.items.some((item) => seen.has(idOf(item)))).toBe(false);
  });

  it('lists one organization when asked to', async () => {
    const items = (await rosterPages(ada, `&organization_id=${clinics}`)).flat();
    expect(items.length).toBeGreaterThan(5);
    expect(new Set(items.map(({ organization_id }) => organization_id))).toEqual(new Set([clinics]));
  });

  it('lists groups without a message, and people only with one', async () => {
    const { conversation_id: group } = await newGroup(['grace']);
    await grace.post('/v2/roster', { entity: 'douglas', type: 'tigertext:entity:account' });
    const items = (await rosterPages(grace)).flat();
    expect(items.find((item) => idOf(item) === group)).toMatchObject({ entity: { type: 'group' }, last_message: null });
    expect(items.every(({ entity, last_message }) => entity.type === 'group' || last_message !== null)).toBe(true);
  });

  it('carries everything about a conversation: entity, last message, counts, mute', async () => {
    const id = await conversationWith(grace, 'alan');
    const alan = await callerOf(sandbox, 'alan');
    await sendInto(grace, id, 'usual');
    const urgent = await sendInto(grace, id, 'urgent', { priority: 1, ttl: 5 });
    await alan.post('/v2/mute/p2p', { duration: '60', sender_token: grace.token });
    const [item] = (await rosterPages(alan)).flat();
    expect(item).toMatchObject({
      conversation_id: id,
      organization_id: hospital,
      entity: { type: 'account', token: grace.token, display_name: 'Grace Hopper', metadata: { pager: '4001' } },
      last_message: { message_id: urgent, body: 'urgent', is_unread: true, is_group: false, status: 'New' },
      unread_message_count: 2,
      unread_priority_message_count: 1,
      first_expiring_unread_message: { message_id: urgent, sender_token: grace.token, sender_organization: hospital },
      in_progress_escalation_count: 0,
      muted: { mute_duration: 60 },
    });
    expect((await alan.get('/v5/mute')).reply).toMatchObject([{ sender_token: grace.token, conversation_id: id }]);
    await control.shiftClock(61 * 60_000);
    expect((await conversation(alan, id)).muted).toBeNull();
    await control.shiftClock(-61 * 60_000);
  });

  it('marks what its items show delivered, and says where the rest begins', async () => {
    const id = await conversationWith(grace, 'alan');
    const alan = await callerOf(sandbox, 'alan');
    await sendInto(grace, id, 'one');
    await sendInto(grace, id, 'two');
    const lowest = (await timeline(grace, id)).timeline[0]?.sort_number;
    const [before] = (await rosterPages(alan)).flat();
    expect(before).toMatchObject({ lowest_sort_number: lowest, last_message: { status: 'New' } });
    const [shown] = (await rosterPages(alan, '&mark_as_delivered=true')).flat();
    expect(shown).toMatchObject({
      lowest_sort_number: lowest,
      last_message: { status: 'Delivered' },
      unread_message_count: 2,
    });
    await timeline(alan, id);
    expect(await conversation(alan, id)).toMatchObject({ lowest_sort_number: 0, unread_message_count: 2 });
  });

  it('loses a conversation that is erased, for the one who erased it alone, until it goes on', async () => {
    const id = await conversationWith(grace, 'alan');
    const alan = await callerOf(sandbox, 'alan');
    await sendInto(grace, id, 'old');
    await grace.delete('/v2/roster/alan');
    expect((await rosterPages(grace)).flat().map(idOf)).not.toContain(id);
    expect((await rosterPages(alan)).flat().map(idOf)).toContain(id);
    expect((await timeline(grace, id)).timeline).toEqual([]);
    await sendInto(alan, id, 'new');
    expect((await conversation(grace, id)).last_message).toMatchObject({ body: 'new' });
    expect((await timeline(grace, id)).timeline).toHaveLength(1);
    expect((await timeline(alan, id)).timeline).toHaveLength(2);
  });
});

describe('the seed', () => {
  it('has a conversation of 2,000 items, a long group with notices, and unread and expiring ones', async () => {
    const items = (await rosterPages(ada)).flat();
    const withGrace = await conversationWith(ada, 'grace', hospital);
    const read = async (id: string) => {
      const found: string[] = [];
      let page = await timeline(ada, id, { max_items: 50 });
      while (page.timeline.length > 0) {
        found.push(...page.timeline.map((item) => item.xmlns ?? ''));
        const continuation = { lower_continuation: page.lower_continuation ?? '' };
        page = await timeline(ada, id, { anchor_point: 'continuation', continuation, max_items: 50 });
      }
      return found;
    };
    expect(await read(withGrace)).toHaveLength(2_000);
    const shift = items.find(({ entity }) => 'name' in entity && entity.name === 'Cardiology night shift');
    const kinds = await read(shift?.conversation_id ?? '');
    expect(kinds.length).toBeGreaterThan(300);
    expect(kinds.filter((kind) => kind === 'tigertext:iq:bang').length).toBeGreaterThan(2);
    expect(items.filter(({ unread_message_count }) => unread_message_count > 0).length).toBeGreaterThan(4);
    expect(items.filter((item) => (item.first_expiring_unread_message?.expire_in ?? 1e9) < 7_200)).toHaveLength(2);
  });
});
