/** What replicas share while masters of a real Redis Cluster are killed one by one, and that of a real Sentinel. */
import { readFileSync } from 'node:fs';
import { startRedisCluster, startRedisSentinel } from '../support/redis-topologies.ts';
import { type Replicas, redisConfig, startReplicas } from '../support/replicas.ts';
import { rounded } from './figures.ts';

export interface RedisFailoverReport {
  readonly failovers: number;
  /** Longest time from the kill until a change shows at once on the other replica and a limit is exact. */
  readonly maxMs: number;
  /** Operations that failed for another reason than the limit. */
  readonly failed: number;
  /** Nodes of the Cluster that denied a command to a user with the rights of the README. */
  readonly denied: number;
}

const limit = 50;
/** As the README lists them: those of every Redis, and those of a Cluster. */
const readme = readFileSync(new URL('../../src/cluster/README.md', import.meta.url), 'utf8');
const rights = [/^user gateway .*$/m, /in a Cluster also `[^`]+`/].flatMap(
  (line) => line.exec(readme)?.[0].match(/\+[\w|]+/g) ?? [],
);
const config = { entityCacheMs: 10_000, rateLimit: limit } as const;
const query = '{ me { displayName } }';
const rename = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';

export async function runRedisFailover(): Promise<RedisFailoverReport> {
  let caller = 0;
  let failed = 0;
  let maxMs = 0;
  let failovers = 0;
  let denied = 0;
  /** Counts the operations of a new caller; the upstream rejects it, after the limit was counted. */
  const isExact = async ({ all }: Replicas) => {
    caller += 1;
    const as = `caller-${caller}`;
    const answers = await Promise.all(
      Array.from({ length: limit + 10 }, (_, index) => all[index % 2]?.query(query, {}, as)),
    );
    const codes = answers.map((answer) => answer?.errors?.[0]?.extensions['code']);
    failed += codes.filter((code) => code !== 'UNAUTHENTICATED' && code !== 'RATE_LIMITED').length;
    return codes.filter((code) => code === 'RATE_LIMITED').length === 10;
  };
  const isShown = async ({ all: [first, second] }: Replicas) => {
    const name = `Countess ${caller}`;
    const as = ['ada', 'grace', 'alan', 'edward', 'florence', 'joan', 'tim', 'karen'][caller % 8] ?? 'ada';
    await second?.query(query, {}, as);
    await first?.query(rename, { name }, as);
    return JSON.stringify((await second?.query(query, {}, as))?.data).includes(name);
  };
  const shares = async (replicas: Replicas) => (await isExact(replicas)) && (await isShown(replicas));
  const fail = async (replicas: Replicas, kill: () => Promise<void>) => {
    while (!(await shares(replicas)));
    await kill();
    const killedAt = performance.now();
    while (!(await shares(replicas)) && performance.now() - killedAt < 30_000);
    maxMs = Math.max(maxMs, performance.now() - killedAt);
    failovers += 1;
  };
  const user = ['--user', 'gateway', 'on', '>hush', '~tc:*', 'resetchannels', '-@all', ...rights];
  await using cluster = await startRedisCluster(user, 1);
  const url = cluster.url.replace('//', '//gateway:hush@');
  await using withCluster = await startReplicas(2, { ...redisConfig(url), ...config });
  for (const master of cluster.nodes.slice(0, 3)) await fail(withCluster, () => master.kill());
  for (const node of cluster.nodes.slice(3)) if ((await node.command('ACL', 'LOG')) !== '*0\r\n') denied += 1;
  await using sentinel = await startRedisSentinel();
  await using withSentinel = await startReplicas(2, { ...redisConfig(sentinel.url), ...config });
  await fail(withSentinel, () => sentinel.master.kill());
  return { failovers, maxMs: rounded(maxMs), failed, denied };
}
