/**
 * Handles failures of Redis: a follower then stands alone, an owner continues its term. Redis may also fail for one caller and
 * answer heartbeats, when a node of a cluster is gone: then the owner stands alone as well, which its followers detect. A follower
 * stands alone when its own inbox is on that node, because no message wakes it, and when Redis answers too seldom to get its place
 * again. Its stream is open before the lease since its last proof ends, so that it lacks nothing.
 */
import type { Placements } from '../follower/placements.ts';
import type { Membership } from '../membership/membership.ts';
import type { Proof } from './proof.ts';
import type { Roles } from './roles.ts';
import type { SharedSourceOptions, SourceStateHolder } from './source-state.ts';

/** What it reads of a source. */
export type FallbackSource = Pick<
  SourceStateHolder,
  'state' | 'hasClients' | 'isSearching' | 'isWaitingForLog' | 'searchedSince'
> & {
  readonly term: Pick<NonNullable<SourceStateHolder['term']>, 'isStuck'> | undefined;
  readonly follower: Pick<NonNullable<SourceStateHolder['follower']>, 'isFailing'> | undefined;
  readonly proof: Pick<Proof, 'isOlderThan'>;
  readonly options: Pick<SharedSourceOptions, 'leaseMs' | 'inboxProvenAt'> & {
    readonly membership: Pick<Membership, 'isUp' | 'isAway'>;
  };
};

export interface FallbackOptions {
  readonly source: FallbackSource;
  readonly roles: Pick<Roles, 'standAlone'>;
  readonly placements: Pick<Placements, 'check'>;
}

/** Maximum time between two ticks of a process that counts as awake; of a longer time it is the part that counts. */
const maxTickMs = 500;
/** After a longer time without a tick a process tries Redis first, whatever it found before. */
const maxLateMs = 2_000;
/** Share of a lease without proof after which a source without a stream starts its timer: a quarter passes at rest. */
const unprovenShare = 0.625;
/** Share of a lease after which it then opens a stream; the rest is for connecting. */
const aloneShare = 0.125;
/** A little less than the time between two ticks: the last tick within that share counts, also where a lease has only few. */
const nextTickMs = 240;
/** Share of a lease over which followers that lose Redis together open their streams. */
const aloneSpreadShare = 1 / 16;

export class Fallback {
  readonly #options: FallbackOptions;
  readonly #source: FallbackSource;
  readonly #failingMs: number;
  #hasFailed = false;
  /** How long the inbox could not be read while the process was awake. */
  #inboxUnreadMs = 0;
  /** For how long the awake process has had neither proof nor stream. */
  #unprovenMs: number | undefined;
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
      this.#unprovenMs = undefined;
      return;
    }
    // A process that slept tries Redis first.
    const isFirst = this.#unprovenMs === undefined || sinceTick > maxLateMs;
    this.#unprovenMs = isFirst ? 0 : (this.#unprovenMs ?? 0) + Math.min(sinceTick, maxTickMs);
    if (isFirst && sinceTick > maxTickMs) return;
    if (this.#unprovenMs + nextTickMs < aloneShare * options.leaseMs) return;
    this.#options.roles.standAlone();
    this.#options.placements.check();
  }

  /** Redis has been away for half a lease. */
  redisAway(): void {
    if (this.#source.state === 'owner' || this.#source.state === 'alone') return;
    const withinMs = aloneSpreadShare * this.#source.options.leaseMs;
    setTimeout(() => {
      if (!this.#source.options.membership.isAway || this.#source.state === 'owner') return;
      this.#options.roles.standAlone();
      this.#options.placements.check();
    }, Math.random() * withinMs);
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
