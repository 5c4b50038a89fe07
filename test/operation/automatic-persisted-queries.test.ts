/** Clients that send hashes in place of texts, with their own default settings, fall back to texts. */
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { documentId, MeDocument } from '../../src/documents.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, post, type Stack, startStack } from '../support/stack.ts';

const authorization = basic('ada');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const query = 'query Unregistered { me { displayName } }';
const ada = { me: { displayName: 'Ada Lovelace' } };

/** Counts what a client sends. */
function counted() {
  const requests: { readonly method: string; readonly hasText: boolean }[] = [];
  const send = (input: string | URL | Request, init?: RequestInit) => {
    const sent = `${decodeURIComponent(String(input))}${String(init?.body ?? '')}`;
    requests.push({ method: init?.method ?? 'GET', hasText: sent.includes('displayName') });
    return fetch(input, init);
  };
  return { requests, send };
}

describe.each(['off', 'allow'] as const)('with PERSISTED_OPERATIONS=%s', (mode) => {
  let stack: Stack;
  let url: string;
  beforeAll(async () => {
    stack = await startStack({ config: { persistedOperations: mode } });
    url = `${stack.gateway.url}/graphql`;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each([false, true])(
    'Apollo Client’s PersistedQueryLink works (useGETForHashedQueries: %s)',
    async (useGETForHashedQueries) => {
      const { requests, send } = counted();
      const client = new ApolloClient({
        link: ApolloLink.from([
          new PersistedQueryLink({ sha256, useGETForHashedQueries }),
          new HttpLink({ uri: url, headers: { authorization }, fetch: send }),
        ]),
        cache: new InMemoryCache(),
      });
      const ask = (text: string) => client.query({ query: gql(text), fetchPolicy: 'no-cache' });
      expect((await ask(query)).data).toMatchObject(ada);
      expect((await ask(query.replace('Unregistered', 'Another'))).data).toMatchObject(ada);
      const texts = requests.map(({ hasText }) => hasText);
      // Where no hash can be known the client gives up on them; where some are, each is tried.
      expect(texts).toEqual(mode === 'off' ? [false, true, true] : [false, true, false, true]);
      client.stop();
    },
  );

  it('urql’s persistedExchange works', async () => {
    const { requests, send } = counted();
    const exchanges = [persistedExchange(), fetchExchange];
    const client = new Client({ url, fetch: send, fetchOptions: { headers: { authorization } }, exchanges });
    const ask = (text: string) => client.query(text, {}, { requestPolicy: 'network-only' }).toPromise();
    expect(await ask(query)).toMatchObject({ data: ada, error: undefined });
    expect(await ask(query.replace('Unregistered', 'Another'))).toMatchObject({ data: ada, error: undefined });
    const texts = requests.map(({ hasText }) => hasText);
    expect(texts).toEqual(mode === 'off' ? [false, true, true] : [false, true, false, true]);
  });

  it('urql’s persistedExchange works over a WebSocket', async () => {
    const socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
    });
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [
        persistedExchange({ enableForSubscriptions: true }),
        subscriptionExchange({
          enableAllOperations: true,
          forwardSubscription: ({ query: text = '', ...request }) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe({ query: text, ...request } as never, sink as never),
            }),
          }),
        }),
      ],
    });
    expect(await client.query(query, {}).toPromise()).toMatchObject({ data: ada, error: undefined });
    await socket.dispose();
  });

  it('a registered hash is served when registered operations are on, and otherwise rejected with the message that clients expect', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: documentId(MeDocument).replace('sha256:', '') } };
    const error = { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } };
    const expected = mode === 'off' ? { errors: [error] } : { data: { me: { displayName: 'Ada Lovelace' } } };
    expect(await post(stack.gateway.url, { extensions })).toMatchObject(expected);
    const target = `${url}?${new URLSearchParams({ extensions: JSON.stringify(extensions) })}`;
    for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
      const text = await (await fetch(target, { headers: { authorization, accept } })).text();
      expect(JSON.parse(/^(?:data: )?(\{.*)$/m.exec(text)?.[1] ?? '{}')).toMatchObject(expected);
    }
    const socket = await openAcknowledged(stack.gateway.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: '', extensions } });
    if (mode === 'off') expect(await socket.message('error', '1')).toMatchObject({ payload: [error] });
    else expect(await socket.message('next', '1')).toMatchObject({ payload: expected });
    socket.socket.close();
  });

  it('a hash that is not a string is reported', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 7 } };
    const { errors } = await post(stack.gateway.url, { extensions });
    const expected =
      mode === 'off'
        ? { code: 'PERSISTED_QUERY_NOT_SUPPORTED' }
        : { code: 'BAD_USER_INPUT', field: 'extensions.persistedQuery.sha256Hash' };
    expect(errors?.[0]?.extensions).toMatchObject(expected);
  });
});

describe('with GET disabled', () => {
  it('a client that sends hashes by GET gets the error after which it sends texts', async () => {
    await using stack = await startStack({ config: { httpGet: false } });
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha256(query) } });
    const get = async (parameters: Readonly<Record<string, string>>) =>
      (await fetch(`${stack.gateway.url}/graphql?${new URLSearchParams(parameters)}`)).json();
    expect(await get({ extensions })).toMatchObject({ errors: [{ message: 'PersistedQueryNotSupported' }] });
    expect(await get({ extensions, query })).toMatchObject({
      errors: [{ message: 'Operations have to be sent with POST.' }],
    });
  });

  it('urql’s persistedExchange works with POST', async () => {
    await using stack = await startStack({ config: { httpGet: false } });
    const client = new Client({
      url: `${stack.gateway.url}/graphql`,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization } },
      exchanges: [persistedExchange({ preferGetForPersistedQueries: false }), fetchExchange],
    });
    expect(await client.query(query, {}).toPromise()).toMatchObject({ data: ada, error: undefined });
  });
});

describe('a document id when registered operations are off', () => {
  it('is rejected with an error that explains it', async () => {
    await using stack = await startStack();
    const { status, errors } = await post(stack.gateway.url, { documentId: documentId(MeDocument), variables: {} });
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message:
          'documentId: registered operations are switched off (PERSISTED_OPERATIONS); expected the text in query.',
        extensions: { code: 'BAD_USER_INPUT', field: 'documentId' },
      },
    ]);
  });
});
