import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { rosterOf as rosterLines, touchRoster } from '../../src/sandbox/state/roster.ts';
import { createWorld } from '../../src/sandbox/state/world.ts';
import type { WireObject } from '../generated/wire-data.ts';
import { clinics, contacts, hospital } from '../support/demo-tokens.ts';
import { type Caller, callerOf } from '../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { openStream } from '../support/sandbox-stream.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;
let alan: Caller;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
  alan = await callerOf(sandbox, 'alan');
});
afterAll(() => sandbox.close());
beforeEach(() => control.reset());

type Entry = { token: string; type: string; organization_key: string; name?: string };

async function rosterOf(caller: Caller): Promise<readonly Entry[]> {
  return (await caller.get<readonly Entry[]>('/v2/roster')).reply;
}

async function groupOf(members: string[], more: object = {}): Promise<string> {
  const answer = await ada.post('/v2/group', { name: 'G', members, ...more });
  return answer.headers.get('tt-x-group-token') ?? '';
}

const live = { features: 'no-offline-messages,multi-org' };

describe('groups', () => {
  it('tell new members they are in, and all who came', async () => {
    const group = await groupOf(['grace']);
    await using old = await openStream(sandbox, 'grace', live);
    await using fresh = await openStream(sandbox, 'alan', live);
    await ada.post(`/v2/group/${group}/members`, { members: ['alan', 'grace'] });
    expect((await fresh.find('friends')).payload.friend).toMatchObject({ action: 'add', token: group });
    for (const stream of [old, fresh]) {
      const { payload: notice } = await stream.find('bang');
      expect(notice).toMatchObject({
        event: 'added',
        caller_entity: { token: ada.token },
        subject_entity: { token: alan.token, display_name: 'Alan Turing' },
        target_entity: { type: 'tigertext:entity:group', token: group },
      });
      expect((await stream.find('update')).payload.members).toEqual([ada.token, grace.token, alan.token]);
    }
    await ada.post(`/v2/group/${group}/members`, { members: ['alan'] });
    await ada.send('grace', 'fence');
    await old.find('message');
    expect(old.frames.filter(({ type }) => type === 'bang')).toHaveLength(1);
  });

  it('tell those who stay who left, and forget those who left', async () => {
    const group = await groupOf(['grace', 'alan']);
    const id = await ada.send(group, 'before');
    await using stays = await openStream(sandbox, 'grace', live);
    await using leaves = await openStream(sandbox, 'alan', live);
    await alan.post(`/v2/group/${group}/members/remove`, { members: [alan.token] });
    expect((await leaves.find('friends')).payload.friend).toMatchObject({ action: 'del', token: group });
    expect((await stays.find('bang')).payload).toMatchObject({
      event: 'removed',
      subject_entity: { token: alan.token },
    });
    expect((await stays.find('update')).payload.members).toEqual([ada.token, grace.token]);
    expect((await alan.get(`/v2/message/${id}`)).status).toBe(403);
    expect((await alan.get(`/v2/group/${group}`)).status).toBe(403);
    await ada.send(group, 'after');
    await ada.send('alan', 'fence');
    await leaves.find('message');
    expect(leaves.text()).not.toContain('"after"');
    await using replay = await openStream(sandbox, 'alan', { features: 'close-after-messages' });
    await replay.ended;
    expect(replay.text()).not.toContain('"before"');
  });

  it('leave out the notice when asked to', async () => {
    const group = await groupOf(['grace', 'alan']);
    await using stays = await openStream(sandbox, 'grace', live);
    await ada.post(`/v2/group/${group}/members/remove?bang_notification=false`, { members: ['alan'] });
    await stays.find('update');
    expect(stays.frames.some(({ type }) => type === 'bang')).toBe(false);
  });

  it('show new members what was said before only when they keep history', async () => {
    for (const replay_history of [true, 'false']) {
      const group = await groupOf(['grace'], { replay_history });
      const id = await ada.send(group, 'earlier');
      await using stream = await openStream(sandbox, 'alan', live);
      await ada.post(`/v2/group/${group}/members`, { members: ['alan'] });
      await stream.find('update');
      const replayed = stream.frames.find(({ type }) => type === 'group_message');
      expect(replayed?.payload.is_group_replay).toBe(replay_history === true ? true : undefined);
      expect((await alan.get(`/v2/message/${id}`)).status).toBe(replay_history === true ? 200 : 403);
    }
  });

  it('replace their members and picture on update, and tell all', async () => {
    const group = await groupOf(['grace']);
    await using stream = await openStream(sandbox, 'ada', live);
    const multipart = new FormData();
    multipart.set('name', 'Renamed');
    multipart.set('members', 'ada,alan');
    multipart.set('avatar', new Blob(['picture'], { type: 'image/png' }), 'a.png');
    const answer = await ada.call('POST', `/v2/group/${group}`, { multipart });
    const avatar = answer.headers.get('tt-x-group-avatar') ?? '';
    const picture = await fetch(avatar);
    expect([picture.headers.get('content-type'), await picture.text()]).toEqual(['image/png', 'picture']);
    const { payload } = await stream.find('update', ({ name }) => name === 'Renamed');
    expect(payload).toMatchObject({ avatar });
    expect((await ada.get(`/v2/group/${group}`)).reply).toMatchObject({
      name: 'Renamed',
      members: [ada.token, alan.token],
    });
  });

  it('are joined by any member of the house when public, hide their members there, and take no others in for strangers', async () => {
    const group = await groupOf(['grace'], { is_public: 'true' });
    expect((await alan.get(`/v2/group/${group}`)).reply).toMatchObject({ is_public: true, num_members: 2 });
    expect((await alan.get(`/v2/group/${group}`)).reply).not.toHaveProperty('members');
    expect((await alan.post('/v2/message', { recipient: group, body: 'x' })).status).toBe(403);
    expect((await alan.post(`/v2/group/${group}/members`, { members: ['florence'] })).status).toBe(403);
    expect((await alan.post(`/v2/group/${group}/members`, { members: ['alan'] })).status).toBe(204);
    expect((await alan.get(`/v2/group/${group}/members`)).reply).toContain(alan.token);
  });

  it('are gone for all once deleted', async () => {
    const group = await groupOf(['grace']);
    const id = await ada.send(group, 'last words');
    await using stream = await openStream(sandbox, 'grace', live);
    await ada.delete(`/v2/group/${group}`);
    expect((await stream.find('friends')).payload.friend).toMatchObject({ action: 'del', token: group });
    expect((await grace.get(`/v2/message/${id}`)).status).toBe(403);
    expect((await grace.post('/v2/message', { recipient: group, body: 'x' })).status).toBe(404);
    expect((await rosterOf(grace)).some(({ token }) => token === group)).toBe(false);
  });

  it('let no former member mark a message, and send a former member no event about it', async () => {
    const group = await groupOf(['grace', 'alan']);
    const kept = await ada.send(group, 'from Ada');
    const left = await grace.send(group, 'from Grace');
    await grace.post(`/v2/group/${group}/members/remove`, { members: [grace.token] });
    await using author = await openStream(sandbox, 'ada', live);
    await using leaver = await openStream(sandbox, 'grace', live);
    expect((await grace.post('/v2/message/status', { read: [kept] })).status).toBe(204);
    await alan.post('/v2/message/status', { read: [kept, left] });
    await grace.delete(`/v2/message/${left}`);
    await alan.send('ada', 'fence');
    await alan.send('grace', 'fence');
    await author.find('message', ({ body }) => body === 'fence');
    await leaver.find('message', ({ body }) => body === 'fence');
    const seen = (stream: typeof author) =>
      stream.frames
        .filter(({ type }) => type === 'group:message:status')
        .map(({ payload }) => [payload.client_id, payload.account_id, payload.is_recalled]);
    expect(seen(author)).toEqual([
      [kept, alan.token, false],
      [left, grace.token, true],
    ]);
    expect(seen(leaver)).toEqual([]);
    const statuses = (await ada.get(`/v2/message/${kept}/status`)).reply.statuses;
    expect(statuses.find((entry: { account_id: string }) => entry.account_id === grace.token)?.status).toBe('New');
  });

  it('say nothing more of their messages once deleted', async () => {
    const group = await groupOf(['grace']);
    const id = await ada.send(group, 'last words');
    await ada.delete(`/v2/group/${group}`);
    await using stream = await openStream(sandbox, 'grace', live);
    await grace.post('/v2/message/status', { read: [id] });
    expect((await ada.delete(`/v2/message/${id}`)).status).toBe(204);
    await ada.send('grace', 'fence');
    await stream.find('message', ({ body }) => body === 'fence');
    expect(stream.frames.filter(({ type }) => type === 'group:message:status')).toEqual([]);
  });

  it('can be made without their creator', async () => {
    const answer = await ada.post('/v2/group?exclude_creator=true&render_entity=true', {
      name: 'G',
      members: ['grace', 'ada'],
    });
    expect(answer.reply.members).toEqual([grace.token]);
    expect((await ada.get(`/v2/group/${answer.reply.token}`)).status).toBe(403);
  });
});

describe('the roster', () => {
  it('puts the latest traffic first, for both sides', async () => {
    await ada.send('alan', 'x');
    await ada.send('grace', 'y');
    expect((await rosterOf(ada)).slice(0, 2).map(({ token }) => token)).toEqual([grace.token, alan.token]);
    expect((await rosterOf(alan))[0]?.token).toBe(ada.token);
  });

  it('has the order of traffic within one millisecond too', () => {
    const at = 1_552_587_725_123;
    const world = createWorld({ clock: { now: () => at, shift: () => undefined }, deleteOnReadMs: 1 });
    const touch = (token: string) => touchRoster(world, 'me', { kind: 'account', token, organization: 'o' });
    for (const token of ['a', 'b', 'c', 'a']) touch(token);
    expect(rosterLines(world, 'me').map(({ token }) => token)).toEqual(['a', 'c', 'b']);
  });

  it('erases a conversation for one side alone, and starts again with the next message', async () => {
    const id = await ada.send('alan', 'keep this');
    await using stream = await openStream(sandbox, 'ada', live);
    const header = { headers: { 'TT-X-Type': 'tigertext:entity:account', 'content-type': 'application/json' } };
    expect(
      (await ada.call('DELETE', `/v2/roster/${alan.token}`, { ...header, json: { type: 'tigertext:entity:account' } }))
        .status,
    ).toBe(204);
    expect((await stream.find('friends')).payload.friend).toMatchObject({ action: 'del', token: alan.token });
    expect((await ada.get(`/v2/message/${id}`)).status).toBe(404);
    expect((await alan.get(`/v2/message/${id}`)).status).toBe(200);
    expect((await rosterOf(ada)).some(({ token }) => token === alan.token)).toBe(false);
    expect((await ada.delete(`/v2/roster/${alan.token}/`)).status).toBe(204);
    await alan.send('ada', 'hello again');
    expect((await rosterOf(ada))[0]?.token).toBe(alan.token);
  });

  it('erases in one organization when that is named', async () => {
    await ada.send('grace', 'x', { sender_organization: clinics, recipient_organization: clinics });
    await ada.delete(`/v2/roster/${grace.token}?TT-X-Organization-Key=${clinics}`);
    const left = (await rosterOf(ada)).filter(({ token }) => token === grace.token);
    expect(left.map(({ organization_key }) => organization_key)).toEqual(['mercyGeneralHospital0001']);
  });

  it('names the organization of each conversation that goes, not that of the latest traffic', async () => {
    const [hospital, clinics] = ['mercyGeneralHospital0001', 'riversideClinicGroup0002'];
    const say = (organization: string) =>
      ada.send('grace', 'x', { sender_organization: organization, recipient_organization: organization });
    const remove = (query = '') => ada.delete(`/v2/roster/${grace.token}${query}`);
    for (const organization of [clinics, hospital]) await say(organization);
    await using stream = await openStream(sandbox, 'ada', live);
    const gone = (number: number) =>
      expect.poll(() => {
        const frames = stream.frames.filter(({ type }) => type === 'friends').slice(number);
        return frames.map(({ payload: { friend } }) => [friend.action, friend.token, friend.organization_id]).sort();
      });
    await remove(`?TT-X-Organization-Key=${clinics}`);
    await gone(0).toEqual([['del', grace.token, clinics]]);
    await say(clinics);
    await remove(`?TT-X-Organization-Key=${hospital}`);
    await gone(1).toEqual([['del', grace.token, hospital]]);
    await say(hospital);
    await remove();
    const both = [hospital, clinics].map((organization) => ['del', grace.token, organization]);
    await gone(2).toEqual(both);
  });

  it('leaves a group on its removal', async () => {
    const group = await groupOf(['grace']);
    await using stream = await openStream(sandbox, 'ada', live);
    expect(
      (await grace.delete(`/v2/roster/${group}`, { headers: { 'TT-X-Type': 'tigertext:entity:group' } })).status,
    ).toBe(204);
    expect((await stream.find('bang')).payload).toMatchObject({
      event: 'removed',
      subject_entity: { token: grace.token },
    });
    expect((await grace.get(`/v2/group/${group}`)).status).toBe(403);
    expect((await grace.delete(`/v2/roster/${group}`)).status).toBe(204);
  });

  it('takes people without a message, and says so once', async () => {
    await using stream = await openStream(sandbox, 'alan', live);
    const entity = (await alan.get('/v2/user/donald')).reply.token;
    await alan.post('/v2/roster', { entity, type: 'tigertext:entity:account' });
    await alan.post('/v2/roster', { entity, type: 'tigertext:entity:account' });
    await ada.send('alan', 'fence');
    await stream.find('message');
    const added = stream.frames.filter(({ type }) => type === 'friends');
    expect(added.map(({ payload }) => payload.friend.token)).toEqual([entity]);
  });
});

describe('people', () => {
  it('tell their own devices and their contacts what changed about them', async () => {
    await using own = await openStream(sandbox, 'grace', live);
    await using contact = await openStream(sandbox, 'ada', live);
    await using stranger = await openStream(sandbox, 'joan', live);
    await grace.post('/v2/user/grace/settings', { first_name: 'Grace B.', dnd: true, dnd_text: 'Asleep' });
    expect((await own.find('account:settings')).payload).toMatchObject({ token: grace.token });
    expect((await contact.find('update')).payload).toMatchObject({
      type: 'tigertext:entity:account',
      token: grace.token,
      display_name: 'Grace B. Hopper',
      dnd: true,
      dnd_text: 'Asleep',
    });
    expect(stranger.frames.some(({ type }) => type === 'update')).toBe(false);
  });

  it('can be renamed from the control port', async () => {
    await using contact = await openStream(sandbox, 'ada', live);
    await control.person('grace', { displayName: 'Amazing Grace' });
    expect((await contact.find('update')).payload).toMatchObject({ token: grace.token, display_name: 'Amazing Grace' });
    expect((await ada.get('/v2/user/grace')).reply.display_name).toBe('Amazing Grace');
  });

  it('receive mutes on their own devices, until the time is up', async () => {
    await using own = await openStream(sandbox, 'ada', live);
    await ada.post('/v2/mute/p2p', { duration: '60', sender_token: grace.token });
    expect((await own.find('conversation_mute')).payload).toMatchObject({
      action: 'add',
      token: ada.token,
      sender_type: 'account',
      sender_token: grace.token,
      mute_duration: 60,
    });
    await control.shiftClock(3_601_000);
    expect((await ada.get('/v2/mute')).reply).toEqual([]);
    await control.shiftClock(-3_601_000);
    await ada.delete('/v2/mute/p2p', { headers: { 'TT-X-Sender-Token': grace.token } });
    await own.find('conversation_mute', ({ action }) => action === 'del');
    await ada.delete('/v2/mute');
    await own.find('conversation_mute', ({ action }) => action === 'clear');
  });

  it('are found by any of several fields, in pages, without those left out', async () => {
    const request = {
      type: ['account'],
      directory: ['mercyGeneralHospital0001'],
      bool: { must: { 'title,department': 'card' } },
    };
    const all = (await ada.post('/v2/search', { ...request, page_size: 100 })).reply;
    const tokens: string[] = [];
    let continuation: string | null = null;
    do {
      const { reply }: { reply: WireObject } = await ada.post('/v2/search', { ...request, page_size: 3, continuation });
      tokens.push(...reply.results.map(({ token }: { token: string }) => token));
      expect(reply.metadata.total_hits).toBe(all.metadata.total_hits);
      continuation = reply.metadata.continuation;
    } while (continuation !== null);
    expect(tokens).toEqual(all.results.map(({ token }: { token: string }) => token));
    expect(new Set(tokens).size).toBe(tokens.length);
    const narrow = { ...request, exclude_tokens: [ada.token], return_fields: ['display_name'], render_metadata: true };
    const { results } = (await ada.post('/v2/search', narrow)).reply;
    expect(results).toHaveLength(tokens.length - 1);
    expect(Object.keys(results[0].entity).sort()).toEqual(['display_name', 'token']);
    const bare = (await ada.post('/v2/search', { ...request, results_format: 'tokens' })).reply;
    expect(bare.results[0]).not.toHaveProperty('entity');
  });

  it('find public groups under the type that clients know', async () => {
    const { results } = (await ada.post('/v2/search', { type: ['public_group', 'group', 'distribution_list'] })).reply;
    const types = new Set(results.map(({ type }: { type: string }) => type));
    expect(types).toEqual(new Set(['tigertext:entity:group', 'tigertext:entity:distribution_list']));
    const open = results.filter(({ entity }) => entity.is_public === true);
    expect(open).toHaveLength(1);
  });

  it('are searched in organizations, in contacts, and in the order asked for', async () => {
    const search = async (request: object) => (await ada.post('/v2/search', request)).reply.results;
    const names = (results: readonly { entity: { display_name: string } }[]) =>
      results.map(({ entity }) => entity.display_name);
    const found = await search({ directory: [contacts], page_size: 100 });
    const roster = new Set((await rosterOf(ada)).map(({ token }) => token));
    for (const { token, in_roster } of found) expect([roster.has(token), in_roster]).toEqual([true, true]);
    const houses = await search({
      type: ['organization'],
      directory: ['riversideClinicGroup0002', contacts, 'foreign'],
    });
    expect(names(houses)).toEqual(['Contacts', 'Riverside Clinic Group']);
    const team = { bool: { must: { department: 'neurology' }, must_not: { display_name: 'claude' } } };
    expect(names(await search(team))).toEqual(['Alan Turing', 'Rita Levi-Montalcini']);
    expect(names(await search({ ...team, sort: [{ display_name: 'desc' }] }))).toEqual([
      'Rita Levi-Montalcini',
      'Alan Turing',
    ]);
    expect(names(await search({ ...team, sort: ['last_name'], display_name: 'a' }))).toEqual([
      'Rita Levi-Montalcini',
      'Alan Turing',
    ]);
  });

  it('see each other type in groups, on lists, and as a role', async () => {
    await using member = await openStream(sandbox, 'grace', { features: 'no-offline-messages,is-typing,multi-org' });
    const group = await groupOf(['grace']);
    await ada.post('/v2/message/typing', { recipient: group });
    expect((await member.find('message:is_typing', ({ is_group }) => is_group === true)).payload).toMatchObject({
      sender_token: ada.token,
      group_token: group,
      status: 'typing',
    });
    const list = (await rosterOf(ada)).find(({ type }) => type === 'tigertext:entity:list')?.token;
    const owned = (await ada.post('/v2/search', { display_name: 'Rapid response' })).reply.results[0].token;
    await ada.post('/v2/message/typing', { recipient: list, proxy_token: owned });
    await member.find('message:is_typing', ({ proxy_token }) => proxy_token === owned);
    await ada.delete(`/v2/message/typing/${list}`);
    await member.find('message:is_typing', ({ status }) => status === 'stopped');
    expect((await alan.post('/v2/message/typing', { recipient: group })).status).toBe(404);
    await member.find('message:is_typing', ({ proxy_token }) => proxy_token === undefined);
  });

  it('leave an organization with its groups and conversations', async () => {
    await using stream = await openStream(sandbox, 'ada', live);
    expect((await grace.delete(`/v2/user/grace/organization/${clinics}`)).status).toBe(204);
    expect((await stream.find('bang')).payload).toMatchObject({ event: 'removed', reason: 'leave_org' });
    expect((await rosterOf(grace)).some(({ organization_key }) => organization_key === clinics)).toBe(false);
    await grace.delete(`/v2/user/grace/organization/${hospital}`);
    expect((await grace.get('/v2/user')).reply.organization_token).toBe('UpM28mnfW65vJkbqEATtKvxm');
    expect((await grace.delete('/v2/user/grace/organization/UpM28mnfW65vJkbqEATtKvxm')).status).toBe(403);
  });
});
