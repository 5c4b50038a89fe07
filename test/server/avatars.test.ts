/** Pictures of users and groups through the gateway, from the sandbox and from a server that decides every byte. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { reply, startWireServer, type WireServer } from '../support/wire-server.ts';

async function picture(url: string, path: string, init: RequestInit = {}, as: string | null = 'ada') {
  const authorization = as === null ? {} : { authorization: basic(as) };
  return fetch(url + path, { redirect: 'manual', ...init, headers: { ...authorization, ...init.headers } });
}

describe('the picture of a user or group', () => {
  let stack: Stack;
  let grace: DemoPerson;
  const get = (path: string, init?: RequestInit, as?: string | null) => picture(stack.gateway.url, path, init, as);
  beforeAll(async () => {
    stack = await startStack();
    grace = await demoPerson(stack, 'grace');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('is on the gateway, equal to that at its address', async () => {
    const { data } = await stack.query(
      '{ user(id: "grace@example.org") { avatarPath avatarUrl } search(query: "Stroke", kinds: [GROUP]) { nodes { ... on Group { avatarPath avatarUrl } } } }',
    );
    const { user, search } = JSON.parse(JSON.stringify(data));
    for (const { avatarPath, avatarUrl } of [user, search.nodes[0]]) {
      const response = await get(avatarPath);
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/png',
        'cache-control': 'private, no-cache',
        vary: 'authorization, cookie',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      });
      const direct = await fetch(avatarUrl);
      expect(await response.arrayBuffer()).toEqual(await direct.arrayBuffer());
    }
  });

  it('is cached per origin, as its headers contain one', async () => {
    const origin = 'https://app.example.org';
    await using allowing = await startStack({ upstreamUrl: stack.sandbox.url, config: { corsOrigins: [origin] } });
    const headers = { authorization: basic('ada'), origin };
    const response = await fetch(`${allowing.gateway.url}/avatars/users/${grace.token}`, { headers });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('vary')).toBe('origin, authorization, cookie');
    await response.arrayBuffer();
  });

  it('is not sent again to a browser that has it', async () => {
    const path = `/avatars/users/${grace.token}`;
    const etag = (await get(path, { method: 'HEAD' })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    const again = await get(path, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    // A proxy that compresses makes the tag weak; a browser may name several.
    for (const known of [`W/${etag}`, `"other", W/${etag}`, '*'])
      expect((await get(path, { headers: { 'if-none-match': known } })).status, known).toBe(304);
    for (const other of ['"other"', etag.slice(0, -1), etag.replaceAll('"', ''), `"W/${etag.slice(1)}`])
      expect((await get(path, { headers: { 'if-none-match': other } })).status, other).toBe(200);
  });

  it('needs a credential that may see its owner', async () => {
    const path = `/avatars/users/${grace.token}`;
    expect((await get(path, {}, null)).status).toBe(401);
    expect((await get(path, { headers: { authorization: basic('ada', 'wrong') } })).status).toBe(401);
    expect((await get(`/avatars/users/${absent}`)).status).toBe(404);
    expect((await get(`/avatars/groups/${grace.token}`)).status).toBe(404);
    expect((await get('/avatars/users/grace')).status).toBe(404);
    const posted = await get(path, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a picture on another server', () => {
  const token = '11111111-1111-4111-8111-111111111111';
  let avatar: string;
  let answer: (response: ServerResponse) => void;
  let upstream: WireServer;
  let pictures: WireServer;
  let elsewhere: WireServer;
  let stack: Stack;
  beforeAll(async () => {
    pictures = await startWireServer((_request, response) => answer(response));
    elsewhere = await startWireServer((_request, response) => void response.end('secret'));
    upstream = await startWireServer((_request, response) => reply(response, { token, avatar }));
    // One transfer for each caller: a quarter of them.
    const config = {
      upstreamPictureOrigin: pictures.origin,
      maxPictureBytes: 2_000,
      upstreamApi: 'v2',
      upstreamTransfers: 4,
    } as const;
    stack = await startStack({ upstreamUrl: upstream.origin, config });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    for (const server of [pictures, elsewhere, upstream]) await server[Symbol.asyncDispose]();
  });

  const get = (as?: string) => picture(stack.gateway.url, `/avatars/users/${token}`, {}, as);
  const send = (headers: Record<string, string>, body = 'x', status = 200) => {
    answer = (response) => void response.writeHead(status, headers).end(body);
  };

  it('is fetched without the credential', async () => {
    avatar = `${pictures.origin}/a.png?size=2`;
    send({ 'content-type': 'image/png' }, 'bytes');
    const response = await get();
    expect([response.status, await response.text()]).toEqual([200, 'bytes']);
    expect(response.headers.get('cache-control')).toBe('no-store'); // there is nothing to compare
    const [request] = pictures.requests;
    expect(request?.path).toBe('/a.png?size=2');
    expect(Object.keys(request?.headers ?? {})).not.toContain('authorization');
  });

  it('does not wait for the pictures of other callers', async () => {
    avatar = `${pictures.origin}/slow.png`;
    const before = pictures.requests.length;
    const held: ServerResponse[] = [];
    answer = (response) => void held.push(response);
    const slow = [get('ada'), get('ada')];
    await expect.poll(() => held.length).toBe(1);
    send({ 'content-type': 'image/png' }, 'bytes');
    expect((await get('grace')).status).toBe(200);
    expect(pictures.requests).toHaveLength(before + 2);
    for (const response of held) response.writeHead(200, { 'content-type': 'image/png' }).end('x');
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is not fetched from a server that is not configured', async () => {
    for (const address of [
      `${elsewhere.origin}/a.png`,
      `${pictures.origin}.example.org/`,
      'file:///etc/passwd',
      '/a.png',
    ]) {
      avatar = address;
      expect((await get()).status, address).toBe(404);
    }
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('is not found when its server no longer has it, however often', async () => {
    avatar = `${pictures.origin}/a.png`;
    send({ 'content-type': 'text/html' }, '<h1>Not Found</h1>', 404);
    for (let time = 0; time < 25; time++) {
      const missing = await get();
      expect(missing.status).toBe(404);
      expect((await missing.json()).errors[0].message).toBe('There is no such picture.');
    }
    send({ 'content-type': 'image/png' }, 'bytes');
    expect((await get()).status).toBe(200);
  });

  it('is rejected when it redirects, is not a raster image, or is too large', async () => {
    avatar = `${pictures.origin}/a.png`;
    send({ location: `${elsewhere.origin}/` }, '', 302);
    expect((await get()).status).toBe(502);
    send({ 'content-type': 'image/svg+xml' }, '<svg/>');
    expect((await get()).status).toBe(502);
    send({ 'content-type': 'text/html' }, '<script>');
    expect((await get()).status).toBe(502);
    send({ 'content-type': 'image/png', 'content-length': '2001' }, 'x'.repeat(2_001));
    expect((await get()).status).toBe(502);
    // Without a length, the size shows when the answer has begun.
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      for (let part = 0; part < 3; part++) response.write('x'.repeat(1_000));
      response.end();
    };
    await expect(get().then((response) => response.arrayBuffer())).rejects.toThrow();
    expect(elsewhere.requests).toHaveLength(0);
  });
});
