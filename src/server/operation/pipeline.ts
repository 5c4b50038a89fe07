/**
 * Processes an operation: prepare, authenticate, run, mask errors. Transports only decode bytes into an `OperationRequest`
 * and encode an `Outcome`; all guards are here, so they are the same for every transport.
 */

import { createSourceEventStream, type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import { badUserInput, errorCodes, GatewayError, noCredential } from '../../errors.ts';
import { isAckSource } from '../../events/ack-source.ts';
import { isNestedTooDeep, maxJsonDepth } from '../../json-depth.ts';
import type { Freshness } from '../../loaders/entity-cache.ts';
import { WriteLog } from '../../upstream/transport/write-log.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { type HeldBytes, uncountedBytes, weightOfJson } from '../held-bytes.ts';
import {
  formatGatewayError,
  formatValidationError,
  formatVariableErrors,
  gatewayErrorIn,
  mask,
  maskUnexpected,
} from '../masking.ts';
import type { PersistedOperations } from '../persisted-operations.ts';
import { shortKey } from '../short-key.ts';
import { type SubscriptionResult, SubscriptionResults } from '../subscription/results.ts';
import { SubscriberGroups } from '../subscription/shared-results.ts';
import { withDeadline } from './deadline.ts';
import { isInvalid, type Prepare, type Prepared } from './prepare.ts';
import { QueryDeduplicator } from './query-deduplication.ts';
import { createRateLimit } from './rate-limit.ts';
import { dataResponse, errorResponse, type OperationRequest, type OperationResponse } from './response.ts';
import { declaredVariables } from './variable-defaults.ts';
import type { WorkAccount, WorkBudget } from './work-budget.ts';

/** A response, or a stream of results for a subscription. */
export type Outcome = OperationResponse | { readonly kind: 'stream'; readonly results: SubscriptionResults };

/** An operation that passed every guard and is ready to run. */
export interface Admitted {
  readonly kind: 'admitted';
  readonly prepared: Prepared;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Hash of the raw body, see `Pipeline.admit`. */
  readonly rawBody: string | undefined;
  /** Account in the budget for unproven credentials; undefined if the credential is proven. */
  readonly account: WorkAccount | undefined;
}

export interface Pipeline {
  /**
   * Prepares a request and checks it against every guard.
   * @param rawBody Raw request body if it was JSON. Equal bodies are equal operations, so the body is the dedupe key and
   *   variables are not serialised again.
   * @throws GatewayError `UNAUTHENTICATED` if the operation needs a credential and the credential is malformed: the
   *   transport counts this as a rejection.
   */
  admit(request: OperationRequest, caller: Caller, rawBody?: string): Admitted | OperationResponse;
  /** Runs an admitted operation. The promise is never rejected: errors are part of the response. */
  run(admitted: Admitted, caller: Caller): Promise<Outcome>;
  /** `admit`, then `run`. */
  handle(request: OperationRequest, caller: Caller, rawBody?: string): Promise<Outcome>;
}

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly persisted: PersistedOperations;
  readonly services: GatewayServices;
  /** Maximum number of upstream calls per operation. */
  readonly maxUpstreamCalls: number;
  /** Maximum number of operations per credential and minute; 0 for no limit. */
  readonly rateLimit: number;
  /** Time after its start in which identical queries of the same credential join a query, in milliseconds; 0: never. */
  readonly sharedQueryMs: number;
  /** Counts the memory held by the variables of running operations. */
  readonly bytes: HeldBytes;
  /** Budget for the operations of credentials that the upstream has not accepted yet; undefined: no bound. */
  readonly unprovenWork: WorkBudget | undefined;
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
  const { schema, prepare, persisted, services, maxUpstreamCalls, bytes, unprovenWork } = options;
  const { log } = services;
  const { standing } = services.upstream;
  const groups = new SubscriberGroups<SubscriptionResult>();
  const deduplicator = new QueryDeduplicator<Executed>(options.sharedQueryMs);
  const enforceRateLimit = createRateLimit(options.rateLimit);

  function admit(sent: OperationRequest, caller: Caller, rawBody?: string): Admitted | OperationResponse {
    try {
      return checkAndPrepare(sent, caller, rawBody);
    } catch (error) {
      // The budget for unproven credentials is exhausted.
      if (!(error instanceof GatewayError) || error.code !== 'RATE_LIMITED') throw error;
      return errorResponse([formatGatewayError(error, caller.requestId)], errorCodes.RATE_LIMITED.httpStatus);
    }
  }

  function checkAndPrepare(sent: OperationRequest, caller: Caller, rawBody?: string): Admitted | OperationResponse {
    const { requestId } = caller;
    const request = persisted(sent);
    if (request instanceof GatewayError) {
      return errorResponse([formatGatewayError(request, requestId)], 400, {
        wellFormed: request.code !== 'BAD_USER_INPUT',
      });
    }
    const malformed = malformedPart(request);
    if (malformed !== undefined)
      return errorResponse([formatGatewayError(malformed, requestId)], 400, { wellFormed: false });
    // `malformedPart` checked the types.
    const { query, operationName, variables } = request as CheckedRequest;
    // Clients without optional strings send an empty name instead of none.
    const name = operationName === '' ? undefined : (operationName ?? undefined);
    const isProven = caller.credential !== undefined && standing.isProven(caller.credential);
    const account = isProven ? undefined : unprovenWork?.account(caller.address);
    const prepared = prepare(query, name, account?.spend);
    if (isInvalid(prepared)) {
      return errorResponse(
        prepared.errors.map((error) => formatValidationError(error, prepared.code, requestId)),
        400,
      );
    }
    if (request.readOnly === true && prepared.operation.operation === 'mutation') {
      const error = new GatewayError('BAD_USER_INPUT', { message: 'Mutations have to be sent with POST.' });
      return errorResponse([formatGatewayError(error, requestId)], 405, {
        wellFormed: false,
        headers: { allow: 'POST' },
      });
    }
    const declared = declaredVariables(prepared.operation, variables ?? {});
    const cost = typeof prepared.cost === 'number' ? prepared.cost : prepared.cost(declared);
    if (cost > maxUpstreamCalls) {
      const message = `The operation may cause ${cost} upstream calls; the limit is ${maxUpstreamCalls}.`;
      return errorResponse(
        [formatGatewayError(new GatewayError('OPERATION_TOO_COMPLEX', { message }), requestId)],
        400,
      );
    }
    if (caller.credential === undefined && prepared.needsCredential(declared)) {
      if (caller.credentialError !== undefined) throw caller.credentialError;
      return errorResponse([formatGatewayError(noCredential(), requestId)], 401);
    }
    const { credential } = caller;
    if (credential !== undefined && standing.isRefused(credential) && prepared.needsCredential(declared)) {
      return errorResponse([formatGatewayError(new GatewayError('UNAUTHENTICATED'), requestId)], 401);
    }
    account?.charge(cost);
    const key = rawBody === undefined ? undefined : shortKey(rawBody);
    return { kind: 'admitted', prepared, variables: declared, rawBody: key, account };
  }

  // Plain functions that return promises: an async function would create one more promise for every query.
  function run(admitted: Admitted, sent: Caller): Promise<Outcome> {
    const caller = { ...sent, deadlineAt: deadlineOf(sent) };
    const permitted = enforceRateLimit?.(caller.credential);
    const outcome =
      permitted === undefined ? startCounted(admitted, caller) : permitted.then(() => startCounted(admitted, caller));
    const { account } = admitted;
    if (account !== undefined) {
      const refund = () => {
        if (caller.credential !== undefined && standing.isProven(caller.credential)) account.refund();
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
    const weight = weightOfJson(admitted.variables);
    if (weight <= uncountedBytes) return start(admitted, caller);
    const { credential } = caller;
    const hold = bytes.hold(() => standing.provenHolder(credential));
    try {
      hold.resize(weight);
    } catch (error) {
      return Promise.reject(error);
    }
    return start(admitted, caller).finally(() => hold.release());
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

  function execute(
    prepared: Prepared,
    variables: Readonly<Record<string, unknown>>,
    caller: Caller,
    freshness?: Freshness,
  ): Promise<Executed> {
    try {
      const context = new GatewayContext(services, caller, freshness);
      const result = prepared.execute(undefined, context, variables);
      if (!(result instanceof Promise)) return Promise.resolve(toExecuted(result));
      return withDeadline(result.then(toExecuted), deadlineOf(caller));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  function runQuery({ prepared, variables, rawBody }: Admitted, caller: Caller): Promise<OperationResponse> {
    const dedupeKey = rawBody ?? shortKey(`${prepared.id}\n${JSON.stringify(variables)}`);
    return deduplicator
      .run(caller, dedupeKey, (freshness) => execute(prepared, variables, caller, freshness))
      .then((done) => done.response ?? toResponse(done.result, prepared, variables, caller));
  }

  async function mutate(
    prepared: Prepared,
    variables: Readonly<Record<string, unknown>>,
    caller: Caller,
  ): Promise<OperationResponse> {
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

  async function subscribe(
    prepared: Prepared,
    context: GatewayContext,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<Outcome> {
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
    variables: Readonly<Record<string, unknown>>,
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

interface CheckedRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** The error that names the part of the request with the wrong type (GraphQL over HTTP, "Request Parameters"). */
function malformedPart({ query, operationName, variables, extensions }: OperationRequest): GatewayError | undefined {
  if (typeof query !== 'string' || query === '') return badUserInput('query', 'the text of a GraphQL document');
  if (operationName != null && typeof operationName !== 'string') return badUserInput('operationName', 'a string');
  if (!isMapOrAbsent(variables)) return badUserInput('variables', 'a JSON object');
  if (isNestedTooDeep(variables)) return badUserInput('variables', `at most ${maxJsonDepth} levels`);
  if (!isMapOrAbsent(extensions)) return badUserInput('extensions', 'a JSON object');
  return undefined;
}

function isMapOrAbsent(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

function toExecuted(result: ExecutionResult): Executed {
  return { result, response: result.errors === undefined ? dataResponse({ data: result.data ?? null }) : undefined };
}
