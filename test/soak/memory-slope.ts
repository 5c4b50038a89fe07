/** Whether the gateway's memory grows under a load that does not: samples over time, and the straight line through them. */
import { startSandbox } from '../../src/sandbox/server.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { rounded, slopeOf } from './figures.ts';
import { type GatewaySample, startMeasuredGateway } from './measured-gateway.ts';
import { operations, subscription } from './steady-load.ts';

export interface MemorySlopeReport {
  readonly operations: number;
  readonly seconds: number;
  readonly samples: number;
  /** Megabytes in ten minutes by which the heap grows, after collecting garbage; least squares. */
  readonly heapSlope: number;
  /** The same of heap and buffers together. */
  readonly usedSlope: number;
  /** The same of the process as the operating system sees it. */
  readonly residentSlope: number;
  /** Megabytes in the first, second and last third of the time: a leak grows alike in both steps, settling does not. */
  readonly residentThirds: readonly number[];
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  /** Difference of the means of the first and last third of the samples, per operation between them. */
  readonly heapGrowthBytesPerOperation: number;
  /** Share of one processor the gateway took. */
  readonly cpuShare: number;
}

export interface MemorySlopeOptions {
  readonly warmUpSeconds: number;
  /** The engine compiles and fills its caches during some ten thousand operations; until then memory grows without a leak. */
  readonly warmUpOperationsPerSecond: number;
  /** Length of the period before the end whose samples count. */
  readonly seconds: number;
  /**
   * While the heap grows by this or more per operation, the measurement continues, for at most `patienceSeconds`: the engine's caches
   * stop growing, a leak does not. When left out, it ends after `seconds`.
   */
  readonly settledBytesPerOperation?: number;
  readonly patienceSeconds?: number;
  readonly sampleEverySeconds: number;
  readonly operationsPerSecond: number;
}

/** Small bounds, so that buffers and caches are full, and no longer grow, when the measurement begins. */
const settings = { resumeAgeMs: 5_000, rememberedEventIds: 200, streamLingerMs: 1_000, webSocketPingMs: 5_000 };

interface Sample extends GatewaySample {
  readonly seconds: number;
  /** Number of operations completed until then. */
  readonly operations: number;
}

const tenMinutes = 600;
const mega = 1_000_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function runMemorySlope(options: MemorySlopeOptions): Promise<MemorySlopeReport> {
  await using sandbox = await startSandbox();
  await using gateway = await startMeasuredGateway(sandbox.url, settings);
  const listeners = await Promise.all(['grace', 'grace', 'ada'].map((name) => openAcknowledged(gateway.url, name)));
  for (const { send } of listeners) send({ type: 'subscribe', id: '1', payload: { query: subscription } });

  let isOver = false;
  let total = 0;
  let perSecond = options.warmUpOperationsPerSecond;
  async function load(): Promise<void> {
    let dueAt = performance.now();
    for (let index = 0; !isOver; index += 1) {
      const operation = operations[index % operations.length];
      await operation?.(gateway.url, Math.floor(index / operations.length));
      total += 1;
      dueAt = Math.max(dueAt, performance.now() - 1_000) + 1_000 / perSecond;
      await pause(Math.max(0, dueAt - performance.now()));
    }
  }
  const loading = load();
  await pause(options.warmUpSeconds * 1_000);
  perSecond = options.operationsPerSecond;

  let samples: Sample[] = [];
  const { seconds, settledBytesPerOperation = Number.POSITIVE_INFINITY, patienceSeconds = seconds } = options;
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  while (elapsed() < seconds || (elapsed() < patienceSeconds && heapGrowthOf(samples) >= settledBytesPerOperation)) {
    const sample = { ...(await gateway.sample()), seconds: elapsed(), operations: total };
    samples = [...samples.filter((earlier) => earlier.seconds > sample.seconds - seconds), sample];
    await pause(options.sampleEverySeconds * 1_000);
  }
  isOver = true;
  await loading;
  for (const { socket } of listeners) socket.terminate();

  const slope = (read: (sample: GatewaySample) => number) =>
    rounded((slopeOf(samples.map((sample) => [sample.seconds, read(sample)])) * tenMinutes) / mega, 2);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  return {
    operations: total,
    seconds: rounded(last.seconds - first.seconds),
    samples: samples.length,
    heapSlope: slope(({ heapUsed }) => heapUsed),
    usedSlope: slope(({ heapUsed, external }) => heapUsed + external),
    residentSlope: slope(({ resident }) => resident),
    residentThirds: thirdsOf(samples).map((part) => rounded(mean(part, ({ resident }) => resident) / mega)),
    heapMegabytes: rounded(last.heapUsed / mega),
    residentMegabytes: rounded(last.resident / mega),
    heapGrowthBytesPerOperation: rounded(heapGrowthOf(samples)),
    cpuShare: rounded((last.cpuSeconds - first.cpuSeconds) / (last.seconds - first.seconds), 3),
  };
}

/** Of the first and the last third, the difference of the means, for each operation between them. */
function heapGrowthOf(samples: readonly Sample[]): number {
  const [early = [], , late = []] = thirdsOf(samples);
  const grown = mean(late, ({ heapUsed }) => heapUsed) - mean(early, ({ heapUsed }) => heapUsed);
  return grown / (mean(late, ({ operations: done }) => done) - mean(early, ({ operations: done }) => done));
}

function thirdsOf(samples: readonly Sample[]): Sample[][] {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return [samples.slice(0, third), samples.slice(third, -third), samples.slice(-third)];
}

function mean(part: readonly Sample[], read: (sample: Sample) => number): number {
  return part.reduce((sum, sample) => sum + read(sample), 0) / part.length;
}
