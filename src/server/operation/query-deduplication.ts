/**
 * Identical queries of one credential that are under way at the same time share one execution: a wall of dashboards costs
 * the upstream as much as one of them. Nothing is kept: what is shared is gone with the execution.
 *
 * Promises: nothing is shared across credentials; every client passes all guards on its own; a client that leaves takes
 * nobody with it; a query begun before a change the credential made, or before an event it was told, is not joined after
 * it; changes of others are missed for at most `windowMs`, counted from the oldest that went into the answer.
 */
import type { Freshness } from '../../loaders/entity-cache.ts';
import type { Departure } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/client.ts';

/**
 * Emptied when it ends: a Map's table is made anew after some dozens of entries, and V8 keeps what stood in the old one
 * alive until the next full collection. Whole results would pile up by it.
 */
interface Flight<Result> extends Freshness {
  /** The client that began it: when it leaves, the execution ends for it alone and the others ask anew. */
  departure: Departure | undefined;
  /** Undefined once it has ended. */
  result: Promise<Result> | undefined;
  /** Of its credential, when it began. */
  readonly separations: number;
}

/** What is known of a credential as long as it has queries under way. */
interface Asker {
  underWay: number;
  separations: number;
}

export class SharedQueries<Result> {
  readonly #windowMs: number;
  readonly #askers = new Map<string, Asker>();
  /** By credential and question: as many as there are different queries under way. */
  readonly #flights = new Map<string, Flight<Result>>();

  /** @param windowMs How long after its start an execution may be joined; 0 shares nothing. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * The result of `execute`, or of an identical query that is under way.
   * @param question Names the operation with its variables; the same for those that may be joined.
   */
  run(
    { credential, departure }: Caller,
    question: string,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    if (credential === undefined || this.#windowMs === 0) return execute({ readSince: performance.now() });
    const key = `${credential.key}\n${question}`;
    const flight = this.#joinable(credential.key, key);
    return flight === undefined
      ? this.#begin(credential.key, key, departure, execute)
      : this.#join(flight, credential.key, key, departure, execute);
  }

  /** Something changed for this credential: what began before may have read the old state and is not joined any more. */
  separate(credentialKey: string): void {
    const asker = this.#askers.get(credentialKey);
    if (asker !== undefined) asker.separations += 1;
  }

  #joinable(credentialKey: string, key: string): Flight<Result> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || flight.departure?.hasLeft === true) return undefined;
    if (flight.separations !== this.#askers.get(credentialKey)?.separations) return undefined;
    return performance.now() - flight.readSince <= this.#windowMs ? flight : undefined;
  }

  async #join(
    first: Flight<Result>,
    credentialKey: string,
    key: string,
    departure: Departure | undefined,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    for (let flight: Flight<Result> | undefined = first; flight?.result !== undefined; ) {
      const { result: shared, departure: beginner }: Flight<Result> = flight;
      const result = await shared?.catch((error: unknown) => {
        if (beginner?.hasLeft !== true) throw error;
        return undefined;
      });
      if (result !== undefined && beginner?.hasLeft !== true) return result;
      flight = this.#joinable(credentialKey, key);
    }
    return this.#begin(credentialKey, key, departure, execute);
  }

  #begin(
    credentialKey: string,
    key: string,
    departure: Departure | undefined,
    execute: (freshness: Freshness) => Promise<Result>,
  ): Promise<Result> {
    let asker = this.#askers.get(credentialKey);
    if (asker === undefined) {
      asker = { underWay: 0, separations: 0 };
      this.#askers.set(credentialKey, asker);
    }
    asker.underWay += 1;
    const { separations } = asker;
    const flight: Flight<Result> = { readSince: performance.now(), departure, result: undefined, separations };
    const result = execute(flight);
    flight.result = result;
    this.#flights.set(key, flight);
    const ended = () => this.#ended(credentialKey, key, flight);
    result.then(ended, ended);
    return result;
  }

  #ended(credentialKey: string, key: string, flight: Flight<Result>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.departure = undefined;
    flight.result = undefined;
    const asker = this.#askers.get(credentialKey);
    if (asker === undefined) return;
    asker.underWay -= 1;
    if (asker.underWay === 0) this.#askers.delete(credentialKey);
  }
}
