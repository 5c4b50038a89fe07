/**
 * Limits the bytes of client input that the process holds at the same time: incomplete bodies and messages, and the variables of
 * running operations. Behind a slow upstream, the gateway would otherwise hold everything that clients send.
 */
import { GatewayError } from '../errors.ts';

/** Bytes of each request that are not counted. Nearly all requests need no more, so they pass even when the limit is reached. */
export const uncountedBytes = 16_384;

/** Key of a credential that the upstream has accepted. All other requests, with or without a credential, share `undefined`. */
export type Principal = string | undefined;

export interface MemoryBudgetOptions {
  /** Maximum counted bytes of all principals together. */
  readonly total: number;
  /** Bytes of the largest body. The limit of one principal is at least twice this, as its variables take two bytes a character. */
  readonly largest: number;
}

/** One principal may take a quarter of the total, so that capacity remains for others. */
const shares = 4;
/** Requests of the largest size, whose variables take two bytes a character, that one principal or address may hold in any case. */
const largestInMemory = 2;

/** The bytes that all requests together may hold. */
export class MemoryBudget {
  readonly #total: number;
  readonly #maxPerPrincipal: number;
  /** Bytes that one address may hold in any case. */
  readonly #minPerAddress: number;
  readonly #byPrincipal = new Map<Principal, number>();
  /** Bytes of `undefined`, by address. */
  readonly #byAddress = new Map<string, number>();
  #reserved = 0;

  constructor({ total, largest }: MemoryBudgetOptions) {
    this.#minPerAddress = largestInMemory * largest;
    this.#maxPerPrincipal = Math.max(total / shares, this.#minPerAddress);
    this.#total = Math.max(total, this.#maxPerPrincipal);
  }

  /** Reserved bytes, without the uncounted ones. */
  get size(): number {
    return this.#reserved;
  }

  /**
   * A reservation of 0 bytes for one request.
   * @param principalOf Called once, when the reservation first counts bytes.
   * @param address Group in which limits count the client's address; undefined when it has no part of its own.
   */
  reserve(principalOf: () => Principal, address?: string): Reservation {
    return new Reservation(this, principalOf, address);
  }

  /**
   * Changes the reserved bytes of a principal; a negative number releases. Of what `undefined` may hold, an address gets more only
   * while it holds at most as much as is free: half when it is alone.
   * @returns False when the limit is reached. Nothing is changed then.
   */
  adjust(principal: Principal, bytes: number, address: string | undefined): boolean {
    const own = (this.#byPrincipal.get(principal) ?? 0) + bytes;
    const shared = principal === undefined ? address : undefined;
    const ofAddress = shared === undefined ? 0 : (this.#byAddress.get(shared) ?? 0) + bytes;
    const maxOfAddress = Math.max(this.#minPerAddress, this.#maxPerPrincipal - own);
    const isFull = own > this.#maxPerPrincipal || ofAddress > maxOfAddress || this.#reserved + bytes > this.#total;
    if (bytes > 0 && isFull) return false;
    this.#reserved += bytes;
    setAbove0(this.#byPrincipal, principal, own);
    if (shared !== undefined) setAbove0(this.#byAddress, shared, ofAddress);
    return true;
  }
}

function setAbove0<Key>(bytes: Map<Key, number>, key: Key, value: number): void {
  if (value > 0) bytes.set(key, value);
  else bytes.delete(key);
}

/** Memory reserved by one request. Must be released on every path. */
export class Reservation {
  readonly #budget: MemoryBudget;
  readonly #principalOf: () => Principal;
  readonly #address: string | undefined;
  #principal: Principal;
  #counted = 0;

  constructor(budget: MemoryBudget, principalOf: () => Principal, address: string | undefined) {
    this.#budget = budget;
    this.#principalOf = principalOf;
    this.#address = address;
  }

  /**
   * Sets the bytes this request holds.
   * @throws GatewayError `RATE_LIMITED` when the limit is reached.
   */
  resize(bytes: number): void {
    const counted = Math.max(0, bytes - uncountedBytes);
    if (counted === this.#counted) return;
    if (this.#counted === 0) this.#principal = this.#principalOf();
    if (!this.#budget.adjust(this.#principal, counted - this.#counted, this.#address)) {
      throw new GatewayError('RATE_LIMITED', {
        message: 'The gateway holds the maximum bytes of requests in progress.',
        retryAfterSeconds: 1,
      });
    }
    this.#counted = counted;
  }

  /** Idempotent. */
  release(): void {
    this.resize(0);
  }
}

/** Estimated bytes of an object, of one of its slots and of a character, rounded up. */
const objectBytes = 64;
const slotBytes = 16;
const characterBytes = 2;

/** Estimated bytes of a JSON value in memory. `[{},{}]` takes thirty times the length of its text. */
export function estimateJsonBytes(value: unknown): number {
  let bytes = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const item = pending.pop();
    bytes += slotBytes;
    if (typeof item === 'string') bytes += characterBytes * item.length;
    else if (Array.isArray(item)) {
      bytes += objectBytes;
      // By index: enumerating the names of a list of 50 ids takes four times as long.
      for (let index = 0; index < item.length; index++) pending.push(item[index]);
    } else if (typeof item === 'object' && item !== null) {
      bytes += objectBytes;
      for (const name in item) pending.push(Reflect.get(item, name));
    }
  }
  return bytes;
}
