/** Apollo Client with only `HttpLink`, or with persisted queries before it, through the actions of a messaging application. */
import { ApolloClient, ApolloLink, CombinedProtocolErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AcknowledgeEventsDocument,
  ConversationEventsDocument,
  type ConversationEventsSubscription,
  ConversationsDocument,
  documentId,
  MarkConversationDocument,
  possibleTypes,
  RecallMessageDocument,
  SendMessageDocument,
  SignInDocument,
  TimelineDocument,
} from '../../src/documents.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

/** A client whose credential its user gets by signing in. */
function connect(url: string, before: readonly ApolloLink[]) {
  const session = { authorization: '' };
  const authorize = new ApolloLink((operation, forward) => {
    const { authorization } = session;
    operation.setContext({ headers: authorization === '' ? {} : { authorization } });
    return forward(operation);
  });
  const link = ApolloLink.from([...before, authorize, new HttpLink({ uri: `${url}/graphql` })]);
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });
  return {
    client,
    async signIn(person: string) {
      const variables = { input: { userId: `${person}@example.org`, password: 'demo' } };
      const { data } = await client.mutate({ mutation: SignInDocument, variables });
      session.authorization = `Basic ${btoa(`${data?.signIn?.key}:${data?.signIn?.secret}`)}`;
    },
  };
}

type Event = ConversationEventsSubscription['events'];

function follow(client: ApolloClient, after: string | null = null) {
  const events: Event[] = [];
  const errors: unknown[] = [];
  let isOver = false;
  const query = ConversationEventsDocument;
  const subscription = client.subscribe({ query, variables: { acknowledge: 'MANUAL', after } }).subscribe({
    next: ({ data, error }) => {
      if (data != null) events.push(data.events);
      if (error !== undefined) errors.push(error);
    },
    error: (error) => errors.push(error),
    complete: () => {
      isOver = true;
    },
  });
  return {
    events,
    errors,
    isOver: () => isOver,
    leave: () => subscription.unsubscribe(),
    async find<Type extends Event['__typename']>(type: Type, text: string) {
      const matches = (event: Event): event is Extract<Event, { __typename: Type }> =>
        event.__typename === type && JSON.stringify(event).includes(text);
      await waitUntil(() => events.some(matches));
      const event = events.find(matches);
      if (event === undefined) throw new Error('the event has gone');
      return event;
    },
  };
}

const persisted = () =>
  new PersistedQueryLink({
    generateHash: (document) => documentId(document).replace('sha256:', ''),
    disable: () => false,
  });

const setups = {
  HttpLink: { links: () => [], config: {} },
  'PersistedQueryLink, where only registered operations run': {
    links: () => [persisted()],
    config: { persistedOperations: 'only' },
  },
  'PersistedQueryLink by default, where none are registered': {
    links: () => [new PersistedQueryLink({ generateHash: async (document) => documentId(document).slice(-64) })],
    config: { persistedOperations: 'off' },
  },
} as const;

describe.each(Object.entries(setups))('Apollo Client with %s', (_name, { links, config }) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('signs in, lists, reads, receives, writes, marks, recalls, and resumes', async () => {
    const { url } = stack.gateway;
    const [ada, grace] = [connect(url, links()), connect(url, links())];
    await Promise.all([ada.signIn('ada'), grace.signIn('grace')]);

    const { data: list } = await ada.client.query({ query: ConversationsDocument, variables: { first: 50 } });
    const rows = list?.conversations?.nodes ?? [];
    const isGrace = (row: (typeof rows)[number]) =>
      row?.counterpart?.__typename === 'User' && row.counterpart.displayName === 'Grace Hopper';
    const conversation = rows.find(isGrace)?.id ?? '';
    const { data: history } = await ada.client.query({
      query: TimelineDocument,
      variables: { id: conversation, last: 20 },
    });
    expect(history?.conversation?.id).toBe(conversation);

    const live = follow(ada.client);
    const input = {
      recipient: 'ada@example.org',
      body: 'Over HTTP alone',
      senderOrganization: conversation.split(':')[2] ?? '',
    };
    await grace.client.mutate({ mutation: SendMessageDocument, variables: { input } });
    const arrived = await live.find('MessageReceived', input.body);
    expect(arrived.conversation?.id).toBe(conversation);
    await ada.client.mutate({
      mutation: AcknowledgeEventsDocument,
      variables: { input: { eventIds: live.events.map(({ id }) => id) } },
    });
    const mark = { conversation, status: 'READ', through: arrived.message?.id ?? '' } as const;
    const marked = await ada.client.mutate({ mutation: MarkConversationDocument, variables: { input: mark } });
    expect(marked.data?.markConversation?.conversation?.unreadCount).toBe(0);

    const reply = { conversation, body: 'Read and understood' };
    const sent = await ada.client.mutate({ mutation: SendMessageDocument, variables: { input: reply } });
    const id = sent.data?.sendMessage?.message?.id ?? '';
    expect(id).not.toBe('');
    await ada.client.mutate({ mutation: RecallMessageDocument, variables: { input: { message: id } } });

    live.leave();
    await grace.client.mutate({ mutation: SendMessageDocument, variables: { input: { ...input, body: 'Meanwhile' } } });
    const resumed = follow(ada.client, arrived.id);
    await resumed.find('MessageReceived', 'Meanwhile');
    expect(JSON.stringify(resumed.events)).not.toContain(input.body);
    expect(resumed.errors).toEqual([]);

    await stack.gateway.close();
    await waitUntil(resumed.isOver);
    const [error] = resumed.errors;
    if (!CombinedProtocolErrors.is(error)) throw new Error(`no protocol error: ${error}`);
    expect(error.errors[0]?.extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
  });
});
