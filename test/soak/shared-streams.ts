/**
 * What shared event streams cost: delay at a follower, processor time of Redis and of the replicas for events that come alone and in
 * bursts of ten, bytes of a caller in Redis. The same is measured without a follower, and without Redis.
 */
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { processorSeconds } from '../support/process-figures.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded } from './figures.ts';
import { sharingSettings } from './replica.ts';
import { delayOf, subscribeTo } from './subscriber.ts';
import { startUpstreamProcess, type UpstreamProcess } from './upstream-process.ts';

/** Of events that are relayed, appended, followed where there is a follower, and acknowledged. */
interface Cost {
  /** Of Redis' main thread, per event. */
  readonly redisMicroseconds: number;
  /** Of a replica, per event. */
  readonly replicaMicroseconds: number;
  readonly lost: number;
}

interface Measured {
  readonly alone: Cost;
  readonly tens: Cost;
  /** Milliseconds from the upstream's write to the clients of each replica, for events that come alone. */
  readonly delays: readonly { readonly p50Ms: number; readonly p99Ms: number }[];
  readonly idleBytes: number;
}

export interface SharedStreamsReport {
  readonly perSecond: number;
  readonly lost: number;
  readonly ownerP50Ms: number;
  readonly ownerP99Ms: number;
  readonly followerP50Ms: number;
  readonly followerP99Ms: number;
  readonly withoutRedis: Pick<Measured, 'alone' | 'tens'>;
  readonly withoutFollower: Pick<Measured, 'alone' | 'tens'>;
  readonly withFollower: Pick<Measured, 'alone' | 'tens'>;
  /** In Redis, of a caller that is subscribed and has had no event. */
  readonly idleBytesPerCaller: number;
}

export interface SharedStreamsOptions {
  readonly callers: number;
  /** Of each measurement. */
  readonly events: number;
  readonly perSecond: number;
}

const query = 'subscription { messageReceived { id message { body } } }';
const burst = 10;

export async function runSharedStreams(options: SharedStreamsOptions): Promise<SharedStreamsReport> {
  await build();
  const withoutRedis = await measure(options, 1, false);
  const withoutFollower = await measure(options, 1, true);
  const withFollower = await measure(options, 2, true);
  const [atOwner, atFollower] = withFollower.delays;
  const all = [withoutRedis, withoutFollower, withFollower].flatMap(({ alone, tens }) => [alone, tens]);
  const costs = ({ alone, tens }: Measured) => ({ alone, tens });
  return {
    perSecond: options.perSecond,
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
    ownerP50Ms: atOwner?.p50Ms ?? Number.NaN,
    ownerP99Ms: atOwner?.p99Ms ?? Number.NaN,
    followerP50Ms: atFollower?.p50Ms ?? Number.NaN,
    followerP99Ms: atFollower?.p99Ms ?? Number.NaN,
    withoutRedis: costs(withoutRedis),
    withoutFollower: costs(withoutFollower),
    withFollower: costs(withFollower),
    idleBytesPerCaller: Math.round(withFollower.idleBytes / options.callers),
  };
}

async function measure(options: SharedStreamsOptions, replicas: 1 | 2, isShared: boolean): Promise<Measured> {
  const { callers, events, perSecond } = options;
  await using redis = await startRedis(['--stream-node-max-bytes', '1024']);
  await using upstream = await startUpstreamProcess();
  const gateways: GatewayProcess[] = [];
  await using _gateways = {
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
    },
  };
  while (gateways.length < replicas) gateways.push(await start(upstream, isShared ? redis : undefined));
  // Its owners have to be there before others look for them.
  await pause(3_000);
  const delays: number[][] = [];
  let count = 0;
  for (const { url } of gateways) {
    const into: number[] = [];
    delays.push(into);
    for (let index = 0; index < callers; index += 1) {
      const authorization = `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`;
      await subscribeTo(url, { authorization, query }, (text) => {
        count += 1;
        const delay = delayOf(text);
        if (delay !== undefined) into.push(delay);
      });
    }
    await pause(3_000);
  }
  const idleBytes = isShared ? await bytesOf(redis) : 0;
  const relay = async (number: number, size: number) => {
    const expected = count + number * replicas;
    upstream.order({ kind: 'spread', events: number, perSecond, burst: size });
    await waitUntil(() => count >= expected, (number / perSecond) * 1_000 + 20_000).catch(() => {});
    return Math.max(0, expected - count);
  };
  const spentBy = async () => ({
    redis: await redisSeconds(redis),
    replicas: gateways.reduce((sum, { child }) => sum + processorSeconds(child.pid ?? 0), 0) / replicas,
  });
  const costOf = async (size: number): Promise<Cost> => {
    await relay(perSecond * 2, size);
    await pause(3_000);
    for (const list of delays) list.length = 0;
    const before = await spentBy();
    const lost = await relay(events, size);
    // Until the acknowledgements are through.
    await pause(3_000);
    const after = await spentBy();
    return {
      redisMicroseconds: rounded(((after.redis - before.redis) / events) * 1e6),
      replicaMicroseconds: rounded(((after.replicas - before.replicas) / events) * 1e6),
      lost,
    };
  };
  const alone = await costOf(1);
  const percentiles = delays.map((list) => ({
    p50Ms: rounded(percentile(list, 0.5), 2),
    p99Ms: rounded(percentile(list, 0.99), 2),
  }));
  return { alone, tens: await costOf(burst), delays: percentiles, idleBytes };
}

function start(upstream: UpstreamProcess, redis: RedisServer | undefined): Promise<GatewayProcess> {
  return startGatewayProcess(upstream.url, {
    env: redis === undefined ? { LOG_LEVEL: 'info' } : sharingSettings(redis.url),
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function redisSeconds(redis: RedisServer): Promise<number> {
  const info = await redis.command('INFO', 'cpu');
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
  return of('used_cpu_sys_main_thread') + of('used_cpu_user_main_thread');
}

/** Bytes of all keys of callers. */
async function bytesOf(redis: RedisServer): Promise<number> {
  const keys = (await redis.command('KEYS', 'tc:{*')).split('\r\n').filter((line) => /^tc:\{[\w-]{22}\}/.test(line));
  const sizes = await Promise.all(keys.map((key) => redis.command('MEMORY', 'USAGE', key)));
  return sizes.reduce((sum, reply) => sum + Number(/:(\d+)/.exec(reply)?.[1] ?? 0), 0);
}
