/** Every operation the package ships: each root field has one, and each runs. */
import { randomUUID } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { concatAST, Kind, NoDeprecatedCustomRule, type OperationTypeNode, print, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as documents from '../../src/documents.ts';
import { schema } from '../../src/schema/index.ts';
import { askAsPage, sessionKey } from '../support/browser-session.ts';
import { overWebSocket, transports } from '../support/live-subscription.ts';
import { post, type Stack, startStack } from '../support/stack.ts';

const operations = Object.values(documents).flatMap((document) =>
  'definitions' in document ? document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION) : [],
);

describe('the operations of the package', () => {
  it.each(['query', 'mutation', 'subscription'] as OperationTypeNode[])('include one for every %s', (type) => {
    const used = operations
      .filter(({ operation }) => operation === type)
      .flatMap(({ selectionSet }) => selectionSet.selections)
      .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
    const all = Object.keys(schema.getRootType(type)?.getFields() ?? {});
    expect(all.filter((field) => !used.includes(field))).toEqual([]);
  });
});

describe('the operations of the package', () => {
  it('use no deprecated field', () => {
    const document = concatAST(Object.values(documents).flatMap((one) => ('definitions' in one ? [one] : [])));
    expect(validate(schema, document, [NoDeprecatedCustomRule])).toEqual([]);
  });
});

describe('an id in the types', () => {
  it('is created only from a text of its kind', () => {
    expect(documents.idOf('User', 'User:1')).toBe('User:1');
    for (const text of ['Message:1', '1', '', 'user:1']) expect(() => documents.idOf('User', text)).toThrow(TypeError);
  });
});

describe('the operations of the package run', () => {
  let stack: Stack;
  /** Those that were run, by name. */
  const seen = new Set<string>();
  beforeAll(async () => {
    stack = await startStack({ config: { sessionKeys: [sessionKey()] } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  async function run<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    as: string | null = 'ada',
  ): Promise<Data> {
    for (const part of document.definitions)
      if (part.kind === Kind.OPERATION_DEFINITION) seen.add(part.name?.value ?? '');
    const { data, errors } = await post(stack.gateway.url, { query: print(document), variables }, as);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  const grace = 'grace@example.org';

  it('for accounts', async () => {
    const { me } = await run(documents.MeDocument, {});
    expect(me?.organizations?.length).toBeGreaterThan(0);
    const { user } = await run(documents.UserDocument, { id: grace });
    expect(user?.emails?.[0]?.address).toBe(grace);
    const { users } = await run(documents.UsersDocument, { ids: [grace, me?.id ?? ''] });
    expect(users.map((card) => card?.displayName)).toEqual(['Grace Hopper', 'Ada Lovelace']);
    const { node } = await run(documents.NodeDocument, { id: user?.id ?? '' });
    expect(node).toMatchObject({ __typename: 'User', displayName: 'Grace Hopper' });
    const { search } = await run(documents.SearchDocument, { query: 'Hopper' });
    expect(search?.edges[0]).toMatchObject({ node: { displayName: 'Grace Hopper' }, membership: { title: 'MD' } });
    const { updateMe } = await run(documents.UpdateMeDocument, { input: { statusText: 'In theatre' } });
    expect(updateMe?.me.membership?.statusText).toBe('In theatre');
    const found = await run(documents.FindOrCreateUserDocument, { input: { address: grace } });
    expect(found.findOrCreateUser).toMatchObject({ wasCreated: false, user: { displayName: 'Grace Hopper' } });
    const membership = await run(documents.NodeDocument, { id: user?.membership?.id ?? '' });
    expect(membership.node).toMatchObject({
      __typename: 'Membership',
      title: 'MD',
      user: { displayName: 'Grace Hopper' },
    });
    const own = await run(documents.MeDocument, {}, 'virginia');
    const organization = own.me?.organizations?.at(-1)?.key ?? '';
    const input = { organization, isDoNotDisturb: true };
    const { updateMyOrganization } = await run(documents.UpdateMyOrganizationDocument, { input }, 'virginia');
    expect(updateMyOrganization?.organization?.key).toBe(organization);
    await run(documents.LeaveOrganizationDocument, { input: { organization } }, 'virginia');
    await run(documents.SetPresenceDocument, { input: { status: 'AWAY' } });
    await run(documents.SetQuickRepliesDocument, { input: { quickReplies: ['On my way'] } });
    expect((await run(documents.QuickRepliesDocument, {})).quickReplies).toEqual(['On my way']);
  });

  it('for groups', async () => {
    const { createGroup } = await run(documents.CreateGroupDocument, { input: { name: 'Bay 2', members: [grace] } });
    const group = createGroup?.group.id ?? '';
    await run(documents.UpdateGroupDocument, { input: { group, name: 'Bay 3' } });
    await run(documents.AddGroupMembersDocument, { input: { group, members: ['alan@example.org'] } });
    await run(documents.SetMetadataDocument, { input: { entity: group, metadata: [{ key: 'ward', value: '4' }] } });
    const read = await run(documents.GroupDocument, { id: group });
    expect(read.group).toMatchObject({ name: 'Bay 3', metadata: [{ key: 'ward' }], members: { totalCount: 3 } });
    await run(documents.ClearMetadataDocument, { input: { entity: group } });
    await run(documents.RemoveGroupMembersDocument, { input: { group, members: [grace] } });
    await run(documents.DeleteGroupDocument, { input: { group } });
    const { search } = await run(documents.SearchDocument, { query: 'announcements', kinds: ['FORUM'] });
    const forum = search?.edges[0]?.node?.__typename === 'Group' ? search.edges[0].node.id : '';
    await run(documents.LeaveForumDocument, { input: { group: forum } });
    await run(documents.JoinForumDocument, { input: { group: forum } });
  });

  it('for the roster', async () => {
    const { roster } = await run(documents.RosterDocument, {});
    expect(roster.entries?.totalCount).toBeGreaterThan(20);
    const counterpart = 'rebecca@example.org';
    await run(documents.AddRosterEntryDocument, { input: { counterpart } });
    const { mute } = await run(documents.MuteDocument, { input: { counterpart, minutes: 5 } });
    expect(Date.parse(mute?.mutedUntil ?? '')).toBeGreaterThan(Date.now());
    expect((await run(documents.MutesDocument, {})).mutes).toHaveLength(1);
    await run(documents.UnmuteDocument, { input: { counterpart } });
    await run(documents.UnmuteAllDocument, {});
    await run(documents.RemoveRosterEntryDocument, { input: { counterpart } });
  });

  it('for conversations', async () => {
    const { conversations } = await run(documents.ConversationsDocument, { first: 3 });
    expect(conversations?.nodes).toHaveLength(3);
    const id = conversations?.nodes[0]?.id ?? '';
    const { conversation } = await run(documents.ConversationDocument, { id });
    expect(conversation).toMatchObject({ id, isHistoryAvailable: expect.any(Boolean) });
    const input = { conversation: id, status: 'READ', through: '1' } as const;
    expect((await run(documents.MarkConversationDocument, { input })).markConversation?.conversation?.id).toBe(id);
    expect((await run(documents.TimelineDocument, { id, last: 5 })).conversation?.id).toBe(id);
  });

  it('for messages', async () => {
    await run(documents.StartTypingDocument, { input: { recipient: grace } });
    await run(documents.StopTypingDocument, { input: { recipient: grace } });
    const idempotencyKey = randomUUID();
    const input = { recipient: grace, body: 'Bed 7 is ready', idempotencyKey };
    const { sendMessage } = await run(documents.SendMessageDocument, { input });
    const id = sendMessage?.message?.id ?? '';
    expect(sendMessage?.message?.idempotencyKey).toBe(idempotencyKey);
    await run(documents.UpdateMessageStatusDocument, { input: { read: [id] } }, 'grace');
    const { message } = await run(documents.MessageDocument, { id });
    expect(message?.recipientStatuses).toMatchObject([{ status: 'READ' }]);
    await run(documents.ForwardMessageDocument, { input: { message: id, recipient: 'alan@example.org' } });
    const { createAttachmentTokens } = await run(documents.CreateAttachmentTokensDocument, { input: { count: 2 } });
    expect(createAttachmentTokens?.tokens).toHaveLength(2);
    const { nodes } = await run(documents.NodesDocument, { ids: [id] });
    expect(nodes).toMatchObject([{ body: 'Bed 7 is ready' }]);
    await run(documents.RecallMessageDocument, { input: { message: id } });
    const { messages } = await run(documents.MessagesDocument, { ids: [id] });
    expect(messages).toEqual([null]);
  });

  it('for roles', async () => {
    const { roles } = await run(documents.RolesDocument, { onDuty: true });
    const role = roles?.nodes.find((node) => node?.name === 'Charge nurse')?.id ?? '';
    expect((await run(documents.RoleTagsDocument, {})).roleTags).toHaveLength(4);
    const { optIntoRole } = await run(documents.OptIntoRoleDocument, { input: { role } });
    expect(optIntoRole?.role?.onDuty).toMatchObject([{ displayName: 'Ada Lovelace' }]);
    await run(documents.SaveRoleDocument, { input: { role } });
    await run(documents.SetRoleAwayDocument, { input: { role, text: 'In theatre' } });
    const { me } = await run(documents.MyRolesDocument, {});
    expect([me?.roles?.length, me?.savedRoles?.length]).toEqual([2, 2]);
    await run(documents.ClearRoleAwayDocument, { input: { role } });
    await run(documents.UnsaveRoleDocument, { input: { role } });
    expect((await run(documents.RoleDocument, { id: role })).role).toMatchObject({ isOwnerRequired: true });
    const cardiologist = roles?.nodes.find((node) => node?.name === 'Cardiologist on call')?.id ?? '';
    await run(documents.OptOutOfRoleDocument, { input: { role: cardiologist, user: grace } });
  });

  it('for teams', async () => {
    const { teams } = await run(documents.TeamsDocument, { query: 'Sepsis' });
    const teamId = teams?.nodes[0]?.teamId ?? '';
    await run(documents.RequestToJoinTeamDocument, { input: { teamId } });
    await using live = overWebSocket<{ events: { request: { requestId: string } } }>(
      stack.gateway,
      'subscription { events(types: [TEAM_REQUEST_CHANGED]) { ... on TeamRequestChanged { request { requestId } } } }',
      { as: 'elizabeth' },
    );
    const requestId = (await live.next()).data?.events.request.requestId ?? '';
    const input = { teamId, requestId, accept: true };
    await run(documents.AnswerTeamRequestDocument, { input }, 'elizabeth');
    expect((await run(documents.TeamDocument, { teamId })).team?.members).toHaveLength(4);
    await run(documents.LeaveTeamDocument, { input: { teamId } });
  });

  it('for escalations', async () => {
    const { roles } = await run(documents.RolesDocument, { onDuty: true }, 'alan');
    const ask = async (name: string) => {
      const recipient = roles?.nodes.find((node) => node?.name === name)?.id ?? '';
      const input = { recipient, body: 'Chest pain', idempotencyKey: randomUUID() };
      const { sendMessage } = await run(documents.SendMessageDocument, { input }, 'alan');
      const message = sendMessage?.message?.id ?? '';
      const { escalateMessage } = await run(documents.EscalateMessageDocument, { input: { message } }, 'alan');
      expect(escalateMessage?.escalation).toMatchObject({ status: 'IN_PROGRESS', level: 0 });
      return message;
    };
    const message = await ask('Rapid response');
    await run(documents.SkipEscalationDocument, { input: { message } });
    const { confirmEscalation } = await run(documents.ConfirmEscalationDocument, { input: { message } });
    expect(confirmEscalation?.escalation).toMatchObject({ status: 'CONFIRMED', level: 1 });
    const another = await ask('Rapid response');
    await run(documents.CancelEscalationDocument, { input: { message: another } }, 'alan');
  });

  it('for sessions', async () => {
    const person = { userId: 'tim', password: 'demo' };
    const { signIn } = await run(documents.SignInDocument, { input: person }, null);
    expect(signIn?.user.displayName).toBe('Tim Berners-Lee');
    const { url } = stack.gateway;
    const { data } = await askAsPage(
      url,
      print(documents.StartSessionDocument),
      { origin: url },
      {
        input: { ...person, session: true },
      },
    );
    expect(data).toMatchObject({ signIn: { session: {}, user: { displayName: 'Tim Berners-Lee' } } });
    seen.add('StartSession');
    await run(documents.AcknowledgeEventsDocument, { input: { eventIds: [randomUUID()] } });
    await run(documents.DropEventConnectionsDocument, {});
    await run(documents.SignOutDocument, {}, 'joan');
    const hedy = await run(documents.MeDocument, {}, 'hedy');
    await run(documents.WipeUserDocument, { input: { user: hedy.me?.id ?? '' } }, 'hedy');
    expect(await run(documents.IsUpstreamReachableDocument, {})).toMatchObject({ isUpstreamReachable: true });
    expect((await run(documents.CallLogDocument, { first: 2 })).callLog?.nodes).toHaveLength(2);
  });

  it('for live events', async () => {
    const [subscribe] = Object.values(transports);
    if (subscribe === undefined) throw new Error('there is no transport');
    for (const { operation, name } of operations) {
      if (operation !== 'subscription') continue;
      const document = Object.entries(documents).find(([key]) => key === `${name?.value}Document`)?.[1];
      if (document === undefined || !('definitions' in document)) throw new Error(`there is no ${name?.value}Document`);
      await using live = subscribe(stack.gateway, print(document));
      seen.add(name?.value ?? '');
      // Something of its kind waits for Ada for these; the others are only open.
      if (!['Events', 'MessageReceived', 'ConnectionStatus'].includes(name?.value ?? '')) continue;
      expect(await live.next()).not.toHaveProperty('errors');
    }
  });

  it('all of them', () => {
    expect(operations.map(({ name }) => name?.value).filter((name) => !seen.has(name ?? ''))).toEqual([]);
  });
});
