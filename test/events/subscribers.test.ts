import { describe, expect, it } from 'vitest';
import { CancellationSource } from '../../src/upstream/cancellation.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import {
  acknowledgeLast,
  authorization,
  drain,
  everything,
  messageEvent,
  nextDelivery,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe.concurrent('streams', () => {
  it('opens one upstream stream for a credential, however many subscribe', async () => {
    await using harness = await startEventHub();
    const subscriptions = Array.from({ length: 20 }, () => harness.subscribe());
    await harness.upstream.stream();
    harness.pushMessage('a');
    for (const subscription of subscriptions) expect((await nextEvent(subscription)).id).toBe('a');
    expect(harness.upstream.attempts.length).toBe(1);
    expect(harness.hub.stats()).toMatchObject({ streams: 1, subscriptions: 20 });
  });

  it('closes it after a time without subscribers, and keeps it when another subscribes in time', async () => {
    await using harness = await startEventHub({ streamLingerMs: 150 });
    const first = harness.subscribe();
    await harness.upstream.stream();
    await first.return();
    const second = harness.subscribe();
    await new Promise((resolve) => setTimeout(resolve, 300)); // longer than it may linger
    expect(harness.upstream.streams.size).toBe(1);
    await second.return();
    await waitUntil(() => harness.upstream.streams.size === 0);
    await waitUntil(() => harness.hub.stats().streams === 0);
    expect(harness.upstream.attempts.length).toBe(1);
  });

  it('never delivers an event to another credential', async () => {
    await using harness = await startEventHub();
    const other = createCredential('Basic Yg==');
    const mine = harness.subscribe();
    const theirs = harness.subscribe({}, other);
    await harness.upstream.stream(authorization);
    await harness.upstream.stream(other.authorization);
    harness.pushMessage('mine');
    harness.upstream.push(other.authorization, messageEvent('theirs'));
    expect((await nextEvent(mine)).id).toBe('mine');
    expect((await nextEvent(theirs)).id).toBe('theirs');
    expect(harness.hub.stats().streams).toBe(2);
  });

  it('rejects streams and subscribers beyond the limits', async () => {
    await using harness = await startEventHub({ maxStreams: 1, maxSubscribersPerStream: 2 });
    harness.subscribe();
    const second = harness.subscribe();
    const rejected = expect.objectContaining({ code: 'RATE_LIMITED' });
    expect(() => harness.subscribe()).toThrowError(rejected);
    expect(() => harness.subscribe({}, createCredential('Basic Yg=='))).toThrowError(rejected);
    await second.return();
    harness.subscribe();
  });

  it('rejects devices of one token beyond the limit, and accepts others when some have disconnected', async () => {
    await using harness = await startEventHub({ streamLingerMs: 0 });
    const rejected = expect.objectContaining({ code: 'RATE_LIMITED' });
    const device = (name: string) => createCredential('Bearer token', name);
    const subscriptions = Array.from({ length: 100 }, (_, index) => harness.subscribe({}, device(`device-${index}`)));
    expect(() => harness.subscribe({}, device('one more'))).toThrowError(rejected);
    harness.subscribe({}, createCredential('Bearer other', 'one more'));
    harness.subscribe({}, device('device-7'));
    await subscriptions[0]?.return();
    await waitUntil(() => harness.hub.stats().streams === 100);
    harness.subscribe({}, device('one more'));
  });
});

describe.concurrent('slow subscribers', () => {
  it('ends one whose queue is full with SLOW_CONSUMER, and no other', async () => {
    await using harness = await startEventHub({ subscriberQueue: 50 });
    const stalled = harness.subscribe();
    const quick = harness.subscribe();
    await harness.upstream.stream();
    const received = nextIds(quick, 200);
    for (const id of ids('a', 200)) harness.pushMessage(id);
    expect(await within(received)).toEqual(ids('a', 200));
    const { items, error } = await within(drain(stalled));
    expect(error).toMatchObject({ code: 'SLOW_CONSUMER' });
    expect(items).toEqual([]);
    expect(harness.hub.stats()).toMatchObject({ dropped: 1, subscriptions: 1 });
  });

  it('bounds the bytes of queued events, not only their number', async () => {
    await using harness = await startEventHub({ subscriberQueueBytes: 64_000 });
    const stalled = harness.subscribe();
    const quick = harness.subscribe();
    await harness.upstream.stream();
    const received = nextIds(quick, 10);
    for (const id of ids('a', 10))
      harness.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(5_000) }));
    await within(received);
    expect((await within(drain(stalled))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
  });

  it('ends a single subscriber that does not pull, after a pause of the upstream', async () => {
    await using harness = await startEventHub({ subscriberQueue: 20 });
    const stalled = harness.subscribe();
    await harness.upstream.stream();
    for (const id of ids('a', 100)) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().dropped === 1);
    expect((await within(drain(stalled))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
  });

  it('pauses the upstream instead of ending a subscriber that pulls slowly through a long replay', async () => {
    await using harness = await startEventHub({ subscriberQueue: 20 });
    for (const id of ids('a', 2_000)) harness.pushMessage(id);
    const subscription = harness.subscribe();
    const received: string[] = [];
    while (received.length < 2_000) {
      received.push((await nextEvent(subscription)).id);
      if (received.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(received).toEqual(ids('a', 2_000));
    expect(harness.hub.stats().dropped).toBe(0);
  });

  it('does so also when the caller has subscriptions to other events, whose queues are empty', async () => {
    await using harness = await startEventHub({ subscriberQueue: 20 });
    for (const id of ids('a', 500)) harness.pushMessage(id);
    harness.subscribe({ wants: ({ type }) => type === 'TYPING_CHANGED' });
    harness.subscribe({ wants: () => false, includeStatus: true });
    const subscription = harness.subscribe();
    const received: string[] = [];
    while (received.length < 500) {
      received.push((await nextEvent(subscription)).id);
      if (received.length % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(received).toEqual(ids('a', 500));
    expect(harness.hub.stats().dropped).toBe(0);
  });

  it('delivers a resume buffer that is larger than the queue', async () => {
    await using harness = await startEventHub({ subscriberQueue: 16 });
    const indifferent = harness.subscribe({ wants: () => false });
    await harness.upstream.stream();
    for (const id of ids('a', 300)) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 300);
    expect(await nextIds(harness.subscribe(), 300)).toEqual(ids('a', 300));
    await indifferent.return();
  });
});

describe('leaving', () => {
  it('settles return() at once while next() is pending', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const pending = subscription.next();
    expect(await within(subscription.return())).toEqual({ done: true, value: undefined });
    expect(await within(pending)).toEqual({ done: true, value: undefined });
    expect(await within(subscription.next())).toEqual({ done: true, value: undefined });
    expect(harness.hub.stats().subscriptions).toBe(0);
  });

  it('ends when its client disconnects, or has disconnected before', async () => {
    await using harness = await startEventHub();
    const cancellation = new CancellationSource();
    const subscription = harness.subscribe({ cancellation });
    const pending = subscription.next();
    cancellation.cancel();
    expect(await within(pending)).toEqual({ done: true, value: undefined });
    const late = harness.subscribe({ cancellation });
    expect(await within(late.next())).toEqual({ done: true, value: undefined });
    expect(harness.hub.stats().subscriptions).toBe(0);
  });

  it('delivers an event that was pulled but not confirmed to the next subscriber', async () => {
    await using harness = await startEventHub();
    const first = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(first)).id).toBe('a');
    await first.return();
    expect((await nextEvent(harness.subscribe())).id).toBe('a');
    expect(harness.upstream.acknowledged()).toEqual([]);
  });

  it('leaves nothing after 10,000 subscriptions', async () => {
    await using harness = await startEventHub({ manualHoldMs: 100 });
    const keeper = harness.subscribe();
    await harness.upstream.stream();
    for (let count = 0; count < 10_000; count++) {
      const subscription = harness.subscribe({ acknowledge: count % 2 === 0 ? 'AUTO' : 'MANUAL' });
      if (count % 100 === 0) harness.pushMessage(`a${count}`);
      if (count % 3 === 0) acknowledgeLast(subscription);
      await subscription.return();
    }
    await waitUntil(() => harness.hub.stats().received === 100);
    expect(harness.hub.stats()).toMatchObject({ subscriptions: 1, streams: 1, queued: 100 });
    await nextIds(keeper, 100);
    acknowledgeLast(keeper);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    expect(harness.upstream.attempts.length).toBe(1);
  });

  it('ends one subscriber whose filter throws, and no other', async () => {
    await using harness = await startEventHub();
    const broken = harness.subscribe({
      wants: () => {
        throw new Error('secret');
      },
    });
    const sound = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('a');
    expect((await nextEvent(sound)).id).toBe('a');
    expect((await within(drain(broken))).error).toMatchObject({ code: 'INTERNAL' });
    expect(harness.logLines.join('')).not.toContain('secret');
    acknowledgeLast(sound);
    await waitUntil(() => harness.upstream.acknowledged().includes('a'));
  });
});

describe.concurrent('closing the hub', () => {
  it('ends every subscription with SHUTTING_DOWN, closes the streams, and sends the last acknowledgements', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    await nextEvent(subscription);
    const pending = nextDelivery(subscription);
    const ended = expect(pending).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const other = drain(harness.subscribe({}, createCredential('Basic Yg==')));
    await harness.hub.close();
    await ended;
    expect((await within(other)).error).toMatchObject({ code: 'SHUTTING_DOWN' });
    await waitUntil(() => harness.upstream.streams.size === 0);
    expect(harness.upstream.acknowledged()).toEqual(['a']);
    expect(() => harness.hub.subscribe(harness.caller, { wants: everything, acknowledge: 'AUTO' })).toThrowError(
      expect.objectContaining({ code: 'SHUTTING_DOWN' }),
    );
    await expect(harness.hub.acknowledge(harness.caller, ['a'])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
