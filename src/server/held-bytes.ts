/**
 * How many bytes that clients sent are held at the same time: of bodies and messages that are still coming in, and of
 * variables of operations under way. A gateway in front of a slow upstream would otherwise hold whatever it is sent.
 */
import { GatewayError } from '../errors.ts';

/** Bytes each request may hold without being counted: what nearly all of them need, so that they pass whatever others hold. */
export const uncountedBytes = 16_384;

/** Those whose credential the upstream has not taken yet, together; undefined, too, when there is none. */
export type Holder = string | undefined;

export interface HeldBytesOptions {
  /** Most bytes of all together. */
  readonly total: number;
  /** Largest single body: its variables, of two bytes for each character, fit into a part of the total whatever that is. */
  readonly largest: number;
}

/** One holder may have a quarter of the total, so that others find room. */
const parts = 4;

export class HeldBytes {
  readonly #total: number;
  readonly #part: number;
  readonly #byHolder = new Map<Holder, number>();
  #held = 0;

  constructor({ total, largest }: HeldBytesOptions) {
    this.#part = Math.max(total / parts, 2 * largest);
    this.#total = Math.max(total, this.#part);
  }

  /** Bytes held, those that are not counted left out. */
  get size(): number {
    return this.#held;
  }

  /** Begins with nothing. @param holder Asked once, when there is something to count. */
  hold(holder: () => Holder): Hold {
    return new Hold(this, holder);
  }

  /** @returns Whether there is room. */
  take(holder: Holder, bytes: number): boolean {
    const own = (this.#byHolder.get(holder) ?? 0) + bytes;
    if (bytes > 0 && (own > this.#part || this.#held + bytes > this.#total)) return false;
    this.#held += bytes;
    if (own > 0) this.#byHolder.set(holder, own);
    else this.#byHolder.delete(holder);
    return true;
  }
}

/** What one request holds. To be released whatever becomes of it. */
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
   * It holds so many bytes now.
   * @throws GatewayError `RATE_LIMITED` when there is no room for more.
   */
  resize(bytes: number): void {
    const counted = Math.max(0, bytes - uncountedBytes);
    if (counted === this.#counted) return;
    if (this.#counted === 0) this.#holder = this.#holderOf();
    if (!this.#bytes.take(this.#holder, counted - this.#counted)) {
      throw new GatewayError('RATE_LIMITED', {
        message: 'The gateway holds as many bytes of requests as it may.',
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

/** Bytes of an object, of a place in one, and of a character; rather too many than too few. */
const objectBytes = 64;
const placeBytes = 16;
const characterBytes = 2;

/** About how many bytes a JSON value takes in memory: `[{},{}]` takes thirty times its length. */
export function weightOfJson(value: unknown): number {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const item = open.pop();
    bytes += placeBytes;
    if (typeof item === 'string') bytes += characterBytes * item.length;
    else if (typeof item === 'object' && item !== null) {
      bytes += objectBytes;
      for (const name in item) open.push(Reflect.get(item, name));
    }
  }
  return bytes;
}
