/** Sessions of browsers: the cookie, what may use it, and what it never shows. */
import { CompactEncrypt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changedSettings } from '../../src/config/changed-settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { askAsPage, sessionKey, signInWithSession, startSession } from '../support/browser-session.ts';
import { openSocket } from '../support/raw-socket.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

const me = '{ me { displayName } }';
const ada = { me: { displayName: 'Ada Lovelace' } };
const signOut = 'mutation { signOut { externalLogoutUrl } }';
const page = 'https://chat.example.org';
const otherPage = 'https://other.example.org';
const preflighted = { 'x-requested-with': 'fetch' };

interface SignedIn {
  readonly signIn: { readonly session: { readonly expiresAt: string }; readonly user: object };
}

/** The key pair behind a session: what the gateway sent upstream last. */
function lastPair({ requests }: RecordingProxy): readonly string[] {
  const authorization = requests.at(-1)?.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const encoded = authorization.split(' ')[1] ?? '';
  const [key = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  expect(secret.length).toBeGreaterThan(20);
  return [key, secret, encoded, Buffer.from(key).toString('base64url'), Buffer.from(secret).toString('base64url')];
}

describe('a session', () => {
  let stack: Stack;
  let proxy: RecordingProxy;
  let url: string;
  beforeAll(async () => {
    stack = await startStack({
      config: { sessionKeys: [sessionKey()], corsOrigins: [page, otherPage], accessLog: true, httpGet: true },
      between: async (sandboxUrl) => {
        proxy = await startRecordingProxy(sandboxUrl);
        return proxy;
      },
    });
    ({ url } = stack.gateway);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  it('starts with a cookie that no script, no other host and no other site can use', async () => {
    const { answer, setCookie } = await signInWithSession(url, page);
    expect(answer.errors).toBeUndefined();
    const inEightHours = Date.now() + 8 * 60 * 60 * 1_000;
    const { session, user } = (answer.data as unknown as SignedIn).signIn;
    expect(user).toEqual({ displayName: 'Ada Lovelace' });
    expect(Math.abs(Date.parse(session.expiresAt) - inEightHours)).toBeLessThan(60_000);
    const [pair = '', ...attributes] = setCookie.split('; ');
    expect(pair).toMatch(/^__Host-tigerconnect-session=[\w.-]{100,3900}$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=28800', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('starts over SSE as well, and a second one replaces the first', async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { origin: page, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: startSession, variables: { userId: 'grace', password: 'demo' } }),
    });
    expect(await response.text()).toContain('"displayName":"Grace Hopper"');
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    const twice = `mutation { ${['ada', 'grace'].map((name) => `${name}: signIn(input: { userId: "${name}", password: "demo", session: true }) { session { expiresAt } }`).join(' ')} }`;
    const { headers } = await askAsPage(url, twice, { origin: page });
    const [cookie = '', ...others] = headers.getSetCookie();
    expect(others).toEqual([]);
    const { data } = await askAsPage(url, me, { origin: page, cookie: cookie.split(';')[0] ?? '' });
    expect(data).toEqual({ me: { displayName: 'Grace Hopper' } });
  });

  it('is accepted over every transport, and exposes no byte of the pair in a response, a header or the log', async () => {
    const { cookie, answer, setCookie } = await signInWithSession(url, page);
    const headers = { origin: page, cookie };
    const seen = [answer.text, setCookie];
    const read = async (path: string, init: RequestInit) => {
      const response = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } });
      const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
      seen.push(text, JSON.stringify([...response.headers]));
      return { status: response.status, text };
    };
    const body = JSON.stringify({ query: me });
    const json = { 'content-type': 'application/json' };
    expect(JSON.parse((await read('/graphql', { method: 'POST', body, headers: json })).text).data).toEqual(ada);
    const target = `/graphql?query=${encodeURIComponent(me)}`;
    expect(JSON.parse((await read(target, {})).text).data).toEqual(ada);
    const events = { accept: 'text/event-stream' };
    expect((await read(target, { headers: events })).text).toContain('Ada Lovelace');
    expect((await read('/graphql', { method: 'POST', body, headers: { ...json, ...events } })).text).toContain('Ada');

    const form = new FormData();
    const query = `mutation ($file: File) { sendMessage(input: { recipient: "grace@example.org", body: "x", attachment: $file }) { message { attachments { url } } } }`;
    form.set('operations', JSON.stringify({ query, variables: { file: null } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new File(['Bed 12'], 'note.txt'));
    const sent = JSON.parse((await read('/graphql', { method: 'POST', body: form, headers: preflighted })).text);
    expect(sent.errors).toBeUndefined();
    const path: string = sent.data.sendMessage.message.attachments[0].url;
    expect(await read(path, {})).toEqual({ status: 200, text: 'Bed 12' });

    const socket = await openSocket(url, 'graphql-transport-ws', headers);
    socket.send({ type: 'connection_init' });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: me } });
    expect(await socket.message('next', '1')).toMatchObject({ payload: { data: ada } });
    socket.socket.close();
    await socket.closed;

    const pair = lastPair(proxy);
    const everything = [...seen, JSON.stringify(socket.messages), ...stack.logLines].join('\n');
    for (const secret of pair) expect(everything).not.toContain(secret);
    // The access log knows the caller by the hash of the pair, as it would without a session.
    expect(stack.logLines.join('\n')).not.toContain(cookie.split('=')[1]);
  });

  describe('is valid only for the page that started it', () => {
    let cookie: string;
    beforeAll(async () => {
      ({ cookie } = await signInWithSession(url, page));
    });
    const code = async (headers: Readonly<Record<string, string>>) => {
      const { errors } = await askAsPage(url, me, { cookie, ...headers });
      return errors?.[0]?.extensions['code'];
    };

    it('with POST by the Origin header, which browsers always send', async () => {
      expect(await code({ origin: page })).toBeUndefined();
      expect(await code({ origin: otherPage })).toBe('UNAUTHENTICATED');
      expect(await code({ origin: 'https://foreign.example.org' })).toBe('FORBIDDEN');
      expect(await code({ origin: 'null' })).toBe('FORBIDDEN');
      expect(await code({ 'sec-fetch-site': 'cross-site' })).toBe('FORBIDDEN');
      expect(await code({ 'sec-fetch-site': 'same-origin' })).toBe('UNAUTHENTICATED');
      expect(await code({})).toBe('UNAUTHENTICATED');
    });

    it('with GET by the Origin header, or by Fetch Metadata', async () => {
      const { origin, host } = new URL(url);
      const own = await signInWithSession(url, origin);
      const get = async (headers: Readonly<Record<string, string>>) => {
        const response = await fetch(`${url}/graphql?query=${encodeURIComponent(me)}`, { headers });
        const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
        return errors?.[0]?.extensions.code;
      };
      expect(host).not.toBe('');
      expect(await get({ cookie: own.cookie, 'sec-fetch-site': 'same-origin' })).toBeUndefined();
      expect(await get({ cookie: own.cookie, 'sec-fetch-site': 'none' })).toBeUndefined();
      expect(await get({ cookie: own.cookie, 'sec-fetch-site': 'same-site' })).toBe('FORBIDDEN');
      expect(await get({ cookie: own.cookie })).toBe('UNAUTHENTICATED');
      expect(await get({ cookie, origin: page })).toBeUndefined();
      // Of another host than the page that started it.
      expect(await get({ cookie, 'sec-fetch-site': 'same-origin' })).toBe('UNAUTHENTICATED');
    });

    it('and not with a form, which needs no preflight', async () => {
      const send = async (headers: Readonly<Record<string, string>>) => {
        const form = new FormData();
        form.set('operations', JSON.stringify({ query: me }));
        form.set('map', '{}');
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          body: form,
          headers: { cookie, origin: page, ...headers },
        });
        return (await response.json()) as { data?: object; errors?: readonly { message: string }[] };
      };
      expect((await send({})).errors).toMatchObject([
        {
          message: 'With a session, uploads need the header X-Requested-With or Apollo-Require-Preflight.',
          extensions: { code: 'FORBIDDEN', retryable: false },
        },
      ]);
      expect((await send(preflighted)).data).toEqual(ada);
      expect((await send({ 'apollo-require-preflight': 'true' })).data).toEqual(ada);
    });

    it('over a WebSocket, whose handshake has no preflight', async () => {
      const answer = async (headers: Readonly<Record<string, string>>) => {
        const socket = await openSocket(url, 'graphql-transport-ws', { cookie, ...headers });
        if (socket.socket.readyState !== socket.socket.OPEN) return 'rejected';
        socket.send({ type: 'connection_init' });
        await socket.message('connection_ack');
        socket.send({ type: 'subscribe', id: '1', payload: { query: me } });
        await waitUntil(() => socket.messages.some(({ id }) => id === '1'));
        socket.socket.close();
        return socket.messages.find(({ id }) => id === '1')?.type;
      };
      expect(await answer({ origin: page })).toBe('next');
      expect(await answer({ origin: otherPage })).toBe('error');
      expect(await answer({})).toBe('error');
      expect(await answer({ origin: 'https://foreign.example.org' })).toBe('rejected');
    });
  });

  it('has lower precedence than a credential of the client', async () => {
    const { cookie } = await signInWithSession(url, page);
    const headers = { cookie, origin: page };
    const graces = await askAsPage(url, me, { ...headers, authorization: basic('grace') });
    expect(graces.data).toEqual({ me: { displayName: 'Grace Hopper' } });
    const malformed = await askAsPage(url, me, { ...headers, authorization: 'Basic' });
    expect(malformed.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const socket = await openSocket(url, 'graphql-transport-ws', headers);
    socket.send({ type: 'connection_init', payload: { authorization: basic('grace') } });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: me } });
    expect(await socket.message('next', '1')).toMatchObject({
      payload: { data: { me: { displayName: 'Grace Hopper' } } },
    });
    socket.socket.close();
  });

  it('ends with signOut: the cookie is removed, and the pair in its copies is invalid', async () => {
    const { cookie } = await signInWithSession(url, page);
    const headers = { cookie, origin: page };
    const { data, headers: sent } = await askAsPage(url, signOut, headers);
    expect(data).toEqual({ signOut: { externalLogoutUrl: null } });
    expect(sent.get('set-cookie')).toMatch(/^__Host-tigerconnect-session=; Max-Age=0; Path=\/; Secure; HttpOnly; /);
    const { errors } = await askAsPage(url, me, headers);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('is removed from the browser also when the upstream is unreachable', async () => {
    const { cookie } = await signInWithSession(url, page);
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'status', operationId: 'logout', status: 503, count: 10 });
    const { errors, headers } = await askAsPage(url, signOut, { cookie, origin: page });
    await control.clearFaults();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(headers.get('set-cookie')).toMatch(/=; Max-Age=0;/);
  });

  it.each<readonly [string, string, Readonly<Record<string, string>>, string]>([
    ['without a page', startSession, {}, 'false without the Origin header of a page'],
    [
      'with the pair selected',
      startSession.replace('user {', 'secret user {'),
      { origin: page },
      'false when key or secret is selected',
    ],
  ])('does not start %s, and no upstream call is made', async (_what, query, headers, expected) => {
    await countFromHere(stack);
    const answer = await askAsPage(url, query, headers, { userId: 'ada', password: 'demo' });
    expect(answer.errors).toMatchObject([
      {
        message: `input.session: expected ${expected}.`,
        extensions: { code: 'BAD_USER_INPUT', field: 'input.session' },
      },
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it('does not start over a WebSocket, nor by a form', async () => {
    const variables = { userId: 'ada', password: 'demo' };
    const socket = await openSocket(url, 'graphql-transport-ws', { origin: page });
    socket.send({ type: 'connection_init' });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: startSession, variables } });
    expect(JSON.stringify(await socket.message('next', '1'))).toContain('false over a WebSocket');
    socket.socket.close();
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: startSession, variables }));
    form.set('map', '{}');
    const response = await fetch(`${url}/graphql`, { method: 'POST', body: form, headers: { origin: page } });
    expect(await response.text()).toContain('false without JSON or the header X-Requested-With');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('cannot be forged, changed or guessed', async () => {
    const { cookie } = await signInWithSession(url, page);
    const [name = '', text = ''] = cookie.split('=');
    const [head = '', , iv = '', content = '', tag = ''] = text.split('.');
    const change = (part: string) => `${part.slice(0, 5)}${part[5] === 'A' ? 'B' : 'A'}${part.slice(6)}`;
    const bytes = new Uint8Array(32);
    const claims = { pair: 'ada:demo', aud: page, iat: Date.now() / 1_000, exp: Date.now() / 1_000 + 60 };
    const forged = await Promise.all([
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(bytes),
      new CompactEncrypt(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ ...JSON.parse(Buffer.from(head, 'base64url').toString()) })
        .encrypt(bytes),
    ]);
    const encodedHeader = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');
    const attempts = [
      '',
      'x',
      '....',
      text.slice(0, -1),
      `${text}.`,
      'a'.repeat(4_000),
      [change(head), '', iv, content, tag].join('.'),
      [head, '', change(iv), content, tag].join('.'),
      [head, '', iv, change(content), tag].join('.'),
      [head, '', iv, content, change(tag)].join('.'),
      [encodedHeader({ alg: 'none' }), '', iv, content, tag].join('.'),
      [encodedHeader({ alg: 'dir', enc: 'A256GCM', kid: 5 }), '', iv, content, tag].join('.'),
      `${encodedHeader({ alg: 'none' })}.${encodedHeader(claims)}.`,
      ...forged,
    ];
    for (const attempt of attempts) {
      const { status, errors } = await askAsPage(url, me, { cookie: `${name}=${attempt}`, origin: page });
      expect(errors, attempt).toMatchObject([
        { message: 'The session has ended; sign in again.', extensions: { code: 'UNAUTHENTICATED' } },
      ]);
      expect(status).toBe(401);
    }
    // Two of one name: a browser has one, so something else has added the other.
    const several = {
      message: 'More than one session cookie was sent.',
      extensions: { code: 'UNAUTHENTICATED' },
    };
    const twice = await askAsPage(url, me, { cookie: `${cookie}; ${cookie}`, origin: page });
    expect(twice.errors).toMatchObject([several]);
    const socket = await openSocket(url, 'graphql-transport-ws', { cookie: `${name}=x; ${cookie}`, origin: page });
    socket.send({ type: 'connection_init' });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: me } });
    expect(await socket.message('error', '1')).toMatchObject({ payload: [several] });
    socket.socket.close();
    expect((await askAsPage(url, me, { cookie: `a=b; ${cookie}; c=d`, origin: page })).data).toEqual(ada);
    // Signing in needs no session, so a session that is over does not prevent it.
    const again = await signInWithSession(url, page, 'ada', { cookie: `${name}=x` });
    expect(again.answer.errors).toBeUndefined();
    expect(stack.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('is opened by every key, sealed by the last, and bound to its upstream', async () => {
    const [first, second, third] = [sessionKey(), sessionKey(), sessionKey()];
    const gatewayWith = (sessionKeys: readonly string[], upstreamUrl = stack.sandbox.url) =>
      startStack({ upstreamUrl, config: { sessionKeys, corsOrigins: [page] } });
    await using before = await gatewayWith([first]);
    await using between = await gatewayWith([second, first]);
    await using after = await gatewayWith([first, second]);
    await using last = await gatewayWith([second]);
    await using stranger = await gatewayWith([third]);
    await using elsewhere = await gatewayWith([first], proxy.url);
    const [byFirst, bySecond] = await Promise.all([
      signInWithSession(between.gateway.url, page),
      signInWithSession(after.gateway.url, page),
    ]);
    const isOpenedBy = async ({ gateway }: Stack, { cookie }: { readonly cookie: string }) =>
      (await askAsPage(gateway.url, me, { cookie, origin: page })).errors === undefined;
    for (const gateway of [before, between, after]) expect(await isOpenedBy(gateway, byFirst)).toBe(true);
    for (const gateway of [last, stranger, elsewhere]) expect(await isOpenedBy(gateway, byFirst)).toBe(false);
    for (const gateway of [between, after, last]) expect(await isOpenedBy(gateway, bySecond)).toBe(true);
    for (const gateway of [before, stranger]) expect(await isOpenedBy(gateway, bySecond)).toBe(false);
  });
});

describe('without SESSION_KEYS', () => {
  it('sessions are not offered, cookies are ignored, and other origins get no credentials', async () => {
    await using stack = await startStack({ config: { corsOrigins: [page] } });
    await countFromHere(stack);
    const { answer, setCookie } = await signInWithSession(stack.gateway.url, page);
    expect(answer.errors).toMatchObject([
      {
        message: 'input.session: expected false, because this gateway offers no sessions.',
        extensions: { code: 'BAD_USER_INPUT', field: 'input.session' },
      },
    ]);
    expect(setCookie).toBe('');
    expect(stack.sandbox.requests.count()).toBe(0);
    const { errors, headers } = await askAsPage(stack.gateway.url, me, { cookie: 'a=b', origin: page });
    expect(errors?.[0]?.message).toMatch(/^No credential was sent/);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  const short = Buffer.alloc(31).toString('base64');
  it.each(['short', 'a'.repeat(32), short, `${Buffer.alloc(32).toString('base64')},${short}`, ','])(
    'an invalid key is reported at the start, and not shown: %j',
    (keys) => {
      expect(() => parseConfig({ SESSION_KEYS: keys })).toThrow(
        /^SESSION_KEYS: expected keys of 32 bytes as base64, separated by commas, such as `openssl rand -base64 32` prints\.$/,
      );
    },
  );

  it('a key is not in the log of the settings', () => {
    expect(changedSettings({ SESSION_KEYS: sessionKey() })).toEqual({ SESSION_KEYS: 'set' });
  });
});
