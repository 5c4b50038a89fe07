/** Shared event streams during each kind of failure of Redis, and the removal of deleted messages from Redis. */
import { describe, expect, it, vi } from 'vitest';
import { EventLog } from '../../src/cluster/log/event-log.ts';
import { runSharedContent } from '../soak/shared-content.ts';
import { json } from '../support/event-upstream.ts';
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

  it('is removed as well when Redis has lost its scripts, so that it is appended after its removal', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '8000', REDIS_TIMEOUT_MS: '6000' });
    const { redis, upstream, second, caller, atFirst, atSecond } = pair;
    // A follower would remove the content as well.
    atSecond.cancel();
    await waitUntil(() => !stateOf(second, 'follower'));
    // The entry of a revoked event goes, with its content, when the event is acknowledged.
    upstream.acknowledgeStatus = 503;
    using removal = vi.spyOn(EventLog.prototype, 'removeContent');
    using appending = vi.spyOn(EventLog.prototype, 'append');
    await redis.command('SCRIPT', 'FLUSH');
    redis.sleep();
    // Its append is sent by the hash of the script, which Redis does not have.
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2') && appending.mock.calls.length > 0);
    const recall = { client_id: 'message-e2', status: 'New', is_recalled: true };
    upstream.push(caller.authorization, { id: 'r2', json: json('r2', 'tigertext:iq:message:status', recall) });
    await waitUntil(() => removal.mock.calls.length > 0);
    redis.wake();
    await waitUntil(() =>
      appending.mock.calls.some(([, , { entries }]) => entries.some(({ eventId }) => eventId === 'r2')),
    );
    const [key = ''] = (await redis.command('KEYS', '*:log')).match(/tc:\S+:log/) ?? [];
    const entries = await redis.command('XRANGE', key, '-', '+');
    const [, id] = /(\d+-\d+)\r\n\*2\r\n\$1\r\ne\r\n\$\d+\r\n\["f","e2"/.exec(entries) ?? [];
    expect(id).toBeDefined();
    const content = key.replace(/log$/, `c:${id}`);
    await expect.poll(() => redis.command('EXISTS', content), { timeout: 60_000 }).toBe(':0\r\n');
  });
});
