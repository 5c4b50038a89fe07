/**
 * Identical queries of one credential that are under way at the same time share one execution: a wall of dashboards costs
 * the upstream as much as one of them. Nothing is kept: what is shared is gone with the execution.
 *
 * Promises: nothing is shared across credentials; every client passes all guards on its own; a client that leaves takes
 * nobody with it; a query begun before a change the credential made, or before an event it was told, is not joined after
 * it; changes of others are missed for at most `windowMs`, counted from the oldest that went into the answer.
 */

import type { Freshness } from '../../loaders/entity-cache.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';

/**
 * Emptied when it ends: a Map's table is made anew after some dozens of entries, and V8 keeps what stood in the old one
 * alive until the next full collection. Whole results would pile up by it.
 */
interface InFlightQuery<Result> extends Freshness {
  /** The client that began it: when it leaves, the execution ends for it alone and the others ask anew. */
  cancellation: CancellationSource | undefined;
  /** Undefined once it has ended. */
  result: Promise<Result> | undefined;
  /** Of its credential, when it began. */
  readonly generation: number;
}

/** What is known of a credential as long as it has queries under way. */
interface CredentialState {
  running: number;
  generation: number;
}

export class QueryDeduplicator<Result> {
  readonly #windowMs: number;
  readonly #credentials = new Map<string, CredentialState>();
  /** By credential and question: as many as there are different queries under way. */
  readonly #inFlight = new Map<string, InFlightQuery<Result>>();

  /** @param windowMs How long after its start an execution may be joined; 0 shares nothing. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * The result of `execute`, or of an identical query that is under way.
   * @param operationKey Names the operation with its variables; the same for those that may be joined.
   */
  run(
    { credential, cancellation }: Caller,
    operationKey: string,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    if (credential === undefined || this.#windowMs === 0) return execute({ oldestReadAt: performance.now() });
    const key = `${credential.key}\n${operationKey}`;
    const running = this.#joinable(credential.key, key);
    return running === undefined
      ? this.#begin(credential.key, key, cancellation, execute)
      : this.#join(running, credential.key, key, cancellation, execute);
  }

  /** Something changed for this credential: what began before may have read the old state and is not joined any more. */
  invalidate(credentialKey: string): void {
    const state = this.#credentials.get(credentialKey);
    if (state !== undefined) state.generation += 1;
  }

  #joinable(credentialKey: string, key: string): InFlightQuery<Result> | undefined {
    const running = this.#inFlight.get(key);
    if (running === undefined || running.cancellation?.isCancelled === true) return undefined;
    if (running.generation !== this.#credentials.get(credentialKey)?.generation) return undefined;
    return performance.now() - running.oldestReadAt <= this.#windowMs ? running : undefined;
  }

  async #join(
    first: InFlightQuery<Result>,
    credentialKey: string,
    key: string,
    cancellation: CancellationSource | undefined,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    for (let running: InFlightQuery<Result> | undefined = first; running?.result !== undefined; ) {
      const { result: shared, cancellation: firstClient }: InFlightQuery<Result> = running;
      const result = await shared?.catch((error: unknown) => {
        if (firstClient?.isCancelled !== true) throw error;
        return undefined;
      });
      if (result !== undefined && firstClient?.isCancelled !== true) return result;
      running = this.#joinable(credentialKey, key);
    }
    return this.#begin(credentialKey, key, cancellation, execute);
  }

  #begin(
    credentialKey: string,
    key: string,
    cancellation: CancellationSource | undefined,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    let state = this.#credentials.get(credentialKey);
    if (state === undefined) {
      state = { running: 0, generation: 0 };
      this.#credentials.set(credentialKey, state);
    }
    state.running += 1;
    const { generation } = state;
    const running: InFlightQuery<Result> = {
      oldestReadAt: performance.now(),
      cancellation,
      result: undefined,
      generation,
    };
    const result = execute(running);
    running.result = result;
    this.#inFlight.set(key, running);
    const ended = () => this.#ended(credentialKey, key, running);
    result.then(ended, ended);
    return result;
  }

  #ended(credentialKey: string, key: string, running: InFlightQuery<Result>): void {
    if (this.#inFlight.get(key) === running) this.#inFlight.delete(key);
    running.cancellation = undefined;
    running.result = undefined;
    const state = this.#credentials.get(credentialKey);
    if (state === undefined) return;
    state.running -= 1;
    if (state.running === 0) this.#credentials.delete(credentialKey);
  }
}
