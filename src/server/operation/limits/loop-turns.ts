/**
 * Spreads the operations of credentials that the upstream has not accepted over turns of the event loop. Parsing and validating one
 * may take 10 ms; a thousand that arrive together would delay everything else by seconds. One new connection is accepted per turn,
 * so turns must be short.
 */
import { GatewayError } from '../../../errors.ts';
import { Cancellable, type CancellationSource } from '../../../upstream/cancellation.ts';
import type { MemoryBudget, Reservation } from '../../memory-budget.ts';

/** Maximum operations in one turn, and milliseconds after which no further one begins in it. */
const maxPerTurn = 4;
const turnMs = 5;

/** Callbacks of an operation: in its turn, or when the client disconnects before. */
export interface TurnWork<Result> {
  /** Source of the client's disconnection; undefined when there is none. */
  readonly client: CancellationSource | undefined;
  readonly begin: () => Result;
  /** The result when the client disconnects before the turn: the operation does not start. */
  readonly onDisconnect: () => Awaited<Result> | Promise<Awaited<Result>>;
}

/** An operation that waits for its turn. */
class Waiting extends Cancellable {
  readonly #queue: Set<Waiting>;
  /** Counts what the operation holds until it begins. */
  readonly #reservation: Reservation;
  readonly #client: CancellationSource | undefined;
  readonly #begin: () => void;
  readonly #onDisconnect: () => void;

  constructor(queue: Set<Waiting>, reservation: Reservation, { client, begin, onDisconnect }: TurnWork<void>) {
    super();
    this.#queue = queue;
    this.#reservation = reservation;
    this.#client = client;
    this.#begin = begin;
    this.#onDisconnect = onDisconnect;
    queue.add(this);
    client?.register(this);
  }

  begin(): void {
    this.#client?.unregister(this);
    this.#leave();
    this.#begin();
  }

  override cancel(): void {
    this.#leave();
    this.#onDisconnect();
  }

  #leave(): void {
    this.#queue.delete(this);
    this.#reservation.release();
  }
}

export class LoopTurns {
  readonly #memory: MemoryBudget;
  readonly #maxWaiting: number;
  /** Waiting operations in order of arrival. */
  readonly #waiting = new Set<Waiting>();
  /** Immediates of the running turn that have not been called yet. */
  #steps = 0;
  /** Time on the `performance.now()` clock at which the running turn is over; undefined before its first step. */
  #until: number | undefined;

  /**
   * @param memory Counts the bytes of waiting operations, for credentials that the upstream has not accepted.
   * @param maxWaiting Maximum waiting operations.
   */
  constructor(memory: MemoryBudget, maxWaiting: number) {
    this.#memory = memory;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Calls `begin` in a turn with time left; first in, first out.
   * @param bytes Estimated memory that the operation holds until then.
   * @returns Its result. Rejects with GatewayError `RATE_LIMITED` when too many operations, or too many bytes of them, wait.
   */
  run<Result>(bytes: number, { client, begin, onDisconnect }: TurnWork<Result>): Promise<Awaited<Result>> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= this.#maxWaiting) {
        const message = 'Too many operations with credentials that the upstream has not accepted yet.';
        throw new GatewayError('RATE_LIMITED', { message, retryAfterSeconds: 1 });
      }
      const reservation = this.#memory.reserve(() => undefined);
      reservation.resize(bytes);
      const work = () => {
        try {
          resolve(begin() as Awaited<Result>); // a promise resolves to its value
        } catch (error) {
          reject(error);
        }
      };
      new Waiting(this.#waiting, reservation, { client, begin: work, onDisconnect: () => resolve(onDisconnect()) });
      if (this.#steps === 0 && this.#waiting.size > 0) this.#beginTurn();
    });
  }

  #beginTurn(): void {
    this.#steps = Math.min(maxPerTurn, this.#waiting.size);
    this.#until = undefined;
    // One immediate per operation, so that its microtasks count as time of the turn.
    for (let step = 0; step < this.#steps; step++) setImmediate(this.#step);
  }

  readonly #step = () => {
    const now = performance.now();
    this.#until ??= now + turnMs;
    this.#steps -= 1;
    if (now < this.#until) {
      const [next] = this.#waiting;
      next?.begin();
    }
    if (this.#steps === 0 && this.#waiting.size > 0) this.#beginTurn();
  };
}
