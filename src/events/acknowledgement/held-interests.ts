/**
 * Interests of the MANUAL subscribers of one credential: which events they want, and until when these are held after the last
 * subscriber has left. A client has no identity beyond its credential. Subscribers with the same filter therefore share an
 * interest, and a subscriber that joins within the hold time counts as the return of one that left. Interests outlive the
 * channel, so that the hold also covers a stream that was closed and reopened.
 */

import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { LazyMap } from '../../util/lazy-collections.ts';

/** Limit of distinct filters, because a 32-bit set represents them. All further filters share one interest in every event. */
const maxFilters = 30;

export interface HeldInterest {
  readonly bit: number;
  /** Equal for subscribers whose `wants` returns the same results. */
  readonly key: unknown;
  wants(event: GatewayEvent): boolean;
  /** Number of live subscribers. */
  live: number;
  /** End of the hold in milliseconds on the clock of `performance`; applies while `live` is 0. */
  heldUntil: number;
  /** Id of the latest event released because the limit of held events was exceeded; undefined if none was. */
  lastReleased: string | undefined;
}

/** Key of the shared interest in every event, used beyond `maxFilters`. */
const anyEvent = Symbol('anyEvent');

/** The interests of one credential, connected or not. */
export class HeldInterests {
  readonly #holdMs: number;
  readonly #interests = new LazyMap<unknown, HeldInterest>();
  #usedBits = 0;

  /** @param holdMs How long an interest outlives its last live subscriber. */
  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** True when no interest exists. */
  get isEmpty(): boolean {
    return this.#interests.size === 0;
  }

  [Symbol.iterator](): Iterator<HeldInterest> {
    return this.#interests.values()[Symbol.iterator]();
  }

  /** Registers a MANUAL subscriber. @returns Its interest, and whether the interest is new: no events were held for it before. */
  join(key: unknown, wants: (event: GatewayEvent) => boolean): { interest: HeldInterest; isNew: boolean } {
    const isOverLimit = !this.#interests.has(key) && this.#interests.size >= maxFilters;
    const ownKey = isOverLimit ? anyEvent : key;
    const known = this.#interests.get(ownKey);
    const interest = known ?? this.#add(ownKey, isOverLimit ? () => true : wants);
    interest.live += 1;
    return { interest, isNew: known === undefined };
  }

  /** Unregisters a subscriber of the interest. @param now On the clock of `performance`. */
  leave(interest: HeldInterest, now: number): void {
    interest.live -= 1;
    if (interest.live === 0) interest.heldUntil = now + this.#holdMs;
  }

  /** The interests that want an event, as a bit set. A filter that throws counts as wanting the event. */
  wanting(event: GatewayEvent): number {
    let bits = 0;
    for (const interest of this.#interests.values()) if (wants(interest, event)) bits |= interest.bit;
    return bits;
  }

  /** Removes the interests whose hold has expired. @returns Their bits. */
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

  /** Records that an event held for these interests was released. */
  released(bits: number, id: string): void {
    for (const interest of this.#interests.values()) if ((interest.bit & bits) !== 0) interest.lastReleased = id;
  }

  #add(key: unknown, wants: (event: GatewayEvent) => boolean): HeldInterest {
    let bit = 1;
    while ((this.#usedBits & bit) !== 0) bit <<= 1;
    this.#usedBits |= bit;
    const interest = { bit, key, wants, live: 0, heldUntil: Number.POSITIVE_INFINITY, lastReleased: undefined };
    this.#interests.set(key, interest);
    return interest;
  }
}

/** The interests of closed channels, the earliest closed first. */
export class DetachedInterests {
  readonly #byCredential = new Map<string, HeldInterests>();
  readonly #limit: number;

  /** @param limit Beyond it, the earliest closed entry is evicted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byCredential.size;
  }

  /** Removes and returns the interests of a credential whose channel opens again. */
  take(credentialKey: string): HeldInterests | undefined {
    const interests = this.#byCredential.get(credentialKey);
    this.#byCredential.delete(credentialKey);
    return interests;
  }

  /** Keeps the interests of a channel that closed. */
  add(credentialKey: string, interests: HeldInterests): void {
    if (interests.isEmpty) return;
    this.#byCredential.set(credentialKey, interests);
    const [oldest] = this.#byCredential.keys();
    if (oldest !== undefined && this.#byCredential.size > this.#limit) this.#byCredential.delete(oldest);
  }

  /** Removes the interests whose hold has expired. @param now On the clock of `performance`. */
  expire(now: number): void {
    for (const [key, interests] of this.#byCredential) {
      interests.expire(now);
      if (interests.isEmpty) this.#byCredential.delete(key);
    }
  }

  clear(): void {
    this.#byCredential.clear();
  }
}

function wants(interest: HeldInterest, event: GatewayEvent): boolean {
  try {
    return interest.wants(event);
  } catch {
    return true; // the same error ends the subscription itself, in `Channel`
  }
}
