/**
 * Requests of clients that differ from the contract, observed in the official Android libraries (2.1.1 and 4.1.0), the official
 * JavaScript SDK (13.7.0, web build) and a third-party Java client. Written by hand, byte for byte where that matters.
 */

import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { WireObject } from '../generated/wire-data.ts';
import { clinics } from '../support/demo-tokens.ts';
import { basicOf, type Caller, callerOf } from '../support/sandbox-caller.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { openStream } from '../support/sandbox-stream.ts';

let sandbox: Sandbox;
let ada: Caller;
let grace: Caller;

beforeAll(async () => {
  sandbox = await startSandbox();
  ada = await callerOf(sandbox, 'ada');
  grace = await callerOf(sandbox, 'grace');
});
afterAll(() => sandbox.close());
beforeEach(() => controlOf(sandbox).reset());

const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');

/** Ada's multipart request, its parts given as head and body. */
async function multipart(path: string, ...parts: readonly (readonly [head: string, body: string | Buffer])[]) {
  const boundary = '0d1c2b3a';
  const bytes = parts.flatMap(([head, body]) => [`--${boundary}\r\n${head}\r\n\r\n`, body, '\r\n']);
  return fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { authorization: basicOf('ada'), 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...bytes, `--${boundary}--\r\n`].map((part) => Buffer.from(part))),
  });
}

describe('a message', () => {
  it('is stored once under a Request-ID that is no UUID, and names it to its sender alone', async () => {
    const headers = { 'Request-ID': 'device_4f1e2d3c1689f0a2b' };
    const message = { recipient: 'grace', body: 'one', priority: 0, ttl: 60, dor: 'false', escalate: true };
    const first = await ada.post('/v2/message', message, { headers });
    expect(first.status).toBe(204);
    const again = await ada.post('/v2/message', message, { headers });
    expect(again.status).toBe(304);
    const id = first.headers.get('tt-x-message-id');
    expect(again.headers.get('tt-x-message-id')).toBe(id);
    const path = `${sandbox.url}/v2/message/${id}`;
    const seenBy = async (name: string) => (await fetch(path, { headers: { authorization: basicOf(name) } })).json();
    expect((await seenBy('ada')).reply.request_id).toBe(headers['Request-ID']);
    expect((await seenBy('grace')).reply).not.toHaveProperty('request_id');
  });

  it('is forwarded with its priority as text', async () => {
    const id = await ada.send('grace', 'x');
    const answer = await grace.post(`/v2/message/${id}/forward`, { recipient: 'alan', priority: '1' });
    expect(answer.status).toBe(204);
    const forwarded = await grace.get(`/v2/message/${answer.headers.get('tt-x-message-id')}`);
    expect(forwarded.reply.priority).toBe(1);
    for (const priority of ['2', 'high', 7]) {
      expect((await grace.post(`/v2/message/${id}/forward`, { recipient: 'alan', priority })).status).toBe(400);
    }
  });

  it('comes in parts whose heads are bare, with its data under their namespace', async () => {
    const text = 'Content-Type: text/plain; charset=UTF-8';
    const answer = await multipart(
      '/v2/message?response_format=message',
      [`Content-Disposition: form-data; name="body"\r\n${text}\r\nContent-Length: 4`, 'scan'],
      [`Content-Disposition: form-data; name="recipient"\r\n${text}`, 'grace'],
      [`Content-Disposition: form-data; name="dor"\r\n${text}`, 'false'],
      [
        'tt-x-namespace: acme:bed\r\nContent-Disposition: form-data; name=data\r\nContent-Type: application/json; charset=UTF-8',
        '{"bed":4}',
      ],
      ['Content-Disposition: form-data; name="attachment"; filename="scan.png"\r\nContent-Type: image/png', png],
    );
    expect(answer.status).toBe(200);
    expect((await answer.json()).reply).toMatchObject({
      body: 'scan',
      data: [{ namespace: 'acme:bed', payload: '{"bed":4}' }],
      attachments: [{ 'content-type': 'image/png', size: png.length }],
      attachment_name: 'scan.png',
    });
  });

  it('goes to the recipient of the query when that of the body is empty', async () => {
    const answer = await ada.post('/v2/message?recipient=grace', { recipient: '', body: 'x' });
    expect((await ada.get(`/v2/message/${answer.headers.get('tt-x-message-id')}`)).reply.recipient_token).toBe(
      grace.token,
    );
  });
});

describe('names of headers', () => {
  it('are written as the contract writes them, for clients that tell small letters from capital ones', async () => {
    const named = (path: string, body: object, authorization = basicOf('ada')) => {
      const text = JSON.stringify(body);
      return new Promise<readonly string[]>((resolve, reject) => {
        const sending = request(`${sandbox.url}${path}`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        });
        sending.on('response', (response) => {
          response.resume();
          resolve(response.rawHeaders);
        });
        sending.on('error', reject);
        sending.end(text);
      });
    };
    expect(await named('/v2/message', { recipient: 'grace', body: 'x' })).toContain('TT-X-Message-Id');
    expect(await named('/v2/group', { name: 'G', members: 'grace' })).toContain('TT-X-Group-Token');
    expect(await named('/v2/login', {}, basicOf('ada', 'wrong'))).toContain('TT_Login_Attempts_Left');
  });
});

describe('a stream that asks for whole entities', () => {
  it('names each under `id`, with its organization beside it, also when one changes', async () => {
    await using stream = await openStream(sandbox, 'grace', {
      features: 'no-offline-messages,render_friends_entities,multi-org',
    });
    const made = await ada.post('/v2/group', { name: 'Ward', members: 'grace' });
    const group = made.headers.get('tt-x-group-token') ?? '';
    const whole = {
      organization_id: 'mercyGeneralHospital0001',
      entity: { id: group, type: 'tigertext:entity:group', organization_id: 'mercyGeneralHospital0001' },
    };
    const ofGroup = ({ entity }: { entity: { id: string } }) => entity.id === group;
    const came = await stream.find('friends', (payload) => payload.action === 'add' && ofGroup(payload));
    expect(came.payload).toMatchObject({ ...whole, entity: { ...whole.entity, name: 'Ward' } });
    await ada.post(`/v2/group/${group}`, { name: 'Nights' });
    expect((await stream.find('update', ofGroup)).payload).toMatchObject({
      ...whole,
      token: group,
      entity: { ...whole.entity, name: 'Nights' },
    });
    await ada.delete(`/v2/group/${group}`);
    const gone = await stream.find('friends', (payload) => payload.action === 'del' && ofGroup(payload));
    expect(gone.payload).toMatchObject(whole);
  });
});

describe('a repeated forward', () => {
  it('is answered with what it made, also when its original has disappeared', async () => {
    const id = await ada.send('grace', 'x');
    const headers = { 'Request-ID': '0b0f5b52-3e0a-4d7a-9a57-6f1f5b1f9a77' };
    const forward = () => grace.post(`/v2/message/${id}/forward`, { recipient: 'alan' }, { headers });
    const first = await forward();
    await ada.delete(`/v2/message/${id}`);
    const again = await forward();
    expect([again.status, again.headers.get('tt-x-message-id')]).toEqual([304, first.headers.get('tt-x-message-id')]);
  });
});

describe('signing in', () => {
  it('takes what is said of the device as JSON in a text, and credentials without padding', async () => {
    const unpadded = Buffer.from('bc1oOf3DZXbnaNZ2LCWZGvSg:ada@example.org:demo').toString('base64').replace(/=+$/, '');
    const fields = { device_id: 'd', user_id: 'ada', metadata: '{"device_os":"Android"}', version: '410' };
    const answer = await ada.post('/v2/login', fields, { authorization: `XMPP-Simple ${unpadded}` });
    expect(answer.status).toBe(200);
    expect(answer.reply.auth).toMatchObject({ key: expect.any(String), secret: expect.any(String) });
  });
});

describe('events', () => {
  it('are acknowledged all in one call, however many wait', async () => {
    for (let index = 0; index < 60; index += 1) await ada.send('grace', `waiting ${index}`);
    const closing = { features: 'close-after-messages,multi-org' };
    await using waiting = await openStream(sandbox, 'grace', closing);
    await waiting.ended;
    const ids = waiting.frames.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(60);
    expect((await grace.post('/v2/events/ack/', { events: ids.join(',') })).status).toBe(204);
    await using after = await openStream(sandbox, 'grace', closing);
    await after.ended;
    expect(after.frames.map(({ type }) => type)).toEqual(['client_advisory', 'client_advisory']);
  });
});

describe('what Android asks for as it starts, besides the contract', () => {
  it.each([
    [
      'GET',
      '/v2/user/ada/preferences',
      { status: 'success', reply: { quick_replies: ['On my way', 'Call me please', 'Give me ten minutes'] } },
    ],
    ['GET', '/v2/organization/preferences/', { status: 'success', reply: [] }],
    ['POST', '/v2/push', undefined],
  ])('is answered: %s %s', async (method, path, body) => {
    const ask = (headers: Record<string, string>) => fetch(`${sandbox.url}${path}`, { method, headers });
    expect((await ask({})).status).toBe(401);
    const answer = await ask({ authorization: basicOf('ada') });
    const text = await answer.text();
    expect([answer.status, text === '' ? undefined : JSON.parse(text)]).toEqual([body === undefined ? 204 : 200, body]);
  });
});

describe('the roster', () => {
  it('takes a person without the type that the contract asks for', async () => {
    const organization = { headers: { 'TT-X-Organization-Key': 'mercyGeneralHospital0001' } };
    await ada.delete(`/v2/roster/${grace.token}`);
    expect((await ada.post('/v2/roster', { entity: grace.token }, organization)).status).toBe(204);
    expect((await ada.get('/v2/roster')).reply[0]).toMatchObject({
      type: 'tigertext:entity:account',
      token: grace.token,
    });
    expect((await ada.post('/v2/roster', { type: 'tigertext:entity:account' })).complaint).toBe('entity is required');
  });
});

describe('a group', () => {
  const name = ['Content-Disposition: form-data; name="name"', 'Ward'] as const;
  const members = ['Content-Disposition: form-data; name="members"', 'grace,alan'] as const;
  const avatarHead = 'Content-Disposition: form-data; name="avatar"; filename="a"\r\nContent-Type: multipart/form-data';

  it('takes its picture under a content type that is none of a picture', async () => {
    const answer = await multipart('/v2/group?render_entity=true', name, members, [avatarHead, png]);
    const { reply } = await answer.json();
    expect(reply).toMatchObject({ name: 'Ward', num_members: 3 });
    const picture = await fetch(reply.avatar);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(png);
    expect((await multipart('/v2/group', name, members, [avatarHead, 'words'])).status).toBe(400);
  });

  it('is made without metadata when their part is empty', async () => {
    const text = 'Content-type: text/plain; charset="utf-8"';
    const answer = await multipart(
      '/v2/group?exclude_creator=false&render_entity=true',
      [`Content-Disposition: form-data; name="is_public"\r\n${text}`, 'false'],
      members,
      [`Content-Disposition: form-data; name="metadata"\r\n${text}`, ''],
      name,
      ['Content-Disposition: form-data; name="avatar"; filename="a.png"\r\nContent-type: image/png', png],
    );
    expect((await answer.json()).reply).toMatchObject({ name: 'Ward', is_public: false, metadata: {} });
  });

  it('takes another description', async () => {
    const made = await ada.post('/v2/group', { name: 'Ward', members: 'grace' });
    const path = `/v2/group/${made.headers.get('tt-x-group-token')}`;
    expect((await ada.post(path, { name: 'Ward', description: 'Nights' })).status).toBe(204);
    expect((await ada.get(path)).reply.description).toBe('Nights');
  });
});

describe('a search', () => {
  const names = ({ reply }: { reply: WireObject }) => reply.results.map(({ entity }) => entity.display_name);

  it('takes fields beside `bool`, one type as text, and an order as one object', async () => {
    const request = { type: 'account', department: 'neurology', sort: { display_name: 'desc' } };
    expect(names(await ada.post('/v2/search', request))).toEqual([
      'Rita Levi-Montalcini',
      'Claude Shannon',
      'Alan Turing',
    ]);
  });
});

describe('a form', () => {
  it('takes a list as a field that stands several times', async () => {
    const response = await fetch(`${sandbox.url}/v2/group?render_entity=true`, {
      method: 'POST',
      headers: { authorization: basicOf('ada'), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=G&members=grace&members=alan&members=florence',
    });
    expect((await response.json()).reply.num_members).toBe(4);
    const found = await ada.call('POST', '/v2/user_lookup_bulk', { form: { users: `${ada.token},${grace.token}` } });
    expect(found.reply).toHaveLength(2);
  });

  it('holds the organization of metadata, which is no entry of it', async () => {
    const form = { ward: '4', 'TT-X-Organization-Key': clinics };
    expect((await ada.call('POST', `/v2/metadata/${ada.token}`, { form })).status).toBe(204);
    const inClinics = { headers: { 'TT-X-Organization-Key': clinics } };
    expect((await ada.get(`/v2/metadata/${ada.token}`, inClinics)).reply).toEqual({ ward: '4' });
    expect((await ada.get(`/v2/metadata/${ada.token}`)).reply).not.toHaveProperty('ward');
  });
});
