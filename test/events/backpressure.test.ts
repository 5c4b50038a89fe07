import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../src/events/record/record.ts';
import { ResumeBuffer } from '../../src/events/record/resume-buffer.ts';
import { BackpressureController } from '../../src/events/subscriber/backpressure.ts';
import { Subscriber } from '../../src/events/subscriber/subscriber.ts';
import { pass, passUntil, useTestClock } from '../support/test-clock.ts';

/** Subscribers with short queues in front of a source that records its calls. */
function startPressure() {
  const calls: string[] = [];
  const subscribers = new Set<Subscriber>();
  const listeners = new Set<Subscriber>();
  const source = { pause: () => calls.push('pause'), resume: () => calls.push('resume') };
  const backpressure = new BackpressureController(source, subscribers, new Map());
  const bounds = { events: 1_000, bytes: 1_000_000, ageMs: 60_000, ids: 1_000 };
  const buffer = new ResumeBuffer(bounds, { onForgotten() {}, onWithdrawn() {} });
  let count = 0;
  const keeper = {
    onDelivered() {},
    onUnqueued() {},
    onDropped() {},
    onLaggingChanged: (subscriber: Subscriber) => backpressure.laggingChanged(subscriber),
    onReading: (subscriber: Subscriber) => backpressure.onRead(subscriber),
    onOverflow() {},
    onUnsubscribed: (subscriber: Subscriber) => {
      subscribers.delete(subscriber);
      backpressure.unsubscribed(subscriber);
    },
  };
  return {
    calls,
    /** @param hears Whether what is said is for it. */
    join(events = 16, hears = true): Subscriber {
      const bounds = { events, bytes: 1_000_000 };
      const subscriber = new Subscriber({ wants: () => true, acknowledge: 'AUTO' }, bounds, keeper);
      subscribers.add(subscriber);
      if (hears) listeners.add(subscriber);
      return subscriber;
    },
    say(events: number): void {
      for (let index = 0; index < events; index += 1) {
        count += 1;
        const event = { type: 'REMOTE_WIPED' } as const;
        const record: EventRecord = buffer.add(
          { id: `e${count}`, isStored: true, violatesContract: false, event },
          100,
          Date.now(),
        );
        for (const subscriber of listeners) subscriber.push(record);
        backpressure.check();
      }
    },
  };
}

const takeAll = (subscriber: Subscriber) => {
  while (subscriber.read() !== undefined) subscriber.ack();
};

describe('reading from the upstream', () => {
  useTestClock();

  it('pauses for a burst, and resumes as soon as the lagging subscriber has caught up', async () => {
    const { calls, join, say } = startPressure();
    const lone = join();
    await pass(100); // it may have been idle for long
    say(9);
    expect(calls).toEqual(['pause']);
    takeAll(lone);
    await passUntil(() => calls.length === 2);
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('pauses for a slow reader beside subscribers that keep up, but only for a moment', async () => {
    const { calls, join, say } = startPressure();
    const slow = join();
    const quick = join();
    say(6);
    takeAll(quick);
    slow.read();
    say(4);
    takeAll(quick);
    expect(calls).toEqual(['pause']);
    await passUntil(() => calls.length === 2, 1_000);
    expect(calls).toEqual(['pause', 'resume']);
    say(4); // given up: the source does not wait for it again until it has caught up
    takeAll(quick);
    await pass(10);
    expect(calls).toEqual(['pause', 'resume']);
    takeAll(slow);
    say(9);
    expect(calls).toEqual(['pause', 'resume', 'pause']);
  });

  it('stops waiting for a subscriber that reads nothing, whatever another reads', async () => {
    const { calls, join, say } = startPressure();
    join();
    say(9);
    expect(calls).toEqual(['pause']);
    const other = join();
    const taking = setInterval(() => other.read(), 50);
    await passUntil(() => calls.length === 2, 5_000);
    clearInterval(taking);
    expect(calls).toEqual(['pause', 'resume']);
  });

  it.each([
    ['does not wait for', 'another', 1, ['pause', 'resume']],
    ['waits for', 'no other', 0, ['pause']],
  ])(
    '%s a subscriber that reads but stays behind when there is %s without any event',
    async (_does, _is, others, end) => {
      const { calls, join, say } = startPressure();
      const slow = join(256);
      for (let other = 0; other < others; other += 1) join(16, false);
      say(200);
      const taking = setInterval(() => {
        slow.read();
        slow.ack();
      }, 250);
      await pass(3_000);
      clearInterval(taking);
      expect(calls).toEqual(end);
    },
  );

  it('does not pause for a subscriber that reads nothing while others keep up', async () => {
    const { calls, join, say } = startPressure();
    join();
    const quick = join();
    say(1);
    takeAll(quick);
    await pass(100); // the stalled one could have taken it
    for (let round = 0; round < 14; round += 1) {
      say(1);
      takeAll(quick);
    }
    expect(calls).toEqual([]);
  });

  it('pauses for a second subscriber that falls behind while one is stalled', async () => {
    const { calls, join, say } = startPressure();
    join(32);
    const quick = join();
    const other = join();
    say(1);
    for (const subscriber of [quick, other]) takeAll(subscriber);
    await pass(100);
    for (let round = 0; round < 18; round += 1) {
      say(1);
      for (const subscriber of [quick, other]) takeAll(subscriber);
    }
    expect(calls).toEqual([]);
    for (let round = 0; round < 9; round += 1) {
      say(1);
      takeAll(quick);
    }
    expect(calls).toEqual(['pause']);
    takeAll(other);
    await passUntil(() => calls.length === 2);
    expect(calls).toEqual(['pause', 'resume']);
  });
});
