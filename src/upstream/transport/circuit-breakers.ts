/**
 * Circuit breakers at three places, so that each judges what it is about:
 *
 * - one caller's calls of one operation: opens by that caller's failures alone, and only for it;
 * - an operation: opens when several callers fail with it, and most of those that use it do;
 * - the upstream: the same over all callers, and over several operations.
 *
 * One credential's failures, or one operation's, therefore never refuse another's calls. After the pause of an open circuit
 * one caller tries; one whose trial failed lets the others go first.
 */
import { LRUCache } from 'lru-cache';
import { Votes } from './breaker-votes.ts';
import { type BreakerState, CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';

/** Callers that have to fail before more than those callers are held back. */
const fewestCallers = 3;
/** Operations that have to fail before the upstream counts as down. */
const fewestOperations = 2;
/** Pairs of caller and operation that have failed lately, of which a breaker is kept. */
const mostPairs = 10_000;
/** Failed trials of so many callers are remembered while a circuit is open. */
const mostTriers = 1_000;

export interface BreakersOptions extends CircuitBreakerOptions {
  /** Told of each change of the breaker of an operation; `onState` is told of the upstream's. Must not throw. */
  readonly onOperationState?: ((operation: string, state: BreakerState, pauseMs: number) => void) | undefined;
}

/** What a call reports its outcome with. */
export interface Pass {
  readonly caller: string;
  readonly operation: string;
  readonly own: number | undefined;
  readonly shared: number;
  readonly upstream: number;
}

/** Opens by the failures of many, each counted once. */
class CrowdBreaker {
  readonly #circuit: CircuitBreaker;
  readonly #callers = new Votes();
  readonly #operations: Votes | undefined;
  readonly #failures: number;
  readonly #pauseMs: number;
  /** Callers whose trial failed since the circuit opened. */
  readonly #triers = new Set<string>();
  #trier: string | undefined;

  constructor(options: CircuitBreakerOptions, isOverOperations: boolean) {
    this.#failures = options.failures;
    this.#pauseMs = options.pauseMs;
    // Counts no calls: what opens it is decided here.
    this.#circuit = new CircuitBreaker({ ...options, failures: Number.POSITIVE_INFINITY });
    this.#operations = isOverOperations ? new Votes() : undefined;
  }

  get isOpen(): boolean {
    return this.#circuit.isOpen;
  }

  remainingMs(now: number): number {
    return this.#circuit.remainingMs(now);
  }

  admit(caller: string, now: number): number | undefined {
    if (!this.#circuit.isOpen) return this.#circuit.admit(now);
    if (this.#triers.has(caller) && this.#circuit.overdueMs(now) < this.#pauseMs) return undefined;
    const pass = this.#circuit.admit(now);
    if (pass !== undefined) this.#trier = caller;
    return pass;
  }

  undecided(pass: number): void {
    this.#circuit.ignored(pass);
  }

  succeeded({ caller, operation }: Pass, pass: number, now: number): void {
    if (!this.#circuit.isCurrent(pass)) return;
    if (this.#circuit.isOpen) {
      this.#circuit.succeeded(pass, now);
      this.#forget();
    }
    this.#callers.count(caller, false, now);
    this.#operations?.count(operation, false, now);
  }

  failed({ caller, operation }: Pass, pass: number, now: number): void {
    if (!this.#circuit.isCurrent(pass)) return;
    if (this.#circuit.isOpen) {
      if (this.#circuit.isTrial(pass) && this.#trier !== undefined && this.#triers.size < mostTriers) {
        this.#triers.add(this.#trier);
      }
      this.#circuit.failed(pass, now);
      return;
    }
    this.#callers.count(caller, true, now);
    this.#operations?.count(operation, true, now);
    const isCommon =
      this.#callers.failures >= this.#failures &&
      isMost(this.#callers, fewestCallers) &&
      (this.#operations === undefined || isMost(this.#operations, fewestOperations));
    if (!isCommon) return;
    this.#circuit.trip(now);
    this.#forget();
  }

  #forget(): void {
    this.#triers.clear();
    this.#callers.clear();
    this.#operations?.clear();
  }
}

function isMost({ failing, members }: Votes, fewest: number): boolean {
  return failing >= fewest && failing * 2 > members;
}

/** Times are `performance.now()` milliseconds. */
export class Breakers {
  readonly #options: BreakersOptions;
  readonly #own = new LRUCache<string, CircuitBreaker>({ max: mostPairs });
  /** By operation: as many as the contract has. */
  readonly #shared = new Map<string, CrowdBreaker>();
  readonly #upstream: CrowdBreaker;

  constructor(options: BreakersOptions) {
    this.#options = options;
    this.#upstream = new CrowdBreaker(options, true);
  }

  get isUpstreamOpen(): boolean {
    return this.#upstream.isOpen;
  }

  /** Milliseconds until the upstream as a whole is tried; 0 while it is not held to be down. */
  upstreamRemainingMs(now: number): number {
    return this.#upstream.remainingMs(now);
  }

  /** Milliseconds until this caller's call of the operation may be tried. */
  remainingMs(caller: string, operation: string, now: number): number {
    const own = this.#own.get(pairOf(caller, operation))?.remainingMs(now) ?? 0;
    const shared = this.#shared.get(operation)?.remainingMs(now) ?? 0;
    return Math.max(own, shared, this.#upstream.remainingMs(now));
  }

  /**
   * A pass to report the outcome with; undefined when the call is refused.
   * @param caller Empty for calls without a credential, which have no breaker of their own: they are anybody's.
   */
  admit(caller: string, operation: string, now: number): Pass | undefined {
    const ownBreaker = this.#own.size === 0 ? undefined : this.#own.get(pairOf(caller, operation));
    const own = ownBreaker?.admit(now);
    if (ownBreaker !== undefined && own === undefined) return undefined;
    const sharedBreaker = this.#sharedOf(operation);
    const shared = sharedBreaker.admit(caller, now);
    const upstream = shared === undefined ? undefined : this.#upstream.admit(caller, now);
    if (shared !== undefined && upstream !== undefined) return { caller, operation, own, shared, upstream };
    if (own !== undefined) ownBreaker?.ignored(own);
    if (shared !== undefined) sharedBreaker.undecided(shared);
    return undefined;
  }

  succeeded(pass: Pass, now: number): void {
    if (pass.own !== undefined) this.#own.get(pairOf(pass.caller, pass.operation))?.succeeded(pass.own, now);
    this.#sharedOf(pass.operation).succeeded(pass, pass.shared, now);
    this.#upstream.succeeded(pass, pass.upstream, now);
  }

  failed(pass: Pass, now: number): void {
    const { caller, operation } = pass;
    if (caller !== '') {
      const own = this.#ownOf(caller, operation);
      const ownPass = pass.own ?? (own.isOpen ? undefined : own.admit(now)); // the first to fail came without one
      if (ownPass !== undefined) own.failed(ownPass, now);
    }
    this.#sharedOf(operation).failed(pass, pass.shared, now);
    this.#upstream.failed(pass, pass.upstream, now);
  }

  /** The call ended without telling anything about the upstream, for example because the client left. */
  undecided({ caller, operation, own, shared, upstream }: Pass): void {
    if (own !== undefined) this.#own.get(pairOf(caller, operation))?.ignored(own);
    this.#sharedOf(operation).undecided(shared);
    this.#upstream.undecided(upstream);
  }

  #ownOf(caller: string, operation: string): CircuitBreaker {
    const pair = pairOf(caller, operation);
    let own = this.#own.get(pair);
    if (own === undefined) {
      own = new CircuitBreaker({ ...this.#options, onState: undefined });
      this.#own.set(pair, own);
    }
    return own;
  }

  #sharedOf(operation: string): CrowdBreaker {
    let shared = this.#shared.get(operation);
    if (shared === undefined) {
      const { onOperationState } = this.#options;
      shared = new CrowdBreaker(
        { ...this.#options, onState: (state, ms) => onOperationState?.(operation, state, ms) },
        false,
      );
      this.#shared.set(operation, shared);
    }
    return shared;
  }
}

function pairOf(caller: string, operation: string): string {
  return `${caller} ${operation}`;
}
