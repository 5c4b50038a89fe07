/**
 * Spreads the operations of credentials that the upstream has not accepted over turns of the event loop. Parsing and validating one
 * may take 10 ms; a thousand that arrive together would delay everything else by seconds. One new connection is accepted per turn,
 * so turns must be short. Addresses take turns, and share the places of the full queue, so that the operations of one client neither
 * delay nor reject the sign-in of another.
 */
import { GatewayError } from '../../../errors.ts';
import { Cancellable, type CancellationSource } from '../../../upstream/cancellation.ts';
import { AddressTurns, type AtAddress } from '../../../upstream/transport/admission/address-turns.ts';
import type { MemoryBudget, Reservation } from '../../memory-budget.ts';

/** Maximum operations in one turn, and milliseconds after which no further one begins in it. */
const maxPerTurn = 4;
const turnMs = 5;

/** Callbacks of an operation: in its turn, or when the client disconnects before. */
export interface TurnWork<Result> {
  /** Source of the client's disconnection; undefined when there is none. */
  readonly client: CancellationSource | undefined;
  /** Group in which limits count the client's address. */
  readonly address: string;
  readonly begin: () => Result;
  /** The result when the client disconnects before the turn: the operation does not start. */
  readonly onDisconnect: () => Awaited<Result> | Promise<Awaited<Result>>;
}

/** Work whose operation may lose its place to another address. */
interface WaitingWork extends TurnWork<void> {
  readonly onDisplaced: () => void;
}

/** An operation that waits for its turn. */
class Waiting extends Cancellable implements AtAddress<Waiting> {
  readonly #turns: AddressTurns<Waiting>;
  /** Counts what the operation holds until it begins. */
  readonly #reservation: Reservation;
  readonly #work: WaitingWork;
  owner: AtAddress<Waiting>['owner'];
  prev: Waiting | undefined;
  next: Waiting | undefined;

  constructor(turns: AddressTurns<Waiting>, reservation: Reservation, work: WaitingWork) {
    super();
    this.#turns = turns;
    this.#reservation = reservation;
    this.#work = work;
    turns.count(this, 1);
    turns.enqueue(this);
    work.client?.register(this);
  }

  get address(): string {
    return this.#work.address;
  }

  begin(): void {
    this.#leave();
    this.#work.begin();
  }

  /** It loses its place. */
  displace(): void {
    this.#leave();
    this.#work.onDisplaced();
  }

  override cancel(): void {
    this.#leave();
    this.#work.onDisconnect();
  }

  #leave(): void {
    this.#work.client?.unregister(this);
    this.#turns.count(this, -1);
    this.#reservation.release();
  }
}

export class LoopTurns {
  readonly #memory: MemoryBudget;
  readonly #maxWaiting: number;
  /** Waiting operations. */
  readonly #waiting = new AddressTurns<Waiting>();
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
   * Calls `begin` in a turn with time left; first in, first out for each address.
   * @param bytes Estimated memory that the operation holds until then.
   * @returns Its result. Rejects with GatewayError `RATE_LIMITED` when too many operations, or too many bytes of them, wait: this
   *   one, or the newest of the address with the most.
   */
  run<Result>(bytes: number, { client, address, begin, onDisconnect }: TurnWork<Result>): Promise<Awaited<Result>> {
    return new Promise((resolve, reject) => {
      const isFull = this.#waiting.size >= this.#maxWaiting;
      const displaced = isFull ? this.#waiting.newestBeside({ address }) : undefined;
      if (isFull && displaced === undefined) throw tooMany();
      const reservation = this.#memory.reserve(() => undefined, address);
      reservation.resize(bytes);
      displaced?.displace();
      const work = () => {
        try {
          resolve(begin() as Awaited<Result>); // a promise resolves to its value
        } catch (error) {
          reject(error);
        }
      };
      new Waiting(this.#waiting, reservation, {
        client,
        address,
        begin: work,
        onDisconnect: () => resolve(onDisconnect()),
        onDisplaced: () => reject(tooMany()),
      });
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
    if (now < this.#until) this.#waiting.dequeue()?.begin();
    if (this.#steps === 0 && this.#waiting.size > 0) this.#beginTurn();
  };
}

function tooMany(): GatewayError {
  const message = 'Too many operations with credentials that the upstream has not accepted yet.';
  return new GatewayError('RATE_LIMITED', { message, retryAfterSeconds: 1 });
}
