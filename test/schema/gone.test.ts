/** References to accounts, groups and teams that are deleted or no longer visible to the caller keep their ids. */
import { describe, expect, it } from 'vitest';
import { demoPerson } from '../support/demo-person.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** From now on the upstream knows no account. */
async function withoutAccounts(stack: Stack): Promise<void> {
  const control = controlOf(stack.sandbox);
  await control.fault({ kind: 'status', status: 404, operationId: 'getUser' });
  await control.fault({ kind: 'body', operationId: 'lookupUsersBulk', body: { status: 'ok', reply: [] } });
}

describe('a deleted account', () => {
  it('has its id and token where a message, a member or a delivery state refers to it, and is null where it is read', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const grace = await demoPerson(stack, 'grace');
    const { sendMessage } = await ada.ask(
      'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id } } }',
      { to: grace.id },
    );
    const { createGroup } = await ada.ask(
      'mutation ($with: ID!) { createGroup(input: { name: "Two", members: [$with] }) { group { id } } }',
      { with: grace.id },
    );
    await withoutAccounts(stack);
    const gone = ({ id, token }: typeof ada) => ({ id, token, displayName: null, emails: [] });
    const user = '{ id token displayName emails { address } }';
    const query = `query ($message: ID!, $group: ID!, $user: ID!) {
      message(id: $message) { sender ${user} writtenBy ${user} recipientStatuses { user ${user} } }
      group(id: $group) { createdBy ${user} members { edges { node ${user} } } }
      user(id: $user) { id }
      users(ids: [$user]) { id }
    }`;
    const variables = { message: sendMessage.message.id, group: createGroup.group.id, user: grace.token };
    const { data, errors } = await stack.query(query, variables);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      message: { sender: gone(ada), writtenBy: gone(ada), recipientStatuses: [{ user: gone(grace) }] },
      group: { createdBy: gone(ada), members: { edges: [{ node: gone(ada) }, { node: gone(grace) }] } },
      user: null,
      users: [null],
    });
  });
});

describe('an event', () => {
  it('has an empty object of further values, and a reference to the deleted account', async () => {
    await using stack = await startStack();
    const grace = await demoPerson(stack, 'grace');
    await withoutAccounts(stack);
    const query = 'subscription { presenceChanged { extra user { id displayName } } }';
    await using live = overWebSocket(stack.gateway, query);
    const { inject } = controlOf(stack.sandbox);
    await expect.poll(() => stack.sandbox.requests.count('createEvents')).toBeGreaterThan(0);
    const presence = { from: grace.token, type: 'away' };
    await inject({ caller: 'ada', event: { 'tigertext:iq:presence': presence }, stored: false });
    expect((await live.next()).data).toEqual({
      presenceChanged: { extra: {}, user: { id: grace.id, displayName: null } },
    });
  });

  it('of the caller’s own account has it, whether the upstream names it or not', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const query =
      'subscription { events(types: [ACCOUNT_SETTINGS_CHANGED]) { ... on AccountSettingsChanged { user { id displayName } } } }';
    await using live = overWebSocket(stack.gateway, query);
    await controlOf(stack.sandbox).inject({ caller: 'ada', event: { 'tigertext:iq:account:settings': {} } });
    expect((await live.next()).data).toEqual({ events: { user: { id: ada.id, displayName: 'Ada Lovelace' } } });
  });
});

describe('a change', () => {
  it('returns the team that the caller left and can no longer see', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const { teams } = await ada.ask('{ teams { nodes { teamId canMembersLeave members { id } } } }');
    const own = teams.nodes.find(
      ({ canMembersLeave, members }) => canMembersLeave && members.some(({ id }) => id === ada.id),
    );
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 404, operationId: 'getTeam' });
    const left = await ada.ask(
      'mutation ($id: String!) { leaveTeam(input: { teamId: $id }) { team { teamId name members { id } } } }',
      { id: own?.teamId },
    );
    expect(left.leaveTeam.team).toEqual({ teamId: own?.teamId, name: null, members: null });
  });

  it('of a role that is removed in between is an error in the place of the role', async () => {
    await using stack = await startStack();
    const ada = await demoPerson(stack, 'ada');
    const { roles } = await ada.ask('{ roles(first: 1) { nodes { id } } }');
    const [{ id }] = roles.nodes;
    await controlOf(stack.sandbox).fault({ kind: 'status', status: 404, operationId: 'getUser', skip: 1 });
    const { data, errors } = await stack.query(
      'mutation ($id: ID!) { saveRole(input: { role: $id }) { role { id name } } }',
      { id },
    );
    expect(data).toEqual({ saveRole: { role: null } });
    expect(errors).toMatchObject([{ path: ['saveRole', 'role'], extensions: { code: 'NOT_FOUND' } }]);
  });
});
