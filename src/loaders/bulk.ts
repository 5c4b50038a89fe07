/** What bulk reads share: their size, the reply put in key order, and what to do when the upstream has none. */
import DataLoader from 'dataloader';
import type { GatewayError } from '../errors.ts';
import { isBulkUnsupported } from '../upstream/client.ts';
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
  /** Reads one key; used when the bulk read is missing, and for keys it does not take. */
  readonly one: (key: string) => Promise<Value | undefined>;
  /** Keys the bulk read takes; the others are read singly. */
  readonly takes: (key: string) => boolean;
}

/** A DataLoader over a bulk read. A key the upstream does not know gives `undefined`; a broken one fails alone. */
export function createBulkLoader<Value>(read: BulkRead<Value>): DataLoader<string, Value | undefined> {
  const single = (key: string) => read.one(key).catch((error: Error) => error);

  async function load(keys: readonly string[]): Promise<(Value | undefined | Error)[]> {
    const bulk = read.support[read.supportKey] ? keys.filter(read.takes) : [];
    const found = bulk.length > 0 ? await readMany(bulk) : undefined;
    return Promise.all(keys.map((key) => (found !== undefined && read.takes(key) ? found.get(key) : single(key))));
  }

  async function readMany(keys: readonly string[]) {
    try {
      return await read.many(keys);
    } catch (error) {
      if (!isBulkUnsupported(error)) throw error;
      read.support[read.supportKey] = false;
      return undefined;
    }
  }

  return new DataLoader(load, {
    maxBatchSize: bulkSize,
    batchScheduleFn: (dispatch) => read.schedule.batch(read.rank, dispatch),
  });
}
