/** The rate limit of all replicas, with a real Redis and more credentials than one replica counts there. */
import { expect, it } from 'vitest';
import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { createSharedRateLimit } from '../../src/cluster/shared-rate-limit.ts';
import { createLog } from '../../src/observability/log.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { startRedis } from '../support/redis.ts';
import { redisConfig } from '../support/replicas.ts';
import { testConfig } from '../support/stack.ts';

const flood = 10_500;

it('credentials that clients invent do not fill Redis, and have a limit in this process; those of users are counted there', async () => {
  await using redis = await startRedis();
  const config = testConfig('http://127.0.0.1:1', { ...redisConfig(redis.url), redisTimeoutMs: 60_000 });
  const { redisUrl, redisKeys } = config;
  if (redisUrl === undefined || redisKeys === undefined) throw new TypeError('There is no Redis.');
  const connection = await RedisConnection.open({ ...config, redisUrl, redisKeys }, createLog('silent'));
  try {
    const keys = new CredentialKeys(redisKeys, 100);
    const limit = { connection, keys, prefix: 'tc', operationsPerMinute: 2, replicas: () => 1 };
    const [consume, onAnother] = [createSharedRateLimit(limit), createSharedRateLimit(limit)];
    const callerOf = (secret: string) => ({ credential: createCredential(`Basic ${secret}`), address: '127.0.0.1' });
    const stored = async () => Number((await redis.command('DBSIZE')).slice(1));

    const invented = Array.from({ length: flood }, (_, index) => consume(callerOf(`key ${index}`), false));
    expect(new Set(await Promise.all(invented))).toEqual(new Set([0]));
    expect(await stored()).toBe(10_000);

    const last = callerOf(`key ${flood - 1}`);
    expect(await consume(last, false)).toBe(0);
    expect(await consume(last, false)).toBeGreaterThan(0);
    expect(await stored()).toBe(10_000);

    // Once the upstream has accepted it, it is counted in Redis with its operations before.
    const user = callerOf('user');
    expect(await consume(user, false)).toBe(0);
    expect(await consume(user, true)).toBe(0);
    expect(await stored()).toBe(10_001);
    expect(await onAnother(user, true)).toBeGreaterThan(0);
  } finally {
    connection.close();
  }
});
