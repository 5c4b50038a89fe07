/** Requirements of HTTP for every route: upgrades, targets, methods, media types and codings (RFC 9110, RFC 9112). */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedBy } from '../../src/server/http/headers/accept.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { postForm } from '../support/upload.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ config: { graphiql: true } });
});
afterAll(() => stack[Symbol.asyncDispose]());

const query = '{ me { displayName } }';
const me = '{"data":{"me":{"displayName":"Ada Lovelace"}}}';
const authorization = `authorization: ${basic('ada')}`;

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Sends bytes as they are, and reads what comes back until the connection ends.
 * @param until Text after which `next` is sent, or without one the connection is ended.
 */
async function exchange(bytes: string | Buffer, until?: string, next?: Buffer): Promise<string> {
  const { hostname, port } = new URL(stack.gateway.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.write(bytes);
  let text = '';
  let isAnswered = until === undefined;
  for await (const chunk of socket) {
    text += String(chunk);
    if (isAnswered || !text.includes(until ?? '')) continue;
    isAnswered = true;
    if (next === undefined) break;
    socket.write(next);
  }
  socket.destroy();
  return text;
}

function answerIn(text: string): Answer {
  const [head = '', ...body] = text.split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), head: head.toLowerCase(), body: body.join('\r\n\r\n') };
}

interface RawRequest {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

function textOf({ method = 'GET', target = '/graphql', headers = [], body = '' }: RawRequest, last = true): Buffer {
  const content = Buffer.from(body);
  const host = headers.some((line) => line.toLowerCase().startsWith('host:')) ? [] : ['host: gateway.example.org'];
  const type = headers.some((line) => line.startsWith('content-type:')) ? [] : ['content-type: application/json'];
  const length = content.length > 0 ? [...type, `content-length: ${content.length}`] : [];
  const connection = headers.some((line) => line.startsWith('connection:')) || !last ? [] : ['connection: close'];
  const lines = [`${method} ${target} HTTP/1.1`, ...host, ...connection, ...length, ...headers, '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), content]);
}

const ask = async (request: RawRequest) => answerIn(await exchange(textOf(request)));

const getTarget = `/graphql?query=${encodeURIComponent(query)}`;
const json = JSON.stringify({ query });

describe('an offer to upgrade to HTTP/2', () => {
  /** As curl --http2 and Java's HttpClient send it. */
  const upgrade = [
    'connection: Upgrade, HTTP2-Settings',
    'upgrade: h2c',
    'http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  ];
  const events = 'accept: text/event-stream';

  it.each<readonly [string, RawRequest, string]>([
    ['POST', { method: 'POST', headers: [authorization], body: json }, me],
    ['GET', { target: getTarget, headers: [authorization] }, me],
    ['SSE by POST', { method: 'POST', headers: [authorization, events], body: json }, me],
    ['SSE by GET', { target: getTarget, headers: [authorization, events] }, me],
    ['the page', { headers: ['accept: text/html'] }, '<title>TigerConnect GraphQL</title>'],
    ['/healthz', { target: '/healthz' }, 'ok'],
    ['/readyz', { target: '/readyz' }, 'ready'],
    ['/metrics', { target: '/metrics' }, '# HELP'],
    ['an attachment', { target: `/attachments/${'0'.repeat(36)}/1`, headers: [authorization] }, 'NOT_FOUND'],
  ])('is ignored, and %s is answered', async (_name, request, expected) => {
    // A response to the second request shows that the connection still speaks HTTP/1.1.
    const first = textOf({ ...request, headers: [...upgrade, ...(request.headers ?? [])] });
    const text = await exchange(first, expected, textOf({ target: '/healthz' }));
    expect(text).toMatch(/^HTTP\/1\.1 (200|404) /);
    expect(text).not.toMatch(/^upgrade:/im);
    expect(text).toContain(expected);
    expect(text.split('HTTP/1.1 ')).toHaveLength(3);
  });

  it('is ignored for an upload', async () => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query }));
    form.set('map', '{}');
    const encoded = new Response(form);
    const content = Buffer.from(await encoded.arrayBuffer());
    const head = [
      'POST /graphql HTTP/1.1',
      'host: x',
      ...upgrade,
      authorization,
      `content-type: ${encoded.headers.get('content-type')}`,
      `content-length: ${content.length}`,
    ];
    const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content]);
    expect(await exchange(bytes, me)).toContain(me);
  });

  it('is ignored in a chunked request', async () => {
    const head = textOf({
      method: 'POST',
      headers: [...upgrade, authorization, 'content-type: application/json', 'transfer-encoding: chunked'],
    });
    const chunked = `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`;
    expect(await exchange(Buffer.concat([head, Buffer.from(chunked)]), me)).toContain(me);
  });

  it('is ignored when it is to a WebSocket in a POST', async () => {
    const headers = ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', authorization];
    const text = await exchange(textOf({ method: 'POST', headers, body: json }), me, textOf({ target: '/healthz' }));
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain(me);
  });

  it('does not affect WebSockets', async () => {
    const socket = await openAcknowledged(stack.gateway.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect(await socket.message('next', '1')).toMatchObject({ payload: JSON.parse(me) });
    socket.socket.close();
  });
});

describe('an upgrade to a WebSocket', () => {
  const headers = [
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol: graphql-transport-ws',
  ];
  const asked = textOf({ method: 'POST', headers: [authorization], body: json }, false);

  it('that is pipelined behind unanswered requests ends the connection after their responses', async () => {
    const text = await exchange(Buffer.concat([asked, asked, textOf({ headers })]));
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(text.endsWith(me)).toBe(true);
  });

  it('is answered on a connection whose requests have been answered', async () => {
    const closing = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);
    expect(await exchange(asked, me, Buffer.concat([textOf({ headers }), closing]))).toContain('HTTP/1.1 101 ');
  });

  it.each([
    ['a length', textOf({ headers, body: 'hello' })],
    ['chunks', textOf({ headers: [...headers, 'transfer-encoding: chunked'] })],
  ])('is rejected with a body in %s, which would be read as frames', async (_name, bytes) => {
    expect(answerIn(await exchange(bytes)).status).toBe(400);
  });
});

describe('the target of a request', () => {
  it.each<readonly [string, RawRequest, string]>([
    [
      'POST',
      { method: 'POST', target: 'http://gateway.example.org/graphql', headers: [authorization], body: json },
      me,
    ],
    ['GET', { target: `HTTP://gateway.example.org${getTarget}`, headers: [authorization] }, me],
    [
      'the page',
      { target: 'http://gateway.example.org:80/graphql', headers: ['accept: text/html'] },
      '<!doctype html>',
    ],
    ['/healthz', { target: 'https://gateway.example.org/healthz' }, 'ok'],
    ['a host alone', { target: 'http://gateway.example.org' }, ''],
    [
      'an attachment',
      { target: `http://gateway.example.org/attachments/${'0'.repeat(36)}/1`, headers: [authorization] },
      'NOT_FOUND',
    ],
  ])('may be a whole address: %s', async (_name, request, expected) => {
    const { status, body } = await ask(request);
    expect([200, 302, 404]).toContain(status);
    expect(body.toLowerCase()).toContain(expected.toLowerCase());
  });

  it('may be a whole address for a WebSocket', async () => {
    const text = await exchange(
      textOf({
        target: 'http://gateway.example.org/graphql',
        headers: [
          'connection: upgrade',
          'upgrade: WebSocket',
          'sec-websocket-version: 13',
          'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
          // No subprotocol: the socket is taken, and closed with the reason.
        ],
      }),
      '\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
  });

  it('determines the host that an origin is compared with, whatever Host contains', async () => {
    const target = 'http://gateway.example.org/graphql';
    const from = (origin: string, host: string) =>
      ask({ method: 'POST', target, headers: [authorization, `host: ${host}`, `origin: ${origin}`], body: json });
    expect((await from('http://gateway.example.org', 'other.example.org')).status).toBe(200);
    expect((await from('http://other.example.org', 'other.example.org')).status).toBe(403);
  });

  it.each<readonly [string, RawRequest]>([
    ['POST', { method: 'POST', headers: [authorization, 'host: a', 'host: b'], body: json }],
    ['POST, twice the same', { method: 'POST', headers: [authorization, 'Host: a', 'host: a'], body: json }],
    ['GET', { target: getTarget, headers: [authorization, 'host: a', 'host: b'] }],
    [
      'SSE',
      { method: 'POST', headers: [authorization, 'accept: text/event-stream', 'host: a', 'host: b'], body: json },
    ],
    ['/healthz', { target: '/healthz', headers: ['host: a', 'host: b'] }],
    ['/metrics', { target: '/metrics', headers: ['host: a', 'host: b'] }],
    ['the page', { headers: ['accept: text/html', 'host: a', 'host: b'] }],
    ['an attachment', { target: `/attachments/${'0'.repeat(36)}/1`, headers: [authorization, 'host: a', 'host: b'] }],
    [
      'WebSocket',
      { headers: ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'host: a', 'host: b'] },
    ],
    ['no host at all', { target: 'http:///graphql' }],
    ['another protocol', { target: 'ftp://gateway.example.org/graphql' }],
  ])('is rejected with 400 when its host is ambiguous: %s', async (_name, request) => {
    expect((await ask(request)).status).toBe(400);
  });

  const two = [authorization, `Authorization: ${basic('grace')}`];
  it.each<readonly [string, RawRequest]>([
    ['POST', { method: 'POST', headers: two, body: json }],
    ['GET', { target: getTarget, headers: two }],
    ['SSE', { method: 'POST', headers: [...two, 'accept: text/event-stream'], body: json }],
    ['an attachment', { target: `/attachments/${'0'.repeat(36)}/1`, headers: two }],
    ['WebSocket', { headers: ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', ...two] }],
  ])(
    'is rejected with 400 when two credentials are sent, of which a proxy may have checked either: %s',
    async (_name, request) => {
      const calls = stack.sandbox.requests.count();
      expect((await ask(request)).status).toBe(400);
      expect(stack.sandbox.requests.count()).toBe(calls);
    },
  );
});

describe('a method that a path does not support', () => {
  it.each([
    ['/graphql', 'PUT', 'get, post, options'],
    ['/graphql', 'DELETE', 'get, post, options'],
    ['/graphql', 'HEAD', 'get, post, options'],
    ['/healthz', 'POST', 'get, head'],
    ['/readyz', 'DELETE', 'get, head'],
    ['/metrics', 'PUT', 'get, head'],
    ['/graphql/graphiql.js', 'POST', 'get, head'],
    [`/attachments/${'0'.repeat(36)}/1`, 'PUT', 'get, head'],
    ['/', 'POST', 'get, head'],
  ])('%s %s is answered with 405 and the supported ones', async (target, method, allow) => {
    const { status, head, body } = await ask({ method, target });
    expect(status).toBe(405);
    expect(head).toContain(`\r\nallow: ${allow}`);
    if (method !== 'HEAD') expect(body).toContain('This path takes ');
  });

  it('is reported without GET when GET and the page are disabled', async () => {
    await using closed = await startStack({ config: { httpGet: false, graphiql: false } });
    const { status, headers } = await fetch(`${closed.gateway.url}/graphql`, { method: 'PUT' });
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it.each(['/healthz', '/metrics', '/graphql/graphiql.js'])('is never HEAD for %s', async (target) => {
    expect(await ask({ method: 'HEAD', target })).toMatchObject({ status: 200, body: '' });
  });
});

describe('Accept', () => {
  const modern = 'application/graphql-response+json';
  const legacy = 'application/json';
  const events = 'text/event-stream';
  const parts = 'multipart/mixed;subscriptionSpec=1.0';
  const cases: readonly (readonly [string, string])[] = [
    ['', legacy],
    ['*/*', legacy],
    [`${modern};q=0, ${legacy}`, legacy],
    [`${legacy};q=0, ${modern}`, modern],
    [`${legacy};q=0, */*`, modern],
    [`${modern};q=0,*/*;q=0.1`, legacy],
    [`${legacy};q=0.5, ${modern}`, modern],
    [`${modern};q=0.5, ${legacy};q=0.9`, legacy],
    [`${modern}, ${legacy};q=0.9`, modern],
    [`${legacy}, ${modern}`, legacy],
    [`${modern.toUpperCase()} ; Q=0.8, ${legacy} ; q=0.7`, modern],
    [`${legacy}; charset=utf-8; q=0.2, ${modern}; charset=utf-8; q=0.3`, modern],
    [`application/*, ${legacy};q=0`, modern],
    [`${events};q=0, ${legacy}`, legacy],
    [`${events};q=0.1, ${legacy};q=0.2`, legacy],
    [`${events};q=0.3, ${legacy};q=0.2`, events],
    [`${modern}, application/graphql+json, ${legacy}, ${events}, multipart/mixed`, modern],
    [events, events],
    [`${parts}, ${modern}, ${legacy};q=0.9`, modern],
    [`${parts}, ${legacy}`, legacy],
    [parts, modern],
    ['multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json', modern],
    ['multipart/mixed; boundary="a,b;c"; SubscriptionSpec="1.0"', modern],
    [`${legacy};q=0, ${parts}`, modern],
    [`${parts};q=0.1, ${events};q=0.2`, events],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', legacy],
  ];

  it.each(cases)('%j is answered as %s, over POST and GET', async (accept, expected) => {
    const isPage = accept.startsWith('text/html');
    for (const request of [{ method: 'POST', body: json }, { target: getTarget }]) {
      const { status, head } = await ask({ ...request, headers: [authorization, `accept: ${accept}`] });
      expect(status).toBe(200);
      expect(head).toContain(`content-type: ${isPage && request.method !== 'POST' ? 'text/html' : expected}`);
    }
  });

  it('of a hostile shape takes time in proportion to its length', async () => {
    const parameters = [';subscriptionSpec=', ';subscriptionSpec="', ';q=', ';'];
    const accepts = parameters.flatMap((name) => [' ', '\t', '"', 'a'].map((filling) => name + filling.repeat(15_000)));
    const before = process.cpuUsage();
    for (const accept of accepts) acceptedBy(`multipart/mixed${accept}`);
    const { user } = process.cpuUsage(before);
    // Half a second for each of the sixteen, when it grew with the square.
    expect(user / 1_000).toBeLessThan(500);
  });

  it.each([`${legacy};q=0`, '*/*;q=0', 'image/png', `${modern};q=0, ${events};q=0.0`])(
    '%j accepts no type of the gateway: 406',
    async (accept) => {
      for (const request of [{ method: 'POST', body: json }, { target: getTarget }]) {
        const answer = await ask({ ...request, headers: [authorization, `accept: ${accept}`] });
        expect(answer.status).toBe(406);
        expect(answer.body).toContain('application/graphql-response+json, application/json, and for subscriptions');
      }
    },
  );

  it.each([
    ['text/html;q=0, application/json', 'application/json'],
    ['application/json, text/html;q=0.5', 'application/json'],
    ['text/html, */*;q=0.1', 'text/html'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'text/html'],
  ])('%j in a URL with a query is answered as %s', async (accept, expected) => {
    const { head } = await ask({ target: getTarget, headers: [authorization, `accept: ${accept}`] });
    expect(head).toContain(`content-type: ${expected}`);
  });

  it.each([
    [`${legacy}, ${events}`, events],
    [`${legacy}, ${parts}`, parts],
    [`${parts}, ${events}`, parts],
    [`${parts};q=0.8, ${events}`, events],
    [`${events}, multipart/mixed`, events],
    ['multipart/mixed;boundary="-,-";subscriptionSpec="1.0";q=0.5, application/json', parts],
  ])('%j gets a subscription in the stream that it names and prefers', async (accept, type) => {
    const body = JSON.stringify({ query: 'subscription { connectionStatus { state } }' });
    const headers = { 'content-type': 'application/json', authorization: basic('ada'), accept };
    const abort = new AbortController();
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body,
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')?.replace('boundary="graphql";', '')).toBe(type);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).not.toBeNull();
    abort.abort();
  });
});

describe('a request of a page on another origin', () => {
  it.each([
    ['/graphql', 'application/graphql-response+json', 'application/graphql-response+json'],
    ['/graphql', '*/*', 'application/json'],
    ['/graphql', 'text/event-stream', 'application/graphql-response+json'],
    [`/attachments/${'0'.repeat(36)}/1`, 'application/graphql-response+json', 'application/json'],
  ])('to %s that accepts %s is rejected as %s', async (target, accept, type) => {
    for (const method of ['GET', 'POST']) {
      const { status, head, body } = await ask({
        method,
        target,
        headers: ['origin: https://other.example', `accept: ${accept}`],
      });
      expect(status).toBe(403);
      expect(head).toContain(`content-type: ${type};`);
      expect(body).toContain('"code":"FORBIDDEN"');
    }
  });
});

describe('a request that no client of GraphQL sends', () => {
  const type = (name: string) => `content-type: ${name}`;
  it.each<[string, RawRequest, number, string]>([
    [
      'a form',
      { method: 'POST', body: 'query=x', headers: [type('application/x-www-form-urlencoded')] },
      415,
      'application/json',
    ],
    [
      'a coded body',
      { method: 'POST', body: json, headers: [type('application/json'), 'content-encoding: gzip'] },
      415,
      'unencoded',
    ],
    [
      'a client of pictures',
      { method: 'POST', body: json, headers: [type('application/json'), 'accept: image/png'] },
      406,
      'application/graphql-response+json',
    ],
    [
      'an upload for an event stream',
      {
        method: 'POST',
        body: '--b--',
        headers: [type('multipart/form-data; boundary=b'), 'accept: text/event-stream'],
      },
      406,
      'uploads',
    ],
    ['another method', { method: 'PUT', body: json, headers: [type('application/json')] }, 405, 'GET, POST, OPTIONS'],
    [
      'a mutation in a URL',
      { target: `/graphql?query=${encodeURIComponent('mutation { unmuteAll { count } }')}` },
      405,
      'POST',
    ],
  ])('gets an error with code and request id: %s', async (_name, request, status, expected) => {
    const answer = await ask({
      ...request,
      headers: [...(request.headers ?? []), authorization, 'x-request-id: mine'],
    });
    expect(answer.status).toBe(status);
    const { errors } = JSON.parse(answer.body);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', requestId: 'mine', retryable: false } }]);
    expect(errors[0].message).toContain(expected);
  });
});

describe('an event stream', () => {
  it.each(['GET', 'POST'])('by %s has headers against buffering in proxies', async (method) => {
    for (const text of [query, 'subscription { connectionStatus { state } }']) {
      const abort = new AbortController();
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json', authorization: basic('ada') };
      const response =
        method === 'GET'
          ? await fetch(`${stack.gateway.url}/graphql?${new URLSearchParams({ query: text })}`, {
              headers,
              signal: abort.signal,
            })
          : await fetch(`${stack.gateway.url}/graphql`, {
              method,
              headers,
              body: JSON.stringify({ query: text }),
              signal: abort.signal,
            });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      expect(response.headers.get('x-accel-buffering')).toBe('no');
      expect(response.headers.get('cache-control')).toBe('no-store');
      abort.abort();
    }
  });
});

describe('a body', () => {
  it.each(['gzip', 'br', 'GZIP', 'gzip, identity', 'unheard-of'])(
    'coded as %s is rejected with 415',
    async (coding) => {
      const body = gzipSync(json);
      for (const more of [[], ['accept: text/event-stream']]) {
        const answer = await ask({
          method: 'POST',
          body,
          headers: [authorization, `content-encoding: ${coding}`, ...more],
        });
        expect(answer.status).toBe(415);
        expect(answer.head).toContain('\r\naccept-encoding: identity');
      }
    },
  );

  it('of an upload that is coded is rejected with 415', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-encoding': 'gzip' };
    const response = await fetch(`${stack.gateway.url}/graphql`, { method: 'POST', headers, body: gzipSync('--x--') });
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
  });

  it('with the coding identity is accepted', async () => {
    const headers = [authorization, 'content-encoding: identity'];
    expect((await ask({ method: 'POST', body: json, headers })).body).toBe(me);
  });

  it('may begin with a byte order mark, over every transport', async () => {
    const marked = `\ufeff${json}`;
    expect((await ask({ method: 'POST', body: marked, headers: [authorization] })).body).toBe(me);
    const events = await ask({ method: 'POST', body: marked, headers: [authorization, 'accept: text/event-stream'] });
    expect(events.body).toContain(me);
    const variables = encodeURIComponent('\ufeff{}');
    expect((await ask({ target: `${getTarget}&variables=${variables}`, headers: [authorization] })).body).toBe(me);
    const form = new FormData();
    form.set('operations', marked);
    form.set('map', '\ufeff{}');
    expect((await postForm(stack.gateway.url, form)).data).toEqual(JSON.parse(me).data);
    const socket = await openAcknowledged(stack.gateway.url);
    socket.send(`\ufeff${JSON.stringify({ type: 'subscribe', id: '1', payload: { query } })}`);
    expect(await socket.message('next', '1')).toMatchObject({ payload: JSON.parse(me) });
    socket.socket.close();
  });
});

describe('bytes that are not UTF-8', () => {
  const broken = [
    ['ff fe c0 80', Buffer.from([0xff, 0xfe, 0xc0, 0x80])],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['half a character', Buffer.from([0xe2, 0x82])],
  ] as const;
  const bodyWith = (bytes: Buffer) =>
    Buffer.concat([Buffer.from('{"query":"{ user(id: \\"'), bytes, Buffer.from('\\") { id } }"}')]);

  it.each(broken)('(%s) are rejected with 400 over POST and SSE', async (_name, bytes) => {
    for (const more of [[], ['accept: text/event-stream']]) {
      const { status, body } = await ask({ method: 'POST', body: bodyWith(bytes), headers: [authorization, ...more] });
      expect(body).toContain('"body: expected text in UTF-8."');
      expect(status).toBe(400);
    }
  });

  it.each(broken)('(%s) are rejected with 400 in a URL', async (_name, bytes) => {
    const escaped = [...bytes].map((byte) => `%${byte.toString(16)}`).join('');
    for (const accept of ['application/json', 'text/event-stream']) {
      const target = `/graphql?query=%7Bme%7Bid%7D%7D&variables=%7B%22a%22:%22${escaped}%22%7D`;
      const { status, body } = await ask({ target, headers: [authorization, `accept: ${accept}`] });
      expect(body).toContain('"query: expected text in UTF-8."');
      expect(status).toBe(400);
    }
  });

  it.each(broken)('(%s) close a WebSocket, in a text or a binary frame', async (_name, bytes) => {
    const frame = Buffer.concat([Buffer.from('{"type":"ping","payload":{"a":"'), bytes, Buffer.from('"}}')]);
    for (const binary of [false, true]) {
      const { socket, closed } = await openAcknowledged(stack.gateway.url);
      socket.send(frame, { binary });
      expect((await closed)[0]).toBe(1007);
    }
  });

  it('are distinguished from text that contains the replacement character', async () => {
    const body = JSON.stringify({ query, variables: { unused: '\ufffd' } });
    expect((await ask({ method: 'POST', body, headers: [authorization] })).body).toBe(me);
    const target = `${getTarget}&variables=${encodeURIComponent('{"unused":"\ufffd 100%"}').replace('%25', '%')}`;
    expect((await ask({ target, headers: [authorization] })).body).toBe(me);
  });
});

describe('a parameter that a URL contains twice', () => {
  const twice = (name: string, first: string, second: string) =>
    `${name}=${encodeURIComponent(first)}&${name}=${encodeURIComponent(second)}`;
  it.each([
    ['query', twice('query', query, '{ me { id } }')],
    ['variables', `query=${encodeURIComponent(query)}&${twice('variables', '{}', '{"a":1}')}`],
    ['operationName', `query=${encodeURIComponent(query)}&${twice('operationName', '', 'A')}`],
    ['extensions', `query=${encodeURIComponent(query)}&${twice('extensions', '{}', '{}')}`],
  ])('is rejected by name, because a proxy may have checked the other one: %s', async (field, parameters) => {
    for (const accept of ['application/graphql-response+json', 'text/event-stream']) {
      const headers = { authorization: basic('ada'), accept };
      const response = await fetch(`${stack.gateway.url}/graphql?${parameters}`, { headers });
      const text = await response.text();
      expect(text).toContain('"BAD_USER_INPUT"');
      expect(text).toContain(`"field":"${field}"`);
    }
  });
});

describe('an empty operationName', () => {
  it('counts as absent, over every transport', async () => {
    const sent = { query: `query Named ${query}`, operationName: '' };
    expect((await ask({ method: 'POST', body: JSON.stringify(sent), headers: [authorization] })).body).toBe(me);
    const target = `/graphql?${new URLSearchParams(sent)}`;
    for (const accept of ['application/json', 'text/event-stream']) {
      expect((await ask({ target, headers: [authorization, `accept: ${accept}`] })).body).toContain(me);
    }
    const events = [authorization, 'accept: text/event-stream'];
    expect((await ask({ method: 'POST', body: JSON.stringify(sent), headers: events })).body).toContain(me);
    const form = new FormData();
    form.set('operations', JSON.stringify(sent));
    form.set('map', '{}');
    expect((await postForm(stack.gateway.url, form)).data).toEqual(JSON.parse(me).data);
    const socket = await openAcknowledged(stack.gateway.url);
    socket.send({ type: 'subscribe', id: '1', payload: sent });
    expect(await socket.message('next', '1')).toMatchObject({ payload: JSON.parse(me) });
    socket.socket.close();
  });

  it('does not choose among several operations', async () => {
    const { errors } = await (
      await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic('ada') },
        body: JSON.stringify({ query: `query A ${query} query B ${query}`, operationName: '' }),
      })
    ).json();
    expect(errors[0].extensions.code).toBe('OPERATION_RESOLUTION_FAILURE');
  });
});
