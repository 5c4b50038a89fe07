/** Mutations with several fields: each sees the changes of those before it, whatever was read for their payloads. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson, stackWithAda } from '../support/demo-person.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';

/** Data of a mutation whose first and last field are of one type. */
type Around<Name extends keyof SchemaData> = Readonly<Record<'before' | 'after', SchemaData[Name]>>;

describe('a change', () => {
  const started = stackWithAda();
  let grace: DemoPerson;
  beforeAll(async () => {
    grace = await demoPerson(started.stack, 'grace');
  });
  beforeEach(() => controlOf(started.stack.sandbox).reset());

  it.each([
    ['the end of a membership', `leaveOrganization(input: { organization: "${clinics}" }) { leftOrganizationKey }`],
    [
      'a deputy',
      `updateMyOrganization(input: { organization: "${hospital}", autoForwardTo: "DEPUTY" }) { organization { key } }`,
    ],
  ])('to the caller’s organizations is seen by later fields: %s', async (_what, change) => {
    const me = (name: string) =>
      `${name}: updateMe(input: { statusText: "${name}" }) { me { organizations { key settings { name value } } } }`;
    const { before, after } = await started.ada.ask<Around<'updateMe'>>(
      `mutation { ${me('before')} ${change.replace('DEPUTY', grace.token)} ${me('after')} }`,
    );
    expect(after.me.organizations).toEqual(
      (await started.ada.ask('{ me { organizations { key settings { name value } } } }')).me.organizations,
    );
    expect(after.me.organizations).not.toEqual(before.me.organizations);
  });

  it.each([
    ['ada@example.org', 'TOKEN'],
    ['TOKEN', 'ada@example.org'],
    ['ada', 'TOKEN'],
  ])('to metadata by the address %s is seen by later fields that read %s', async (changed, read) => {
    const { token } = started.ada;
    const add = (name: string) =>
      `${name}: addRosterEntry(input: { counterpart: "${read.replace('TOKEN', token)}" }) { counterpart { ... on User { membership { metadata { key value } } metadata { key value } } } }`;
    const { after } = await started.ada.ask<Around<'addRosterEntry'>>(
      `mutation { ${add('before')} setMetadata(input: { entity: "${changed.replace('TOKEN', token)}", metadata: [{ key: "ward", value: "4" }] }) { metadata { key } } ${add('after')} }`,
    );
    const metadata = [{ key: 'ward', value: '4' }];
    expect(after.counterpart).toEqual({ membership: { metadata }, metadata });
  });

  it.each([
    'findOrCreateUser(input: { address: "newcomer@example.net" }) { wasCreated }',
    'sendMessage(input: { recipient: "newcomer@example.net", body: "x" }) { recipientWasCreated }',
  ])('that creates an account is seen by later fields that name its address: %s', async (change) => {
    const add = (name: string) =>
      `${name}: addRosterEntry(input: { counterpart: "newcomer@example.net" }) { counterpart { __typename } }`;
    const { data, errors } = await started.ada.answer(`mutation { ${add('before')} ${change} ${add('after')} }`);
    expect(errors?.map(({ path }) => path)).toEqual([['before']]);
    expect(data).toMatchObject({ after: { counterpart: { __typename: 'User' } } });
  });

  it('to the roster that leaves a group is seen by later fields', async () => {
    const { group } = (
      await started.ada.ask(
        `mutation { createGroup(input: { name: "Ward 4", members: ["${grace.id}"] }) { group { id } } }`,
      )
    ).createGroup;
    const unmute = (name: string) =>
      `${name}: unmute(input: { target: { counterpart: { id: "${group.id}" } } }) { conversation { counterpart { ... on Group { memberCount } } } }`;
    const { data, errors } = await started.ada.answer(
      `mutation { ${unmute('before')} removeRosterEntry(input: { target: { counterpart: { id: "${group.id}" } } }) { removedConversationId } ${unmute('after')} }`,
    );
    expect(data).toMatchObject({ before: { conversation: { counterpart: { memberCount: 2 } } }, after: null });
    expect(errors).toMatchObject([{ path: ['after'], extensions: { code: 'NOT_FOUND' } }]);
  });

  it('to the status of a conversation is seen by later fields that read its messages', async () => {
    const { message, conversation } = (
      await grace.ask(
        `mutation { sendMessage(input: { recipient: "${started.ada.id}", body: "x" }) { message { id } conversation { organizationKey } } }`,
      )
    ).sendMessage;
    const forward = (name: string) =>
      `${name}: forwardMessage(input: { message: $message, recipient: "${grace.id}" }) { message { forwardedFrom { message { status } } } }`;
    const { before, after } = await started.ada.ask<Around<'forwardMessage'>>(
      `mutation ($message: ID!, $conversation: ID!) { ${forward('before')} markConversation(input: { conversation: $conversation, status: READ, through: $message }) { conversation { id } } ${forward('after')} }`,
      { message: message.id, conversation: `Conversation:${grace.token}:${conversation.organizationKey}` },
    );
    expect([before, after].map((one) => one.message.forwardedFrom.message.status)).toEqual(['NEW', 'READ']);
  });

  it('of a duty is seen by later fields that read the conversation with the role', async () => {
    const { nodes } = (await started.ada.ask('{ roles { nodes { id name } } }')).roles;
    const role = present(nodes.find(({ name }: { name: string }) => name === 'Stroke consultant')).id;
    const send = (name: string) =>
      `${name}: sendMessage(input: { recipient: "${role}", toUnstaffedRole: true, body: "x" }) { conversation { counterpart { ... on Group { members { nodes { token } } } } } }`;
    const { before, after } = await started.ada.ask<Around<'sendMessage'>>(
      `mutation { ${send('before')} optIntoRole(input: { role: "${role}", user: "${grace.id}" }) { role { isStaffed } } ${send('after')} }`,
    );
    expect(before.conversation.counterpart.members.nodes).not.toContainEqual({ token: grace.token });
    expect(after.conversation.counterpart.members.nodes).toContainEqual({ token: grace.token });
  });

  it('of an escalation is seen by later fields that read its copy and the group of its back-ups', async () => {
    const tim = await demoPerson(started.stack, 'tim');
    const role = (await tim.ask('{ roles(first: 1) { nodes { id } } }')).roles.nodes[0].id;
    const { message } = (
      await tim.ask(
        `mutation { sendMessage(input: { recipient: "${role}", body: "x", escalate: true }) { message { id } } }`,
      )
    ).sendMessage;
    const skip = (name: string) =>
      `${name}: skipEscalation(input: { message: "${message.id}" }) { escalation { status copy { escalation { status } } } }`;
    await grace.ask(`mutation { ${skip('before')} }`);
    const frances = await demoPerson(started.stack, 'frances');
    const { before, after } = await frances.ask<Around<'skipEscalation'>>(
      `mutation { ${skip('before')} ${skip('after')} }`,
    );
    const inBoth = (status: string) => ({ escalation: { status, copy: { escalation: { status } } } });
    expect([before, after]).toEqual([inBoth('IN_PROGRESS'), inBoth('UNANSWERED')]);
  });

  it('to a team is seen by later fields that read its group', async () => {
    const { stack } = started;
    const group = `createGroup(input: { name: "Sepsis", members: [] }) { group { token } }`;
    const { token } = (await grace.ask(`mutation { ${group} }`)).createGroup.group;
    const team = { id: 'sepsis', display_name: 'Sepsis', group_token: token };
    await controlOf(stack.sandbox).fault({
      kind: 'body',
      operationId: 'getTeam',
      body: { status: 'success', reply: { team } },
    });
    const { nodes } = (await grace.ask('{ teams(query: "sepsis") { nodes { teamId } } }')).teams;
    const request = (name: string) =>
      `${name}: requestToJoinTeam(input: { teamId: "${nodes[0].teamId}" }) { team { group { name } } }`;
    stack.sandbox.requests.reset();
    const answer = await grace.ask<Around<'requestToJoinTeam'>>(
      `mutation { ${request('before')} ${request('after')} }`,
    );
    expect(answer.after).toEqual({ team: { group: { name: 'Sepsis' } } });
    const reads = stack.sandbox.requests.list.filter(({ operationId }) => operationId === 'getGroup');
    expect(reads).toHaveLength(2);
  });
});
