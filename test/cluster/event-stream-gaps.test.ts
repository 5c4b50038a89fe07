/** Failures of Redis and of the upstream after which a replica needs no gap, because it can prove that it lacks nothing. */
import { describe, expect, it } from 'vitest';
import { leaseMs, longLease, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent('a replica reports no gap', () => {
  it('when Redis is back just after the upstream, after both were unreachable for more than a lease', async () => {
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

  it('when the log is unreadable for longer than it waits for Redis, after Redis and the upstream are back', async () => {
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

  it('when the log is unreadable on its return: its own stream continues until it is readable', async () => {
    await using pair = await startPair(longLease);
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

  it('when the owner’s stream has stalled, and its own continues: it follows once the log has what it received alone', async () => {
    await using pair = await startPair({ ...longLease, STREAM_SILENCE_MS: '60000' });
    const { upstream, first, second, caller, atFirst, atSecond } = pair;
    const [ofOwner] = upstream.streamsOf(caller.authorization);
    second.redisWire.cut();
    await waitUntil(() => stateOf(second, 'alone') && caller.streams() === 2);
    ofOwner?.stall();
    caller.push('e2');
    await waitUntil(() => atSecond.got.includes('e2'));
    second.redisWire.mend();
    await waitUntil(() => second.streams.gauges.replicas === 2);
    await pause(3_500);
    caller.push('e3');
    await waitUntil(() => atSecond.got.includes('e3'));
    ofOwner?.destroy();
    await waitUntil(() => stateOf(second, 'follower') && caller.streams() === 1);
    caller.push('e4');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e4')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3', 'e4'],
      ['e1', 'e2', 'e3', 'e4'],
    ]);
    expect(stateOf(first, 'owner')).toBe(true);
  });

  it('to a client that resumes after an event that a slow Redis delivers later', async () => {
    await using pair = await startPair({ ...longLease, REDIS_TIMEOUT_MS: '5000' });
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

// Alone: all replicas of this process sleep.
describe('a replica that sleeps reports no gap', () => {
  it('when Redis is back just after the upstream, and it then sleeps for longer than it waits for Redis', async () => {
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
    await pause(50);
    second.redisWire.mend();
    for (const wakesAt = performance.now() + 1_500; performance.now() < wakesAt; );
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3'],
      ['e1', 'e2', 'e3'],
    ]);
  });
});

describe.concurrent('a replica reports a gap', () => {
  it('when its own second connection may lack events: it never reached Redis, so that the owner acknowledged without it', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '4000' });
    const { start, caller, atFirst } = pair;
    await waitUntil(() => caller.stored().length === 0);
    await using third = await start();
    third.redisWire.cut();
    const atThird = caller.subscribe(third);
    await waitUntil(() => stateOf(third, 'alone') && caller.streams() === 2);
    await caller.placed(atThird);
    third.upstreamWire.cut();
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2') && caller.stored().length === 0);
    third.upstreamWire.mend();
    await waitUntil(() => caller.streams() === 2);
    caller.push('e3');
    await waitUntil(() => atThird.got.includes('e3'));
    expect(atThird.got).toEqual(['gap', 'e3']);
    atThird.cancel();
  });

  it('when the log still lacks what its own stream received, after the longest time for which it stands alone', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '4000', STREAM_SILENCE_MS: '60000' }, true, 3_000);
    const { upstream, second, caller, atFirst, atSecond } = pair;
    const [ofOwner] = upstream.streamsOf(caller.authorization);
    second.redisWire.cut();
    await waitUntil(() => stateOf(second, 'alone') && caller.streams() === 2);
    ofOwner?.stall();
    caller.push('e2');
    await waitUntil(() => atSecond.got.includes('e2'));
    second.redisWire.mend();
    await waitUntil(() => stateOf(second, 'follower') && caller.streams() === 1);
    expect(atSecond.got).toEqual(['e1', 'e2', 'gap']);
    ofOwner?.destroy();
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect(atFirst.got).toEqual(['e1', 'e2', 'e3']);
  });

  it('when the log has begun another history: nothing brings it what its own stream received', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '4000' }, true, 600_000);
    const { redis, start, first, second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    await waitUntil(() => stateOf(second, 'alone') && caller.streams() === 2);
    caller.push('e2');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e2')) && caller.stored().length === 0);
    first.redisWire.cut();
    await redis.command('FLUSHALL');
    await using third = await start();
    const atThird = caller.subscribe(third);
    await waitUntil(() => stateOf(third, 'owner'));
    second.redisWire.mend();
    await waitUntil(() => stateOf(second, 'follower'));
    expect(atSecond.got).toEqual(['e1', 'e2', 'gap']);
    caller.push('e3');
    await waitUntil(() => [atSecond, atThird].every(({ got }) => got.includes('e3')));
    expect([atSecond.got, atThird.got]).toEqual([['e1', 'e2', 'gap', 'e3'], ['e3']]);
    atThird.cancel();
  });
});
