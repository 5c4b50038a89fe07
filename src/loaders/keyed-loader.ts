/**
 * Reads of one kind in one operation: each distinct key is read once, however often it is asked for. Whatever forms the
 * upstream's calls is in the classes made of it.
 */
import { type Told, tellOf } from '../upstream/completion.ts';
import { Gathering, Reading } from './deferred.ts';
import { isWorthKeeping, type Kept } from './entity-cache.ts';
import type { Known } from './promise-or-value.ts';

/** Begins to read one key. Must not throw. */
export type Read<Value> = (key: string, told: Told<Value>) => void;

/** The same of a function that promises what it reads. */
export function promising<Value>(read: (key: string) => Promise<Value>): Read<Value> {
  return (key, told) => {
    try {
      tellOf(read(key), told);
    } catch (error) {
      told.rejected(error);
    }
  };
}

export abstract class Reads<Value> {
  /** A value stands in place of its reading as soon as it is there; a reading that failed stays. */
  #reads: Map<string, Value | Reading<Value>> | undefined;
  readonly #kept: Kept<NonNullable<Value>> | undefined;

  /** @param kept Where to look first. */
  constructor(kept: Kept<NonNullable<Value>> | undefined) {
    this.#kept = kept;
  }

  load(key: string): Known<Value> {
    const found = this.#find(key);
    return found instanceof Reading ? found.promise : found;
  }

  /** Values in key order; what cannot be read stands as its error. */
  loadMany(keys: readonly string[]): Known<(Value | Error)[]> {
    let isKnown = true;
    let gathering: Gathering | undefined;
    const found = keys.map((key) => {
      const each = this.#find(key);
      if (!(each instanceof Reading)) return each;
      isKnown = false;
      if (!each.hasEnded) {
        gathering ??= new Gathering();
        each.tell(gathering);
      }
      return each;
    });
    if (isKnown) return found as Value[]; // no reading is among them
    return gathering === undefined ? found.map(outcomeOf) : gathering.done.then(() => found.map(outcomeOf));
  }

  /** Remembers a value that came with another answer; a read that already began stays. */
  prime(key: string, value: Value): void {
    this.#reads ??= new Map();
    if (!this.#reads.has(key)) this.#reads.set(key, value);
  }

  /** A value that is there already; reads nothing. */
  peek(key: string): Value | undefined {
    const found = this.#reads?.get(key);
    return found instanceof Reading ? undefined : found;
  }

  clear(key: string): void {
    this.#reads?.delete(key);
  }

  /** Reads one key. Must not throw. */
  protected abstract read(key: string, told: Told<Value>): void;

  /** A read has ended, and nobody who waits for it knows yet. */
  protected ended(): void {}

  #find(key: string): Value | Reading<Value> {
    this.#reads ??= new Map();
    const reads = this.#reads;
    const known = reads.get(key);
    if (known !== undefined || reads.has(key)) return known as Value | Reading<Value>; // there, be it as undefined
    const kept = this.#kept?.find(key);
    if (kept !== undefined) {
      reads.set(key, kept);
      return kept;
    }
    const reading = new Reading(key, this.#settle);
    reads.set(key, reading);
    this.read(key, reading);
    return reading;
  }

  /** One for all of its reads. */
  readonly #settle = (reading: Reading<Value>, outcome: Value | Error): void => {
    this.ended();
    const { key } = reading;
    // Unless it was cleared or read anew meanwhile.
    if (outcome instanceof Error || this.#reads?.get(key) !== reading) return;
    this.#reads.set(key, outcome);
    if (outcome != null && isWorthKeeping(this.#reads.size)) this.#kept?.keep(key, outcome);
  };
}

function outcomeOf<Value>(each: Value | Reading<Value>): Value | Error {
  return each instanceof Reading ? (each.outcome as Value | Error) : each; // all have ended by then
}
