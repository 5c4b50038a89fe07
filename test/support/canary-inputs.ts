/** Operations of every field of the schema's roots, with a unique word in every string argument and input field. */
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { schema } from '../../src/schema/index.ts';

type Plant = (kind: string) => string;
type Operation = [query: string, variables: Readonly<Record<string, unknown>>];

/** Values of scalars that are not texts; null where a document cannot send a value. */
const others: Readonly<Record<string, unknown>> = {
  Int: 5,
  Float: 5,
  Boolean: true,
  NonNegativeInt: 5,
  DateTime: '2030-01-01T00:00:00Z',
  File: null,
};

function inputFor(type: GraphQLInputType, name: string, plant: Plant): unknown {
  if (isNonNullType(type)) return inputFor(type.ofType, name, plant);
  if (isListType(type)) return [inputFor(type.ofType, name, plant)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).slice(0, type.isOneOf ? 1 : undefined);
    return Object.fromEntries(fields.map((field) => [field.name, inputFor(field.type, field.name, plant)]));
  }
  return type.name in others ? others[type.name] : plant(name);
}

function operationOf(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>, plant: Plant): Operation {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const inner = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  const [declarations, args] = field.args.length === 0 ? ['', ''] : [`(${declared})`, `(${given})`];
  return [
    `${kind} ${declarations} { ${field.name}${args}${inner} }`,
    Object.fromEntries(field.args.map(({ name, type }) => [name, inputFor(type, name, plant)])),
  ];
}

/** One operation for each field of Query and Mutation but those that end the session of their caller. */
export function everyField(plant: Plant): readonly Operation[] {
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType() } as const;
  return (['query', 'mutation'] as const).flatMap((kind) =>
    Object.values(roots[kind]?.getFields() ?? {})
      .filter(({ name }) => !['signOut', 'dropEventConnections'].includes(name))
      .map((field) => operationOf(kind, field, plant)),
  );
}
