/**
 * The long form of the tests in `test/events/load.test.ts`, with figures: `npm run soak [-- seed [name…]]`. Loopback only,
 * ends by itself; one line of JSON each, and exit code 1 when a promise of the relay was broken.
 */
import { parseArgs } from 'node:util';
import { root } from '../support/build.ts';
import { attackNames, runAttacks } from './attacks.ts';
import { runChaos } from './chaos.ts';
import { runChurn } from './churn.ts';
import { type CrowdReport, runCrowd } from './crowd.ts';
import { runDrain } from './drain.ts';
import { runDelay, runEphemerality, runMemory, runThroughput } from './event-hub.ts';
import { runIsolation } from './isolation.ts';
import { runMemorySlope } from './memory-slope.ts';
import { runReconnect } from './reconnect.ts';
import { runRedisFailover } from './redis-failover.ts';
import { replicaFaults, runReplicaChaos } from './replica-chaos.ts';
import { runReplicaCurve, writeReplicaCurve } from './replica-curve.ts';
import { runRollingRestart } from './rolling-restart.ts';
import { runSharedChanges } from './shared-changes.ts';
import { runSharedContent } from './shared-content.ts';
import { runSharedStreams } from './shared-streams.ts';
import { runSharedThroughput } from './shared-throughput.ts';
import { runSilentRedis } from './silent-redis.ts';
import { runSlowClient } from './slow-client.ts';
import { runTakeover } from './takeover.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean' },
    write: { type: 'boolean' },
    sockets: { type: 'string', default: '10000' },
    attack: { type: 'string', multiple: true, default: [] },
  },
});
const [seedText = String(Date.now() % 100_000), ...wanted] = positionals;
const seed = Number(seedText);
/** Of `drain`. */
const sockets = Number(values.sockets);
/** Of both runs of attacks: those whose name begins with one of `--attack`; all without it. */
const { attack } = values;
const attacksWanted = attackNames.filter(
  (name) => attack.length === 0 || attack.some((start) => name.startsWith(start)),
);

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

/** 32 KiB is what the bench allows an idle caller. */
const isTooHeavy = ({ live, callers, lost, idleKiBPerCaller }: CrowdReport) =>
  live < callers || lost > 0 || idleKiBPerCaller > 32;

const runs: Readonly<Record<string, () => Promise<Outcome>>> = {
  chaos: run(
    () => runChaos({ seed, callers: 20, eventsPerSecond: 200, faults: 200, seconds: 60 }),
    (report) =>
      report.lost + report.repeated + report.disordered + report.failed + report.gaps + report.unacknowledged > 0,
  ),
  'one replica': run(
    () =>
      runReplicaChaos({
        seed,
        replicas: 1,
        callers: 30,
        clientsPerCaller: 2,
        eventsPerSecond: 200,
        seconds: 60,
        faults: 200,
        kinds: ['client cut', 'upstream cut', 'upstream stall', 'upstream down', 'balancer cut'],
      }),
    (report) =>
      report.lost + report.doubled + report.disordered + report.gaps + report.crashes + report.unacknowledged > 0,
  ),
  'shared changes': run(
    () => runSharedChanges({ changes: 2_000 }),
    (report) => report.stale > 0 || report.p99Ms > 20,
  ),
  'Redis failover': run(
    () => runRedisFailover(),
    (report) => report.failed + report.denied > 0 || report.maxMs > 10_000,
  ),
  'silent Redis': run(
    () => runSilentRedis({ rounds: 10 }),
    (report) => report.stale > 0 || report.maxMs > 4_000,
  ),
  ...Object.fromEntries(
    (['single', 'Sentinel', 'Cluster'] as const).map((redis) => [
      { single: 'three replicas', Sentinel: 'three replicas with Sentinel', Cluster: 'three replicas with a Cluster' }[
        redis
      ],
      run(
        () =>
          runReplicaChaos({
            seed,
            redis,
            replicas: 3,
            callers: 30,
            clientsPerCaller: 2,
            eventsPerSecond: 200,
            seconds: 120,
            faults: 200,
            kinds: replicaFaults,
            trace: true,
            // Each takeover puts acknowledgements off for a lease.
            acknowledgeWithinMs: 60_000,
          }),
        ({ lost, doubled, disordered, crashes, unacknowledged, needlessGaps }) =>
          lost + doubled + disordered + crashes + unacknowledged + needlessGaps > 0,
      ),
    ]),
  ),
  takeover: run(
    () => runTakeover({ seed, callers: 10, kills: 20 }),
    ({ lost, gaps, p50Ms, maxMs }) => lost + gaps > 0 || p50Ms > 1_500 || maxMs > 5_500,
  ),
  'shared streams': run(
    () => runSharedStreams({ callers: 100, events: 20_000, perSecond: 2_000 }),
    ({ lost, ownerP50Ms, ownerP99Ms, followerP50Ms, followerP99Ms, withoutFollower, idleBytesPerCaller }) =>
      lost > 0 ||
      followerP50Ms - ownerP50Ms > 2 ||
      followerP99Ms - ownerP99Ms > 20 ||
      withoutFollower.alone.redisMicroseconds > 60 ||
      withoutFollower.tens.redisMicroseconds > 25 ||
      idleBytesPerCaller > 512,
  ),
  'rolling restart': run(
    () => runRollingRestart({ callers: 1_000, replicas: 3 }),
    ({ lost, repeated, disordered, gaps, p99Ms, mostAtOnce }) =>
      lost + repeated + disordered + gaps > 0 || p99Ms > 500 || mostAtOnce > 0.1,
  ),
  'shared throughput': run(
    () => runSharedThroughput({ events: 200_000 }),
    // By processor time, as `throughput`: 50 µs each are 20,000 a second.
    (report) => report.lost > 0 || report.cpuMicrosecondsPerEvent > 50,
  ),
  'replica curve': run(
    async () => {
      const curve = await runReplicaCurve({
        replicas: [1, 2, 4],
        callers: 1_000,
        underWay: 2_000,
        seconds: 8,
        idleSeconds: 6,
      });
      if (values.write === true) writeReplicaCurve(`${root}src/cluster/README.md`, curve);
      return curve;
    },
    ({ lost }) => lost > 0,
  ),
  'shared content': run(
    () => runSharedContent({ events: 200 }),
    ({ events, readable, inDumps, inCopyBefore, inCopyMs, expiredMs, recalledMs }) =>
      readable + inDumps > 0 || inCopyBefore < events || Math.max(inCopyMs, expiredMs, recalledMs) > 1_000,
  ),
  'manual chaos': run(
    () =>
      runChaos({
        seed,
        callers: 20,
        eventsPerSecond: 200,
        faults: 60,
        seconds: 120,
        cuts: { least: 200, most: 1_700 },
      }),
    ({ lost, repeated, disordered, failed, gaps, unacknowledged, manual }) =>
      lost + repeated + disordered + failed + gaps + unacknowledged > 0 ||
      manual === undefined ||
      manual.lost + manual.repeated + manual.disordered + manual.failed + manual.gaps > 0 ||
      manual.forgotten === 0,
  ),
  attacks: run(
    () => runAttacks(attacksWanted, { connections: 16, seconds: 15 }),
    ({ attacks }) => attacks.some(({ failed, p99Ms, growthMiB }) => failed > 0 || p99Ms >= 250 || growthMiB >= 256),
  ),
  // By the processor time of the event loop: what a thousand connections of one machine send takes the time of the good callers' own machine.
  'a thousand hostile connections': run(
    () => runAttacks(attacksWanted, { connections: 1_000, seconds: 15 }),
    ({ attacks }) =>
      attacks.some(({ failed, loopP99Ms, growthMiB }) => failed > 0 || loopP99Ms >= 250 || growthMiB >= 256),
  ),
  isolation: run(
    () => runIsolation({ seed, callers: 100, events: 10_000 }),
    (report) => report.foreign > 0 || report.received !== report.events,
  ),
  'slow client': run(
    () => runSlowClient({ clients: 1_000, rounds: 15, events: 20, everyMs: 120 }),
    (report) =>
      report.lost > 0 ||
      report.mostQueuedBytes > 917_504 ||
      Math.abs(report.p99Ratio - 1) > 0.1 ||
      Number.isNaN(report.cutOffAfterSeconds),
  ),
  crowd: run(
    () => runCrowd({ callers: 2_000, events: 30_000, perSecond: 500 }),
    (report) =>
      report.live < report.callers ||
      report.lost > 0 ||
      report.idleKiBPerCaller >= 60_000 / 1_024 ||
      report.p50Ms >= 2 ||
      report.p99Ms >= 20,
  ),
  'crowd over SSE': run(
    () => runCrowd({ callers: 1_000, events: 5_000, perSecond: 500, accept: 'text/event-stream' }),
    isTooHeavy,
  ),
  'crowd over multipart': run(
    () => runCrowd({ callers: 1_000, events: 5_000, perSecond: 500, accept: 'multipart/mixed;subscriptionSpec=1.0' }),
    isTooHeavy,
  ),
  drain: run(
    () => runDrain({ sockets, spreadMs: 25_000 }),
    ({ back, mostPerSecond, unannounced, lostRequests }) =>
      back < sockets || mostPerSecond > 500 || unannounced + lostRequests > 0,
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
        // The heap is stable after four minutes; the allocator returns memory for some minutes more.
        warmUpSeconds: 600,
        warmUpOperationsPerSecond: 60,
        seconds: 1_320,
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

const names = Object.keys(runs);
const unknown = wanted.find((name) => !names.includes(name));
if (
  values.help === true ||
  Number.isNaN(seed) ||
  !(sockets >= 50 && sockets % 50 === 0) ||
  unknown !== undefined ||
  attacksWanted.length === 0
) {
  const list = names.map((name) => `"${name}"`).join(', ');
  process.stderr.write(
    `npm run soak [-- [--sockets N] [--attack START]… [--write] SEED [NAME…]]\nSEED and N (sockets of drain, a multiple of 50) are numbers; START begins the name of an attack, as A3; --write puts the replica curve into src/cluster/README.md; NAME one of ${list}: all when left out.\n`,
  );
  process.exit(values.help === true ? 0 : 2);
}
for (const [name, start] of Object.entries(runs)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { report, isBroken } = await start();
  process.stdout.write(`${JSON.stringify({ name, seed, isBroken, ...report })}\n`);
  if (isBroken) process.exitCode = 1;
}
