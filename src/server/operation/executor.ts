/** Runs prepared operations: compiled if the compiler gives the same result as graphql-js, otherwise by graphql-js. */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GatewayContext } from '../../context.ts';
import { isCompilable } from './document/compilable.ts';

/**
 * Runs a query or a mutation, or computes the result of a subscription for one event. A result without `data` means that
 * nothing was executed, because the variables are invalid.
 * @param root The event, for a subscription; undefined otherwise.
 * @param variables Not coerced yet.
 */
export type Execute = (
  root: unknown,
  context: GatewayContext,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

/** @param document Valid for the schema. */
export function createExecute(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Execute {
  const interpret: Execute = (rootValue, contextValue, variableValues) =>
    execute({ schema, document, rootValue, contextValue, variableValues, operationName: operation.name?.value });
  if (!isCompilable(schema, document, operation)) return interpret;

  const compiled = compileQuery(schema, document, operation.name?.value, {
    // Stack traces of field errors are never reported, and are expensive if a long list fails.
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return interpret;
  return (root, context, variables) => {
    const result = compiled.query(root, context, variables);
    // The compiler's messages for invalid variables differ: graphql-js repeats the check and reports them.
    if (!(result instanceof Promise) && result.data === undefined) return interpret(root, context, variables);
    return result;
  };
}
