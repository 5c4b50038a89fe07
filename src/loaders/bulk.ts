/** What bulk reads share: their size, the reply put in key order, and what to do when the upstream has none. */
import DataLoader from 'dataloader';
import { asError, type GatewayError } from '../errors.ts';
import { isBulkUnsupported } from '../upstream/client.ts';
import { isWorthKeeping, type Kept } from './kept-entities.ts';
import type { Known } from './read-once.ts';
import type { Rank, ReadSchedule } from './schedule.ts';

/** Items of one bulk read: the official clients' limit for users and for delivery states (contract, x-batch). */
export const bulkSize = 20;

/** Which bulk reads the upstream turned out not to have. Lives as long as the gateway; starts out hopeful. */
export interface BulkSupport {
  users: boolean;
  statuses: boolean;
  metadata: boolean;
}

/** What every gateway starts with. */
export function createBulkSupport(): BulkSupport {
  return { users: true, statuses: true, metadata: true };
}

export interface BulkRead<Value> {
  readonly schedule: ReadSchedule;
  readonly rank: Rank;
  readonly support: BulkSupport;
  readonly supportKey: keyof BulkSupport;
  /** Reads up to `bulkSize` distinct keys; keys the upstream does not know are left out of the map. */
  readonly many: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value | GatewayError>>;
  /** Whether a key that nobody asks for together with others is read singly; else it makes a bulk read of one. */
  readonly oneAlone?: boolean;
  /** Reads one key; used when the bulk read is missing, and for keys it does not take. */
  readonly one: (key: string) => Promise<Value | undefined>;
  /** Keys the bulk read takes; the others are read singly. */
  readonly takes: (key: string) => boolean;
  /** Where to look first. */
  readonly kept?: Kept<Value> | undefined;
}

/**
 * Reads of an operation that the upstream answers in bulk: a DataLoader forms the batches. Each distinct key is read once.
 * A key the upstream does not know gives `undefined`; a broken one fails alone.
 */
export class BulkReads<Value> {
  readonly #read: BulkRead<Value>;
  readonly #reads = new Map<string, Known<Value | undefined>>();
  #batches: DataLoader<string, Value | undefined> | undefined;
  /** Times something was cleared: what was asked before that is not remembered after it. */
  #clearings = 0;

  constructor(read: BulkRead<Value>) {
    this.#read = read;
  }

  load(key: string): Known<Value | undefined> {
    const known = this.#reads.get(key);
    if (known !== undefined || this.#reads.has(key)) return known;
    const kept = this.#read.kept?.find(key);
    if (kept !== undefined) {
      this.#reads.set(key, kept);
      return kept;
    }
    const reading = this.#isBulk(key) ? this.#batch().load(key) : this.#one(key);
    this.#reads.set(key, reading);
    return reading;
  }

  /** Values in key order; what cannot be read stands as its error. */
  loadMany(keys: readonly string[]): Known<(Value | undefined | Error)[]> {
    let isKnown = true;
    const values = keys.map((key) => {
      const value = this.load(key);
      if (!(value instanceof Promise)) return value;
      isKnown = false;
      return value.catch(asError);
    });
    // Without a promise among them they are what they are.
    return isKnown ? (values as (Value | undefined)[]) : Promise.all(values);
  }

  /** Remembers a value that came with another answer; a read that already began stays. */
  prime(key: string, value: Value): void {
    if (!this.#reads.has(key)) this.#reads.set(key, value);
  }

  clear(key: string): void {
    this.#reads.delete(key);
    this.#clearings += 1;
  }

  #isBulk(key: string): boolean {
    const { support, supportKey, takes } = this.#read;
    return support[supportKey] && takes(key);
  }

  /** Not async: long lists make many of these, and the frame of an async function costs more than the closure. */
  #one(key: string): Promise<Value | undefined> {
    const clearings = this.#clearings;
    return this.#read.one(key).then((value) => {
      this.#remember(key, value, clearings);
      return value;
    });
  }

  #batch(): DataLoader<string, Value | undefined> {
    this.#batches ??= new DataLoader((keys: readonly string[]) => this.#many(keys), {
      cache: false, // #reads is one
      maxBatchSize: bulkSize,
      batchScheduleFn: (dispatch) => this.#read.schedule.batch(this.#read.rank, dispatch),
    });
    return this.#batches;
  }

  async #many(keys: readonly string[]): Promise<(Value | undefined | Error)[]> {
    const { support, supportKey } = this.#read;
    const clearings = this.#clearings;
    // One key costs one call either way, and the single read has no body to write and no list to open.
    const isSingle = keys.length === 1 && this.#read.oneAlone === true;
    if (support[supportKey] && !isSingle) {
      try {
        const found = await this.#read.many(keys);
        return keys.map((key) => {
          const value = found.get(key);
          if (!(value instanceof Error)) this.#remember(key, value, clearings);
          return value;
        });
      } catch (error) {
        if (!isBulkUnsupported(error)) throw error;
        support[supportKey] = false;
      }
    }
    return Promise.all(keys.map((key) => this.#one(key).catch(asError)));
  }

  /** In place of the promise of it. */
  #remember(key: string, value: Value | undefined, clearings: number): void {
    if (clearings !== this.#clearings) return;
    this.#reads.set(key, value);
    if (value !== undefined && isWorthKeeping(this.#reads.size)) this.#read.kept?.keep(key, value);
  }
}
