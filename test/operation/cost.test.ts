/** The estimated cost of operations in upstream calls, compared with the calls they make. */

import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  GroupDocument,
  MessagesDocument,
  NodesDocument,
  RosterDocument,
  SendMessageDocument,
  UsersDocument,
} from '../../src/documents.ts';
import { schema } from '../../src/schema/index.ts';
import { useCostCounter } from '../support/cost-counter.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { present } from '../support/present.ts';
import { randomOperation } from '../support/random-operation.ts';
import { worldTexts } from '../support/world-texts.ts';

/** The longest list and the largest page the schema allows. */
const most = 500;

const counter = useCostCounter();
const { estimated, caused } = counter;

async function sendTo(recipients: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const recipient of recipients) {
    const variables = { input: { recipient, body: 'hello' } };
    const { data } = await counter.stack.query(print(SendMessageDocument), variables);
    ids.push(present(data).sendMessage.message.id);
  }
  return ids;
}

describe('the estimated cost', () => {
  it.each([
    ['query', fuzzRuns(400)],
    ['mutation', fuzzRuns(150)],
  ] as const)(
    'is never less than the calls of a random %s',
    { timeout: Math.max(300_000, 100 * fuzzRuns(400)) },
    async (kind, count) => {
      const { texts } = await worldTexts(counter.stack.sandbox.url);
      let sum = 0;
      const firstSeed = fuzzSeed(0);
      for (let seed = firstSeed; seed < firstSeed + count; seed++) {
        const { query, variables } = randomOperation(schema, { seed, kind, texts, depth: 4 });
        const most = await estimated(query, variables);
        const calls = await caused(query, variables);
        expect(calls, `FUZZ_SEED=${seed}: ${query}\n${JSON.stringify(variables)}`).toBeLessThanOrEqual(most);
        sum += calls;
      }
      expect(sum).toBeGreaterThan(count / 2);
    },
  );

  it('counts bulk reads once for each chunk, and nothing for the fields of a reference', async () => {
    expect(await estimated('query ($ids: [ID!]!) { users(ids: $ids) { displayName } }', { ids: users(40) })).toBe(3);
    expect(await estimated('{ users(ids: ["grace@example.org", "alan"]) { displayName } }')).toBe(3);
    const message = (inner: string) => estimated(`{ message(id: "x") { ${inner} } }`);
    expect(await message('sender { id token __typename } group { id }')).toBe(1);
    expect(await message('sender { displayName }')).toBe(2);
    expect(await message('isRecalled recipientStatuses { status user { id } }')).toBe(2);
    expect(await estimated('{ group(id: "x") { memberCount members(first: 40) { nodes { id } } } }')).toBe(2);
    expect(await estimated('{ group(id: "x") { memberCount members(first: 40) { nodes { title } } } }')).toBe(5);
  });

  it('counts the most expensive possible type, not all of them', async () => {
    const query =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { metadata { key } } ... on Message { group { name } } } }';
    expect(await estimated(query, { ids: users(10) })).toBe(20);
  });

  it('counts the lists in the input of a mutation', async () => {
    const query =
      'mutation ($input: UpdateMessageStatusInput!) { updateMessageStatus(input: $input) { read { body } delivered { id } } }';
    expect(await estimated(query, { input: { read: ['a', 'b', 'c'], delivered: ['d'] } })).toBe(5);
    const inline = query
      .replace('($input: UpdateMessageStatusInput!)', '($id: ID!)')
      .replace('$input', '{ read: [$id, "b"] }');
    expect(await estimated(inline, { id: 'a' })).toBe(4);
  });

  it('is close to the calls of messages of many people and groups', async () => {
    const { data } = await counter.stack.query(
      '{ roster { entries { nodes { counterpart { ... on User { id } ... on Group { id } } } } } }',
    );
    const { roster } = present(data);
    const recipients = roster.entries.nodes.flatMap(({ counterpart: { id } }) => id ?? []);
    const ids = await sendTo([...recipients, ...recipients].slice(0, 60));
    const query = print(MessagesDocument);
    // All sixty might have gone to lists, which are read one by one after the bulk read of users did not know them.
    expect(await estimated(query, { ids })).toBeLessThan((await caused(query, { ids })) * 2);
  });
});

describe('the default limit', () => {
  const tokens = (count: number) => Array.from({ length: count }, () => randomUUID());

  it.each([
    ['Messages', MessagesDocument, { ids: tokens(most) }],
    [
      'Nodes',
      NodesDocument,
      { ids: tokens(most).map((token, index) => `${['Message', 'Group', 'User'][index % 3]}:${token}`) },
    ],
    ['Users', UsersDocument, { ids: tokens(most) }],
    ['Roster', RosterDocument, { first: most }],
    ['Group', GroupDocument, { id: randomUUID(), first: most }],
  ])(
    'lets the typed document %s run with its longest list or page',
    { timeout: 300_000 },
    async (_name, document, variables) => {
      const { errors, data } = await counter.stack.query(print(document), variables);
      expect(errors).toBeUndefined();
      const list = Object.values(data ?? {}).find((value) => Array.isArray(value));
      if ('ids' in variables) expect(list).toHaveLength(most);
    },
  );
});

function users(count: number): string[] {
  return Array.from({ length: count }, () => `User:${randomUUID()}`);
}
