/** Conversations on an upstream without history: their identity, the list, and their cost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { counted } from '../support/conversations.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, hospital } from '../support/demo-tokens.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const sendMessage = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { id token body } conversation { id } } }`;

describe('conversations on v2', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack({ config: { upstreamApi: 'v2' } });
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const idWith = (token: string, organization = hospital) => `Conversation:${token}:${organization}`;

  it('have the id of organization and counterpart, which costs no call anywhere', async () => {
    const { roster } = await ada.ask(
      '{ roster { entries(first: 1, kinds: [GROUP]) { nodes { organizationKey counterpart { ... on Group { id token } } } } } }',
    );
    const [{ counterpart: group, organizationKey }] = roster.entries.nodes;
    const { sendMessage: sent } = await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'x' } });
    const question = `query ($id: ID!, $group: ID!, $message: ID!, $user: ID!) {
      conversation(id: $id) { id }
      group(id: $group) { conversation { id organizationKey } }
      message(id: $message) { conversation { id } }
      user(id: $user) { here: conversation(organization: "${hospital}") { id } there: conversation(organization: "${clinics}") { id } }
    }`;
    const variables = { id: idWith(grace.token), group: group.id, message: sent.message.id, user: grace.id };
    const read = () => ada.ask(question, variables);
    await read(); // the first direct message needs the caller's account
    const { value, calls } = await counted(stack, read);
    expect(value).toEqual({
      conversation: { id: idWith(grace.token) },
      group: { conversation: { id: idWith(group.token, organizationKey), organizationKey } },
      message: { conversation: { id: idWith(grace.token) } },
      user: { here: { id: idWith(grace.token) }, there: { id: idWith(grace.token, clinics) } },
    });
    expect(calls).toEqual({ getGroup: 1, getMessage: 1, getUser: 1 });
  });

  it('are the same for both sides of a message, and for its event', async () => {
    await using events = await grace.listen();
    const { sendMessage: sent } = await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'x' } });
    expect(sent.conversation.id).toBe(idWith(grace.token));
    await events.until('MessageReceived', ({ message }) => message.token === sent.message.token);
    const { message } = await grace.ask('query ($id: ID!) { message(id: $id) { conversation { id } } }', {
      id: sent.message.id,
    });
    expect(message.conversation.id).toBe(idWith(ada.token));
  });

  it('with one person in two organizations are two, and are muted one by one', async () => {
    await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'here' } });
    await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'there', senderOrganization: clinics } });
    const muted = await ada.ask(
      `mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil conversation { id mutedUntil } } }`,
      { input: { conversation: idWith(grace.token, clinics), minutes: 5 } },
    );
    expect(muted.mute.conversation).toEqual({
      id: idWith(grace.token, clinics),
      mutedUntil: muted.mute.mutedUntil,
    });
    const { roster } = await ada.ask(
      '{ roster { entries(kinds: [USER]) { nodes { organizationKey mutedUntil conversation { id mutedUntil } counterpart { ... on User { id } } } } } }',
    );
    const entries = roster.entries.nodes.filter(
      (entry: { counterpart: { id: string } }) => entry.counterpart.id === grace.id,
    );
    const { mutedUntil } = muted.mute;
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        {
          organizationKey: clinics,
          mutedUntil,
          conversation: { id: idWith(grace.token, clinics), mutedUntil },
          counterpart: { id: grace.id },
        },
        {
          organizationKey: hospital,
          mutedUntil: null,
          conversation: { id: idWith(grace.token), mutedUntil: null },
          counterpart: { id: grace.id },
        },
      ]),
    );
    const { unmute } = await ada.ask(
      `mutation ($input: UnmuteInput!) { unmute(input: $input) { wasMuted conversation { id mutedUntil } } }`,
      { input: { conversation: idWith(grace.token) } },
    );
    expect(unmute).toEqual({ wasMuted: false, conversation: { id: idWith(grace.token), mutedUntil: null } });
  });

  it('report that there is no history, and have none', async () => {
    const fields = `isHistoryAvailable lastMessage { id } unreadCount unreadPriorityCount firstExpiringUnread { expiresAt }
      timeline { nodes { __typename } } messages { nodes { id } } counterpart { ... on User { displayName } }`;
    const { conversation } = await ada.ask(
      `query ($id: ID!) { conversation(id: $id) { id organizationKey ${fields} } }`,
      {
        id: idWith(grace.token),
      },
    );
    expect(conversation).toEqual({
      id: idWith(grace.token),
      organizationKey: hospital,
      isHistoryAvailable: false,
      lastMessage: null,
      unreadCount: null,
      unreadPriorityCount: null,
      firstExpiringUnread: null,
      timeline: null,
      messages: null,
      counterpart: { displayName: 'Grace Hopper' },
    });
  });

  it('are null when the counterpart is absent, or not in the organization', async () => {
    const ids = [idWith(absent), idWith(grace.token, 'elsewhere'), idWith(grace.token)];
    const { nodes } = await ada.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes).toEqual([null, null, { id: idWith(grace.token) }]);
    for (const id of ids.slice(0, 2))
      expect(await ada.ask('query ($id: ID!) { conversation(id: $id) { isHistoryAvailable } }', { id })).toEqual({
        conversation: null,
      });
  });

  it.each(['', 'User:00000000-0000-4000-8000-000000000000', 'Conversation:x:y', `Conversation:${absent}`])(
    'are not identified by %j',
    async (id) => {
      expect(await ada.rejection('query ($id: ID!) { conversation(id: $id) { id } }', { id })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'id',
      });
    },
  );

  it('are listed from the roster in one call, with cursors that continue', async () => {
    const read = (page: string) =>
      ada.ask(`{ conversations(${page}) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id mutedUntil counterpart { __typename } } } }`);
    const { value, calls } = await counted(stack, () => read('first: 200'));
    expect(calls).toEqual({ getRoster: 1, listMutes: 1 });
    const all = value.conversations.nodes.map(({ id }: { id: string }) => id);
    expect(value.conversations.totalCount).toBe(all.length);
    const found: string[] = [];
    for (let after = ''; ; ) {
      const { conversations } = await read(`first: 3${after}`);
      found.push(...conversations.nodes.map(({ id }: { id: string }) => id));
      if (!conversations.pageInfo.hasNextPage) break;
      after = `, after: ${JSON.stringify(conversations.pageInfo.endCursor)}`;
    }
    expect(found).toEqual(all);
    const { conversations } = await read(`organization: "${clinics}"`);
    expect(conversations.nodes.map(({ id }: { id: string }) => id)).toEqual(
      all.filter((id: string) => id.endsWith(`:${clinics}`)),
    );
    expect((await read('unreadOnly: true')).conversations).toBeNull();
  });

  it('are paged through while conversations move to the front and disappear, none skipped and none repeated', async () => {
    const read = async (page: string) =>
      (await ada.ask(`{ conversations(${page}) { pageInfo { hasNextPage endCursor } nodes { id } } }`)).conversations;
    const ids = (page: { nodes: readonly { id: string }[] }) => page.nodes.map(({ id }) => id);
    const all = ids(await read('first: 200'));
    const send = (to = '') => ada.ask(sendMessage, { input: { conversation: to, body: 'x' } });
    const remove = (conversation = '') =>
      ada.ask(
        'mutation ($id: ID!) { removeRosterEntry(input: { target: { conversation: $id } }) { removedConversationId } }',
        {
          id: conversation,
        },
      );
    const after = async (page: { pageInfo: { endCursor: string } }) =>
      ids(await read(`first: 3, after: ${JSON.stringify(page.pageInfo.endCursor)}`));
    const six = await read('first: 6');
    await send(all[5]); // the last one that was read, then one that was not, then one before it
    expect(await after(six)).toEqual(all.slice(6, 9));
    await send(all[30]);
    await send(all[4]);
    expect(await after(six)).toEqual(all.slice(6, 9));
    await remove(all[5]);
    await remove(all[3]);
    expect(await after(six)).toEqual(all.slice(6, 9));
  });

  it('are not paged through with the cursor of another organization', async () => {
    const { conversations } = await ada.ask(
      `{ conversations(first: 2, organization: "${clinics}") { pageInfo { endCursor } } }`,
    );
    const after = JSON.stringify(conversations.pageInfo.endCursor);
    for (const organization of [`, organization: "${hospital}"`, ''])
      expect(
        await ada.rejection(`{ conversations(first: 2, after: ${after}${organization}) { nodes { id } } }`),
      ).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'after',
      });
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 201', 'first'],
    ['last: 1', 'last'],
    ['before: "x"', 'before'],
    ['after: "x"', 'after'],
    ['organization: "a b"', 'organization'],
  ])('are not listed with %s', async (page, field) => {
    expect(await ada.rejection(`{ conversations(${page}) { nodes { id } } }`)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });

  it('accept messages, and are removed from the roster by their id', async () => {
    const id = idWith(grace.token);
    const { sendMessage: sent } = await ada.ask(sendMessage, { input: { conversation: id, body: 'by id' } });
    expect(sent).toMatchObject({ message: { body: 'by id' }, conversation: { id } });
    const { removeRosterEntry } = await ada.ask(
      'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }',
      { input: { conversation: id } },
    );
    expect(removeRosterEntry.removedConversationId).toBe(id);
    const { conversations } = await ada.ask('{ conversations { nodes { id } } }');
    expect(conversations.nodes.map((node: { id: string }) => node.id)).not.toContain(id);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ body: 'x' }, 'input.recipient'],
    [{ body: 'x', conversation: 'CONVERSATION', recipient: 'grace@example.org' }, 'input.conversation'],
    [{ body: 'x', conversation: 'CONVERSATION', senderOrganization: clinics }, 'input.conversation'],
    [{ body: 'x', conversation: 'nonsense' }, 'input.conversation'],
  ])('reject %j', async (input, field) => {
    const named = input['conversation'] === 'CONVERSATION' ? { conversation: idWith(grace.token) } : {};
    expect(await ada.rejection(sendMessage, { input: { ...input, ...named } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });
});

describe('the version of the upstream', () => {
  it('is detected with one call and cached, and adds no call to other fields', async () => {
    await using stack = await startStack();
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 404, path: '/v5/*' });
    const ada = await demoPerson(stack, 'ada');
    const question = '{ conversations(first: 1) { nodes { id isHistoryAvailable } } }';
    const first = await counted(stack, () => ada.ask(question));
    expect(first.value.conversations.nodes).toEqual([{ id: expect.any(String), isHistoryAvailable: false }]);
    expect(first.calls).toEqual({ listConversations: 1, getRoster: 1 });
    expect((await counted(stack, () => ada.ask(question))).calls).toEqual({ getRoster: 1 });
    const old = await counted(stack, () =>
      ada.ask('{ me { id } roster { entries { nodes { mutedUntil counterpart { ... on User { id } } } } } }'),
    );
    expect(old.calls).toEqual({ getMe: 1, getRoster: 1, listMutes: 1 });
  });
});
