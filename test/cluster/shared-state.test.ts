/** State that replicas share through a real Redis, and their behaviour during its outages. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usedCommands } from '../../src/cluster/redis/used-commands.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { type Replica, type Replicas, redisConfig, startReplicas } from '../support/replicas.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { waitUntil } from '../support/wait.ts';

const me = '{ me { displayName } }';
const rename = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';

async function metric({ gateway }: Replica, series: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(new RegExp(`^${series} (\\S+)$`, 'm').exec(text)?.[1]);
}

describe('three replicas with one Redis', () => {
  let redis: RedisServer;
  let replicas: Replicas;
  let first: Replica;
  let second: Replica;
  beforeAll(async () => {
    redis = await startRedis();
    const rights = Object.keys(usedCommands).map((name) => `+${name}`);
    await redis.command('ACL', 'SETUSER', 'gateway', 'on', '>s3cret', '~tc:*', 'resetchannels', '-@all', ...rights);
    replicas = await startReplicas(3, {
      ...redisConfig(redis.url.replace('//', '//gateway:s3cret@')),
      // Long enough that no entry ends by itself.
      entityCacheMs: 10_000,
      rateLimit: 100,
    });
    [first, second] = replicas.all as [Replica, Replica]; // three were started
  });
  afterAll(async () => {
    await replicas[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  it('show a change on every replica with the next read', async () => {
    for (let round = 0; round < 6; round += 1) {
      for (const replica of replicas.all) await replica.query(me);
      const name = `Countess ${round}`;
      const changed = await replicas.all[round % 3]?.query(rename, { name });
      expect(changed?.errors).toBeUndefined();
      for (const replica of replicas.all) expect((await replica.query(me)).data).toEqual({ me: { displayName: name } });
    }
  });

  it('continue to use their caches for callers without changes', async () => {
    await second.query(me);
    const reads = () => replicas.sandbox.requests.counts('ada')['getMe'];
    const before = reads();
    await first.query(rename, { name: 'Amazing Grace' }, 'grace');
    await second.query(me);
    expect(reads()).toBe(before);
  });

  it('show a change that an event reports to one of them', async () => {
    const list = '{ roster { entries { nodes { counterpart { ... on Group { id name } } } } } }';
    const { data } = await first.query(list, {}, 'grace');
    const groups = present(data).roster;
    const id = groups.entries.nodes.find(({ counterpart }) => counterpart.id !== undefined)?.counterpart.id;
    const one = 'query ($id: ID!) { group(id: $id) { name } }';
    const live = overWebSocket<object>(first.gateway, 'subscription { events { __typename } }', {
      as: 'grace',
    });
    await expect.poll(async () => (await controlOf(replicas.sandbox).openStreams())['grace'] ?? 0).toBeGreaterThan(0);
    await second.query(one, { id }, 'grace');
    const input = { group: id, name: 'Renamed' };
    const renamed = await first.query(
      'mutation ($input: UpdateGroupInput!) { updateGroup(input: $input) { group { name } } }',
      { input },
    );
    expect(renamed.errors).toBeUndefined();
    await expect
      .poll(async () => (await second.query(one, { id }, 'grace')).data)
      .toEqual({ group: { name: 'Renamed' } });
    await live.close();
  });

  it('admit together exactly as many operations as RATE_LIMIT', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) => replicas.all[index % 3]?.query(me, {}, 'alan')),
    );
    const codes = answers.map((answer) => answer?.errors?.[0]?.extensions['code'] ?? 'OK');
    expect(codes.filter((code) => code === 'OK')).toHaveLength(100);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(20);
    expect((await first.query(me, {}, 'edward')).errors).toBeUndefined();
  });

  it('identify callers in Redis by keyed hashes only, in keys with a TTL, and send only permitted commands', async () => {
    expect((await first.query('{ __typename }', {}, null)).errors).toBeUndefined();
    const entries = await redis.command('XRANGE', 'tc:changes', '-', '+');
    expect(entries).toMatch(/\$22\r\n[\w-]{22}\r\n/);
    const keys = await redis.command('KEYS', '*');
    expect(keys).toMatch(/tc:rate:[\w-]{22}\r\n/);
    expect(keys).not.toMatch(/tc:rate:(?![\w-]{22}\r\n)/);
    expect(`${entries}${keys}`).not.toMatch(/ada|alan|grace|YWRh|demo|127\.0\.0/i);
    expect(await redis.command('ACL', 'LOG')).toBe('*0\r\n');
  });

  it('continue to serve while Redis is full or revokes permissions, and count the errors', async () => {
    const errors = (kind: string) => metric(second, `tigerconnect_redis_errors_total{kind="${kind}"}`);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    expect((await second.query(rename, { name: 'Joan' }, 'joan')).errors).toBeUndefined();
    expect(await errors('full')).toBeGreaterThan(1);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await redis.command('ACL', 'SETUSER', 'gateway', '-evalsha', '-xadd');
    expect((await second.query(rename, { name: 'Joan of Arc' }, 'joan')).errors).toBeUndefined();
    expect(await errors('denied')).toBeGreaterThan(1);
    expect(await metric(second, 'tigerconnect_redis_up')).toBe(1);
    await redis.command('ACL', 'SETUSER', 'gateway', '+evalsha', '+xadd');
  });

  it('continue to serve while Redis is asleep, killed and back, and log it', async () => {
    expect(await metric(first, 'tigerconnect_redis_up')).toBe(1);
    await first.query(me, {}, 'florence');
    // A slow machine may have logged some before.
    const logged = (text: string) => first.logLines.filter((line) => line.includes(text)).length;
    const awayBefore = logged('Redis is away');
    redis.sleep();
    await waitUntil(() => logged('Redis is away') > awayBefore);
    expect((await first.query(me, {}, 'florence')).errors).toBeUndefined();
    await second.query(me, {}, 'florence');
    expect((await first.query(rename, { name: 'Flo' }, 'florence')).errors).toBeUndefined();
    expect(await metric(first, 'tigerconnect_redis_up')).toBe(0);
    expect(await metric(first, 'tigerconnect_redis_errors_total{kind="timeout"}')).toBeGreaterThan(0);
    expect((await fetch(`${first.gateway.url}/readyz`)).status).toBe(200);
    const backBefore = logged('Redis is back');
    redis.wake();
    await waitUntil(() => logged('Redis is back') > backBefore);
    await expect
      .poll(async () => (await second.query(me, {}, 'florence')).data)
      .toEqual({ me: { displayName: 'Flo' } });
    const awayWhileUp = logged('Redis is away');
    await redis.kill();
    await waitUntil(() => logged('Redis is away') > awayWhileUp);
    expect((await first.query(me, {}, 'florence')).errors).toBeUndefined();
    expect((await fetch(`${first.gateway.url}/readyz`)).status).toBe(200);
  });
});
