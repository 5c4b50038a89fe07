/**
 * Processes an operation: admits, runs and formats it. Transports only decode bytes into an `OperationRequest`
 * and encode an `Outcome`, so guards and error masking are the same for every transport.
 */

import type { GraphQLSchema } from 'graphql';
import type { Cluster } from '../../cluster/cluster.ts';
import type { GatewayServices } from '../../context.ts';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { estimateJsonBytes, type MemoryBudget, uncountedBytes } from '../memory-budget.ts';
import { type Admit, type AdmitOptions, type Admitted, createAdmit } from './admit.ts';
import { LoopTurns, type TurnWork } from './limits/loop-turns.ts';
import { createRateLimit } from './limits/rate-limit.ts';
import { OperationRunner, type Outcome } from './operation-runner.ts';
import { type OperationRequest, rejectRequest } from './response.ts';

export interface Pipeline {
  readonly admit: Admit;
  /**
   * Calls `begin`, which admits an operation of `caller`: at once when the upstream has accepted the credential, otherwise in a
   * turn of the event loop with time left. Rejects with GatewayError `RATE_LIMITED` when too many wait for one.
   * @param request Request that the waiting operation holds.
   * @param onDisconnect Called in place of `begin` when the client disconnects before.
   */
  inTurn<Result>(
    caller: Caller,
    request: unknown,
    begin: TurnWork<Result>['begin'],
    onDisconnect: TurnWork<Result>['onDisconnect'],
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
  const onDisconnect = () => rejectRequest(new GatewayError('INTERNAL'), caller.requestId);
  return pipeline.inTurn(caller, request, begin, onDisconnect);
}

export interface PipelineOptions extends AdmitOptions {
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  /** Maximum number of operations per credential, or per address without one, and minute; 0 for no limit. */
  readonly rateLimit: number;
  /** Maximum operations with unaccepted credentials that wait for their turn of the event loop. */
  readonly unprovenQueue: number;
  /** Time after its start in which identical queries of the same credential join a query, in milliseconds; 0: never. */
  readonly sharedQueryMs: number;
  /** Counts the memory held by the variables of running operations. */
  readonly memory: MemoryBudget;
  /** State shared by replicas; undefined without Redis. */
  readonly cluster: Pick<Cluster, 'changes' | 'consumeOperation'> | undefined;
}

/** @returns The one pipeline of a gateway, for all transports. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, services, memory, sharedQueryMs, cluster } = options;
  const { standing } = services.upstream;
  const runner = new OperationRunner({ schema, services, sharedQueryMs, changes: cluster?.changes });
  const turns = new LoopTurns(memory, options.unprovenQueue);
  const enforceRateLimit = createRateLimit(options.rateLimit, standing, cluster?.consumeOperation);

  // Plain functions that return promises: an async function would create one more promise for every query.
  function run(admitted: Admitted, sent: Caller): Promise<Outcome> {
    const caller = { ...sent, deadlineAt: runner.deadlineOf(sent) };
    const permitted = enforceRateLimit?.(countedAs(admitted, caller));
    const outcome =
      permitted === undefined
        ? runCounted(admitted, caller)
        : permitted.then(() => runCounted(admitted, caller)).catch((error: unknown) => runner.toFailure(error, caller));
    const { account } = admitted;
    if (account !== undefined) {
      const refund = () => {
        if (caller.credential !== undefined && standing.isAccepted(caller.credential)) account.refund();
      };
      outcome.then(refund, refund);
    }
    return outcome;
  }

  /**
   * An operation that needs no credential, such as signing in, counts by address unless the credential beside it is accepted: a client could
   * invent one for each password that it tries.
   */
  function countedAs({ prepared, variables }: Admitted, caller: Caller): Pick<Caller, 'credential' | 'address'> {
    const { credential, address } = caller;
    if (credential === undefined || standing.isAccepted(credential)) return caller;
    return prepared.needsCredential(variables) ? caller : { credential: undefined, address };
  }

  /** Counts large variables while the operation runs. A subscription limits its variables itself. */
  function runCounted(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const weight = estimateJsonBytes(admitted.variables);
    if (weight <= uncountedBytes) return runner.run(admitted, caller);
    const { credential, address } = caller;
    const reservation = memory.reserve(() => standing.acceptedPrincipal(credential), address);
    try {
      reservation.resize(weight);
    } catch (error) {
      return Promise.resolve(runner.toFailure(error, caller));
    }
    return runner.run(admitted, caller).finally(() => reservation.release());
  }

  return {
    admit: createAdmit(options, standing),
    run,
    inTurn(caller, request, begin, onDisconnect) {
      if (caller.credential !== undefined && standing.isAccepted(caller.credential)) return begin();
      const { cancellation: client, address = '' } = caller;
      return turns.run(estimateJsonBytes(request), { client, address, begin, onDisconnect });
    },
  };
}
