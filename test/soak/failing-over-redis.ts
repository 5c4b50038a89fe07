/** A Redis with failover, for faults: each applies to a server that is a master at the time. */
import type { RedisServer } from '../support/redis.ts';
import { startRedisCluster, startRedisSentinel } from '../support/redis-topologies.ts';
import type { Random } from './random.ts';
import { type RedisWatch, type WatchedPart, watchRedis } from './redis-watch.ts';

export type Topology = 'single' | 'Sentinel' | 'Cluster';

/** What faults do to Redis. */
export type FaultyRedis = Pick<RedisServer, 'url' | 'kill' | 'restart' | 'sleep' | 'wake' | 'command'> &
  AsyncDisposable & {
    /** Of one that fails over. */
    readonly watch?: RedisWatch;
  };

/** Master and replica with a Sentinel, or three masters with a replica each. */
export async function startFailingOverRedis(kind: 'Sentinel' | 'Cluster', random: Random): Promise<FaultyRedis> {
  if (kind === 'Sentinel') {
    const sentinel = await startRedisSentinel();
    const part = { key: 'watch', masters: async () => [await sentinel.currentMaster()] };
    return faultsOn(sentinel, [sentinel.master, sentinel.replica], [part], random);
  }
  const cluster = await startRedisCluster([], 1);
  const { nodes } = cluster;
  const shards = nodes.length / 2;
  const parts = clusterKeys.map((key, index) => ({
    key,
    masters: () => Promise.resolve(nodes.filter((_, node) => node % shards === index)),
  }));
  return faultsOn(cluster, nodes, parts, random);
}

/** One of each third of the slots. */
const clusterKeys = ['b', 'c', 'a'];

function faultsOn(
  topology: AsyncDisposable & { readonly url: string },
  nodes: readonly RedisServer[],
  parts: readonly WatchedPart[],
  random: Random,
): FaultyRedis {
  const watch = watchRedis(parts);
  let killed: RedisServer | undefined;
  let asleep: Promise<RedisServer> | undefined;
  const isMaster = async (node: RedisServer) => {
    const role = await Promise.race([
      node.command('ROLE').catch(() => ''), // it was killed
      new Promise<string>((resolve) => setTimeout(() => resolve(''), 500)), // it is asleep
    ]);
    return role.includes('master');
  };
  const master = async () => {
    const roles = await Promise.all(nodes.map(isMaster));
    const masters = nodes.filter((_, index) => roles[index]);
    return random.pick(masters.length > 0 ? masters : nodes);
  };
  return {
    url: topology.url,
    watch,
    async kill() {
      killed = await master();
      await killed.kill();
    },
    async restart() {
      await killed?.restart();
    },
    sleep() {
      asleep = master().then((node) => {
        node.sleep();
        return node;
      });
    },
    wake() {
      void asleep?.then((node) => node.wake());
    },
    async command(...words) {
      // Settings apply to every node, because each may become the master.
      const to = words[0] === 'CONFIG' ? nodes : [await master()];
      const replies = await Promise.all(to.map((node) => node.command(...words).catch(() => '')));
      return replies.join('');
    },
    [Symbol.asyncDispose]() {
      watch[Symbol.dispose]();
      return topology[Symbol.asyncDispose]();
    },
  };
}
