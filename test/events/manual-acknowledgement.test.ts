import { describe, expect, it } from 'vitest';
import {
  acknowledgeLast,
  authorization,
  drain,
  nextDelivery,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const manually = { acknowledge: 'MANUAL' } as const;

describe.concurrent('MANUAL beside AUTO', () => {
  it.each([{}, { after: 'a3' }, { after: 'unknown' }])(
    'redelivers unacknowledged events to a disconnected MANUAL subscriber: %j',
    async (place) => {
      await using harness = await startEventHub();
      const automatic = harness.subscribe();
      const manual = harness.subscribe(manually);
      await harness.upstream.stream();
      for (const id of ids('a', 4)) harness.pushMessage(id);
      await nextIds(automatic, 4);
      await nextIds(manual, 4);
      acknowledgeLast(automatic);
      await harness.hub.acknowledge(harness.caller, ['a1']);
      await manual.return();
      harness.pushMessage('absent'); // comes while the MANUAL client is away
      await waitUntil(() => harness.hub.stats().received === 5);
      acknowledgeLast(automatic);
      const back = harness.subscribe({ ...manually, ...place });
      if (place.after === 'unknown') expect(await nextDelivery(back)).toMatchObject({ kind: 'gap' });
      expect(await nextIds(back, 4)).toEqual(['a0', 'a2', 'a3', 'absent']);
      expect(harness.upstream.acknowledged()).toEqual(['a1']);
      await harness.hub.acknowledge(harness.caller, ['a0', 'a2', 'a3', 'absent']);
      await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    },
  );

  it('redelivers them after a disconnection before the first read, and after SLOW_CONSUMER', async () => {
    await using harness = await startEventHub({ subscriberQueue: 20 });
    const automatic = harness.subscribe();
    const unread = harness.subscribe(manually);
    await harness.upstream.stream();
    const received = nextIds(automatic, 100);
    for (const id of ids('a', 100)) harness.pushMessage(id);
    await within(received);
    acknowledgeLast(automatic);
    expect((await within(drain(unread))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
    const again = harness.subscribe(manually);
    await again.return();
    expect(await nextIds(harness.subscribe(manually), 100)).toEqual(ids('a', 100));
    expect(harness.upstream.acknowledged()).toEqual([]);
  });

  it('delivers nothing twice to AUTO subscribers: neither from a replay, nor to a later one', async () => {
    await using harness = await startEventHub();
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    const stream = await harness.upstream.stream();
    for (const id of ids('a', 3)) harness.pushMessage(id);
    await nextIds(automatic, 3);
    const next = nextEvent(automatic);
    await manual.return();
    stream.destroy();
    await waitUntil(() => harness.upstream.attempts.length === 2 && harness.upstream.streams.size === 1);
    await waitUntil(() => harness.hub.stats().duplicates === 3);
    const later = harness.subscribe();
    harness.pushMessage('b');
    expect((await next).id).toBe('b');
    expect((await nextEvent(later)).id).toBe('b');
    expect(await nextIds(harness.subscribe(manually), 4)).toEqual([...ids('a', 3), 'b']);
  });

  it('keeps interests while the stream is closed in between', async () => {
    await using harness = await startEventHub({ streamLingerMs: 0 });
    const manual = harness.subscribe(manually);
    harness.pushMessage('a');
    await nextEvent(manual);
    await manual.return();
    await waitUntil(() => harness.hub.stats().streams === 0);
    const automatic = harness.subscribe();
    expect((await nextEvent(automatic)).id).toBe('a');
    acknowledgeLast(automatic);
    const back = harness.subscribe(manually);
    expect((await nextEvent(back)).id).toBe('a');
    await harness.hub.acknowledge(harness.caller, ['a']);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
  });

  it('acknowledges events that no client came back for when the hold time is over', async () => {
    await using harness = await startEventHub({ manualHoldMs: 300 });
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    harness.pushMessage('a');
    await nextEvent(automatic);
    acknowledgeLast(automatic);
    await manual.return();
    expect(harness.upstream.acknowledged()).toEqual([]);
    await waitUntil(() => harness.upstream.acknowledged().includes('a'));
  });

  it('counts an acknowledgement of one MANUAL client for all, and holds other events for each of them', async () => {
    await using harness = await startEventHub({ manualHoldMs: 0 });
    const automatic = harness.subscribe();
    const first = harness.subscribe(manually);
    const second = harness.subscribe(manually);
    await harness.upstream.stream();
    harness.pushMessage('a');
    harness.pushMessage('b');
    for (const subscription of [automatic, first, second]) {
      await nextIds(subscription, 2);
      acknowledgeLast(subscription);
    }
    await harness.hub.acknowledge(harness.caller, ['a']);
    await first.return();
    expect((await nextEvent(harness.subscribe(manually))).id).toBe('b');
    expect(harness.upstream.acknowledged()).toEqual(['a']);
  });

  it('holds only events that match the filter of the subscriber that left', async () => {
    await using harness = await startEventHub();
    const automatic = harness.subscribe();
    const wants = (event: { type: string }) => event.type === 'TYPING_CHANGED';
    const manual = harness.subscribe({ ...manually, wants });
    harness.pushMessage('a');
    await nextEvent(automatic);
    acknowledgeLast(automatic);
    await waitUntil(() => harness.upstream.acknowledged().includes('a'));
    await manual.return();
    harness.pushMessage('b');
    await waitUntil(() => harness.hub.stats().received === 2);
    acknowledgeLast(automatic);
    await waitUntil(() => harness.upstream.acknowledged().includes('b'));
  });

  it('releases the oldest beyond the limit of held events, and reports the gap', async () => {
    await using harness = await startEventHub({ manualHoldEvents: 3 });
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    await harness.upstream.stream();
    for (const id of ids('a', 5)) harness.pushMessage(id);
    await nextIds(automatic, 5);
    acknowledgeLast(automatic);
    await manual.return();
    await waitUntil(() => harness.upstream.acknowledged().length === 2);
    const back = harness.subscribe(manually);
    expect(await nextDelivery(back)).toEqual({ kind: 'gap', reason: 'HOLD_EXCEEDED', after: 'a1' });
    expect(await nextIds(back, 3)).toEqual(['a2', 'a3', 'a4']);
  });

  it('redelivers them by a replay when the buffer has evicted them, also those before the resume position', async () => {
    await using harness = await startEventHub({ resumeEvents: 3 });
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    await harness.upstream.stream();
    for (const id of ids('a', 8)) harness.pushMessage(id);
    await nextIds(automatic, 8);
    acknowledgeLast(automatic);
    await nextIds(manual, 8);
    await manual.return();
    expect(await nextIds(harness.subscribe({ ...manually, after: 'a7' }), 8)).toEqual(ids('a', 8));
    expect(harness.upstream.attempts.length).toBe(2);
  });

  it('holds neither content past its expiry nor the acknowledgement of expired events', async () => {
    await using harness = await startEventHub();
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    harness.pushMessage('short', { expire_in: 1 });
    await nextEvent(automatic);
    acknowledgeLast(automatic);
    await manual.return();
    await waitUntil(() => harness.upstream.acknowledged().includes('short'));
    expect(harness.hub.stats()).toMatchObject({ buffered: 0, expired: 1 });
  });

  it('leaves held events unacknowledged when the gateway stops', async () => {
    await using harness = await startEventHub();
    const automatic = harness.subscribe();
    const manual = harness.subscribe(manually);
    harness.pushMessage('a');
    await nextEvent(automatic);
    acknowledgeLast(automatic);
    await nextEvent(manual);
    await harness.hub.close();
    expect(harness.upstream.stored(authorization)).toEqual(['a']);
  });
});
