/** Clients of front ends with their defaults, over real HTTP, with the typed documents of the package. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { ResultOf, TypedDocumentNode, VariablesOf } from '@graphql-typed-document-node/core';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { cacheExchange as graphCacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import { introspectionFromSchema, print } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { createClient } from 'graphql-ws';
import { SubscriptionClient } from 'subscriptions-transport-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import manifest from '../../schema/persisted-operations.json' with { type: 'json' };
import {
  ConversationDocument,
  type ConversationRowFragment,
  ConversationsDocument,
  documentId,
  GroupDocument,
  MeDocument,
  MessageReceivedDocument,
  NodeDocument,
  possibleTypes,
  RosterDocument,
  SearchDocument,
  SendMessageDocument,
  UserDocument,
} from '../../src/documents.ts';
import { schema } from '../../src/schema/index.ts';
import { clinics } from '../support/demo-tokens.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { within } from '../support/wait.ts';

const authorization = basic('ada');
let stack: Stack;
let url: string;
/** Only registered operations. */
let strict: Stack;
beforeAll(async () => {
  stack = await startStack();
  strict = await startStack({ config: { persistedOperations: 'only' } });
  url = `${stack.gateway.url}/graphql`;
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await strict[Symbol.asyncDispose]();
});

const firstGroup = (data: ResultOf<typeof RosterDocument> | undefined) => {
  const group = data?.roster.entries?.nodes[0]?.counterpart;
  return group?.__typename === 'Group' ? group : undefined;
};

const [hospital, contacts] = ['mercyGeneralHospital0001', 'UpM28mnfW65vJkbqEATtKvxm'];

/** Grace's titles as a client reads them: in each of two organizations, and in the hits of a search. */
async function titlesIn(
  user: (organization: string) => Promise<ResultOf<typeof UserDocument> | undefined>,
  search: () => Promise<ResultOf<typeof SearchDocument> | undefined>,
) {
  const users = [];
  for (const organization of [hospital, contacts]) users.push(await user(organization));
  const found = await search();
  return {
    users: users.map((data) => [data?.user?.membership?.organizationKey, data?.user?.membership?.title]),
    hits: found?.search?.edges.map(({ organizationKey, membership }) => [organizationKey, membership?.title]).sort(),
  };
}

/** The ids of Ada's conversations with Grace, one in each organization, each with a message of its own. */
async function conversationsWithGrace(): Promise<readonly string[]> {
  const { data } = await stack.query('{ me { id } user(id: "grace@example.org") { token } }');
  const { token } = (data as unknown as { user: { token: string } }).user;
  const ids = [hospital, clinics].map((organization) => `Conversation:${token}:${organization}`);
  const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
  for (const conversation of ids) await stack.query(send, { input: { conversation, body: `In ${conversation}` } });
  return ids;
}

/** Organization and last message of each conversation, as a client has them. */
async function conversationsIn(
  ids: readonly string[],
  list: () => Promise<ResultOf<typeof ConversationsDocument> | undefined>,
  one: (id: string) => Promise<ResultOf<typeof ConversationDocument> | undefined>,
) {
  const row = (conversation: ConversationRowFragment | null | undefined) => [
    conversation?.id,
    conversation?.organizationKey,
    conversation?.lastMessage?.body,
  ];
  const listed = (await list())?.conversations?.nodes.filter((node) => ids.includes(node?.id ?? ''));
  const alone = [];
  for (const id of ids) alone.push(row((await one(id))?.conversation));
  return { listed: listed?.map(row).sort(), alone };
}

const bothConversations = (ids: readonly string[]) => {
  const rows = ids.map((id) => [id, id.split(':')[2], `In ${id}`]);
  return { listed: [...rows].sort(), alone: rows };
};

const bothTitles = {
  users: [
    [hospital, 'MD'],
    [contacts, null],
  ],
  hits: [
    [contacts, null],
    [hospital, 'MD'],
    ['riversideClinicGroup0002', 'MD'],
  ],
};

describe('urql', () => {
  const options = { fetchOptions: { headers: { authorization } }, preferGetMethod: false } as const;

  it('reads, and answers from its cache', async () => {
    const client = new Client({ url, ...options, exchanges: [cacheExchange, fetchExchange] });
    const { data, error } = await client.query(RosterDocument, { first: 1, kinds: ['GROUP'] }).toPromise();
    expect(error).toBeUndefined();
    expect(firstGroup(data)?.memberCount).toBeGreaterThan(0);
    const calls = stack.sandbox.requests.count('getRoster');
    await client.query(RosterDocument, { first: 1, kinds: ['GROUP'] }).toPromise();
    expect(stack.sandbox.requests.count('getRoster')).toBe(calls);
  });

  it('caches one user in two organizations separately, in searches and alone, with its normalising cache', async () => {
    // Without the schema it guesses which types a fragment on an interface or a union matches.
    const cache = graphCacheExchange({ schema: introspectionFromSchema(schema), logger: () => {} });
    const client = new Client({ url, ...options, exchanges: [cache, fetchExchange] });
    const read = (requestPolicy: 'network-only' | 'cache-only') =>
      titlesIn(
        async (organization) =>
          (await client.query(UserDocument, { id: 'grace@example.org', organization }, { requestPolicy }).toPromise())
            .data,
        async () => (await client.query(SearchDocument, { query: 'Hopper' }, { requestPolicy }).toPromise()).data,
      );
    expect(await read('network-only')).toEqual(bothTitles);
    expect(await read('cache-only')).toEqual(bothTitles);
  });

  it('caches two conversations with one person separately, with its normalising cache', async () => {
    const ids = await conversationsWithGrace();
    const cache = graphCacheExchange({ schema: introspectionFromSchema(schema), logger: () => {} });
    const client = new Client({ url, ...options, exchanges: [cache, fetchExchange] });
    const read = (requestPolicy: 'network-only' | 'cache-only') =>
      conversationsIn(
        ids,
        async () => (await client.query(ConversationsDocument, { first: 10 }, { requestPolicy }).toPromise()).data,
        async (id) => (await client.query(ConversationDocument, { id }, { requestPolicy }).toPromise()).data,
      );
    expect(await read('network-only')).toEqual(bothConversations(ids));
    expect(await read('cache-only')).toEqual(bothConversations(ids));
  });

  it('sends a file', async () => {
    const client = new Client({ url, ...options, exchanges: [fetchExchange] });
    const attachment = new File(['potassium 4.1'], 'result.txt', { type: 'text/plain' });
    const input = { recipient: 'grace@example.org', body: 'As asked', attachment };
    const { data, error } = await client.mutation(SendMessageDocument, { input }).toPromise();
    expect(error).toBeUndefined();
    const [sent] = data?.sendMessage?.message?.attachments ?? [];
    expect(sent).toMatchObject({ fileName: 'result.txt', contentType: 'text/plain', size: 13 });
    const file = await fetch(new URL(sent?.url ?? '', url), { headers: { authorization } });
    expect(await file.text()).toBe('potassium 4.1');
  });

  it('exposes the code of an error', async () => {
    const client = new Client({ url, preferGetMethod: false, exchanges: [fetchExchange] });
    const { error } = await client.query(MeDocument, {}).toPromise();
    expect(error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  });

  it.each([true, false])('sends ids of registered operations (over GET: %s)', async (preferGetMethod) => {
    const persisted = persistedExchange({
      preferGetForPersistedQueries: preferGetMethod,
      enforcePersistedQueries: true,
      enableForMutation: true,
      generateHash: async (_text, document) => documentId(document).replace('sha256:', ''),
    });
    const client = new Client({
      url: `${strict.gateway.url}/graphql`,
      ...options,
      exchanges: [persisted, fetchExchange],
    });
    const { data, error } = await client.query(MeDocument, {}).toPromise();
    expect(error).toBeUndefined();
    expect(data?.me?.displayName).toBe('Ada Lovelace');
  });
});

describe('Apollo Client', () => {
  const link = (to: string) => new HttpLink({ uri: to, headers: { authorization } });
  const cache = () => new InMemoryCache({ possibleTypes });

  it('reads, and keeps entities by their ids', async () => {
    const client = new ApolloClient({ link: link(url), cache: cache() });
    const { data } = await client.query({ query: RosterDocument, variables: { first: 1, kinds: ['GROUP'] } });
    const group = firstGroup(data);
    const { data: node } = await client.query({ query: NodeDocument, variables: { id: group?.id ?? '' } });
    expect(node?.node).toMatchObject({ __typename: 'Group', name: group?.name });
    expect(client.cache.identify({ __typename: 'Group', id: group?.id ?? '' })).toBe(`Group:${group?.id}`);
  });

  it('caches one user in two organizations separately, in searches and alone', async () => {
    const client = new ApolloClient({ link: link(url), cache: cache() });
    const read = (fetchPolicy: 'network-only' | 'cache-only') =>
      titlesIn(
        async (organization) => {
          const variables = { id: 'grace@example.org', organization };
          return (await client.query({ query: UserDocument, variables, fetchPolicy })).data;
        },
        async () => (await client.query({ query: SearchDocument, variables: { query: 'Hopper' }, fetchPolicy })).data,
      );
    expect(await read('network-only')).toEqual(bothTitles);
    expect(await read('cache-only')).toEqual(bothTitles);
  });

  it('caches two conversations with one person separately, in the list and alone', async () => {
    const ids = await conversationsWithGrace();
    const client = new ApolloClient({ link: link(url), cache: cache() });
    const read = (fetchPolicy: 'network-only' | 'cache-only') =>
      conversationsIn(
        ids,
        async () => (await client.query({ query: ConversationsDocument, variables: { first: 10 }, fetchPolicy })).data,
        async (id) => (await client.query({ query: ConversationDocument, variables: { id }, fetchPolicy })).data,
      );
    expect(await read('network-only')).toEqual(bothConversations(ids));
    expect(await read('cache-only')).toEqual(bothConversations(ids));
    for (const id of ids) expect(client.cache.identify({ __typename: 'Conversation', id })).toBe(`Conversation:${id}`);
  });

  it('writes', async () => {
    const client = new ApolloClient({ link: link(url), cache: cache() });
    const variables = { input: { recipient: 'grace@example.org', body: 'From Apollo' } };
    const { data } = await client.mutate({ mutation: SendMessageDocument, variables });
    expect(data?.sendMessage?.message?.body).toBe('From Apollo');
  });

  it('sends ids of registered operations', async () => {
    const persisted = new PersistedQueryLink({
      generateHash: (document) => documentId(document).replace('sha256:', ''),
      disable: () => false,
    });
    const to = `${strict.gateway.url}/graphql`;
    const client = new ApolloClient({ link: ApolloLink.from([persisted, link(to)]), cache: cache() });
    const { data } = await client.query({ query: MeDocument });
    expect(data?.me?.displayName).toBe('Ada Lovelace');
  });

  it('subscribes over a WebSocket', async () => {
    const socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
    });
    const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: cache() });
    const heard = new Promise((resolve, reject) => {
      client.subscribe({ query: MessageReceivedDocument, variables: {} }).subscribe({
        next: ({ data }) => data?.messageReceived.message?.body === 'Live in Apollo' && resolve(true),
        error: reject,
      });
    });
    await stack.query(
      print(SendMessageDocument),
      { input: { recipient: 'ada@example.org', body: 'Live in Apollo' } },
      'grace',
    );
    expect(await within(heard)).toBe(true);
    client.stop();
    await socket.dispose();
  });
});

describe('subscriptions-transport-ws with the old subprotocol', () => {
  it('gets an error that names the new subprotocol, and does not reconnect', async () => {
    const client = new SubscriptionClient(url.replace('http', 'ws'), { reconnect: true }, WebSocket);
    let reconnects = 0;
    client.onReconnecting(() => {
      reconnects += 1;
    });
    // The second operation runs on the connection that rejected the first.
    for (let turn = 0; turn < 2; turn += 1) {
      const rejection = new Promise((_resolve, reject) => {
        client.request({ query: 'subscription { connectionStatus { state } }' }).subscribe({ error: reject });
      });
      await expect(within(rejection)).rejects.toThrow('Use graphql-transport-ws');
    }
    expect(reconnects).toBe(0);
    client.close();
  });
});

describe('graphql-request', () => {
  it('reads typed data, and throws errors with their codes', async () => {
    const client = new GraphQLClient(url, { headers: { authorization } });
    const { me } = await client.request(MeDocument, {});
    expect(me?.displayName).toBe('Ada Lovelace');
    const stranger = new GraphQLClient(url);
    await expect(stranger.request(MeDocument, {})).rejects.toMatchObject({
      response: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });
});

describe('plain fetch', () => {
  const texts: Readonly<Record<string, string>> = manifest;

  async function ask<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: VariablesOf<typeof document>,
  ): Promise<Data> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: texts[documentId(document)], variables }),
    });
    return ((await response.json()) as { data: Data }).data;
  }

  it('reads page after page', async () => {
    const roster = await ask(RosterDocument, { first: 100, kinds: ['GROUP'] });
    const groups = roster.roster.entries?.nodes.map((row) => row?.counterpart) ?? [];
    const large = groups.flatMap((group) =>
      group?.__typename === 'Group' && (group.memberCount ?? 0) >= 40 ? [group.id] : [],
    )[0];
    const seen: (string | undefined)[] = [];
    for (let after: string | null = null; ; ) {
      const { group }: ResultOf<typeof GroupDocument> = await ask(GroupDocument, {
        id: large ?? '',
        first: 15,
        after,
      });
      seen.push(...(group?.members?.nodes.map((member) => member?.id) ?? []));
      if (group?.members?.pageInfo.hasNextPage !== true) break;
      after = group.members.pageInfo.endCursor;
    }
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  });
});
