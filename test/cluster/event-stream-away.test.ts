/** Shared event streams during each kind of failure of Redis, and the removal of deleted messages from Redis. */
import { describe, expect, it } from 'vitest';
import { runSharedContent } from '../soak/shared-content.ts';
import type { RedisServer } from '../support/redis.ts';
import { leaseMs, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Failure {
  begin(redis: RedisServer): unknown;
  end(redis: RedisServer): unknown;
}

const failures: Readonly<Record<string, Failure>> = {
  'does not answer': { begin: (redis) => redis.sleep(), end: (redis) => redis.wake() },
  'is full': {
    begin: (redis) => redis.command('CONFIG', 'SET', 'maxmemory', '1'),
    end: (redis) => redis.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
  'answers late': {
    begin: (redis) => void redis.command('CLIENT', 'PAUSE', '600000', 'ALL'),
    // It would take no command that ends it.
    end: async (redis) => {
      await redis.kill();
      await redis.restart();
    },
  },
  'denies what it allowed': {
    begin: (redis) => redis.command('ACL', 'SETUSER', 'default', '-evalsha', '-eval', '-xadd'),
    end: (redis) => redis.command('ACL', 'SETUSER', 'default', '+evalsha', '+eval', '+xadd'),
  },
};

describe.concurrent('a Redis that', () => {
  it.each(Object.keys(failures))(
    '%s costs no event and no acknowledgement, and is used again when it is back',
    async (kind) => {
      await using pair = await startPair({ REDIS_TIMEOUT_MS: '300' });
      const { redis, first, second, caller, atFirst, atSecond } = pair;
      await failures[kind]?.begin(redis);
      await waitUntil(() => [first, second].every((replica) => stateOf(replica, 'alone')) && caller.streams() === 2);
      // What the owner has proven before counts for a lease.
      await pause(leaseMs);
      const ids = ['n1', 'n2', 'n3'];
      for (const id of ids) caller.push(id);
      await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('n3')));
      await pause(2 * leaseMs);
      expect(caller.stored()).toEqual(ids);
      await failures[kind]?.end(redis);
      await waitUntil(() => caller.stored().length === 0 && caller.streams() === 1);
      caller.push('last');
      await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('last')));
      for (const { got } of [atFirst, atSecond])
        expect(got.filter((id) => id !== 'gap')).toEqual(['e1', ...ids, 'last']);
      expect([first, second].filter((replica) => stateOf(replica, 'owner'))).toHaveLength(1);
    },
  );
});

describe('a message that expired or was recalled', () => {
  it('is removed from every key, DUMP and copy of Redis, where it was encrypted before', async () => {
    const report = await runSharedContent({ events: 20, lifeMs: 4_000 });
    expect(report).toMatchObject({ readable: 0, inDumps: 0 });
    expect(report.inCopyBefore).toBeGreaterThanOrEqual(20);
    // A second, on a machine that does nothing else.
    expect(Math.max(report.expiredMs, report.recalledMs, report.inCopyMs)).toBeLessThan(2_000);
  });
});
