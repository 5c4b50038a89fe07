/**
 * Admission of calls to the upstream: a semaphore with a limit over all callers, a limit for each caller, and bounded queues.
 * Free permits go to the waiting callers round robin, so that one caller's long queue does not delay another's single call.
 * Callers whose credential the upstream has not accepted yet share a part of the permits: a client can invent a thousand credentials,
 * whose calls would otherwise hold all permits while the upstream is slow. Among them addresses take turns, and share the places of a full
 * queue (`AddressTurns`).
 * Calls without a credential have the permits, the queue and the turns of one caller together, and are fair by address within them
 * (`AddressQueues`).
 */
import { type Addressed, AddressQueues } from './address-queues.ts';
import { AddressTurns } from './address-turns.ts';
import { LinkedQueue, type LinkedQueueNode } from './linked-queue.ts';

export interface SemaphoreBounds {
  /** Permits of all callers together. */
  readonly permits: number;
  readonly permitsPerCaller: number;
  /** Limits for callers whose credential the upstream has not accepted yet. Undefined: no such limits. */
  readonly unaccepted?: {
    /** Permits of all these callers together. */
    readonly permits: number;
    readonly permitsPerCaller: number;
    /** Maximum number of waiting calls of all these callers together. */
    readonly queue: number;
    /** Evaluated when a caller's queue is created. */
    readonly isAccepted: (key: string) => boolean;
  };
  /** Maximum number of waiting calls of all callers together. */
  readonly queue: number;
  readonly queuePerCaller: number;
}

/** A call that needs a permit. It holds or waits for one at a time, and may acquire again after the release. */
export interface Waiter extends Addressed<Waiter> {
  /** The queue of its caller while it waits or holds a permit. Written by `FairSemaphore` only. */
  callerQueue: CallerQueue | undefined;
  /** The permit was acquired. Called in a later microtask; a waiter cancelled in between must release its permit. */
  onAcquired(): void;
  /** It lost its place in the full queue to another address. Called in a later microtask, in which it may be cancelled already. */
  onDisplaced(): void;
}

/** The key of all calls without a credential. */
export const withoutCredential = '';

type GroupBounds = Pick<SemaphoreBounds, 'permits' | 'permitsPerCaller' | 'queue'>;

/** The callers whose credential the upstream has accepted, or those whose credential it has not accepted. */
class CallerGroup {
  readonly isAccepted: boolean;
  readonly #bounds: GroupBounds;
  running = 0;
  waiting = 0;
  /** Undefined for callers whose credential the upstream has accepted. */
  readonly addresses: AddressTurns<CallerQueue> | undefined;
  /** Queues with a waiting call whose caller is below its limit, in round-robin order. */
  readonly ready: AddressTurns<CallerQueue> | LinkedQueue<CallerQueue>;

  constructor(isAccepted: boolean, bounds: GroupBounds) {
    this.isAccepted = isAccepted;
    this.#bounds = bounds;
    this.addresses = isAccepted ? undefined : new AddressTurns();
    this.ready = this.addresses ?? new LinkedQueue();
  }

  /** Adds calls of a caller. */
  count(caller: CallerQueue, waiting: number, running: number): void {
    this.waiting += waiting;
    this.running += running;
    this.addresses?.count(caller, waiting);
  }

  get hasPermit(): boolean {
    return this.running < this.#bounds.permits;
  }

  get isQueueFull(): boolean {
    return this.waiting >= this.#bounds.queue;
  }

  /** Permits that the caller may still have. */
  freeOf({ running }: CallerQueue): number {
    return this.#bounds.permitsPerCaller - running;
  }
}

/** The running and waiting calls of one caller. */
class CallerQueue implements LinkedQueueNode<CallerQueue> {
  readonly key: string;
  /** That of its first call; empty for all calls without a credential together. */
  readonly address: string;
  /** Written by `FairSemaphore` only. */
  group: CallerGroup;
  running = 0;
  waiting = 0;
  readonly #waiters: LinkedQueue<Waiter> | AddressQueues<Waiter>;
  owner: object | undefined;
  prev: CallerQueue | undefined;
  next: CallerQueue | undefined;

  constructor(key: string, group: CallerGroup, { address = '' }: Waiter) {
    this.key = key;
    this.address = key === withoutCredential ? '' : address;
    this.group = group;
    this.#waiters = key === withoutCredential ? new AddressQueues() : new LinkedQueue();
  }

  /** Whether a waiting call may have a permit, as far as the caller's own limits go. */
  get isReady(): boolean {
    if (this.waiting === 0) return false;
    const free = this.group.freeOf(this);
    return this.#waiters instanceof AddressQueues ? this.#waiters.hasNext(free) : free > 0;
  }

  /** Gives a permit to a new call, before those that wait only if none of them may have it. @returns Whether it has the permit. */
  acquire(waiter: Waiter): boolean {
    const free = this.group.freeOf(this);
    const isAcquired =
      this.#waiters instanceof AddressQueues ? this.#waiters.acquire(waiter, free) : free > 0 && this.waiting === 0;
    if (isAcquired) this.#count(0, 1);
    return isAcquired;
  }

  enqueue(waiter: Waiter): void {
    this.#waiters.enqueue(waiter);
    this.#count(1, 0);
  }

  /** Gives a permit to the waiting call whose turn it is. */
  dequeue(): Waiter | undefined {
    const waiter =
      this.#waiters instanceof AddressQueues ? this.#waiters.dequeue(this.group.freeOf(this)) : this.#waiters.dequeue();
    if (waiter !== undefined) this.#count(-1, 1);
    return waiter;
  }

  /** Takes the permit of a call back. */
  release(waiter: Waiter): void {
    if (this.#waiters instanceof AddressQueues) this.#waiters.release(waiter);
    this.#count(0, -1);
  }

  /** @returns Whether the call was waiting. */
  remove(waiter: Waiter): boolean {
    const isRemoved = this.#waiters.remove(waiter);
    if (isRemoved) this.#count(-1, 0);
    return isRemoved;
  }

  /** Removes a waiting call of an address with more of them than that of `waiter`. */
  displaceFor(waiter: Waiter): Waiter | undefined {
    const displaced = this.#waiters instanceof AddressQueues ? this.#waiters.displaceFor(waiter) : undefined;
    if (displaced !== undefined) this.#count(-1, 0);
    return displaced;
  }

  /** Removes and returns the newest waiting call of a credential. */
  dequeueLast(): Waiter | undefined {
    const last = this.#waiters instanceof LinkedQueue ? this.#waiters.dequeueLast() : undefined;
    if (last !== undefined) this.#count(-1, 0);
    return last;
  }

  #count(waiting: number, running: number): void {
    this.waiting += waiting;
    this.running += running;
    this.group.count(this, waiting, running);
  }
}

/** `acquired`: the permit is held. `waiting`: `onAcquired` follows. Otherwise the queue that is full. */
export type Admission = 'acquired' | 'waiting' | Rejection;
export type Rejection = 'caller' | 'all';

/** Schedules microtasks; unlike `queueMicrotask` it creates no AsyncResource for each. */
const microtask = Promise.resolve();

export class FairSemaphore {
  readonly #permits: number;
  readonly #queue: number;
  readonly #queuePerCaller: number;
  readonly #accepted: CallerGroup;
  readonly #unaccepted: CallerGroup;
  readonly #isAccepted: (key: string) => boolean;
  /** Both groups; the first one is the next to get a permit, if it has a caller that waits. */
  #turn: readonly [CallerGroup, CallerGroup];
  /** By caller; a queue exists only while one of its calls runs or waits. */
  readonly #queues = new Map<string, CallerQueue>();
  /** Waiters that have a permit and whose `onAcquired` has not been called yet. */
  #acquired: Waiter[] = [];

  constructor({ unaccepted, queuePerCaller, ...bounds }: SemaphoreBounds) {
    this.#permits = bounds.permits;
    this.#queue = bounds.queue;
    this.#queuePerCaller = queuePerCaller;
    this.#accepted = new CallerGroup(true, bounds);
    this.#unaccepted = new CallerGroup(false, unaccepted ?? bounds);
    this.#isAccepted = unaccepted?.isAccepted ?? (() => true);
    this.#turn = [this.#accepted, this.#unaccepted];
  }

  /** Callers with a call running or waiting. */
  get callers(): number {
    return this.#queues.size;
  }

  get running(): number {
    return this.#accepted.running + this.#unaccepted.running;
  }

  get waiting(): number {
    return this.#accepted.waiting + this.#unaccepted.waiting;
  }

  /** Acquires a permit for the caller `key`, now or later. `release` returns it. */
  acquire(key: string, waiter: Waiter): Admission {
    const known = this.#queues.get(key);
    const group = known?.group ?? (this.#isAccepted(key) ? this.#accepted : this.#unaccepted);
    const isFree = this.running < this.#permits && group.hasPermit;
    const own = known ?? new CallerQueue(key, group, waiter);
    if (isFree && own.acquire(waiter)) {
      this.#queues.set(key, own);
      waiter.callerQueue = own;
      return 'acquired';
    }
    const rejection = this.#rejectionOf(own);
    if (rejection !== undefined && !this.#displace(own, waiter, rejection)) return rejection;
    this.#queues.set(key, own);
    waiter.callerQueue = own;
    own.enqueue(waiter);
    this.#updateReady(own);
    return 'waiting';
  }

  /** Returns the permit. Does nothing when `waiter` holds none. */
  release(waiter: Waiter): void {
    const { callerQueue } = waiter;
    if (callerQueue === undefined) return;
    waiter.callerQueue = undefined;
    callerQueue.release(waiter);
    this.#updateReady(callerQueue);
    this.#dispatch();
  }

  /** Removes `waiter` from its queue. @returns False when it does not wait; a permit it holds still needs `release`. */
  cancelWait(waiter: Waiter): boolean {
    const { callerQueue } = waiter;
    if (callerQueue === undefined || !callerQueue.remove(waiter)) return false;
    waiter.callerQueue = undefined;
    this.#updateReady(callerQueue);
    return true;
  }

  /** The upstream accepted or rejected the credential of this waiter's caller. Call before `release`. */
  setAccepted({ callerQueue }: Waiter, isAccepted: boolean): void {
    const group = isAccepted ? this.#accepted : this.#unaccepted;
    if (callerQueue === undefined || callerQueue.group === group) return;
    const { running, waiting, group: previous } = callerQueue;
    previous.ready.remove(callerQueue);
    previous.count(callerQueue, -waiting, -running);
    group.count(callerQueue, waiting, running);
    callerQueue.group = group;
    this.#updateReady(callerQueue);
  }

  /** The queue that is full. */
  #rejectionOf({ waiting, group }: CallerQueue): Rejection | undefined {
    if (waiting >= this.#queuePerCaller) return 'caller';
    return this.waiting >= this.#queue || group.isQueueFull ? 'all' : undefined;
  }

  /** Takes a place in the queue from an address with more waiting calls. @returns False when there is none. */
  #displace(callerQueue: CallerQueue, waiter: Waiter, full: Rejection): boolean {
    const displaced =
      callerQueue.displaceFor(waiter) ?? (full === 'all' ? this.#displaceOtherAddress(callerQueue) : undefined);
    if (displaced === undefined) return false;
    displaced.callerQueue = undefined;
    microtask.then(() => displaced.onDisplaced());
    return true;
  }

  /** Removes the newest waiting call of the newest caller at the address with the most of them. */
  #displaceOtherAddress(own: CallerQueue): Waiter | undefined {
    const newest = own.group.addresses?.newestBeside(own);
    const displaced = newest?.dequeueLast();
    if (newest !== undefined) this.#updateReady(newest);
    return displaced;
  }

  /** Adds the queue to the ready queues or removes it, after its counters changed. Deletes an empty queue. */
  #updateReady(callerQueue: CallerQueue): void {
    const { ready } = callerQueue.group;
    if (callerQueue.isReady) {
      ready.enqueue(callerQueue);
      return;
    }
    ready.remove(callerQueue);
    if (callerQueue.waiting + callerQueue.running === 0) this.#queues.delete(callerQueue.key);
  }

  #dispatch(): void {
    while (this.running < this.#permits) {
      // Dequeued here and appended again by #updateReady: the next permit goes to the next caller.
      const callerQueue = this.#nextReady();
      const waiter = callerQueue?.dequeue();
      if (callerQueue === undefined || waiter === undefined) return;
      this.#updateReady(callerQueue);
      if (this.#acquired.push(waiter) === 1) microtask.then(this.#notify);
    }
  }

  /** The groups take turns, so that a thousand callers of one do not delay the single caller of the other. */
  #nextReady(): CallerQueue | undefined {
    const [first, second] = this.#turn;
    const queue = first.hasPermit ? first.ready.dequeue() : undefined;
    if (queue === undefined) return second.hasPermit ? second.ready.dequeue() : undefined;
    this.#turn = [second, first];
    return queue;
  }

  /** Runs after the release has returned: the connection of the released call is free only then. */
  readonly #notify = () => {
    const acquired = this.#acquired;
    this.#acquired = [];
    for (const waiter of acquired) waiter.onAcquired();
  };
}
