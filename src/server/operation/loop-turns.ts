/**
 * Spreads the operations of credentials that the upstream has not accepted over turns of the event loop. Parsing and validating one
 * may take 10 ms; a thousand that arrive together would delay everything else by the time of all of them. A turn of the loop is also
 * what it takes to accept one new connection.
 */
import { GatewayError } from '../../errors.ts';
import type { MemoryBudget, Reservation } from '../memory-budget.ts';

/** Maximum operations in one turn, and milliseconds after which no further one begins in it. */
const maxPerTurn = 4;
const turnMs = 5;
/** Maximum waiting operations. */
const maxWaiting = 10_000;

interface Waiting {
  /** Counts what the operation holds until it begins. */
  readonly reservation: Reservation;
  readonly begin: () => void;
}

export class LoopTurns {
  readonly #memory: MemoryBudget;
  readonly #waiting: Waiting[] = [];
  /** Immediates of the running turn that have not been called yet. */
  #steps = 0;
  /** Time on the `performance.now()` clock at which the running turn is over; undefined before its first step. */
  #until: number | undefined;

  /** @param memory Counts the bytes of waiting operations, for credentials that the upstream has not accepted. */
  constructor(memory: MemoryBudget) {
    this.#memory = memory;
  }

  /**
   * Calls `work` in a turn with time left; first come, first served.
   * @param bytes Estimated memory that the operation holds until then.
   * @returns Its result. Rejects with GatewayError `RATE_LIMITED` when too many operations, or too many bytes of them, wait.
   */
  run<Result>(bytes: number, work: () => Result): Promise<Awaited<Result>> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= maxWaiting) {
        const message = 'Too many operations with credentials that the upstream has not accepted yet.';
        throw new GatewayError('RATE_LIMITED', { message, retryAfterSeconds: 1 });
      }
      const reservation = this.#memory.reserve(() => undefined);
      reservation.resize(bytes);
      const begin = () => {
        try {
          resolve(work() as Awaited<Result>); // a promise resolves to its value
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.push({ reservation, begin });
      if (this.#steps === 0) this.#beginTurn();
    });
  }

  #beginTurn(): void {
    this.#steps = Math.min(maxPerTurn, this.#waiting.length);
    this.#until = undefined;
    // One immediate for each, so that what an operation leaves to microtasks counts as time of the turn.
    for (let step = 0; step < this.#steps; step++) setImmediate(this.#step);
  }

  readonly #step = () => {
    const now = performance.now();
    this.#until ??= now + turnMs;
    this.#steps -= 1;
    if (now < this.#until) {
      const next = this.#waiting.shift();
      next?.reservation.release();
      next?.begin();
    }
    if (this.#steps === 0 && this.#waiting.length > 0) this.#beginTurn();
  };
}
