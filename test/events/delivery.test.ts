import { describe, expect, it } from 'vitest';
import {
  authorization,
  drain,
  handOver,
  messageEvent,
  startEventBench,
  take,
  takeEvent,
  takeIds,
} from '../support/event-hub.ts';
import { frame, json } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const typing = (id: string) => frame(id, 'tigertext:iq:message:is_typing', { sender_token: 'x', status: 'typing' });

describe('order and repeats', () => {
  it('delivers stored events first and live ones after, in upstream order', async () => {
    await using bench = await startEventBench();
    for (const id of ids('old', 5)) bench.say(id);
    const subscription = bench.subscribe();
    expect(await takeIds(subscription, 5)).toEqual(ids('old', 5));
    for (const id of ids('new', 50)) bench.say(id);
    expect(await takeIds(subscription, 50)).toEqual(ids('new', 50));
  });

  it('delivers an event once, however often the upstream sends it on one connection', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    await bench.upstream.stream();
    for (const id of ['a', 'a', 'b', 'a', 'b', 'c']) bench.say(id);
    expect(await takeIds(subscription, 3)).toEqual(['a', 'b', 'c']);
    bench.say('d');
    expect((await takeEvent(subscription)).id).toBe('d');
  });

  it('delivers an event once when it is replayed after the connection broke before it was acknowledged', async () => {
    await using bench = await startEventBench();
    bench.upstream.acknowledgeStatus = 503;
    const subscription = bench.subscribe();
    const first = await bench.upstream.stream();
    for (const id of ids('a', 10)) bench.say(id);
    expect(await takeIds(subscription, 10)).toEqual(ids('a', 10));
    first.destroy();
    await waitUntil(() => bench.upstream.attempts.length === 2 && bench.upstream.streams.size === 1);
    bench.say('b');
    expect((await takeEvent(subscription)).id).toBe('b');
    expect(bench.hub.stats().duplicates).toBeGreaterThanOrEqual(10);
  });

  it('delivers every frame with the id that is shared by events that are not stored', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    await bench.upstream.stream();
    for (let count = 0; count < 3; count++) {
      bench.upstream.send(authorization, typing('00000000-0000-0000-0000-000000000001'));
    }
    for (let count = 0; count < 3; count++) expect((await takeEvent(subscription)).event.type).toBe('TYPING_CHANGED');
  });

  it('delivers only the events a subscriber wants', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe({ wants: (event) => event.type === 'TYPING_CHANGED' });
    await bench.upstream.stream();
    bench.say('a');
    bench.upstream.send(authorization, typing('t'));
    expect((await takeEvent(subscription)).id).toBe('t');
  });
});

describe('acknowledging', () => {
  it('acknowledges an event only once the next one is pulled', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    bench.say('a');
    expect((await takeEvent(subscription)).id).toBe('a');
    bench.say('b');
    const next = takeEvent(subscription);
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['a']);
    expect((await next).id).toBe('b');
    await subscription.return();
    const again = bench.subscribe();
    expect((await takeEvent(again)).id).toBe('b');
    expect(bench.upstream.acknowledged()).toEqual(['a']);
  });

  it('acknowledges what was handed over also when the subscriber has left', async () => {
    await using bench = await startEventBench({ streamLingerMs: 0 });
    const subscription = bench.subscribe();
    bench.say('a');
    await takeEvent(subscription);
    handOver(subscription);
    await subscription.return();
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['a']);
    await waitUntil(() => bench.upstream.streams.size === 0);
  });

  it('never acknowledges events that are not stored, nor what nobody wanted, nor malformed frames', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe({
      wants: ({ type }) => type !== 'PRESENCE_CHANGED' && type !== 'TAG_CHANGED',
    });
    await bench.upstream.stream();
    bench.upstream.send(authorization, typing('typing'));
    bench.upstream.send(authorization, frame('presence', 'tigertext:iq:presence', { from: 'x', type: 'away' }));
    bench.upstream.send(authorization, frame('call', 'tigertext:iq:voip:incoming', { call: 1 }));
    bench.upstream.push(authorization, { id: 'tag', json: json('tag', 'tigertext:iq:update:tag', { token: 't' }) });
    bench.upstream.send(authorization, 'data: {"event_id":"broken","event":{}}\n\n');
    bench.say('a');
    expect(await takeIds(subscription, 3)).toEqual(['typing', 'call', 'a']);
    const next = subscription.next();
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    bench.say('b');
    await within(next);
    handOver(subscription);
    await waitUntil(() => bench.upstream.acknowledged().length > 1);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('acknowledges at most 50 ids a call', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    for (const id of ids('a', 120)) bench.say(id);
    await takeIds(subscription, 120);
    handOver(subscription);
    await waitUntil(() => bench.upstream.acknowledged().length === 120);
    expect(bench.upstream.acknowledgements.every(({ ids: sent }) => sent.length <= 50)).toBe(true);
  });

  it('tries a failed acknowledgement again', async () => {
    await using bench = await startEventBench();
    let failures = 0;
    bench.upstream.acknowledgeStatus = () => {
      failures += 1;
      return failures <= 2 ? 503 : 204;
    };
    const subscription = bench.subscribe();
    bench.say('a');
    await takeEvent(subscription);
    handOver(subscription);
    await waitUntil(() => bench.upstream.acknowledged().length === 1);
    expect(failures).toBe(3);
  });

  it('acknowledges again what the upstream sends again', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    bench.say('a');
    await takeEvent(subscription);
    handOver(subscription);
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
    bench.say('a');
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'a']);
  });

  it('waits for every AUTO subscriber the event was queued for', async () => {
    await using bench = await startEventBench();
    const quick = bench.subscribe();
    const slow = bench.subscribe();
    await bench.upstream.stream();
    bench.say('a');
    bench.say('b');
    await takeIds(quick, 2);
    handOver(quick);
    expect((await takeEvent(slow)).id).toBe('a');
    expect((await takeEvent(slow)).id).toBe('b');
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['a']);
    await slow.return();
    await waitUntil(() => bench.upstream.acknowledged().length > 1);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('waits for the client to name an event a MANUAL subscriber was given, until that is gone for longer than it holds', async () => {
    await using bench = await startEventBench({ manualHoldMs: 300 });
    const automatic = bench.subscribe();
    const manual = bench.subscribe({ acknowledge: 'MANUAL' });
    await bench.upstream.stream();
    for (const id of ['a', 'b', 'c']) bench.say(id);
    await takeIds(automatic, 3);
    await takeIds(manual, 3);
    handOver(automatic);
    handOver(manual);
    await bench.hub.acknowledge(bench.caller, ['b']);
    expect(bench.upstream.acknowledged()).toEqual(['b']);
    await manual.return(); // it leaves without naming the others, which the AUTO subscriber has been handed
    expect(bench.upstream.acknowledged()).toEqual(['b']);
    await waitUntil(() => bench.upstream.acknowledged().length === 3);
    expect(bench.upstream.acknowledged()).toEqual(['b', 'a', 'c']);
  });

  it('leaves events unacknowledged that a MANUAL subscriber alone was given and did not name', async () => {
    await using bench = await startEventBench();
    const manual = bench.subscribe({ acknowledge: 'MANUAL' });
    bench.say('a');
    expect((await takeEvent(manual)).id).toBe('a');
    handOver(manual);
    await manual.return();
    const automatic = bench.subscribe();
    expect((await takeEvent(automatic)).id).toBe('a');
    expect(bench.upstream.acknowledged()).toEqual([]);
  });

  it('acknowledges named events that no live stream knows, and refuses what can be no id', async () => {
    await using bench = await startEventBench();
    await bench.hub.acknowledge(bench.caller, ['x', 'y', 'x']);
    expect(bench.upstream.acknowledged()).toEqual(['x', 'y']);
    await expect(bench.hub.acknowledge(bench.caller, ['two words'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await bench.hub.acknowledge(bench.caller, ['00000000-0000-0000-0000-000000000001']);
    expect(bench.upstream.acknowledged()).toEqual(['x', 'y']);
  });

  it('tells the client when the upstream refuses an acknowledgement', async () => {
    await using bench = await startEventBench();
    bench.upstream.acknowledgeStatus = 400;
    await expect(bench.hub.acknowledge(bench.caller, ['x'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('ends the subscriptions when the upstream refuses the credential of an acknowledgement', async () => {
    await using bench = await startEventBench();
    bench.upstream.acknowledgeStatus = 401;
    const subscription = bench.subscribe();
    bench.say('a');
    const { error } = await within(drain(subscription));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('ephemeral content', () => {
  it('drops a message from queues and resume buffer within a second of its expiry', async () => {
    await using bench = await startEventBench();
    const waiting = bench.subscribe();
    await bench.upstream.stream();
    bench.say('short', { expire_in: 1 });
    bench.say('long', { expire_in: 3600 });
    await waitUntil(() => bench.hub.stats().expired === 1, 5_000);
    const late = bench.subscribe();
    expect((await takeEvent(late)).id).toBe('long');
    expect((await takeEvent(waiting)).id).toBe('long');
  });

  it('does not deliver a message whose time, counted from its creation, was over when it came', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    bench.say('over', { created_time: '2020-01-01T00:00:00.000Z', ttl: 1 });
    bench.say('never', { created_time: '2020-01-01T00:00:00.000Z', ttl: -1 });
    expect((await takeEvent(subscription)).id).toBe('never');
  });

  it('drops a recalled message from queues and resume buffer, and delivers the recall', async () => {
    await using bench = await startEventBench();
    const waiting = bench.subscribe();
    await bench.upstream.stream();
    bench.say('a', { client_id: 'm1' });
    const recall = json('r', 'tigertext:iq:message:status', { client_id: 'm1', status: 'New', is_recalled: true });
    bench.upstream.push(authorization, { id: 'r', json: recall });
    await waitUntil(() => bench.hub.stats().received === 2);
    expect((await takeEvent(waiting)).event).toMatchObject({ type: 'MESSAGE_RECALLED', message: 'm1' });
    expect((await takeEvent(bench.subscribe())).id).toBe('r');
  });
});

describe('joining and resuming', () => {
  it('gives a subscriber that joins a live stream the unacknowledged events it wants, in order, then live ones', async () => {
    await using bench = await startEventBench();
    const picky = bench.subscribe({ wants: (event) => event.type !== 'MESSAGE_RECEIVED' });
    await bench.upstream.stream();
    for (const id of ids('a', 5)) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 5);
    const joining = bench.subscribe();
    bench.say('b');
    expect(await takeIds(joining, 6)).toEqual([...ids('a', 5), 'b']);
    expect(bench.upstream.attempts.length).toBe(1);
    await picky.return();
  });

  it('opens the stream anew for a newcomer when the buffer no longer holds all that is unacknowledged', async () => {
    await using bench = await startEventBench({ resumeEvents: 3 });
    const other = bench.subscribe({
      wants: (event) => event.type !== 'MESSAGE_RECEIVED' || event.message.body === 'b',
    });
    await bench.upstream.stream();
    for (const id of ids('a', 8)) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 8);
    const joining = bench.subscribe();
    expect(await takeIds(joining, 8)).toEqual(ids('a', 8));
    expect(bench.upstream.attempts.length).toBe(2);
    bench.say('b');
    expect((await takeEvent(joining)).id).toBe('b');
    expect((await takeEvent(other)).id).toBe('b'); // and nothing of the replay
  });

  it('loses nothing for a newcomer that has to wait for the stream while others take what it waits for', async () => {
    await using bench = await startEventBench({ resumeEvents: 3 });
    bench.subscribe({ wants: () => false });
    await bench.upstream.stream();
    for (const id of ids('a', 8)) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 8);
    const first = bench.subscribe(); // the stream is opened anew for it
    const second = bench.subscribe(); // has to wait: that is done once a second
    expect(await takeIds(first, 8)).toEqual(ids('a', 8));
    bench.say('b');
    expect((await takeEvent(first)).id).toBe('b');
    handOver(first);
    expect(await takeIds(second, 9)).toEqual([...ids('a', 8), 'b']);
    handOver(second);
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
  });

  it('resumes after an event, also with events that are acknowledged', async () => {
    await using bench = await startEventBench({ streamLingerMs: 5_000 });
    const subscription = bench.subscribe();
    for (const id of ids('a', 5)) bench.say(id);
    await takeIds(subscription, 5);
    handOver(subscription);
    await waitUntil(() => bench.upstream.stored(authorization).length === 0);
    await subscription.return();
    bench.say('b');
    await waitUntil(() => bench.hub.stats().received === 6);
    const resumed = bench.subscribe({ after: 'a2' });
    expect(await takeIds(resumed, 3)).toEqual(['a3', 'a4', 'b']);
    expect(bench.upstream.attempts.length).toBe(1);
  });

  it('tells of a gap first when the position is unknown, then gives everything unacknowledged', async () => {
    await using bench = await startEventBench();
    bench.say('a');
    const resumed = bench.subscribe({ after: 'nobody-knows' });
    expect(await take(resumed)).toEqual({ kind: 'gap', reason: 'UNKNOWN_POSITION', after: 'nobody-knows' });
    expect((await takeEvent(resumed)).id).toBe('a');
  });

  it('tells of a gap when events after the position had to make room', async () => {
    await using bench = await startEventBench({ resumeEvents: 2 });
    const subscription = bench.subscribe();
    for (const id of ids('a', 6)) bench.say(id);
    await takeIds(subscription, 6);
    const resumed = bench.subscribe({ after: 'a1' });
    expect(await take(resumed)).toMatchObject({ kind: 'gap', reason: 'EVICTED' });
    const near = bench.subscribe({ after: 'a4' });
    expect((await takeEvent(near)).id).toBe('a5');
  });

  it('keeps events for those who resume no longer than set', async () => {
    await using bench = await startEventBench({ resumeAgeMs: 300, streamLingerMs: 5_000 });
    const subscription = bench.subscribe();
    bench.say('a');
    bench.say('b');
    await takeIds(subscription, 2);
    handOver(subscription);
    await waitUntil(() => bench.hub.stats().buffered === 0);
    expect(await take(bench.subscribe({ after: 'a' }))).toMatchObject({ kind: 'gap' });
  });

  it('resumes after an event that is never stored', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    await bench.upstream.stream();
    bench.say('a');
    bench.upstream.send(authorization, typing('t'));
    bench.say('b');
    await takeIds(subscription, 3);
    expect((await takeEvent(bench.subscribe({ after: 't' }))).id).toBe('b');
  });

  it.each([{ resumeEvents: 0 }, { resumeBytes: 0 }, { resumeBytes: 20_000 }])(
    'delivers an event that has no room in the resume buffer: %j',
    async (settings) => {
      await using bench = await startEventBench(settings);
      const subscription = bench.subscribe();
      await bench.upstream.stream();
      bench.upstream.push(authorization, messageEvent('large', { subject: 'x'.repeat(20_000) }));
      expect((await takeEvent(subscription)).id).toBe('large');
      handOver(subscription);
      await waitUntil(() => bench.upstream.acknowledged().includes('large'));
      expect(bench.hub.stats()).toMatchObject({ buffered: 0, bufferedBytes: 0 });
    },
  );

  it('counts a message event as large as its frame towards the bytes kept', async () => {
    await using bench = await startEventBench({ resumeBytes: 40_000 });
    const subscription = bench.subscribe();
    for (const id of ids('a', 4)) bench.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(8_000) }));
    await takeIds(subscription, 4);
    expect(bench.hub.stats()).toMatchObject({ buffered: 2 });
    expect(bench.hub.stats().bufferedBytes).toBeLessThanOrEqual(40_000);
  });
});
