/** What shared event streams cost: delay at a follower, processor time of Redis and of the replicas, bytes of a caller in Redis. */
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { processorSeconds } from '../support/process-figures.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded } from './figures.ts';
import { delayOf, subscribeTo } from './subscriber.ts';
import { startUpstreamProcess, type UpstreamProcess } from './upstream-process.ts';

export interface SharedStreamsReport {
  readonly events: number;
  readonly perSecond: number;
  readonly lost: number;
  /** From the upstream's write to the client of the owner, and to the client of a follower. */
  readonly ownerP50Ms: number;
  readonly ownerP99Ms: number;
  readonly followerP50Ms: number;
  readonly followerP99Ms: number;
  /** Of Redis' main thread and of a replica, per event, acknowledged and followed. */
  readonly redisMicrosecondsPerEvent: number;
  readonly replicaMicrosecondsPerEvent: number;
  /** In Redis, of a caller that is subscribed and has had no event. */
  readonly idleBytesPerCaller: number;
}

const query = 'subscription { messageReceived { id message { body } } }';

async function start(upstream: UpstreamProcess, redis: RedisServer): Promise<GatewayProcess> {
  return startGatewayProcess(upstream.url, {
    env: {
      REDIS_URL: redis.url,
      REDIS_KEYS: Buffer.alloc(32, 7).toString('base64'),
      SHARE_EVENT_STREAMS: 'true',
      LOG_LEVEL: 'info',
    },
  });
}

export async function runSharedStreams(options: {
  readonly callers: number;
  readonly events: number;
  readonly perSecond: number;
}): Promise<SharedStreamsReport> {
  const { callers, events, perSecond } = options;
  await build();
  await using redis = await startRedis(['--stream-node-max-bytes', '1024']);
  await using upstream = await startUpstreamProcess();
  await using first = await start(upstream, redis);
  await using second = await start(upstream, redis);
  // Its owners have to be there before others look for them.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const delays: [number[], number[]] = [[], []];
  let count = 0;
  const join = async (gateway: GatewayProcess, into: number[]) => {
    for (let index = 0; index < callers; index += 1) {
      const authorization = `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`;
      await subscribeTo(gateway.url, { authorization, query }, (text) => {
        count += 1;
        const delay = delayOf(text);
        if (delay !== undefined) into.push(delay);
      });
    }
  };
  await join(first, delays[0]);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await join(second, delays[1]);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  const idleBytes = await bytesOf(redis);
  const relay = async (number: number) => {
    const expected = count + number * 2;
    upstream.order({ kind: 'spread', events: number, perSecond });
    await waitUntil(() => count >= expected, (number / perSecond) * 1_000 + 20_000).catch(() => {});
    return expected - count;
  };
  await relay(perSecond);
  for (const list of delays) list.length = 0;
  const before = [await redisSeconds(redis), seconds(first) + seconds(second)] as const;
  const missing = await relay(events);
  // Until the acknowledgements are through.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const spent = [(await redisSeconds(redis)) - before[0], seconds(first) + seconds(second) - before[1]] as const;
  const [atOwner, atFollower] = delays;
  return {
    events,
    perSecond,
    lost: missing,
    ownerP50Ms: rounded(percentile(atOwner, 0.5), 2),
    ownerP99Ms: rounded(percentile(atOwner, 0.99), 2),
    followerP50Ms: rounded(percentile(atFollower, 0.5), 2),
    followerP99Ms: rounded(percentile(atFollower, 0.99), 2),
    redisMicrosecondsPerEvent: rounded((spent[0] / events) * 1e6),
    replicaMicrosecondsPerEvent: rounded((spent[1] / 2 / events) * 1e6),
    idleBytesPerCaller: Math.round(idleBytes / callers),
  };
}

function seconds({ child }: GatewayProcess): number {
  return processorSeconds(child.pid ?? 0);
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
