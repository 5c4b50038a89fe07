/**
 * Fields that are nullable only because they may fail: null there always comes with an error at its path. Clients that treat
 * errors apart read them as never null, by `@semanticNonNull` (levels: 0 the field, 1 the items of its list). The plain SDL
 * stays as it is: in it, null is what a failed field leaves. Deprecated fields are in the plain SDL alone.
 */
import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  print,
  type TypeNode,
} from 'graphql';

/** Levels by field; a type's name alone stands for all its fields. */
const levels: Readonly<Record<string, readonly number[]>> = {
  // A mutation has its payload, or an error.
  Mutation: [0],
  'Query.callLog': [0],
  'Query.me': [0],
  'Query.mutes': [0],
  'Query.quickReplies': [0],
  'Query.roles': [0],
  'Query.roleTags': [0, 1],
  'Query.search': [0],
  'Query.teams': [0],
  // A list that was read whole, and its items: one that violates the contract is an error in its place.
  'Roster.entries': [0],
  'RosterEntriesConnection.nodes': [1],
  'RosterEntriesConnection.totalCount': [0],
  'RosterEntriesEdge.node': [0],
  'RosterEntry.counterpart': [0],
  'ConversationsConnection.nodes': [1],
  'ConversationsEdge.node': [0],
  'ConversationMessagesConnection.nodes': [1],
  'ConversationMessagesEdge.node': [0],
  'ConversationTimelineConnection.nodes': [1],
  'ConversationTimelineEdge.node': [0],
  'CallLogConnection.nodes': [1],
  'CallLogEntry.organization': [0],
  'CallLogEdge.node': [0],
  'TeamsConnection.nodes': [1],
  'TeamsEdge.node': [0],
  'RolesConnection.nodes': [1],
  'RolesEdge.node': [0],
  'DistributionList.members': [0],
  'DistributionListMembersConnection.totalCount': [0],
  'GroupMembersConnection.totalCount': [0],
  'DistributionList.kind': [0],
  // Known without the upstream.
  'Conversation.isHistoryAvailable': [0],
  'Conversation.organization': [0],
  'Conversation.organizationKey': [0],
  'Membership.metadata': [0],
  'Membership.organization': [0],
  'Membership.organizationKey': [0],
  'Group.metadata': [0],
  'User.organizations': [0, 1],
  'User.roles': [0, 1],
  'User.savedRoles': [0, 1],
  'Organization.quickReplies': [0],
  'Organization.roles': [0],
  'MarkConversationPayload.conversation': [0],
  'MessageReceived.message': [0],
  // Empty when there are none.
  'User.emails': [0],
  'User.phones': [0],
  // The contract says what its absence means.
  'Message.status': [0],
  'AccountSettingsChanged.user': [0],
  'EscalationChanged.changedEscalation': [0],
  'EscalationStep.durationMinutes': [0],
  'ProcessingChanged.subject': [0],
  'TeamRequestChanged.request': [0],
  // Named by what they are in: what is there no more has its id alone.
  'CallChanged.disabledParticipants': [1],
  'CallChanged.participants': [1],
  'DistributionListMembersConnection.nodes': [1],
  'DistributionListMembersEdge.node': [0],
  'EscalationTarget.user': [0],
  'FindOrCreateUserPayload.user': [0],
  'GroupChanged.group': [0],
  'GroupMembersConnection.nodes': [1],
  'GroupMembersEdge.node': [0],
  'JoinForumPayload.group': [0],
  'LeaveForumPayload.group': [0],
  'MessageStatusChanged.user': [0],
  'OptIntoRolePayload.user': [0],
  'OptOutOfRolePayload.user': [0],
  'PresenceChanged.user': [0],
  'RecipientStatus.user': [0],
  'RemoveGroupMembersPayload.group': [0],
  'Role.account': [0],
  'Role.onDuty': [1],
  'RosterChanged.counterpart': [0],
  'TypingChanged.user': [0],
  'UserChanged.user': [0],
  // What a change was made to, after it.
  'AnswerTeamRequestPayload.team': [0],
  'ClearRoleAwayPayload.role': [0],
  'ConfirmEscalationPayload.escalation': [0],
  'EscalateMessagePayload.escalation': [0],
  'LeaveTeamPayload.team': [0],
  'OptIntoRolePayload.role': [0],
  'OptOutOfRolePayload.role': [0],
  'RequestToJoinTeamPayload.team': [0],
  'SaveRolePayload.role': [0],
  'SetRoleAwayPayload.role': [0],
  'SkipEscalationPayload.escalation': [0],
  'UnsaveRolePayload.role': [0],
  'UpdateMyOrganizationPayload.membership': [0],
  'UpdateMyOrganizationPayload.organization': [0],
};

/** Of every event: empty when there is nothing in it. */
const everywhere = 'extra';

const directive = `"""
The field is null only where there is an error at its path. Levels: 0 is the field, 1 the items of its list.
"""
directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION`;

function levelsOf(type: string, field: string): readonly number[] | undefined {
  if (field === everywhere) return [0];
  return levels[`${type}.${field}`] ?? (field.startsWith('_') ? undefined : levels[type]);
}

function nonNull(type: TypeNode, wanted: readonly number[], level = 0): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) {
    const inner = nonNull(type.type, wanted, level);
    return inner.kind === Kind.NON_NULL_TYPE ? inner : { kind: Kind.NON_NULL_TYPE, type: inner };
  }
  const inner: TypeNode =
    type.kind === Kind.LIST_TYPE ? { ...type, type: nonNull(type.type, wanted, level + 1) } : type;
  return wanted.includes(level) ? { kind: Kind.NON_NULL_TYPE, type: inner } : inner;
}

function isCurrent({ directives = [] }: FieldDefinitionNode): boolean {
  return !directives.some(({ name }) => name.value === 'deprecated');
}

/** The document without deprecated fields, and with a change to each field that is marked. @throws for a mark on a field that there is not. */
function changed(sdl: string, change: (field: FieldDefinitionNode, marked: readonly number[]) => FieldDefinitionNode) {
  const missing = new Set(Object.keys(levels));
  const document = parse(sdl);
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      return definition;
    const type = definition.name.value;
    missing.delete(type);
    const fields = definition.fields?.filter(isCurrent).map((field) => {
      const marked = levelsOf(type, field.name.value);
      missing.delete(`${type}.${field.name.value}`);
      return marked === undefined ? field : change(field, marked);
    });
    return { ...definition, fields: fields ?? [] };
  });
  if (missing.size > 0) throw new Error(`semantic-non-null.ts names what there is not: ${[...missing].join(', ')}`);
  return { ...document, definitions } satisfies DocumentNode;
}

/** The SDL with `@semanticNonNull` on the fields that are marked, for code generators that read it. */
export function withSemanticNonNull(sdl: string): string {
  const marked = changed(sdl, (field, wanted) => {
    const text = wanted.length === 1 && wanted[0] === 0 ? '' : `(levels: [${wanted.join(', ')}])`;
    const [own] = parse(`type T { f: Int @semanticNonNull${text} }`).definitions;
    const added = own?.kind === Kind.OBJECT_TYPE_DEFINITION ? (own.fields?.[0]?.directives ?? []) : [];
    return { ...field, directives: [...(field.directives ?? []), ...added] };
  });
  return `${directive}\n\n${print(marked)}\n`;
}

/** The schema whose types are what a client reads that treats errors apart: the marked fields are non-null. */
export function strictSchema(sdl: string): GraphQLSchema {
  return buildASTSchema(
    changed(sdl, (field, wanted) => ({ ...field, type: nonNull(field.type, wanted) })),
    {
      assumeValid: true,
    },
  );
}

/** Whether null at this place is allowed only with an error. */
export function isSemanticNonNull(type: string, field: string, level: number): boolean {
  return levelsOf(type, field)?.includes(level) === true;
}

/** A module with the names of the marked fields by type, for `src/documents/strict.ts`: those of fields, and those of list items. */
export function strictFields(sdl: string): string {
  const types = buildASTSchema(parse(sdl)).getTypeMap();
  const namesAt = (level: number) =>
    Object.values(types).flatMap((type) => {
      if (!isObjectType(type)) return [];
      if (level === 0 && type.name in levels) return [`  ${type.name}: string;\n`];
      const names = Object.values(type.getFields()).flatMap(({ name, deprecationReason: isOld }) =>
        isOld == null && name !== everywhere && isSemanticNonNull(type.name, name, level) ? [`'${name}'`] : [],
      );
      return names.length === 0 ? [] : [`  ${type.name}: ${names.join(' | ')};\n`];
    });
  return [
    `export interface StrictFields {\n${namesAt(0).join('')}}\n`,
    `export interface StrictItems {\n${namesAt(1).join('')}}\n`,
  ].join('\n');
}
