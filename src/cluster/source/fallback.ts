/**
 * Handles failures of Redis: a follower then stands alone, an owner continues its term. Redis may also fail for one caller and
 * answer heartbeats, when a node of a cluster is gone: then the owner stands alone as well, which its followers detect. A follower
 * stands alone when its own inbox is on that node, because no message wakes it, and when Redis answers too seldom to get its place
 * again. Its stream is open before the lease since its last proof ends, so that it lacks nothing.
 */
import type { Placements } from '../follower/placements.ts';
import type { Roles } from './roles.ts';
import type { SourceStateHolder } from './source-state.ts';

export interface FallbackOptions {
  readonly source: SourceStateHolder;
  readonly roles: Roles;
  readonly placements: Placements;
}

/** Maximum time between two ticks of a process that counts as awake. */
const maxTickMs = 500;
/** Share of a lease without proof after which a source without a stream starts its timer: a quarter passes at rest. */
const unprovenShare = 0.625;
/** Share of a lease after which it then opens a stream; the rest is for connecting. */
const aloneShare = 0.125;
/** Followers that lose Redis together do not open their streams at the same moment. */
const aloneSpreadMs = 250;

export class Fallback {
  readonly #options: FallbackOptions;
  readonly #source: SourceStateHolder;
  readonly #failingMs: number;
  #hasFailed = false;
  /** How long the inbox could not be read while the process was awake. */
  #inboxUnreadMs = 0;
  /** Since when the awake process has neither proof nor stream. */
  #unprovenSince: number | undefined;
  #tickedAt = performance.now();

  constructor(options: FallbackOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#failingMs = options.source.options.leaseMs / 2;
  }

  /** Whether the owner must be resolved again. */
  get isResolveDue(): boolean {
    const { state, term, isSearching, isWaitingForLog, options } = this.#source;
    if (isSearching || isWaitingForLog || !options.membership.isUp) return false;
    return (
      (state === 'alone' && this.#inboxUnreadMs === 0) || this.#hasFailed || term?.isStuck(this.#failingMs) === true
    );
  }

  /** Call a few times per second. */
  tick(): void {
    const { state, options } = this.#source;
    const now = performance.now();
    // A read proves the state at the time at which it began to block.
    const isInboxUnread = now - options.inboxProvenAt() >= unprovenShare * options.leaseMs;
    const sinceTick = now - this.#tickedAt;
    this.#inboxUnreadMs = isInboxUnread ? this.#inboxUnreadMs + Math.min(sinceTick, maxTickMs) : 0;
    this.#tickedAt = now;
    const hasStream = state !== 'follower' && state !== 'joining';
    if (hasStream || !this.#source.hasClients || !this.#source.proof.isOlderThan(unprovenShare * options.leaseMs)) {
      this.#unprovenSince = undefined;
      return;
    }
    // A process that slept tries Redis first.
    if (sinceTick > maxTickMs) this.#unprovenSince = undefined;
    this.#unprovenSince ??= now;
    if (now - this.#unprovenSince < aloneShare * options.leaseMs) return;
    this.#options.roles.standAlone();
    this.#options.placements.check();
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
      // Until the next attempt its stream continues, and subscribers get their place.
      this.#hasFailed = true;
      return false;
    }
    const isFailing = performance.now() - searchedSince >= this.#failingMs || follower?.isFailing === true;
    if (!isStuck && !isFailing && !membership.isAway) return true;
    this.#options.roles.standAlone();
    return false;
  }
}
