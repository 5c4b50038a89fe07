/**
 * Processes an operation: admits, runs and formats it. Transports only decode bytes into an `OperationRequest`
 * and encode an `Outcome`, so guards and error masking are the same for every transport.
 */

import type { GraphQLSchema } from 'graphql';
import type { Cluster } from '../../cluster/cluster.ts';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import { errorCodes, GatewayError } from '../../errors.ts';
import { WriteLog } from '../../upstream/transport/write-log.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { shortKey } from '../../util/hash.ts';
import { gatewayErrorIn, maskUnexpected } from '../masking.ts';
import { estimateJsonBytes, type MemoryBudget, uncountedBytes } from '../memory-budget.ts';
import { type Admit, type AdmitOptions, type Admitted, createAdmit } from './admit.ts';
import { type Executed, Execution } from './execution.ts';
import { LoopTurns, type TurnWork } from './limits/loop-turns.ts';
import { createRateLimit } from './limits/rate-limit.ts';
import { QueryDeduplicator } from './query-deduplication.ts';
import { errorResponse, type OperationRequest, type OperationResponse, rejectRequest } from './response.ts';
import { createSubscribe, type ResultSource } from './subscribe.ts';

/** A response, or a stream of results for a subscription. */
export type Outcome = OperationResponse | ResultSource;

export interface Pipeline {
  readonly admit: Admit;
  /**
   * Calls `begin`, which admits an operation of `caller`: at once when the upstream has accepted the credential, otherwise in a turn of
   * the event loop with time left. Rejects with GatewayError `RATE_LIMITED` when too many wait for one.
   * @param request What the operation holds until then.
   * @param onLeft Called in place of `begin` when the client leaves before.
   */
  inTurn<Result>(
    caller: Caller,
    request: unknown,
    begin: TurnWork<Result>['begin'],
    onLeft: TurnWork<Result>['onLeft'],
  ): Result | Promise<Awaited<Result>>;
  /** Runs an admitted operation. The promise is never rejected: errors are part of the response. */
  run(admitted: Admitted, caller: Caller): Promise<Outcome>;
}

/** Admits an operation in its turn and runs it. */
export function handleOperation(
  pipeline: Pipeline,
  request: OperationRequest,
  caller: Caller,
  rawBody?: string,
): Promise<Outcome> {
  const begin = (): Promise<Outcome> => {
    const admitted = pipeline.admit(request, caller, rawBody);
    return admitted.kind === 'admitted' ? pipeline.run(admitted, caller) : Promise.resolve(admitted);
  };
  const onLeft = () => rejectRequest(new GatewayError('INTERNAL'), caller.requestId);
  return pipeline.inTurn(caller, request, begin, onLeft);
}

export interface PipelineOptions extends AdmitOptions {
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  /** Maximum number of operations per credential and minute; 0 for no limit. */
  readonly rateLimit: number;
  /** Maximum operations of credentials that the upstream has not accepted which wait for their turn of the event loop. */
  readonly unprovenQueue: number;
  /** Time after its start in which identical queries of the same credential join a query, in milliseconds; 0: never. */
  readonly sharedQueryMs: number;
  /** Counts the memory held by the variables of running operations. */
  readonly memory: MemoryBudget;
  /** What replicas share; undefined without Redis. */
  readonly cluster: Pick<Cluster, 'changes' | 'consumeOperation'> | undefined;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, services, memory } = options;
  const changes = options.cluster?.changes;
  const { log } = services;
  const { standing } = services.upstream;
  const deduplicator = new QueryDeduplicator<Executed>(options.sharedQueryMs);
  const execution = new Execution(schema, services);
  const subscribe = createSubscribe({ schema, execution, onEvent: (key) => deduplicator.invalidate(key) });
  const admit = createAdmit(options, standing);
  const turns = new LoopTurns(memory, options.unprovenQueue);
  const enforceRateLimit = createRateLimit(options.rateLimit, options.cluster?.consumeOperation);

  function invalidate(credentialKey: string): void {
    deduplicator.invalidate(credentialKey);
    services.entityCache.invalidate(credentialKey);
  }

  changes?.listen({
    onChange: invalidate,
    onMissed() {
      deduplicator.invalidateAll();
      services.entityCache.invalidateAll();
    },
  });

  // Plain functions that return promises: an async function would create one more promise for every query.
  function run(admitted: Admitted, sent: Caller): Promise<Outcome> {
    const caller = { ...sent, deadlineAt: execution.deadlineOf(sent) };
    const permitted = enforceRateLimit?.(caller.credential);
    const outcome =
      permitted === undefined
        ? startCounted(admitted, caller)
        : permitted.then(() => startCounted(admitted, caller)).catch((error: unknown) => toFailure(error, caller));
    const { account } = admitted;
    if (account !== undefined) {
      const refund = () => {
        if (caller.credential !== undefined && standing.isAccepted(caller.credential)) account.refund();
      };
      outcome.then(refund, refund);
    }
    return outcome;
  }

  /** The response to an operation that failed as a whole. */
  function toFailure(error: unknown, { requestId }: Caller): OperationResponse {
    return errorResponse(
      [maskUnexpected(error, requestId, log)],
      errorCodes[gatewayErrorIn(error)?.code ?? 'INTERNAL'].httpStatus,
    );
  }

  /** Counts large variables while the operation runs. A subscription limits its variables itself. */
  function startCounted(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const weight = estimateJsonBytes(admitted.variables);
    if (weight <= uncountedBytes) return start(admitted, caller);
    const { credential } = caller;
    const reservation = memory.reserve(() => standing.acceptedPrincipal(credential));
    try {
      reservation.resize(weight);
    } catch (error) {
      return Promise.resolve(toFailure(error, caller));
    }
    return start(admitted, caller).finally(() => reservation.release());
  }

  function start(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const { prepared, variables } = admitted;
    if (caller.credential !== undefined) changes?.observe(caller.credential);
    const kind = prepared.operation.operation;
    if (kind === 'query') return runQuery(admitted, caller);
    const outcome: Promise<Outcome> =
      kind === 'mutation'
        ? mutate(admitted, caller)
        : subscribe(prepared, new GatewayContext(services, caller), variables);
    return outcome.catch((error: unknown) => toFailure(error, caller));
  }

  function runQuery(admitted: Admitted, caller: Caller): Promise<OperationResponse> {
    const { prepared, variables, bodyHash } = admitted;
    const dedupeKey = bodyHash ?? shortKey(`${prepared.id}\n${JSON.stringify(variables)}`);
    // One promise for both outcomes: a `catch` behind `then` would be one more for every query.
    return deduplicator
      .run(caller, dedupeKey, (freshness) => execution.run(admitted, caller, freshness))
      .then(
        (done) => {
          if (done.response !== undefined) return done.response;
          try {
            return execution.toResponse(done.result, prepared, variables, caller);
          } catch (error) {
            return toFailure(error, caller);
          }
        },
        (error: unknown) => toFailure(error, caller),
      );
  }

  async function mutate(admitted: Admitted, caller: Caller): Promise<OperationResponse> {
    const { prepared, variables } = admitted;
    const { credential } = caller;
    if (credential !== undefined) invalidate(credential.key);
    try {
      const writer = { ...caller, writes: new WriteLog() };
      const done = await execution.run(admitted, writer);
      return done.response ?? execution.toResponse(done.result, prepared, variables, writer);
    } finally {
      // A query that started during the mutation may have read the old state.
      if (credential !== undefined) {
        invalidate(credential.key);
        await changes?.announce(credential);
      }
    }
  }

  return {
    admit,
    run,
    inTurn(caller, request, begin, onLeft) {
      if (caller.credential !== undefined && standing.isAccepted(caller.credential)) return begin();
      return turns.run(estimateJsonBytes(request), { client: caller.cancellation, begin, onLeft });
    },
  };
}
