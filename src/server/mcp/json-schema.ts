/** JSON Schema of an operation's variables, from the types of the GraphQL schema. */
import {
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type OperationDefinitionNode,
  type TypeNode,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas of scalars; any other scalar takes every JSON value. `File` has none: a tool cannot send the parts of an upload. */
const scalars: Readonly<Record<string, JsonSchema>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  NonNegativeInt: { type: 'integer', minimum: 0 },
  DateTime: { type: 'string', format: 'date-time' },
  EmailAddress: { type: 'string', format: 'email' },
  PhoneNumber: { type: 'string' },
  URL: { type: 'string', format: 'uri' },
};
const uploadScalar = 'File';

/** Maximum nesting of input objects in a schema, because input types may be recursive; deeper ones are any object. */
const maxLevels = 6;

/** A JSON Schema; undefined when a value must be a file. */
function schemaOfType(type: GraphQLInputType, level: number): JsonSchema | undefined {
  if (isNonNullType(type)) return schemaOfType(type.ofType, level);
  if (isListType(type)) {
    const items = schemaOfType(type.ofType, level);
    return items === undefined ? undefined : { type: 'array', items };
  }
  if (isScalarType(type)) return schemaOfScalar(type);
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
  if (!isInputObjectType(type) || level === maxLevels) return { type: 'object' };
  const fields = Object.values(type.getFields()).map((field) => ({ ...field, isRequired: isRequired(field) }));
  const object = schemaOfObject(fields, level + 1);
  return type.isOneOf && object !== undefined ? { ...object, minProperties: 1, maxProperties: 1 } : object;
}

function schemaOfScalar({ name }: GraphQLScalarType): JsonSchema | undefined {
  return name === uploadScalar ? undefined : (scalars[name] ?? {});
}

interface Property {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly isRequired: boolean;
  readonly description?: string | null | undefined;
  readonly defaultValue?: unknown;
}

function isRequired({ type, defaultValue }: Pick<Property, 'type' | 'defaultValue'>): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

/** Undefined when a required property must be a file; an optional one is omitted. */
function schemaOfObject(all: readonly Property[], level: number): JsonSchema | undefined {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { name, type, isRequired: isNeeded, description, defaultValue } of all) {
    const schema = schemaOfType(type, level);
    if (schema === undefined) {
      if (isNeeded) return undefined;
      continue;
    }
    properties[name] = {
      ...schema,
      ...(description == null ? {} : { description }),
      ...(defaultValue == null ? {} : { default: defaultValue }),
    };
    if (isNeeded) required.push(name);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

/** The schema of an object with the operation's variables; undefined when one of them must be a file. */
export function variablesSchema(schema: GraphQLSchema, operation: OperationDefinitionNode): JsonSchema | undefined {
  const variables = (operation.variableDefinitions ?? []).map(({ variable, type: node, defaultValue }): Property => {
    const typeNode: TypeNode = node;
    // Only input types are valid here, and the operation is valid.
    const type = typeFromAST(schema, typeNode) as GraphQLInputType;
    const value = defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue);
    return {
      name: variable.name.value,
      type,
      isRequired: isRequired({ type, defaultValue: value }),
      defaultValue: value,
    };
  });
  return schemaOfObject(variables, 0);
}
