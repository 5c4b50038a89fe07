/**
 * Reads of one kind in one operation. Each distinct key is read once, however often it is requested. Subclasses decide how
 * reads become upstream calls.
 */

import { asError } from '../errors.ts';
import { type Completion, forwardTo, toPromise } from '../upstream/completion.ts';
import { type CacheView, isCacheable } from './entity-cache.ts';
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
  /** A value replaces its promise when it arrives; a failed read stays, so its key fails without another call. */
  #entries: Map<string, PromiseOrValue<Value>> | undefined;
  readonly #cache: CacheView<NonNullable<Value>> | undefined;

  /** @param cache Checked before any read. */
  constructor(cache: CacheView<NonNullable<Value>> | undefined) {
    this.#cache = cache;
  }

  /** The value, without a promise when it is known. The promise rejects with the error of the read. */
  load(key: string): PromiseOrValue<Value> {
    this.#entries ??= new Map();
    const entries = this.#entries;
    const existing = entries.get(key);
    if (existing !== undefined || entries.has(key)) return existing as PromiseOrValue<Value>; // a stored value may be undefined
    const cached = this.#cache?.get(key);
    if (cached !== undefined) {
      entries.set(key, cached);
      return cached;
    }
    const pending = toPromise<Value>((completion) => this.read(key, completion));
    entries.set(key, pending);
    pending.then(
      (value) => this.#onRead(key, pending, value),
      () => this.readEnded(),
    );
    return pending;
  }

  /** Values in key order; a failed read yields its error. */
  loadMany(keys: readonly string[]): PromiseOrValue<(Value | Error)[]> {
    let isComplete = true;
    const found = keys.map((key) => {
      const value = this.load(key);
      if (!(value instanceof Promise)) return value;
      isComplete = false;
      return value.catch(asError);
    });
    return isComplete ? (found as Value[]) : Promise.all(found); // complete: no promise among them
  }

  /** Stores a value that arrived with another reply; an existing value or pending read stays. */
  prime(key: string, value: Value): void {
    this.#entries ??= new Map();
    if (!this.#entries.has(key)) this.#entries.set(key, value);
  }

  /** The value if it is known; never starts a read. */
  peek(key: string): Value | undefined {
    const found = this.#entries?.get(key);
    return found instanceof Promise ? undefined : found;
  }

  /** The next `load` reads the key again. */
  clear(key: string): void {
    this.#entries?.delete(key);
  }

  /** Reads one key. Must not throw. */
  protected abstract read(key: string, completion: Completion<Value>): void;

  /** Called when a read settles, before its waiters continue. */
  protected readEnded(): void {}

  #onRead(key: string, pending: Promise<Value>, value: Value): void {
    this.readEnded();
    // The key may have been cleared or read again since.
    if (this.#entries?.get(key) !== pending) return;
    this.#entries.set(key, value);
    if (value != null && isCacheable(this.#entries.size)) this.#cache?.set(key, value);
  }
}
