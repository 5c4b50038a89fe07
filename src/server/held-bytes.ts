/**
 * Limits the bytes of client input that the process holds at the same time: incomplete bodies and messages, and the variables of
 * running operations. Behind a slow upstream, the gateway would otherwise hold everything that clients send.
 */
import { GatewayError } from '../errors.ts';

/** Bytes of each request that are not counted. Nearly all requests need no more, so they pass even when the limit is reached. */
export const uncountedBytes = 16_384;

/** Key of a credential that the upstream has accepted. All other requests, with or without a credential, share `undefined`. */
export type Holder = string | undefined;

export interface HeldBytesOptions {
  /** Maximum counted bytes of all holders together. */
  readonly total: number;
  /** Bytes of the largest body. The limit of one holder is at least twice this, as its variables take two bytes a character. */
  readonly largest: number;
}

/** One holder may take a quarter of the total, so that capacity remains for others. */
const shares = 4;

export class HeldBytes {
  readonly #total: number;
  readonly #maxPerHolder: number;
  readonly #byHolder = new Map<Holder, number>();
  #held = 0;

  constructor({ total, largest }: HeldBytesOptions) {
    this.#maxPerHolder = Math.max(total / shares, 2 * largest);
    this.#total = Math.max(total, this.#maxPerHolder);
  }

  /** Counted bytes held. */
  get size(): number {
    return this.#held;
  }

  /**
   * A hold of 0 bytes for one request.
   * @param holder Called once, when the hold first counts bytes.
   */
  hold(holder: () => Holder): Hold {
    return new Hold(this, holder);
  }

  /**
   * Changes the bytes of a holder; a negative number releases.
   * @returns False when the limit is reached. Nothing is changed then.
   */
  take(holder: Holder, bytes: number): boolean {
    const own = (this.#byHolder.get(holder) ?? 0) + bytes;
    if (bytes > 0 && (own > this.#maxPerHolder || this.#held + bytes > this.#total)) return false;
    this.#held += bytes;
    if (own > 0) this.#byHolder.set(holder, own);
    else this.#byHolder.delete(holder);
    return true;
  }
}

/** Bytes held by one request. Must be released on every path. */
export class Hold {
  readonly #bytes: HeldBytes;
  readonly #holderOf: () => Holder;
  #holder: Holder;
  #counted = 0;

  constructor(bytes: HeldBytes, holder: () => Holder) {
    this.#bytes = bytes;
    this.#holderOf = holder;
  }

  /**
   * Sets the bytes this request holds.
   * @throws GatewayError `RATE_LIMITED` when the limit is reached.
   */
  resize(bytes: number): void {
    const counted = Math.max(0, bytes - uncountedBytes);
    if (counted === this.#counted) return;
    if (this.#counted === 0) this.#holder = this.#holderOf();
    if (!this.#bytes.take(this.#holder, counted - this.#counted)) {
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
export function weightOfJson(value: unknown): number {
  let bytes = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const item = pending.pop();
    bytes += slotBytes;
    if (typeof item === 'string') bytes += characterBytes * item.length;
    else if (typeof item === 'object' && item !== null) {
      bytes += objectBytes;
      for (const name in item) pending.push(Reflect.get(item, name));
    }
  }
  return bytes;
}
