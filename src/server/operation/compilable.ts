/**
 * Which operations the compiler (graphql-jit 0.8.9) may run. It is several times as fast as graphql-js and wrong outside
 * the shapes that follow, so the list says what is allowed, and whatever is not on it is run by graphql-js.
 *
 * - Queries and events only: a mutation that is refused its arguments stops the compiled queue for good, and a list of
 *   promises, as mutations give it, loses its order.
 * - No directives: conditions of one occurrence of a field or fragment reach the others.
 * - No underscore in a response name: information for resolvers is filed under paths joined by it. No name that every object
 *   answers to: names are looked up in plain objects.
 * - Arguments are variables, or literals of GraphQL's own scalars and of enums: variables within literals come through as
 *   null where they are left out and not at all within custom scalars.
 * - A variable at a place that must not be null is itself not nullable: what such a place refuses is no error of the field.
 * - Variables are of GraphQL's own scalars, of enums, or lists of these. Only those that may be null have a default: the
 *   compiler does not apply the others.
 *
 * The schema gives no list of promises in queries and events, and no two fields that are alike once type and name are joined;
 * `test/operation/compiled-against-reference.test.ts` compares both executors on random operations.
 */
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type TypeNode,
  typeFromAST,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What every JavaScript object has, such as `constructor` and `__proto__`. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** How the marks begin that the compiler writes among literals and then replaces by code: a literal like it would be run. */
const mark = '__MAGIC_';

/** @param document Valid in the schema. All of it is looked at, whichever operation is to be run. */
export function isProven(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean {
  if (operation.operation === 'mutation') return false;
  const typeInfo = new TypeInfo(schema);
  const required = new Set(
    operation.variableDefinitions?.filter(isRequired).map(({ variable }) => variable.name.value),
  );
  let isFit = true;
  const refuse = () => {
    isFit = false;
    return BREAK;
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Directive: refuse,
      VariableDefinition: (node) => (isProvenVariable(schema, node) ? undefined : refuse()),
      Field: (node) => (hasProvenName(node) ? undefined : refuse()),
      Argument({ value }) {
        const type = typeInfo.getInputType();
        if (value.kind !== Kind.VARIABLE) return isPlain(type) ? undefined : refuse();
        return isNonNullType(type) && !required.has(value.name.value) ? refuse() : undefined;
      },
      ListValue: ({ values }) => (values.some(({ kind }) => kind === Kind.VARIABLE) ? refuse() : undefined),
      StringValue: ({ value }) => (value.includes(mark) ? refuse() : undefined),
    }),
  );
  return isFit;
}

function hasProvenName({ name, alias }: FieldNode): boolean {
  if (alias === undefined) return name.value === '__typename' || !name.value.includes('_');
  return !alias.value.includes('_') && !inherited.has(alias.value);
}

function isRequired({ type }: VariableDefinitionNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE;
}

function isProvenVariable(schema: GraphQLSchema, definition: VariableDefinitionNode): boolean {
  if (inherited.has(definition.variable.name.value)) return false;
  if (isRequired(definition) && definition.defaultValue !== undefined) return false;
  const node: TypeNode = definition.type;
  const type = typeFromAST(schema, node);
  return isInputType(type) && isPlain(type);
}

/** GraphQL's own scalars, enums, and lists of these. */
function isPlain(type: GraphQLInputType | null | undefined): boolean {
  if (type == null) return false;
  const nullable = isNonNullType(type) ? type.ofType : type;
  const item = isListType(nullable) ? nullable.ofType : nullable;
  if (isListType(isNonNullType(item) ? item.ofType : item)) return false;
  const named = getNamedType(type);
  return isSpecifiedScalarType(named) || isEnumType(named);
}
