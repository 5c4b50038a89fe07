import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConnectionLoss, EventConnection } from '../../src/upstream/event-stream/connection.ts';
import { createConnector } from '../../src/upstream/transport/http/connector.ts';
import { anyCharacter } from '../support/any-character.ts';
import { authorization, nextEvent, nextIds, startEventHub } from '../support/event-hub.ts';
import { EventUpstream, frame, json } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';

const tag = (id: string, name = id) => json(id, 'tigertext:iq:update:tag', { token: 't', display_name: name });

/** One connection to a server that writes these chunks, each on its own, and ends. */
async function framesOf(chunks: readonly Buffer[], maxFrameLength = 1_048_576) {
  await using upstream = await EventUpstream.start();
  upstream.onOpen = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket?.setNoDelay(true);
    const next = (index: number) => {
      const chunk = chunks[index];
      if (chunk === undefined) response.end();
      else response.write(chunk, () => setImmediate(next, index + 1));
    };
    next(0);
    return true;
  };
  const frames: string[] = [];
  const loss = await within(
    new Promise<ConnectionLoss>((resolve) => {
      const options = {
        origin: upstream.url,
        connector: createConnector({ tls: undefined, timeoutMs: 10_000, proxy: undefined }),
        headers: { authorization },
      };
      new EventConnection(
        { ...options, openTimeoutMs: 5_000, idleTimeoutMs: 5_000, maxFrameLength },
        { onFrame: (data) => frames.push(data), onSkipped: () => {}, onLoss: resolve },
      ).open();
    }),
  );
  return { frames, loss };
}

describe('frames', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['carriage returns with line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['mixed line ends', 'data: a\n\r\ndata: b\r\n\r', ['a', 'b']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['a byte order mark in the middle, which is text', 'data: a\uFEFFb\n\n', ['a\uFEFFb']],
    ['comments', ':hello\n\n: data: no\ndata: a\n:\n\n', ['a']],
    ['several data lines', 'data: a\ndata:b\ndata\ndata:  c\n\n', ['a\nb\n\n c']],
    ['id, retry and unknown fields', 'id: 7\nretry: 10\nretry: x\ncolour: blue\ndata: a\n\n', ['a']],
    ['the default event by name', 'event: message\ndata: a\n\n', ['a']],
    ['other event names, which are dropped unread', 'event: other\ndata: a\n\ndata: b\n\n', ['b']],
    ['no space after the colon', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['a frame without data', 'id: 1\n\ndata: a\n\n', ['a']],
    ['an unfinished frame at the end, which is dropped', 'data: a\n\ndata: b\n', ['a']],
    ['characters of two, three and four bytes', 'data: é€😀\n\n', ['é€😀']],
  ];
  for (const [name, text, expected] of cases) {
    it(`reads ${name}, whole and byte by byte`, async () => {
      const bytes = Buffer.from(text);
      expect((await framesOf([bytes])).frames).toEqual(expected);
      const single = [...bytes].map((byte) => Buffer.from([byte]));
      expect((await framesOf(single)).frames).toEqual(expected);
    });
  }

  it('emits a frame as soon as its last byte arrives, also with lone carriage returns', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    stream.write(`data: ${tag('a')}\r\r`);
    expect((await nextEvent(subscription)).id).toBe('a');
    stream.write(`data: ${tag('b')}\r\n\r`);
    expect((await nextEvent(subscription)).id).toBe('b');
  });

  it('reads the same events however the bytes are split', async () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 12 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    const sequence = fc.array(fc.record({ text, end: ends, comment: fc.boolean() }), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.nat(400), { maxLength: 12 });
    await using upstream = await EventUpstream.start();
    const connector = createConnector({ tls: undefined, timeoutMs: 10_000, proxy: undefined });
    let chunks: Buffer[] = [];
    upstream.onOpen = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const chunk of chunks) response.write(chunk); // each is a chunk of the transfer coding, and so one read
      response.end();
      return true;
    };
    await fc.assert(
      fc.asyncProperty(sequence, cuts, async (events, places) => {
        const expected = events.map((event, index) => tag(String(index), event.text));
        const bytes = Buffer.from(
          events
            .map(({ end, comment }, index) => `${comment ? `:é${end}` : ''}data: ${expected[index]}${end}${end}`)
            .join(''),
        );
        const edges = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const frames: string[] = [];
        await new Promise<void>((resolve) => {
          const options = { origin: upstream.url, connector, headers: {}, openTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
          new EventConnection(
            { ...options, maxFrameLength: 1_048_576 },
            { onFrame: (data) => frames.push(data), onSkipped: () => {}, onLoss: () => resolve() },
          ).open();
        });
        expect(frames).toEqual(expected);
      }),
      { numRuns: Number(process.env.CHUNK_SPLIT_RUNS ?? 300) },
    );
  }, 3_600_000);

  it('skips frames beyond the bound, in one line or many', async () => {
    const line = [Buffer.from('data: a\n\ndata: '), ...Array.from({ length: 20 }, () => Buffer.alloc(1000, 'x'))];
    const after = Buffer.from('\n\ndata: b\n\n');
    expect((await framesOf([...line, after], 5_000)).frames).toEqual(['a', 'b']);
    const lines = Array.from({ length: 100 }, () => Buffer.from(`data: ${'x'.repeat(1000)}\n`));
    expect((await framesOf([...lines, after], 20_000)).frames).toEqual(['b']);
  });
});

describe('malformed frames', () => {
  it('are counted and logged without content, not acknowledged, and skipped', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    const broken = [
      'secret {not json',
      '[]',
      'null',
      '"secret"',
      '{"event_id":7,"event":{"tigertext:iq:update:tag":{"token":"secret"}}}',
      '{"event_id":"x"}',
      '{"event_id":"x","event":{}}',
      '{"event_id":"x","event":{"a":{},"b":{}}}',
      `{"event_id":"${'x'.repeat(200)}","event":{"tigertext:iq:update:tag":{"token":"secret"}}}`,
      `{"event_id":"x","event":{"tigertext:iq:user_preferences":{"secret":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`,
    ];
    for (const data of broken) stream.write(`data: ${data}\n\n`);
    stream.write(`data: ${tag('good')}\n\n`);
    expect((await nextEvent(subscription)).id).toBe('good');
    expect(harness.hub.stats().malformed).toBe(broken.length);
    expect(harness.upstream.attempts.length).toBe(1);
    // Five of a kind are written in full, and the others counted.
    harness.log.flush();
    const lines = harness.logLines.filter((line) => line.includes('malformed')).map((line) => JSON.parse(line));
    expect(lines.length).toBe(6);
    expect(lines.at(-1)).toMatchObject({ msg: 'malformed event frame (more of the same)', count: broken.length - 5 });
    expect(harness.logLines.join('')).not.toContain('secret');
  });

  it('delivers a known type that breaks the contract as UNKNOWN, counts it, and acknowledges it once delivered', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    stream.write(frame('a', 'tigertext:iq:message', { body: 7 }));
    stream.write(frame('b', 'tigertext:iq:bang', 'text'));
    stream.write(`data: ${tag('good')}\n\n`);
    expect((await nextEvent(subscription)).event).toEqual({
      type: 'UNKNOWN',
      name: 'tigertext:iq:message',
      payload: { body: 7 },
    });
    expect((await nextEvent(subscription)).event).toMatchObject({ type: 'UNKNOWN', payload: 'text' });
    expect((await nextEvent(subscription)).id).toBe('good');
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.hub.stats().contractViolations).toBe(2);
  });

  it('survives garbage of every kind', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    const runs = fc.sample(fc.oneof(fc.json(), fc.string({ unit: anyCharacter }), fc.string()), 300);
    for (const garbage of runs) stream.write(`data: ${garbage.replaceAll(/[\r\n]/g, ' ')}\n\n`);
    const shapes = fc.sample(fc.tuple(fc.constantFrom('message', 'update', 'friends', 'bang'), fc.jsonValue()), 300);
    shapes.forEach(([type, payload], index) => {
      stream.write(frame(`shape${index}`, `tigertext:iq:${type}`, payload));
    });
    stream.write(`data: ${tag('good')}\n\n`);
    const ids = await nextIds(subscription, shapes.length + 1);
    expect(ids.at(-1)).toBe('good');
    expect(harness.upstream.attempts.length).toBe(1);
  });
});
