import { isWorthKeeping, type Kept } from './kept-entities.ts';
import type { Rank, ReadSchedule } from './schedule.ts';

/** A value that may be known already. Where it is, nobody has to wait a turn for it, and no promise is made. */
export type Known<Value> = Value | Promise<Value>;

/** `use` of a value, at once where it is known. */
export function whenKnown<Value, Result>(value: Known<Value>, use: (value: Value) => Known<Result>): Known<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/**
 * For things the upstream reads one by one: each distinct key is read once in an operation, however often it is asked for.
 * A map, not a DataLoader, because there is no batch to form and waiting for one would only add a tick.
 */
export class ReadOnce<Value> {
  #reads: Map<string, Known<Value>> | undefined;
  readonly #schedule: ReadSchedule;
  readonly #rank: Rank;
  readonly #read: (key: string) => Promise<Value>;
  readonly #kept: Kept<NonNullable<Value>> | undefined;

  /**
   * @param rank How early in an operation it is read; see schedule.ts.
   * @param kept Where to look first.
   */
  constructor(
    schedule: ReadSchedule,
    rank: Rank,
    read: (key: string) => Promise<Value>,
    kept?: Kept<NonNullable<Value>> | undefined,
  ) {
    this.#schedule = schedule;
    this.#rank = rank;
    this.#read = read;
    this.#kept = kept;
  }

  load(key: string): Known<Value> {
    this.#reads ??= new Map();
    const reads = this.#reads;
    const known = reads.get(key);
    if (known !== undefined || reads.has(key)) return known as Known<Value>; // there, be it as undefined
    const kept = this.#kept?.find(key);
    if (kept !== undefined) {
      reads.set(key, kept);
      return kept;
    }
    const reading: Promise<Value> = this.#schedule.track(this.#rank, this.#read(key), (value) => {
      // Unless it was cleared or read anew meanwhile.
      if (reads.get(key) !== reading) return;
      reads.set(key, value);
      if (value != null && isWorthKeeping(reads.size)) this.#kept?.keep(key, value);
    });
    reads.set(key, reading);
    return reading;
  }

  /** Remembers a value that came with another answer; a read that already began stays. */
  prime(key: string, value: Value): void {
    this.#reads ??= new Map();
    if (!this.#reads.has(key)) this.#reads.set(key, value);
  }

  clear(key: string): void {
    this.#reads?.delete(key);
  }
}
