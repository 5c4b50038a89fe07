import { describe, expect, it } from 'vitest';
import {
  acknowledgeLast,
  authorization,
  drain,
  messageEvent,
  nextDelivery,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { frame, json } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const typing = (id: string) => frame(id, 'tigertext:iq:message:is_typing', { sender_token: 'x', status: 'typing' });

describe.concurrent('order and repeats', () => {
  it('delivers stored events first and live ones after, in upstream order', async () => {
    await using harness = await startEventHub();
    for (const id of ids('old', 5)) harness.pushMessage(id);
    const subscription = harness.subscribe();
    expect(await nextIds(subscription, 5)).toEqual(ids('old', 5));
    for (const id of ids('new', 50)) harness.pushMessage(id);
    expect(await nextIds(subscription, 50)).toEqual(ids('new', 50));
  });

  it('delivers an event once, however often the upstream sends it on one connection', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    await harness.upstream.stream();
    for (const id of ['a', 'a', 'b', 'a', 'b', 'c']) harness.pushMessage(id);
    expect(await nextIds(subscription, 3)).toEqual(['a', 'b', 'c']);
    harness.pushMessage('d');
    expect((await nextEvent(subscription)).id).toBe('d');
  });

  it('delivers an event once when it is replayed after a connection loss before its acknowledgement', async () => {
    await using harness = await startEventHub();
    harness.upstream.acknowledgeStatus = 503;
    const subscription = harness.subscribe();
    const first = await harness.upstream.stream();
    for (const id of ids('a', 10)) harness.pushMessage(id);
    expect(await nextIds(subscription, 10)).toEqual(ids('a', 10));
    first.destroy();
    await waitUntil(() => harness.upstream.attempts.length === 2 && harness.upstream.streams.size === 1);
    harness.pushMessage('b');
    expect((await nextEvent(subscription)).id).toBe('b');
    expect(harness.hub.stats().duplicates).toBeGreaterThanOrEqual(10);
  });

  it('delivers every frame with the shared id of transient events', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    await harness.upstream.stream();
    for (let count = 0; count < 3; count++) {
      harness.upstream.send(authorization, typing('00000000-0000-0000-0000-000000000001'));
    }
    for (let count = 0; count < 3; count++) expect((await nextEvent(subscription)).event.type).toBe('TYPING_CHANGED');
  });

  it('delivers only the events a subscriber wants', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe({ wants: (event) => event.type === 'TYPING_CHANGED' });
    await harness.upstream.stream();
    harness.pushMessage('a');
    harness.upstream.send(authorization, typing('t'));
    expect((await nextEvent(subscription)).id).toBe('t');
  });
});

describe.concurrent('acknowledging', () => {
  it('acknowledges an event only when the next one is pulled', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    harness.pushMessage('b');
    const next = nextEvent(subscription);
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['a']);
    expect((await next).id).toBe('b');
    await subscription.return();
    const again = harness.subscribe();
    expect((await nextEvent(again)).id).toBe('b');
    expect(harness.upstream.acknowledged()).toEqual(['a']);
  });

  it('acknowledges delivered events after the subscriber has left', async () => {
    await using harness = await startEventHub({ streamLingerMs: 0 });
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    await nextEvent(subscription);
    acknowledgeLast(subscription);
    await subscription.return();
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['a']);
    await waitUntil(() => harness.upstream.streams.size === 0);
  });

  it('never acknowledges transient events, events that no subscriber wants, or malformed frames', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe({
      wants: ({ type }) => type !== 'PRESENCE_CHANGED' && type !== 'TAG_CHANGED',
    });
    await harness.upstream.stream();
    harness.upstream.send(authorization, typing('typing'));
    harness.upstream.send(authorization, frame('presence', 'tigertext:iq:presence', { from: 'x', type: 'away' }));
    harness.upstream.send(authorization, frame('call', 'tigertext:iq:voip:incoming', { call: 1 }));
    harness.upstream.push(authorization, { id: 'tag', json: json('tag', 'tigertext:iq:update:tag', { token: 't' }) });
    harness.upstream.send(authorization, 'data: {"event_id":"broken","event":{}}\n\n');
    harness.pushMessage('a');
    expect(await nextIds(subscription, 3)).toEqual(['typing', 'call', 'a']);
    const next = subscription.next();
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    harness.pushMessage('b');
    await within(next);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.acknowledged().length > 1);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('acknowledges at most 50 ids a call', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    for (const id of ids('a', 120)) harness.pushMessage(id);
    await nextIds(subscription, 120);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.acknowledged().length === 120);
    expect(harness.upstream.acknowledgements.every(({ ids: sent }) => sent.length <= 50)).toBe(true);
  });

  it('retries a failed acknowledgement', async () => {
    await using harness = await startEventHub();
    let failures = 0;
    harness.upstream.acknowledgeStatus = () => {
      failures += 1;
      return failures <= 2 ? 503 : 204;
    };
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    await nextEvent(subscription);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.acknowledged().length === 1);
    expect(failures).toBe(3);
  });

  it('acknowledges repeated events again', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    await nextEvent(subscription);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    harness.pushMessage('a');
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'a']);
  });

  it('waits for every AUTO subscriber the event was queued for', async () => {
    await using harness = await startEventHub();
    const quick = harness.subscribe();
    const slow = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('a');
    harness.pushMessage('b');
    await nextIds(quick, 2);
    acknowledgeLast(quick);
    expect((await nextEvent(slow)).id).toBe('a');
    expect((await nextEvent(slow)).id).toBe('b');
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['a']);
    await slow.return();
    await waitUntil(() => harness.upstream.acknowledged().length > 1);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('waits for a client’s acknowledgement of an event delivered to a MANUAL subscriber, until the hold time after its disconnection', async () => {
    await using harness = await startEventHub({ manualHoldMs: 300 });
    const automatic = harness.subscribe();
    const manual = harness.subscribe({ acknowledge: 'MANUAL' });
    await harness.upstream.stream();
    for (const id of ['a', 'b', 'c']) harness.pushMessage(id);
    await nextIds(automatic, 3);
    await nextIds(manual, 3);
    acknowledgeLast(automatic);
    acknowledgeLast(manual);
    await harness.hub.acknowledge(harness.caller, ['b']);
    expect(harness.upstream.acknowledged()).toEqual(['b']);
    await manual.return(); // it leaves without naming the others, which the AUTO subscriber has been handed
    expect(harness.upstream.acknowledged()).toEqual(['b']);
    await waitUntil(() => harness.upstream.acknowledged().length === 3);
    expect(harness.upstream.acknowledged()).toEqual(['b', 'a', 'c']);
  });

  it('leaves events unacknowledged that only a MANUAL subscriber received and did not acknowledge', async () => {
    await using harness = await startEventHub();
    const manual = harness.subscribe({ acknowledge: 'MANUAL' });
    harness.pushMessage('a');
    expect((await nextEvent(manual)).id).toBe('a');
    acknowledgeLast(manual);
    await manual.return();
    const automatic = harness.subscribe();
    expect((await nextEvent(automatic)).id).toBe('a');
    expect(harness.upstream.acknowledged()).toEqual([]);
  });

  it('acknowledges ids that no live stream knows, and rejects invalid ids', async () => {
    await using harness = await startEventHub();
    await harness.hub.acknowledge(harness.caller, ['x', 'y', 'x']);
    expect(harness.upstream.acknowledged()).toEqual(['x', 'y']);
    await expect(harness.hub.acknowledge(harness.caller, ['two words'])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await harness.hub.acknowledge(harness.caller, ['00000000-0000-0000-0000-000000000001']);
    expect(harness.upstream.acknowledged()).toEqual(['x', 'y']);
  });

  it('reports a rejected acknowledgement to the client', async () => {
    await using harness = await startEventHub();
    harness.upstream.acknowledgeStatus = 400;
    await expect(harness.hub.acknowledge(harness.caller, ['x'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('ends the subscriptions when the upstream rejects the credential of an acknowledgement', async () => {
    await using harness = await startEventHub();
    harness.upstream.acknowledgeStatus = 401;
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    const { error } = await within(drain(subscription));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe.concurrent('ephemeral content', () => {
  it('drops a message from queues and resume buffer within a second of its expiry', async () => {
    await using harness = await startEventHub();
    const waiting = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('short', { expire_in: 1 });
    harness.pushMessage('long', { expire_in: 3600 });
    await waitUntil(() => harness.hub.stats().expired === 1);
    const late = harness.subscribe();
    expect((await nextEvent(late)).id).toBe('long');
    expect((await nextEvent(waiting)).id).toBe('long');
  });

  it('does not deliver a message that had expired, counted from its creation, on arrival', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    harness.pushMessage('over', { created_time: '2020-01-01T00:00:00.000Z', ttl: 1 });
    harness.pushMessage('never', { created_time: '2020-01-01T00:00:00.000Z', ttl: -1 });
    expect((await nextEvent(subscription)).id).toBe('never');
  });

  it('drops a recalled message from queues and resume buffer, and delivers the recall', async () => {
    await using harness = await startEventHub();
    const waiting = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('a', { client_id: 'm1' });
    const recall = json('r', 'tigertext:iq:message:status', { client_id: 'm1', status: 'New', is_recalled: true });
    harness.upstream.push(authorization, { id: 'r', json: recall });
    await waitUntil(() => harness.hub.stats().received === 2);
    expect((await nextEvent(waiting)).event).toMatchObject({ type: 'MESSAGE_RECALLED', message: 'm1' });
    expect((await nextEvent(harness.subscribe())).id).toBe('r');
  });
});

describe.concurrent('joining and resuming', () => {
  it('gives a subscriber that joins a live stream the unacknowledged events it wants, in order, then live ones', async () => {
    await using harness = await startEventHub();
    const picky = harness.subscribe({ wants: (event) => event.type !== 'MESSAGE_RECEIVED' });
    await harness.upstream.stream();
    for (const id of ids('a', 5)) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 5);
    const joining = harness.subscribe();
    harness.pushMessage('b');
    expect(await nextIds(joining, 6)).toEqual([...ids('a', 5), 'b']);
    expect(harness.upstream.attempts.length).toBe(1);
    await picky.return();
  });

  it('reopens the stream for a new subscriber when the buffer lacks unacknowledged events', async () => {
    await using harness = await startEventHub({ resumeEvents: 3 });
    const other = harness.subscribe({
      wants: (event) => event.type !== 'MESSAGE_RECEIVED' || event.message.body === 'b',
    });
    await harness.upstream.stream();
    for (const id of ids('a', 8)) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 8);
    const joining = harness.subscribe();
    expect(await nextIds(joining, 8)).toEqual(ids('a', 8));
    expect(harness.upstream.attempts.length).toBe(2);
    harness.pushMessage('b');
    expect((await nextEvent(joining)).id).toBe('b');
    expect((await nextEvent(other)).id).toBe('b'); // and nothing of the replay
  });

  it('loses nothing for a new subscriber that waits for the stream while others receive the same events', async () => {
    await using harness = await startEventHub({ resumeEvents: 3 });
    harness.subscribe({ wants: () => false });
    await harness.upstream.stream();
    for (const id of ids('a', 8)) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 8);
    const first = harness.subscribe(); // the stream is opened again for it
    const second = harness.subscribe(); // has to wait: that is done once a second
    expect(await nextIds(first, 8)).toEqual(ids('a', 8));
    harness.pushMessage('b');
    expect((await nextEvent(first)).id).toBe('b');
    acknowledgeLast(first);
    expect(await nextIds(second, 9)).toEqual([...ids('a', 8), 'b']);
    acknowledgeLast(second);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
  });

  it('resumes after an event, including acknowledged events', async () => {
    await using harness = await startEventHub({ streamLingerMs: 5_000 });
    const subscription = harness.subscribe();
    for (const id of ids('a', 5)) harness.pushMessage(id);
    await nextIds(subscription, 5);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    await subscription.return();
    harness.pushMessage('b');
    await waitUntil(() => harness.hub.stats().received === 6);
    const resumed = harness.subscribe({ after: 'a2' });
    expect(await nextIds(resumed, 3)).toEqual(['a3', 'a4', 'b']);
    expect(harness.upstream.attempts.length).toBe(1);
  });

  it('reports a gap first when the position is unknown, then delivers everything unacknowledged', async () => {
    await using harness = await startEventHub();
    harness.pushMessage('a');
    const resumed = harness.subscribe({ after: 'nobody-knows' });
    expect(await nextDelivery(resumed)).toEqual({ kind: 'gap', reason: 'UNKNOWN_POSITION', after: 'nobody-knows' });
    expect((await nextEvent(resumed)).id).toBe('a');
  });

  it('reports a gap when events after the position were evicted', async () => {
    await using harness = await startEventHub({ resumeEvents: 2 });
    const subscription = harness.subscribe();
    for (const id of ids('a', 6)) harness.pushMessage(id);
    await nextIds(subscription, 6);
    const resumed = harness.subscribe({ after: 'a1' });
    expect(await nextDelivery(resumed)).toMatchObject({ kind: 'gap', reason: 'EVICTED' });
    const near = harness.subscribe({ after: 'a4' });
    expect((await nextEvent(near)).id).toBe('a5');
  });

  it('holds events for resuming subscribers no longer than RESUME_AGE_MS', async () => {
    await using harness = await startEventHub({ resumeAgeMs: 300, streamLingerMs: 5_000 });
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    harness.pushMessage('b');
    await nextIds(subscription, 2);
    acknowledgeLast(subscription);
    await waitUntil(() => harness.hub.stats().buffered === 0);
    expect(await nextDelivery(harness.subscribe({ after: 'a' }))).toMatchObject({ kind: 'gap' });
  });

  it('resumes after a transient event', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('a');
    harness.upstream.send(authorization, typing('t'));
    harness.pushMessage('b');
    await nextIds(subscription, 3);
    expect((await nextEvent(harness.subscribe({ after: 't' }))).id).toBe('b');
  });

  it.each([{ resumeEvents: 0 }, { resumeBytes: 0 }, { resumeBytes: 20_000 }])(
    'delivers an event that does not fit into the resume buffer: %j',
    async (settings) => {
      await using harness = await startEventHub(settings);
      const subscription = harness.subscribe();
      await harness.upstream.stream();
      harness.upstream.push(authorization, messageEvent('large', { subject: 'x'.repeat(20_000) }));
      expect((await nextEvent(subscription)).id).toBe('large');
      acknowledgeLast(subscription);
      await waitUntil(() => harness.upstream.acknowledged().includes('large'));
      expect(harness.hub.stats()).toMatchObject({ buffered: 0, bufferedBytes: 0 });
    },
  );

  it('counts the length of the frame as the size of a message event', async () => {
    await using harness = await startEventHub({ resumeBytes: 40_000 });
    const subscription = harness.subscribe();
    for (const id of ids('a', 4))
      harness.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(8_000) }));
    await nextIds(subscription, 4);
    expect(harness.hub.stats()).toMatchObject({ buffered: 2 });
    expect(harness.hub.stats().bufferedBytes).toBeLessThanOrEqual(40_000);
  });
});
