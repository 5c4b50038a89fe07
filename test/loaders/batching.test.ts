import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

/** Items of one bulk read (contract, x-batch). */
const bulkSize = 20;

const rosterQuery = `{
  roster { entries { totalCount nodes { counterpart {
    __typename
    ... on User { token displayName }
    ... on Group { token members(first: 100) { totalCount nodes { token displayName } } }
  } } } }
}`;

interface Node {
  readonly __typename: string;
  readonly token: string;
  readonly displayName: string;
  readonly members?: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly token: string; readonly displayName: string }[];
  };
}

describe('batching', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(() => countFromHere(stack));
  afterAll(() => stack[Symbol.asyncDispose]());

  it('reads a roster with every group member in one roster call and full chunks of users', async () => {
    const { data, errors } = await stack.query(rosterQuery);
    expect(errors).toBeUndefined();
    const nodes =
      (data as { roster: { entries: { nodes: { counterpart: Node }[] } } } | undefined)?.roster.entries.nodes ?? [];
    const counterparts = nodes.map(({ counterpart }) => counterpart);
    const known = new Set(counterparts.filter(({ __typename }) => __typename === 'User').map(({ token }) => token));
    const members = counterparts.flatMap((counterpart) => counterpart.members?.nodes ?? []);
    const unknown = new Set(members.map(({ token }) => token).filter((token) => !known.has(token)));
    expect(counterparts.some((counterpart) => counterpart.members?.totalCount === 40)).toBe(true);
    expect(members.every(({ displayName }) => displayName.length > 0)).toBe(true);
    const counts = { ...stack.sandbox.requests.counts('ada') };
    // Public groups do not contain their members: each needs a call that lists them.
    delete counts['listGroupMembers'];
    // A single user costs one call either way, and the call for one user is cheaper.
    const reads = unknown.size === 1 ? { getUser: 1 } : { lookupUsersBulk: Math.ceil(unknown.size / bulkSize) };
    expect(counts).toEqual({ getRoster: 1, ...reads });
  });

  it('reads fifty messages with sender and recipient states in one call each, and states and users in bulk', async () => {
    const tokens = await sendMany(stack, 50);
    stack.sandbox.requests.reset();
    const { data, errors } = await stack.query(
      `query ($ids: [ID!]!) { messages(ids: $ids) { sender { token displayName } recipientStatuses { status user { token displayName } } } }`,
      { ids: tokens },
    );
    expect(errors).toBeUndefined();
    const messages =
      (data as { messages: { sender: Node; recipientStatuses: { user: Node }[] }[] } | undefined)?.messages ?? [];
    const users = new Set(
      messages.flatMap(({ sender, recipientStatuses }) => [
        sender.token,
        ...recipientStatuses.map(({ user }) => user.token),
      ]),
    );
    expect(users.size).toBeGreaterThan(bulkSize);
    expect(stack.sandbox.requests.counts('ada')).toEqual({
      getMessage: 50,
      getBulkMessageStatus: Math.ceil(50 / bulkSize),
      lookupUsersBulk: Math.ceil(users.size / bulkSize),
    });
  });

  it('reads nothing when only id, token and __typename of a reference are selected', async () => {
    const [token] = await sendMany(stack, 1);
    stack.sandbox.requests.reset();
    const { data } = await stack.query(`query ($id: ID!) { message(id: $id) { sender { __typename id token } } }`, {
      id: token,
    });
    expect(data).toMatchObject({ message: { sender: { __typename: 'User' } } });
    expect(stack.sandbox.requests.counts('ada')).toEqual({ getMessage: 1 });
  });

  it('reads an object once, however often it is selected', async () => {
    const [token] = await sendMany(stack, 1);
    stack.sandbox.requests.reset();
    await stack.query(
      `query ($id: ID!) { a: message(id: $id) { body } b: message(id: $id) { createdAt } node(id: "Message:${token}") { id } }`,
      {
        id: token,
      },
    );
    expect(stack.sandbox.requests.counts('ada')).toEqual({ getMessage: 1 });
  });

  it('sends one bulk read for users in sibling fields', async () => {
    await stack.query(
      `{ a: user(id: "${await tokenOf(stack, 'grace')}") { displayName } b: user(id: "${await tokenOf(stack, 'alan')}") { displayName } }`,
    );
    expect(stack.sandbox.requests.count('lookupUsersBulk')).toBe(1);
  });
});

async function tokenOf(stack: Stack, name: string): Promise<string> {
  const { data } = await stack.query('{ me { token } }', {}, name);
  return (data as { me: { token: string } } | undefined)?.me.token ?? '';
}

/** Stores `count` messages from Ada, to all people in turn. */
async function sendMany(stack: Stack, count: number): Promise<string[]> {
  const { data } = await stack.query(
    '{ roster { entries(kinds: [USER]) { nodes { counterpart { ... on User { id } } } } } }',
  );
  const ids =
    (data as { roster: { entries: { nodes: { counterpart: { id: string } }[] } } } | undefined)?.roster.entries.nodes ??
    [];
  const tokens: string[] = [];
  for (let index = 0; index < count; index++) {
    const recipient = ids[index % ids.length]?.counterpart.id;
    const sent = await stack.query(
      'mutation ($recipient: ID!) { sendMessage(input: { recipient: $recipient, body: "hello" }) { message { token } } }',
      { recipient },
    );
    tokens.push(
      (sent.data as { sendMessage: { message: { token: string } } } | undefined)?.sendMessage.message.token ?? '',
    );
  }
  return tokens;
}
