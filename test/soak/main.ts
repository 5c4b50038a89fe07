/**
 * The long form of the tests in `test/event-soak.test.ts`, with figures: `npm run soak [-- seed [name…]]`. Loopback only,
 * ends by itself; one line of JSON each, and exit code 1 when a promise of the relay was broken.
 */
import { runChaos } from './chaos.ts';
import { runChurn } from './churn.ts';
import { runIsolation } from './isolation.ts';
import { runMemorySlope } from './memory-slope.ts';
import { runReconnect } from './reconnect.ts';
import { runDelay, runEphemerality, runMemory, runThroughput } from './relay.ts';
import { runSlowClient } from './slow-client.ts';

const [, , seedText = String(Date.now() % 100_000), ...wanted] = process.argv;
const seed = Number(seedText);

interface Outcome {
  readonly report: object;
  readonly isBroken: boolean;
}

/** @param isBroken What of a report breaks a promise. */
const run =
  <Report extends object>(start: () => Promise<Report>, isBroken: (report: Report) => boolean) =>
  async (): Promise<Outcome> => {
    const report = await start();
    return { report, isBroken: isBroken(report) };
  };

const runs: Readonly<Record<string, () => Promise<Outcome>>> = {
  chaos: run(
    () => runChaos({ seed, callers: 20, eventsPerSecond: 200, faults: 200, seconds: 60 }),
    (report) =>
      report.lost + report.repeated + report.disordered + report.failed + report.gaps + report.unacknowledged > 0,
  ),
  isolation: run(
    () => runIsolation({ seed, callers: 100, events: 10_000 }),
    (report) => report.foreign > 0 || report.received !== report.events,
  ),
  'slow client': run(
    () => runSlowClient({ clients: 1_000, events: 30, everyMs: 500 }),
    (report) => report.lost > 0 || report.mostQueuedBytes > 1_048_576 || Number.isNaN(report.cutOffAfterSeconds),
  ),
  churn: run(
    () => runChurn({ subscriptions: 20_000 }),
    (report) => report.subscriptionsLeft > 0 || report.heapGrowthBytesPerSubscription > 50,
  ),
  'a few streams come back': run(
    () => runReconnect({ streams: 20, restarts: 10, downMs: 1_500 }),
    (report) => report.p99Ms > 2_000,
  ),
  'many streams come back': run(
    () => runReconnect({ streams: 1_000, restarts: 1, downMs: 0 }),
    (report) => report.spreadMs < 5_000,
  ),
  ephemerality: run(
    () => runEphemerality({ events: 100 }),
    (report) => report.inMemoryAfterExpiry > 0 || report.inMemoryWhileAlive === 0,
  ),
  throughput: run(
    () => runThroughput({ events: 300_000 }),
    // By processor time, because the clock also measures whatever else the machine does: 31 µs each are 32,000 a second.
    (report) => report.cpuMicrosecondsPerEvent > 31,
  ),
  delay: run(
    () => runDelay({ callers: 20, events: 500, everyMs: 20 }),
    () => false,
  ),
  'memory slope': run(
    () =>
      runMemorySlope({
        warmUpSeconds: 240,
        warmUpOperationsPerSecond: 60,
        seconds: 660,
        sampleEverySeconds: 20,
        operationsPerSecond: 10,
      }),
    (report) => report.heapSlope >= 1 || report.residentSlope >= 1,
  ),
  memory: run(
    () => runMemory({ callers: 2_000 }),
    (report) => report.residentKiBPerCaller > 40,
  ),
};

for (const [name, start] of Object.entries(runs)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { report, isBroken } = await start();
  process.stdout.write(`${JSON.stringify({ name, seed, isBroken, ...report })}\n`);
  if (isBroken) process.exitCode = 1;
}
