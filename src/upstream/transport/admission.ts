/**
 * Admission of calls to the upstream: a bound over all callers, a bound for each, and bounded queues behind them.
 * A free place goes to the waiting callers in turn, so that one caller's long queue does not delay another's single call.
 */
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';

export interface SemaphoreBounds {
  /** Places for all callers together. */
  readonly permits: number;
  readonly permitsPerCaller: number;
  /** Of whom it is not known whether the upstream takes its credential; undefined: nobody. */
  readonly unproven?: {
    /** Places of such a caller. */
    readonly places: number;
    /** Asked when a lane begins. */
    readonly isProven: (key: string) => boolean;
  };
  readonly queue: number;
  readonly queuePerCaller: number;
}

/** What wants a place. One at a time: it may enter again after it left. */
export interface Waiter extends LinkedQueueNode<Waiter> {
  /** The lane it is in; the lanes' own business. */
  callerQueue: CallerQueue | undefined;
  /** It has the place it waited for. Told a moment later; who has lost interest by then leaves. */
  onAcquired(): void;
}

/** What an entrant's lane tells of itself. */
class CallerQueue implements LinkedQueueNode<CallerQueue> {
  readonly key: string;
  /** Its calls succeed: it may have as many places as any. */
  isProven: boolean;
  running = 0;
  waiting = 0;
  readonly waiters = new LinkedQueue<Waiter>();
  owner: object | undefined;
  prev: CallerQueue | undefined;
  next: CallerQueue | undefined;

  constructor(key: string, isProven: boolean) {
    this.key = key;
    this.isProven = isProven;
  }
}

/** Whether there was a place, or one has to be waited for; else which queue is full. */
export type Admission = 'acquired' | 'waiting' | Rejection;
export type Rejection = 'caller' | 'everyone';

/** For a microtask without the resource that `queueMicrotask` makes for each. */
const microtask = Promise.resolve();

export class FairSemaphore {
  readonly #bounds: SemaphoreBounds;
  /** A lane exists only while one of its calls runs or waits. */
  readonly #queues = new Map<string, CallerQueue>();
  /** Lanes with a waiting call and a place of their own left, in order of service. */
  readonly #ready = new LinkedQueue<CallerQueue>();
  /** Those that have a place and have not been told. */
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

  /** Takes a place for `key`, at once or later, which `release` gives back. */
  acquire(key: string, waiter: Waiter): Admission {
    const callerQueue = this.#queues.get(key);
    const { permits, queuePerCaller, queue } = this.#bounds;
    const isFree =
      this.#running < permits &&
      (callerQueue === undefined || (this.#hasRoom(callerQueue) && callerQueue.waiting === 0));
    if (!isFree) {
      if (callerQueue !== undefined && callerQueue.waiting >= queuePerCaller) return 'caller';
      if (this.#waiting >= queue) return 'everyone';
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

  /** Gives a place back. */
  release(waiter: Waiter): void {
    const { callerQueue } = waiter;
    if (callerQueue === undefined) return;
    waiter.callerQueue = undefined;
    callerQueue.running--;
    this.#running--;
    this.#updateReady(callerQueue);
    this.#dispatch();
  }

  /** Gives up waiting. @returns False when it has a place already, or never waited: then it leaves as any other. */
  cancelWait(waiter: Waiter): boolean {
    const { callerQueue } = waiter;
    if (callerQueue === undefined || !callerQueue.waiters.remove(waiter)) return false;
    waiter.callerQueue = undefined;
    callerQueue.waiting--;
    this.#waiting--;
    this.#updateReady(callerQueue);
    return true;
  }

  /** The upstream took a call of this entrant's lane, or refused its credential. To be said before it leaves. */
  prove(waiter: Waiter, isProven: boolean): void {
    const { callerQueue } = waiter;
    if (callerQueue !== undefined) callerQueue.isProven = isProven;
  }

  #hasRoom({ running, isProven }: CallerQueue): boolean {
    return running < (isProven ? this.#bounds.permitsPerCaller : (this.#bounds.unproven?.places ?? 0));
  }

  #newQueue(key: string): CallerQueue {
    const callerQueue = new CallerQueue(key, this.#bounds.unproven?.isProven(key) ?? true);
    this.#queues.set(key, callerQueue);
    return callerQueue;
  }

  /** Puts the lane where it belongs after its numbers changed. */
  #updateReady(callerQueue: CallerQueue): void {
    if (callerQueue.waiting > 0 && this.#hasRoom(callerQueue)) {
      this.#ready.enqueue(callerQueue);
      return;
    }
    this.#ready.remove(callerQueue);
    if (callerQueue.waiting + callerQueue.running === 0) this.#queues.delete(callerQueue.key);
  }

  #dispatch(): void {
    while (this.#running < this.#bounds.permits) {
      // Taken out, and put back at the end of the row: the next place goes to the next caller.
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

  /** Not from within whatever freed the place: the connection it was on is free only after that. */
  readonly #notify = () => {
    const acquired = this.#acquired;
    this.#acquired = [];
    for (const waiter of acquired) waiter.onAcquired();
  };
}
