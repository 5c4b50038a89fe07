import { type GraphQLSchema, isInputType, type OperationDefinitionNode, typeFromAST, valueFromAST } from 'graphql';
import type { Variables } from './variable-defaults.ts';

/**
 * The variables a client sent, with the default of each that has one and was left out. Defaults are coerced to their types: an
 * id of 23 digits stays what it is. What the operation does not declare is dropped where there are defaults at all.
 */
export function applyVariableDefaults(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): (sent: Variables) => Variables {
  const definitions = operation.variableDefinitions ?? [];
  // A name such as `constructor` would be found in every object, sent or not.
  const isPlain = definitions.every(
    ({ variable, defaultValue }) => defaultValue === undefined && !(variable.name.value in Object.prototype),
  );
  if (isPlain) return (sent) => sent;

  const defaults: Variables = Object.fromEntries(
    definitions.flatMap(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(schema, node);
      const value = isInputType(type) && defaultValue !== undefined ? valueFromAST(defaultValue, type) : undefined;
      return value === undefined ? [] : [[variable.name.value, value]];
    }),
  );
  return (sent) => {
    const complete: Record<string, unknown> = Object.create(null);
    for (const { variable } of definitions) {
      const name = variable.name.value;
      const from = Object.hasOwn(sent, name) ? sent : defaults;
      if (Object.hasOwn(from, name)) complete[name] = from[name];
    }
    return complete;
  };
}
