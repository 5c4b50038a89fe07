import { describe, expect, it } from 'vitest';
import { authorization, drain, handOver, startEventBench, take, takeEvent, takeIds } from '../support/event-hub.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const manually = { acknowledge: 'MANUAL' } as const;

describe('MANUAL beside AUTO', () => {
  it.each([{}, { after: 'a3' }, { after: 'unknown' }])(
    'gives what was not named again to a MANUAL subscriber that was cut off: %j',
    async (place) => {
      await using bench = await startEventBench();
      const automatic = bench.subscribe();
      const manual = bench.subscribe(manually);
      await bench.upstream.stream();
      for (const id of ids('a', 4)) bench.say(id);
      await takeIds(automatic, 4);
      await takeIds(manual, 4);
      handOver(automatic);
      await bench.hub.acknowledge(bench.caller, ['a1']);
      await manual.return();
      bench.say('absent'); // comes while the MANUAL client is away
      await waitUntil(() => bench.hub.stats().received === 5);
      handOver(automatic);
      const back = bench.subscribe({ ...manually, ...place });
      if (place.after === 'unknown') expect(await take(back)).toMatchObject({ kind: 'gap' });
      expect(await takeIds(back, 4)).toEqual(['a0', 'a2', 'a3', 'absent']);
      expect(bench.upstream.acknowledged()).toEqual(['a1']);
      await bench.hub.acknowledge(bench.caller, ['a0', 'a2', 'a3', 'absent']);
      await waitUntil(() => bench.upstream.stored(authorization).length === 0);
    },
  );

  it('gives them again when it was cut off before it read anything, and when it was cut off as too slow', async () => {
    await using bench = await startEventBench({ subscriberQueue: 20 });
    const automatic = bench.subscribe();
    const unread = bench.subscribe(manually);
    await bench.upstream.stream();
    const received = takeIds(automatic, 100);
    for (const id of ids('a', 100)) bench.say(id);
    await within(received);
    handOver(automatic);
    expect((await within(drain(unread))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
    const again = bench.subscribe(manually);
    await again.return();
    expect(await takeIds(bench.subscribe(manually), 100)).toEqual(ids('a', 100));
    expect(bench.upstream.acknowledged()).toEqual([]);
  });

  it('gives AUTO subscribers nothing twice meanwhile: neither from a replay, nor to one that comes later', async () => {
    await using bench = await startEventBench();
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    const stream = await bench.upstream.stream();
    for (const id of ids('a', 3)) bench.say(id);
    await takeIds(automatic, 3);
    const next = takeEvent(automatic);
    await manual.return();
    stream.destroy();
    await waitUntil(() => bench.upstream.attempts.length === 2 && bench.upstream.streams.size === 1);
    await waitUntil(() => bench.hub.stats().duplicates === 3);
    const later = bench.subscribe();
    bench.say('b');
    expect((await next).id).toBe('b');
    expect((await takeEvent(later)).id).toBe('b');
    expect(await takeIds(bench.subscribe(manually), 4)).toEqual([...ids('a', 3), 'b']);
  });

  it('remembers across a stream that was closed in between', async () => {
    await using bench = await startEventBench({ streamLingerMs: 0 });
    const manual = bench.subscribe(manually);
    bench.say('a');
    await takeEvent(manual);
    await manual.return();
    await waitUntil(() => bench.hub.stats().streams === 0);
    const automatic = bench.subscribe();
    expect((await takeEvent(automatic)).id).toBe('a');
    handOver(automatic);
    const back = bench.subscribe(manually);
    expect((await takeEvent(back)).id).toBe('a');
    await bench.hub.acknowledge(bench.caller, ['a']);
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
  });

  it('lets the upstream forget what nobody came back for when the hold is over', async () => {
    await using bench = await startEventBench({ manualHoldMs: 300 });
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    bench.say('a');
    await takeEvent(automatic);
    handOver(automatic);
    await manual.return();
    expect(bench.upstream.acknowledged()).toEqual([]);
    await waitUntil(() => bench.upstream.acknowledged().includes('a'));
  });

  it('takes what one MANUAL client names for named by all, and holds the rest as long as one of them has it', async () => {
    await using bench = await startEventBench({ manualHoldMs: 0 });
    const automatic = bench.subscribe();
    const first = bench.subscribe(manually);
    const second = bench.subscribe(manually);
    await bench.upstream.stream();
    bench.say('a');
    bench.say('b');
    for (const subscription of [automatic, first, second]) {
      await takeIds(subscription, 2);
      handOver(subscription);
    }
    await bench.hub.acknowledge(bench.caller, ['a']);
    await first.return();
    expect((await takeEvent(bench.subscribe(manually))).id).toBe('b');
    expect(bench.upstream.acknowledged()).toEqual(['a']);
  });

  it('holds only what the filter of the one that left lets pass', async () => {
    await using bench = await startEventBench();
    const automatic = bench.subscribe();
    const wants = (event: { type: string }) => event.type === 'TYPING_CHANGED';
    const manual = bench.subscribe({ ...manually, wants });
    bench.say('a');
    await takeEvent(automatic);
    handOver(automatic);
    await waitUntil(() => bench.upstream.acknowledged().includes('a'));
    await manual.return();
    bench.say('b');
    await waitUntil(() => bench.hub.stats().received === 2);
    handOver(automatic);
    await waitUntil(() => bench.upstream.acknowledged().includes('b'));
  });

  it('lets the oldest go when more are held than set, and tells of the gap', async () => {
    await using bench = await startEventBench({ manualHoldEvents: 3 });
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    await bench.upstream.stream();
    for (const id of ids('a', 5)) bench.say(id);
    await takeIds(automatic, 5);
    handOver(automatic);
    await manual.return();
    await waitUntil(() => bench.upstream.acknowledged().length === 2);
    const back = bench.subscribe(manually);
    expect(await take(back)).toEqual({ kind: 'gap', reason: 'HOLD_EXCEEDED', after: 'a1' });
    expect(await takeIds(back, 3)).toEqual(['a2', 'a3', 'a4']);
  });

  it('gives them again by a replay when the buffer no longer has them, also before the place to resume after', async () => {
    await using bench = await startEventBench({ resumeEvents: 3 });
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    await bench.upstream.stream();
    for (const id of ids('a', 8)) bench.say(id);
    await takeIds(automatic, 8);
    handOver(automatic);
    await takeIds(manual, 8);
    await manual.return();
    expect(await takeIds(bench.subscribe({ ...manually, after: 'a7' }), 8)).toEqual(ids('a', 8));
    expect(bench.upstream.attempts.length).toBe(2);
  });

  it('holds no content past expiry, nor the acknowledgement of what has expired', async () => {
    await using bench = await startEventBench();
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    bench.say('short', { expire_in: 1 });
    await takeEvent(automatic);
    handOver(automatic);
    await manual.return();
    await waitUntil(() => bench.upstream.acknowledged().includes('short'));
    expect(bench.hub.stats()).toMatchObject({ buffered: 0, expired: 1 });
  });

  it('leaves what is held unacknowledged when the gateway stops', async () => {
    await using bench = await startEventBench();
    const automatic = bench.subscribe();
    const manual = bench.subscribe(manually);
    bench.say('a');
    await takeEvent(automatic);
    handOver(automatic);
    await takeEvent(manual);
    await bench.hub.close();
    expect(bench.upstream.stored(authorization)).toEqual(['a']);
  });
});
