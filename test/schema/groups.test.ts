import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, hospital } from '../support/demo-tokens.ts';
import { pageFields, walkBackward, walkForward } from '../support/relay-connection.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const groupFields =
  'id token name description isPublic replayHistory memberCount organizationKey createdAt avatarUrl createdBy { token } metadata { key value } members { totalCount nodes { token displayName } }';
const createGroup = `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { ${groupFields} } } }`;
const updateGroup = `mutation ($input: UpdateGroupInput!) { updateGroup(input: $input) { group { ${groupFields} } } }`;
const deleteGroup = 'mutation ($input: DeleteGroupInput!) { deleteGroup(input: $input) { deletedGroupId } }';
const addMembers =
  'mutation ($input: AddGroupMembersInput!) { addGroupMembers(input: $input) { group { memberCount members { nodes { token } } } } }';
const removeMembers =
  'mutation ($input: RemoveGroupMembersInput!) { removeGroupMembers(input: $input) { group { memberCount members { nodes { token } } } } }';
const readGroup = `query ($id: ID!) { group(id: $id) { ${groupFields} } }`;

describe('groups', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let alan: DemoPerson;
  let rosalind: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    alan = await demoPerson(stack, 'alan');
    rosalind = await demoPerson(stack, 'rosalind');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const create = async (input: object = {}) =>
    (await ada.ask(createGroup, { input: { name: 'Night shift', members: [grace.id], ...input } })).createGroup.group;

  it('are created with members by any address, and the payload is the stored group', async () => {
    await using events = await grace.listen();
    const group = await create({
      members: [grace.id, 'ALAN@example.org', 'florence', '+13105551004'],
      description: 'Ward 4',
      replayHistory: true,
      metadata: [{ key: 'ward', value: '4' }],
    });
    expect(group).toMatchObject({
      id: `Group:${group.token}`,
      name: 'Night shift',
      description: 'Ward 4',
      isPublic: false,
      replayHistory: true,
      memberCount: 5,
      organizationKey: hospital,
      createdBy: { token: ada.token },
      metadata: [{ key: 'ward', value: '4' }],
      avatarUrl: null,
    });
    expect(group.members.nodes.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
      'Ada Lovelace',
      'Grace Hopper',
      'Alan Turing',
      'Florence Nightingale',
      'Edsger Dijkstra',
    ]);
    expect((await ada.ask(readGroup, { id: group.id })).group).toEqual(group);
    const added = await events.until('RosterChanged', ({ counterpart }) => counterpart?.token === group.token);
    expect(added).toMatchObject({ change: 'ADDED', counterpart: { __typename: 'Group' } });
  });

  it('belong to the given organization, or to the caller’s default one', async () => {
    expect(await create()).toMatchObject({ organizationKey: hospital });
    expect(await create({ organization: clinics })).toMatchObject({ organizationKey: clinics });
    expect(
      await ada.rejection(createGroup, { input: { name: 'x', members: [], organization: 'elsewhere' } }),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('are created without the caller with excludeCreator, and are then invisible to the caller', async () => {
    const group = await create({ members: ['alan', grace.id], excludeCreator: true });
    expect(group).toMatchObject({ memberCount: 2, createdBy: { token: ada.token } });
    expect((await ada.ask(readGroup, { id: group.id })).group).toBeNull();
    expect((await grace.ask(readGroup, { id: group.id })).group).toMatchObject({ memberCount: 2 });
  });

  it('cost one upstream call to create', async () => {
    await countFromHere(stack);
    await ada.ask(
      'mutation { createGroup(input: { name: "Cheap", members: [] }) { group { id name memberCount createdBy { id } members { nodes { id } } metadata { key } } } }',
    );
    expect(stack.sandbox.requests.counts('ada')).toEqual({ createNewGroup: 1 });
  });

  it.each([
    ['a blank name', { name: ' ', members: [] }, 'input.name'],
    ['a malformed member', { name: 'x', members: ['a b'] }, 'input.members.0'],
    ['a group as a member', { name: 'x', members: [`Group:${absent}`] }, 'input.members.0'],
    ['too many members', { name: 'x', members: Array(501).fill('ada') }, 'input.members'],
    ['an unknown account', { name: 'x', members: ['nobody@example.org'] }, 'input.members'],
    ['an account of another organization', { name: 'x', members: ['rosalind@example.org'] }, 'input.members'],
    [
      'too much metadata',
      { name: 'x', members: [], metadata: Array.from({ length: 12 }, (_, key) => ({ key: `k${key}`, value: '' })) },
      'input.metadata',
    ],
    ['a picture that is none', { name: 'x', members: [], avatar: 'a.png' }, 'input.avatar'],
  ])('are not created with %s', async (_what, input, field) => {
    expect(await ada.rejection(createGroup, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('are renamed, get another history rule and other members; members get an event', async () => {
    const group = await create({ members: [grace.id, alan.id] });
    await using events = await grace.listen();
    const changed = (
      await ada.ask(updateGroup, {
        input: { group: group.id, name: 'Day shift', replayHistory: true, members: [ada.id, grace.id, 'florence'] },
      })
    ).updateGroup.group;
    expect(changed).toMatchObject({ name: 'Day shift', replayHistory: true, memberCount: 3 });
    expect(changed.members.nodes.map(({ token }: { token: string }) => token)).not.toContain(alan.token);
    expect((await ada.ask(readGroup, { id: group.id })).group).toEqual(changed);
    await events.until('EntityChanged', ({ entities }) => entities[0]?.name === 'Day shift');
    expect((await alan.ask(readGroup, { id: group.id })).group).toBeNull();
  });

  it('are changed without an error by a member who leaves with the new member list', async () => {
    const group = await create({ members: ['alan', grace.id] });
    const input = { group: group.id, name: 'Yours', members: [grace.id, 'alan'] };
    const { updateGroup: changed } = await ada.ask(updateGroup, { input });
    expect(changed.group).toMatchObject({ id: group.id, name: 'Yours', memberCount: null, members: null });
    expect((await grace.ask(readGroup, { id: group.id })).group).toMatchObject({ name: 'Yours', memberCount: 2 });
  });

  it('keep values that a change omits', async () => {
    const group = await create({ description: 'Ward 4', replayHistory: true });
    const { updateGroup: changed } = await ada.ask(updateGroup, { input: { group: group.token, name: 'New' } });
    expect(changed.group).toEqual({ ...group, name: 'New' });
  });

  it('are not changed to a blank name, nor when they are absent or not the caller’s', async () => {
    const group = await create();
    expect(await ada.rejection(updateGroup, { input: { group: group.id, name: ' ' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.name',
    });
    expect(await ada.rejection(updateGroup, { input: { group: group.id } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input',
    });
    expect(await ada.rejection(updateGroup, { input: { group: 'nonsense', name: 'x' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.group',
    });
    expect(await ada.rejection(updateGroup, { input: { group: absent, name: 'x' } })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await alan.rejection(updateGroup, { input: { group: group.id, name: 'x' } })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await rosalind.rejection(deleteGroup, { input: { group: group.id } })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('gain members, who get an event and see them; a member who is added again is no error', async () => {
    const group = await create();
    await using events = await alan.listen();
    for (let time = 0; time < 2; time++) {
      const { addGroupMembers } = await ada.ask(addMembers, { input: { group: group.id, members: ['alan'] } });
      expect(addGroupMembers.group).toEqual({
        memberCount: 3,
        members: { nodes: [{ token: ada.token }, { token: grace.token }, { token: alan.token }] },
      });
    }
    await events.until('RosterChanged', ({ change }) => change === 'ADDED');
    expect(await events.until('ConversationNotice', ({ target }) => target.token === group.token)).toMatchObject({
      notice: 'added',
      subject: { token: alan.token },
    });
    expect((await alan.ask(readGroup, { id: group.id })).group).toMatchObject({ memberCount: 3 });
  });

  it('show earlier messages to new members only when they replay history', async () => {
    for (const replayHistory of [false, true]) {
      const group = await create({ replayHistory });
      const { sendMessage } = await ada.ask(
        'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "said before" }) { message { id token } } }',
        { to: group.id },
      );
      await using events = await alan.listen();
      await ada.ask(addMembers, { input: { group: group.id, members: [alan.id] } });
      const { message } = await alan.ask('query ($id: ID!) { message(id: $id) { body } }', sendMessage.message);
      expect(message).toEqual(replayHistory ? { body: 'said before' } : null);
      if (!replayHistory) continue;
      const replayed = await events.until('MessageReceived', (event) => event.message?.body === 'said before');
      expect(replayed).toMatchObject({ isHistory: true });
    }
  });

  it('lose members; an account that is no member is no error, and a member who left cannot read the group', async () => {
    const group = await create({ members: [grace.id, alan.id] });
    for (let time = 0; time < 2; time++) {
      const { removeGroupMembers } = await ada.ask(removeMembers, { input: { group: group.id, members: [alan.id] } });
      expect(removeGroupMembers.group).toEqual({
        memberCount: 2,
        members: { nodes: [{ token: ada.token }, { token: grace.token }] },
      });
    }
    expect((await alan.ask(readGroup, { id: group.id })).group).toBeNull();
    const left = await grace.ask(removeMembers, { input: { group: group.id, members: [grace.id] } });
    expect(left.removeGroupMembers).toEqual({ group: { memberCount: null, members: null } });
  });

  it('show a notice of a member who left, unless it is disabled', async () => {
    const group = await create({ members: [grace.id, alan.id, 'florence'] });
    await using events = await grace.listen();
    await ada.ask(removeMembers, { input: { group: group.id, members: [alan.id], notify: false } });
    await ada.ask(removeMembers, { input: { group: group.id, members: ['florence'] } });
    const notice = await events.until(
      'ConversationNotice',
      ({ notice, target }) => notice === 'removed' && target.token === group.token,
    );
    expect(notice.subject.token).not.toBe(alan.token);
  });

  it.each([
    ['addGroupMembers', addMembers],
    ['removeGroupMembers', removeMembers],
  ])('of others, or that are absent, are not changed by %s', async (_name, mutation) => {
    const group = await create();
    const input = { group: group.id, members: [alan.id] };
    expect(await alan.rejection(mutation, { input })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ada.rejection(mutation, { input: { ...input, group: absent } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ada.rejection(mutation, { input: { ...input, group: 'x' } })).toMatchObject({ field: 'input.group' });
    expect(await ada.rejection(mutation, { input: { ...input, members: ['\n'] } })).toMatchObject({
      field: 'input.members.0',
    });
    expect(await ada.rejection(mutation, { input: { ...input, members: [] } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.members',
    });
  });

  it('are not joined by an account of another organization', async () => {
    const group = await create();
    expect(
      await ada.rejection(addMembers, { input: { group: group.id, members: ['rosalind@example.org'] } }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.members' });
  });

  it('are deleted for all, and deleting again is no error', async () => {
    const group = await create();
    await using events = await grace.listen();
    for (let time = 0; time < 2; time++) {
      const deleted = await ada.ask(deleteGroup, { input: { group: group.id } });
      expect(deleted).toEqual({ deleteGroup: { deletedGroupId: group.id } });
    }
    await events.until(
      'RosterChanged',
      ({ change, counterpart }) => change === 'REMOVED' && counterpart.token === group.token,
    );
    expect((await grace.ask(readGroup, { id: group.id })).group).toBeNull();
    expect(await ada.rejection(deleteGroup, { input: { group: absent } })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that are public are listed and joined by all members of the organization', async () => {
    const group = await create({ isPublic: true, members: [grace.id] });
    expect(group).toMatchObject({ isPublic: true, memberCount: 2, members: { totalCount: 2 } });
    const seen = (await alan.ask(readGroup, { id: group.id })).group;
    expect(seen.members.nodes.map(({ token }: { token: string }) => token)).toEqual([ada.token, grace.token]);
    const joined = await alan.ask(addMembers, { input: { group: group.id, members: [alan.id] } });
    expect(joined.addGroupMembers.group).toMatchObject({ memberCount: 3 });
  });

  it('with forty members are paged in both directions without losing or repeating one', async () => {
    const { roster } = await ada.ask(
      '{ roster { entries(kinds: [GROUP]) { nodes { counterpart { ... on Group { id name memberCount } } } } } }',
    );
    const group = roster.entries.nodes
      .map(({ counterpart }: { counterpart: { memberCount: number } }) => counterpart)
      .find(({ memberCount }: { memberCount: number }) => memberCount === 40);
    const read = async (page: string) =>
      (
        await ada.ask(
          `query ($id: ID!) { group(id: $id) { members(${page}) { ${pageFields} edges { cursor node { token } } } } }`,
          group,
        )
      ).group.members;
    const all = (await read('first: 500')).edges.map(({ node }: { node: unknown }) => node);
    expect(all).toHaveLength(40);
    expect(await walkForward(read, 13)).toEqual(all);
    expect(await walkBackward(read, 13)).toEqual(all);
    expect(await read('first: 0')).toMatchObject({ totalCount: 40, edges: [], pageInfo: { endCursor: null } });
  });

  it.each([
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['after: "nobody"', 'after'],
    ['before: "nobody"', 'before'],
  ])('reject the page members(%s) with the name of its argument', async (page, field) => {
    const { id } = await create();
    expect(
      await ada.rejection(`query ($id: ID!) { group(id: $id) { members(${page}) { totalCount } } }`, { id }),
    ).toMatchObject({ code: 'BAD_USER_INPUT', field, path: ['group', 'members'] });
  });

  it('are null when absent, deleted or not the caller’s', async () => {
    const group = await create();
    const read = 'query ($a: ID!, $b: ID!) { a: group(id: $a) { name } b: node(id: $b) { id } }';
    expect(await alan.ask(read, { a: absent, b: group.id })).toEqual({ a: null, b: null });
  });

  it('whose members cannot be listed have no count of zero', async () => {
    const { id } = await create({ isPublic: true });
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'status', status: 403, operationId: 'listGroupMembers', caller: 'ada', count: 1 });
    const { group } = await ada.ask('query ($id: ID!) { group(id: $id) { name members { totalCount } } }', { id });
    expect(group).toEqual({ name: 'Night shift', members: null });
  });
});
