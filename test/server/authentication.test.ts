import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { present } from '../support/present.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const query = '{ me { displayName } }';

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

/** The same operation over each transport, with the credential where that transport carries it. */
const transports: Readonly<
  Record<string, (stack: Stack, operation: string, authorization: string | undefined) => Promise<Answer>>
> = {
  async POST({ gateway }, operation, authorization) {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body: JSON.stringify({ query: operation }),
    });
    return (await response.json()) as Answer;
  },
  async GET({ gateway }, operation, authorization) {
    const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(operation)}`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    return (await response.json()) as Answer;
  },
  async SSE({ gateway }, operation, authorization) {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({ query: operation }),
    });
    return JSON.parse(/^data: (\{.*)$/m.exec(await response.text())?.[1] ?? 'null');
  },
  'WebSocket, connectionParams': ({ gateway }, operation, authorization) =>
    overWebSocket(
      createClient({
        url: `${gateway.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(authorization === undefined ? {} : { connectionParams: { Authorization: authorization } }),
      }),
      { query: operation },
    ),
  'WebSocket, GraphiQL’s extensions': ({ gateway }, operation, authorization) =>
    overWebSocket(
      createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 }),
      {
        query: operation,
        extensions: authorization === undefined ? {} : { headers: { Authorization: authorization } },
      },
    ),
};

async function overWebSocket(
  client: Client,
  payload: { query: string; extensions?: Record<string, unknown> },
): Promise<Answer> {
  try {
    for await (const result of client.iterate(payload)) return result as Answer;
    return {};
  } catch (error) {
    if (Array.isArray(error)) return { errors: error };
    throw error;
  } finally {
    await client.dispose();
  }
}

describe.each(Object.keys(transports))('authentication over %s', (name) => {
  let stack: Stack;
  const ask = (operation: string, authorization: string | undefined) => {
    const transport = transports[name];
    if (transport === undefined) throw new Error(name);
    return transport(stack, operation, authorization);
  };
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('accepts a valid credential', async () => {
    expect(await ask(query, basic('grace'))).toEqual({ data: { me: { displayName: 'Grace Hopper' } } });
  });

  it('reads nothing without a credential, and makes no upstream call', async () => {
    await countFromHere(stack);
    const { data, errors } = await ask(query, undefined);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it('reports that the upstream rejected the credential', async () => {
    const { data, errors } = await ask(query, basic('ada', 'wrong'));
    expect(data).toEqual({ me: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  });

  it('gives every error a request id', async () => {
    const { errors } = await ask(query, undefined);
    expect(errors?.[0]?.extensions['requestId']).toMatch(/^[\w-]{36}$/);
  });
});

describe.each(Object.keys(transports))('signing in over %s', (name) => {
  let stack: Stack;
  let proxy: RecordingProxy;
  beforeAll(async () => {
    stack = await startStack({
      between: async (sandboxUrl) => {
        proxy = await startRecordingProxy(sandboxUrl);
        return proxy;
      },
    });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });
  const signIn = (password: string) =>
    `mutation { signIn(input: { userId: "grace", password: "${password}" }) { key secret user { displayName } } }`;
  const ask = (operation: string, authorization: string | undefined) => {
    const transport = transports[name];
    if (transport === undefined) throw new Error(name);
    return transport(stack, operation, authorization);
  };

  it.each<readonly [string, string | undefined]>([
    ['no credential', undefined],
    ['Basic of another person', basic('ada')],
    ['Basic that is good no more', basic('ada', 'stale')],
    ['Bearer', 'Bearer stale'],
    // A malformed one closes the socket that it was sent over, even for an operation that needs none.
    ...(name === 'WebSocket, connectionParams'
      ? []
      : ([
          ['Basic without a pair, as the page has it before it is filled in', 'Basic '],
          ['another scheme', 'Digest username="ada"'],
        ] as const)),
  ])('uses the input alone beside %s', async (_what, authorization) => {
    const before = proxy.requests.length;
    const rejected = await ask(signIn('wrong'), authorization);
    if (name === 'GET') {
      expect(rejected.errors).toMatchObject([{ message: 'Mutations have to be sent with POST.' }]);
      expect(proxy.requests).toHaveLength(before);
      return;
    }
    expect(rejected.data).toEqual({ signIn: null });
    expect(rejected.errors).toMatchObject([
      {
        message: 'The upstream rejected the user id or the password.',
        extensions: { code: 'UNAUTHENTICATED', retryable: false, field: 'input' },
      },
    ]);
    const { data, errors } = (await ask(signIn('demo'), authorization)) as {
      data: { signIn: { key: string; secret: string; user: object } };
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    expect(data.signIn.user).toEqual({ displayName: 'Grace Hopper' });
    for (const { headers } of proxy.requests.slice(before)) {
      const [sent, ...others] = headers.filter(([header]) => header === 'authorization');
      expect([basic('grace', 'wrong'), basic('grace')]).toContain(sent?.[1]);
      expect(others).toEqual([]);
    }
    // The key pair is Grace's alone.
    expect(await transports['POST']?.(stack, query, basic(data.signIn.key, data.signIn.secret))).toEqual({
      data: { me: { displayName: 'Grace Hopper' } },
    });
  });

  it('distinguishes a missing, a malformed and a rejected credential', async () => {
    const messageOf = async (authorization: string | undefined) => {
      const { errors } = await ask(query, authorization);
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      return errors?.[0]?.message;
    };
    const form = 'Authorization: expected Basic with base64 of key:secret, or Bearer with a token.';
    expect(await messageOf(undefined)).toBe(`No credential was sent. ${form}`);
    const rejected = 'The upstream rejected the credential.';
    const device = 'Beside a Bearer token it expects X-Device-ID: 1 to 200 visible characters of ASCII.';
    // Sent once, and then rejected by the gateway.
    for (let time = 0; time < 2; time++) {
      expect(await messageOf(basic('ada', 'wrong'))).toBe(rejected);
      expect(await messageOf('Bearer ada.demo')).toBe(`${rejected} ${device}`);
    }
    if (name !== 'WebSocket, connectionParams') expect(await messageOf('Basic ')).toBe(form);
  });
});

describe('signing in', () => {
  it('needs no credential and returns a key pair that is valid until signing out', async () => {
    await using stack = await startStack();
    const signedIn = await stack.query(
      'mutation { signIn(input: { userId: "grace@example.org", password: "demo" }) { key secret user { displayName } } }',
      {},
      null,
    );
    expect(signedIn.errors).toBeUndefined();
    const { key, secret, user } = present(signedIn.data).signIn;
    expect(user).toEqual({ displayName: 'Grace Hopper' });
    const ask = (operation: string) =>
      fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic(key, secret) },
        body: JSON.stringify({ query: operation }),
      }).then((response) => response.json() as Promise<Answer>);
    expect(await ask(query)).toEqual({ data: { me: { displayName: 'Grace Hopper' } } });
    expect(await ask('mutation { signOut { externalLogoutUrl } }')).toEqual({
      data: { signOut: { externalLogoutUrl: null } },
    });
    expect((await ask(query)).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('rejects a wrong password', async () => {
    await using stack = await startStack();
    const { errors } = await stack.query(
      'mutation { signIn(input: { userId: "grace", password: "wrong" }) { key } }',
      {},
      null,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
