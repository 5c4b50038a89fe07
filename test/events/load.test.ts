import { beforeAll, describe, expect, it } from 'vitest';
import { runChaos } from '../soak/chaos.ts';
import { runChurn } from '../soak/churn.ts';
import { runIsolation } from '../soak/isolation.ts';
import { type MemorySlopeReport, runMemorySlope } from '../soak/memory-slope.ts';
import { runReconnect } from '../soak/reconnect.ts';
import { runSlowClient } from '../soak/slow-client.ts';

/** The short forms of `npm run soak`. Another seed makes other faults. */
const seed = Number(process.env.SOAK_SEED ?? 20_261_122);

describe('the relay under load', () => {
  /** Runs beside the other tests of the file, because its gateway is a separate process. */
  let memory: Promise<MemorySlopeReport>;
  beforeAll(() => {
    memory = runMemorySlope({
      warmUpSeconds: 6,
      warmUpOperationsPerSecond: 200,
      seconds: 12,
      sampleEverySeconds: 1,
      operationsPerSecond: 100,
      settledBytesPerOperation: 1_000,
      patienceSeconds: 60,
    });
    memory.catch(() => {}); // the test that waits for it reports it
  });

  it.concurrent('recovers with the upstream', async () => {
    const report = await runReconnect({ streams: 20, restarts: 1, downMs: 300 });
    expect(report.streams).toBe(20);
  });

  it.concurrent('loses, repeats and reorders nothing, whatever fails', async () => {
    const report = await runChaos({ seed, callers: 10, eventsPerSecond: 100, faults: 40, seconds: 10 });
    expect(report).toMatchObject({
      lost: 0,
      repeated: 0,
      disordered: 0,
      failed: 0,
      gaps: 0,
      unacknowledged: 0,
    });
    // Only skipped frames, which exceed the bound, leave gaps.
    expect(report.skipped).toBeLessThanOrEqual(report.faults.oversize ?? 0);
  });

  it('isolates the events of many callers', async () => {
    const report = await runIsolation({ seed, callers: 50, events: 3_000 });
    expect(report).toMatchObject({ received: 3_000, foreign: 0 });
  });

  it('ends a stalled client, buffers less than a mebibyte for it, and delivers everything to the others', async () => {
    const report = await runSlowClient({ clients: 50, rounds: 1, events: 20, everyMs: 5 });
    expect(report.lost).toBe(0);
    expect(report.mostQueuedBytes).toBeLessThanOrEqual(917_504);
    expect(report.cutOffAfterSeconds).toBeGreaterThan(0);
  });

  it('leaves nothing of ended subscriptions', async () => {
    const report = await runChurn({ subscriptions: 2_000 });
    expect(report).toMatchObject({ subscriptionsLeft: 0, upstreamStreams: 1 });
  });

  it('has constant memory under a steady load of every kind', async () => {
    const report = await memory;
    // A short run shows memory retained per operation; compiled code and caches of the engine need a long one.
    expect(report.heapGrowthBytesPerOperation).toBeLessThan(1_000);
    expect(report.operations).toBeGreaterThan(100);
    expect(report).toMatchObject({ heapSlope: expect.any(Number), residentSlope: expect.any(Number) });
  });
});
