/**
 * Admission of calls to the upstream: a semaphore with a limit over all callers, a limit for each caller, and bounded queues.
 * Free permits go to the waiting callers round robin, so that one caller's long queue does not delay another's single call.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';

export interface SemaphoreBounds {
  /** Permits of all callers together. */
  readonly permits: number;
  readonly permitsPerCaller: number;
  /** Limit for callers whose credential the upstream has not accepted yet. Undefined: no such limit. */
  readonly unaccepted?: {
    /** Permits of such a caller. */
    readonly permits: number;
    /** Evaluated when a caller's queue is created. */
    readonly isAccepted: (key: string) => boolean;
  };
  /** Maximum number of waiting calls of all callers together. */
  readonly queue: number;
  readonly queuePerCaller: number;
}

/** A call that needs a permit. It holds or waits for one at a time, and may acquire again after the release. */
export interface Waiter extends LinkedQueueNode<Waiter> {
  /** The queue of its caller while it waits or holds a permit. Written by `FairSemaphore` only. */
  callerQueue: CallerQueue | undefined;
  /** The permit was acquired. Called in a later microtask; a waiter cancelled in between must release its permit. */
  onAcquired(): void;
}

/** The running and waiting calls of one caller. */
class CallerQueue implements LinkedQueueNode<CallerQueue> {
  readonly key: string;
  /** The upstream accepted its credential: the full limit per caller applies. */
  isAccepted: boolean;
  running = 0;
  waiting = 0;
  readonly waiters = new LinkedQueue<Waiter>();
  owner: object | undefined;
  prev: CallerQueue | undefined;
  next: CallerQueue | undefined;

  constructor(key: string, isAccepted: boolean) {
    this.key = key;
    this.isAccepted = isAccepted;
  }
}

/** `acquired`: the permit is held. `waiting`: `onAcquired` follows. Otherwise the queue that is full. */
export type Admission = 'acquired' | 'waiting' | Rejection;
export type Rejection = 'caller' | 'all';

/** Schedules microtasks; unlike `queueMicrotask` it creates no AsyncResource for each. */
const microtask = Promise.resolve();

export class FairSemaphore {
  readonly #bounds: SemaphoreBounds;
  /** By caller; a queue exists only while one of its calls runs or waits. */
  readonly #queues = new Map<string, CallerQueue>();
  /** Queues with a waiting call whose caller is below its limit, in round-robin order. */
  readonly #ready = new LinkedQueue<CallerQueue>();
  /** Waiters that have a permit and whose `onAcquired` has not been called yet. */
  #acquired: Waiter[] = [];
  #running = 0;
  #waiting = 0;

  constructor(bounds: SemaphoreBounds) {
    this.#bounds = bounds;
  }

  /** Callers with a call running or waiting. */
  get callers(): number {
    return this.#queues.size;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Acquires a permit for the caller `key`, now or later. `release` returns it. */
  acquire(key: string, waiter: Waiter): Admission {
    const callerQueue = this.#queues.get(key);
    const { permits, queuePerCaller, queue } = this.#bounds;
    const isFree =
      this.#running < permits &&
      (callerQueue === undefined || (this.#isBelowLimit(callerQueue) && callerQueue.waiting === 0));
    if (!isFree) {
      if (callerQueue !== undefined && callerQueue.waiting >= queuePerCaller) return 'caller';
      if (this.#waiting >= queue) return 'all';
    }
    const own = callerQueue ?? this.#newQueue(key);
    waiter.callerQueue = own;
    if (isFree) {
      this.#running++;
      own.running++;
      return 'acquired';
    }
    own.waiters.enqueue(waiter);
    own.waiting++;
    this.#waiting++;
    this.#updateReady(own);
    return 'waiting';
  }

  /** Returns the permit. Does nothing when `waiter` holds none. */
  release(waiter: Waiter): void {
    const { callerQueue } = waiter;
    if (callerQueue === undefined) return;
    waiter.callerQueue = undefined;
    callerQueue.running--;
    this.#running--;
    this.#updateReady(callerQueue);
    this.#dispatch();
  }

  /** Removes `waiter` from its queue. @returns False when it does not wait; a permit it holds still needs `release`. */
  cancelWait(waiter: Waiter): boolean {
    const { callerQueue } = waiter;
    if (callerQueue === undefined || !callerQueue.waiters.remove(waiter)) return false;
    waiter.callerQueue = undefined;
    callerQueue.waiting--;
    this.#waiting--;
    this.#updateReady(callerQueue);
    return true;
  }

  /** The upstream accepted or rejected the credential of this waiter's caller. Call before `release`. */
  setAccepted(waiter: Waiter, isAccepted: boolean): void {
    const { callerQueue } = waiter;
    if (callerQueue !== undefined) callerQueue.isAccepted = isAccepted;
  }

  #isBelowLimit({ running, isAccepted }: CallerQueue): boolean {
    return running < (isAccepted ? this.#bounds.permitsPerCaller : (this.#bounds.unaccepted?.permits ?? 0));
  }

  #newQueue(key: string): CallerQueue {
    const callerQueue = new CallerQueue(key, this.#bounds.unaccepted?.isAccepted(key) ?? true);
    this.#queues.set(key, callerQueue);
    return callerQueue;
  }

  /** Adds the queue to the ready queues or removes it, after its counters changed. Deletes an empty queue. */
  #updateReady(callerQueue: CallerQueue): void {
    if (callerQueue.waiting > 0 && this.#isBelowLimit(callerQueue)) {
      this.#ready.enqueue(callerQueue);
      return;
    }
    this.#ready.remove(callerQueue);
    if (callerQueue.waiting + callerQueue.running === 0) this.#queues.delete(callerQueue.key);
  }

  #dispatch(): void {
    while (this.#running < this.#bounds.permits) {
      // Dequeued here and appended again by #updateReady: the next permit goes to the next caller.
      const callerQueue = this.#ready.dequeue();
      const waiter = callerQueue?.waiters.dequeue();
      if (callerQueue === undefined || waiter === undefined) return;
      callerQueue.waiting--;
      this.#waiting--;
      callerQueue.running++;
      this.#running++;
      this.#updateReady(callerQueue);
      if (this.#acquired.push(waiter) === 1) microtask.then(this.#notify);
    }
  }

  /** Runs after the release has returned: the connection of the released call is free only then. */
  readonly #notify = () => {
    const acquired = this.#acquired;
    this.#acquired = [];
    for (const waiter of acquired) waiter.onAcquired();
  };
}
