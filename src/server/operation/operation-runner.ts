/** Runs an admitted operation by its kind: a query may share an execution, a mutation invalidates caches. */
import type { GraphQLSchema } from 'graphql';
import type { Cluster } from '../../cluster/cluster.ts';
import { GatewayContext, type GatewayServices } from '../../context.ts';
import { errorCodes } from '../../errors.ts';
import { WriteLog } from '../../upstream/transport/write-log.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { shortKey } from '../../util/hash.ts';
import { gatewayErrorIn, maskUnexpected } from '../masking.ts';
import type { Admitted } from './admit.ts';
import { type Executed, Execution } from './execution.ts';
import { QueryDeduplicator } from './query-deduplication.ts';
import { errorResponse, type OperationResponse } from './response.ts';
import { createSubscribe, type ResultSource, type Subscribe } from './subscribe.ts';

/** A response, or a stream of results for a subscription. */
export type Outcome = OperationResponse | ResultSource;

export interface OperationRunnerOptions {
  readonly schema: GraphQLSchema;
  readonly services: GatewayServices;
  /** Time after its start in which identical queries of the same credential join a query, in milliseconds; 0: never. */
  readonly sharedQueryMs: number;
  /** Changes that other replicas announce; undefined without Redis. */
  readonly changes: Cluster['changes'] | undefined;
}

export class OperationRunner {
  readonly #services: GatewayServices;
  readonly #changes: Cluster['changes'] | undefined;
  readonly #deduplicator: QueryDeduplicator<Executed>;
  readonly #execution: Execution;
  readonly #subscribe: Subscribe;

  constructor({ schema, services, sharedQueryMs, changes }: OperationRunnerOptions) {
    this.#services = services;
    this.#changes = changes;
    const deduplicator = new QueryDeduplicator<Executed>(sharedQueryMs);
    this.#deduplicator = deduplicator;
    this.#execution = new Execution(services);
    const onEvent = (credentialKey: string) => deduplicator.invalidate(credentialKey);
    this.#subscribe = createSubscribe({ schema, execution: this.#execution, onEvent });
    changes?.listen({
      onChange: (credentialKey) => this.#invalidate(credentialKey),
      onMissed: () => {
        deduplicator.invalidateAll();
        services.entityCache.invalidateAll();
      },
    });
  }

  /** Time by which an operation that starts now must end, on the clock of `performance`. */
  deadlineOf(caller: Caller): ReturnType<Execution['deadlineOf']> {
    return this.#execution.deadlineOf(caller);
  }

  // Plain functions that return promises: an async function would create one more promise for every query.
  /** @returns Never rejected: errors are part of the response. */
  run(admitted: Admitted, caller: Caller): Promise<Outcome> {
    const { prepared, variables } = admitted;
    if (caller.credential !== undefined) this.#changes?.observe(caller.credential);
    const kind = prepared.operation.operation;
    if (kind === 'query') return this.#query(admitted, caller);
    const outcome: Promise<Outcome> =
      kind === 'mutation'
        ? this.#mutate(admitted, caller)
        : this.#subscribe(prepared, new GatewayContext(this.#services, caller), variables);
    return outcome.catch((error: unknown) => this.toFailure(error, caller));
  }

  /** The response to an operation that failed as a whole. */
  toFailure(error: unknown, { requestId }: Caller): OperationResponse {
    return errorResponse(
      [maskUnexpected(error, requestId, this.#services.log)],
      errorCodes[gatewayErrorIn(error)?.code ?? 'INTERNAL'].httpStatus,
    );
  }

  #query(admitted: Admitted, caller: Caller): Promise<OperationResponse> {
    const { prepared, variables, bodyHash } = admitted;
    const execution = this.#execution;
    const dedupeKey = bodyHash ?? shortKey(`${prepared.id}\n${JSON.stringify(variables)}`);
    // One promise for both outcomes: a `catch` after `then` would be one more for every query.
    return this.#deduplicator
      .run(caller, dedupeKey, (freshness) => execution.run(admitted, caller, freshness))
      .then(
        (done) => {
          if (done.response !== undefined) return done.response;
          try {
            return execution.toResponse(done.result, prepared, variables, caller);
          } catch (error) {
            return this.toFailure(error, caller);
          }
        },
        (error: unknown) => this.toFailure(error, caller),
      );
  }

  async #mutate(admitted: Admitted, caller: Caller): Promise<OperationResponse> {
    const { prepared, variables } = admitted;
    const { credential } = caller;
    if (credential !== undefined) this.#invalidate(credential.key);
    try {
      const writer = { ...caller, writes: new WriteLog() };
      const done = await this.#execution.run(admitted, writer);
      return done.response ?? this.#execution.toResponse(done.result, prepared, variables, writer);
    } finally {
      // A query that started during the mutation may have read the old state.
      if (credential !== undefined) {
        this.#invalidate(credential.key);
        await this.#changes?.announce(credential);
      }
    }
  }

  #invalidate(credentialKey: string): void {
    this.#deduplicator.invalidate(credentialKey);
    this.#services.entityCache.invalidate(credentialKey);
  }
}
