/** Defaults of required variables, which the compiler of operations does not know (GraphQL, "Coercing Variable Values"). */
import { Kind, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';

/** The variables the operation declares: what else was sent means nothing to it, and is not kept while it runs. */
export function declaredVariables(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = (operation.variableDefinitions ?? [])
    .map(({ variable }) => variable.name.value)
    .filter((name) => Object.hasOwn(variables, name));
  if (Object.keys(variables).length === names.length) return variables;
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}

/**
 * The variables, with the default of each that is required, has one, and was left out. The compiler refuses those as
 * missing; it applies the defaults of variables that may be null itself.
 */
export function withDefaults(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  let missing: [string, unknown][] | undefined;
  for (const { type, variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue === undefined || Object.hasOwn(variables, name)) continue;
    missing ??= [];
    missing.push([name, valueFromASTUntyped(defaultValue)]);
  }
  return missing === undefined ? variables : { ...variables, ...Object.fromEntries(missing) };
}
