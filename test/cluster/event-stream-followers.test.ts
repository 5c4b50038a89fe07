/** Replicas that follow a shared event stream while connections break. */
import { describe, expect, it } from 'vitest';
import { startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

describe.concurrent('a follower', () => {
  it('says a gap when events were dropped from the log before it read them', async () => {
    await using pair = await startPair({ RESUME_EVENTS: '10' });
    const { second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    second.upstreamWire.cut();
    const ids = Array.from({ length: 60 }, (_, index) => `n${index}`);
    for (const id of ids) caller.push(id);
    await waitUntil(() => atFirst.got.length === 61);
    await waitUntil(() => caller.stored().length === 0);
    caller.push('last');
    await waitUntil(() => atFirst.got.includes('last') && caller.stored().length === 0);
    second.redisWire.mend();
    second.upstreamWire.mend();
    await waitUntil(() => atSecond.got.includes('last'));
    expect(atSecond.got.slice(0, 2)).toEqual(['e1', 'gap']);
    expect(atSecond.got.length).toBeLessThan(20);
  });

  it('has each event once and in order when the answers to appends get lost', async () => {
    await using pair = await startPair({ REDIS_TIMEOUT_MS: '100', REDIS_LEASE_MS: '4000' });
    const { redis, caller, atFirst, atSecond } = pair;
    const ids = Array.from({ length: 30 }, (_, index) => `a${index}`);
    for (const id of ids) {
      if (Number(id.slice(1)) % 10 === 3) void redis.command('CLIENT', 'PAUSE', '250', 'ALL');
      caller.push(id);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.length === 31));
    expect(atFirst.got).toEqual(['e1', ...ids]);
    expect(atSecond.got).toEqual(['e1', ...ids]);
  });

  it('has what came while it was cut off, also when it had no event before', async () => {
    await using pair = await startPair({}, false);
    const { second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    second.upstreamWire.cut();
    await waitUntil(() => stateOf(second, 'alone'));
    caller.push('e1');
    await waitUntil(() => atFirst.got.includes('e1') && caller.stored().length === 0);
    second.redisWire.mend();
    second.upstreamWire.mend();
    caller.push('e2');
    await waitUntil(() => atSecond.got.includes('e2'));
    expect(atSecond.got).toEqual(['e1', 'e2']);
  });
});
