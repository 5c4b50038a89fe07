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
  /** The gateway of this one is a process of its own; the others of this file run beside it. */
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

  it.concurrent('comes back when the upstream does', async () => {
    const report = await runReconnect({ streams: 20, restarts: 1, downMs: 300 });
    expect(report.streams).toBe(20);
  }, 120_000);

  it.concurrent('loses, repeats and disorders nothing, whatever breaks', async () => {
    const report = await runChaos({ seed, callers: 10, eventsPerSecond: 100, faults: 40, seconds: 10 });
    expect(report).toMatchObject({
      lost: 0,
      repeated: 0,
      disordered: 0,
      failed: 0,
      gaps: 0,
      unacknowledged: 0,
    });
    // A frame over the bound is skipped, and the gap in its place is the only one.
    expect(report.skipped).toBeLessThanOrEqual(report.faults.oversize ?? 0);
  }, 120_000);

  it('keeps the events of many callers apart', async () => {
    const report = await runIsolation({ seed, callers: 50, events: 3_000 });
    expect(report).toMatchObject({ received: 3_000, foreign: 0 });
  }, 120_000);

  it('cuts a stalled client off, holds less than a mebibyte for it, and lets the others have everything', async () => {
    const report = await runSlowClient({ clients: 50, rounds: 1, events: 20, everyMs: 5 });
    expect(report.lost).toBe(0);
    expect(report.mostQueuedBytes).toBeLessThanOrEqual(917_504);
    expect(report.cutOffAfterSeconds).toBeGreaterThan(0);
  }, 120_000);

  it('leaves nothing behind of subscriptions that came and went', async () => {
    const report = await runChurn({ subscriptions: 2_000 });
    expect(report).toMatchObject({ subscriptionsLeft: 0, upstreamStreams: 1 });
  }, 120_000);

  it('takes no more memory the longer it serves a steady load of every kind', async () => {
    const report = await memory;
    // Short as it is, it shows what is kept of an operation, not what compiled code and caches of the engine come to.
    expect(report.heapGrowthBytesPerOperation).toBeLessThan(1_000);
    expect(report.operations).toBeGreaterThan(100);
    expect(report).toMatchObject({ heapSlope: expect.any(Number), residentSlope: expect.any(Number) });
  }, 120_000);
});
