/**
 * Types of the data of any operation, for tests that read answers of documents of their own. An interface or union has the
 * fields of all its members, and nothing is null: a test that reads a field the document does not select, or that is null, fails.
 */
import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const scalars: Readonly<Record<string, string>> = {
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
  NonNegativeInt: 'number',
  JSON: 'JsonData',
};

function textOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return textOf(type.ofType);
  if (isListType(type)) return `List<${textOf(type.ofType)}>`;
  const named: GraphQLNamedType = getNamedType(type);
  if (isEnumType(named)) return 'string';
  return isObjectType(named) || isAbstractType(named) ? named.name : (scalars[named.name] ?? 'string');
}

/** The names and types of all fields; a field that members have with different types has all of these. */
function fieldsOf(type: GraphQLNamedType, schema: GraphQLSchema): ReadonlyMap<string, GraphQLOutputType[]> {
  const members = isObjectType(type) ? [type] : isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  const fields = new Map<string, GraphQLOutputType[]>();
  for (const member of members)
    for (const field of Object.values(member.getFields()))
      fields.set(field.name, [...(fields.get(field.name) ?? []), field.type]);
  return fields;
}

/** The types that data of the three roots consist of, as a module that exports `SchemaData`: the fields of all roots. */
export function schemaDataModule(schema: GraphQLSchema): string {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (root) => root != null,
  );
  const types = new Set<GraphQLNamedType>(roots);
  const written: string[] = [];
  for (const type of types) {
    const lines: string[] = [];
    for (const [name, fieldTypes] of fieldsOf(type, schema)) {
      lines.push(`  readonly ${name}: ${[...new Set(fieldTypes.map(textOf))].join(' | ')};`);
      for (const named of fieldTypes.map((each) => getNamedType(each)))
        if (isObjectType(named) || isAbstractType(named)) types.add(named);
    }
    if (lines.length > 0)
      written.push(`interface ${type.name} {`, '  readonly __typename: string;', ...lines.sort(), '}', '');
  }
  return [
    '/** The first item is there. */',
    'type List<Item> = readonly [Item, ...Item[]];',
    '',
    '/** An object of JSON; its values are compared as a whole. */',
    'type JsonData = Readonly<Record<string, unknown>>;',
    '',
    ...written,
    `export type SchemaData = ${roots.map(({ name }) => name).join(' & ')};`,
    '',
  ].join('\n');
}
