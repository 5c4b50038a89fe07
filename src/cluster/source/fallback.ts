/**
 * Handles failures of Redis: a follower then stands alone, an owner continues its term. Redis may also fail for one caller and
 * answer heartbeats, when a node of a cluster is gone: then the owner stands alone as well, which its followers detect. A follower
 * stands alone when its own inbox is on that node, because no message wakes it, and when Redis answers too seldom to get its place
 * again. Its stream is open before the lease since its last proof ends, so that it lacks nothing.
 */
import type { Placements } from '../follower/placements.ts';
import type { Roles } from './roles.ts';
import type { SourceStateHolder } from './source-state.ts';
import { awakeMs, UnprovenTimer } from './unproven-timer.ts';

export interface FallbackOptions {
  readonly source: SourceStateHolder;
  readonly roles: Pick<Roles, 'standAlone'>;
  readonly placements: Pick<Placements, 'check'>;
}

/** Share of a lease over which followers that lose Redis together open their streams. */
const aloneSpreadShare = 1 / 16;

export class Fallback {
  readonly #options: FallbackOptions;
  readonly #source: SourceStateHolder;
  readonly #failingMs: number;
  readonly #timer: UnprovenTimer;
  #hasFailed = false;
  /** How long the inbox could not be read while the process was awake. */
  #inboxUnreadMs = 0;
  #tickedAt = performance.now();

  constructor(options: FallbackOptions) {
    this.#options = options;
    this.#source = options.source;
    const { leaseMs } = options.source.options;
    this.#failingMs = leaseMs / 2;
    this.#timer = new UnprovenTimer(leaseMs);
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
    const { state, options, hasClients, proof } = this.#source;
    const { tooOldMs } = this.#timer;
    const now = performance.now();
    const sinceTickMs = now - this.#tickedAt;
    this.#tickedAt = now;
    // A read proves the state at the time at which it began to block.
    const isInboxUnread = now - options.inboxProvenAt() >= tooOldMs;
    this.#inboxUnreadMs = isInboxUnread ? this.#inboxUnreadMs + awakeMs(sinceTickMs) : 0;
    const hasStream = state !== 'follower' && state !== 'joining';
    const isUnproven = !hasStream && hasClients && proof.isOlderThan(tooOldMs);
    if (!this.#timer.tick(sinceTickMs, isUnproven)) return;
    this.#options.roles.standAlone();
    this.#options.placements.check();
  }

  /** Redis has been away for half a lease. */
  redisAway(): void {
    if (this.#source.state === 'owner' || this.#source.state === 'alone') return;
    setTimeout(
      () => {
        if (!this.#source.options.membership.isAway || this.#source.state === 'owner') return;
        this.#options.roles.standAlone();
        this.#options.placements.check();
      },
      Math.random() * aloneSpreadShare * this.#source.options.leaseMs,
    );
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
