import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { basicOf, type Caller, callerOf } from '../support/sandbox-caller.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { openStream, type Stream } from '../support/sandbox-stream.ts';
import { waitUntil, within } from '../support/wait.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let ada: Caller;
let grace: Caller;

beforeAll(async () => {
  sandbox = await startSandbox({ heartbeatMs: 10 });
  control = controlOf(sandbox);
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await control.reset();
  sandbox.requests.reset();
});

const me = () => fetch(`${sandbox.url}/v2/user`, { headers: { authorization: basicOf('ada') } });
const spoiled = { unchecked: true } as const;

/** Path of a file of 100,000 bytes that Ada sent. */
async function fileOf(recipient: string): Promise<string> {
  const multipart = new FormData();
  multipart.set('recipient', recipient);
  multipart.set('attachment', new Blob(['x'.repeat(100_000)], { type: 'text/plain' }), 'note.txt');
  const sent = await ada.call('POST', '/v2/message', { multipart });
  return `/v2/message/${sent.headers.get('tt-x-message-id')}/attachment/1`;
}

describe('a fault', () => {
  it('is for a call, a path, a caller, a number of times', async () => {
    await control.fault({ kind: 'status', status: 503, operationId: 'getMe', caller: 'ada', count: 2, skip: 1 });
    await control.fault({ kind: 'status', status: 500, path: '/v2/user/g*', count: 1 });
    const statuses = [];
    for (let round = 0; round < 4; round += 1) statuses.push((await ada.get('/v2/user', spoiled)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect((await grace.get('/v2/user')).status).toBe(200);
    expect([(await ada.get('/v2/user/grace', spoiled)).status, (await ada.get('/v2/user/grace')).status]).toEqual([
      500, 200,
    ]);
    expect(await control.faults()).toEqual([]);
  });

  it('is for a path with a slash at its end or none', async () => {
    await control.fault({ kind: 'status', status: 500, path: '/v2/roster', count: 2 });
    await control.fault({ kind: 'status', status: 501, path: '/v2/user/', count: 2 });
    const statuses = [];
    for (const path of ['/v2/roster/', '/v2/roster', '/v2/user', '/v2/user/']) {
      statuses.push((await ada.get(path, spoiled)).status);
    }
    expect(statuses).toEqual([500, 500, 501, 501]);
  });

  it('is for a caller by any address, also as they sign in or follow a link', async () => {
    const refusal = { kind: 'status', status: 503, caller: 'ada@example.org' } as const;
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    await control.fault({ ...refusal, operationId: 'getMe', count: 1 });
    expect([(await grace.get('/v2/user')).status, (await ada.get('/v2/user', spoiled)).status]).toEqual([200, 503]);
    const logins = [
      `XMPP-Simple ${encoded('acme:ada@example.org:demo')}`,
      `Basic ${encoded('+13105551000:demo')}`,
      'magic-token magic-ada',
    ];
    for (const authorization of logins) {
      await control.fault({ ...refusal, operationId: 'loginV5', count: 1 });
      const answers = [1, 2].map(() => ada.post('/v5/login', {}, { authorization, unchecked: true }));
      expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([200, 503]);
    }
    const path = await fileOf('ada');
    const [token] = (await ada.post('/v5/attachment_tokens_bulk', { count: 1 })).reply.attachment_tokens;
    await control.fault({ ...refusal, operationId: 'getMessageAttachment', count: 1 });
    const link = { authorization: null, unchecked: true } as const;
    const statuses = [];
    for (let round = 0; round < 2; round += 1) statuses.push((await grace.get(`${path}?token=${token}`, link)).status);
    expect(statuses).toEqual([503, 200]);
    await expect(control.fault({ kind: 'refuse', caller: 'nobody' })).rejects.toThrow('Person not found');
  });

  it('is active until it is removed, and is listed with its number of requests', async () => {
    const { id } = await control.fault({ kind: 'status', status: 500 });
    await control.fault({ kind: 'delay', delayMs: 1, operationId: 'getRoster' });
    await ada.get('/v2/user', spoiled);
    expect(await control.faults()).toMatchObject([{ id, met: 1, order: { status: 500 } }, { met: 0 }]);
    await control.clearFaults(id);
    expect((await ada.get('/v2/user')).status).toBe(200);
    expect(await control.faults()).toHaveLength(1);
  });

  it('that is invalid is rejected with a message', async () => {
    // @ts-expect-error: not a kind
    await expect(control.fault({ kind: 'earthquake' })).rejects.toThrow('kind');
    const response = await fetch(`${sandbox.controlUrl}/faults`, { method: 'POST', body: '{"kind":"refuse"}' });
    expect(response.status).toBe(400);
    expect((await fetch(`${sandbox.controlUrl}/nothing`)).status).toBe(404);
  });

  it('counts as a request of its caller', async () => {
    await control.fault({ kind: 'refuse', operationId: 'getMe', count: 1 });
    await expect(me()).rejects.toThrow();
    await me();
    expect(sandbox.requests.list).toEqual([
      { operationId: 'getMe', caller: 'ada', status: 0 },
      { operationId: 'getMe', caller: 'ada', status: 200 },
    ]);
    expect(sandbox.requests.counts('ada')).toEqual({ getMe: 2 });
    expect(sandbox.requests.count('getMe', 'grace')).toBe(0);
  });
});

describe('a response', () => {
  it('waits', async () => {
    await control.fault({ kind: 'delay', delayMs: 60, count: 1 });
    const start = performance.now();
    expect((await ada.get('/v2/user')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(55);
  });

  it('is a failure with envelope, page, text or nothing, and Retry-After', async () => {
    const forms = {
      envelope: 'application/json',
      html: 'text/html; charset=utf-8',
      text: 'text/plain; charset=utf-8',
      empty: null,
    };
    for (const [form, contentType] of Object.entries(forms)) {
      await control.fault({ kind: 'status', status: 429, form: form as keyof typeof forms, retryAfter: 7, count: 1 });
      const response = await me();
      expect([response.status, response.headers.get('retry-after'), response.headers.get('content-type')]).toEqual([
        429,
        '7',
        contentType,
      ]);
    }
    await control.fault({ kind: 'html', count: 1 });
    expect([(await me()).status, (await me()).status]).toEqual([502, 200]);
  });

  it('breaks off in the middle', async () => {
    await control.fault({ kind: 'cut', operationId: 'getRoster', count: 1 });
    const response = await fetch(`${sandbox.url}/v2/roster`, { headers: { authorization: basicOf('ada') } });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('breaks off in the middle of a file, and in its head when it has no body', async () => {
    const path = await fileOf('grace');
    await control.fault({ kind: 'cut', count: 2 });
    const file = await fetch(`${sandbox.url}${path}`, { headers: { authorization: basicOf('grace') } });
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-length')]).toEqual([
      200,
      'text/plain',
      '100000',
    ]);
    await expect(file.arrayBuffer()).rejects.toThrow();
    await expect(ada.post('/v2/message', { recipient: 'grace', body: 'x' })).rejects.toThrow();
    expect((await grace.get(path)).bytes).toHaveLength(100_000);
  });

  it('is lost after the work was done, so that a repeated send is stored once', async () => {
    await control.fault({ kind: 'lose', operationId: 'sendMessage', count: 1 });
    await using stream = await openStream(sandbox, 'grace', { features: 'no-offline-messages' });
    const once = { headers: { 'Request-ID': '22222222-2222-4222-8222-222222222222' } };
    await expect(ada.post('/v2/message', { recipient: 'grace', body: 'lost' }, once)).rejects.toThrow();
    expect((await ada.post('/v2/message', { recipient: 'grace', body: 'lost' }, once)).status).toBe(304);
    await ada.send('grace', 'fence');
    await stream.find('message', ({ body }) => body === 'fence');
    expect(stream.frames.filter(({ payload }) => payload.body === 'lost')).toHaveLength(1);
  });

  it('is not JSON, breaks the contract, is the ordered JSON, or is too large', async () => {
    await control.fault({ kind: 'garbage', count: 1 });
    await expect(me().then((response) => response.json())).rejects.toThrow(SyntaxError);
    await control.fault({ kind: 'wrong-shape', count: 1 });
    expect(await (await me()).json()).toMatchObject({
      status: 'success',
      reply: { token: 42, display_name: 'Ada Lovelace' },
    });
    await control.fault({ kind: 'wrong-shape', operationId: 'sendMessage', count: 1 });
    expect((await ada.post('/v2/message', { recipient: 'grace', body: 'x' }, spoiled)).reply).toBe(42);
    await control.fault({ kind: 'body', body: { anything: ['at', 'all'] }, count: 1 });
    expect(await (await me()).json()).toEqual({ anything: ['at', 'all'] });
    await control.fault({ kind: 'oversize', bytes: 100_000, count: 1 });
    expect((await (await me()).text()).length).toBeGreaterThan(100_000);
  });

  it('never arrives', async () => {
    await control.fault({ kind: 'stall', operationId: 'getMe', count: 1 });
    const abort = new AbortController();
    const silent = fetch(`${sandbox.url}/v2/user`, {
      headers: { authorization: basicOf('ada') },
      signal: abort.signal,
    });
    await waitUntil(() => sandbox.requests.count('getMe') === 1);
    abort.abort();
    await expect(silent).rejects.toThrow('aborted');
  });

  it('never arrives for a file', async () => {
    const path = await fileOf('ada');
    await control.fault({ kind: 'stall', operationId: 'getMessageAttachment', count: 1 });
    const abort = new AbortController();
    const silent = fetch(`${sandbox.url}${path}`, {
      headers: { authorization: basicOf('ada') },
      signal: abort.signal,
    });
    await waitUntil(() => sandbox.requests.count('getMessageAttachment') === 1);
    abort.abort();
    await expect(silent).rejects.toThrow('aborted');
  });
});

async function liveStream(features = 'multi-org,heartbeat_1', unchecked = false): Promise<Stream> {
  const stream = await openStream(sandbox, 'grace', { features: `no-offline-messages,${features}`, unchecked });
  await stream.find('client_advisory', ({ advisory }) => advisory.name === 'replay_stop');
  return stream;
}

describe('a stream', () => {
  it('is rejected, or cut in the middle of a frame', async () => {
    await control.fault({ kind: 'refuse', operationId: 'createEvents', count: 1 });
    await expect(openStream(sandbox, 'grace')).rejects.toThrow();
    await control.fault({ kind: 'cut', operationId: 'createEvents', count: 1, afterMs: 20 });
    await using stream = await openStream(sandbox, 'grace');
    await within(stream.ended);
    expect(stream.text()).toMatch(/data: \{"event_id":"0000$/);
  });

  it('falls silent, heartbeats included, and stays open', async () => {
    await using stream = await liveStream();
    await stream.find('sse:heartbeat');
    expect(await control.streams({ action: 'stall', caller: 'grace' })).toBe(1);
    await using other = await liveStream();
    await ada.send('grace', 'unheard');
    await other.find('message');
    await other.find('sse:heartbeat');
    expect(stream.text()).not.toContain('unheard');
    expect(await control.openStreams()).toEqual({ grace: 2 });
  });

  it('falls silent from the start when ordered for its opening', async () => {
    await control.fault({ kind: 'stall', operationId: 'createEvents', count: 1 });
    await using stalled = await openStream(sandbox, 'grace', { features: 'heartbeat_1' });
    await using other = await liveStream();
    await waitUntil(() => other.frames.filter(({ type }) => type === 'sse:heartbeat').length > 3);
    expect(stalled.frames.filter(({ type }) => type === 'sse:heartbeat').length).toBeLessThanOrEqual(1);
  });

  it('carries garbage, wrong shapes and huge frames between good ones', async () => {
    await using stream = await liveStream('multi-org', true);
    await control.streams({ action: 'garbage', caller: 'grace', text: 'not json' });
    await control.streams({ action: 'wrong-shape', caller: 'grace' });
    await control.streams({ action: 'oversize', caller: 'grace', bytes: 70_000 });
    await ada.send('grace', 'still fine');
    await stream.find('message', ({ body }) => body === 'still fine');
    expect(stream.text()).toContain('data: not json\n\n');
    expect(stream.text()).toContain('"client_id":42');
    expect(stream.text()).toContain('x'.repeat(70_000));
  });

  it('repeats an event, once or always, under the same id', async () => {
    await using stream = await liveStream();
    const id = await ada.send('grace', 'twice');
    await stream.find('message');
    await control.streams({ action: 'duplicate', caller: 'grace' });
    const events = (of: Stream) => of.frames.filter(({ payload }) => payload.client_id === id);
    await waitUntil(() => events(stream).length === 2);
    expect(new Set(events(stream).map((frame) => frame.id)).size).toBe(1);
    await control.fault({ kind: 'duplicate', operationId: 'createEvents', count: 1 });
    await using again = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await again.ended;
    expect(events(again)).toHaveLength(2);
  });

  it('is dropped or reset, and asked to come back', async () => {
    await using one = await liveStream();
    await control.streams({ action: 'reconnect' });
    await one.find('reconnect');
    await control.streams({ action: 'drop' });
    await within(one.ended);
    await using two = await liveStream();
    await control.streams({ action: 'reset' });
    await within(two.ended);
  });

  it('carries any event that was ordered, stored or not', async () => {
    await using stream = await liveStream();
    await control.inject({ caller: 'grace', event: { 'tigertext:iq:validated': { phone_number: '+1' } } });
    await control.inject({ caller: 'grace', event: { 'tigertext:iq:made:up': { a: 1 } }, stored: false });
    expect((await stream.find('made:up')).payload).toEqual({ a: 1 });
    await control.wipe('grace');
    await stream.find('remote_wipe');
    await using replay = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await replay.ended;
    expect(replay.frames.map(({ type }) => type)).toEqual(expect.arrayContaining(['validated', 'remote_wipe']));
    expect(replay.frames.some(({ type }) => type === 'made:up')).toBe(false);
  });
});

describe('the sandbox as a whole', () => {
  it('drops every connection and restarts with its state', async () => {
    await using stream = await liveStream();
    const id = await ada.send('grace', 'survives');
    await control.restart(1_000);
    await within(stream.ended);
    await expect(me()).rejects.toThrow();
    const status = () =>
      fetch(`${sandbox.url}/v2/message/${id}`, { headers: { authorization: basicOf('grace') } }).then(
        (response) => response.status,
        () => 0,
      );
    await expect.poll(status).toBe(200);
  });

  it('expires a message at once', async () => {
    const id = await ada.send('grace', 'now');
    await control.expire(id);
    expect((await grace.get(`/v2/message/${id}`)).status).toBe(404);
  });

  it('restores the seeded state', async () => {
    const id = await ada.send('grace', 'forgotten');
    await control.fault({ kind: 'refuse' });
    await control.reset();
    expect((await grace.get(`/v2/message/${id}`)).status).toBe(404);
    expect((await ada.get('/v2/roster')).reply.length).toBeGreaterThan(50);
  });

  it('lists its orders', async () => {
    const orders = await (await fetch(sandbox.controlUrl)).json();
    expect(orders.map(({ method, path }: { method: string; path: string }) => `${method} ${path}`)).toContain(
      'POST /faults',
    );
    const counts = await (await fetch(`${sandbox.controlUrl}/requests`)).json();
    expect(counts).toEqual(sandbox.requests.counts());
  });
});
