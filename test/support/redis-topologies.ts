/**
 * Real Redis servers that fail over: a Cluster, and a master with a replica and a Sentinel. Stopped at the end of the test's block.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisPath } from './chromium-setup.ts';
import { freePort, freePorts } from './free-port.ts';
import { type RedisServer, startRedis } from './redis.ts';

export interface RedisCluster extends AsyncDisposable {
  /** `REDIS_URL`. */
  readonly url: string;
  /** Three masters, then their replicas. */
  readonly nodes: readonly RedisServer[];
}

const slots = 16_384;
const masters = 3;

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what}: not within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Replication starts at once, not after five seconds. */
const syncAtOnce = ['--repl-diskless-sync-delay', '0'];

/** @param more Further arguments of every node. @param replicas Of each master: none starts in a third of the time. */
export async function startRedisCluster(more: readonly string[], replicas: 0 | 1): Promise<RedisCluster> {
  const count = masters * (1 + replicas);
  // The port for the other nodes is that for clients plus 10,000 by default, which may be none.
  const ports = await freePorts(2 * count);
  const timeouts = ['--cluster-node-timeout', '600', '--cluster-allow-replica-migration', 'no'];
  const nodes = await Promise.all(
    ports.slice(count).map(async (bus, index) => {
      const enabled = ['--cluster-enabled', 'yes', '--cluster-port', String(bus)];
      return { bus, server: await startRedis([...enabled, ...timeouts, ...syncAtOnce, ...more], ports[index]) };
    }),
  );
  const servers = nodes.map(({ server }) => server);
  for (const [index, server] of servers.slice(0, masters).entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * slots) / masters));
    await server.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1));
    await server.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  }
  for (const one of servers) {
    for (const { bus, server } of nodes) {
      if (server !== one) await one.command('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(bus));
    }
  }
  const idOf = async (server: RedisServer) => /[\da-f]{40}/.exec(await server.command('CLUSTER', 'MYID'))?.[0] ?? '';
  for (const [index, server] of servers.slice(masters).entries()) {
    const master = servers[index];
    if (master === undefined) continue;
    const id = await idOf(master);
    await until(async () => (await server.command('CLUSTER', 'REPLICATE', id)).startsWith('+OK'), 'the nodes meet');
  }
  const isComplete = async (server: RedisServer) => {
    const isOk = (await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok');
    const known = (await server.command('CLUSTER', 'NODES')).match(/ (?:myself,)?slave /g)?.length ?? 0;
    const isLinked = !(await server.command('INFO', 'replication')).includes('master_link_status:down');
    return isOk && isLinked && known === masters * replicas;
  };
  for (const server of servers) await until(() => isComplete(server), 'the cluster is complete');
  return {
    url: `redis-cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes: servers,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

export interface RedisSentinel extends AsyncDisposable {
  /** `REDIS_URL`. */
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** The one of the two that the Sentinel names. */
  currentMaster(): Promise<RedisServer>;
}

/** @param more Further arguments of master and replica. */
export async function startRedisSentinel(more: readonly string[] = []): Promise<RedisSentinel> {
  const master = await startRedis([...syncAtOnce, ...more]);
  const replica = await startRedis([...syncAtOnce, ...more]);
  // By command, as the Sentinel changes it: one that was promoted starts again as a master.
  await replica.command('REPLICAOF', '127.0.0.1', String(master.port));
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds main 300',
    'sentinel failover-timeout main 2000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn(redisPath, [file, '--sentinel'], { stdio: 'ignore' });
  const exit = once(child, 'exit');
  const sentinel = new Redis({ host: '127.0.0.1', port, enableReadyCheck: false });
  sentinel.on('error', () => undefined); // it starts
  const knownReplicas = async () => JSON.stringify(await sentinel.call('SENTINEL', 'REPLICAS', 'main'));
  const isKnown = (text: string) => text.includes(String(replica.port)) && !text.includes('disconnected');
  await until(async () => isKnown(await knownReplicas()), 'the Sentinel knows the replica');
  const isLinked = async () => (await replica.command('INFO', 'replication')).includes('master_link_status:up');
  await until(isLinked, 'the replica is linked');
  return {
    url: `redis-sentinel://127.0.0.1:${port}#main`,
    master,
    replica,
    async currentMaster() {
      const address = await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main');
      return JSON.stringify(address).includes(`"${replica.port}"`) ? replica : master;
    },
    async [Symbol.asyncDispose]() {
      sentinel.disconnect();
      child.kill('SIGKILL');
      await exit;
      await Promise.all([master, replica].map((server) => server[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
