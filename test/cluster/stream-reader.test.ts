/** The reader of a Redis Stream, on a real Redis. */
import { expect, it, vi } from 'vitest';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { StreamReader } from '../../src/cluster/redis/stream-reader.ts';
import { parseConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';

it('leaves no timer when it is closed while it reads', async () => {
  await using redis = await startRedis();
  const config = parseConfig({
    UPSTREAM_URL: 'http://127.0.0.1:1',
    REDIS_URL: redis.url,
    REDIS_KEYS: Buffer.alloc(32, 1).toString('base64'),
  });
  const { redisUrl, redisKeys = [] } = config;
  if (redisUrl === undefined) throw new Error('REDIS_URL is set');
  const connection = await RedisConnection.open({ ...config, redisUrl, redisKeys }, createLog('silent'));
  const reader = new StreamReader({ connection, key: 'stream', begin: async () => '0-0', onEntries: () => {} });
  reader.start();
  await waitUntil(() => reader.provenAt > 0);
  const clients = async () => (await redis.command('CLIENT', 'LIST')).match(/ cmd=/g)?.length;
  const before = (await clients()) ?? 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    reader.close();
    while ((await clients()) === before);
    // The client receives the end of its connection, removes its own timer, and its read fails. Fake timers do not fire.
    const end = performance.now() + 10_000;
    while (vi.getTimerCount() > 0 && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
    connection.close();
  }
});
