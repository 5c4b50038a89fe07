/**
 * Processes an operation: admits, runs and formats it. Transports only decode bytes into an `OperationRequest`
 * and encode an `Outcome`, so guards and error masking are the same for every transport.
 */

import { createSourceEventStream, type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import { badUserInput, errorCodes } from '../../errors.ts';
import { isAckSource } from '../../events/ack-source.ts';
import type { Freshness } from '../../loaders/entity-cache.ts';
import { WriteLog } from '../../upstream/transport/write-log.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { formatVariableErrors, gatewayErrorIn, mask, maskUnexpected } from '../masking.ts';
import { estimateJsonBytes, type MemoryBudget, uncountedBytes } from '../memory-budget.ts';
import { shortKey } from '../short-key.ts';
import { type SubscriptionResult, SubscriptionResults } from '../subscription/results.ts';
import { SubscriberGroups } from '../subscription/shared-results.ts';
import { type Admit, type AdmitOptions, type Admitted, createAdmit } from './admit.ts';
import { withDeadline } from './deadline.ts';
import type { Prepared } from './prepare.ts';
import { QueryDeduplicator } from './query-deduplication.ts';
import { createRateLimit } from './rate-limit.ts';
import { dataResponse, errorResponse, type OperationRequest, type OperationResponse } from './response.ts';
import type { Variables } from './variable-defaults.ts';

/** A response, or a stream of results for a subscription. */
export type Outcome = OperationResponse | { readonly kind: 'stream'; readonly results: SubscriptionResults };

export interface Pipeline {
  readonly admit: Admit;
  /** Runs an admitted operation. The promise is never rejected: errors are part of the response. */
  run(admitted: Admitted, caller: Caller): Promise<Outcome>;
  /** `admit`, then `run`. */
  handle(request: OperationRequest, caller: Caller, rawBody?: string): Promise<Outcome>;
}

export interface PipelineOptions extends AdmitOptions {
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  /** Maximum number of operations per credential and minute; 0 for no limit. */
  readonly rateLimit: number;
  /** Time after its start in which identical queries of the same credential join a query, in milliseconds; 0: never. */
  readonly sharedQueryMs: number;
  /** Counts the memory held by the variables of running operations. */
  readonly memory: MemoryBudget;
}

/** Maximum size of a subscription's variables, in characters of JSON: they are held for its lifetime and coerced for each event. */
const maxSubscriptionVariables = 16_384;

/** An execution that several clients may share. */
interface Executed {
  readonly result: ExecutionResult;
  /** Undefined if there are errors: these are formatted for each client, with its own request id. */
  readonly response: OperationResponse | undefined;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, services, memory } = options;
  const { log } = services;
  const { standing } = services.upstream;
  const groups = new SubscriberGroups<SubscriptionResult>();
  const deduplicator = new QueryDeduplicator<Executed>(options.sharedQueryMs);
  const admit = createAdmit(options, standing);
  const enforceRateLimit = createRateLimit(options.rateLimit);

  // Plain functions that return promises: an async function would create one more promise for every query.
  function run(admitted: Admitted, sent: Caller): Promise<Outcome> {
    const caller = { ...sent, deadlineAt: deadlineOf(sent) };
    const permitted = enforceRateLimit?.(caller.credential);
    const outcome =
      permitted === undefined ? startCounted(admitted, caller) : permitted.then(() => startCounted(admitted, caller));
    const { account } = admitted;
    if (account !== undefined) {
      const refund = () => {
        if (caller.credential !== undefined && standing.isAccepted(caller.credential)) account.refund();
      };
      outcome.then(refund, refund);
    }
    return outcome.catch((error: unknown) =>
      errorResponse(
        [maskUnexpected(error, caller.requestId, log)],
        errorCodes[gatewayErrorIn(error)?.code ?? 'INTERNAL'].httpStatus,
      ),
    );
  }

  /** Counts large variables while the operation runs. A subscription's variables are limited by `maxSubscriptionVariables`. */
  function startCounted(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const weight = estimateJsonBytes(admitted.variables);
    if (weight <= uncountedBytes) return start(admitted, caller);
    const { credential } = caller;
    const reservation = memory.reserve(() => standing.acceptedPrincipal(credential));
    try {
      reservation.resize(weight);
    } catch (error) {
      return Promise.reject(error);
    }
    return start(admitted, caller).finally(() => reservation.release());
  }

  function deadlineOf({ deadlineAt }: Caller): number {
    return deadlineAt ?? performance.now() + services.operationTimeoutMs;
  }

  function start(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const { prepared, variables } = admitted;
    const kind = prepared.operation.operation;
    if (kind === 'query') return runQuery(admitted, caller);
    if (kind === 'mutation') return mutate(prepared, variables, caller);
    return subscribe(prepared, new GatewayContext(services, caller), variables);
  }

  function execute(prepared: Prepared, variables: Variables, caller: Caller, freshness?: Freshness): Promise<Executed> {
    try {
      const context = new GatewayContext(services, caller, freshness);
      const result = prepared.execute(undefined, context, variables);
      if (!(result instanceof Promise)) return Promise.resolve(toExecuted(result));
      return withDeadline(result.then(toExecuted), deadlineOf(caller));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  function runQuery({ prepared, variables, bodyHash }: Admitted, caller: Caller): Promise<OperationResponse> {
    const dedupeKey = bodyHash ?? shortKey(`${prepared.id}\n${JSON.stringify(variables)}`);
    return deduplicator
      .run(caller, dedupeKey, (freshness) => execute(prepared, variables, caller, freshness))
      .then((done) => done.response ?? toResponse(done.result, prepared, variables, caller));
  }

  async function mutate(prepared: Prepared, variables: Variables, caller: Caller): Promise<OperationResponse> {
    const invalidate = () => {
      if (caller.credential === undefined) return;
      deduplicator.invalidate(caller.credential.key);
      services.entityCache.invalidate(caller.credential.key);
    };
    invalidate();
    try {
      const writer = { ...caller, writes: new WriteLog() };
      const done = await execute(prepared, variables, writer);
      return done.response ?? toResponse(done.result, prepared, variables, writer);
    } finally {
      // A query that started during the mutation may have read the old state.
      invalidate();
    }
  }

  async function subscribe(prepared: Prepared, context: GatewayContext, variables: Variables): Promise<Outcome> {
    const { document, operation } = prepared;
    const serializedVariables = JSON.stringify(variables);
    if (serializedVariables.length > maxSubscriptionVariables) {
      throw badUserInput('variables', `at most ${maxSubscriptionVariables} characters for a subscription`);
    }
    const opening = createSourceEventStream({
      schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: operation.name?.value,
    });
    const source = await withDeadline(opening, deadlineOf(context.caller)).catch((error: unknown) => {
      void opening.then((late) => isAckSource(late) && late.cancel());
      throw error;
    });
    if (!isAckSource(source)) {
      if (Symbol.asyncIterator in source) throw new TypeError('The source of a subscription is not an AckSource.');
      return toResponse(source, prepared, variables, context.caller);
    }
    const key = context.caller.credential?.key ?? '';
    return {
      kind: 'stream',
      results: new SubscriptionResults({
        source,
        context,
        execute: (event, eventContext) => {
          deduplicator.invalidate(key);
          const result = prepared.execute(event, eventContext, variables);
          return result instanceof Promise ? withDeadline(result, deadlineOf(eventContext.caller)) : result;
        },
        groups,
        groupKey: `${key}\n${prepared.id}\n${shortKey(serializedVariables)}`,
      }),
    };
  }

  function toResponse(
    { data, errors }: ExecutionResult,
    { operation }: Prepared,
    variables: Variables,
    { requestId, writes }: Caller,
  ): OperationResponse {
    if (errors === undefined) return dataResponse({ data: data ?? null });
    if (data !== undefined)
      return dataResponse({ errors: errors.map((error) => mask(error, requestId, log, writes)), data });
    // `data` is absent for request errors only, such as invalid variables: nothing was executed.
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    return coerced.errors === undefined
      ? errorResponse(
          errors.map((error) => mask(error, requestId, log, writes)),
          400,
        )
      : errorResponse(formatVariableErrors(coerced.errors, requestId), 400);
  }

  return {
    admit,
    run,
    handle(request, caller, rawBody) {
      const admitted = admit(request, caller, rawBody);
      return admitted.kind === 'admitted' ? run(admitted, caller) : Promise.resolve(admitted);
    },
  };
}

function toExecuted(result: ExecutionResult): Executed {
  return { result, response: result.errors === undefined ? dataResponse({ data: result.data ?? null }) : undefined };
}
