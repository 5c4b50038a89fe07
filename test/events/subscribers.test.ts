import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import {
  authorization,
  drain,
  everything,
  handOver,
  messageEvent,
  startEventBench,
  take,
  takeEvent,
  takeIds,
} from '../support/event-hub.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('streams', () => {
  it('opens one upstream stream for a credential, however many subscribe', async () => {
    await using bench = await startEventBench();
    const subscriptions = Array.from({ length: 20 }, () => bench.subscribe());
    await bench.upstream.stream();
    bench.say('a');
    for (const subscription of subscriptions) expect((await takeEvent(subscription)).id).toBe('a');
    expect(bench.upstream.attempts.length).toBe(1);
    expect(bench.hub.stats()).toMatchObject({ streams: 1, subscriptions: 20 });
  });

  it('closes it some time after the last subscriber left, and keeps it when another comes in time', async () => {
    await using bench = await startEventBench({ streamLingerMs: 150 });
    const first = bench.subscribe();
    await bench.upstream.stream();
    await first.return();
    const second = bench.subscribe();
    await new Promise((resolve) => setTimeout(resolve, 300)); // longer than it may linger
    expect(bench.upstream.streams.size).toBe(1);
    await second.return();
    await waitUntil(() => bench.upstream.streams.size === 0);
    await waitUntil(() => bench.hub.stats().streams === 0);
    expect(bench.upstream.attempts.length).toBe(1);
  });

  it('never delivers an event to another credential', async () => {
    await using bench = await startEventBench();
    const other = createCredential('Basic Yg==');
    const mine = bench.subscribe();
    const theirs = bench.subscribe({}, other);
    await bench.upstream.stream(authorization);
    await bench.upstream.stream(other.authorization);
    bench.say('mine');
    bench.upstream.push(other.authorization, messageEvent('theirs'));
    expect((await takeEvent(mine)).id).toBe('mine');
    expect((await takeEvent(theirs)).id).toBe('theirs');
    expect(bench.hub.stats().streams).toBe(2);
  });

  it('refuses more streams and more subscribers than set', async () => {
    await using bench = await startEventBench({ maxStreams: 1, maxSubscribersPerStream: 2 });
    bench.subscribe();
    const second = bench.subscribe();
    const refused = expect.objectContaining({ code: 'RATE_LIMITED' });
    expect(() => bench.subscribe()).toThrowError(refused);
    expect(() => bench.subscribe({}, createCredential('Basic Yg=='))).toThrowError(refused);
    await second.return();
    bench.subscribe();
  });

  it('refuses more devices of one token than anybody has, and takes others when some are gone', async () => {
    await using bench = await startEventBench({ streamLingerMs: 0 });
    const refused = expect.objectContaining({ code: 'RATE_LIMITED' });
    const device = (name: string) => createCredential('Bearer token', name);
    const subscriptions = Array.from({ length: 100 }, (_, index) => bench.subscribe({}, device(`device-${index}`)));
    expect(() => bench.subscribe({}, device('one more'))).toThrowError(refused);
    bench.subscribe({}, createCredential('Bearer other', 'one more'));
    bench.subscribe({}, device('device-7'));
    await subscriptions[0]?.return();
    await waitUntil(() => bench.hub.stats().streams === 100);
    bench.subscribe({}, device('one more'));
  });
});

describe('slow subscribers', () => {
  it('ends one whose queue is full with SLOW_CONSUMER and harms no other', async () => {
    await using bench = await startEventBench({ subscriberQueue: 50 });
    const stalled = bench.subscribe();
    const quick = bench.subscribe();
    await bench.upstream.stream();
    const received = takeIds(quick, 200);
    for (const id of ids('a', 200)) bench.say(id);
    expect(await within(received)).toEqual(ids('a', 200));
    const { items, error } = await within(drain(stalled));
    expect(error).toMatchObject({ code: 'SLOW_CONSUMER' });
    expect(items).toEqual([]);
    expect(bench.hub.stats()).toMatchObject({ dropped: 1, subscriptions: 1 });
  });

  it('bounds the bytes that wait, not only the number', async () => {
    await using bench = await startEventBench({ subscriberQueueBytes: 64_000 });
    const stalled = bench.subscribe();
    const quick = bench.subscribe();
    await bench.upstream.stream();
    const received = takeIds(quick, 10);
    for (const id of ids('a', 10)) bench.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(5_000) }));
    await within(received);
    expect((await within(drain(stalled))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
  });

  it('ends a lone subscriber that does not pull, after holding the upstream back for a while', async () => {
    await using bench = await startEventBench({ subscriberQueue: 20 });
    const stalled = bench.subscribe();
    await bench.upstream.stream();
    for (const id of ids('a', 100)) bench.say(id);
    await waitUntil(() => bench.hub.stats().dropped === 1);
    expect((await within(drain(stalled))).error).toMatchObject({ code: 'SLOW_CONSUMER' });
  });

  it('holds the upstream back instead of cutting off a subscriber that pulls slowly through a long replay', async () => {
    await using bench = await startEventBench({ subscriberQueue: 20 });
    for (const id of ids('a', 2_000)) bench.say(id);
    const subscription = bench.subscribe();
    const received: string[] = [];
    while (received.length < 2_000) {
      received.push((await takeEvent(subscription)).id);
      if (received.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(received).toEqual(ids('a', 2_000));
    expect(bench.hub.stats().dropped).toBe(0);
  });

  it('does so also when the caller has subscriptions to other events, which have nothing to wait for', async () => {
    await using bench = await startEventBench({ subscriberQueue: 20 });
    for (const id of ids('a', 500)) bench.say(id);
    bench.subscribe({ wants: ({ type }) => type === 'TYPING_CHANGED' });
    bench.subscribe({ wants: () => false, includeStatus: true });
    const subscription = bench.subscribe();
    const received: string[] = [];
    while (received.length < 500) {
      received.push((await takeEvent(subscription)).id);
      if (received.length % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(received).toEqual(ids('a', 500));
    expect(bench.hub.stats().dropped).toBe(0);
  });

  it('delivers a resume buffer that is larger than the queue', async () => {
    await using bench = await startEventBench({ subscriberQueue: 16 });
    const indifferent = bench.subscribe({ wants: () => false });
    await bench.upstream.stream();
    for (const id of ids('a', 300)) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 300);
    expect(await takeIds(bench.subscribe(), 300)).toEqual(ids('a', 300));
    await indifferent.return();
  });
});

describe('leaving', () => {
  it('settles return() at once while next() is pending', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    const pending = subscription.next();
    expect(await within(subscription.return(), 1_000)).toEqual({ done: true, value: undefined });
    expect(await within(pending, 1_000)).toEqual({ done: true, value: undefined });
    expect(await within(subscription.next(), 1_000)).toEqual({ done: true, value: undefined });
    expect(bench.hub.stats().subscriptions).toBe(0);
  });

  it('ends with its signal, also one that is aborted already', async () => {
    await using bench = await startEventBench();
    const controller = new AbortController();
    const subscription = bench.subscribe({ signal: controller.signal });
    const pending = subscription.next();
    controller.abort();
    expect(await within(pending, 1_000)).toEqual({ done: true, value: undefined });
    const late = bench.subscribe({ signal: controller.signal });
    expect(await within(late.next(), 1_000)).toEqual({ done: true, value: undefined });
    expect(bench.hub.stats().subscriptions).toBe(0);
  });

  it('gives an event that was pulled but not handed over to the next subscriber', async () => {
    await using bench = await startEventBench();
    const first = bench.subscribe();
    bench.say('a');
    expect((await takeEvent(first)).id).toBe('a');
    await first.return();
    expect((await takeEvent(bench.subscribe())).id).toBe('a');
    expect(bench.upstream.acknowledged()).toEqual([]);
  });

  it('leaves nothing behind after 10,000 subscriptions', async () => {
    await using bench = await startEventBench({ manualHoldMs: 100 });
    const keeper = bench.subscribe();
    await bench.upstream.stream();
    for (let count = 0; count < 10_000; count++) {
      const subscription = bench.subscribe({ acknowledge: count % 2 === 0 ? 'AUTO' : 'MANUAL' });
      if (count % 100 === 0) bench.say(`a${count}`);
      if (count % 3 === 0) handOver(subscription);
      await subscription.return();
    }
    await waitUntil(() => bench.hub.stats().received === 100);
    expect(bench.hub.stats()).toMatchObject({ subscriptions: 1, streams: 1, queued: 100 });
    await takeIds(keeper, 100);
    handOver(keeper);
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
    expect(bench.upstream.attempts.length).toBe(1);
  });

  it('ends one subscriber whose filter throws, and no other', async () => {
    await using bench = await startEventBench();
    const broken = bench.subscribe({
      wants: () => {
        throw new Error('secret');
      },
    });
    const sound = bench.subscribe();
    await bench.upstream.stream();
    bench.say('a');
    expect((await takeEvent(sound)).id).toBe('a');
    expect((await within(drain(broken))).error).toMatchObject({ code: 'INTERNAL' });
    expect(bench.logLines.join('')).not.toContain('secret');
    handOver(sound);
    await waitUntil(() => bench.upstream.acknowledged().includes('a'));
  });
});

describe('closing the hub', () => {
  it('ends every subscription with SHUTTING_DOWN, closes the streams, and sends the last acknowledgements', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    bench.say('a');
    await takeEvent(subscription);
    const pending = take(subscription);
    const ended = expect(pending).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const other = drain(bench.subscribe({}, createCredential('Basic Yg==')));
    await bench.hub.close();
    await ended;
    expect((await within(other)).error).toMatchObject({ code: 'SHUTTING_DOWN' });
    await waitUntil(() => bench.upstream.streams.size === 0);
    expect(bench.upstream.acknowledged()).toEqual(['a']);
    expect(() => bench.hub.subscribe(bench.caller, { wants: everything, acknowledge: 'AUTO' })).toThrowError(
      expect.objectContaining({ code: 'SHUTTING_DOWN' }),
    );
    await expect(bench.hub.acknowledge(bench.caller, ['a'])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
