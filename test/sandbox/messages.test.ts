import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { present } from '../support/present.ts';
import { type Caller, callerOf } from '../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { openStream } from '../support/sandbox-stream.ts';

const deleteOnReadMs = 60_000;

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;
let alan: Caller;

beforeAll(async () => {
  sandbox = await startSandbox({ deleteOnReadMs });
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
  alan = await callerOf(sandbox, 'alan');
});
afterAll(() => sandbox.close());
beforeEach(() => control.reset());

const read = (id: string) => `/v2/message/${id}`;

async function statusesOf(id: string): Promise<string[]> {
  const answer = await ada.get(`/v2/message/${id}/status`);
  return answer.reply.statuses.map(({ status }: { status: string }) => status);
}

async function groupOf(...members: string[]): Promise<string> {
  const answer = await ada.post('/v2/group', { name: 'G', members });
  return answer.headers.get('tt-x-group-token') ?? '';
}

async function sendFile(recipient: string, more: Record<string, string> = {}): Promise<string> {
  const multipart = new FormData();
  for (const [name, value] of Object.entries({ recipient, ...more })) multipart.set(name, value);
  multipart.set('attachment', new Blob([new Uint8Array([0, 127, 128, 255])], { type: 'image/png' }), 'scän.png');
  const answer = await ada.call('POST', '/v2/message', { multipart });
  return answer.headers.get('tt-x-message-id') ?? '';
}

describe('delivery states', () => {
  it('never move backwards, and notify the sender of each step once', async () => {
    await using stream = await openStream(sandbox, 'ada');
    const id = await ada.send('grace', 'hello');
    await grace.post('/v2/message/status', { read: [id] });
    await grace.post('/v2/message/status', { delivered: [id], read: [id] });
    expect(await statusesOf(id)).toEqual(['Read']);
    const last = await ada.send('grace', 'fence');
    await grace.post('/v2/message/status', { delivered: [last] });
    await stream.find('message:status', ({ client_id }) => client_id === last);
    const steps = stream.frames.filter(({ type, payload }) => type === 'message:status' && payload.client_id === id);
    expect(steps.map(({ payload }) => [payload.account_id, payload.status])).toEqual([[grace.token, 'Read']]);
  });

  it('belong to each recipient of a group message, and name the group', async () => {
    await using stream = await openStream(sandbox, 'ada');
    const group = await groupOf('grace', 'alan');
    const id = await ada.send(group, 'hello');
    await alan.post('/v2/message/status', { delivered: [id] });
    expect((await stream.find('group:message:status')).payload).toMatchObject({
      client_id: id,
      account_id: alan.token,
      group_token: group,
      status: 'Delivered',
      is_recalled: false,
    });
    expect((await statusesOf(id)).sort()).toEqual(['Delivered', 'New']);
    expect((await ada.get(read(id))).reply.status).toBe('New');
    expect((await alan.get(read(id))).reply.status).toBe('Delivered');
  });

  it("are the recipient's own: no other account can mark a message", async () => {
    const id = await ada.send('grace', 'hello');
    await alan.post('/v2/message/status', { read: [id] });
    await ada.post('/v2/message/status', { read: [id] });
    expect(await statusesOf(id)).toEqual(['New']);
  });
});

describe('a message ends', () => {
  it('by its time to live: reads, statuses, attachment and replay alike', async () => {
    const id = await sendFile('grace', { ttl: '2' });
    expect((await grace.get(read(id))).reply).toMatchObject({ ttl: 2, expire_in: expect.any(Number) });
    await control.shiftClock(119_000);
    expect((await grace.get(`${read(id)}/attachment/1`)).status).toBe(200);
    await control.shiftClock(2_000);
    for (const tail of ['', '/status', '/attachment/1']) expect((await ada.get(read(id) + tail)).status).toBe(404);
    expect((await grace.get(read(id))).status).toBe(404);
    expect((await ada.post('/v2/get_bulk_message_status', { messages: [id] })).reply.bulk_message_statuses).toEqual([]);
    await control.shiftClock(-121_000);
  });

  it('a minute after it was read, when it is to be deleted on read', async () => {
    const id = await ada.send('grace', 'burn', { dor: true });
    await control.shiftClock(600_000);
    expect((await grace.get(read(id))).status).toBe(200);
    await grace.post('/v2/message/status', { read: [id] });
    await control.shiftClock(deleteOnReadMs - 1_000);
    expect((await grace.get(read(id))).status).toBe(200);
    await control.shiftClock(1_500);
    expect([(await grace.get(read(id))).status, (await ada.get(read(id))).status]).toEqual([404, 404]);
    await control.shiftClock(-deleteOnReadMs - 600_500);
  });

  it('in real time too', async () => {
    await using quick = await startSandbox({ deleteOnReadMs: 50 });
    const [one, other] = [await callerOf(quick, 'ada'), await callerOf(quick, 'grace')];
    const id = await one.send('grace', 'burn', { dor: 'true' });
    await other.post('/v2/message/status', { read: [id] });
    await expect.poll(async () => (await other.get(read(id))).status).toBe(404);
  });

  it('by recall, which every party sees, and only the sender may', async () => {
    const group = await groupOf('grace', 'alan');
    await using own = await openStream(sandbox, 'ada');
    await using theirs = await openStream(sandbox, 'alan');
    const id = await ada.send(group, 'oops');
    expect((await grace.delete(read(id))).status).toBe(403);
    expect((await ada.delete(read(id))).status).toBe(204);
    expect((await ada.delete(read(id))).status).toBe(204);
    for (const stream of [own, theirs]) {
      const { payload } = await stream.find('group:message:status');
      expect(payload).toMatchObject({ client_id: id, account_id: ada.token, is_recalled: true, group_token: group });
    }
    expect((await grace.get(read(id))).status).toBe(404);
    expect((await ada.get(`${read(id)}/status`)).reply.is_recalled).toBe(true);
  });

  it('takes its attachment along', async () => {
    const id = await sendFile('grace');
    await ada.delete(read(id));
    expect((await grace.get(`${read(id)}/attachment/1`)).status).toBe(404);
  });
});

describe('sending', () => {
  it('stores one message per Request-ID and caller', async () => {
    await using stream = await openStream(sandbox, 'grace', { features: 'no-offline-messages' });
    const once = { headers: { 'Request-ID': '11111111-1111-4111-8111-111111111111' } };
    const first = await ada.post('/v2/message', { recipient: 'grace', body: 'one' }, once);
    const second = await ada.post('/v2/message', { recipient: 'grace', body: 'one' }, once);
    expect([second.status, second.bytes.length]).toEqual([304, 0]);
    expect(second.headers.get('tt-x-message-id')).toBe(first.headers.get('tt-x-message-id'));
    expect((await alan.post('/v2/message', { recipient: 'grace', body: 'fence' }, once)).status).toBe(204);
    await stream.find('message', ({ body }) => body === 'fence');
    expect(stream.frames.filter(({ payload }) => payload.body === 'one')).toHaveLength(1);
  });

  it('creates an account for an unknown address, and finds it afterwards', async () => {
    const id = await ada.send('New.Person@Example.org', 'welcome');
    const { token } = (await ada.get('/v2/user/new.person@example.org')).reply;
    expect((await ada.get(read(id))).reply.recipient_token).toBe(token);
    expect((await ada.get(read(await ada.send('new.person@example.org', 'again')))).reply.recipient_token).toBe(token);
    await ada.send('+15550001111', 'by phone');
    expect((await ada.get('/v2/user/%2B15550001111')).status).toBe(200);
    expect((await ada.post('/v2/message', { recipient: 'no-such-login', body: 'x' })).status).toBe(404);
  });

  it('uses the defaults of the organization, and the sender’s choices', async () => {
    const plain = (await ada.get(read(await ada.send('grace', 'x')))).reply;
    expect(plain).toMatchObject({ ttl: 43_200, dor: false, priority: 0, attachments: [], data: [] });
    const data = [{ mimetype: 'application/json', namespace: 'a:b', payload: '{"c":1}' }];
    const chosen = { ttl: -1, dor: 'true', priority: '1', data };
    const reply = (await ada.get(read(await ada.send('grace', 'x', chosen)))).reply;
    expect(reply).toMatchObject({ ttl: -1, dor: true, priority: 1, data });
    expect(reply).not.toHaveProperty('expire_in');
    const wrong = [
      { ttl: 0 },
      { ttl: 'soon' },
      { ttl: '0x10' },
      { ttl: '1e3' },
      { ttl: 9e99 },
      { priority: 2 },
      { priority: ' ' },
      { dor: 'yes' },
      { data: [{ namespace: 'a' }] },
      { body: 5 },
    ];
    for (const more of wrong) {
      const answer = await ada.post('/v2/message', { recipient: 'grace', body: 'x', ...more });
      expect([answer.status, answer.complaint?.split(/[.:]/)[0]]).toEqual([400, Object.keys(more)[0]]);
    }
  });

  it('keeps the bytes and the name of an attachment, and serves ranges of it', async () => {
    const id = await sendFile('grace');
    const { reply } = await grace.get(read(id));
    expect(reply).toMatchObject({
      attachment_name: 'scän.png',
      attachments: [{ 'content-type': 'image/png', size: 4 }],
    });
    const whole = await grace.get(`${read(id)}/attachment/1/`);
    expect([...whole.bytes]).toEqual([0, 127, 128, 255]);
    const part = await grace.get(`${read(id)}/attachment/1`, { headers: { range: 'bytes=1-2' } });
    expect([part.status, part.headers.get('content-range'), ...part.bytes]).toEqual([206, 'bytes 1-2/4', 127, 128]);
    const outside = await grace.get(`${read(id)}/attachment/1`, { headers: { range: 'bytes=9-' } });
    expect(outside.status).toBe(416);
  });

  it('reaches list members directly, under the name of the list, and counts them all', async () => {
    await using stream = await openStream(sandbox, 'grace', { features: 'no-offline-messages' });
    const roster = (await ada.get('/v2/roster')).reply;
    const list = present(roster.find(({ type }) => type === 'tigertext:entity:list'));
    const id = await ada.send(list.token, 'Teaching');
    const { payload } = await stream.find('message');
    expect(payload).toMatchObject({ body: '[Cardiology everyone]: Teaching', recipient_token: grace.token });
    await grace.post('/v2/message/status', { read: [payload.client_id] });
    expect((await statusesOf(id)).sort()).toEqual(['New', 'New', 'New', 'New', 'New', 'New', 'Read']);
    await ada.delete(read(id));
    expect((await grace.get(read(payload.client_id))).status).toBe(404);
  });

  it('speaks as a role one owns, and reaches the owners of another', async () => {
    const search = await ada.post('/v2/search', { bool: { must: { feature_service: 'role' } } });
    const role = (name: string) =>
      present(search.reply.results.find(({ entity }) => entity.display_name === name)).token;
    const id = await ada.send('alan', 'team is coming', { sender: role('Rapid response') });
    expect((await alan.get(read(id))).reply).toMatchObject({ sender_token: role('Rapid response') });
    const foreign = await ada.post('/v2/message', { recipient: 'alan', body: 'x', sender: role('Charge nurse') });
    expect(foreign.status).toBe(403);
    const asked = await alan.send(role('Cardiologist on call'), 'a question');
    expect((await grace.get(read(asked))).reply.body).toBe('a question');
    expect((await ada.get(read(asked))).status).toBe(403);
  });

  it('also goes to the deputy during do-not-disturb of the recipient', async () => {
    await ada.send('joseph', 'theatre two is free');
    await using stream = await openStream(sandbox, 'edsger', { features: 'close-after-messages' });
    await stream.ended;
    const { payload } = await stream.find('message', ({ body }) => body === 'theatre two is free');
    const joseph = (await ada.get('/v2/user/joseph')).reply;
    expect(payload.dnd_auto_forwarded_from).toBe(joseph.token);
  });
});

describe('forwarding', () => {
  it('keeps where the message first came from, its file and its data', async () => {
    const id = await sendFile('grace', { body: 'look', data: '[{"namespace":"a","payload":"{}"}]' });
    const first = await grace.post(`${read(id)}/forward`, { recipient: 'alan' });
    const second = await alan.post(`${read(first.headers.get('tt-x-message-id') ?? '')}/forward`, {
      recipient: 'florence',
    });
    const florence = await callerOf(sandbox, 'florence');
    const path = read(second.headers.get('tt-x-message-id') ?? '');
    expect((await florence.get(path)).reply).toMatchObject({
      body: 'look',
      sender_token: alan.token,
      is_forwarded: true,
      original_sender: ada.token,
      original_sender_display_name: 'Ada Lovelace',
      original_msg_id: id,
      original_data: [{ namespace: 'a' }],
    });
    await ada.delete(read(id));
    expect((await florence.get(`${path}/attachment/1`)).bytes).toHaveLength(4);
  });

  it('is rejected for a recalled message', async () => {
    const id = await ada.send('grace', 'gone');
    await ada.delete(read(id));
    expect((await grace.post(`${read(id)}/forward`, { recipient: 'alan' })).status).toBe(404);
  });
});
