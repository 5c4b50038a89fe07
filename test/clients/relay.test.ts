/** Relay with its defaults: its compiler reads the schema, its runtime refetches nodes, follows connections and subscribes. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import {
  type ConcreteRequest,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  Observable,
  type ReaderFragment,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { root } from '../support/build.ts';
import { clinics, contacts, hospital } from '../support/demo-tokens.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { within } from '../support/wait.ts';

const source = `
import { graphql } from 'relay-runtime';

export const query = graphql\`
  query appRosterQuery($first: Int!, $after: String) {
    roster {
      entries(first: $first, after: $after) @connection(key: "Roster_entries") {
        totalCount
        edges { node { counterpart { __typename ... on Group { id name } ... on User { id displayName } } } }
      }
    }
  }
\`;

export const group = graphql\`
  query appGroupQuery($id: ID!) { group(id: $id) { ...app_group } }
\`;

export const fragment = graphql\`
  fragment app_group on Group
  @argumentDefinitions(first: { type: "Int", defaultValue: 25 }, after: { type: "String" })
  @refetchable(queryName: "appGroupMembersQuery") {
    name
    members(first: $first, after: $after) @connection(key: "app_group_members") {
      edges { node { id displayName } }
    }
  }
\`;

export const mutation = graphql\`
  mutation appSendMutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id body } } }
\`;

export const membership = graphql\`
  query appMembershipQuery($id: ID!, $organization: String!) {
    user(id: $id, organization: $organization) {
      id
      displayName
      membership(organization: $organization) { id organizationKey title department }
    }
  }
\`;

export const conversations = graphql\`
  query appConversationsQuery {
    conversations(first: 10) { edges { node { ...app_conversation } } }
  }
\`;

export const conversation = graphql\`
  query appConversationQuery($id: ID!) { conversation(id: $id) { ...app_conversation } }
\`;

export const conversationFragment = graphql\`
  fragment app_conversation on Conversation {
    id
    organizationKey
    unreadCount
    lastMessage { id body }
    counterpart { ... on User { id displayName } ... on Group { id name } }
  }
\`;

export const live = graphql\`
  subscription appLiveSubscription { messageReceived { message { body sender { displayName } } } }
\`;
`;

const authorization = basic('ada');
let stack: Stack;
let folder: string;
let environment: Environment;
let socket: ReturnType<typeof createClient> | undefined;

beforeAll(async () => {
  stack = await startStack();
  await mkdir(join(root, 'test/output'), { recursive: true });
  folder = await mkdtemp(join(root, 'test/output/relay-'));
  await mkdir(join(folder, 'artifacts'));
  await writeFile(join(folder, 'app.ts'), source);
  const config = {
    src: '.',
    schema: '../../../schema/schema.graphql',
    language: 'typescript',
    eagerEsModules: true,
    artifactDirectory: './artifacts',
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  await promisify(execFile)(join(root, 'node_modules/.bin/relay-compiler'), ['relay.config.json'], { cwd: folder });

  const url = `${stack.gateway.url}/graphql`;
  const live = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  socket = live;
  environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(
      async ({ text }, variables) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify({ query: text, variables }),
        });
        return response.json();
      },
      ({ text }, variables) =>
        // The two libraries declare the same results in two ways.
        Observable.create((sink) => live.subscribe({ query: text ?? '', variables }, sink as never)),
    ),
  });
});
afterAll(async () => {
  await socket?.dispose();
  await stack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function artifact<Artifact>(name: string): Promise<Artifact> {
  return (await import(join(folder, 'artifacts', `${name}.graphql.ts`))).default;
}

/** Fetches, keeps, and reads back out of the store. */
async function read(name: string, variables: Record<string, unknown>): Promise<unknown> {
  const request = await artifact<ConcreteRequest>(name);
  const operation = createOperationDescriptor(request, variables);
  environment.retain(operation);
  await fetchQuery(environment, request, variables).toPromise();
  return environment.lookup(operation.fragment).data;
}

describe('Relay', () => {
  it('reads a connection and adds the next page to it', async () => {
    const { roster } = (await read('appRosterQuery', { first: 10 })) as {
      roster: { entries: { totalCount: number; edges: unknown[]; pageInfo: { endCursor: string } } };
    };
    expect(roster.entries.edges).toHaveLength(10);
    const next = await read('appRosterQuery', { first: 10, after: roster.entries.pageInfo.endCursor });
    expect(next).toMatchObject({
      roster: { entries: { totalCount: roster.entries.totalCount, edges: { length: 20 } } },
    });
  });

  it('refetches a node by its id, with the next page of its connection', async () => {
    const { data } = await stack.query(
      '{ roster { entries(kinds: [GROUP]) { nodes { counterpart { ... on Group { id memberCount } } } } } }',
    );
    const { roster } = data as unknown as {
      roster: { entries: { nodes: { counterpart: { id: string; memberCount: number } }[] } };
    };
    const id = roster.entries.nodes.find(({ counterpart }) => counterpart.memberCount === 40)?.counterpart.id ?? '';
    const { group } = (await read('appGroupQuery', { id })) as { group: object };
    const fragment = await artifact<ReaderFragment>('app_group');
    const members = () => {
      const selector = getSingularSelector(fragment, group);
      if (selector == null) throw new Error('there is no group');
      const { members } = environment.lookup(selector).data as unknown as {
        members: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
      };
      return members;
    };
    expect(members().edges).toHaveLength(25);
    await read('appGroupMembersQuery', { id, first: 25, after: members().pageInfo.endCursor });
    expect(new Set(members().edges.map((edge) => edge.node.id)).size).toBe(40);
    expect(members().pageInfo.hasNextPage).toBe(false);
  });

  it('stores one user in two organizations separately, however often each is read', async () => {
    const id = 'grace@example.org';
    const first = await read('appMembershipQuery', { id, organization: hospital });
    const second = await read('appMembershipQuery', { id, organization: contacts });
    const request = await artifact<ConcreteRequest>('appMembershipQuery');
    const kept = createOperationDescriptor(request, { id, organization: hospital });
    expect(environment.lookup(kept.fragment).data).toEqual(first);
    expect(first).toMatchObject({
      user: { displayName: 'Grace Hopper', membership: { organizationKey: hospital, title: 'MD' } },
    });
    expect(second).toMatchObject({
      user: { displayName: 'Grace Hopper', membership: { organizationKey: contacts, title: null } },
    });
  });

  it('stores two conversations with one person separately, in the list and alone', async () => {
    const { data } = await stack.query('query ($id: ID!) { user(id: $id) { token } }', { id: 'grace@example.org' });
    const { token } = (data as unknown as { user: { token: string } }).user;
    const ids = [hospital, clinics].map((organization) => `Conversation:${token}:${organization}`);
    const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    for (const conversation of ids) await stack.query(send, { input: { conversation, body: `In ${conversation}` } });
    await read('appConversationsQuery', {});
    const alone: object[] = [];
    for (const id of ids) alone.push((await read('appConversationQuery', { id })) as object);
    const fragment = await artifact<ReaderFragment>('app_conversation');
    // Read from the store after both queries: the second one must not overwrite values of the first.
    const kept = ids.map((id, index) => {
      const { conversation } = alone[index] as { conversation: object };
      const selector = getSingularSelector(fragment, conversation);
      if (selector == null) throw new Error(`there is no ${id}`);
      return environment.lookup(selector).data;
    });
    expect(kept).toMatchObject([
      {
        id: ids[0],
        organizationKey: hospital,
        lastMessage: { body: `In ${ids[0]}` },
        counterpart: { displayName: 'Grace Hopper' },
      },
      {
        id: ids[1],
        organizationKey: clinics,
        lastMessage: { body: `In ${ids[1]}` },
        counterpart: { displayName: 'Grace Hopper' },
      },
    ]);
  });

  it('sends messages, and receives those of others', async () => {
    const subscription = await artifact<ConcreteRequest>('appLiveSubscription');
    const heard = new Promise<unknown>((resolve, reject) => {
      requestSubscription(environment, {
        subscription,
        variables: {},
        onError: reject,
        onNext: (event) => JSON.stringify(event).includes('From Relay') && resolve(event),
      });
    });
    const mutation = await artifact<ConcreteRequest>('appSendMutation');
    const input = { recipient: 'grace@example.org', body: 'Written with Relay' };
    const operation = createOperationDescriptor(mutation, { input });
    const sent = await environment.executeMutation({ operation }).toPromise();
    expect(sent).toMatchObject({ data: { sendMessage: { message: { body: 'Written with Relay' } } } });

    const answer = { recipient: 'ada@example.org', body: 'From Relay' };
    await stack.query(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
      { input: answer },
      'grace',
    );
    expect(await within(heard)).toMatchObject({
      messageReceived: { message: { body: 'From Relay', sender: { displayName: 'Grace Hopper' } } },
    });
  });
});
