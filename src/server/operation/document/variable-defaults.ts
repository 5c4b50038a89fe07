/** The variables of a request before coercion (GraphQL, "Coercing Variable Values"), for the cost and the guards. */
import { type GraphQLSchema, isInputType, type OperationDefinitionNode, typeFromAST, valueFromAST } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** The declared variables of a request. Others have no effect, and are not held while the operation runs. */
export function declaredVariables(operation: OperationDefinitionNode, variables: Variables): Variables {
  const definitions = operation.variableDefinitions ?? [];
  let count = 0;
  for (const { variable } of definitions) if (Object.hasOwn(variables, variable.name.value)) count += 1;
  if (Object.keys(variables).length === count) return variables;
  const names = definitions.map(({ variable }) => variable.name.value);
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  );
}

/**
 * Returns a function that adds the default of each omitted variable. Defaults are coerced to their types, so that an id of 23
 * digits is not rounded. If the operation has defaults, the function also drops variables that it does not declare.
 */
export function applyVariableDefaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): (variables: Variables) => Variables {
  const definitions = operation.variableDefinitions ?? [];
  // A variable named like a property of every object, such as `constructor`, needs a lookup of own properties.
  const needsNothing = definitions.every(
    ({ variable, defaultValue }) => defaultValue === undefined && !(variable.name.value in Object.prototype),
  );
  if (needsNothing) return (variables) => variables;

  const defaults: Variables = Object.fromEntries(
    definitions.flatMap(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(schema, node);
      const value = isInputType(type) && defaultValue !== undefined ? valueFromAST(defaultValue, type) : undefined;
      return value === undefined ? [] : [[variable.name.value, value]];
    }),
  );
  return (variables) => {
    const complete: Record<string, unknown> = Object.create(null);
    for (const { variable } of definitions) {
      const name = variable.name.value;
      const from = Object.hasOwn(variables, name) ? variables : defaults;
      if (Object.hasOwn(from, name)) complete[name] = from[name];
    }
    return complete;
  };
}
