/** What bulk reads share: their size, the reply put in key order, and what to do when the upstream has none. */

import DataLoader from 'dataloader';
import { asError, type GatewayError } from '../errors.ts';
import { type Completion, forwardTo, toPromise } from '../upstream/completion.ts';
import { isEndpointUnsupported } from '../upstream/transport/failure.ts';
import type { BatchScheduler, Phase } from './batch-scheduler.ts';
import type { CacheView } from './entity-cache.ts';
import { KeyedLoader, type ReadFn } from './keyed-loader.ts';

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

export interface BatchLoaderOptions<Value> {
  readonly scheduler: BatchScheduler;
  readonly phase: Phase;
  readonly support: BulkSupport;
  readonly supportKey: keyof BulkSupport;
  /** Reads up to `bulkSize` distinct keys; keys the upstream does not know are left out of the map. */
  readonly loadBatch: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value | GatewayError>>;
  /** Whether a key that nobody asks for together with others is read singly; else it makes a bulk read of one. */
  readonly singleWhenAlone?: boolean;
  /** Reads one key; used when the bulk read is missing, and for keys it does not take. */
  readonly loadOne: ReadFn<Value | undefined>;
  /** Keys the bulk read takes; the others are read singly. */
  readonly accepts: (key: string) => boolean;
  /** Where to look first. */
  readonly cache?: CacheView<NonNullable<Value>> | undefined;
}

/**
 * Reads of an operation that the upstream answers in bulk: a DataLoader forms the batches. A key the upstream does not know
 * gives `undefined`; a broken one fails alone.
 */
export class BatchLoader<Value> extends KeyedLoader<Value | undefined> {
  readonly #options: BatchLoaderOptions<Value>;
  #dataLoader: DataLoader<string, Value | undefined> | undefined;

  constructor(options: BatchLoaderOptions<Value>) {
    super(options.cache);
    this.#options = options;
  }

  protected override read(key: string, completion: Completion<Value | undefined>): void {
    const { support, supportKey, accepts, loadOne } = this.#options;
    if (support[supportKey] && accepts(key)) forwardTo(this.#getDataLoader().load(key), completion);
    else loadOne(key, completion);
  }

  #getDataLoader(): DataLoader<string, Value | undefined> {
    this.#dataLoader ??= new DataLoader((keys: readonly string[]) => this.#loadBatch(keys), {
      cache: false, // Reads is one
      maxBatchSize: bulkSize,
      batchScheduleFn: (dispatch) => this.#options.scheduler.batch(this.#options.phase, dispatch),
    });
    return this.#dataLoader;
  }

  async #loadBatch(keys: readonly string[]): Promise<(Value | undefined | Error)[]> {
    const { support, supportKey, loadBatch, loadOne, singleWhenAlone } = this.#options;
    // One key costs one call either way, and the single read has no body to write and no list to open.
    const isSingle = keys.length === 1 && singleWhenAlone === true;
    if (support[supportKey] && !isSingle) {
      try {
        const found = await loadBatch(keys);
        return keys.map((key) => found.get(key));
      } catch (error) {
        if (!isEndpointUnsupported(error)) throw error;
        support[supportKey] = false;
      }
    }
    return Promise.all(
      keys.map((key) => toPromise<Value | undefined>((completion) => loadOne(key, completion)).catch(asError)),
    );
  }
}
