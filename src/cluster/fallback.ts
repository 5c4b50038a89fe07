/**
 * What a source does when Redis fails: as a follower it stands alone, as an owner it goes on. Redis may also fail for one caller
 * and answer heartbeats, while a node of a cluster is gone: then the owner stands alone as well, and its followers find out.
 */
import type { Placements } from './placements.ts';
import type { Roles } from './roles.ts';
import type { SourceStateHolder } from './source-state.ts';

export interface FallbackOptions {
  readonly source: SourceStateHolder;
  readonly roles: Roles;
  readonly placements: Placements;
}

/** Followers that lose Redis together do not open their streams at the same moment. */
const aloneSpreadMs = 250;

export class Fallback {
  readonly #options: FallbackOptions;
  readonly #source: SourceStateHolder;
  readonly #failingMs: number;
  #hasFailed = false;

  constructor(options: FallbackOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#failingMs = options.source.options.leaseMs / 2;
  }

  /** Another look is due. */
  get isLookDue(): boolean {
    const { state, term, isSearching, options } = this.#source;
    if (isSearching || !options.membership.isUp) return false;
    return state === 'alone' || this.#hasFailed || term?.isStuck(this.#failingMs) === true;
  }

  /** Redis has been away for half a lease. */
  redisAway(): void {
    if (this.#source.state === 'owner' || this.#source.state === 'alone') return;
    setTimeout(() => {
      if (!this.#source.options.membership.isAway || this.#source.state === 'owner') return;
      this.#options.roles.standAlone();
      this.#options.placements.check();
    }, Math.random() * aloneSpreadMs);
  }

  /** A transition begins. */
  begun(): void {
    this.#hasFailed = false;
  }

  /** A transition failed. @returns Whether to try again at once. */
  failed(): boolean {
    const { state, searchedSince, term, follower, options } = this.#source;
    const { membership } = options;
    const isSettled = state === 'owner' || state === 'alone';
    const isStuck = membership.isUp && term?.isStuck(this.#failingMs) === true;
    if (isSettled && !isStuck) {
      // The next look comes later: until then its stream goes on, and subscribers get their place.
      this.#hasFailed = true;
      return false;
    }
    const isFailing = performance.now() - searchedSince >= this.#failingMs || follower?.isFailing === true;
    if (!isStuck && !isFailing && !membership.isAway) return true;
    this.#options.roles.standAlone();
    return false;
  }
}
