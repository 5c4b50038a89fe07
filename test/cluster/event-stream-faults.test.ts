/** Replicas that share event streams while connections fail and Redis loses its data, in a fixed order of steps. */
import { describe, expect, it } from 'vitest';
import { claimsOf, longLease, type SharingPair, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

/** The first replica is cut off; e2, which is acknowledged, is with the second one alone: Redis is new, and does not hear of it. */
async function loseAllButTheSecond({ redis, first, second, caller, atSecond }: SharingPair): Promise<void> {
  first.redisWire.cut();
  first.upstreamWire.cut();
  await waitUntil(() => stateOf(second, 'owner'));
  caller.push('e2');
  await waitUntil(() => atSecond.got.includes('e2') && caller.stored().length === 0);
  second.redisWire.cut();
  await redis.kill();
  await redis.restart();
}

describe.concurrent('an event that some replicas lack', () => {
  it('is acknowledged only once the waiting subscriber of a follower has it', async () => {
    const twoLeasesMs = 8_000;
    await using pair = await startPair({ REDIS_LEASE_MS: String(twoLeasesMs / 2) });
    const { second, caller, atFirst } = pair;
    const slow = caller.subscribe(second, { after: 'e1', isSlow: true });
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2'));
    await new Promise((resolve) => setTimeout(resolve, twoLeasesMs));
    expect(caller.stored()).toEqual(['e2']);
    slow.readOn();
    await waitUntil(() => caller.stored().length === 0);
    slow.cancel();
  });

  it('is not acknowledged before a follower that has just started has it', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '4000' });
    const { redis, start, caller, first, atFirst } = pair;
    // The first one trusts its list of replicas, in which a new one is missing until its next heartbeat.
    await using third = await start();
    const atThird = caller.subscribe(third, { after: 'e1' });
    await waitUntil(() => stateOf(third, 'follower'));
    third.redisWire.cut();
    third.upstreamWire.cut();
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2'));
    await waitUntil(() => caller.stored().length === 0);
    const acknowledgedAt = Date.now();
    // The others have had heartbeats since: the earliest end is a lease after the last one of the third.
    const [, , , , ends = ''] = (await redis.command('ZRANGE', 'tc:{members}', '0', '0', 'WITHSCORES')).split('\r\n');
    expect(acknowledgedAt).toBeGreaterThanOrEqual(Number(ends));
    third.redisWire.mend();
    third.upstreamWire.mend();
    await waitUntil(() => atThird.got.includes('e2'));
    expect(atThird.got.filter((id) => id !== 'gap')).toEqual(['e2']);
    expect(stateOf(first, 'owner')).toBe(true);
    atThird.cancel();
  });
});

describe.concurrent('Redis that restarts empty', () => {
  it('loses nothing while the owner lives: no event, no gap, and a client resumes on any replica', async () => {
    await using pair = await startPair(longLease);
    const { redis, first, second, caller, atFirst, atSecond } = pair;
    await redis.kill();
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2'));
    await redis.restart();
    await waitUntil(() => atSecond.got.includes('e2'));
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3'],
      ['e1', 'e2', 'e3'],
    ]);
    for (const replica of [first, second]) {
      const resumed = caller.subscribe(replica, { after: 'e1' });
      await waitUntil(() => resumed.got.length === 2);
      expect(resumed.got).toEqual(['e2', 'e3']);
      resumed.cancel();
    }
  });

  it('causes a gap after the events of a replica that missed acknowledged ones, for its clients and for those that resume', async () => {
    await using pair = await startPair();
    await loseAllButTheSecond(pair);
    const { start, first, second, caller, atFirst, atSecond } = pair;
    const claims = claimsOf(first);
    first.redisWire.mend();
    first.upstreamWire.mend();
    await waitUntil(() => claimsOf(first) > claims && caller.streams() === 2);
    caller.push('e3');
    await waitUntil(() => atFirst.got.includes('e3'));
    expect(atFirst.got).toEqual(['e1', 'gap', 'e3']);
    const resumed = caller.subscribe(first, { after: 'e1' });
    await waitUntil(() => resumed.got.length > 0);
    expect(resumed.got[0]).toBe('gap');
    second.redisWire.mend();
    await waitUntil(() => stateOf(second, 'follower'));
    caller.push('e4');
    await waitUntil(() => atSecond.got.includes('e4'));
    expect(atSecond.got.filter((id) => id !== 'gap')).toEqual(['e1', 'e2', 'e3', 'e4']);
    // The one that has e2 gives it; the log does not pretend to.
    await using third = await start();
    const elsewhere = caller.subscribe(third, { after: 'e1' });
    await waitUntil(() => elsewhere.got.length > 0);
    expect(elsewhere.got[0]).toBe('gap');
    resumed.cancel();
    elsewhere.cancel();
  });

  it('causes no gap for a replica that has everything when an owner with a gap returns', async () => {
    await using pair = await startPair();
    await loseAllButTheSecond(pair);
    const { redis, first, second, caller, atFirst, atSecond } = pair;
    first.upstreamWire.mend();
    await waitUntil(() => caller.streams() === 2);
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    const claims = claimsOf(first) + claimsOf(second);
    first.redisWire.mend();
    while ((await redis.command('EXISTS', 'tc:{members}')) !== ':1\r\n');
    second.redisWire.mend();
    await waitUntil(() => claimsOf(first) + claimsOf(second) > claims && caller.streams() === 1);
    caller.push('e4');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e4')));
    expect(atFirst.got).toEqual(['e1', 'gap', 'e3', 'e4']);
    expect(atSecond.got).toEqual(['e1', 'e2', 'e3', 'e4']);
  });

  it('loses nothing after the gap of a cut-off owner when its successor returns first', async () => {
    await using pair = await startPair();
    await loseAllButTheSecond(pair);
    const { start, first, second, caller, atFirst, atSecond } = pair;
    first.upstreamWire.mend();
    await waitUntil(() => caller.streams() === 2);
    caller.push('e3');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    const claims = claimsOf(second);
    second.redisWire.mend();
    await waitUntil(() => claimsOf(second) > claims);
    first.redisWire.mend();
    await waitUntil(() => stateOf(first, 'follower'));
    caller.push('e4');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e4')));
    expect(atFirst.got).toEqual(['e1', 'gap', 'e3', 'e4']);
    expect(atSecond.got).toEqual(['e1', 'e2', 'e3', 'e4']);
    await using third = await start();
    for (const replica of [second, third]) {
      const resumed = caller.subscribe(replica, { after: 'e1' });
      await waitUntil(() => resumed.got.length === 3);
      expect(resumed.got).toEqual(['e2', 'e3', 'e4']);
      resumed.cancel();
    }
  });
});
