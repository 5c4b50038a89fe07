import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { pageFields, walkBackward, walkForward } from '../support/relay-connection.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const counterpart =
  'counterpart { __typename ... on User { id token displayName } ... on Group { id token name } ... on DistributionList { id token name memberCount } }';
const addEntry = `mutation ($input: AddRosterEntryInput!) { addRosterEntry(input: $input) { ${counterpart} } }`;
const removeEntry = `mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { ${counterpart} } }`;
const sendMessage =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id token recipient { ... on User { token } } } } }';

interface Entry {
  readonly organizationKey: string;
  readonly counterpart: { readonly __typename: string; readonly id: string; readonly token: string };
}

describe('the roster', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let rosalind: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    rosalind = await demoPerson(stack, 'rosalind');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const entriesOf = async (person: DemoPerson, page = ''): Promise<readonly Entry[]> =>
    (await person.ask(`{ roster { entries${page} { nodes { organizationKey ${counterpart} } } } }`)).roster.entries
      .nodes;

  it('has people, groups and lists, latest traffic first', async () => {
    await ada.ask(sendMessage, { input: { recipient: 'barbara@example.org', body: 'x' } });
    const entries = await entriesOf(ada);
    expect(entries[0]).toMatchObject({ counterpart: { displayName: 'Barbara Liskov' } });
    expect(new Set(entries.map((entry) => entry.counterpart.__typename))).toEqual(
      new Set(['User', 'Group', 'DistributionList']),
    );
  });

  it.each([
    ['USER', 'User'],
    ['GROUP', 'Group'],
    ['LIST', 'DistributionList'],
  ])('has only the kind %s when selected', async (kind, type) => {
    const entries = await entriesOf(ada, `(kinds: [${kind}])`);
    expect(entries).not.toHaveLength(0);
    expect(new Set(entries.map((entry) => entry.counterpart.__typename))).toEqual(new Set([type]));
  });

  it('is paged to its end in both directions, with a person known from two organizations in it twice', async () => {
    await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'here' } });
    await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'there', senderOrganization: clinics } });
    const read = async (page: string) =>
      (
        await ada.ask(
          `{ roster { entries(${page}) { ${pageFields} edges { cursor node { organizationKey ${counterpart} } } } } }`,
        )
      ).roster.entries;
    const all = (await read('first: 500')).edges.map(({ node }: { node: Entry }) => node);
    expect(all.filter((entry: Entry) => entry.counterpart.token === grace.token)).toHaveLength(2);
    expect(await walkForward(read, 1)).toEqual(all);
    expect(await walkBackward(read, 9)).toEqual(all);
  });

  it.each([
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['after: "x"', 'after'],
    ['before: "x"', 'before'],
  ])('rejects the page %s by the name of its argument', async (page, field) => {
    expect(await ada.rejection(`{ roster { entries(${page}) { totalCount } } }`)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });

  it('adds a person by any address, twice without an error, and the caller’s devices get an event', async () => {
    const { sendMessage: sent } = await ada.ask(sendMessage, {
      input: { recipient: 'new.one@example.com', body: 'x' },
    });
    const person = `User:${sent.message.recipient.token}`;
    await ada.ask(removeEntry, { input: { counterpart: person } });
    await using events = await ada.listen();
    for (const address of [person, 'NEW.ONE@example.com']) {
      const added = await ada.ask(addEntry, { input: { counterpart: address } });
      expect(added.addRosterEntry.counterpart).toMatchObject({ id: person });
    }
    await events.until(
      'RosterChanged',
      ({ change, ...event }) => change === 'ADDED' && person.endsWith(event.counterpart.token),
    );
    expect((await entriesOf(ada))[0]?.counterpart.id).toBe(person);
  });

  it('adds a distribution list, with the conversation in the given organization', async () => {
    const { search } = await ada.ask(
      '{ search(query: "Nursing", kinds: [LIST]) { nodes { ... on DistributionList { id } } } }',
    );
    const [list] = search.nodes;
    const added = await ada.ask(addEntry, { input: { counterpart: list.id } });
    expect(added.addRosterEntry.counterpart).toMatchObject({ name: 'Nursing everyone', memberCount: 6 });
    await ada.ask(addEntry, { input: { counterpart: grace.id, organization: clinics } });
    expect(await entriesOf(ada)).toContainEqual(
      expect.objectContaining({ organizationKey: clinics, counterpart: expect.objectContaining({ id: grace.id }) }),
    );
  });

  it('adds neither groups, nor absent objects, nor a person of another organization', async () => {
    const [group] = await entriesOf(ada, '(kinds: [GROUP])');
    expect(await ada.rejection(addEntry, { input: { counterpart: group?.counterpart.token } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.counterpart',
    });
    for (const address of [absent, `User:${absent}`, `DistributionList:${absent}`, `Group:${absent}`, rosalind.id]) {
      expect(await ada.rejection(addEntry, { input: { counterpart: address } })).toMatchObject({
        code: 'NOT_FOUND',
        field: 'input.counterpart',
      });
    }
    expect(await ada.rejection(addEntry, { input: { counterpart: 'a b' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.counterpart',
    });
    expect(
      await ada.rejection(addEntry, { input: { counterpart: grace.id, organization: 'elsewhere' } }),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('removes a person with the whole conversation, for the caller only', async () => {
    const { sendMessage: sent } = await ada.ask(sendMessage, { input: { recipient: grace.id, body: 'between us' } });
    await using events = await ada.listen();
    const removed = await ada.ask(removeEntry, { input: { counterpart: grace.id } });
    expect(removed.removeRosterEntry.counterpart).toMatchObject({ id: grace.id, displayName: 'Grace Hopper' });
    await events.until(
      'RosterChanged',
      ({ change, ...event }) => change === 'REMOVED' && event.counterpart.token === grace.token,
    );
    expect((await entriesOf(ada)).map((entry) => entry.counterpart.id)).not.toContain(grace.id);
    const read = 'query ($id: ID!) { message(id: $id) { body } }';
    expect(await ada.ask(read, sent.message)).toEqual({ message: null });
    expect(await grace.ask(read, sent.message)).toEqual({ message: { body: 'between us' } });
    expect((await ada.ask(removeEntry, { input: { counterpart: grace.id } })).removeRosterEntry).not.toBeNull();
  });

  it('removes a group by leaving it, which its members see', async () => {
    const { createGroup } = await ada.ask(
      'mutation ($members: [ID!]!) { createGroup(input: { name: "Short", members: $members }) { group { id token } } }',
      { members: [grace.id] },
    );
    const { id, token } = createGroup.group;
    await using events = await grace.listen();
    const removed = await ada.ask(removeEntry, { input: { counterpart: id } });
    expect(removed.removeRosterEntry.counterpart).toMatchObject({ __typename: 'Group', name: 'Short' });
    const notice = await events.until(
      'ConversationNotice',
      ({ target, ...event }) => event.notice === 'removed' && target.token === token,
    );
    expect(notice.subject.token).toBe(ada.token);
    expect(await ada.ask('query ($id: ID!) { group(id: $id) { name } }', { id })).toEqual({ group: null });
    expect(await grace.ask('query ($id: ID!) { group(id: $id) { memberCount } }', { id })).toEqual({
      group: { memberCount: 1 },
    });
  });

  it('removes a distribution list', async () => {
    const [list] = await entriesOf(ada, '(kinds: [LIST])');
    await ada.ask(removeEntry, { input: { counterpart: list?.counterpart.id } });
    expect(await entriesOf(ada, '(kinds: [LIST])')).toEqual([]);
  });

  it('removes nothing that is absent', async () => {
    expect(await ada.rejection(removeEntry, { input: { counterpart: absent } })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'input.counterpart',
    });
  });

  it('returns its other entries when one of them is broken', async () => {
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'wrong-shape', operationId: 'getRoster', caller: 'ada', count: 1 });
    const { data, errors } = await ada.answer(
      `{ roster { entries(first: 500) { totalCount nodes { ${counterpart} } } } }`,
    );
    const { nodes, totalCount } = present(data).roster.entries;
    expect(nodes).toHaveLength(totalCount);
    expect(nodes.filter((node) => node === null)).toHaveLength(1);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['roster', 'entries', 'nodes', 0],
      extensions: { code: 'UPSTREAM_INVALID' },
    });
  });
});

describe('distribution lists', () => {
  it('have members page by page, and are read again by their global id', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const { search } = await ada.ask(
      '{ search(query: "Cardiology everyone", kinds: [LIST]) { nodes { ... on DistributionList { id token } } } }',
    );
    const [{ id, token }] = search.nodes;
    const read = async (page: string) =>
      (
        await ada.ask(
          `query ($id: ID!) { node(id: $id) { ... on DistributionList { members(${page}) { ${pageFields} edges { cursor node { displayName } } } } } }`,
          { id },
        )
      ).node.members;
    const all = (await read('first: 500')).edges.map(({ node }: { node: unknown }) => node);
    expect(all).toHaveLength(7);
    expect(await walkForward(read, 3)).toEqual(all);
    expect(await walkBackward(read, 3)).toEqual(all);
    const { node } = await ada.ask(
      'query ($id: ID!) { node(id: $id) { __typename id ... on DistributionList { token name memberCount organizationKey } } }',
      { id },
    );
    expect(node).toEqual({
      __typename: 'DistributionList',
      id,
      token,
      name: 'Cardiology everyone',
      memberCount: 7,
      organizationKey: 'mercyGeneralHospital0001',
    });
    expect(await ada.ask('query ($id: ID!) { node(id: $id) { id } }', { id: `DistributionList:${absent}` })).toEqual({
      node: null,
    });
  });
});
