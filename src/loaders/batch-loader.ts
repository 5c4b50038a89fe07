/** What bulk reads share: their size, the reply put in key order, and what to do when the upstream has none. */
import DataLoader from 'dataloader';
import { asError, type GatewayError } from '../errors.ts';
import { isBulkUnsupported } from '../upstream/client.ts';
import { promiseOf, type Told, tellOf } from '../upstream/completion.ts';
import type { Rank, ReadSchedule } from './batch-scheduler.ts';
import type { Kept } from './entity-cache.ts';
import { type Read, Reads } from './keyed-loader.ts';

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
  readonly one: Read<Value | undefined>;
  /** Keys the bulk read takes; the others are read singly. */
  readonly takes: (key: string) => boolean;
  /** Where to look first. */
  readonly kept?: Kept<NonNullable<Value>> | undefined;
}

/**
 * Reads of an operation that the upstream answers in bulk: a DataLoader forms the batches. A key the upstream does not know
 * gives `undefined`; a broken one fails alone.
 */
export class BulkReads<Value> extends Reads<Value | undefined> {
  readonly #read: BulkRead<Value>;
  #batches: DataLoader<string, Value | undefined> | undefined;

  constructor(read: BulkRead<Value>) {
    super(read.kept);
    this.#read = read;
  }

  protected override read(key: string, told: Told<Value | undefined>): void {
    const { support, supportKey, takes, one } = this.#read;
    if (support[supportKey] && takes(key)) tellOf(this.#batch().load(key), told);
    else one(key, told);
  }

  #batch(): DataLoader<string, Value | undefined> {
    this.#batches ??= new DataLoader((keys: readonly string[]) => this.#many(keys), {
      cache: false, // Reads is one
      maxBatchSize: bulkSize,
      batchScheduleFn: (dispatch) => this.#read.schedule.batch(this.#read.rank, dispatch),
    });
    return this.#batches;
  }

  async #many(keys: readonly string[]): Promise<(Value | undefined | Error)[]> {
    const { support, supportKey, many, one, oneAlone } = this.#read;
    // One key costs one call either way, and the single read has no body to write and no list to open.
    const isSingle = keys.length === 1 && oneAlone === true;
    if (support[supportKey] && !isSingle) {
      try {
        const found = await many(keys);
        return keys.map((key) => found.get(key));
      } catch (error) {
        if (!isBulkUnsupported(error)) throw error;
        support[supportKey] = false;
      }
    }
    return Promise.all(keys.map((key) => promiseOf<Value | undefined>((told) => one(key, told)).catch(asError)));
  }
}
