/**
 * Identical queries of one credential that are under way at the same time share one execution: a wall of dashboards costs
 * the upstream as much as one of them. Nothing is kept: what is shared is gone with the execution.
 *
 * Promises: nothing is shared across credentials; every client passes all guards on its own; a client that leaves takes
 * nobody with it; a query begun before a change the credential made, or before an event it was told, is not joined after
 * it; changes of others are missed for at most `windowMs`.
 */
import type { Caller } from '../upstream/client.ts';
import type { Departure } from '../upstream/departure.ts';

interface Flight<Result> {
  readonly startedAt: number;
  /** The client that began it: when it leaves, the execution ends for it alone and the others ask anew. */
  readonly departure: Departure | undefined;
  readonly result: Promise<Result>;
}

export class SharedQueries<Result> {
  readonly #windowMs: number;
  /** By credential, then by operation and variables: as many as there are different queries under way. */
  readonly #flights = new Map<string, Map<string, Flight<Result>>>();

  /** @param windowMs How long after its start an execution may be joined; 0 shares nothing. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * The result of `execute`, or of an identical query that is under way.
   * @param serial Names the operation.
   */
  async run(
    { credential, departure }: Caller,
    serial: number,
    variables: Readonly<Record<string, unknown>>,
    execute: () => Promise<Result>,
  ): Promise<Result> {
    if (credential === undefined || this.#windowMs === 0) return execute();
    const key = `${serial}\n${JSON.stringify(variables)}`;
    for (;;) {
      const flight = this.#joinable(credential.key, key);
      if (flight === undefined) return this.#begin(credential.key, key, departure, execute);
      const result = await flight.result.catch((error: unknown) => {
        if (flight.departure?.hasLeft !== true) throw error;
        return undefined;
      });
      if (result !== undefined && flight.departure?.hasLeft !== true) return result;
    }
  }

  /** Something changed for this credential: what began before may have read the old state and is not joined any more. */
  separate(credentialKey: string): void {
    this.#flights.delete(credentialKey);
  }

  #joinable(credentialKey: string, key: string): Flight<Result> | undefined {
    const flight = this.#flights.get(credentialKey)?.get(key);
    if (flight === undefined || flight.departure?.hasLeft === true) return undefined;
    return performance.now() - flight.startedAt <= this.#windowMs ? flight : undefined;
  }

  async #begin(
    credentialKey: string,
    key: string,
    departure: Departure | undefined,
    execute: () => Promise<Result>,
  ): Promise<Result> {
    const flight = { startedAt: performance.now(), departure, result: execute() };
    let flights = this.#flights.get(credentialKey);
    if (flights === undefined) {
      flights = new Map();
      this.#flights.set(credentialKey, flights);
    }
    flights.set(key, flight);
    try {
      return await flight.result;
    } finally {
      if (flights.get(key) === flight) flights.delete(key);
      if (flights.size === 0 && this.#flights.get(credentialKey) === flights) this.#flights.delete(credentialKey);
    }
  }
}
