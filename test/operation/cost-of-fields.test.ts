/** The cost of fields whose arguments select what is read, of lists, and of sends that have to find their conversation. */

import { randomUUID } from 'node:crypto';
import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import type { FieldCost } from '../../src/schema/field-cost.ts';
import { schema } from '../../src/schema/index.ts';
import { useCostCounter } from '../support/cost-counter.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';

describe('the estimated cost of fields', () => {
  const counter = useCostCounter();
  const { estimated, caused } = counter;

  it.each([
    ['roles', 10],
    ['savedRoles', 1],
  ])('counts the reads of %s for each organization that an argument names', async (field, calls) => {
    const of = (organization: string) => `a${organization}: ${field}(organization: "${organization}") { id }`;
    const many = Array.from({ length: 20 }, (_, index) => of(`key${index}`)).join(' ');
    expect(await estimated(`{ me { ${many} } }`)).toBe(2 + 20 * calls);
    expect(await caused(`{ me { ${many} } }`)).toBe(21);
    expect(await estimated(`{ me { ${of('key')} again: ${field}(organization: "key") { name } } }`)).toBe(2 + calls);
    const variables = `query ($a: String, $b: String) { me { ${field}(organization: $a) { id } b: ${field}(organization: $b) { id } } }`;
    expect(await estimated(variables, { a: 'one', b: 'two' })).toBe(2 + 2 * calls);
    expect(await estimated(`query ($off: Boolean!) { me { id ${field} @skip(if: $off) { id } } }`, { off: true })).toBe(
      1,
    );
  });

  it('counts each conversation that aliases of one field name', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `a${index}: conversation(id: $id${index}) { unreadCount }`);
    const names = many.map((_, index) => `$id${index}: ID!`).join(' ');
    const ids = many.map((_, index) => [`id${index}`, `Conversation:${randomUUID()}:mercyGeneralHospital0001`]);
    const query = `query (${names}) { ${many.join(' ')} }`;
    const calls = await caused(query, Object.fromEntries(ids));
    expect(calls).toBeGreaterThan(60);
    expect(await estimated(query, Object.fromEntries(ids))).toBeGreaterThanOrEqual(calls);
  });

  it('is never less than the calls of a first message to a role', async () => {
    const { data } = await counter.stack.query('{ roles { nodes { id token name } } }');
    const { nodes } = present(data).roles;
    const role = nodes.find(({ name }) => name === 'Charge nurse');
    // Only the role's own object says that a user is on duty, and the stream does not bring what the caller sends.
    const reply = {
      token: role?.token,
      organization_key: 'mercyGeneralHospital0001',
      metadata: { feature_service: 'role' },
    };
    await controlOf(counter.stack.sandbox).fault({
      kind: 'body',
      operationId: 'getUser',
      count: 1,
      body: { status: 'success', reply },
    });
    const query = 'mutation ($id: ID!) { sendMessage(input: { recipient: $id, body: "x" }) { wasAlreadyStored } }';
    await using _live = overWebSocket(counter.stack.gateway, 'subscription { messageReceived { id } }', { as: 'tim' });
    counter.stack.sandbox.requests.reset();
    const { errors } = await counter.stack.query(query, { id: role?.id }, 'tim');
    expect(errors).toBeUndefined();
    const events = ['createEvents', 'ackEvents'];
    const calls = counter.stack.sandbox.requests.list.map(({ operationId }) => operationId ?? '');
    expect(calls).toContain('getRole');
    expect(await estimated(query, { id: role?.id })).toBeGreaterThanOrEqual(
      calls.filter((call) => !events.includes(call)).length,
    );
  });

  it('is never less than the calls of joining a forum', async () => {
    const { data } = await counter.stack.query(
      '{ search(query: "", kinds: [FORUM], first: 1) { nodes { ... on Group { id } } } }',
    );
    const { nodes } = present(data).search;
    const query = 'mutation ($id: ID!) { joinForum(input: { group: $id }) { __typename } }';
    const calls = await caused(query, nodes[0]);
    expect(calls).toBe(4);
    expect(await estimated(query, nodes[0])).toBe(calls);
  });

  describe('of conversations of roster entries', () => {
    const query = '{ roster { entries { nodes { conversation { id unreadCount lastMessage { id } } } } } }';
    type Entries = { roster: { entries: { nodes: { conversation: { id: string; unreadCount: number | null } }[] } } };
    const read = async () => {
      counter.stack.sandbox.requests.reset();
      const { data, errors } = await counter.stack.query(query);
      const calls = counter.stack.sandbox.requests.list.filter(({ operationId }) => !operationId.includes('vents'));
      expect(calls.length).toBeLessThanOrEqual(await estimated(query));
      const { nodes } = (data as unknown as Entries).roster.entries;
      return {
        calls: calls.length,
        errors,
        counts: new Map(nodes.map(({ conversation }) => [conversation.id, conversation.unreadCount])),
      };
    };
    const listed = (items: readonly unknown[], continuation: string | null, count?: number) =>
      controlOf(counter.stack.sandbox).fault({
        kind: 'body',
        operationId: 'listConversations',
        body: { status: 'success', reply: { items, continuation } },
        ...(count === undefined ? {} : { count }),
      });
    afterEach(() => controlOf(counter.stack.sandbox).reset());

    it('is never less than the calls of entries without messages, which have nothing unread', async () => {
      const before = await read();
      const find = 'mutation ($address: String!) { findOrCreateUser(input: { address: $address }) { user { id } } }';
      const add = 'mutation ($id: ID!) { addRosterEntry(input: { counterpart: $id }) { __typename } }';
      for (let index = 0; index < 16; index++) {
        const { data } = await counter.stack.query(find, { address: `new-${index}@example.org` });
        const { user } = present(data).findOrCreateUser;
        await counter.stack.query(add, user);
      }
      const { calls, errors, counts } = await read();
      expect(errors).toBeUndefined();
      const added = [...counts].filter(([id]) => !before.counts.has(id));
      expect(added).toHaveLength(16);
      expect(new Set(added.map(([, count]) => count))).toEqual(new Set([0]));
      // The roster, two pages of conversations, and the first one again: there were entries without messages before.
      expect([before.calls, calls]).toEqual([4, 4]);
      for (const [id, count] of before.counts) expect(counts.get(id)).toBe(count);
    });

    it('includes the first page again, for entries that moved to it while the others were read', async () => {
      const { counts } = await read();
      await listed([], null, 1);
      const moved = await read();
      expect([moved.calls, moved.errors]).toEqual([3, undefined]);
      expect(moved.counts).toEqual(counts);
    });

    it.each([
      ['OPERATION_TOO_COMPLEX', 'behind the pages that are read', [], 'more', 3],
      ['UPSTREAM_INVALID', 'that may be a broken row', [{ conversation_id: 'broken' }], null, 3],
    ])('leaves %s for one %s', async (code, _which, items, continuation, most) => {
      await listed(items, continuation);
      const { calls, errors } = await read();
      expect(calls).toBe(most);
      expect(new Set(errors?.map(({ extensions }) => extensions['code']))).toEqual(new Set([code]));
    });
  });

  it('shares no read between fields that read different objects', () => {
    const paging = ['first', 'after', 'last', 'before', 'anchor'];
    const selecting = objectTypes.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => costOfField(field).sharedKey !== undefined)
        .filter(({ args }) => args.some(({ name }) => !paging.includes(name)))
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(selecting).toEqual([]);
  });

  it('has the number of items of each list whose items can cause calls', () => {
    const lists = objectTypes.flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) => {
        const items = isListType(getNullableType(field.type)) ? getNamedType(field.type) : undefined;
        const isCounted = costOfField(field).items !== undefined || ['edges', 'nodes'].includes(field.name);
        return items === undefined || isCounted || !canCost(items) ? [] : [`${type.name}.${field.name}`];
      }),
    );
    expect(lists).toEqual([]);
  });
});

const objectTypes = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));

function costOfField({ extensions }: GraphQLField<unknown, unknown>): FieldCost {
  return (extensions['cost'] ?? {}) as FieldCost; // set by schema/field-cost.ts only
}

/** Whether each object of a type can cause calls of its own, by its fields or theirs. */
function canCost(type: GraphQLNamedType, seen = new Set<GraphQLNamedType>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  if (isAbstractType(type)) return schema.getPossibleTypes(type).some((one) => canCost(one, seen));
  if (!isObjectType(type)) return false;
  return Object.values(type.getFields()).some((field) => {
    const { perParent, perField, perItem } = costOfField(field);
    return (perParent ?? perField ?? perItem) !== undefined || canCost(getNamedType(field.type), seen);
  });
}
