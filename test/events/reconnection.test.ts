import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from '../../src/upstream/event-stream/reconnect-delay.ts';
import {
  acknowledgeLast,
  authorization,
  drain,
  nextDelivery,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { EventUpstream, frame } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';
import { rejectWith } from '../support/wire-server.ts';

const rejectOnce = (upstream: EventUpstream, answer: (response: ServerResponse) => void) => {
  let rejected = 0;
  upstream.onOpen = (_request, response) => {
    if (rejected > 0) return false;
    rejected += 1;
    answer(response);
    return true;
  };
};

describe.concurrent('reconnection', () => {
  const faults: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ['a 500', (response) => response.writeHead(500).end('<html>secret</html>')],
    ['a 503', (response) => response.writeHead(503).end()],
    ['a 204', (response) => response.writeHead(204).end()],
    ['a 404', (response) => response.writeHead(404).end()],
    ['a 401 that is not the upstream’s own', (response) => response.writeHead(401).end('<html>secret</html>')],
    ['a 403 that is not the upstream’s own', (response) => response.writeHead(403).end()],
    ['a broken connection', (response) => response.destroy()],
    [
      'an answer of another content type',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('x'),
    ],
    ['no content type', (response) => response.writeHead(200).end('data: x\n\n')],
    [
      'a compressed stream',
      (response) =>
        response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }).end('x'),
    ],
    [
      'a stream that ends at once',
      (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    ],
  ];
  for (const [name, answer] of faults) {
    it(`reconnects after ${name}`, async () => {
      await using harness = await startEventHub();
      rejectOnce(harness.upstream, answer);
      const subscription = harness.subscribe();
      harness.pushMessage('a');
      expect((await nextEvent(subscription)).id).toBe('a');
      expect(harness.upstream.attempts.length).toBe(2);
      expect(harness.logLines.join('')).not.toContain('secret');
    });
  }

  it('does not follow redirects, so that a credential goes to no other origin', async () => {
    await using elsewhere = await EventUpstream.start();
    await using harness = await startEventHub();
    rejectOnce(harness.upstream, (response) =>
      response.writeHead(302, { location: `${elsewhere.url}/v2/events` }).end(),
    );
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    expect(elsewhere.attempts).toEqual([]);
  });

  it('tolerates parameters and letter case of the content type', async () => {
    await using harness = await startEventHub();
    harness.upstream.onOpen = (_request, response) => {
      response.writeHead(200, { 'content-type': 'Text/Event-Stream; charset=UTF-8' });
      response.write(frame('a', 'tigertext:iq:update:tag', { token: 't' }));
      return true;
    };
    expect((await nextEvent(harness.subscribe())).id).toBe('a');
  });

  it('waits for the Retry-After of a 429', async () => {
    await using harness = await startEventHub();
    rejectOnce(harness.upstream, (response) => response.writeHead(429, { 'retry-after': '1' }).end());
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    const [first, second] = harness.upstream.attempts;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(950);
  });

  it('aborts an attempt without a response', async () => {
    await using harness = await startEventHub({ streamOpenTimeoutMs: 200 });
    rejectOnce(harness.upstream, () => undefined);
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
  });

  it('aborts a silent stream, whatever comments it writes', async () => {
    await using harness = await startEventHub({ streamSilenceMs: 500 });
    harness.upstream.heartbeatMs = 100;
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    stream.stall();
    harness.pushMessage('b'); // lost with the stalled stream, replayed on the next
    expect((await nextEvent(subscription)).id).toBe('b');
    expect(harness.upstream.attempts.length).toBe(2);
  });

  it('accepts slower heartbeats that the upstream announces', async () => {
    await using harness = await startEventHub({ streamSilenceMs: 800 });
    harness.upstream.heartbeatMs = 60_000;
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    stream.write(frame('h', 'tigertext:iq:sse:heartbeat', { frequency: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // the silence itself is what is tested
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    expect(harness.upstream.attempts.length).toBe(1);
  });

  it('reconnects when the upstream closes the stream or requests it', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    (await harness.upstream.stream()).end();
    await waitUntil(() => harness.upstream.attempts.length === 2);
    await waitUntil(() => harness.upstream.streams.size === 1);
    harness.upstream.send(authorization, frame('r', 'tigertext:iq:reconnect', {}));
    await waitUntil(() => harness.upstream.attempts.length === 3);
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
  });

  it('requests the features it supports, with the caller’s credential', async () => {
    await using harness = await startEventHub();
    harness.subscribe();
    const { headers } = await harness.upstream.stream();
    expect(headers).toMatchObject({
      authorization,
      accept: 'text/event-stream',
      'tt-x-features':
        'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata',
    });
    expect(headers['accept-encoding']).toBe('identity');
  });

  it('loses nothing and repeats nothing while the upstream is away', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    for (const id of ['a', 'b']) harness.pushMessage(id);
    expect(await nextIds(subscription, 2)).toEqual(['a', 'b']);
    const port = Number(new URL(harness.upstream.url).port);
    await harness.upstream.stop();
    for (const id of ['c', 'd']) harness.pushMessage(id);
    await harness.upstream.listen(port);
    expect(await nextIds(subscription, 2)).toEqual(['c', 'd']);
  });
});

describe.concurrent('rejected credentials', () => {
  for (const [status, code] of [
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
  ] as const) {
    it(`ends every subscription with ${code} on a ${status}, without retries`, async () => {
      await using harness = await startEventHub();
      harness.upstream.onOpen = (_request, response) => {
        rejectWith(response, status);
        return true;
      };
      const both = [harness.subscribe(), harness.subscribe()];
      for (const subscription of both) expect((await within(drain(subscription))).error).toMatchObject({ code });
      expect(harness.hub.stats()).toMatchObject({ streams: 0, subscriptions: 0 });
      expect(harness.upstream.attempts.length).toBe(1);
    });
  }

  it('delivers a remote wipe as the last event, acknowledges it, and ends every subscription', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const indifferent = harness.subscribe({ wants: () => false });
    await harness.upstream.stream();
    const wipe = JSON.stringify({ event_id: 'w', event: { 'tigertext:iq:remote_wipe': {} } });
    harness.upstream.push(authorization, { id: 'w', json: wipe });
    const { items, error } = await within(drain(subscription));
    expect(items).toMatchObject([{ kind: 'event', event: { type: 'REMOTE_WIPED' } }]);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await within(drain(indifferent))).error).toMatchObject({ code: 'UNAUTHENTICATED' });
    await waitUntil(() => harness.upstream.acknowledged().includes('w'));
  });

  it('rejects a credential with characters that a header cannot contain', async () => {
    await using harness = await startEventHub();
    const credential = { ...harness.caller, authorization: 'Basic \r\nx: y', key: 'other' };
    expect(() => harness.subscribe({}, credential)).toThrowError(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});

describe.concurrent('connection status', () => {
  it('reports connecting, replaying, live service, loss, and the end', async () => {
    await using harness = await startEventHub();
    harness.pushMessage('a');
    const subscription = harness.subscribe({ wants: () => false, includeStatus: true });
    const states: unknown[] = [];
    const next = async () => {
      const item = await nextDelivery(subscription);
      if (item.kind === 'status') states.push([item.status.state, item.status.attempt, item.status.replayCount]);
    };
    await next();
    acknowledgeLast(subscription); // whether REPLAYING is seen depends on how the bytes arrive
    await harness.upstream.stream();
    await waitUntil(() => harness.hub.stats().received === 1);
    (await harness.upstream.stream()).destroy();
    while (!states.some((state) => Array.isArray(state) && state[0] === 'RECONNECTING')) await next();
    while (!states.some((state) => Array.isArray(state) && state[0] === 'LIVE')) await next();
    expect(states[0]).toEqual(['CONNECTING', 1, undefined]);
    expect(states).toContainEqual(['RECONNECTING', 1, undefined]);
    await harness.hub.close();
    const { items, error } = await within(drain(subscription));
    expect(items.at(-1)).toMatchObject({ kind: 'status', status: { state: 'CLOSED' } });
    expect(error).toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('reports the number of replayed events', async () => {
    await using harness = await startEventHub();
    harness.pushMessage('a');
    harness.pushMessage('b');
    const subscription = harness.subscribe({ includeStatus: true });
    const seen: unknown[] = [];
    while (seen.length < 2) {
      const item = await nextDelivery(subscription);
      if (item.kind === 'event') seen.push(item.id);
      else if (item.kind === 'status' && item.status.state === 'REPLAYING') expect(item.status.replayCount).toBe(2);
    }
    expect(seen).toEqual(['a', 'b']);
  });

  it('counts the attempts while the upstream is away', async () => {
    await using harness = await startEventHub();
    harness.upstream.onOpen = (_request, response) => {
      response.writeHead(503).end();
      return true;
    };
    const subscription = harness.subscribe({ includeStatus: true });
    let attempt = 0;
    while (attempt < 3) {
      const item = await nextDelivery(subscription);
      if (item.kind !== 'status') throw new Error('only a status can come');
      expect(item.status.state).toBe('CONNECTING');
      expect(item.status.attempt).toBeGreaterThanOrEqual(attempt);
      ({ attempt } = item.status);
    }
  });
});

describe('the delay before a reconnection', () => {
  const situation = { attempt: 1, outageMs: 0, streams: 1, random: 0.999_999 };

  it('is short at first, grows, and stays below 1.5 s during a short outage', () => {
    expect(reconnectDelayMs(situation)).toBeLessThanOrEqual(250);
    const waits = [1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelayMs({ ...situation, attempt }));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_500);
  });

  it('is at most 5 s after a long outage', () => {
    expect(reconnectDelayMs({ ...situation, attempt: 100, outageMs: 600_000 })).toBeLessThanOrEqual(5_000);
  });

  it('spreads 1,000 streams over more than 5 s, and any number over no more than 30 s', () => {
    const waits = Array.from({ length: 1_000 }, (_, index) =>
      reconnectDelayMs({ ...situation, streams: 1_000, random: index / 1_000 }),
    );
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(5_000);
    expect(reconnectDelayMs({ ...situation, streams: 1_000_000 })).toBeLessThanOrEqual(30_000);
  });

  it('starts after a Retry-After of up to five minutes', () => {
    expect(reconnectDelayMs({ ...situation, retryAfterMs: 2_000, random: 0 })).toBe(2_000);
    expect(reconnectDelayMs({ ...situation, retryAfterMs: 1e12, random: 0 })).toBe(300_000);
  });
});

it('reads data that arrived while the event loop was blocked before it detects silence', async () => {
  await using harness = await startEventHub({ streamSilenceMs: 500 });
  const subscription = harness.subscribe();
  harness.pushMessage('a');
  expect((await nextEvent(subscription)).id).toBe('a');
  harness.pushMessage('b');
  for (const until = performance.now() + 800; performance.now() < until; );
  expect((await nextEvent(subscription)).id).toBe('b');
  expect(harness.upstream.attempts.length).toBe(1);
});
