/** Variables as cost and guards have to see them before anything is coerced (GraphQL, "Coercing Variable Values"). */
import type { OperationDefinitionNode } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

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
