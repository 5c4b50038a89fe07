import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absent } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

describe('queries and mutations', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('finds a user by global id, token, e-mail address in any case, and phone number', async () => {
    const { data } = await stack.query('{ me { id token emails { address } phones { number } } }', {}, 'grace');
    const me = present(data).me;
    for (const address of [me.id, me.token, me.emails[0]?.address.toUpperCase(), me.phones[0]?.number]) {
      const answer = await stack.query('query ($id: ID!) { user(id: $id) { displayName } }', { id: address });
      expect(answer.data).toEqual({ user: { displayName: 'Grace Hopper' } });
    }
  });

  it('reads any object through node and nodes, in the order of the ids, with null for absent ones', async () => {
    const { data } = await stack.query(
      '{ me { id } roster { entries(kinds: [GROUP], first: 1) { nodes { counterpart { ... on Group { id } } } } } }',
    );
    const { me, roster } = present(data);
    const group = roster.entries.nodes[0]?.counterpart.id;
    const absent = 'User:00000000-0000-4000-8000-000000000000';
    const answer = await stack.query(
      'query ($ids: [ID!]!, $id: ID!) { node(id: $id) { id } nodes(ids: $ids) { __typename id } }',
      {
        id: me.id,
        ids: [group, absent, me.id],
      },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({
      node: { id: me.id },
      nodes: [{ __typename: 'Group', id: group }, null, { __typename: 'User', id: me.id }],
    });
  });

  it('pages through a roster in both directions without losing or repeating an entry', async () => {
    const all = await entryKeys(stack, '');
    const forward: string[] = [];
    for (let after = ''; forward.length < all.length; after = `, after: "${forward.at(-1)}"`) {
      forward.push(...(await entryKeys(stack, `(first: 7${after})`)));
    }
    expect(forward).toEqual(all);
    const backward: string[] = [];
    for (let before = ''; backward.length < all.length; before = `, before: "${backward[0]}"`) {
      backward.unshift(...(await entryKeys(stack, `(last: 9${before})`)));
    }
    expect(backward).toEqual(all);
  });

  it('sends a message, reads it back, follows its delivery, forwards it and recalls it', async () => {
    const sent = await stack.query(
      `mutation { sendMessage(input: { recipient: "grace@example.org", body: "Room 4?", ttl: 60, priority: HIGH, deleteOnRead: false,
         data: [{ namespace: "acme:bed", payload: { bed: 4 } }] }) {
         wasAlreadyStored recipientWasCreated
         message { id token body ttl priority deleteOnRead createdAt expiresAt status data { namespace payload } recipient { ... on User { displayName } } } } }`,
    );
    expect(sent.errors).toBeUndefined();
    const { sendMessage } = present(sent.data);
    expect(sendMessage).toMatchObject({
      wasAlreadyStored: false,
      recipientWasCreated: false,
      message: {
        body: 'Room 4?',
        ttl: 60,
        priority: 'HIGH',
        deleteOnRead: false,
        status: 'NEW',
        data: [{ namespace: 'acme:bed', payload: { bed: 4 } }],
        recipient: { displayName: 'Grace Hopper' },
      },
    });
    const { message } = sendMessage;
    expect(Date.parse(message.expiresAt) - Date.parse(message.createdAt)).toBe(60 * 60_000);

    await stack.query(
      'mutation ($ids: [ID!]) { updateMessageStatus(input: { read: $ids }) { read { id } } }',
      { ids: [message.id] },
      'grace',
    );
    const read = await stack.query(
      'query ($id: ID!) { message(id: $id) { isRecalled recipientStatuses { status user { displayName } } } }',
      message,
    );
    expect(read.data).toEqual({
      message: { isRecalled: false, recipientStatuses: [{ status: 'READ', user: { displayName: 'Grace Hopper' } }] },
    });

    const forwarded = await stack.query(
      'mutation ($id: ID!) { forwardMessage(input: { message: $id, recipient: "alan@example.org" }) { message { id body forwardedFrom { sender { displayName } message { id } } } } }',
      message,
      'grace',
    );
    expect(forwarded.errors).toBeUndefined();
    expect(forwarded.data).toMatchObject({
      forwardMessage: { message: { body: 'Room 4?', forwardedFrom: { sender: { displayName: 'Ada Lovelace' } } } },
    });

    for (let time = 0; time < 2; time++) {
      const recalled = await stack.query(
        'mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }',
        message,
      );
      expect(recalled.data).toEqual({ recallMessage: { recalledMessageId: message.id } });
    }
    const gone = await stack.query('query ($id: ID!) { message(id: $id) { body } }', message, 'grace');
    expect(gone.errors).toBeUndefined();
    expect(gone.data).toEqual({ message: null });
  });

  it('stores a message once however often it is sent with the same idempotency key', async () => {
    const key = '6fb7f0f6-4c7e-4a55-9a5a-0f6bb3a2c001';
    const send = () =>
      stack.query(
        `mutation { sendMessage(input: { recipient: "alan@example.org", body: "once", idempotencyKey: "${key}" }) { wasAlreadyStored message { token body } } }`,
      );
    const [first, second] = [await send(), await send()];
    expect(first.data).toMatchObject({ sendMessage: { wasAlreadyStored: false, message: { body: 'once' } } });
    const { token } = present(first.data).sendMessage.message;
    expect(second.data).toEqual({ sendMessage: { wasAlreadyStored: true, message: { token, body: 'once' } } });
  });

  it('answers a missing entity with null beside its siblings', async () => {
    const { data, errors } = await stack.query(
      'query ($absent: ID!) { me { displayName } user(id: $absent) { displayName } group(id: $absent) { name } message(id: $absent) { body } messages(ids: [$absent]) { body } }',
      { absent },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      me: { displayName: 'Ada Lovelace' },
      user: null,
      group: null,
      message: null,
      messages: [null],
    });
  });

  it('answers NOT_FOUND for a change of an absent object', async () => {
    const { errors } = await stack.query(
      'mutation { recallMessage(input: { message: "00000000-0000-4000-8000-000000000000" }) { recalledMessageId } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    [
      'an empty message',
      'sendMessage(input: { recipient: "grace@example.org", body: " " }) { message { id } }',
      'input.body',
    ],
    [
      'a life time of zero',
      'sendMessage(input: { recipient: "grace@example.org", body: "x", ttl: 0 }) { message { id } }',
      'input.ttl',
    ],
    [
      'a life time below never',
      'sendMessage(input: { recipient: "grace@example.org", body: "x", ttl: -2 }) { message { id } }',
      'input.ttl',
    ],
    ['a blank recipient', 'sendMessage(input: { recipient: "", body: "x" }) { message { id } }', 'input.recipient'],
    [
      'a recipient that is a message',
      'sendMessage(input: { recipient: "Message:00000000-0000-4000-8000-000000000000", body: "x" }) { message { id } }',
      'input.recipient',
    ],
    [
      'an idempotency key that is no UUID',
      'sendMessage(input: { recipient: "grace@example.org", body: "x", idempotencyKey: "1" }) { message { id } }',
      'input.idempotencyKey',
    ],
    ['a malformed message id', 'recallMessage(input: { message: "nonsense" }) { recalledMessageId }', 'input.message'],
    ['no ids at all', 'updateMessageStatus(input: {}) { read { id } }', 'input'],
    ['a malformed id in a list', 'updateMessageStatus(input: { read: ["nonsense"] }) { read { id } }', 'input.read.0'],
  ])('rejects %s and names the field', async (_what, mutation, field) => {
    await countFromHere(stack);
    const { errors, data } = await stack.query(`mutation { ${mutation} }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field, retryable: false });
    expect(errors?.[0]?.message).toContain(field);
    expect(Object.values(data ?? {})).toEqual([null]);
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it.each([
    'user(id: "a b") { id }',
    'group(id: "ada@example.org") { id }',
    'message(id: "1") { id }',
    'node(id: "Nothing:1") { id }',
  ])('rejects the malformed id in %s', async (field) => {
    const { errors } = await stack.query(`{ ${field} }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' });
  });

  it('reports a variable of the wrong type and never repeats its value', async () => {
    const { errors, text } = await stack.query(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
      { input: { recipient: 'grace@example.org', ttl: 'John Doe SSN 555' } },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.ttl' });
    expect(errors?.[0]?.message).toBe('input.ttl: expected a value of type "Int".');
    expect(text).not.toContain('John Doe');
  });

  it.each([
    [
      '$first: Int',
      'roster { entries(first: $first) { totalCount } }',
      { first: 'John Doe' },
      'first',
      'a value of type "Int"',
    ],
    ['$ids: [ID!]!', 'users(ids: $ids) { id }', {}, 'ids', 'a value of type "[ID!]!"'],
    ['$ids: [ID!]!', 'users(ids: $ids) { id }', { ids: ['a', null] }, 'ids.1', 'a value of type "ID!"'],
    ['$kinds: [SearchKind!]', 'search(query: "a", kinds: $kinds) { totalCount }', { kinds: 'John Doe' }, 'kinds', ''],
  ])('names type and place of a wrong variable: %s in %s with %j', async (declared, field, variables, at, expected) => {
    const { errors, text } = await stack.query(`query (${declared}) { ${field} }`, variables);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: at } });
    expect(errors?.[0]?.message).toContain(`${at}: expected ${expected}`);
    expect(text).not.toContain('John Doe');
  });

  it.each([
    [{ entity: 'a' }, 'input.metadata', 'a value of type "[MetadataEntryInput!]!"'],
    [
      { entity: 'a', metadata: [], 'John Doe': 1, metdata: ' at "John"; ' },
      'input',
      'only fields of type "SetMetadataInput"',
    ],
    [
      { entity: 'a', metadata: [], metdata: 'John' },
      'input.metdata',
      'a field of type "SetMetadataInput", such as "metadata".',
    ],
    [{ entity: 'a', metadata: [], Johnson: 1 }, 'input', 'only fields of type "SetMetadataInput".'],
    ['John Doe', 'input', 'a value of type "SetMetadataInput!"'],
    [null, 'input', 'a value of type "SetMetadataInput!"'],
    [
      { entity: 'a', metadata: [{ key: 'a', value: { 'x at "John"; y': 1 } }] },
      'input.metadata.0.value',
      'a value of type "String',
    ],
    [{ entity: 'a', metadata: { key: 'a' } }, 'input.metadata.value', 'a value of type "String!"'],
  ])('names type and place of a wrong input: %j', async (input, at, expected) => {
    const query = 'mutation ($input: SetMetadataInput!) { setMetadata(input: $input) { metadata { key } } }';
    const { errors, text } = await stack.query(query, { input });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', field: at } });
    expect(errors?.[0]?.message).toContain(`${at}: expected ${expected}`);
    expect(text).not.toContain('John');
  });

  it.each([
    ['search(query: "a", kinds: [JOHN]) { totalCount }', /^Expected a value of type "SearchKind" \(FORUM, .+\)\.$/],
    [
      'setMetadata(input: { entity: "a", metadata: [], metdata: "John" }) { metadata { key } }',
      /^Field "metdata" is not defined by type "SetMetadataInput"\. Did you mean "metadata"\?$/,
    ],
    [
      'setMetadata(input: { entity: "a" }) { metadata { key } }',
      /^Field "SetMetadataInput\.metadata" of required type "\[MetadataEntryInput!\]!" was not provided\.$/,
    ],
    [
      'roster { entries(frist: 1) { totalCount } }',
      /^Unknown argument "frist" on field .+ Did you mean "first" or "last"\?$/,
    ],
    ['roster { entries(first: $frist) { totalCount } }', /^Variable "\$frist" is not defined\.$/],
  ])('names what was meant in a document that does not validate: %s', async (field, expected) => {
    const { errors, text } = await stack.query(`${field.startsWith('set') ? 'mutation ' : ''}{ ${field} }`);
    expect(errors?.[0]?.message).toMatch(expected);
    expect(text.toLowerCase()).not.toContain('john');
  });

  it('names the values of an enum for a wrong variable', async () => {
    const query = 'query ($kinds: [SearchKind!]) { search(query: "a", kinds: $kinds) { totalCount } }';
    const { errors, text } = await stack.query(query, { kinds: ['John'] });
    expect(errors?.[0]?.message).toMatch(/^kinds\.0: expected a value of type "SearchKind!" \(FORUM, .+\)\.$/);
    expect(text).not.toContain('John');
  });

  it('names no field or value that was meant where introspection is off', async () => {
    await using closed = await startStack({ config: { introspection: false } });
    const declared = 'mutation ($input: SetMetadataInput!) { setMetadata(input: $input) { metadata { key } } }';
    const variables = { input: { entity: 'a', metadata: [], metdata: 'John' } };
    for (const [query, sent] of [
      [declared, variables],
      ['mutation { setMetadata(input: { entity: "a", metadata: [], metdata: "" }) { metadata { key } } }', {}],
      ['{ search(query: "a", kinds: [JOHN]) { totalCount } }', {}],
    ] as const) {
      const { errors } = await closed.query(query, sent);
      expect(errors?.[0]?.message).toMatch(/(only fields of type|is not defined by type|a value of type) "\w+"\.$/);
    }
  });

  it('reports twenty of many wrong items', async () => {
    const query = 'mutation ($input: SetMetadataInput!) { setMetadata(input: $input) { metadata { key } } }';
    const metadata = Array.from({ length: 100_000 }, () => null);
    const { errors } = await stack.query(query, { input: { entity: 'a', metadata } });
    expect(errors).toHaveLength(20);
    expect(errors?.[19]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.metadata.19' });
  });

  it('never repeats a literal of a document that does not validate', async () => {
    const { errors, text } = await stack.query(
      '{ user(id: 1.5e3) { id } roster { entries(first: "John Doe") { totalCount } } }',
    );
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(text).not.toContain('John Doe');
    const broken = await stack.query('{ user(id: "John Doe" { id } }');
    expect(broken.errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(broken.text).not.toContain('John Doe');
  });

  it.each([
    ['{ me { id }', 'line 1, column 12: expected Name, found end of the document'],
    ['{ user(id: "John" { id } }', 'line 1, column 19: expected Name, found "{"'],
    ['{\n  me { id }\n}\n}', 'line 4, column 1: unexpected "}"'],
    ['{ user(id: "a" "John") { id } }', 'line 1, column 16: expected Name, found String'],
    ['fragment F John User { id }', 'line 1, column 12: expected "on", found Name'],
    ['John { me { id } }', 'line 1, column 1: unexpected Name'],
    ["{ user(id: 'John') { id } }", 'line 1, column 12: strings are in double quotes'],
    ['{ user(id: "John) { id } }', 'line 1, column 27: unterminated string'],
    ['{ user(id: "\\John") { id } }', 'line 1, column 13: invalid character escape sequence'],
    ['{ user(id: 1John) { id } }', 'line 1, column 13: invalid number'],
    ['{ user(id: ”John”) { id } }', 'line 1, column 12: unexpected character'],
  ])('names place and kind of a syntax error, without text of the document: %s', async (query, expected) => {
    const { errors, text } = await stack.query(query);
    expect(errors?.[0]).toMatchObject({
      message: `Syntax error at ${expected}.`,
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
    expect(text).not.toContain('John');
  });
});

async function entryKeys(stack: Stack, page: string): Promise<string[]> {
  const { data } = await stack.query(`{ roster { entries${page} { edges { cursor } } } }`);
  return present(data).roster.entries.edges.map(({ cursor }) => cursor);
}
