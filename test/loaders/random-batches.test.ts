import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { BatchLoader, bulkSize, createBulkSupport } from '../../src/loaders/batch-loader.ts';
import { BatchScheduler } from '../../src/loaders/batch-scheduler.ts';
import { fromPromise } from '../../src/loaders/keyed-loader.ts';
import { UpstreamFailure } from '../../src/upstream/transport/failure.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { randomNumbers } from '../support/random-operation.ts';

/** What the upstream has: by the first letter of a key a value, nothing, or a row against the contract. */
function rowOf(key: string): string | undefined | GatewayError {
  if (key.startsWith('absent')) return undefined;
  return key.startsWith('broken') ? new GatewayError('UPSTREAM_INVALID', { message: key }) : `value of ${key}`;
}

const kinds = ['present', 'absent', 'broken', 'address'];
type Bulk = 'offered' | 'missing' | 'failing';
const bulks: readonly Bulk[] = ['offered', 'offered', 'missing', 'failing'];

/** Loads random keys, alone and in lists, at once and some ticks apart. */
async function run(seed: number) {
  const random = randomNumbers(seed);
  const below = (bound: number) => Math.floor(random() * bound);
  const keyOf = () => `${kinds[below(kinds.length)]}${below(random() < 0.5 ? 4 : 60)}`;
  const bulk = bulks[below(bulks.length)] as Bulk;
  const failure = new GatewayError('UPSTREAM_UNAVAILABLE');
  const batches: (readonly string[])[] = [];
  const singles: string[] = [];
  const scheduler = new BatchScheduler();
  const ticks = async (count: number) => {
    for (let tick = 0; tick < count; tick++) await new Promise((resolve) => setImmediate(resolve));
  };
  const loader = new BatchLoader<string>({
    scheduler,
    phase: 2,
    support: createBulkSupport(),
    supportKey: 'users',
    singleWhenAlone: random() < 0.5,
    accepts: (key) => !key.startsWith('address'),
    async loadBatch(keys) {
      batches.push(keys);
      await ticks(below(3));
      if (bulk === 'missing') throw new GatewayError('NOT_FOUND', { cause: new UpstreamFailure('status', 404) });
      if (bulk === 'failing') throw failure;
      const rows = keys.map((key) => [key, rowOf(key)] as const);
      return new Map(rows.filter((row): row is [string, string | GatewayError] => row[1] !== undefined));
    },
    loadOne: fromPromise(async (key) => {
      singles.push(key);
      await ticks(below(3));
      const row = rowOf(key);
      if (row instanceof Error) throw row;
      return row;
    }),
  });
  const loads: Promise<void>[] = [];
  const asked = new Set<string>();
  const expected = (key: string) =>
    bulk === 'failing' && batches.some((keys) => keys.includes(key)) ? failure : rowOf(key);
  for (let step = 1 + below(5); step > 0; step--) {
    const keys = Array.from({ length: below(random() < 0.2 ? 70 : 4) + 1 }, keyOf);
    for (const key of keys) asked.add(key);
    const outcomes =
      keys.length === 1 && keys[0] !== undefined
        ? Promise.allSettled([loader.load(keys[0])]).then((all) =>
            all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason)),
          )
        : Promise.resolve(loader.loadMany(keys));
    loads.push(outcomes.then((found) => expect(found, `FUZZ_SEED=${seed}`).toEqual(keys.map(expected))));
    await ticks(below(4));
  }
  await Promise.all(loads);
  return { asked, batches, singles, bulk };
}

describe('random loads', () => {
  it('return each key’s own row, in batches within the limit, each key once', {
    timeout: Math.max(300_000, 20 * fuzzRuns(1_000)),
  }, async () => {
    const first = fuzzSeed(0);
    for (let seed = first; seed < first + fuzzRuns(1_000); seed++) {
      const { asked, batches, singles, bulk } = await run(seed);
      const told = `FUZZ_SEED=${seed}`;
      expect(
        batches.every(({ length }) => length <= bulkSize),
        told,
      ).toBe(true);
      const inBatches = batches.flat();
      const read = bulk === 'missing' ? singles : [...inBatches, ...singles];
      expect(read.sort(), told).toEqual([...asked].sort());
      if (bulk === 'missing') expect(new Set(singles), told).toEqual(new Set([...singles, ...inBatches]));
    }
  });
});
