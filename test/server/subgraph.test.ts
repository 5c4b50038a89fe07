/** The gateway as a subgraph: composed with another one, behind a router, and with its limits. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, parse, printSchema } from 'graphql';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { type Router, startHiveGateway } from '../support/hive-gateway.ts';
import { type HospitalGraph, hospitalSdl, startHospitalGraph } from '../support/hospital-graph.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const entities = (selection: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

it('a gateway without SUBGRAPH has the same SDL, to the byte', async () => {
  await using stack = await startStack();
  const { data } = await stack.query(
    getIntrospectionQuery({ schemaDescription: true, specifiedByUrl: true, inputValueDeprecation: true, oneOf: true }),
  );
  const sdl = printSchema(lexicographicSortSchema(buildClientSchema(JSON.parse(JSON.stringify(data)))));
  const [, ...lines] = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8').split('\n');
  expect(`${sdl}\n`).toBe(lines.join('\n'));
  expect((await stack.query('{ _service { sdl } }')).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});

describe('a subgraph', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let group: string;
  let list: string;
  let message: string;
  let hospital: HospitalGraph;
  let router: Router;

  beforeAll(async () => {
    stack = await startStack({ config: { subgraph: true, maxUpstreamCalls: 100 } });
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    const found = await ada.ask<Readonly<Record<'groups' | 'lists', SchemaData['search']>>>(`{
      groups: search(query: "Stroke", kinds: [GROUP]) { nodes { ... on Group { id } } }
      lists: search(query: "Cardiology", kinds: [LIST]) { nodes { ... on DistributionList { id } } }
    }`);
    [{ id: group }] = found.groups.nodes;
    [{ id: list }] = found.lists.nodes;
    const { sendMessage } = await ada.ask(
      'mutation { sendMessage(input: { recipient: "grace@example.org", body: "Bed 4" }) { message { id } } }',
    );
    message = sendMessage.message.id;
    hospital = await startHospitalGraph(grace.id, group);
    const { data } = await stack.query('{ _service { sdl } }', {}, null);
    const { sdl } = (data as unknown as { _service: { sdl: string } })._service;
    const composed = composeServices([
      { name: 'tigerconnect', typeDefs: parse(sdl), url: `${stack.gateway.url}/graphql` },
      { name: 'hospital', typeDefs: parse(hospitalSdl), url: hospital.url },
    ]);
    expect(composed.errors ?? []).toEqual([]);
    router = await startHiveGateway(composed.supergraphSdl ?? '');
  });
  afterAll(async () => {
    await router[Symbol.asyncDispose]();
    await hospital[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  /** The result of a query to the router. @param name Whose credential the request carries, if any. */
  async function answer(query: string, variables: Readonly<Record<string, unknown>> = {}, name: string | null = 'ada') {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(name !== null && { authorization: basic(name) }) },
      body: JSON.stringify({ query, variables }),
    });
    return JSON.parse(await response.text());
  }

  async function ask(query: string, variables: Readonly<Record<string, unknown>> = {}) {
    const { data, errors } = await answer(query, variables);
    expect(errors).toBeUndefined();
    return data;
  }

  it('needs no credential for its SDL, and one for everything else', async () => {
    const { data } = await stack.query('{ _service { sdl } }', {}, null);
    expect(JSON.stringify(data)).toContain('https://specs.apollo.dev/federation/v2');
    const representations = [{ __typename: 'User', id: grace.id }];
    const { errors } = await stack.query(entities('... on User { displayName }'), { representations }, null);
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('reads a hundred users with five calls, and their ids with none', async () => {
    const representations = Array.from({ length: 99 }, () => ({ __typename: 'User', id: `User:${randomUUID()}` }));
    representations.push({ __typename: 'User', id: grace.id });
    stack.sandbox.requests.reset();
    const { data } = await stack.query(entities('... on User { displayName }'), { representations });
    const { _entities: read } = JSON.parse(JSON.stringify(data));
    expect(read).toHaveLength(100);
    expect(read.at(-1)).toEqual({ displayName: 'Grace Hopper' });
    expect(stack.sandbox.requests.counts('ada')).toEqual({ lookupUsersBulk: 5 });
    stack.sandbox.requests.reset();
    await stack.query(entities('... on User { id }'), { representations });
    expect(stack.sandbox.requests.counts('ada')).toEqual({});
  });

  it('counts the cost and the number of its entities', async () => {
    const groups = (count: number) => Array.from({ length: count }, () => ({ __typename: 'Group', id: group }));
    const asking = (representations: readonly object[]) =>
      stack.query(entities('... on Group { name }'), { representations });
    expect((await asking(groups(100))).errors).toBeUndefined();
    expect((await asking(groups(101))).errors?.[0]?.extensions.code).toBe('OPERATION_TOO_COMPLEX');
    const users = Array.from({ length: 501 }, () => ({ __typename: 'User', id: grace.id }));
    expect((await asking(users)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('reports each invalid representation, and reads the others', async () => {
    const representations = [
      { __typename: 'User', id: grace.id },
      { __typename: 'Organization', id: 'x' },
      { __typename: 'User' },
      'User',
      { __typename: 'User', id: message },
      { __typename: 'constructor', id: grace.id },
    ];
    const { data, errors } = await stack.query(entities('... on User { displayName }'), { representations });
    expect(data).toEqual({ _entities: [{ displayName: 'Grace Hopper' }, null, null, null, null, null] });
    expect(errors?.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual(
      [1, 2, 3, 4, 5].map((index) => [index, 'BAD_USER_INPUT']),
    );
  });

  it.each([
    ['{ me { displayName badge } }', { me: { displayName: 'Ada Lovelace', badge: expect.stringContaining('User:') } }],
    ['{ onCall { displayName badge } }', { onCall: [{ displayName: 'Grace Hopper' }] }],
    [
      '{ wards { nodes { name lead { displayName } team { name } } } }',
      {
        wards: {
          nodes: [{ name: 'Cardiology', lead: { displayName: 'Grace Hopper' }, team: { name: 'Stroke team' } }],
        },
      },
    ],
    [
      '{ wards { pageInfo { hasNextPage } } roster { entries(first: 1) { pageInfo { hasNextPage } } } }',
      { wards: { pageInfo: { hasNextPage: false } }, roster: { entries: { pageInfo: { hasNextPage: true } } } },
    ],
    [
      '{ ward(name: "Cardiology") { team { memberCount members(first: 2) { nodes { badge displayName } } } } }',
      { ward: { team: { memberCount: 6 } } },
    ],
    ['{ ward(name: "none") { lead { displayName } } me { id } }', { ward: null }],
    [
      'query ($user: ID!) { user(id: $user) { displayName ward { name } } }',
      { user: { ward: { name: 'Cardiology' } } },
    ],
    ['query ($user: ID!) { user(id: $user) { badge } }', { user: { badge: expect.any(String) } }],
    [
      'query ($user: ID!) { user(id: $user) { ward { lead { displayName emails { address } } } } }',
      { user: { ward: { lead: { displayName: 'Grace Hopper' } } } },
    ],
    [
      'query ($group: ID!) { group(id: $group) { name ward { name } } }',
      { group: { name: 'Stroke team', ward: { name: 'Cardiology' } } },
    ],
    [
      'query ($group: ID!) { group(id: $group) { ward { lead { membership { title } } } } }',
      { group: { ward: { lead: { membership: { title: 'MD' } } } } },
    ],
    [
      'query ($message: ID!) { message(id: $message) { body isFlagged } }',
      { message: { body: 'Bed 4', isFlagged: true } },
    ],
    [
      'query ($message: ID!) { message(id: $message) { sender { displayName badge } } }',
      { message: { sender: { displayName: 'Ada Lovelace' } } },
    ],
    [
      'query ($message: ID!) { message(id: $message) { conversation { id isPinned } } }',
      { message: { conversation: { isPinned: false } } },
    ],
    [
      'query ($list: ID!) { node(id: $list) { ... on DistributionList { name costCentre } } }',
      { node: { costCentre: '4711' } },
    ],
    ['query ($user: ID!) { users(ids: [$user]) { displayName badge } }', { users: [{ displayName: 'Grace Hopper' }] }],
    [
      '{ roster { entries(first: 5, kinds: [USER]) { nodes { counterpart { ... on User { displayName badge } } } } } }',
      { roster: { entries: {} } },
    ],
    [
      '{ roster { entries(first: 5, kinds: [GROUP]) { nodes { counterpart { ... on Group { name ward { name } } } } } } }',
      { roster: { entries: {} } },
    ],
    [
      '{ search(query: "Hopper") { nodes { ... on User { displayName ward { name } } } } }',
      { search: { nodes: [{ ward: { name: 'Cardiology' } }, {}, {}] } },
    ],
    [
      '{ conversations(first: 3) { nodes { isPinned counterpart { ... on User { badge } } } } }',
      { conversations: { nodes: [{ isPinned: false }, {}, {}] } },
    ],
  ])('answers behind Hive Gateway: %s', async (query, expected) => {
    expect(await ask(query, { user: grace.id, group, list, message })).toMatchObject(expected);
  });

  it('answers each caller behind Hive Gateway by the credential of its request', async () => {
    const query = '{ me { displayName badge } }';
    const both = await Promise.all(['ada', 'grace'].map((name) => answer(query, {}, name)));
    expect(both.map(({ data }) => data.me.displayName)).toEqual(['Ada Lovelace', 'Grace Hopper']);
    const { data, errors } = await answer(query, {}, null);
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('sends through Hive Gateway, and keeps code and path of failures', async () => {
    const send = `mutation ($to: ID!) {
      sendMessage(input: { recipient: $to, body: "Bed 5" }) { message { body isFlagged } }
    }`;
    expect((await answer(send, { to: 'grace@example.org' })).data).toEqual({
      sendMessage: { message: { body: 'Bed 5', isFlagged: true } },
    });
    const { errors } = await answer(send, { to: randomUUID() });
    expect(errors).toMatchObject([{ path: ['sendMessage'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('delivers live messages through Hive Gateway, with fields of another graph', async () => {
    const client = createClient({ url: router.url, headers: { authorization: basic('ada') }, retryAttempts: 0 });
    const events = client.iterate({
      query: 'subscription { messageReceived { message { body isFlagged sender { displayName badge } } } }',
    });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of events) {
        seen.push(event);
        if (JSON.stringify(event).includes('Room 7')) break;
      }
    })();
    await waitUntil(() => stack.sandbox.requests.count('createEvents') > 0);
    await grace.ask(
      'mutation { sendMessage(input: { recipient: "ada@example.org", body: "Room 7" }) { message { id } } }',
    );
    await reading;
    client.dispose();
    expect(seen.at(-1)).toEqual({
      data: {
        messageReceived: {
          message: {
            body: 'Room 7',
            isFlagged: true,
            sender: { displayName: 'Grace Hopper', badge: `badge of ${grace.id}` },
          },
        },
      },
    });
  });
});
