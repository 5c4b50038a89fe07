/** Unique words, and the inputs in which a test sends them, to search every output for them. */
import type { FaultOrderInput } from '../../src/sandbox/faults/faults.ts';
import { everyField } from './canary-inputs.ts';

export interface Canaries {
  /** A new word that occurs nowhere else. */
  plant(kind: string): string;
  readonly count: number;
}

export function createCanaries(): Canaries {
  let count = 0;
  return {
    plant: (kind) => `canary-${kind}-${String(++count).padStart(4, '0')}`,
    get count() {
      return count;
    },
  };
}

type Plant = Canaries['plant'];

export const messageFields =
  'id token body sender { displayName } recipient { ... on User { displayName } } attachments { fileName url } data { namespace payload }';

/** Every mutation and query, with a unique word in each text input. Each may fail. */
export function operations(
  messageId: string,
  canary: Plant,
): readonly [query: string, variables: Readonly<Record<string, unknown>>][] {
  const input = (name: string, type: string, selection: string, value: object): [string, Record<string, unknown>] => [
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input: value },
  ];
  const metadata = () => [{ key: canary('metadata-key'), value: canary('metadata-value') }];
  const data = () => [{ namespace: canary('namespace'), payload: { text: canary('payload') } }];
  return [
    [
      '{ me { displayName firstName lastName emails { address } phones { number } metadata { key value } organizations { name } } }',
      {},
    ],
    ['query ($id: ID!) { user(id: $id) { displayName } }', { id: `${canary('user')}@example.org` }],
    [
      'query ($ids: [ID!]!) { users(ids: $ids) { displayName } nodes(ids: $ids) { id } messages(ids: $ids) { body } }',
      { ids: [canary('id'), messageId] },
    ],
    [
      'query ($id: ID!) { group(id: $id) { name } node(id: $id) { id } message(id: $id) { body } }',
      { id: canary('id') },
    ],
    [
      'query ($text: String!) { search(query: $text, first: 5) { nodes { ... on User { displayName } } } }',
      { text: canary('search') },
    ],
    [
      '{ roster { entries { nodes { counterpart { ... on User { displayName } ... on Group { name members { nodes { displayName } } metadata { key value } } } } } } mutes { __typename } }',
      {},
    ],
    [
      `query ($id: ID!) { message(id: $id) { ${messageFields} recipientStatuses { user { displayName } status } } }`,
      { id: messageId },
    ],
    input('sendMessage', 'SendMessageInput', `message { ${messageFields} }`, {
      recipient: 'grace@example.org',
      body: canary('body'),
      data: data(),
      idempotencyKey: canary('key'),
    }),
    input('sendMessage', 'SendMessageInput', `message { ${messageFields} }`, {
      recipient: `${canary('new-user')}@example.org`,
      body: canary('body'),
    }),
    input('sendMessage', 'SendMessageInput', 'message { id }', {
      recipient: canary('recipient'),
      body: canary('body'),
    }),
    input('sendMessage', 'SendMessageInput', 'message { id }', {
      recipient: 'grace@example.org',
      body: canary('body'),
      ttl: -77,
    }),
    [
      'query ($text: String!, $id: ID!) { roles(organization: $text) { nodes { name } } tagged: roles(tag: $text) { nodes { name } } roleTags(organization: $text) { name } role(id: $id) { name } }',
      { text: canary('role'), id: canary('role-id') },
    ],
    input('setQuickReplies', 'SetQuickRepliesInput', 'quickReplies', { quickReplies: [canary('quick-reply')] }),
    input('setQuickReplies', 'SetQuickRepliesInput', 'quickReplies', {
      quickReplies: [canary('quick-reply')],
      organization: canary('organization'),
    }),
    input('sendMessage', 'SendMessageInput', `message { ${messageFields} }`, {
      recipient: `Role:${canary('role')}`,
      body: canary('body'),
    }),
    input('optIntoRole', 'OptIntoRoleInput', 'role { name }', { role: canary('role'), user: canary('user') }),
    input('setRoleAway', 'SetRoleAwayInput', 'text', { role: canary('role'), text: canary('away') }),
    input('confirmEscalation', 'ConfirmEscalationInput', 'escalation { name }', {
      message: messageId,
      escalationId: canary('escalation'),
    }),
    input('forwardMessage', 'ForwardMessageInput', `message { ${messageFields} }`, {
      message: messageId,
      recipient: 'alan@example.org',
      data: data(),
    }),
    input('updateMessageStatus', 'UpdateMessageStatusInput', 'read { id }', { read: [messageId, canary('message')] }),
    input('createGroup', 'CreateGroupInput', 'group { name description }', {
      name: canary('group'),
      description: canary('description'),
      members: ['grace@example.org', canary('member')],
      metadata: metadata(),
    }),
    input('createGroup', 'CreateGroupInput', 'group { name description }', {
      name: canary('group'),
      description: canary('description'),
      members: ['grace@example.org'],
      metadata: metadata(),
    }),
    input('updateGroup', 'UpdateGroupInput', 'group { name }', { group: canary('group'), name: canary('name') }),
    input('deleteGroup', 'DeleteGroupInput', 'deletedGroupId', { group: canary('group') }),
    input('addGroupMembers', 'AddGroupMembersInput', 'group { name }', {
      group: canary('group'),
      members: [canary('member')],
    }),
    input('removeGroupMembers', 'RemoveGroupMembersInput', 'group { name }', {
      group: canary('group'),
      members: [canary('member')],
    }),
    input('addRosterEntry', 'AddRosterEntryInput', 'counterpart { __typename }', {
      counterpart: canary('counterpart'),
      organization: canary('organization'),
    }),
    input('removeRosterEntry', 'RemoveRosterEntryInput', 'counterpart { __typename }', {
      counterpart: canary('counterpart'),
    }),
    input('setMetadata', 'SetMetadataInput', 'metadata { key value }', { entity: 'ada', metadata: metadata() }),
    input('setMetadata', 'SetMetadataInput', 'metadata { key value }', {
      entity: canary('entity'),
      metadata: metadata(),
    }),
    input('clearMetadata', 'ClearMetadataInput', 'metadata { key }', { entity: canary('entity') }),
    input('mute', 'MuteInput', '__typename', { counterpart: canary('counterpart'), minutes: 5 }),
    input('unmute', 'UnmuteInput', 'wasMuted', { organization: canary('organization') }),
    input('startTyping', 'TypingInput', '__typename', { recipient: canary('recipient') }),
    input('stopTyping', 'TypingInput', '__typename', { recipient: 'grace@example.org' }),
    input('findOrCreateUser', 'FindOrCreateUserInput', 'user { displayName }', {
      address: `${canary('address')}@example.org`,
    }),
    input('updateMe', 'UpdateMeInput', '__typename', {
      displayName: canary('name'),
      firstName: canary('first'),
      lastName: canary('last'),
      statusText: canary('status'),
      doNotDisturbText: canary('dnd'),
    }),
    input('updateMyOrganization', 'UpdateMyOrganizationInput', '__typename', {
      organization: canary('organization'),
      autoForwardTo: canary('forward'),
    }),
    input('leaveOrganization', 'LeaveOrganizationInput', '__typename', { organization: canary('organization') }),
    input('acknowledgeEvents', 'AcknowledgeEventsInput', 'acknowledgedEventIds', { eventIds: [canary('event')] }),
    input('acknowledgeEvents', 'AcknowledgeEventsInput', 'acknowledgedEventIds', { eventIds: ['canary with spaces'] }),
    input('signIn', 'SignInInput', 'key', { userId: canary('user'), password: canary('password') }),
    input('wipeUser', 'WipeUserInput', 'wipedUserId', { user: canary('user') }),
    input('createAttachmentTokens', 'CreateAttachmentTokensInput', 'tokens', { count: 1 }),
    ...everyField(canary),
  ];
}

/** Invalid inputs, each with a value that a response must not repeat. */
export const misfits: readonly ((
  canary: Plant,
) => readonly [query: string, variables?: object, operationName?: string])[] = [
  (canary) => ['query ($id: ID!) { user(id: $id) { id } }', { id: { text: canary('value') } }],
  (canary) => ['query ($first: Int) { roster { entries(first: $first) { totalCount } } }', { first: canary('value') }],
  (canary) => [
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
    { input: { recipient: 'x', priority: canary('value') } },
  ],
  (canary) => [
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
    { input: { body: canary('value') } },
  ],
  (canary) => [
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
    { input: canary('value') },
  ],
  (canary) => [`{ roster { entries(first: "${canary('literal')}") { totalCount } } }`],
  (canary) => [`mutation { sendMessage(input: { recipient: "x", ttl: "${canary('literal')}" }) { message { id } } }`],
  (canary) => [
    `mutation { sendMessage(input: { recipient: "x", priority: "${canary('literal')}" }) { message { id } } }`,
  ],
  (canary) => [`{ user(id: ["${canary('literal')}"]) { id } `],
  (canary) => [`{ user(id: "${canary('literal')}) { id } }`],
  (canary) => [`{ me { id } } "${canary('literal')}"`],
  (canary) => ['{ me { id } }', {}, canary('operation')],
  () => ['{ roster { entries(after: "canary-cursor") { totalCount } } }'],
];

/** Every kind of upstream failure, with texts that must not be passed on. */
export const faults: readonly ((canary: Plant) => FaultOrderInput)[] = [
  ...[400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 503].map(
    (status) =>
      (canary: Plant): FaultOrderInput => ({
        kind: 'status',
        status,
        message: canary('upstream-error'),
        ...(status === 429 || status === 503 ? { retryAfter: canary('retry-after') } : {}),
      }),
  ),
  (canary) => ({ kind: 'status', status: 500, form: 'text', message: canary('upstream-text') }),
  (canary) => ({ kind: 'status', status: 302, form: 'text', message: canary('redirect') }),
  (canary) => ({ kind: 'garbage', text: `{"status": "${canary('garbage')}` }),
  (canary) => ({
    kind: 'body',
    body: { status: 'success', reply: { token: canary('wrong'), display_name: { x: canary('wrong') } } },
  }),
  (canary) => ({ kind: 'body', body: [canary('wrong')] }),
  () => ({ kind: 'wrong-shape' }),
  () => ({ kind: 'cut' }),
  () => ({ kind: 'refuse' }),
  () => ({ kind: 'html' }),
  () => ({ kind: 'stall' }),
];
