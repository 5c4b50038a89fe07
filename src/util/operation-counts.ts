/**
 * Counts operations of a minute: per credential, and per address of operations without one. Bounded, whatever clients send: the memory
 * store of rate-limiter-flexible keeps each key for a minute without a bound, and a million invented credentials took 544 MiB.
 */
import { LRUCache } from 'lru-cache';

/** Maximum accepted credentials that are counted; beyond, the count of the least recently used one is dropped. */
const maxAccepted = 100_000;
/** Maximum credentials that are counted before the upstream accepts them. Those that clients invent push out one another only. */
const maxUnaccepted = 20_000;
/** Maximum addresses that are counted for operations without a credential. */
const maxAddresses = 20_000;

/** Whose operation it is. */
export interface CountedCaller {
  /** Key of the credential; undefined: the operation counts by address. */
  readonly credential: string | undefined;
  readonly address: string;
  /** The upstream has accepted the credential. */
  readonly isAccepted: boolean;
}

interface Count {
  operations: number;
  /** `performance.now()`, milliseconds. */
  readonly endsAt: number;
}

/** Length of a window, in milliseconds. */
export const countedMs = 60_000;

export class OperationCounts {
  readonly #accepted = countsOf(maxAccepted);
  readonly #unaccepted = countsOf(maxUnaccepted);
  readonly #addresses = countsOf(maxAddresses);

  /** Credentials and addresses that are counted. */
  get size(): number {
    return this.#accepted.size + this.#unaccepted.size + this.#addresses.size;
  }

  /** Counts one operation. @returns Milliseconds until the next one is admitted; 0 if this one is. */
  consume(caller: CountedCaller, limit: number, now = performance.now()): number {
    const [counts, key] = this.#placeOf(caller);
    let count = counts.get(key);
    if (count === undefined || count.endsAt <= now) {
      count = { operations: 0, endsAt: now + countedMs };
      counts.set(key, count);
    }
    count.operations += 1;
    return count.operations <= limit ? 0 : count.endsAt - now;
  }

  /** Ends the count of a credential before its acceptance. @returns The operations of its window. */
  takeUnaccepted(credential: string, now = performance.now()): number {
    const count = this.#unaccepted.size === 0 ? undefined : this.#unaccepted.get(credential);
    if (count === undefined) return 0;
    this.#unaccepted.delete(credential);
    return count.endsAt <= now ? 0 : count.operations;
  }

  #placeOf({ credential, address, isAccepted }: CountedCaller): [counts: LRUCache<string, Count>, key: string] {
    if (credential === undefined) return [this.#addresses, address];
    // One that was accepted within the minute has its count here, whether or not the gateway still remembers that.
    if (this.#accepted.has(credential)) return [this.#accepted, credential];
    if (!isAccepted) return [this.#unaccepted, credential];
    const before = this.#unaccepted.get(credential);
    if (before !== undefined) {
      this.#unaccepted.delete(credential);
      this.#accepted.set(credential, before);
    }
    return [this.#accepted, credential];
  }
}

// Bounded by size: with `max`, the library allocates all entries at once.
function countsOf(maxSize: number): LRUCache<string, Count> {
  return new LRUCache({ maxSize, sizeCalculation: () => 1 });
}
