/** Replicas with a real Redis Cluster, and with a real Sentinel whose master is killed. The soak kills masters of the Cluster. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { usedCommands } from '../../src/cluster/redis/used-commands.ts';
import { startRedisCluster, startRedisSentinel } from '../support/redis-topologies.ts';
import { type Replica, type Replicas, redisConfig, startReplicas } from '../support/replicas.ts';

const readme = readFileSync(new URL('../../src/cluster/README.md', import.meta.url), 'utf8');
const me = '{ me { displayName } }';
const rename = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';
let renamed = 0;

/** Renames through one replica. @returns Whether the next read through the other one shows it. */
async function isShared(from: Replica | undefined, to: Replica | undefined): Promise<boolean> {
  renamed += 1;
  const name = `Countess ${renamed}`;
  await to?.query(me);
  await from?.query(rename, { name });
  return JSON.stringify((await to?.query(me))?.data) === JSON.stringify({ me: { displayName: name } });
}

const others = ['grace', 'alan', 'edward', 'florence', 'joan', 'tim', 'karen'];
/** Sends more operations of a caller than the limit. @returns The number of those admitted. */
async function admitted({ all }: Replicas): Promise<number> {
  const as = others.shift() ?? 'ada';
  const answers = await Promise.all(Array.from({ length: 320 }, (_, index) => all[index % 2]?.query(me, {}, as)));
  return answers.filter((answer) => answer?.errors === undefined).length;
}

/** A busy machine may take its time to count. */
const config = { entityCacheMs: 10_000, rateLimit: 300, redisTimeoutMs: 5_000 } as const;
const rights = Object.keys(usedCommands).map((name) => `+${name}`);

describe('replicas share', () => {
  it('through a Redis Cluster, with the permissions in the README', async () => {
    const [line = ''] = /in a Cluster also `[^`]+`/.exec(readme) ?? [];
    const more = line.match(/\+[\w|]+/g) ?? [];
    expect(more).toHaveLength(6);
    const user = ['--user', 'gateway', 'on', '>hush', '~tc:*', 'resetchannels', '-@all', ...rights, ...more];
    // None fails here: a busy machine is no reason to elect another master.
    await using redis = await startRedisCluster([...user, '--cluster-node-timeout', '10000'], 0);
    const url = redis.url.replace('//', '//gateway:hush@');
    await using replicas = await startReplicas(2, { ...redisConfig(url), ...config });
    const [first, second] = replicas.all;
    await expect.poll(() => isShared(first, second)).toBe(true);
    expect(await isShared(second, first)).toBe(true);
    expect(await admitted(replicas)).toBe(300);
    for (const node of redis.nodes) expect(await node.command('ACL', 'LOG')).toBe('*0\r\n');
  });

  it('through Sentinel, also after the master was killed', async () => {
    await using redis = await startRedisSentinel();
    await using replicas = await startReplicas(2, { ...redisConfig(redis.url), ...config });
    const [first, second] = replicas.all;
    await expect.poll(() => isShared(first, second)).toBe(true);
    expect(await admitted(replicas)).toBe(300);
    await redis.master.kill();
    await expect.poll(() => isShared(first, second)).toBe(true);
    await expect.poll(() => isShared(second, first)).toBe(true);
    // A Sentinel cuts the clients once more when it has moved the other servers.
    await expect.poll(() => admitted(replicas), { interval: 500 }).toBe(300);
  });
});
