import { describe, expect, it } from 'vitest';
import { startRedis } from '../support/redis.ts';

describe('a Redis server of the tests', () => {
  it('is empty after a kill, because it has no persistence', async () => {
    await using redis = await startRedis();
    expect(await redis.command('SET', 'key', 'value')).toBe('+OK\r\n');
    expect(await redis.command('GET', 'key')).toContain('value');
    expect(await redis.command('CONFIG', 'GET', 'save')).toContain('$0');
    await redis.kill();
    await expect(redis.command('PING')).rejects.toThrow();
    await redis.restart();
    expect(await redis.command('GET', 'key')).toBe('$-1\r\n');
  });
});
