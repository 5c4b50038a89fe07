/**
 * Circuit breakers at three levels:
 *
 * - caller and operation: opens after failures of this caller, for this caller only;
 * - operation: opens when several callers fail with it and they are the majority of its recent callers;
 * - upstream: the same over all callers and several operations.
 *
 * Failures of one credential or of one operation therefore never reject the calls of another. After the pause of an open
 * circuit one caller makes the trial; a caller whose trial failed lets other callers go first.
 */
import { LRUCache } from 'lru-cache';
import { type BreakerState, CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
import { OutcomeWindow } from './outcome-window.ts';

/** Minimum number of failing callers before the breaker of an operation or of the upstream opens. */
const minFailingCallers = 3;
/** Minimum number of failing operations before the breaker of the upstream opens. */
const minFailingOperations = 2;
/** Maximum number of breakers for pairs of caller and operation; the least recently used is dropped. */
const maxPairs = 10_000;
/** Maximum number of callers whose failed trials are remembered while a circuit is open. */
const maxFailedTrials = 1_000;

export interface CircuitBreakersOptions extends CircuitBreakerOptions {
  /** Called when the breaker of an operation changes; `onState` is called for the breaker of the upstream. Must not throw. */
  readonly onOperationState?: ((operation: string, state: BreakerState, pauseMs: number) => void) | undefined;
}

/** Admission of one call at all three levels; the call reports its outcome with it. */
export interface BreakerTicket {
  readonly caller: string;
  readonly operation: string;
  /** Ticket of the breaker of caller and operation; undefined when there was none. */
  readonly own: number | undefined;
  /** Ticket of the operation's breaker. */
  readonly shared: number;
  /** Ticket of the upstream's breaker. */
  readonly upstream: number;
}

/** Opens when the majority of its callers fail; each caller counts once. */
class SharedBreaker {
  readonly #circuit: CircuitBreaker;
  readonly #callers = new OutcomeWindow();
  readonly #operations: OutcomeWindow | undefined;
  readonly #failures: number;
  readonly #pauseMs: number;
  /** Callers whose trial failed since the circuit opened. */
  readonly #failedTrials = new Set<string>();
  #trialCaller: string | undefined;

  constructor(options: CircuitBreakerOptions, countsOperations: boolean) {
    this.#failures = options.failures;
    this.#pauseMs = options.pauseMs;
    // Infinity: the circuit never opens by its own counters, only by `trip`.
    this.#circuit = new CircuitBreaker({ ...options, failures: Number.POSITIVE_INFINITY });
    this.#operations = countsOperations ? new OutcomeWindow() : undefined;
  }

  get isOpen(): boolean {
    return this.#circuit.isOpen;
  }

  remainingMs(now: number): number {
    return this.#circuit.remainingMs(now);
  }

  admit(caller: string, now: number): number | undefined {
    if (!this.#circuit.isOpen) return this.#circuit.admit(now);
    if (this.#failedTrials.has(caller) && this.#circuit.overdueMs(now) < this.#pauseMs) return undefined;
    const ticket = this.#circuit.admit(now);
    if (ticket !== undefined) this.#trialCaller = caller;
    return ticket;
  }

  ignored(ticket: number): void {
    this.#circuit.ignored(ticket);
  }

  succeeded({ caller, operation }: BreakerTicket, ticket: number, now: number): void {
    if (!this.#circuit.isCurrent(ticket)) return;
    if (this.#circuit.isOpen) {
      this.#circuit.succeeded(ticket, now);
      this.#reset();
    }
    this.#callers.count(caller, false, now);
    this.#operations?.count(operation, false, now);
  }

  failed({ caller, operation }: BreakerTicket, ticket: number, now: number): void {
    if (!this.#circuit.isCurrent(ticket)) return;
    if (this.#circuit.isOpen) {
      if (
        this.#circuit.isTrial(ticket) &&
        this.#trialCaller !== undefined &&
        this.#failedTrials.size < maxFailedTrials
      ) {
        this.#failedTrials.add(this.#trialCaller);
      }
      this.#circuit.failed(ticket, now);
      return;
    }
    this.#callers.count(caller, true, now);
    this.#operations?.count(operation, true, now);
    const isWidespread =
      this.#callers.failures >= this.#failures &&
      isMajorityFailing(this.#callers, minFailingCallers) &&
      (this.#operations === undefined || isMajorityFailing(this.#operations, minFailingOperations));
    if (!isWidespread) return;
    this.#circuit.trip(now);
    this.#reset();
  }

  #reset(): void {
    this.#failedTrials.clear();
    this.#callers.clear();
    this.#operations?.clear();
  }
}

function isMajorityFailing({ failing, members }: OutcomeWindow, minimum: number): boolean {
  return failing >= minimum && failing * 2 > members;
}

/** Times are `performance.now()` milliseconds. */
export class CircuitBreakers {
  readonly #options: CircuitBreakersOptions;
  readonly #own = new LRUCache<string, CircuitBreaker>({ maxSize: maxPairs, sizeCalculation: () => 1 });
  /** By operation; bounded by the number of operations in the contract. */
  readonly #shared = new Map<string, SharedBreaker>();
  readonly #upstream: SharedBreaker;

  constructor(options: CircuitBreakersOptions) {
    this.#options = options;
    this.#upstream = new SharedBreaker(options, true);
  }

  get isUpstreamOpen(): boolean {
    return this.#upstream.isOpen;
  }

  /** Milliseconds until the upstream's breaker admits a trial; 0 while it is closed. */
  upstreamRemainingMs(now: number): number {
    return this.#upstream.remainingMs(now);
  }

  /** Milliseconds until a call of this operation by this caller may be admitted. */
  remainingMs(caller: string, operation: string, now: number): number {
    const own = this.#own.get(pairOf(caller, operation))?.remainingMs(now) ?? 0;
    const shared = this.#shared.get(operation)?.remainingMs(now) ?? 0;
    return Math.max(own, shared, this.#upstream.remainingMs(now));
  }

  /**
   * @returns A ticket to report the outcome with; undefined when the call is rejected.
   * @param caller Empty for calls without a credential. They have no breaker per caller, because they share no identity.
   */
  admit(caller: string, operation: string, now: number): BreakerTicket | undefined {
    const ownBreaker = this.#own.size === 0 ? undefined : this.#own.get(pairOf(caller, operation));
    const own = ownBreaker?.admit(now);
    if (ownBreaker !== undefined && own === undefined) return undefined;
    const sharedBreaker = this.#sharedOf(operation);
    const shared = sharedBreaker.admit(caller, now);
    const upstream = shared === undefined ? undefined : this.#upstream.admit(caller, now);
    if (shared !== undefined && upstream !== undefined) return { caller, operation, own, shared, upstream };
    if (own !== undefined) ownBreaker?.ignored(own);
    if (shared !== undefined) sharedBreaker.ignored(shared);
    return undefined;
  }

  succeeded(ticket: BreakerTicket, now: number): void {
    if (ticket.own !== undefined) this.#own.get(pairOf(ticket.caller, ticket.operation))?.succeeded(ticket.own, now);
    this.#sharedOf(ticket.operation).succeeded(ticket, ticket.shared, now);
    this.#upstream.succeeded(ticket, ticket.upstream, now);
  }

  failed(ticket: BreakerTicket, now: number): void {
    const { caller, operation } = ticket;
    if (caller !== '') {
      const own = this.#ownOf(caller, operation);
      // Without a ticket when this breaker did not exist at admission: the first failure creates it.
      const ownTicket = ticket.own ?? (own.isOpen ? undefined : own.admit(now));
      if (ownTicket !== undefined) own.failed(ownTicket, now);
    }
    this.#sharedOf(operation).failed(ticket, ticket.shared, now);
    this.#upstream.failed(ticket, ticket.upstream, now);
  }

  /** The call ended without information about the upstream, for example because the client disconnected. */
  ignored({ caller, operation, own, shared, upstream }: BreakerTicket): void {
    if (own !== undefined) this.#own.get(pairOf(caller, operation))?.ignored(own);
    this.#sharedOf(operation).ignored(shared);
    this.#upstream.ignored(upstream);
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

  #sharedOf(operation: string): SharedBreaker {
    let shared = this.#shared.get(operation);
    if (shared === undefined) {
      const { onOperationState } = this.#options;
      shared = new SharedBreaker(
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
