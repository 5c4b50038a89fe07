/**
 * Admission of calls to the upstream: a bound over all callers, a bound for each, and bounded queues behind them.
 * A free place goes to the waiting callers in turn, so that one caller's long queue does not delay another's single call.
 */
import type { Cancellation } from './cancellation.ts';

export interface LaneBounds {
  /** Places for all callers together. */
  readonly places: number;
  readonly placesPerCaller: number;
  readonly queue: number;
  readonly queuePerCaller: number;
}

interface Lane {
  readonly key: string;
  running: number;
  /** Insertion order is the order of service; a set, so that a cancelled call leaves at once. Made when one has to wait. */
  waiting: Set<() => void> | undefined;
}

function waitingIn({ waiting }: Lane): number {
  return waiting?.size ?? 0;
}

/** Why a call was not even queued. */
export type Refusal = 'caller' | 'everyone';

export class Lanes {
  readonly #bounds: LaneBounds;
  /** A lane exists only while one of its calls runs or waits. */
  readonly #lanes = new Map<string, Lane>();
  /** Lanes with a waiting call and a place of their own left, in order of service. */
  readonly #ready = new Set<Lane>();
  #running = 0;
  #waiting = 0;

  constructor(bounds: LaneBounds) {
    this.#bounds = bounds;
  }

  /** Callers with a call running or waiting. */
  get callers(): number {
    return this.#lanes.size;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a place for `key`, which `leave` gives back.
   * @returns Undefined when a place was free, a promise of one otherwise, or which queue is full. The promise rejects with
   *   the call's reason when it is cancelled while it waits.
   */
  enter(key: string, call: Cancellation): Promise<void> | Refusal | undefined {
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      if (this.#running < this.#bounds.places) {
        this.#running++;
        this.#lanes.set(key, { key, running: 1, waiting: undefined });
        return undefined;
      }
    } else if (
      this.#running < this.#bounds.places &&
      lane.running < this.#bounds.placesPerCaller &&
      waitingIn(lane) === 0
    ) {
      this.#running++;
      lane.running++;
      return undefined;
    }
    if (lane !== undefined && waitingIn(lane) >= this.#bounds.queuePerCaller) return 'caller';
    if (this.#waiting >= this.#bounds.queue) return 'everyone';
    return this.#wait(lane ?? this.#newLane(key), call);
  }

  leave(key: string): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.running--;
    this.#running--;
    this.#settle(lane);
    this.#serve();
  }

  #newLane(key: string): Lane {
    const lane: Lane = { key, running: 0, waiting: undefined };
    this.#lanes.set(key, lane);
    return lane;
  }

  #wait(lane: Lane, call: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        call.onCancel = undefined;
        resolve();
      };
      call.onCancel = (reason) => {
        call.onCancel = undefined;
        lane.waiting?.delete(granted);
        this.#waiting--;
        this.#settle(lane);
        reject(reason);
      };
      lane.waiting ??= new Set();
      lane.waiting.add(granted);
      this.#waiting++;
      this.#settle(lane);
    });
  }

  /** Puts the lane where it belongs after its numbers changed. */
  #settle(lane: Lane): void {
    if (waitingIn(lane) === 0) {
      this.#ready.delete(lane);
      if (lane.running === 0) this.#lanes.delete(lane.key);
    } else if (lane.running < this.#bounds.placesPerCaller) {
      this.#ready.add(lane);
    } else {
      this.#ready.delete(lane);
    }
  }

  #serve(): void {
    while (this.#running < this.#bounds.places) {
      const [lane] = this.#ready;
      if (lane === undefined) return;
      const [granted] = lane.waiting ?? [];
      if (granted === undefined) return;
      lane.waiting?.delete(granted);
      this.#waiting--;
      lane.running++;
      this.#running++;
      // To the end of the row: the next place goes to the next caller.
      this.#ready.delete(lane);
      this.#settle(lane);
      granted();
    }
  }
}
