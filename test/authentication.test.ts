import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { basic, type Stack, startStack } from './support/stack.ts';

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

  it('answers a good credential', async () => {
    expect(await ask(query, basic('grace'))).toEqual({ data: { me: { displayName: 'Grace Hopper' } } });
  });

  it('refuses to read anything without a credential, and asks the upstream nothing', async () => {
    stack.sandbox.requests.reset();
    const { data, errors } = await ask(query, undefined);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it('passes on that the upstream refused the credential', async () => {
    const { data, errors } = await ask(query, basic('ada', 'wrong'));
    expect(data).toEqual({ me: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  });

  it('gives every error a request id', async () => {
    const { errors } = await ask(query, undefined);
    expect(errors?.[0]?.extensions['requestId']).toMatch(/^[\w-]{36}$/);
  });
});

describe('signing in', () => {
  it('needs no credential and gives a key pair that is good until signing out', async () => {
    await using stack = await startStack();
    const signedIn = await stack.query(
      'mutation { signIn(input: { userId: "grace@example.org", password: "demo" }) { key secret user { displayName } } }',
      {},
      null,
    );
    expect(signedIn.errors).toBeUndefined();
    const { key, secret, user } = (
      signedIn.data as unknown as { signIn: { key: string; secret: string; user: object } }
    ).signIn;
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

  it('refuses a wrong password', async () => {
    await using stack = await startStack();
    const { errors } = await stack.query(
      'mutation { signIn(input: { userId: "grace", password: "wrong" }) { key } }',
      {},
      null,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
