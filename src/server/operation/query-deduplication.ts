/**
 * Single flight for queries: identical queries of one credential that run at the same time share one execution, so that
 * many equal dashboards cost the upstream as much as one. Results are not cached; sharing ends with the execution.
 *
 * Guarantees:
 * - Nothing is shared across credentials, and every client passes all guards itself.
 * - A client that disconnects does not fail the others.
 * - A query that started before a mutation or an event of its credential is not joined after it.
 * - Changes by others are missed for at most `windowMs`, counted from the oldest read in the result.
 */

import type { Freshness } from '../../loaders/credential-cache.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';

/**
 * Cleared on completion: deleted Map entries stay reachable until the next full GC, because V8 reallocates a Map's table
 * every few dozen entries and the old table keeps its contents. Whole results would accumulate.
 */
interface InFlightQuery<Result> extends Freshness {
  /** Of the first client. If it disconnects its execution is cancelled and the others start a new one. */
  cancellation: CancellationSource | undefined;
  /** Undefined after it has settled. */
  result: Promise<Result> | undefined;
  /** `CredentialState.generation` at its start. */
  readonly generation: number;
}

/** State of a credential while it has running queries. */
interface CredentialState {
  /** Number of running queries. */
  running: number;
  /** Incremented by each mutation and event; only queries of the current generation are joined. */
  generation: number;
}

export class QueryDeduplicator<Result> {
  readonly #windowMs: number;
  readonly #credentials = new Map<string, CredentialState>();
  /** By credential and operation key; one entry for each distinct running query. */
  readonly #inFlight = new Map<string, InFlightQuery<Result>>();

  /** @param windowMs Time after its start in which an execution may be joined, in milliseconds; 0 disables sharing. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * The result of `execute`, or of an identical query that is already running.
   * @param operationKey Identifies the operation and its variables; queries with equal keys share an execution.
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
      ? this.#start(credential.key, key, cancellation, execute)
      : this.#join(running, credential.key, key, cancellation, execute);
  }

  /** Called on a change for this credential: earlier queries may have read the old state and are not joined any more. */
  invalidate(credentialKey: string): void {
    const state = this.#credentials.get(credentialKey);
    if (state !== undefined) state.generation += 1;
  }

  /** Called when changes of any credential may have been missed. */
  invalidateAll(): void {
    for (const state of this.#credentials.values()) state.generation += 1;
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
    return this.#start(credentialKey, key, cancellation, execute);
  }

  #start(
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
    const settled = () => this.#settled(credentialKey, key, running);
    result.then(settled, settled);
    return result;
  }

  #settled(credentialKey: string, key: string, running: InFlightQuery<Result>): void {
    if (this.#inFlight.get(key) === running) this.#inFlight.delete(key);
    running.cancellation = undefined;
    running.result = undefined;
    const state = this.#credentials.get(credentialKey);
    if (state === undefined) return;
    state.running -= 1;
    if (state.running === 0) this.#credentials.delete(credentialKey);
  }
}
