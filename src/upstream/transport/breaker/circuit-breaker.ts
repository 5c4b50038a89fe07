/**
 * One circuit breaker. `circuit-breakers.ts` decides which calls share one.
 *
 * cockatiel 3.2.1 is not used: it counts a cancelled trial call as a success, and every call that meets a half-open circuit
 * waits for the trial, past its own deadline.
 */

/** Outcomes are halved after one window and dropped after two. */
const windowMs = 5_000;
/** Maximum milliseconds for which a breaker stays open before the next trial. */
const maxPauseMs = 30_000;

/** `half-open`: one trial call checks whether the upstream has recovered. */
export type BreakerState = 'open' | 'half-open' | 'closed';

export interface CircuitBreakerOptions {
  /** Called on each change. `pauseMs` is the time until the next trial when the circuit opened, else 0. Must not throw. */
  readonly onState?: ((state: BreakerState, pauseMs: number) => void) | undefined;
  /** Consecutive failures that open the circuit; also the minimum number of calls before a majority of failures opens it. */
  readonly failures: number;
  /** First pause in milliseconds; each failed trial doubles it, up to 30 s. */
  readonly pauseMs: number;
  /** Milliseconds until another trial is admitted while one runs, so that a long call, such as a large file, blocks none. */
  readonly trialMs: number;
}

/**
 * Opens after `failures` consecutive failures, or when more than half of the calls of the last seconds failed. While open it
 * rejects calls; after the pause it admits one trial call, whose outcome closes or re-opens the circuit.
 * Times are `performance.now()` milliseconds.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  /** Increases with each change of state. The outcome of a call from an earlier generation is ignored. */
  #generation = 1;
  #openUntil: number | undefined;
  #isTrialRunning = false;
  #trialUntil = 0;
  #pauseMs: number;
  #consecutiveFailures = 0;
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

  /** Milliseconds until a trial is admitted; 0 when closed. */
  remainingMs(now: number): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, this.#openUntil - now);
  }

  /** Milliseconds since a trial could have been admitted; 0 when closed. */
  overdueMs(now: number): number {
    return this.#openUntil === undefined ? 0 : Math.max(0, now - this.#openUntil);
  }

  /** Whether the ticket belongs to the running trial. */
  isTrial(ticket: number): boolean {
    return this.#isTrialRunning && ticket === this.#generation;
  }

  /** False for the ticket of a call that started in an earlier state. */
  isCurrent(ticket: number): boolean {
    return ticket === this.#generation;
  }

  /** Opens the circuit regardless of its counters. */
  trip(now: number): void {
    this.#open(now);
  }

  /** @returns A ticket to report the outcome with; undefined when the call is rejected. */
  admit(now: number): number | undefined {
    if (this.#openUntil === undefined) return this.#generation;
    if (now < (this.#isTrialRunning ? this.#trialUntil : this.#openUntil)) return undefined;
    this.#isTrialRunning = true;
    this.#trialUntil = now + this.#options.trialMs;
    this.#options.onState?.('half-open', 0);
    return ++this.#generation;
  }

  succeeded(ticket: number, now: number): void {
    if (ticket !== this.#generation) return;
    if (this.#isTrialRunning) this.#close();
    this.#count(now, false);
    this.#consecutiveFailures = 0;
  }

  failed(ticket: number, now: number): void {
    if (ticket !== this.#generation) return;
    this.#count(now, true);
    this.#consecutiveFailures++;
    const isMajorityFailing = this.#total >= this.#options.failures && this.#failed * 2 > this.#total;
    if (this.#isTrialRunning || isMajorityFailing || this.#consecutiveFailures >= this.#options.failures)
      this.#open(now);
  }

  /** The call ended without information about the upstream, for example because the client disconnected. */
  ignored(ticket: number): void {
    if (ticket === this.#generation) this.#isTrialRunning = false;
  }

  #open(now: number): void {
    this.#pauseMs = this.#isTrialRunning ? Math.min(this.#pauseMs * 2, maxPauseMs) : this.#options.pauseMs;
    this.#openUntil = now + this.#pauseMs;
    this.#isTrialRunning = false;
    this.#generation++;
    this.#options.onState?.('open', this.#pauseMs);
  }

  #close(): void {
    this.#openUntil = undefined;
    this.#isTrialRunning = false;
    this.#consecutiveFailures = 0;
    this.#failed = 0;
    this.#total = 0;
    this.#options.onState?.('closed', 0);
  }

  #count(now: number, failed: boolean): void {
    const age = now - this.#windowStart;
    if (age > windowMs) {
      const weight = age > 2 * windowMs ? 0 : 0.5;
      this.#failed *= weight;
      this.#total *= weight;
      this.#windowStart = now;
    }
    this.#total++;
    if (failed) this.#failed++;
  }
}
