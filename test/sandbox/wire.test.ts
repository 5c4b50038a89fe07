import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultOrder, matching } from '../../src/sandbox/faults/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { basicOf, type Caller, callerOf } from '../support/sandbox-caller.ts';
import { openStream } from '../support/sandbox-stream.ts';
import { within } from '../support/wait.ts';

let sandbox: Sandbox;
let ada: Caller;
let grace: Caller;
let joan: Caller;

beforeAll(async () => {
  sandbox = await startSandbox();
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
  joan = await callerOf(sandbox, 'joan');
});
afterAll(() => sandbox.close());

async function bodyOf(answer: { headers: Headers }): Promise<Record<string, unknown>> {
  return (await ada.get<Record<string, unknown>>(`/v2/message/${answer.headers.get('tt-x-message-id')}`)).reply;
}

describe('differences between the listing and the clients', () => {
  it('accepts a message as JSON, form or multipart, with or without a trailing slash', async () => {
    const fields = { recipient: grace.token, body: 'añb', ttl: '5', dor: 'true', priority: '-1' };
    const multipart = () => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return form;
    };
    const answers = [
      await ada.post('/v2/message', fields),
      await ada.post('/v2/message/', { ...fields, ttl: 5, dor: true, priority: -1 }),
      await ada.call('POST', '/v2/message', { form: fields }),
      await ada.call('POST', '/v2/message/', { multipart: multipart() }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(204);
      expect(await bodyOf(answer)).toMatchObject({ body: 'añb', ttl: 5, dor: true, priority: -1 });
    }
  });

  it('takes the recipient of a message from the query when the body has none', async () => {
    const answer = await ada.post(`/v2/message?recipient=${grace.token}`, { body: 'x' });
    expect((await bodyOf(answer))['recipient_token']).toBe(grace.token);
  });

  it('reads each datum of a multipart body with its namespace', async () => {
    const boundary = 'parts';
    const part = (head: string, body: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
    const datum = (namespace: string, payload: string) =>
      part(`name="data"\r\nContent-Type: application/json; charset=utf-8\r\nTT-X-Namespace: ${namespace}`, payload);
    const text = [
      part('name="recipient"\r\nContent-Type: text/plain; charset=utf-8', 'grace'),
      part('name=body', 'x'),
      datum('acme:bed', '{"bed":4}'),
      datum('acme:ward', '{"ward":"ü"}'),
      `--${boundary}--\r\n`,
    ].join('');
    const response = await fetch(`${sandbox.url}/v2/message`, {
      method: 'POST',
      headers: { authorization: basicOf('ada'), 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: text,
    });
    expect(response.status).toBe(204);
    expect((await bodyOf(response))['data']).toEqual([
      { mimetype: 'application/json', namespace: 'acme:bed', payload: '{"bed":4}' },
      { mimetype: 'application/json', namespace: 'acme:ward', payload: '{"ward":"ü"}' },
    ]);
  });

  it('takes the recipient of a forward under both names', async () => {
    const id = await grace.send('ada', 'x');
    for (const fields of [{ recipient: 'alan' }, { recipient_token: 'alan' }]) {
      expect((await ada.post(`/v2/message/${id}/forward`, fields)).status).toBe(204);
      expect((await ada.call('POST', `/v2/message/${id}/forward`, { form: fields })).status).toBe(204);
    }
  });

  it('takes statuses by PUT and POST, as lists or joined by commas', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((body) => ada.send('grace', body)));
    const [one = '', two = '', three = '', four = ''] = ids;
    await grace.call('PUT', '/v2/message/status/', { json: { read: [one] } });
    await grace.post('/v2/message/status', { read: [two] });
    await grace.call('POST', '/v2/message/status', { form: { read: `${three},${four}` } });
    const { reply } = await ada.post('/v2/get_bulk_message_status', { messages: ids });
    for (const entry of reply.bulk_message_statuses) expect(entry.statuses[0].status).toBe('Read');
  });

  it('takes members as a list or joined by commas', async () => {
    const made = [
      await ada.post('/v2/group', { name: 'G', members: 'grace,alan' }),
      await ada.post('/v2/group', { name: 'G', members: ['grace', 'alan'], is_public: 'false' }),
      await ada.call('POST', '/v2/group', { form: { name: 'G', members: 'grace, alan', replay_history: 'true' } }),
    ];
    for (const answer of made) {
      const group = `/v2/group/${answer.headers.get('tt-x-group-token')}`;
      expect((await ada.get(group)).reply.num_members).toBe(3);
      await ada.call('POST', `${group}/members`, { form: { members: 'florence,edsger' } });
      await ada.post(`${group}/members/remove`, { members: 'alan' });
      expect((await ada.get(group)).reply.num_members).toBe(4);
    }
  });

  it('takes acknowledgements as a list, joined by commas, and as a form field', async () => {
    await using live = await openStream(sandbox, 'grace', { features: 'no-offline-messages' });
    const bodies = ['a1', 'a2', 'a3', 'a4'];
    for (const body of bodies) await ada.send('grace', body);
    const frames = await Promise.all(bodies.map((each) => live.find('message', ({ body }) => body === each)));
    const [one, two, three, four] = frames.map(({ id }) => id);
    await grace.post('/v2/events/ack', { events: [one] });
    await grace.post('/v2/events/ack/', { events: `${two},${three}` });
    await grace.call('POST', '/v2/events/ack', { form: { events: `${four}` } });
    await using replay = await openStream(sandbox, 'grace', { features: 'close-after-messages' });
    await replay.ended;
    expect(replay.frames.some(({ payload }) => bodies.includes(payload.body))).toBe(false);
  });

  it('takes typing by GET and POST, and its end with and without who typed', async () => {
    await using stream = await openStream(sandbox, 'grace', { features: 'is-typing' });
    const count = (status: string) =>
      stream.find('message:is_typing', (payload) => payload.status === status && payload.sender_token === ada.token);
    await ada.get('/v2/message/typing/?recipient=grace');
    await count('typing');
    await ada.delete(`/v2/message/typing/${grace.token}/${ada.token}`);
    await count('stopped');
  });

  it('takes the organization from header, query or form', async () => {
    const header = { headers: { 'TT-X-Organization-Key': clinics } };
    expect((await ada.get('/v2/user/grace', header)).reply.organization_key).toBe(clinics);
    expect((await ada.get(`/v2/user/grace?TT-X-Organization-Key=${clinics}`)).reply.organization_key).toBe(clinics);
    expect((await ada.get('/v2/user/grace')).reply.organization_key).toBe(hospital);
    const form = { name: 'G', members: 'grace', 'TT-X-Organization-Key': clinics };
    const made = await ada.call('POST', '/v2/group?render_entity=true', { form });
    expect(made.reply.organization_key).toBe(clinics);
    expect((await ada.get('/v2/user/alan', header)).status).toBe(404);
  });

  it('never redirects', async () => {
    for (const path of ['/v2/roster/', '/v2/roster', '/v2/user/grace/', '/v2/mute///']) {
      expect((await ada.get(path)).status).toBe(200);
    }
  });
});

describe('an invalid request', () => {
  it('is reported: path, method, type, JSON, parameter', async () => {
    expect((await ada.get('/v2/nothing')).status).toBe(404);
    const verb = await ada.call('PUT', '/v2/roster');
    expect([verb.status, verb.headers.get('allow')]).toEqual([405, 'GET, POST']);
    const wrong = async (body: string, contentType: string, path = '/v2/message') => {
      const response = await fetch(`${sandbox.url}${path}`, {
        method: 'POST',
        headers: { authorization: basicOf('ada'), 'content-type': contentType },
        body,
      });
      const answer = await response.json();
      return [response.status, answer.error.type, answer.error.message];
    };
    expect(await wrong('{', 'application/json')).toEqual([400, 'bad_request', 'body: expected one JSON document']);
    expect(await wrong('x', 'text/plain')).toEqual([
      400,
      'bad_request',
      'Content-Type: expected application/json, application/x-www-form-urlencoded, multipart/form-data',
    ]);
    expect(await wrong('x', 'multipart/form-data')).toEqual([400, 'bad_request', 'Content-Type: expected a boundary']);
    expect((await wrong('x', `multipart/form-data; boundary=${'b'.repeat(300)}`))[2]).toBe(
      'Content-Type: expected a boundary',
    );
    expect((await wrong('--b\r\n', 'multipart/form-data; boundary=b'))[2]).toContain('expected a closing boundary');
    expect((await ada.post('/v2/message?response_format=all', { recipient: 'grace', body: 'x' })).complaint).toBe(
      'response_format: expected one of message',
    );
    const named =
      '--b\r\ncontent-disposition: form-data; name="attachment"; filename*=UTF-8\'\'%ff\r\n\r\nx\r\n--b--\r\n';
    expect((await wrong(named, 'multipart/form-data; boundary=b'))[2]).toBe(
      'multipart part: expected percent-encoded UTF-8 in filename*',
    );
    for (const path of ['//', '//v2/roster', '//:x/']) {
      const sent = request(sandbox.url, { path, headers: { authorization: basicOf('ada') } }).end();
      const [response] = await once(sent, 'response');
      expect([path, response.statusCode]).toEqual([path, 404]);
      response.resume();
    }
    expect((await ada.get('/v2/user/%ff')).status).toBe(400);
    expect((await ada.get('/v2/group/x/members?return_user_objects=yes')).status).toBe(400);
  });

  it('is rejected when it is longer than the clients send', async () => {
    const tokens = (count: number) => Array(count).fill(grace.token);
    expect((await ada.post('/v2/entities_bulk', { users: tokens(11) })).status).toBe(400);
    expect((await ada.post('/v2/entities_bulk', { users: [], metadata: tokens(20) })).status).toBe(200);
    expect((await ada.post('/v2/entities_bulk', { metadata: tokens(21) })).status).toBe(400);
    expect((await ada.post('/v2/get_bulk_message_status', { messages: tokens(21) })).status).toBe(400);
    const unlike = (count: number) =>
      Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
    expect((await ada.post('/v2/message/status', { read: unlike(500) })).status).toBe(204);
    expect((await ada.post('/v2/message/status', { read: unlike(300), delivered: unlike(201) })).status).toBe(400);
    expect((await ada.post('/v2/events/ack', { events: unlike(1_001) })).status).toBe(400);
    expect((await ada.post('/v5/attachment_tokens_bulk', { count: 21 })).status).toBe(400);
  });

  it('is answered with 413 when the body is over the bound, before all of it was read', async () => {
    const status = new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${sandbox.url}/v2/message`, {
        method: 'POST',
        headers: {
          authorization: basicOf('ada'),
          'content-type': 'application/json',
          'content-length': 40 * 1024 * 1024,
        },
      });
      sending.on('response', (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.write('{');
    });
    expect(await within(status)).toBe(413);
  });
});

describe('a browser', () => {
  it('may call from any page', async () => {
    const origin = 'http://localhost:5173';
    const preflight = await fetch(`${sandbox.url}/v2/message`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
    const answer = await ada.get('/v2/user', { headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('TT-X-Message-Id');
  });

  it('gets an overview that loads nothing from elsewhere', async () => {
    const response = await fetch(sandbox.url);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const expected of ['Ada Lovelace', 'ada:demo', '/v2/message/{message_token}', sandbox.controlUrl]) {
      expect(page).toContain(expected);
    }
    expect(page).not.toMatch(/<(script|img|link|iframe)|src=|@import|url\(/);
  });

  it('reads there how to order every kind of fault, for which requests', async () => {
    const page = await (await fetch(sandbox.url)).text();
    const rows = [...page.matchAll(/<tr><td><code>([\w-]+)<\/code><\/td><td>([^<]+)<\/td>(?:<td>(.*?)<\/td>)?<\/tr>/g)];
    const meanings = new Map(rows.map(([, name = '', meaning = '', takes = '']) => [name, `${meaning} ${takes}`]));
    for (const { shape } of faultOrder.options) expect(meanings.get(shape.kind.value)).toMatch(/\w+/);
    expect(meanings.get('status')).toMatch(/retryAfter.*Retry-After/);
    expect(meanings.get('status')).toMatch(/form.*envelope, a page, plain text, or nothing/);
    for (const name of Object.keys(matching)) expect(meanings.get(name)).toMatch(/\w+/);
    const commands = [...page.matchAll(/-d '(\{.+?\})'/g)].map(([, order = '']) => order);
    const faults = commands.filter((command) => command.includes('"kind"'));
    expect(faults.length).toBeGreaterThanOrEqual(2);
    for (const command of faults) expect(faultOrder.safeParse(JSON.parse(command)).success).toBe(true);
  });

  it('cannot inject anything into the overview', async () => {
    await ada.post('/v2/group', { name: '<script>alert(1)</script>', members: ['grace'] });
    expect(await (await fetch(sandbox.url)).text()).not.toContain('<script>');
  });
});

describe('a conversation of others', () => {
  it('is neither readable nor visible', async () => {
    await using stream = await openStream(sandbox, 'joan', { features: 'multi-org,is-typing,no-offline-messages' });
    const group = (await ada.post('/v2/group', { name: 'Private matter', members: ['grace'] })).headers.get(
      'tt-x-group-token',
    );
    const id = await ada.send(String(group), 'private words');
    await ada.post('/v2/message/typing', { recipient: group });
    await ada.post(`/v2/metadata/${group}`, { secret: 'matter' });
    await ada.delete(`/v2/message/${id}`);
    await ada.call('PUT', '/v2/presence/away');
    await joan.send('mavis', 'fence');
    await stream.find('message', ({ body }) => body === 'fence');
    expect(stream.text()).not.toContain('rivate');
    expect(stream.text()).not.toContain(ada.token);
    const reads = [
      ['GET', `/v2/message/${id}`],
      ['GET', `/v2/message/${id}/status`],
      ['GET', `/v2/message/${id}/attachment/1`],
      ['POST', `/v2/message/${id}/forward`],
      ['DELETE', `/v2/message/${id}`],
      ['GET', `/v2/group/${group}`],
      ['GET', `/v2/group/${group}/members`],
      ['POST', `/v2/group/${group}/members`],
      ['POST', `/v2/group/${group}`],
      ['DELETE', `/v2/group/${group}`],
      ['GET', `/v2/metadata/${group}`],
      ['GET', `/v2/user/${ada.token}`],
      ['GET', `/v2/user_lookup/${ada.token}`],
      ['GET', `/v2/metadata/${ada.token}`],
    ] as const;
    for (const [method, path] of reads) {
      const json = method === 'POST' ? { json: { recipient: 'mavis', members: ['joan'], name: 'x' } } : {};
      const answer = await joan.call(method, path, json);
      expect([403, 404]).toContain(answer.status);
      expect(answer.bytes.toString()).not.toContain('rivate');
    }
    expect((await joan.post('/v2/get_bulk_message_status', { messages: [id] })).reply.bulk_message_statuses).toEqual(
      [],
    );
    expect((await joan.post('/v2/user_lookup_bulk', { users: [ada.token] })).reply).toEqual([]);
    expect((await joan.post('/v2/entities_bulk', { users: [ada.token], metadata: [group] })).reply).toEqual({
      users: [{ [ada.token]: null }],
      metadata: [{ [String(group)]: null }],
    });
    const found = await joan.post('/v2/search', { directory: [hospital], type: ['account', 'group', 'public_group'] });
    expect(found.reply.results).toEqual([]);
    await joan.post('/v2/message/status', { read: [id] });
  });

  it('stays with the members: a queue of one account holds nothing of another', async () => {
    const canary = `canary-${ada.token}`;
    await ada.send('grace', canary);
    for (const name of ['alan', 'joan', 'karen']) {
      await using stream = await openStream(sandbox, name, { features: 'multi-org,close-after-messages' });
      await stream.ended;
      expect(stream.text()).not.toContain(canary);
    }
  });
});
