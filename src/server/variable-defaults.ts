/** Defaults of required variables, which the compiler of operations does not know (GraphQL, "Coercing Variable Values"). */
import { Kind, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';

/**
 * The variables, with the default of each that is required, has one, and was left out. The compiler refuses those as
 * missing; it applies the defaults of variables that may be null itself.
 */
export function withDefaults(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const missing = (operation.variableDefinitions ?? []).flatMap(({ type, variable, defaultValue }) => {
    const name = variable.name.value;
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue === undefined || Object.hasOwn(variables, name)) return [];
    return [[name, valueFromASTUntyped(defaultValue)] as const];
  });
  return missing.length === 0 ? variables : { ...variables, ...Object.fromEntries(missing) };
}
