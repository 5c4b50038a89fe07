import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { basic, type Stack, startStack } from '../support/stack.ts';

async function rejectionOf(stack: Stack, query: string, variables?: object) {
  stack.sandbox.requests.reset();
  const { errors, data } = await stack.query(query, variables);
  expect(data).toBeUndefined();
  expect(stack.sandbox.requests.count()).toBe(0);
  return { code: errors?.[0]?.extensions['code'], message: errors?.[0]?.message };
}

const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');
const code = 'OPERATION_TOO_COMPLEX';

describe('limits on operations', () => {
  it('rejects aliases, directives, depth, fields and root fields above their bounds, naming the bound', async () => {
    await using stack = await startStack();
    expect(await rejectionOf(stack, `{ ${many(51, (n) => `a${n}: __typename`)} }`)).toEqual({
      code,
      message: 'The operation has more than 50 aliases.',
    });
    expect(await rejectionOf(stack, `{ ${many(51, () => '__typename @include(if: true)')} }`)).toEqual({
      code,
      message: 'The operation has more than 50 directives.',
    });
    const deep = `${'createdBy { autoForwardTo { '.repeat(1)}${'autoForwardTo { '.repeat(14)} id ${'} '.repeat(16)}`;
    expect(await rejectionOf(stack, `{ group(id: "x") { ${deep} } }`)).toEqual({
      code,
      message: 'The operation has more than 15 levels of fields.',
    });
    expect(await rejectionOf(stack, `{ ${many(31, (n) => `a${n}: me { id }`)} }`)).toEqual({
      code,
      message: 'The operation has more than 30 root fields.',
    });
    expect(await rejectionOf(stack, `{ me { ${many(1001, () => 'id')} } }`)).toMatchObject({ code });
  });

  it('counts a fragment at each spread', async () => {
    await using stack = await startStack();
    const fragments = many(10, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
    const query = `{ ...F0 } ${fragments} fragment F10 on Query { me { id } }`;
    expect(await rejectionOf(stack, query)).toEqual({ code, message: 'The operation has more than 1000 fields.' });
  });

  it('rejects a document of too many tokens before parsing ends', async () => {
    await using stack = await startStack();
    expect(await rejectionOf(stack, `{ ${many(3000, () => '__typename')} }`)).toEqual({
      code,
      message: 'The operation has more than 2000 tokens.',
    });
  });

  it('estimates the upstream calls of an operation with its variables, and reports cost and limit', async () => {
    await using stack = await startStack({ config: { maxUpstreamCalls: 30 } });
    const query =
      'query ($first: Int) { roster { entries(first: $first) { nodes { counterpart { ... on Group { members(first: 20) { nodes { displayName } } } } } } } }';
    expect(await rejectionOf(stack, query, { first: 15 })).toEqual({
      code,
      message:
        'The operation may cause 32 upstream calls; the limit is 30. Most of them, 30, are for roster.entries.nodes.counterpart.members: lower roster.entries(first: 15) or roster.entries.nodes.counterpart.members(first: 20).',
    });
    expect((await stack.query(query, { first: 14 })).errors).toBeUndefined();
    expect(
      await rejectionOf(stack, 'query ($ids: [ID!]!) { messages(ids: $ids) { body } }', {
        ids: Array.from({ length: 31 }, () => 'x'),
      }),
    ).toEqual({
      code,
      message:
        'The operation may cause 31 upstream calls; the limit is 30. Most of them, 31, are for messages: lower messages(ids: [31 items]).',
    });
    const repeated = `{ ${many(16, (n) => `a${n}: message(id: "John") { id body conversation { unreadCount } }`)} }`;
    const { message = '' } = (await rejectionOf(stack, repeated)) ?? {};
    expect(message).toMatch(/are for message[\w.]*, selected 16 times: select it in operations of their own\.$/);
  });

  it('rejects a credential over the rate limit with retryAfterSeconds, and no other', async () => {
    await using stack = await startStack({ config: { rateLimit: 2 } });
    for (let time = 0; time < 2; time++) expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    const { errors, headers } = await stack.query('{ me { id } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect(Number(errors?.[0]?.extensions['retryAfterSeconds'])).toBeGreaterThan(0);
    expect(headers.get('retry-after')).toBe(String(errors?.[0]?.extensions['retryAfterSeconds']));
    expect((await stack.query('{ me { id } }', {}, 'grace')).errors).toBeUndefined();
  });

  it('counts operations without a credential by address: one client does not keep others from signing in', async () => {
    await using stack = await startStack({ config: { rateLimit: 2 } });
    const query =
      'mutation { signIn(input: { userId: "ada@example.org", password: "demo" }) { user { displayName } } }';
    const signIn = async (localAddress: string, credential?: string) => {
      const headers = { 'content-type': 'application/json', ...(credential && { authorization: basic(credential) }) };
      const sent = request(`${stack.gateway.url}/graphql`, { method: 'POST', headers, localAddress });
      sent.end(JSON.stringify({ query }));
      const [response] = await once(sent, 'response');
      return JSON.parse(Buffer.concat(await response.toArray()).toString());
    };
    const signedIn = { data: { signIn: { user: { displayName: 'Ada Lovelace' } } } };
    for (let time = 0; time < 2; time++) expect(await signIn('127.0.0.1')).toEqual(signedIn);
    const limited = { code: 'RATE_LIMITED' };
    expect((await signIn('127.0.0.1')).errors[0].extensions).toMatchObject(limited);
    // An invented credential beside it is no way around the limit.
    expect((await signIn('127.0.0.1', 'invented')).errors[0].extensions).toMatchObject(limited);
    expect(await signIn('127.0.0.2')).toEqual(signedIn);
  });

  it.each([
    [
      'an API key',
      [
        { authorization: 'Basic YWRhOmRlbW8=' },
        { authorization: 'basic YWRhOmRlbW8=' },
        { authorization: 'BASIC    YWRhOmRlbW8' },
        { authorization: 'Basic YWRhOmRlbW9=' }, // the same bytes: the last two bits are unused
        { authorization: 'Basic YWRhOmRlbW8=', 'x-device-id': 'one' },
        { authorization: 'Basic YWRhOmRlbW8=', 'x-device-id': 'another' },
      ],
    ],
    [
      'a token',
      [
        { authorization: 'bearer  ada.demo', 'x-device-id': 'one' },
        { authorization: 'Bearer ada.demo', 'x-device-id': 'one' },
        { authorization: 'Bearer ada.demo', 'x-device-id': 'another' },
      ],
    ],
  ] as [string, Record<string, string>[]][])(
    'counts %s as one, in any spelling and with any device id',
    async (_name, spellings) => {
      await using stack = await startStack({ config: { rateLimit: spellings.length } });
      const ask = async (headers: Record<string, string>) => {
        const response = await fetch(`${stack.gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"query":"{ me { displayName } }"}',
        });
        return response.json();
      };
      for (const headers of spellings) {
        expect(await ask(headers), JSON.stringify(headers)).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });
      }
      for (const headers of spellings) {
        expect((await ask(headers)).errors[0].extensions, JSON.stringify(headers)).toMatchObject({
          code: 'RATE_LIMITED',
        });
      }
    },
  );

  it('rejects a body over the limit, whether its length is announced or not', async () => {
    await using stack = await startStack({ config: { maxBodyBytes: 2048 } });
    const big = JSON.stringify({ query: '{ me { id } }', variables: { padding: 'x'.repeat(4096) } });
    const announced = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: big,
    });
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
    const chunked = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    for (const body of [big, new Blob([big]).stream()]) {
      const streamed = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body,
        duplex: 'half',
      } as RequestInit);
      expect(streamed.status).toBe(413);
      const [, event = ''] = /^data: (\{.*)$/m.exec(await streamed.text()) ?? [];
      expect(JSON.parse(event)).toMatchObject({
        errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE', requestId: streamed.headers.get('x-request-id') } }],
      });
    }
  });
});

describe('limits on connections', () => {
  it('rejects operations above the bound on one socket, and continues the others', async () => {
    await using stack = await startStack({ config: { maxSocketOperations: 1 } });
    const client = createClient({
      url: `${stack.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: basic('ada') },
    });
    const ask = () =>
      new Promise<unknown>((resolve) => {
        client.subscribe(
          { query: '{ roster { entries { totalCount } } }' },
          { next: resolve, error: resolve, complete: () => undefined },
        );
      });
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(first).toMatchObject({ data: {} });
    expect(second).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    await client.dispose();
  });

  it('rejects connections of one address above the bound', async () => {
    await using stack = await startStack({ config: { maxConnectionsPerAddress: 1 } });
    const { hostname, port } = new URL(stack.gateway.url);
    const first = connect(Number(port), hostname);
    await once(first, 'connect');
    const second = connect(Number(port), hostname);
    await once(second, 'close');
    expect(first.destroyed).toBe(false);
    first.destroy();
  });
});

describe('browsers', () => {
  const ask = (stack: Stack, headers: Record<string, string>) =>
    fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic('ada'), ...headers },
      body: JSON.stringify({ query: '{ me { id } }' }),
    });

  it('rejects pages of other origins, on HTTP and on WebSocket, and allows its own and those that are configured', async () => {
    await using stack = await startStack({ config: { corsOrigins: ['https://chat.example.org'] } });
    expect((await ask(stack, { origin: 'https://evil.example.org' })).status).toBe(403);
    expect((await ask(stack, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).status).toBe(403);
    expect((await ask(stack, { origin: stack.gateway.url })).status).toBe(200);
    const allowed = await ask(stack, { origin: 'https://chat.example.org', 'sec-fetch-site': 'cross-site' });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://chat.example.org');

    const socket = new WebSocket(`${stack.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: 'https://evil.example.org',
    });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });

  it('rejects a form that a page of another origin sends, and follows its links', async () => {
    await using stack = await startStack({ config: { graphiql: true } });
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: '{ me { id } }' }));
    form.set('map', '{}');
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.arrayBuffer());
    /** Fetch would put its own words into the `Sec-Fetch-` headers. */
    const navigate = (method: string, headers: Record<string, string>, content?: Buffer) =>
      new Promise<number | undefined>((resolve, reject) => {
        const navigation = {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          authorization: basic('ada'),
        };
        request(`${stack.gateway.url}/graphql`, { method, headers: { ...navigation, ...headers } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end(content);
      });
    const origin = { origin: 'https://evil.example.org', 'content-type': encoded.headers.get('content-type') ?? '' };
    expect(await navigate('POST', origin, body)).toBe(403);
    expect(await navigate('POST', { ...origin, origin: 'null' }, body)).toBe(403);
    expect(await navigate('GET', { accept: 'text/html' })).toBe(200);
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it('answers preflights of allowed origins only', async () => {
    await using stack = await startStack({ config: { corsOrigins: ['https://chat.example.org'] } });
    const preflight = (origin: string) =>
      fetch(`${stack.gateway.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    expect((await preflight('https://chat.example.org')).headers.get('access-control-allow-headers')).toContain(
      'authorization',
    );
    expect((await preflight('https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('accepts no operation in a URL when GET is disabled', async () => {
    await using stack = await startStack({ config: { httpGet: false } });
    const response = await fetch(`${stack.gateway.url}/graphql?query={me{id}}`, {
      headers: { authorization: basic('ada') },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    const { errors } = await response.json();
    expect(errors).toEqual([
      {
        message: 'Operations have to be sent with POST.',
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String), retryable: false },
      },
    ]);
  });
});
