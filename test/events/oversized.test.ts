/** Event frames beyond STREAM_MAX_FRAME: skipped, counted and reported as a gap; requests that would cause one are rejected. */
import { describe, expect, it } from 'vitest';
import { FrameGate, type SkippedFrame } from '../../src/upstream/event-stream/frame-limit.ts';
import { demoPerson } from '../support/demo-person.ts';
import {
  acknowledgeLast,
  authorization,
  messageEvent,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { overWebSocket, transports } from '../support/live-subscription.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const bound = 10_000;
const long = (id: string, length = 300_000) => messageEvent(id, { body: 'x'.repeat(length) });

/** The same event with its id at the end of the JSON. */
function turned(id: string): { id: string; json: string } {
  const { event } = JSON.parse(long(id).json);
  return { id, json: JSON.stringify({ event, event_id: id }) };
}

describe('a frame beyond the bound', () => {
  it.each([
    ['begins', long('big')],
    ['ends', turned('big')],
  ])('whose JSON %s with its id is skipped, reported and acknowledged; the stream continues', async (_place, event) => {
    await using harness = await startEventHub({ streamMaxFrame: bound });
    const subscription = harness.subscribe();
    await harness.upstream.stream();
    harness.pushMessage('before');
    harness.upstream.push(authorization, event);
    harness.pushMessage('after');
    expect((await nextEvent(subscription)).id).toBe('before');
    const gap = { id: 'big', event: { type: 'SUBSCRIPTION_GAP', reason: 'TOO_LARGE' } };
    expect(await nextEvent(subscription)).toMatchObject(gap);
    expect((await nextEvent(subscription)).id).toBe('after');
    acknowledgeLast(subscription);
    await waitUntil(() => harness.upstream.stored(authorization).length === 0);
    expect(harness.upstream.attempts).toHaveLength(1);
    expect(harness.hub.stats()).toMatchObject({ oversized: 1, reconnects: 0, malformed: 0 });
  });

  it('is skipped with MANUAL once its id is acknowledged, and repeated until then', async () => {
    await using harness = await startEventHub({ streamMaxFrame: bound });
    harness.upstream.push(authorization, long('big'));
    const first = harness.subscribe({ acknowledge: 'MANUAL' });
    expect((await nextEvent(first)).id).toBe('big');
    (await harness.upstream.stream()).destroy();
    await waitUntil(() => harness.upstream.attempts.length === 2);
    harness.pushMessage('after');
    expect((await nextEvent(first)).id).toBe('after');
    expect(harness.upstream.stored(authorization)).toEqual(['big', 'after']);
    await harness.hub.acknowledge(harness.caller, ['big', 'after']);
    expect(harness.upstream.stored(authorization)).toEqual([]);
  });

  it('without a readable id is reported, and stops nothing', async () => {
    await using harness = await startEventHub({ streamMaxFrame: bound });
    const subscription = harness.subscribe();
    const stream = await harness.upstream.stream();
    stream.write(`data: ${'x'.repeat(300_000)}\n`);
    stream.write(`data: ${json('inner', 'a', { event_id: 'inner' })}\n\n`);
    harness.pushMessage('a');
    expect(await nextEvent(subscription)).toMatchObject({ event: { reason: 'TOO_LARGE' } });
    expect(await nextIds(subscription, 1)).toEqual(['a']);
    expect(harness.upstream.attempts).toHaveLength(1);
  });

  it('split anywhere is one frame, and adjacent frames stay whole', () => {
    for (let round = 0; round < 300; round += 1) {
      const lengths = Array.from({ length: 8 }, () => Math.floor(Math.random() * 200));
      const frames = lengths.map((length, at) => `data: {"event_id":"${at}","x":"${'y'.repeat(length)}"}\n\n`);
      const skipped: SkippedFrame[] = [];
      let passed = '';
      let open = '';
      const gate = new FrameGate({
        maxFrameLength: 120,
        pass: (text) => {
          open += text;
          const end = open.lastIndexOf('\n\n') + 2;
          if (end < 2) return;
          passed += open.slice(0, end);
          open = open.slice(end);
        },
        drop: () => {
          open = '';
        },
        onSkipped: (frame) => skipped.push(frame),
      });
      const text = frames.join('');
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + Math.floor(Math.random() * (round % 2 === 0 ? 7 : 400));
        gate.feed(text.slice(at, next));
        at = next;
      }
      const isLong = (frame: string) => frame.length > 120;
      expect(passed).toBe(frames.filter((frame) => !isLong(frame)).join(''));
      expect(skipped).toEqual(
        frames.flatMap((frame, at) => (isLong(frame) ? [{ id: String(at), length: frame.length }] : [])),
      );
    }
  });

  it('reaches clients as a gap, whatever types they selected', async () => {
    await using stack = await startStack({ config: { streamMaxFrame: 20_000 } });
    const grace = await demoPerson(stack, 'grace');
    await using live = overWebSocket<{ events: { __typename: string } }>(
      stack.gateway,
      'subscription { events(types: [MESSAGE_RECEIVED]) { __typename ... on SubscriptionGap { gapReason } ... on MessageReceived { message { body } } } }',
    );
    await waitUntil(() => stack.sandbox.requests.counts('ada')['createEvents'] !== undefined);
    const form = new FormData();
    form.set('recipient', 'ada');
    form.set('body', 'z'.repeat(30_000));
    const headers = { authorization: `Basic ${Buffer.from('grace:demo').toString('base64')}` };
    await fetch(`${stack.sandbox.url}/v2/message`, { method: 'POST', headers, body: form });
    let event = (await live.next()).data?.events;
    while (event?.__typename !== 'SubscriptionGap') event = (await live.next()).data?.events; // what the seed has stored
    expect(event).toEqual({ __typename: 'SubscriptionGap', gapReason: 'TOO_LARGE' });
    await grace.ask(
      'mutation { sendMessage(input: { recipient: "ada@example.org", body: "next" }) { message { id } } }',
    );
    expect((await live.next()).data).toMatchObject({ events: { message: { body: 'next' } } });
  });
});

describe('a subscription to one kind of event', () => {
  const kinds = [
    'messageReceived { id }',
    'messageStatusChanged { id }',
    'messageRecalled { id }',
    'typing { isTyping }',
    'groupChanged { id }',
    'rosterChanged { id }',
    'userChanged { id }',
    'presenceChanged { id }',
  ];
  const skipped = (kind: string) => ({
    data: null,
    errors: [{ path: [kind.split(' ')[0]], extensions: { code: 'EVENT_TOO_LARGE', retryable: false } }],
  });

  it.each(Object.entries(transports))(
    'reports a skipped event over %s, once, and continues',
    async (_name, transport) => {
      await using stack = await startStack({ config: { streamMaxFrame: 20_000 } });
      const control = controlOf(stack.sandbox);
      const event = { canary: { filler: 'x'.repeat(30_000) } };
      for (const kind of kinds) {
        await using live = transport(stack.gateway, `subscription { ${kind} }`, { as: 'grace' });
        await expect.poll(() => control.openStreams()).toMatchObject({ grace: 1 });
        await control.inject({ caller: 'grace', event });
        let result = await live.next();
        while (result.errors === undefined) result = await live.next(); // what the seed has stored
        expect(result, kind).toMatchObject(skipped(kind));
      }
      await expect.poll(() => stack.sandbox.requests.count('ackEvents')).toBeGreaterThan(0);
      await using live = transport<{ messageReceived: { message: { body: string } } }>(
        stack.gateway,
        'subscription { messageReceived { message { body } } }',
        { as: 'grace' },
      );
      await stack.query(
        'mutation { sendMessage(input: { recipient: "grace@example.org", body: "next" }) { wasAlreadyStored } }',
      );
      for (let body = ''; body !== 'next'; ) {
        const { data, errors } = await live.next();
        expect(errors).toBeUndefined();
        body = data?.messageReceived.message.body ?? '';
      }
    },
  );

  it('reports a frame whose id is at neither end, and the log samples many', async () => {
    await using upstream = await EventUpstream.start();
    await using stack = await startStack({ upstreamUrl: upstream.url, config: { streamMaxFrame: 20_000 } });
    await using live = overWebSocket(stack.gateway, 'subscription { messageReceived { id } }');
    const stream = await upstream.stream(basic('ada'));
    const filler = 'x'.repeat(30_000);
    const frames = 20;
    for (let turn = 0; turn < frames; turn += 1) {
      stream.write(`data: ${JSON.stringify({ a: filler, event_id: 'middle', b: filler })}\n\n`);
    }
    for (let turn = 0; turn < frames; turn += 1) expect(await live.next()).toMatchObject(skipped('messageReceived'));
    const lines = () => stack.logLines.filter((line) => line.includes('event over the length limit skipped'));
    expect(lines().length).toBe(5);
  });
});

describe('text too long for an event', () => {
  const body = 'b'.repeat(12_000);
  const rows: readonly (readonly [string, string, object])[] = [
    [
      'input.body',
      'mutation ($i: SendMessageInput!) { r: sendMessage(input: $i) { __typename } }',
      { recipient: 'grace@example.org', body },
    ],
    [
      'input.data',
      'mutation ($i: SendMessageInput!) { r: sendMessage(input: $i) { __typename } }',
      { recipient: 'grace@example.org', body: 'x', data: [{ namespace: 'a:b', payload: { body } }] },
    ],
    [
      'input.name',
      'mutation ($i: CreateGroupInput!) { r: createGroup(input: $i) { __typename } }',
      { name: body, members: [] },
    ],
    [
      'input.quickReplies',
      'mutation ($i: SetQuickRepliesInput!) { r: setQuickReplies(input: $i) { __typename } }',
      { quickReplies: Array.from({ length: 12 }, () => body.slice(0, 1_000)) },
    ],
    [
      'input.text',
      'mutation ($i: SetRoleAwayInput!) { r: setRoleAway(input: $i) { __typename } }',
      { role: 'Role:00000000-0000-4000-8000-000000000000', text: body },
    ],
    ...['displayName', 'firstName', 'lastName', 'statusText', 'doNotDisturbText'].map(
      (name) =>
        [
          `input.${name}`,
          'mutation ($i: UpdateMeInput!) { r: updateMe(input: $i) { __typename } }',
          { [name]: body },
        ] as const,
    ),
  ];

  it.each(rows)('is rejected naming %s', async (field, query, i) => {
    await using stack = await startStack({ config: { streamMaxFrame: 20_000 } });
    const { data, errors } = await stack.query(query, { i });
    expect(data).toEqual({ r: null });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: expect.stringMatching(/^(PAYLOAD_TOO_LARGE|BAD_USER_INPUT)$/),
      field,
    });
    expect(stack.sandbox.requests.counts('ada')).toEqual({});
  });
});
