/**
 * Capacity and cost of one, two and four replicas that share event streams through one Redis: deliveries per second and idle callers.
 * Replicas, upstream and clients share the cores of one machine, which bound the rate. Processor time per delivery is therefore
 * measured too, and the rate computed from it for a machine with a core for each process.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { processorSeconds, residentBytes } from '../support/process-figures.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';
import { rounded } from './figures.ts';
import { sharingSettings } from './replica.ts';
import { subscribeTo } from './subscriber.ts';
import { startUpstreamProcess } from './upstream-process.ts';

export interface ReplicaCurveOptions {
  readonly replicas: readonly number[];
  /** Each has two clients, on two replicas where there are two: one replica owns its stream, the other follows. */
  readonly callers: number;
  /** Events at clients that are under way at once, about. */
  readonly underWay: number;
  readonly seconds: number;
  readonly idleSeconds: number;
}

interface Point {
  readonly replicas: number;
  readonly lost: number;
  /** Events at clients, with as many under way as the options say. */
  readonly deliveriesPerSecond: number;
  /** Processor time of all replicas, and of Redis' main thread. */
  readonly replicaMicroseconds: number;
  readonly redisMicroseconds: number;
  /** The rate at which the busiest process, a replica or Redis, would use a whole core. */
  readonly perSecondWithCores: number;
  readonly idleCallers: number;
  /** Resident memory of all replicas that an idle caller with its two clients adds. */
  readonly idleKiB: number;
  /** Idle callers for which 512 MiB a replica are enough. */
  readonly idleCallersThatFit: number;
  /** Processor time of all replicas, and of Redis, in milliseconds a second for a thousand idle callers. */
  readonly idleReplicaMs: number;
  readonly idleRedisMs: number;
}

export interface ReplicaCurve {
  readonly cores: number;
  /** Of the machine in the minute before, by other programs. */
  readonly load: number;
  readonly lost: number;
  readonly points: readonly Point[];
}

const query = 'subscription { messageReceived { id message { body } } }';
const burst = 5;
const replicaBytes = 512 * 1024 * 1024;

export async function runReplicaCurve(options: ReplicaCurveOptions): Promise<ReplicaCurve> {
  const [load = 0] = loadavg();
  await build();
  const points: Point[] = [];
  for (const replicas of options.replicas) points.push(await measure(options, replicas));
  return { cores: cpus().length, load: rounded(load), lost: points.reduce((sum, { lost }) => sum + lost, 0), points };
}

async function measure(options: ReplicaCurveOptions, replicas: number): Promise<Point> {
  const { callers, underWay, seconds, idleSeconds } = options;
  await using redis = await startRedis(['--stream-node-max-bytes', '1024']);
  await using upstream = await startUpstreamProcess();
  const gateways: GatewayProcess[] = [];
  await using _gateways = {
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    },
  };
  while (gateways.length < replicas) {
    gateways.push(await startGatewayProcess(upstream.url, { env: sharingSettings(redis.url) }));
  }
  await pause(3_000);
  let count = 0;
  const join = async (name: string, at: number) => {
    const authorization = `Basic ${Buffer.from(`${name}:x`).toString('base64')}`;
    await subscribeTo(gateways[at % replicas]?.url ?? '', { authorization, query }, () => {
      count += 1;
    });
  };
  /** More is ordered as soon as half of it is there. */
  const relay = async (forSeconds: number) => {
    const events = Math.round(underWay / 4 / burst) * burst;
    const before = count;
    const startedAt = performance.now();
    const isOver = () => performance.now() - startedAt >= forSeconds * 1_000;
    let expected = count;
    while (!isOver()) {
      upstream.order({ kind: 'spread', events, perSecond: Number.MAX_SAFE_INTEGER, burst });
      expected += 2 * events;
      while (expected - count > underWay / 2 && !isOver()) await pause(2);
    }
    const perSecond = (count - before) / ((performance.now() - startedAt) / 1_000);
    await waitUntil(() => count >= expected, 20_000).catch(() => {});
    // Until the acknowledgements are through.
    await pause(2_000);
    return { lost: Math.max(0, expected - count), perSecond, delivered: count - before };
  };
  // What the first callers cost is a replica's own: modules, compiled operations, warm code.
  for (let at = 0; at < 4 * replicas; at += 1) for (const offset of [0, 1]) await join(`first${at}`, at + offset);
  await pause(2_000);
  await relay(2);
  const own = gateways.map(({ child }) => residentBytes(child.pid ?? 0));
  const clients = Array.from({ length: callers }, (_, at) => at);
  for (const offset of [0, 1]) {
    for (let at = 0; at < callers; at += 20) {
      await Promise.all(clients.slice(at, at + 20).map((index) => join(`caller${index}`, index + offset)));
    }
    // Its owners have to be there before others look for them.
    await pause(3_000);
  }
  const resident = gateways.map(({ child }) => residentBytes(child.pid ?? 0));
  const spent = async () => ({
    replicas: gateways.map(({ child }) => processorSeconds(child.pid ?? 0)),
    redis: await redisSeconds(redis),
  });
  const since = async (before: Awaited<ReturnType<typeof spent>>) => {
    const after = await spent();
    const each = after.replicas.map((seconds, index) => seconds - (before.replicas[index] ?? 0));
    return { all: sum(each), busiest: Math.max(...each), redis: after.redis - before.redis };
  };
  const beforeIdle = await spent();
  await pause(idleSeconds * 1_000);
  const idle = await since(beforeIdle);
  const beforeLoad = await spent();
  const { lost, perSecond, delivered } = await relay(seconds);
  const load = await since(beforeLoad);
  const idleBytes = (sum(resident) - sum(own)) / callers;
  const perMillisecond = 1_000 / idleSeconds / (callers / 1_000);
  return {
    replicas,
    lost,
    deliveriesPerSecond: Math.round(perSecond),
    replicaMicroseconds: rounded((load.all / delivered) * 1e6),
    redisMicroseconds: rounded((load.redis / delivered) * 1e6),
    perSecondWithCores: Math.round(delivered / Math.max(load.busiest, load.redis)),
    idleCallers: callers,
    idleKiB: rounded(idleBytes / 1_024),
    idleCallersThatFit: Math.floor((replicas * replicaBytes - sum(own)) / idleBytes),
    idleReplicaMs: rounded(idle.all * perMillisecond),
    idleRedisMs: rounded(idle.redis * perMillisecond),
  };
}

const begin = '<!-- replicas -->\n';
const end = '<!-- /replicas -->\n';

/** Writes the table of the curve between its marks. @param file A page that has them. */
export function writeReplicaCurve(file: string, curve: ReplicaCurve): void {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} has no ${begin.trim()}`);
  writeFileSync(file, `${before}${begin}${curveTable(curve)}${end}${after}`);
}

/** The curve as Markdown. */
export function curveTable({ cores, load, points }: ReplicaCurve): string {
  const most = Math.max(...points.map(({ perSecondWithCores }) => perSecondWithCores));
  const rows = points.map((point) => {
    const bar = '█'.repeat(Math.max(1, Math.round((point.perSecondWithCores / most) * 20)));
    const cells = [
      point.replicas,
      whole(point.deliveriesPerSecond),
      `${point.replicaMicroseconds} + ${point.redisMicroseconds} µs`,
      `${bar} ${whole(point.perSecondWithCores)}`,
      whole(point.idleCallersThatFit),
      `${point.idleKiB} KiB`,
      `${point.idleReplicaMs} + ${point.idleRedisMs} ms`,
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  return `
| Replicas | Deliveries/s, all on ${cores} cores | Processor time of a delivery: replicas + Redis | Deliveries/s, a core each | Idle callers in 512 MiB a replica | Memory of an idle caller | Processor time a second of 1,000 idle callers: replicas + Redis |
| --: | --: | --: | :-- | --: | --: | --: |
${rows.join('')}
${load < 1 ? 'Nothing else ran.' : `Other programs ran: load average ${load}.`}

`;
}

function whole(number: number): string {
  return number.toLocaleString('en-US');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function redisSeconds(redis: RedisServer): Promise<number> {
  const info = await redis.command('INFO', 'cpu');
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return of('used_cpu_sys_main_thread') + of('used_cpu_user_main_thread');
}
