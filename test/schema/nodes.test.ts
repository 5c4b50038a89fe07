/** Objects with a global id: read again, and with a minimum of values from the upstream. */
import { GraphQLInterfaceType, GraphQLObjectType, getNamedType, isLeafType, isListType, isNonNullType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { demoPerson } from '../support/demo-person.ts';
import { startStack } from '../support/stack.ts';
import { rejectWith, reply, startWireServer } from '../support/wire-server.ts';

const token = '5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11';
const node = schema.getType('Node');
const nodeTypes = node instanceof GraphQLInterfaceType ? schema.getPossibleTypes(node).map(({ name }) => name) : [];

const organization = 'exampleOrg0000000000aaaa';
/** A well-formed global id of the type. */
const inOrganization = new Set(['Membership', 'Conversation']);
const idOf = (name: string) => `${name}:${token}${inOrganization.has(name) ? `:${organization}` : ''}`;

/** Fields of plain values, without those that have arguments. */
function leavesOf(typeName: string) {
  const type = schema.getType(typeName);
  if (!(type instanceof GraphQLObjectType)) throw new Error(typeName);
  return Object.values(type.getFields()).filter(
    ({ type: of, args }) => isLeafType(getNamedType(of)) && args.length === 0,
  );
}

describe('node and nodes', () => {
  it('read every object with a global id, with all its plain fields', async () => {
    await using stack = await startStack({ config: { maxAliases: 100 } });
    const ada = await demoPerson(stack, 'ada');
    const { search, sendMessage } = {
      ...(await ada.ask(
        '{ search(query: "cardiology", kinds: [GROUP, LIST]) { nodes { ... on Group { id } ... on DistributionList { id } } } }',
      )),
      ...(await ada.ask(
        'mutation { sendMessage(input: { recipient: "grace", body: "x" }) { message { id } conversation { id } } }',
      )),
    };
    const { me, roles } = await ada.ask('{ me { membership { id } } roles(first: 1) { nodes { id } } }');
    const ids = [
      ada.id,
      me.membership.id,
      roles.nodes[0].id,
      sendMessage.message.id,
      sendMessage.conversation.id,
      ...search.nodes.map(({ id }: { id: string }) => id),
    ];
    expect(new Set(ids.map((id) => id.split(':', 1)[0]))).toEqual(new Set(nodeTypes));
    // Fields of one name may have other types in other types.
    const selections = nodeTypes.map(
      (name) =>
        `... on ${name} { ${leavesOf(name)
          .map((field) => `${name}_${field.name}: ${field.name}`)
          .join(' ')} }`,
    );
    const read = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${selections.join(' ')} } }`;
    const { nodes } = await ada.ask(read, { ids });
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    for (const [index, id] of ids.entries()) {
      const alone = await ada.ask<{ node: Readonly<Record<string, string>> }>(
        `query ($id: ID!) { node(id: $id) { __typename id ${selections.join(' ')} } }`,
        {
          id,
        },
      );
      expect(alone.node).toEqual(nodes[index]);
      const type = alone.node['__typename'];
      if (type === 'Conversation') {
        expect(id).toMatch(new RegExp(`^Conversation:[0-9a-f-]{36}:${alone.node['Conversation_organizationKey']}$`));
        continue;
      }
      const behind =
        type === 'Membership'
          ? `${ada.token}:${alone.node['Membership_organizationKey']}`
          : alone.node[`${type}_token`];
      expect(id).toBe(`${type}:${behind}`);
    }
  });

  it.each(nodeTypes)('return null for an absent %s, and reject a malformed one', async (name) => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    expect(await ada.ask('query ($id: ID!) { node(id: $id) { id } }', { id: idOf(name) })).toEqual({
      node: null,
    });
    expect(await ada.rejection('query ($id: ID!) { node(id: $id) { id } }', { id: `${name}:x` })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'id',
    });
    expect(
      await ada.rejection('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [idOf(name), `${name}:x`] }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'ids.1' });
  });
});

describe('values that the upstream omits', () => {
  const sparse: Readonly<Record<string, unknown>> = {
    '/v2/user': { token },
    [`/v2/group/${token}`]: { token, members: [] },
    [`/v2/dist_list/${token}`]: { token },
    [`/v2/message/${token}`]: { message_id: token },
    [`/v2/user/${token}/organization`]: [{ token: 'key' }],
    [`/v2/user/${token}`]: { token },
    '/v2/mute': [],
    '/v2/roster': [{ type: 'tigertext:entity:account', token }],
    '/v2/search': { results: [{ type: 'tigertext:entity:account', token }] },
  };

  /** Values of fields that need no read. */
  const known: Readonly<Record<string, unknown>> = {
    'Conversation.isHistoryAvailable': false,
    'DistributionList.kind': 'LIST',
    'Message.kind': 'ORDINARY',
    'Message.status': 'NEW',
    'Role.isStaffed': false,
  };
  /** An account is a role by a word in its metadata. */
  const asRole = { [`/v2/user/${token}`]: { token, metadata: { feature_service: 'role' } } };

  it.each(nodeTypes)('are null, or an empty list, in %s', async (name) => {
    await using server = await startWireServer(({ path }, response) => {
      const answer = (name === 'Role' ? { ...sparse, ...asRole } : sparse)[path.split('?', 1)[0] ?? ''];
      return answer === undefined ? rejectWith(response, 404) : reply(response, answer);
    });
    await using stack = await startStack({ upstreamUrl: server.origin });
    const fields = leavesOf(name).filter(({ name: field }) => field !== 'isRecalled');
    const { data, errors } = await stack.query(
      `query ($id: ID!) { node(id: $id) { ... on ${name} { ${fields.map((field) => field.name).join(' ')} } } }`,
      { id: idOf(name) },
    );
    expect(errors).toBeUndefined();
    const { id: _id, token: _token, ...values } = (data as unknown as { node: Record<string, unknown> }).node;
    for (const { name: field, type } of fields) {
      // The id has it.
      if (!(field in values) || (inOrganization.has(name) && field === 'organizationKey')) continue;
      if (`${name}.${field}` in known) {
        expect(values[field], field).toBe(known[`${name}.${field}`]);
        continue;
      }
      const isList = isListType(isNonNullType(type) ? type.ofType : type);
      if (!isList && field !== 'memberCount') expect(values[field], field).toBeNull();
    }
  });

  it('are null in nested objects', async () => {
    await using server = await startWireServer(({ path }, response) => {
      const answer = sparse[path.split('?', 1)[0] ?? ''];
      return answer === undefined ? rejectWith(response, 404) : reply(response, answer);
    });
    await using stack = await startStack({ upstreamUrl: server.origin });
    const { data, errors } = await stack.query(
      `query ($id: ID!) {
        me { emails { address } phones { number } autoForwardTo { id } organizations { name memberCount isPaid isPending settings { name } } metadata { key } }
        group(id: $id) { createdBy { id } metadata { key } members { totalCount } }
        message(id: $id) { sender { id } recipient { __typename } group { id } attachments { url } data { namespace } forwardedFrom { senderName } recipientStatuses { status } }
        roster { entries { nodes { organizationKey } } }
        search(query: "a", organization: "key") { totalCount pageInfo { hasNextPage endCursor } nodes { ... on User { id displayName } } }
      }`,
      { id: token },
    );
    expect(data).toEqual({
      me: {
        emails: [],
        phones: [],
        autoForwardTo: null,
        organizations: [{ name: null, memberCount: null, isPaid: null, isPending: null, settings: [] }],
        metadata: null,
      },
      group: { createdBy: null, metadata: null, members: { totalCount: 0 } },
      message: {
        sender: null,
        recipient: null,
        group: null,
        attachments: [],
        data: [],
        forwardedFrom: null,
        recipientStatuses: null,
      },
      roster: { entries: { nodes: [{ organizationKey: null }] } },
      search: {
        totalCount: null,
        pageInfo: { hasNextPage: false, endCursor: null },
        nodes: [{ id: `User:${token}`, displayName: null }],
      },
    });
    // This upstream has no metadata at all.
    expect(errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ['me', 'metadata'],
        ['group', 'metadata'],
      ]),
    );
    expect(errors).toHaveLength(2);
  });
});
