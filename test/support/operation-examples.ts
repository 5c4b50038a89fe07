/** One run of every field of the GraphQL API that reaches the upstream, with its upstream requests. */

import type { Sandbox } from '../../src/sandbox/server.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from './demo-person.ts';
import { clinics, hospital } from './demo-tokens.ts';
import { overWebSocket } from './live-subscription.ts';
import { present } from './present.ts';
import { callerOf } from './sandbox-caller.ts';
import { controlOf, type SandboxControl } from './sandbox-control.ts';
import { openStream } from './sandbox-stream.ts';
import { basic, post, type Stack } from './stack.ts';
import { postForm, uploadForm } from './upload.ts';
import { waitUntil } from './wait.ts';

/** What examples are run on: two people who know each other, and things that belong to the first. */
export interface Scene {
  readonly stack: Stack;
  readonly sandbox: Sandbox;
  readonly control: SandboxControl;
  readonly ada: DemoPerson;
  readonly grace: DemoPerson;
  readonly group: string;
  readonly list: string;
  /** A message with a file, from Ada to Grace. */
  readonly message: string;
  /** A role that anyone may go on duty for. */
  readonly role: string;
  /** A role that another person is on duty for. */
  readonly otherRole: string;
  /** A team that the first is in, and a request of the second to join it. */
  readonly team: string;
  readonly teamRequest: string;
  /** A forum that the first is in. */
  readonly forum: string;
  /** A message of the first to a role. */
  readonly toRole: string;
  /** Messages of the second to a role that the first is on duty for, both escalated. */
  readonly escalated: readonly [string, string];
}

/** @returns operationIds of the requests that were answered well, each once. */
export type Example = (scene: Scene) => Promise<readonly string[]>;

export async function setScene(stack: Stack): Promise<Scene> {
  const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
  const { createGroup, sendMessage } = await ada
    .ask(
      `mutation ($to: ID!) { createGroup(input: { name: "Example", members: [$to], isPublic: true }) { group { id } } }`,
      { to: grace.id },
    )
    .then(async (made) => {
      const form = uploadForm(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
        { input: { recipient: grace.id, attachment: null } },
        new File(['file'], 'file.txt'),
      );
      const sent = await postForm(stack.gateway.url, form);
      return { ...made, ...present(sent.data) };
    });
  const { search, roles } = await ada.ask(
    '{ search(query: "Cardiology", kinds: [LIST]) { nodes { ... on DistributionList { id } } } roles { nodes { id token } } }',
  );
  const { forums } = await ada.ask<{ forums: SchemaData['search'] }>(
    '{ forums: search(query: "announcements", kinds: [FORUM]) { nodes { ... on Group { id } } } }',
  );
  const [role, otherRole, responseRole] = [roles.nodes[0], present(roles.nodes[1]), present(roles.nodes[2])];
  // Apart from the gateway, which finds out about v5 as it writes into a conversation.
  const writeTo = async (name: string, { token }: { token: string }, escalate: boolean): Promise<string> => {
    const person = await callerOf(stack.sandbox, name);
    const group = (await person.post('/v2/role_group', { members: [person.token, token] })).reply.token;
    return `Message:${await person.send(group, 'x', { escalate })}`;
  };
  const team = (await ada.ask('{ teams(query: "Transplant") { nodes { teamId } } }')).teams.nodes[0].teamId;
  return {
    stack,
    team,
    teamRequest: await teamRequestOf(stack, team),
    sandbox: stack.sandbox,
    control: controlOf(stack.sandbox),
    ada,
    grace,
    group: createGroup.group.id,
    list: search.nodes[0].id,
    role: role.id,
    otherRole: otherRole.id,
    forum: forums.nodes[0].id,
    toRole: await writeTo('ada', role, false),
    escalated: [await writeTo('grace', responseRole, true), await writeTo('grace', responseRole, true)],
    message: sendMessage.message.id,
  };
}

/** Successful requests during `work`, except Grace's, which only cause events. */
async function observed({ sandbox }: Scene, work: () => Promise<unknown>): Promise<readonly string[]> {
  sandbox.requests.reset();
  await work();
  const answered = sandbox.requests.list.filter(({ caller, status }) => caller !== 'grace' && status < 400);
  return [...new Set(answered.map(({ operationId }) => operationId))];
}

/** Grace requests to join a team; the event has the id of the request. */
async function teamRequestOf({ sandbox }: Stack, team: string): Promise<string> {
  const grace = await callerOf(sandbox, 'grace');
  await using stream = await openStream(sandbox, 'grace');
  await grace.post(`/v2/team/${team}/request`, { requested_by: grace.token });
  return (await stream.find('update:team_request')).payload.team_request.id;
}

type Variables = (scene: Scene) => object;

/** One operation of Ada's. Acknowledgements of an earlier subscription may still be on their way. */
function asked(query: string, variables: Variables = () => ({})): Example {
  const acknowledges = query.includes('acknowledgeEvents');
  return async (scene) => {
    const seen = await observed(scene, () => scene.ada.ask(query, variables(scene)));
    return seen.filter((operationId) => acknowledges || operationId !== 'ackEvents');
  };
}

/** Requests that a field adds to an operation. @param query With `FIELD` in the place of the field. */
function added(query: string, field: string, variables: Variables = () => ({})): Example {
  return async (scene) => {
    const without = await asked(query.replace('FIELD', '__typename'), variables)(scene);
    const whole = await asked(query.replace('FIELD', field), variables)(scene);
    return whole.filter((operationId) => !without.includes(operationId));
  };
}

/** The same when the upstream has no such operation. */
function without(operationId: string, example: Example): Example {
  return async (scene) => {
    await scene.control.fault({ kind: 'status', status: 404, operationId });
    const seen = await example(scene);
    await scene.control.clearFaults();
    return seen;
  };
}

/** A subscription of Ada's, until `waited` was called upstream, while Grace writes to her. */
function subscribed(query: string, waited = 'createEvents'): Example {
  return async (scene) => {
    const seen = await observed(scene, async () => {
      await using _live = overWebSocket(scene.stack.gateway, query);
      await waitUntil(() => scene.sandbox.requests.count('createEvents', 'ada') > 0);
      await scene.grace.ask(
        'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id } } }',
        {
          to: scene.ada.id,
        },
      );
      await waitUntil(() => scene.sandbox.requests.count(waited, 'ada') > 0);
    });
    // A stream that is still open would serve the next subscription too.
    while ('ada' in (await scene.control.openStreams())) await new Promise((resolve) => setTimeout(resolve, 5));
    // Whether there was something to acknowledge before it ended is chance.
    return seen.filter((operationId) => operationId === waited || operationId !== 'ackEvents');
  };
}

const signIn: Example = (scene) =>
  observed(scene, () =>
    post(
      scene.stack.gateway.url,
      { query: 'mutation { signIn(input: { userId: "alan", password: "demo" }) { key } }' },
      null,
    ),
  );

const conversationWithGrace = ({ grace }: Scene) => ({ id: `Conversation:${grace.token}:${hospital}` });

const statuses = 'recipientStatuses { status }';

function teamMutation(mutation: string): string {
  return `mutation ($id: String!) { ${mutation}(input: { teamId: $id }) { team { name } } }`;
}

function escalation(mutation: string): string {
  return `mutation ($id: ID!) { ${mutation}(input: { message: $id }) { escalation { status } } }`;
}

function duty(mutation: string): string {
  return `mutation ($role: ID!) { ${mutation}(input: { role: $role }) { role { id } } }`;
}

/** By field: of `Query`, `Mutation` and `Subscription` every one, of other types those that read. Run in this order. */
export const examples: Readonly<Record<string, Example>> = {
  'Query.me': asked('{ me { displayName } }'),
  'Query.user': asked('{ user(id: "grace@example.org") { displayName } }'),
  'Query.users': asked('query ($ids: [ID!]!) { users(ids: $ids) { displayName } }', ({ ada, grace }) => ({
    ids: [ada.id, grace.id],
  })),
  'Query.group': asked('query ($id: ID!) { group(id: $id) { name } }', ({ group }) => ({ id: group })),
  'Query.message': asked('query ($id: ID!) { message(id: $id) { createdAt } }', ({ message }) => ({ id: message })),
  'Query.messages': asked('query ($ids: [ID!]!) { messages(ids: $ids) { createdAt } }', ({ message }) => ({
    ids: [message],
  })),
  'Query.node': asked('query ($id: ID!) { node(id: $id) { ... on DistributionList { name } } }', ({ list }) => ({
    id: list,
  })),
  'Query.nodes': asked('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', ({ group }) => ({ ids: [group] })),
  'Query.search': asked(`{ search(query: "a", organization: "${hospital}") { totalCount } }`),
  'Query.roster': asked('{ roster { entries { totalCount } } }'),
  'Query.mutes': asked('{ mutes { token } }'),
  'Query.isUpstreamReachable': asked('{ isUpstreamReachable }'),
  'Query.role': asked('query ($id: ID!) { role(id: $id) { name } }', ({ role }) => ({ id: role })),
  'Query.roles': asked('{ roles { nodes { name } } }'),
  'Query.roleTags': asked('{ roleTags { name } }'),
  'Role.noOwnersMessage': added('query ($id: ID!) { role(id: $id) { name FIELD } }', 'noOwnersMessage', ({ role }) => ({
    id: role,
  })),
  'User.savedRoles': added('{ me { displayName FIELD } }', 'savedRoles { name }'),
  'Query.callLog': asked('{ callLog { nodes { entryId } } }'),
  'Query.teams': asked('{ teams { nodes { name } } }'),
  'Query.team': asked('query ($id: String!) { team(teamId: $id) { name } }', ({ team }) => ({ id: team })),
  'Query.quickReplies': asked('{ quickReplies }'),

  'User.displayName': without(
    'lookupUsersBulk',
    asked('query ($id: ID!) { user(id: $id) { displayName } }', ({ grace }) => grace),
  ),
  'User.organizations': added('{ me { displayName FIELD } }', 'organizations { key }'),
  'User.metadata': added(
    'query ($id: ID!) { user(id: $id) { displayName FIELD } }',
    `metadata(organization: "${hospital}") { key }`,
    ({ grace }) => grace,
  ),
  'Organization.quickReplies': added('{ me { organizations { key FIELD } } }', 'quickReplies'),
  'Organization.roles': added('{ me { organizations { key FIELD } } }', 'roles'),
  'Group.members': added(
    'query ($id: ID!) { group(id: $id) { name FIELD } }',
    'members { nodes { id } }',
    ({ group }) => ({ id: group }),
  ),
  'Group.metadata': added(
    'query ($id: ID!) { group(id: $id) { name FIELD } }',
    `metadata(organization: "${hospital}") { key }`,
    ({ group }) => ({ id: group }),
  ),
  'DistributionList.members': added(
    'query ($id: ID!) { node(id: $id) { ... on DistributionList { name FIELD } } }',
    'members { nodes { id } }',
    ({ list }) => ({ id: list }),
  ),
  'RosterEntry.mutedUntil': added('{ roster { entries { nodes { organizationKey FIELD } } } }', 'mutedUntil'),
  'Message.recipientStatuses': added(
    'query ($id: ID!) { message(id: $id) { createdAt FIELD } }',
    statuses,
    ({ message }) => ({ id: message }),
  ),
  'Message.isRecalled': without(
    'getBulkMessageStatus',
    added('query ($id: ID!) { message(id: $id) { createdAt FIELD } }', 'isRecalled', ({ message }) => ({
      id: message,
    })),
  ),
  'Attachment.url': async (scene) => {
    const { message } = await scene.ada.ask('query ($id: ID!) { message(id: $id) { attachments { url } } }', {
      id: scene.message,
    });
    const url = `${scene.stack.gateway.url}${message.attachments[0].url}`;
    const seen = await observed(scene, () => fetch(url, { headers: { authorization: basic('ada') } }));
    return seen.filter((operationId) => operationId !== 'getMessage');
  },

  'Mutation.findOrCreateUser': asked(
    'mutation { findOrCreateUser(input: { address: "grace@example.org" }) { wasCreated } }',
  ),
  'Mutation.createGroup': asked('mutation { createGroup(input: { name: "x", members: [] }) { group { id } } }'),
  'Mutation.updateGroup': asked(
    'mutation ($id: ID!) { updateGroup(input: { group: $id, name: "y" }) { group { id } } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.addGroupMembers': asked(
    'mutation ($id: ID!) { addGroupMembers(input: { group: $id, members: ["alan"] }) { group { id } } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.removeGroupMembers': asked(
    'mutation ($id: ID!) { removeGroupMembers(input: { group: $id, members: ["alan"] }) { group { id } } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.sendMessage': asked(
    'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id } } }',
    ({ grace }) => ({ to: grace.id }),
  ),
  'Mutation.forwardMessage': asked(
    'mutation ($id: ID!, $to: ID!) { forwardMessage(input: { message: $id, recipient: $to }) { message { id } } }',
    ({ message, group }) => ({ id: message, to: group }),
  ),
  'Mutation.updateMessageStatus': asked(
    'mutation ($id: ID!) { updateMessageStatus(input: { read: [$id] }) { read { id } } }',
    ({ message }) => ({ id: message }),
  ),
  'Mutation.createAttachmentTokens': asked('mutation { createAttachmentTokens(input: { count: 1 }) { tokens } }'),
  'Mutation.startTyping': asked(
    'mutation ($to: ID!) { startTyping(input: { recipient: $to }) { isTyping } }',
    ({ grace }) => ({ to: grace.id }),
  ),
  'Mutation.stopTyping': asked(
    'mutation ($to: ID!, $me: ID!) { a: stopTyping(input: { recipient: $to }) { isTyping } b: stopTyping(input: { recipient: $to, speakAs: $me }) { isTyping } }',
    ({ ada, grace }) => ({ to: grace.id, me: ada.id }),
  ),
  'Mutation.leaveForum': asked(
    'mutation ($id: ID!) { leaveForum(input: { group: $id }) { group { id } } }',
    ({ forum }) => ({ id: forum }),
  ),
  'Mutation.joinForum': asked(
    'mutation ($id: ID!) { joinForum(input: { group: $id }) { group { id } } }',
    ({ forum }) => ({ id: forum }),
  ),
  'Mutation.escalateMessage': asked(escalation('escalateMessage'), ({ toRole }) => ({ id: toRole })),
  'Mutation.cancelEscalation': asked(escalation('cancelEscalation'), ({ toRole }) => ({ id: toRole })),
  'Mutation.skipEscalation': asked(escalation('skipEscalation'), ({ escalated: [id] }) => ({ id })),
  'Mutation.confirmEscalation': asked(escalation('confirmEscalation'), ({ escalated: [, id] }) => ({ id })),
  'Mutation.setMetadata': asked(
    'mutation ($id: ID!) { setMetadata(input: { entity: $id, metadata: [] }) { metadata { key } } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.clearMetadata': asked(
    'mutation ($id: ID!) { clearMetadata(input: { entity: $id }) { metadata { key } } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.addRosterEntry': asked(
    'mutation ($id: ID!) { addRosterEntry(input: { counterpart: $id }) { counterpart { __typename } } }',
    ({ grace }) => grace,
  ),
  'Mutation.mute': async (scene) => {
    const mute = 'mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }';
    const inputs = [{ counterpart: scene.grace.id }, { counterpart: scene.group }, { organization: clinics }];
    return observed(scene, async () => {
      for (const input of inputs) await scene.ada.ask(mute, { input: { ...input, minutes: 5 } });
    });
  },
  'Mutation.unmute': async (scene) => {
    const unmute = 'mutation ($input: UnmuteInput!) { unmute(input: $input) { wasMuted } }';
    const inputs = [{ counterpart: scene.grace.id }, { counterpart: scene.group }, { organization: clinics }];
    return observed(scene, async () => {
      for (const input of inputs) await scene.ada.ask(unmute, { input });
    });
  },
  'Mutation.unmuteAll': asked('mutation { unmuteAll { count } }'),
  'Mutation.optIntoRole': asked(duty('optIntoRole'), ({ role }) => ({ role })),
  'Mutation.setRoleAway': asked(
    'mutation ($role: ID!) { setRoleAway(input: { role: $role, text: "x" }) { text } }',
    ({ role }) => ({ role }),
  ),
  'Mutation.clearRoleAway': asked(duty('clearRoleAway'), ({ role }) => ({ role })),
  'Mutation.saveRole': asked(duty('saveRole'), ({ role }) => ({ role })),
  'Mutation.unsaveRole': asked(duty('unsaveRole'), ({ role }) => ({ role })),
  'Mutation.optOutOfRole': asked(duty('optOutOfRole'), ({ role }) => ({ role })),
  'Mutation.answerTeamRequest': asked(
    'mutation ($id: String!, $request: String!) { answerTeamRequest(input: { teamId: $id, requestId: $request, accept: true }) { team { name } } }',
    ({ team, teamRequest }) => ({ id: team, request: teamRequest }),
  ),
  'Mutation.leaveTeam': asked(teamMutation('leaveTeam'), ({ team }) => ({ id: team })),
  'Mutation.requestToJoinTeam': asked(teamMutation('requestToJoinTeam'), ({ team }) => ({ id: team })),
  'Mutation.setQuickReplies': asked(
    `mutation { own: setQuickReplies(input: { quickReplies: ["x"] }) { quickReplies } all: setQuickReplies(input: { quickReplies: ["x"], organization: "${hospital}" }) { quickReplies } }`,
  ),
  'Mutation.updateMe': asked('mutation { updateMe(input: { statusText: "x" }) { me { id } } }'),
  'Mutation.updateMyOrganization': asked(
    `mutation ($to: ID) { updateMyOrganization(input: { organization: "${hospital}", isDoNotDisturb: false, autoForwardTo: $to }) { organization { key } } }`,
    () => ({ to: null }),
  ),
  'Mutation.leaveOrganization': asked(
    `mutation { leaveOrganization(input: { organization: "${clinics}" }) { leftOrganizationKey } }`,
  ),
  'Mutation.setPresence': asked('mutation { setPresence(input: { status: ONLINE }) { status } }'),

  // From here on v5 is known to be there, and takes the place of v2 in some operations.
  'SendMessageInput.recipient': asked(
    'mutation ($role: ID!) { sendMessage(input: { recipient: $role, body: "x", toUnstaffedRole: true }) { message { id } } }',
    ({ otherRole }) => ({ role: otherRole }),
  ),
  'Query.conversations': asked('{ conversations(first: 1) { nodes { unreadCount } } }'),
  'Query.conversation': asked('query ($id: ID!) { conversation(id: $id) { unreadCount } }', conversationWithGrace),
  'Conversation.timeline': asked(
    'query ($id: ID!) { conversation(id: $id) { timeline(last: 1) { nodes { __typename } } } }',
    conversationWithGrace,
  ),
  'Mutation.markConversation': asked(
    'mutation ($id: ID!) { markConversation(input: { conversation: $id, status: READ, through: 1 }) { conversation { id } } }',
    conversationWithGrace,
  ),

  'Subscription.events': subscribed('subscription { events { id } }', 'ackEvents'),
  ...Object.fromEntries(
    [
      'connectionStatus { state }',
      'escalationChanged { id }',
      'groupChanged { id }',
      'messageReceived { id }',
      'messageRecalled { id }',
      'messageStatusChanged { id }',
      'presenceChanged { id }',
      'rosterChanged { id }',
      'typing { id }',
      'userChanged { id }',
    ].map((field) => [`Subscription.${field.split(' ', 1)[0]}`, subscribed(`subscription { ${field} }`)]),
  ),
  'Subscription.conversationChanged': async (scene) =>
    subscribed(`subscription { conversationChanged(conversation: "${conversationWithGrace(scene).id}") { id } }`)(
      scene,
    ),
  'Mutation.acknowledgeEvents': asked(
    'mutation { acknowledgeEvents(input: { eventIds: ["00000000-0000-4000-8000-000000000000"] }) { acknowledgedEventIds } }',
  ),
  'Mutation.dropEventConnections': asked('mutation { dropEventConnections { count } }'),

  'Mutation.recallMessage': asked(
    'mutation ($id: ID!) { recallMessage(input: { message: $id }) { recalledMessageId } }',
    ({ message }) => ({ id: message }),
  ),
  'Mutation.removeRosterEntry': asked(
    'mutation ($id: ID!) { removeRosterEntry(input: { counterpart: $id }) { counterpart { __typename } } }',
    ({ grace }) => grace,
  ),
  'Mutation.deleteGroup': asked(
    'mutation ($id: ID!) { deleteGroup(input: { group: $id }) { deletedGroupId } }',
    ({ group }) => ({ id: group }),
  ),
  'Mutation.wipeUser': asked(
    'mutation ($id: ID!) { wipeUser(input: { user: $id }) { wipedUserId } }',
    ({ grace }) => grace,
  ),
  // Once where the upstream is young enough to have it, once where it is not.
  'Mutation.signIn': async (scene) => [...(await signIn(scene)), ...(await without('loginV5', signIn)(scene))],
  'Mutation.signOut': asked('mutation { signOut { externalLogoutUrl } }'),
};
