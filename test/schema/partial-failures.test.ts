/** Results for clients when the upstream lacks a bulk read, or when part of a reply breaks the contract. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { clinics } from '../support/demo-tokens.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const messagesQuery =
  'query ($ids: [ID!]!) { messages(ids: $ids) { body isRecalled recipientStatuses { status user { displayName } } } }';
const usersQuery = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName } }';
const metadataQuery =
  'query ($ids: [ID!]!, $key: String) { users(ids: $ids) { metadata(organization: $key) { key } } }';

async function setUp(stack: Stack) {
  const ada = await demoPerson(stack, 'ada');
  const others = await Promise.all(['grace', 'florence', 'mary'].map((name) => demoPerson(stack, name)));
  const messages: string[] = [];
  for (const { id } of others) {
    const { sendMessage } = await ada.ask(
      'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id } } }',
      { to: id },
    );
    messages.push(sendMessage.message.id);
  }
  stack.sandbox.requests.reset();
  return { ada, people: others.map(({ id }) => id), messages, control: controlOf(stack.sandbox) };
}

describe.each([404, 405, 501])('an upstream whose bulk reads answer %i', (status) => {
  it('gets single reads of users, and no bulk read again', async () => {
    await using stack = await startStack();
    const { ada, people, control } = await setUp(stack);
    await control.fault({ kind: 'status', status, operationId: 'lookupUsersBulk' });
    const expected = [
      { displayName: 'Grace Hopper' },
      { displayName: 'Florence Nightingale' },
      { displayName: 'Mary Seacole' },
    ];
    for (let time = 0; time < 2; time++) {
      expect(await ada.ask(usersQuery, { ids: people })).toEqual({ users: expected });
    }
    expect(stack.sandbox.requests.counts('ada')).toEqual({ lookupUsersBulk: 1, getUser: 6 });
  });

  it('gets single reads of delivery states, and no bulk read again', async () => {
    await using stack = await startStack();
    const { ada, messages, control } = await setUp(stack);
    await control.fault({ kind: 'status', status, operationId: 'getBulkMessageStatus' });
    for (let time = 0; time < 2; time++) {
      const answer = await ada.ask(messagesQuery, { ids: messages });
      expect(answer.messages).toMatchObject([
        { isRecalled: false, recipientStatuses: [{ status: 'NEW', user: { displayName: 'Grace Hopper' } }] },
        { recipientStatuses: [{ user: { displayName: 'Florence Nightingale' } }] },
        { recipientStatuses: [{ user: { displayName: 'Mary Seacole' } }] },
      ]);
    }
    expect(stack.sandbox.requests.counts('ada')).toMatchObject({ getBulkMessageStatus: 1, getMessageStatus: 6 });
  });

  it('gets single reads of metadata, and no bulk read again', async () => {
    await using stack = await startStack();
    const { ada, people, control } = await setUp(stack);
    await control.fault({ kind: 'status', status, operationId: 'getEntitiesBulk' });
    const metadata = [{ key: 'department' }, { key: 'pager' }];
    for (let time = 0; time < 2; time++) {
      const answer = await ada.ask(metadataQuery, { ids: people, key: clinics });
      expect(answer).toEqual({ users: people.map(() => ({ metadata })) });
    }
    expect(stack.sandbox.requests.counts('ada')).toMatchObject({ getEntitiesBulk: 1, getMetadata: 6 });
  });
});

describe('a bulk read that fails for another reason', () => {
  it('fails its fields, and is tried again by the next operation', async () => {
    await using stack = await startStack({ config: { upstreamRetries: 0 } });
    const { ada, people, control } = await setUp(stack);
    await control.fault({ kind: 'status', status: 500, operationId: 'lookupUsersBulk', count: 1 });
    const { data, errors } = await ada.answer(usersQuery, { ids: people });
    expect(data).toEqual({ users: [null, null, null] });
    expect(errors).toMatchObject(
      people.map((_id, index) => ({ path: ['users', index], extensions: { code: 'UPSTREAM_UNAVAILABLE' } })),
    );
    expect((await ada.ask(usersQuery, { ids: people })).users).not.toContain(null);
    expect(stack.sandbox.requests.counts('ada')).toEqual({ lookupUsersBulk: 2 });
  });
});

describe('a row that breaks the contract fails alone, at its path', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let people: string[];
  let messages: string[];
  let control: SandboxControl;
  beforeAll(async () => {
    stack = await startStack();
    ({ ada, people, messages, control } = await setUp(stack));
  });
  beforeEach(() => control.clearFaults());
  afterAll(() => stack[Symbol.asyncDispose]());

  /** The only error has the path, and nothing of the row in its text. */
  async function failsAlone(query: string, variables: object, path: readonly (string | number)[]) {
    const { data, errors, text } = await ada.answer(query, variables);
    expect(errors).toMatchObject([{ path, extensions: { code: 'UPSTREAM_INVALID', retryable: false } }]);
    expect(errors).toHaveLength(1);
    expect(text).not.toContain('secret-value');
    return data;
  }

  it('among users', async () => {
    const tokens = people.map((id) => id.slice('User:'.length));
    await control.fault({
      kind: 'body',
      operationId: 'lookupUsersBulk',
      body: {
        status: 'success',
        reply: [
          { token: tokens[0], display_name: 'One' },
          { token: tokens[1], display_name: ['secret-value'] },
          { token: 'secret-value' },
          'secret-value',
          null,
        ],
      },
    });
    const data = await failsAlone(usersQuery, { ids: people }, ['users', 1]);
    expect(data).toEqual({ users: [{ displayName: 'One' }, null, null] });
  });

  it('among the members of a group', async () => {
    const { search } = await ada.ask(
      '{ search(query: "Stroke", kinds: [GROUP]) { nodes { ... on Group { id members { nodes { token } } } } } }',
    );
    const [{ id, members }] = search.nodes;
    const tokens: string[] = members.nodes.map(({ token }: { token: string }) => token);
    await control.fault({
      kind: 'body',
      operationId: 'lookupUsersBulk',
      body: {
        status: 'success',
        reply: tokens.map((token, index) => ({ token, display_name: index === 2 ? { a: 'secret-value' } : 'ok' })),
      },
    });
    const data = await failsAlone(
      'query ($id: ID!) { group(id: $id) { name members { totalCount edges { node { displayName } } } } }',
      { id },
      ['group', 'members', 'edges', 2, 'node'],
    );
    const edges = tokens.map((_token, index) => ({ node: index === 2 ? null : { displayName: 'ok' } }));
    expect(data).toEqual({ group: { name: 'Stroke team', members: { totalCount: tokens.length, edges } } });
  });

  it('among messages', async () => {
    const path = `/v2/message/${messages[1]?.slice('Message:'.length)}`;
    await control.fault({ kind: 'body', path, body: { reply: { message_id: 7, body: 'secret-value' } } });
    const data = await failsAlone(messagesQuery, { ids: messages }, ['messages', 1]);
    expect(data).toMatchObject({ messages: [{ body: 'x' }, null, { body: 'x' }] });
  });

  it('among delivery states', async () => {
    const tokens = messages.map((id) => id.slice('Message:'.length));
    const statuses = [{ account_id: people[0]?.slice(5), status: 'New', timestamp: '2019-03-14T18:23:11.000Z' }];
    await control.fault({
      kind: 'body',
      operationId: 'getBulkMessageStatus',
      body: {
        status: 'success',
        reply: {
          bulk_message_statuses: [
            { client_id: tokens[0], is_recalled: false, statuses },
            { client_id: tokens[1], is_recalled: false, statuses: [{ ...statuses[0], status: 'secret-value' }] },
            { client_id: tokens[2], is_recalled: false, statuses },
          ],
        },
      },
    });
    const query = 'query ($ids: [ID!]!) { messages(ids: $ids) { body recipientStatuses { status } } }';
    const data = await failsAlone(query, { ids: messages }, ['messages', 1, 'recipientStatuses']);
    const fine = { body: 'x', recipientStatuses: [{ status: 'NEW' }] };
    expect(data).toEqual({ messages: [fine, { body: 'x', recipientStatuses: null }, fine] });
  });

  it('among metadata', async () => {
    const [one = '', other = ''] = people.map((id) => id.slice('User:'.length));
    await control.fault({
      kind: 'body',
      operationId: 'getEntitiesBulk',
      body: { reply: { users: [], metadata: [{ [one]: { a: ['secret-value'] } }, { [other]: { ward: '4' } }] } },
    });
    const data = await failsAlone(metadataQuery, { ids: people.slice(0, 2), key: clinics }, ['users', 0, 'metadata']);
    expect(data).toEqual({ users: [{ metadata: null }, { metadata: [{ key: 'ward' }] }] });
  });

  it('and a whole reply that does, fails its field only', async () => {
    await control.fault({ kind: 'garbage', operationId: 'getRoster' });
    const query = '{ me { displayName } roster { entries { totalCount } } mutes { token } }';
    const data = await failsAlone(query, {}, ['roster', 'entries']);
    expect(data).toEqual({ me: { displayName: 'Ada Lovelace' }, roster: { entries: null }, mutes: [] });
  });
});

describe('every error code of an upstream failure', () => {
  it.each([
    [{ kind: 'status', status: 400 }, 'BAD_USER_INPUT', false],
    [{ kind: 'status', status: 401 }, 'UNAUTHENTICATED', false],
    [{ kind: 'status', status: 403 }, 'FORBIDDEN', false],
    [{ kind: 'status', status: 404 }, 'NOT_FOUND', false],
    [{ kind: 'status', status: 409 }, 'CONFLICT', false],
    [{ kind: 'status', status: 413 }, 'PAYLOAD_TOO_LARGE', false],
    [{ kind: 'status', status: 429, retryAfter: 30 }, 'RATE_LIMITED', true],
    [{ kind: 'status', status: 500, form: 'html' }, 'UPSTREAM_UNAVAILABLE', true],
    [{ kind: 'status', status: 503, form: 'empty' }, 'UPSTREAM_UNAVAILABLE', true],
    [{ kind: 'html' }, 'UPSTREAM_UNAVAILABLE', true],
    [{ kind: 'refuse' }, 'UPSTREAM_UNAVAILABLE', true],
    [{ kind: 'cut' }, 'UPSTREAM_UNAVAILABLE', true],
    [{ kind: 'stall' }, 'UPSTREAM_TIMEOUT', true],
    [{ kind: 'garbage' }, 'UPSTREAM_INVALID', false],
    [{ kind: 'wrong-shape' }, 'UPSTREAM_INVALID', false],
  ] as const)('%j is %s', async (fault, code, retryable) => {
    await using stack = await startStack({ config: { upstreamRetries: 0, upstreamTimeoutMs: 1500 } });
    await controlOf(stack.sandbox).fault({ ...fault, operationId: 'getMe' });
    const { data, errors } = await stack.query('{ me { id } }');
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code, retryable } }]);
    if (code === 'RATE_LIMITED') expect(errors?.[0]?.extensions).toMatchObject({ retryAfterSeconds: 30 });
  });
});
