/**
 * The schema as a subgraph of Apollo Federation 2 (SUBGRAPH=true): the same types, with `_service` and `_entities`, through which a
 * router reads the SDL, and objects by their keys.
 */
import {
  type ConstDirectiveNode,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
} from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Counterpart, Message } from '../domain/domain.ts';
import { asError, badUserInput } from '../errors.ts';
import { isRecord } from '../util/is-record.ts';
import { readConversation } from './conversation/read-conversation.ts';
import { bulkShare, costs } from './field-cost.ts';
import { conversationKeyOf, tokenOf } from './id.ts';
import { json } from './json-scalar.ts';
import { maxPageSize } from './pagination.ts';
import { needsRead } from './selection.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/** Types that other graphs may extend. */
const entityTypes = ['User', 'Group', 'Message', 'DistributionList', 'Conversation'] as const;
type EntityType = (typeof entityTypes)[number];

/** Types that graphs share without being entities: every graph with connections has one of the same form. */
const shared: ReadonlySet<string> = new Set(['PageInfo']);

type Entity = Counterpart | Message | Conversation;

const typeOfKind = {
  USER: 'User',
  GROUP: 'Group',
  LIST: 'DistributionList',
  MESSAGE: 'Message',
  CONVERSATION: 'Conversation',
} as const satisfies Record<Entity['kind'], EntityType>;

function directive(text: string): ConstDirectiveNode | undefined {
  const [definition] = parse(`type T ${text} { f: Int }`).definitions;
  return definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? definition.directives?.[0] : undefined;
}

/** The SDL that a router composes: that of the gateway, with the directives of a subgraph. */
function sdlOf(schema: GraphQLSchema): string {
  const key = directive('@key(fields: "id")');
  const shareable = directive('@shareable');
  const document = parse(printSchema(lexicographicSortSchema(schema)));
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    const name = definition.name.value;
    const isEntity = entityTypes.some((type) => type === name);
    const added = isEntity ? key : shared.has(name) ? shareable : undefined;
    return added === undefined ? definition : { ...definition, directives: [...(definition.directives ?? []), added] };
  });
  return `${link}\n\n${print({ ...document, definitions })}\n`;
}

/** A router's reference to an object. */
interface Representation {
  readonly type: EntityType;
  readonly id: string;
}

/** @throws GatewayError `BAD_USER_INPUT` unless it has the name of an entity type and an id. */
function representationOf(value: unknown, field: string): Representation {
  const type = isRecord(value) ? entityTypes.find((name) => name === value.__typename) : undefined;
  if (!isRecord(value) || type === undefined || typeof value.id !== 'string')
    throw badUserInput(field, `an object with id and __typename, one of ${entityTypes.join(', ')}`);
  return { type, id: value.id };
}

/** Calls to read what a representation names, as for `node(id:)`. */
function callsFor(value: unknown): number {
  const type = isRecord(value) ? value.__typename : undefined;
  if (type === 'User') return bulkShare;
  return type === 'Conversation' ? 4 : 1;
}

const readers: Readonly<Record<EntityType, (id: string, field: string, context: GatewayContext) => unknown>> = {
  User: (id, field, { loaders }) => loaders.users().load(tokenOf('User', id, field)),
  Group: (id, field, { loaders }) => loaders.groups.load(tokenOf('Group', id, field)),
  Message: (id, field, { loaders }) => loaders.messages.load(tokenOf('Message', id, field)),
  DistributionList: (id, field, { loaders }) => loaders.lists.load(tokenOf('DistributionList', id, field)),
  Conversation: (id, field, context) => readConversation(conversationKeyOf(id, field), context),
};

/** The object with only its id, for a selection of no more. */
function referenceTo({ type, id }: Representation, field: string): Entity {
  if (type === 'Conversation') return { kind: 'CONVERSATION', key: conversationKeyOf(id, field) };
  const token = tokenOf(type, id, field);
  return {
    kind: ({ User: 'USER', Group: 'GROUP', Message: 'MESSAGE', DistributionList: 'LIST' } as const)[type],
    token,
  };
}

/** The SDL of the subgraph, printed on first use. */
function serviceTypeOf(schema: GraphQLSchema): GraphQLObjectType {
  let sdl: string | undefined;
  return new GraphQLObjectType({
    name: '_Service',
    description: 'The subgraph that this gateway is.',
    fields: {
      sdl: {
        type: GraphQLString,
        description: 'The SDL with the directives of a subgraph.',
        resolve: () => {
          sdl ??= sdlOf(schema);
          return sdl;
        },
      },
    },
  });
}

function entityUnionOf(schema: GraphQLSchema): GraphQLUnionType {
  return new GraphQLUnionType({
    name: '_Entity',
    description: 'An object that other subgraphs may extend.',
    types: entityTypes.flatMap((name) => {
      const type = schema.getType(name);
      return type instanceof GraphQLObjectType ? [type] : [];
    }),
    resolveType: ({ kind }: Entity) => typeOfKind[kind],
  });
}

function entitiesField(
  entity: GraphQLUnionType,
): GraphQLFieldConfig<unknown, GatewayContext, { readonly representations: readonly unknown[] }> {
  const any = new GraphQLScalarType({
    ...json.toConfig(),
    name: '_Any',
    description: 'What a router names an object by: its type name and its key.',
  });
  return {
    type: new GraphQLNonNull(new GraphQLList(entity)),
    description: `Objects by their keys, in the order given; null in the place of each that cannot be read. At most ${maxPageSize}.`,
    args: {
      representations: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(any))),
        description: 'The objects: type name and id of each.',
      },
    },
    extensions: costs({ perItem: callsFor, items: { by: 'list', argument: 'representations' }, isReference: true }),
    resolve: (_root, { representations }, context, info) => {
      if (representations.length > maxPageSize)
        throw badUserInput('representations', `at most ${maxPageSize} representations`);
      const isRead = needsRead(info);
      return Promise.all(
        representations.map(async (value, index) => {
          const field = `representations.${index}`;
          try {
            const named = representationOf(value, field);
            return await (isRead ? readers[named.type](named.id, field, context) : referenceTo(named, field));
          } catch (error) {
            return asError(error);
          }
        }),
      );
    },
  };
}

/** @returns The schema with the two fields; the given one is not changed. */
export function subgraphOf(schema: GraphQLSchema): GraphQLSchema {
  const query = schema.getQueryType();
  if (query == null) throw new TypeError('subgraphOf: expected a schema with queries.');
  const service = serviceTypeOf(schema);
  const entity = entityUnionOf(schema);
  const config = schema.toConfig();
  const ownQuery = new GraphQLObjectType<unknown, GatewayContext>({
    ...query.toConfig(),
    fields: {
      ...query.toConfig().fields,
      _service: {
        type: new GraphQLNonNull(service),
        description: 'The subgraph, for the router that composes it.',
        extensions: { anonymous: true },
        resolve: () => ({}),
      },
      _entities: entitiesField(entity),
    },
  });
  return new GraphQLSchema({
    ...config,
    query: ownQuery,
    types: [...config.types.filter((type) => type !== query), entity, service],
  });
}
