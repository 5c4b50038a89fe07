/** Executes prepared queries and mutations by their deadline, and formats their results. */

import { type ExecutionResult, GraphQLError } from 'graphql';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import { GatewayError } from '../../errors.ts';
import type { Freshness } from '../../loaders/credential-cache.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { formatVariableErrors, mask } from '../masking.ts';
import type { Admitted } from './admit.ts';
import type { Variables } from './document/variable-defaults.ts';
import { convertedWithDeadline } from './limits/deadline.ts';
import type { Prepared } from './prepare.ts';
import { dataResponse, errorResponse, type OperationResponse } from './response.ts';

/** An execution that several clients may share. */
export interface Executed {
  readonly result: ExecutionResult;
  /** Undefined if there are errors: these are formatted for each client, with its own request id. */
  readonly response: OperationResponse | undefined;
}

export class Execution {
  readonly #services: GatewayServices;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  /** The caller's deadline, or the default one counted from now. */
  deadlineOf({ deadlineAt }: Caller): number {
    return deadlineAt ?? performance.now() + this.#services.operationTimeoutMs;
  }

  /**
   * Executes a query or mutation. Not an async function: that would create one more promise for every query.
   * @param freshness Undefined bypasses the entity cache.
   * @throws Only an unexpected error; field errors and a missed deadline are in the result.
   */
  run({ prepared, variables, account }: Admitted, caller: Caller, freshness?: Freshness): Promise<Executed> {
    try {
      const context = new GatewayContext(this.#services, caller, freshness);
      const begin = () => prepared.execute(undefined, context, variables);
      // The first execution compiles, which takes longer than parsing: a caller with an unproven credential is charged for it.
      const result = account === undefined || prepared.isCompiledFor(variables) ? begin() : account.track(begin);
      if (!(result instanceof Promise)) return Promise.resolve(toExecuted(result));
      return convertedWithDeadline(result, this.deadlineOf(caller), () => this.lateResult(caller), toExecuted);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The error of an operation that did not end. It is logged as an error: calls end by the deadline, so something else hangs. */
  overdue({ requestId }: Caller): GatewayError {
    const error = new GatewayError('UPSTREAM_TIMEOUT', { message: 'The operation did not end within its deadline.' });
    this.#services.log.error('operation did not end by its deadline', { requestId, code: error.code });
    return error;
  }

  /** Execution has begun, so `data` is null instead of absent (GraphQL §7.1.1). The error has no path: any field may hang. */
  lateResult(caller: Caller): ExecutionResult {
    const originalError = this.overdue(caller);
    return { data: null, errors: [new GraphQLError(originalError.message, { originalError })] };
  }

  /** The response of an execution for one client. */
  toResponse(
    { data, errors }: ExecutionResult,
    prepared: Prepared,
    variables: Variables,
    { requestId, writes }: Caller,
  ): OperationResponse {
    if (errors === undefined) return dataResponse({ data: data ?? null });
    const masked = () => errors.map((error) => mask(error, requestId, this.#services.log, writes));
    if (data !== undefined) return dataResponse({ errors: masked(), data });
    // `data` is absent for request errors only, such as invalid variables: nothing was executed.
    const wrong = prepared.variableErrors(variables);
    return errorResponse(wrong.length === 0 ? masked() : formatVariableErrors(wrong, requestId), 400);
  }
}

function toExecuted(result: ExecutionResult): Executed {
  return { result, response: result.errors === undefined ? dataResponse({ data: result.data ?? null }) : undefined };
}
