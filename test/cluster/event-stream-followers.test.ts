/** Replicas that follow a shared event stream, or begin to, while connections break or Redis is slow. */
import { subscribe as listen, unsubscribe as stopListening } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { TraceStep } from '../../src/cluster/log/trace.ts';
import { claimsOf, longLease, startPair, stateOf } from '../support/sharing-pair.ts';
import { waitUntil } from '../support/wait.ts';

describe.concurrent('a follower', () => {
  it('reports a gap when events were dropped from the log before it read them', async () => {
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

  it('delivers each event once and in order when replies to appends are lost', async () => {
    await using pair = await startPair({ ...longLease, REDIS_TIMEOUT_MS: '100' });
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

  it.each([
    ['has what came while it was cut off', 'Redis', ['e1', 'e2']],
    ['says a gap when the upstream is back before Redis', 'the upstream', ['gap', 'e2']],
  ] as const)('%s, also when it had no event before', async (_title, firstBack, expected) => {
    await using pair = await startPair({}, false);
    const { second, caller, atFirst, atSecond } = pair;
    second.redisWire.cut();
    second.upstreamWire.cut();
    caller.push('e1');
    await waitUntil(() => atFirst.got.includes('e1') && caller.stored().length === 0);
    const { redisWire, upstreamWire } = second;
    const [one, other] = firstBack === 'Redis' ? [redisWire, upstreamWire] : [upstreamWire, redisWire];
    one.mend();
    await waitUntil(() => atSecond.got.length > 0);
    other.mend();
    caller.push('e2');
    await waitUntil(() => atSecond.got.includes('e2'));
    expect(atSecond.got).toEqual(expected);
  });
});

describe('a replica that sends hello to an owner', () => {
  it('leaves it the stream when Redis accepts the hello late', async () => {
    await using pair = await startPair({ REDIS_LEASE_MS: '10000', REDIS_TIMEOUT_MS: '5000' });
    const { redis, first, second, caller, atFirst, atSecond } = pair;
    // Its inbox has been read until now.
    for (const id of ['e2', 'e3']) {
      caller.push(id);
      await waitUntil(() => atSecond.got.includes(id));
    }
    atSecond.cancel();
    await waitUntil(() => !stateOf(second, 'follower'));
    let late: Promise<unknown> | undefined;
    const onStep = (step: unknown) => {
      if ((step as TraceStep).step !== 'asks' || late !== undefined) return;
      redis.sleep();
      late = new Promise((resolve) => setTimeout(resolve, 1_500));
    };
    listen('tigerconnect:event-streams', onStep);
    const back = caller.subscribe(second, { after: 'e3' });
    await waitUntil(() => late !== undefined);
    stopListening('tigerconnect:event-streams', onStep);
    await late;
    redis.wake();
    caller.push('e4');
    await waitUntil(() => [atFirst, back].every(({ got }) => got.includes('e4')));
    expect([stateOf(first, 'owner'), stateOf(second, 'follower')]).toEqual([true, true]);
    expect([claimsOf(first), claimsOf(second)]).toEqual([1, 0]);
    back.cancel();
  });
});
