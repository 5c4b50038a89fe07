/**
 * Which operations the compiler (graphql-jit 0.8.9) may run. It is several times as fast as graphql-js, but its results are
 * wrong outside the shapes below. This is an allow-list: graphql-js runs all other operations.
 *
 * - Queries and events only. A mutation field with invalid arguments stops the compiled queue permanently, and a list of
 *   promises, which mutations return, loses its order.
 * - No directives: a condition on one occurrence of a field or fragment also applies to the other occurrences. `Conditions` removes them.
 * - No underscore in a response name: the compiler joins paths with underscores to index the info argument of resolvers.
 * - No response name that is a property of `Object.prototype`: the compiler looks up names in plain objects.
 * - Arguments are variables, or literals of built-in scalars and enums. An omitted variable inside a literal becomes null,
 *   and a variable inside a custom scalar is lost.
 * - A variable in a non-null position has a non-null type: otherwise a null is not reported as an error of the field.
 * - Variables are built-in scalars, enums, or lists of these. Only nullable variables have a default: the compiler does not
 *   apply the default of a non-null variable.
 *
 * The schema has no list of promises in queries and events, and no two fields with equal concatenations of type and name.
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

/** Properties of every JavaScript object, such as `constructor` and `__proto__`. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Prefix of the markers that the compiler writes into literals and then replaces by code: such a literal would be executed. */
const markerPrefix = '__MAGIC_';

/** @param document Valid for the schema. All its definitions are checked, also those of other operations. */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  if (operation.operation === 'mutation') return false;
  const typeInfo = new TypeInfo(schema);
  const required = new Set(
    operation.variableDefinitions?.filter(isRequired).map(({ variable }) => variable.name.value),
  );
  let isAllowed = true;
  const reject = () => {
    isAllowed = false;
    return BREAK;
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Directive: reject,
      VariableDefinition: (node) => (isCompilableVariable(schema, node) ? undefined : reject()),
      Field: (node) => (hasCompilableName(node) ? undefined : reject()),
      Argument({ value }) {
        const type = typeInfo.getInputType();
        if (value.kind !== Kind.VARIABLE) return isPlainInput(type) ? undefined : reject();
        return isNonNullType(type) && !required.has(value.name.value) ? reject() : undefined;
      },
      ListValue: ({ values }) => (values.some(({ kind }) => kind === Kind.VARIABLE) ? reject() : undefined),
      StringValue: ({ value }) => (value.includes(markerPrefix) ? reject() : undefined),
    }),
  );
  return isAllowed;
}

function hasCompilableName({ name, alias }: FieldNode): boolean {
  if (alias === undefined) return name.value === '__typename' || !name.value.includes('_');
  return !alias.value.includes('_') && !inherited.has(alias.value);
}

function isRequired({ type }: VariableDefinitionNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE;
}

function isCompilableVariable(schema: GraphQLSchema, definition: VariableDefinitionNode): boolean {
  if (inherited.has(definition.variable.name.value)) return false;
  if (isRequired(definition) && definition.defaultValue !== undefined) return false;
  const node: TypeNode = definition.type;
  const type = typeFromAST(schema, node);
  return isInputType(type) && isPlainInput(type);
}

/** Built-in scalars, enums, and lists of these. */
function isPlainInput(type: GraphQLInputType | null | undefined): boolean {
  if (type == null) return false;
  const nullable = isNonNullType(type) ? type.ofType : type;
  const item = isListType(nullable) ? nullable.ofType : nullable;
  if (isListType(isNonNullType(item) ? item.ofType : item)) return false;
  const named = getNamedType(type);
  return isSpecifiedScalarType(named) || isEnumType(named);
}
