/** Executes prepared queries and mutations by their deadline, and formats what they return. */

import { type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import type { Freshness } from '../../loaders/entity-cache.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { formatVariableErrors, mask } from '../masking.ts';
import { withDeadline } from './deadline.ts';
import type { Prepared } from './prepare.ts';
import { dataResponse, errorResponse, type OperationResponse } from './response.ts';
import type { Variables } from './variable-defaults.ts';

/** An execution that several clients may share. */
export interface Executed {
  readonly result: ExecutionResult;
  /** Undefined if there are errors: these are formatted for each client, with its own request id. */
  readonly response: OperationResponse | undefined;
}

export class Execution {
  readonly #schema: GraphQLSchema;
  readonly #services: GatewayServices;

  constructor(schema: GraphQLSchema, services: GatewayServices) {
    this.#schema = schema;
    this.#services = services;
  }

  /** The caller's deadline, or the default one counted from now. */
  deadlineOf({ deadlineAt }: Caller): number {
    return deadlineAt ?? performance.now() + this.#services.operationTimeoutMs;
  }

  // Plain functions that return promises: an async function would create one more promise for every query.
  /** Rejects only for an unexpected error or a missed deadline. @param freshness Undefined bypasses the entity cache. */
  run(prepared: Prepared, variables: Variables, caller: Caller, freshness?: Freshness): Promise<Executed> {
    try {
      const context = new GatewayContext(this.#services, caller, freshness);
      const result = prepared.execute(undefined, context, variables);
      if (!(result instanceof Promise)) return Promise.resolve(toExecuted(result));
      return withDeadline(result.then(toExecuted), this.deadlineOf(caller));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The response of an execution for one client. */
  toResponse(
    { data, errors }: ExecutionResult,
    { operation }: Prepared,
    variables: Variables,
    { requestId, writes }: Caller,
  ): OperationResponse {
    if (errors === undefined) return dataResponse({ data: data ?? null });
    const masked = () => errors.map((error) => mask(error, requestId, this.#services.log, writes));
    if (data !== undefined) return dataResponse({ errors: masked(), data });
    // `data` is absent for request errors only, such as invalid variables: nothing was executed.
    const coerced = getVariableValues(this.#schema, operation.variableDefinitions ?? [], variables);
    return errorResponse(
      coerced.errors === undefined ? masked() : formatVariableErrors(coerced.errors, requestId),
      400,
    );
  }
}

function toExecuted(result: ExecutionResult): Executed {
  return { result, response: result.errors === undefined ? dataResponse({ data: result.data ?? null }) : undefined };
}
