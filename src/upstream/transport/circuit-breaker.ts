/**
 * One circuit breaker; `circuit-breakers.ts` says whose.
 *
 * Written here because cockatiel 3.2.1, the library at hand, takes a cancelled trial for a success and lets every call
 * that meets a half-open circuit wait for the trial, past its own deadline.
 */

/** Failures and successes older than this count for less and less. */
const windowMs = 5_000;
const maxPauseMs = 30_000;

/** `half-open`: one call tries whether the upstream is back. */
export type BreakerState = 'open' | 'half-open' | 'closed';

export interface CircuitBreakerOptions {
  /** Told of each change. `pauseMs` is the time until the next trial, when it has opened. Must not throw. */
  readonly onState?: ((state: BreakerState, pauseMs: number) => void) | undefined;
  /** Failures in a row that open the circuit; also the fewest calls before the failing half opens it. */
  readonly failures: number;
  /** Milliseconds of the first pause; each failed trial doubles it, up to 30 s. */
  readonly pauseMs: number;
  /** Milliseconds a trial may take: a call that takes longer, such as a large file, keeps nobody else from being the trial. */
  readonly trialMs: number;
}

/**
 * Opens after `failures` failures in a row, or when more than half of the calls of the last seconds failed. While open,
 * calls are refused; after the pause one trial call is let through, whose outcome closes or re-opens the circuit.
 * Times are `performance.now()` milliseconds.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  /** Changes with the state, so that calls begun in an earlier state say nothing about this one. */
  #generation = 1;
  #openUntil: number | undefined;
  #trialRuns = false;
  #trialUntil = 0;
  #pauseMs: number;
  #inARow = 0;
  #failed = 0;
  #total = 0;
  #windowStart = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#pauseMs = options.pauseMs;
  }

  get isOpen(): boolean {
    return this.#openUntil !== undefined;
  }

  /** Milliseconds until a trial is let through. */
  remainingMs(now: number): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - now);
  }

  /** Milliseconds since a trial could have been let through. */
  overdueMs(now: number): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, now - this.#openUntil);
  }

  /** Whether the pass is that of the trial that runs. */
  isTrial(ticket: number): boolean {
    return this.#trialRuns && ticket === this.#generation;
  }

  /** False for the pass of a call that began in an earlier state, and says nothing about this one. */
  isCurrent(ticket: number): boolean {
    return ticket === this.#generation;
  }

  /** Opens it, for reasons of the caller's own. */
  trip(now: number): void {
    this.#open(now);
  }

  /** A pass to report the outcome with; undefined when the call is refused. */
  admit(now: number): number | undefined {
    if (this.#openUntil === undefined) return this.#generation;
    if (now < (this.#trialRuns ? this.#trialUntil : this.#openUntil)) return undefined;
    this.#trialRuns = true;
    this.#trialUntil = now + this.#options.trialMs;
    this.#options.onState?.('half-open', 0);
    return ++this.#generation;
  }

  succeeded(ticket: number, now: number): void {
    if (ticket !== this.#generation) return;
    if (this.#trialRuns) this.#close();
    this.#count(now, false);
    this.#inARow = 0;
  }

  failed(ticket: number, now: number): void {
    if (ticket !== this.#generation) return;
    this.#count(now, true);
    this.#inARow++;
    const isMajorityFailing = this.#total >= this.#options.failures && this.#failed * 2 > this.#total;
    if (this.#trialRuns || isMajorityFailing || this.#inARow >= this.#options.failures) this.#open(now);
  }

  /** The call ended without telling anything about the upstream, for example because the client left. */
  ignored(ticket: number): void {
    if (ticket === this.#generation) this.#trialRuns = false;
  }

  #open(now: number): void {
    this.#pauseMs = this.#trialRuns ? Math.min(this.#pauseMs * 2, maxPauseMs) : this.#options.pauseMs;
    this.#openUntil = now + this.#pauseMs;
    this.#trialRuns = false;
    this.#generation++;
    this.#options.onState?.('open', this.#pauseMs);
  }

  #close(): void {
    this.#openUntil = undefined;
    this.#trialRuns = false;
    this.#inARow = 0;
    this.#failed = 0;
    this.#total = 0;
    this.#options.onState?.('closed', 0);
  }

  #count(now: number, failed: boolean): void {
    const age = now - this.#windowStart;
    if (age > windowMs) {
      const share = age > 2 * windowMs ? 0 : 0.5;
      this.#failed *= share;
      this.#total *= share;
      this.#windowStart = now;
    }
    this.#total++;
    if (failed) this.#failed++;
  }
}
