/**
 * Reads of one kind in one operation: each distinct key is read once, however often it is asked for. Whatever forms the
 * upstream's calls is in the classes made of it.
 */

import { type Completion, forwardTo } from '../upstream/completion.ts';
import { PendingRead, type PromiseOrValue, WaitGroup } from './deferred.ts';
import { type CacheView, isCacheable } from './entity-cache.ts';

/** Begins to read one key. Must not throw. */
export type ReadFn<Value> = (key: string, completion: Completion<Value>) => void;

/** The same of a function that promises what it reads. */
export function fromPromise<Value>(read: (key: string) => Promise<Value>): ReadFn<Value> {
  return (key, completion) => {
    try {
      forwardTo(read(key), completion);
    } catch (error) {
      completion.reject(error);
    }
  };
}

export abstract class KeyedLoader<Value> {
  /** A value stands in place of its reading as soon as it is there; a reading that failed stays. */
  #entries: Map<string, Value | PendingRead<Value>> | undefined;
  readonly #cache: CacheView<NonNullable<Value>> | undefined;

  /** @param cached Where to look first. */
  constructor(cached: CacheView<NonNullable<Value>> | undefined) {
    this.#cache = cached;
  }

  load(key: string): PromiseOrValue<Value> {
    const found = this.#find(key);
    return found instanceof PendingRead ? found.promise : found;
  }

  /** Values in key order; what cannot be read stands as its error. */
  loadMany(keys: readonly string[]): PromiseOrValue<(Value | Error)[]> {
    let isComplete = true;
    let group: WaitGroup | undefined;
    const found = keys.map((key) => {
      const each = this.#find(key);
      if (!(each instanceof PendingRead)) return each;
      isComplete = false;
      if (!each.isSettled) {
        group ??= new WaitGroup();
        each.notify(group);
      }
      return each;
    });
    if (isComplete) return found as Value[]; // no reading is among them
    return group === undefined ? found.map(outcomeOf) : group.finished.then(() => found.map(outcomeOf));
  }

  /** Remembers a value that came with another answer; a read that already began stays. */
  prime(key: string, value: Value): void {
    this.#entries ??= new Map();
    if (!this.#entries.has(key)) this.#entries.set(key, value);
  }

  /** A value that is there already; reads nothing. */
  peek(key: string): Value | undefined {
    const found = this.#entries?.get(key);
    return found instanceof PendingRead ? undefined : found;
  }

  clear(key: string): void {
    this.#entries?.delete(key);
  }

  /** Reads one key. Must not throw. */
  protected abstract read(key: string, completion: Completion<Value>): void;

  /** A read has ended, and nobody who waits for it knows yet. */
  protected readEnded(): void {}

  #find(key: string): Value | PendingRead<Value> {
    this.#entries ??= new Map();
    const entries = this.#entries;
    const existing = entries.get(key);
    if (existing !== undefined || entries.has(key)) return existing as Value | PendingRead<Value>; // there, be it as undefined
    const cached = this.#cache?.get(key);
    if (cached !== undefined) {
      entries.set(key, cached);
      return cached;
    }
    const pending = new PendingRead(key, this.#onSettled);
    entries.set(key, pending);
    this.read(key, pending);
    return pending;
  }

  /** One for all of its reads. */
  readonly #onSettled = (pending: PendingRead<Value>, outcome: Value | Error): void => {
    this.readEnded();
    const { key } = pending;
    // Unless it was cleared or read anew meanwhile.
    if (outcome instanceof Error || this.#entries?.get(key) !== pending) return;
    this.#entries.set(key, outcome);
    if (outcome != null && isCacheable(this.#entries.size)) this.#cache?.set(key, outcome);
  };
}

function outcomeOf<Value>(each: Value | PendingRead<Value>): Value | Error {
  return each instanceof PendingRead ? (each.outcome as Value | Error) : each; // all have ended by then
}
