/** Runs prepared operations: compiled where the compiler is proven to answer what graphql-js answers, else by graphql-js. */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GatewayContext } from '../../context.ts';
import { isProven } from './compilable.ts';

/**
 * Runs a query or a mutation, or makes an event the result of a subscription. No data at all means that nothing ran, because
 * the variables do not fit.
 * @param root The event, for a subscription.
 * @param variables As the client sent them.
 */
export type Execute = (
  root: unknown,
  context: GatewayContext,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

/** @param document Valid in the schema. */
export function createExecute(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Execute {
  const interpret: Execute = (rootValue, contextValue, variableValues) =>
    execute({ schema, document, rootValue, contextValue, variableValues, operationName: operation.name?.value });
  if (!isProven(schema, document, operation)) return interpret;

  const compiled = compileQuery(schema, document, operation.name?.value, {
    // Stacks of field errors are never shown, and are costly where a long list fails.
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return interpret;
  return (root, context, variables) => {
    const result = compiled.query(root, context, variables);
    // Variables are refused in the compiler's words; graphql-js has the last one.
    if (!(result instanceof Promise) && result.data === undefined) return interpret(root, context, variables);
    return result;
  };
}
