/** Failures of Redis and of the upstream from which a replica comes back without a gap, because what it missed can be proven. */
import { describe, expect, it } from 'vitest';
import { leaseMs, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent('a replica says no gap', () => {
  it('when Redis is back just after the upstream, from which it was cut off for more than a lease', async () => {
    await using pair = await startPair();
    const { second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    second.upstreamWire.cut();
    await waitUntil(() => stateOf(second, 'alone'));
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2') && caller.stored().length === 0);
    await pause(leaseMs);
    second.upstreamWire.mend();
    await waitUntil(() => caller.streams() === 2);
    second.redisWire.mend();
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3'],
      ['e1', 'e2', 'e3'],
    ]);
  });

  it('when the log cannot be read at first, after Redis and the upstream are back, for longer than it waits for Redis', async () => {
    await using pair = await startPair();
    const { redis, second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    second.upstreamWire.cut();
    await waitUntil(() => stateOf(second, 'alone'));
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2') && caller.stored().length === 0);
    await pause(leaseMs);
    // Of what the two do now, only a read of the log needs it.
    await redis.command('ACL', 'SETUSER', 'default', '-xrange');
    second.redisWire.mend();
    await waitUntil(() => second.streams.gauges.replicas === 2);
    second.upstreamWire.mend();
    await waitUntil(() => caller.streams() === 2);
    await pause(1_600);
    expect(atSecond.got).toEqual(['e1']);
    await redis.command('ACL', 'SETUSER', 'default', '+xrange');
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3'],
      ['e1', 'e2', 'e3'],
    ]);
  });

  it('when the log cannot be read as it comes back to it: its own stream goes on until it can', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '4000' });
    const { redis, first, second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    await waitUntil(() => stateOf(second, 'alone') && caller.streams() === 2);
    // Of what the two do now, only a read of the log needs it.
    await redis.command('ACL', 'SETUSER', 'default', '-xrange');
    second.redisWire.mend();
    await waitUntil(() => second.streams.gauges.replicas === 2);
    for (let passedMs = 0; passedMs < 3 * leaseMs; passedMs += 50) {
      expect(caller.streams()).toBe(2);
      await pause(50);
    }
    caller.push('e2');
    await waitUntil(() => atSecond.got.includes('e2'));
    await redis.command('ACL', 'SETUSER', 'default', '+xrange');
    await waitUntil(() => stateOf(second, 'follower') && caller.streams() === 1);
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3'],
      ['e1', 'e2', 'e3'],
    ]);
    expect(stateOf(first, 'owner')).toBe(true);
  });

  it('to a client that resumes after an event which a slow Redis has yet to bring', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '8000', REDIS_TIMEOUT_MS: '5000' });
    const { redis, second, caller, atFirst, atSecond } = pair;
    redis.sleep();
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2'));
    const moved = caller.subscribe(second, { after: 'e2' });
    await pause(2_500);
    expect(moved.got).toEqual([]);
    redis.wake();
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond, moved].every(({ got }) => got.includes('e3')));
    expect([atSecond.got, moved.got]).toEqual([['e1', 'e2', 'e3'], ['e3']]);
    moved.cancel();
  });
});
