/**
 * Reads of one kind in one operation. Each distinct key is read once, however often it is requested. Subclasses decide how
 * reads become upstream calls.
 */

import { type Completion, forwardTo } from '../upstream/completion.ts';
import { type CacheView, isCacheable } from './entity-cache.ts';
import { PendingRead, WaitGroup } from './pending-read.ts';
import type { PromiseOrValue } from './promise-or-value.ts';

/** Starts reading one key. Must not throw. */
export type ReadFn<Value> = (key: string, completion: Completion<Value>) => void;

/** Adapts a function that returns a promise; a synchronous throw rejects the completion. */
export function fromPromise<Value>(read: (key: string) => Promise<Value>): ReadFn<Value> {
  return (key, completion) => {
    try {
      forwardTo(read(key), completion);
    } catch (error) {
      completion.reject(error);
    }
  };
}

/** Values by key, each read once until it is cleared. */
export abstract class KeyedLoader<Value> {
  /** A value replaces its pending read when it arrives; a failed read stays, so its key fails without another call. */
  #entries: Map<string, Value | PendingRead<Value>> | undefined;
  readonly #cache: CacheView<NonNullable<Value>> | undefined;

  /** @param cache Checked before any read. */
  constructor(cache: CacheView<NonNullable<Value>> | undefined) {
    this.#cache = cache;
  }

  /** The value, without a promise when it is known. The promise rejects with the error of the read. */
  load(key: string): PromiseOrValue<Value> {
    const found = this.#find(key);
    return found instanceof PendingRead ? found.promise : found;
  }

  /** Values in key order; a failed read yields its error. */
  loadMany(keys: readonly string[]): PromiseOrValue<(Value | Error)[]> {
    let isComplete = true;
    let group: WaitGroup | undefined;
    const found = keys.map((key) => {
      const entry = this.#find(key);
      if (!(entry instanceof PendingRead)) return entry;
      isComplete = false;
      if (!entry.isSettled) {
        group ??= new WaitGroup();
        entry.addWaitGroup(group);
      }
      return entry;
    });
    if (isComplete) return found as Value[]; // without pending reads
    return group === undefined ? found.map(outcomeOf) : group.finished.then(() => found.map(outcomeOf));
  }

  /** Stores a value that arrived with another reply; an existing value or pending read stays. */
  prime(key: string, value: Value): void {
    this.#entries ??= new Map();
    if (!this.#entries.has(key)) this.#entries.set(key, value);
  }

  /** The value if it is known; never starts a read. */
  peek(key: string): Value | undefined {
    const found = this.#entries?.get(key);
    return found instanceof PendingRead ? undefined : found;
  }

  /** The next `load` reads the key again. */
  clear(key: string): void {
    this.#entries?.delete(key);
  }

  /** Reads one key. Must not throw. */
  protected abstract read(key: string, completion: Completion<Value>): void;

  /** Called when a read settles, before its waiters continue. */
  protected readEnded(): void {}

  #find(key: string): Value | PendingRead<Value> {
    this.#entries ??= new Map();
    const entries = this.#entries;
    const existing = entries.get(key);
    if (existing !== undefined || entries.has(key)) return existing as Value | PendingRead<Value>; // a stored value may be undefined
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

  /** Shared by all pending reads, so that none needs a closure of its own. */
  readonly #onSettled = (pending: PendingRead<Value>, outcome: Value | Error): void => {
    this.readEnded();
    const { key } = pending;
    // The key may have been cleared or read again since.
    if (outcome instanceof Error || this.#entries?.get(key) !== pending) return;
    this.#entries.set(key, outcome);
    if (outcome != null && isCacheable(this.#entries.size)) this.#cache?.set(key, outcome);
  };
}

function outcomeOf<Value>(entry: Value | PendingRead<Value>): Value | Error {
  return entry instanceof PendingRead ? (entry.outcome as Value | Error) : entry; // called after all have settled
}
