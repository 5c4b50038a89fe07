/**
 * What the MANUAL subscribers of one credential want, and how long after the last of them left that is remembered. Clients
 * have no identity beyond their credential: subscribers with the same filter share an interest, and any of them that comes
 * within the hold is the return of the one that left. Outlives the channel, so that a stream that was closed and opened
 * again between the two keeps the promise.
 */
import type { GatewayEvent } from '../gateway-event.ts';

/** Filters that are told apart; one more is held for as if it wanted everything. A bit set holds them. */
const maxFilters = 30;

export interface ManualInterest {
  readonly bit: number;
  /** Equal for subscribers whose `wants` answers alike. */
  readonly key: unknown;
  wants(event: GatewayEvent): boolean;
  /** Live subscribers. */
  live: number;
  /** Milliseconds on the clock of `performance`; counts when nobody is live. */
  heldUntil: number;
  /** The latest event that was let go because too many were held; undefined when none was. */
  lastReleased: string | undefined;
}

/** In place of more filters than are told apart. */
const anything = Symbol('anything');

export class ManualInterests {
  readonly #holdMs: number;
  readonly #interests = new Map<unknown, ManualInterest>();
  #usedBits = 0;

  /** @param holdMs How long an interest outlives its last live subscriber. */
  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** No interest is left. */
  get isEmpty(): boolean {
    return this.#interests.size === 0;
  }

  /** A MANUAL subscriber comes. @returns Its interest, and whether nothing was held for it before. */
  join(key: unknown, wants: (event: GatewayEvent) => boolean): { interest: ManualInterest; isNew: boolean } {
    const isCrowded = !this.#interests.has(key) && this.#interests.size >= maxFilters;
    const ownKey = isCrowded ? anything : key;
    const known = this.#interests.get(ownKey);
    const interest = known ?? this.#add(ownKey, isCrowded ? () => true : wants);
    interest.live += 1;
    return { interest, isNew: known === undefined };
  }

  /** One of its subscribers left. @param now On the clock of `performance`. */
  leave(interest: ManualInterest, now: number): void {
    interest.live -= 1;
    if (interest.live === 0) interest.heldUntil = now + this.#holdMs;
  }

  /** The interests an event is due to, as bits. A filter that throws counts as wanting it. */
  wanting(event: GatewayEvent): number {
    let bits = 0;
    for (const interest of this.#interests.values()) if (wants(interest, event)) bits |= interest.bit;
    return bits;
  }

  /** Ends the interests whose hold is over. @returns Their bits. */
  expire(now: number): number {
    let ended = 0;
    for (const [key, { bit, live, heldUntil }] of this.#interests) {
      if (live > 0 || heldUntil > now) continue;
      this.#interests.delete(key);
      ended |= bit;
    }
    this.#usedBits &= ~ended;
    return ended;
  }

  /** An event that was due to these was let go. */
  released(bits: number, id: string): void {
    for (const interest of this.#interests.values()) if ((interest.bit & bits) !== 0) interest.lastReleased = id;
  }

  #add(key: unknown, wants: (event: GatewayEvent) => boolean): ManualInterest {
    let bit = 1;
    while ((this.#usedBits & bit) !== 0) bit <<= 1;
    this.#usedBits |= bit;
    const interest = { bit, key, wants, live: 0, heldUntil: Number.POSITIVE_INFINITY, lastReleased: undefined };
    this.#interests.set(key, interest);
    return interest;
  }
}

function wants(interest: ManualInterest, event: GatewayEvent): boolean {
  try {
    return interest.wants(event);
  } catch {
    return true; // the subscriber itself ends by it
  }
}
