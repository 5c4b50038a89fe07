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

/** The bytes that all requests together may hold. */
export class MemoryBudget {
  readonly #total: number;
  readonly #maxPerPrincipal: number;
  readonly #byPrincipal = new Map<Principal, number>();
  #reserved = 0;

  constructor({ total, largest }: MemoryBudgetOptions) {
    this.#maxPerPrincipal = Math.max(total / shares, 2 * largest);
    this.#total = Math.max(total, this.#maxPerPrincipal);
  }

  /** Reserved bytes, without the uncounted ones. */
  get size(): number {
    return this.#reserved;
  }

  /**
   * A reservation of 0 bytes for one request.
   * @param principalOf Called once, when the reservation first counts bytes.
   */
  reserve(principalOf: () => Principal): Reservation {
    return new Reservation(this, principalOf);
  }

  /**
   * Changes the reserved bytes of a principal; a negative number releases.
   * @returns False when the limit is reached. Nothing is changed then.
   */
  adjust(principal: Principal, bytes: number): boolean {
    const own = (this.#byPrincipal.get(principal) ?? 0) + bytes;
    if (bytes > 0 && (own > this.#maxPerPrincipal || this.#reserved + bytes > this.#total)) return false;
    this.#reserved += bytes;
    if (own > 0) this.#byPrincipal.set(principal, own);
    else this.#byPrincipal.delete(principal);
    return true;
  }
}

/** Memory reserved by one request. Must be released on every path. */
export class Reservation {
  readonly #budget: MemoryBudget;
  readonly #principalOf: () => Principal;
  #principal: Principal;
  #counted = 0;

  constructor(budget: MemoryBudget, principalOf: () => Principal) {
    this.#budget = budget;
    this.#principalOf = principalOf;
  }

  /**
   * Sets the bytes this request holds.
   * @throws GatewayError `RATE_LIMITED` when the limit is reached.
   */
  resize(bytes: number): void {
    const counted = Math.max(0, bytes - uncountedBytes);
    if (counted === this.#counted) return;
    if (this.#counted === 0) this.#principal = this.#principalOf();
    if (!this.#budget.adjust(this.#principal, counted - this.#counted)) {
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
