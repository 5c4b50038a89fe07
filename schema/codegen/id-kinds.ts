/**
 * Kinds of ids in the types of the documents. To the gateway every id is an `ID`; for TypeScript, the id of a message and the
 * id of a user differ (`src/documents/document-ids.ts`). The SDL that clients see is not changed: only what types are generated from.
 */
import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  type InputValueDefinitionNode,
  Kind,
  type NamedTypeNode,
  parse,
  printSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const nodeKinds = ['Conversation', 'DistributionList', 'Group', 'Membership', 'Message', 'Role', 'User'] as const;
type Of = readonly ((typeof nodeKinds)[number] | 'Event')[];

const user: Of = ['User'];
const group: Of = ['Group'];
const message: Of = ['Message'];
const event: Of = ['Event'];
const conversation: Of = ['Conversation'];
const counterpart: Of = ['User', 'Group', 'DistributionList'];
const withRole: Of = ['User', 'Group', 'DistributionList', 'Role'];
const userOrGroup: Of = ['User', 'Group'];
const role: Of = ['Role'];
/** A role is named by its own id, or by that of its account. */
const roleOrAccount: Of = ['Role', 'User'];

/** What arguments and input fields of a name take: the kinds whose ids are good there. A qualified name goes first. */
const taken: Readonly<Record<string, Of>> = {
  'AddRosterEntryInput.counterpart': ['User', 'DistributionList'],
  'RemoveRosterEntryInput.counterpart': counterpart,
  'CounterpartInput.id': counterpart,
  'Query.conversation.id': conversation,
  'Query.group.id': group,
  'Query.message.id': message,
  'Query.messages.ids': message,
  'Query.node.id': nodeKinds,
  'Query.nodes.ids': nodeKinds,
  'Query.role.id': role,
  'Query.user.id': user,
  'Query.users.ids': user,
  after: event,
  autoForwardTo: user,
  conversation,
  counterpart: userOrGroup,
  delivered: message,
  entity: userOrGroup,
  eventIds: event,
  from: userOrGroup,
  group,
  in: userOrGroup,
  members: user,
  message,
  read: message,
  recipient: counterpart,
  'ForwardMessageInput.recipient': withRole,
  'SendMessageInput.recipient': withRole,
  role: roleOrAccount,
  speakAs: roleOrAccount,
  through: message,
  user,
};

/** The same for fields of objects; `id` and `token` are those of the object itself. */
const given: Readonly<Record<string, Of>> = {
  acknowledgedEventIds: event,
  deletedGroupId: group,
  recalledMessageId: message,
  removedConversationId: conversation,
  wipedUserId: user,
};

/** Objects whose `id` is that of the event that reports a change. */
const withEventId = /Changed$/;

/** A scalar that stands for a kind, and what it is in TypeScript. */
type KindScalar = readonly [name: string, type: string];

/** The kinds whose ids an argument or input field takes, such as `Query.message.id`; undefined for one that takes no ids. */
export function kindsTaken(place: string): readonly string[] | undefined {
  return taken[place] ?? taken[place.slice(place.lastIndexOf('.') + 1)];
}

function scalarTaken(place: string, name: string): KindScalar {
  const kinds = taken[`${place}.${name}`] ?? taken[name];
  if (kinds === undefined) throw new Error(`schema/codegen/id-kinds.ts does not say which ids ${place}.${name} takes.`);
  return [`${kinds.join('Or')}Ref`, `Ref<${kinds.map((kind) => `'${kind}'`).join(' | ')}>`];
}

function scalarGiven(type: string, name: string, isEvent: boolean): KindScalar {
  const isOwn = name === 'id' || name === 'token';
  const own = isEvent || withEventId.test(type) ? 'Event' : nodeKinds.find((kind) => kind === type);
  const kind = isOwn ? own : given[name]?.[0];
  if (kind === undefined) throw new Error(`schema/codegen/id-kinds.ts does not say of what ${type}.${name} is the id.`);
  return name === 'token' ? [`${kind}Token`, `Token<'${kind}'>`] : [`${kind}Id`, `${kind}Id`];
}

/** The node with `ID` replaced by another type, inside lists and non-null types. */
function renamed<Node extends FieldDefinitionNode | InputValueDefinitionNode>(node: Node, name: string): Node {
  return visit(node, {
    InputValueDefinition: (inner) => (inner === node ? undefined : false),
    NamedType: (type) => (type.name.value === 'ID' ? { ...type, name: { ...type.name, value: name } } : undefined),
  });
}

function isId(node: FieldDefinitionNode | InputValueDefinitionNode): boolean {
  let { type } = node;
  while (type.kind !== Kind.NAMED_TYPE) type = type.type;
  return type.name.value === 'ID';
}

/**
 * The schema with a scalar of its own for each kind of id, given or taken.
 * @returns with the types of these scalars, as the option `scalars` of graphql-codegen takes them.
 */
export function withIdKinds(schema: GraphQLSchema): {
  readonly schema: GraphQLSchema;
  readonly scalars: Readonly<Record<string, string>>;
} {
  const scalars = new Map<string, string>();
  const named = ([name, type]: KindScalar) => {
    scalars.set(name, `../documents/document-ids.ts#${type}`);
    return name;
  };
  const takenBy = (place: string) => (input: InputValueDefinitionNode) =>
    isId(input) ? renamed(input, named(scalarTaken(place, input.name.value))) : input;
  const definitions = parse(printSchema(schema)).definitions.map((definition) => {
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      return { ...definition, fields: definition.fields?.map(takenBy(definition.name.value)) ?? [] };
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      return definition;
    const type = definition.name.value;
    const isEvent = type === 'Event' || definition.interfaces?.some(({ name }) => name.value === 'Event') === true;
    const fields = definition.fields?.map((field) => ({
      ...(isId(field) && type !== 'Node' ? renamed(field, named(scalarGiven(type, field.name.value, isEvent))) : field),
      arguments: field.arguments?.map(takenBy(`${type}.${field.name.value}`)) ?? [],
    }));
    return { ...definition, fields: fields ?? [] };
  });
  const own = parse([...scalars.keys()].map((name) => `scalar ${name}`).join('\n')).definitions;
  return {
    schema: buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...definitions, ...own] }, { assumeValid: true }),
    scalars: Object.fromEntries(scalars),
  };
}

/** The document with each variable of type `ID` declared as what the places take where it is used. */
export function withIdVariables(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
      const types = new Map<string, string>();
      const info = new TypeInfo(schema);
      visit(
        definition,
        visitWithTypeInfo(info, {
          Variable: ({ name }, _key, parent) => {
            const type = getNamedType(info.getInputType())?.name;
            const isUse = parent === undefined || !('kind' in parent) || parent.kind !== Kind.VARIABLE_DEFINITION;
            if (!isUse || type === undefined) return;
            if ((types.get(name.value) ?? type) !== type)
              throw new Error(`$${name.value} of ${definition.name?.value} is used for ids of different kinds.`);
            types.set(name.value, type);
          },
        }),
      );
      return visit(definition, {
        VariableDefinition: (variable) => {
          const type = types.get(variable.variable.name.value);
          return visit(variable, {
            NamedType: (node): NamedTypeNode | undefined =>
              node.name.value === 'ID' && type !== undefined
                ? { ...node, name: { ...node.name, value: type } }
                : undefined,
          });
        },
      });
    }),
  };
}
