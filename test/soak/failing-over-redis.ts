/** A Redis that fails over, as faults see it: each hits a master of the moment. */
import type { RedisServer } from '../support/redis.ts';
import { startRedisCluster, startRedisSentinel } from '../support/redis-topologies.ts';
import type { Random } from './random.ts';

export type Topology = 'single' | 'Sentinel' | 'Cluster';

/** What faults do to Redis. */
export type FaultyRedis = Pick<RedisServer, 'url' | 'kill' | 'restart' | 'sleep' | 'wake' | 'command'> &
  AsyncDisposable;

/** Master and replica with a Sentinel, or three masters with a replica each. */
export async function startFailingOverRedis(kind: 'Sentinel' | 'Cluster', random: Random): Promise<FaultyRedis> {
  if (kind === 'Sentinel') {
    const sentinel = await startRedisSentinel();
    return faultsOn(sentinel, [sentinel.master, sentinel.replica], random);
  }
  const cluster = await startRedisCluster([], 1);
  return faultsOn(cluster, cluster.nodes, random);
}

function faultsOn(
  topology: AsyncDisposable & { readonly url: string },
  nodes: readonly RedisServer[],
  random: Random,
): FaultyRedis {
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
      // A setting holds wherever the data goes.
      const to = words[0] === 'CONFIG' ? nodes : [await master()];
      const replies = await Promise.all(to.map((node) => node.command(...words).catch(() => '')));
      return replies.join('');
    },
    [Symbol.asyncDispose]: () => topology[Symbol.asyncDispose](),
  };
}
