/** What a channel reports to the source of its events, and how it handles what the source reports. */
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { HeldInterests } from '../../src/events/acknowledgement/held-interests.ts';
import { Channel } from '../../src/events/channel.ts';
import { createCounters } from '../../src/events/counters.ts';
import { connectionStatus, type Delivery } from '../../src/events/record/delivery.ts';
import type { DeliveryOutcome, EventSource, EventSourceListener } from '../../src/events/source/source.ts';
import { StreamWatch } from '../../src/events/source/stream-watch.ts';
import type { EventSubscription } from '../../src/events/subscriber/subscription.ts';
import { createLog } from '../../src/observability/log.ts';
import { decodeFrame, type ReceivedEvent } from '../../src/upstream/event-stream/decode-frame.ts';
import { everything, messageEvent } from '../support/event-hub.ts';
import { json } from '../support/event-upstream.ts';

function received(text: string): ReceivedEvent {
  const frame = decodeFrame(text);
  if (frame?.kind !== 'event') throw new Error('not an event');
  return frame.received;
}

const messageFrame = (id: string) => received(messageEvent(id).json);

/** A source whose events the test makes, and that records what the channel reports. */
class ScriptedSource implements EventSource {
  readonly outcomes: [id: string, outcome: DeliveryOutcome][] = [];
  readonly withdrawn: string[] = [];
  placed: Promise<void> | undefined;
  readonly asked: boolean[] = [];
  reopened = 0;
  listener: EventSourceListener | undefined;

  pause(): void {}
  resume(): void {}
  close(): void {}
  tick(): void {}
  reopen(): void {
    this.reopened += 1;
  }
  settle(id: string, outcome: DeliveryOutcome): void {
    this.outcomes.push([id, outcome]);
  }
  placement(isPositionUnknown: boolean): Promise<void> | undefined {
    this.asked.push(isPositionUnknown);
    return this.placed;
  }
  withdraw(id: string): void {
    this.withdrawn.push(id);
  }
  say(id: string, receivedAt = Date.now()): void {
    this.listener?.onEvent({ received: messageFrame(id), length: 100, receivedAt });
  }
  history(id: string, wasDelivered: boolean): void {
    this.listener?.onHistory({ received: messageFrame(id), length: 100, receivedAt: Date.now(), wasDelivered });
  }
}

const channels: Channel[] = [];
afterEach(() => {
  for (const channel of channels.splice(0)) void channel.end(new GatewayError('SHUTTING_DOWN'));
});

function openChannel(isShared = false, maxEvents = 100) {
  const source = new ScriptedSource();
  const log = createLog('silent');
  const channel = new Channel({
    settings: {
      resume: { events: maxEvents, bytes: 1_000_000, ageMs: 60_000, ids: 1_000 },
      queue: { events: 100, bytes: 1_000_000 },
      maxSubscribers: 10,
      maxHeld: 100,
      lingerMs: 60_000,
      isShared,
      counters: createCounters(),
      streams: new StreamWatch(log),
      log,
    },
    caller: 'test',
    interests: new HeldInterests(0),
    openSource: (listener) => {
      source.listener = listener;
      return source;
    },
    onEvent: () => {},
    onClosed: () => {},
  });
  channels.push(channel);
  return { source, channel };
}

function take(subscription: EventSubscription): string[] {
  const ids: string[] = [];
  for (let item: Delivery | undefined = subscription.read(); item !== undefined; item = subscription.read())
    ids.push(item.kind === 'event' ? item.id : item.kind);
  return ids;
}

describe('a channel reports to its source', () => {
  it('that an event was delivered, and a client acknowledged another', () => {
    const { source, channel } = openChannel();
    const subscription = channel.subscribe({ wants: everything, acknowledge: 'AUTO' });
    source.say('a');
    expect(source.outcomes).toEqual([]);
    take(subscription);
    subscription.ack();
    expect(source.outcomes).toEqual([['a', 'delivered']]);
    subscription.cancel();
    source.say('b');
    channel.acknowledge(['b']);
    expect(source.outcomes.slice(1)).toEqual([
      ['b', 'unwanted'],
      ['b', 'acknowledged'],
    ]);
  });

  it('that no subscriber wants an event, that one holds it, and that a new subscriber waits for it', () => {
    const { source, channel } = openChannel();
    const none = channel.subscribe({ wants: () => false, acknowledge: 'AUTO' });
    source.say('a');
    expect(source.outcomes).toEqual([['a', 'unwanted']]);
    channel.subscribe({ wants: everything, acknowledge: 'AUTO' });
    expect(source.outcomes.slice(1)).toEqual([['a', 'queued']]);
    channel.subscribe({ wants: ({ type }) => type === 'MESSAGE_RECEIVED', acknowledge: 'MANUAL' });
    none.cancel();
    source.outcomes.length = 0;
    const manual = openChannel();
    manual.channel.subscribe({ wants: everything, acknowledge: 'MANUAL' });
    manual.source.say('b');
    expect(manual.source.outcomes).toEqual([['b', 'held']]);
  });

  it('that a recalled message must be removed everywhere', () => {
    const { source } = openChannel();
    source.say('a');
    const payload = { client_id: 'message-a', status: 'New', is_recalled: true };
    const recall = received(json('recall', 'tigertext:iq:message:status', payload));
    source.listener?.onEvent({ received: recall, length: 100, receivedAt: Date.now() });
    expect(source.withdrawn).toEqual(['a']);
  });
});

describe('a channel receives from its source', () => {
  it('earlier events: delivered to subscribers that join or resume, in order, and not to current ones', () => {
    const { source, channel } = openChannel();
    const current = channel.subscribe({ wants: everything, acknowledge: 'AUTO' });
    source.history('a', true);
    source.history('b', false);
    source.history('c', false);
    expect(take(current)).toEqual([]);
    expect(take(channel.subscribe({ wants: everything, acknowledge: 'AUTO' }))).toEqual(['b', 'c']);
    expect(take(channel.subscribe({ wants: everything, acknowledge: 'AUTO', after: 'a' }))).toEqual(['b', 'c']);
    source.say('c');
    source.say('d');
    expect(take(current)).toEqual(['d']);
  });

  it('the time of receipt', () => {
    const { source, channel } = openChannel();
    const subscription = channel.subscribe({ wants: everything, acknowledge: 'AUTO' });
    const receivedAt = Date.now() - 5_000;
    source.say('a', receivedAt);
    expect(subscription.read()).toMatchObject({ receivedAt: new Date(receivedAt).toISOString() });
  });

  it('that a new subscriber must wait: it then gets its backlog with the events in between', async () => {
    const { source, channel } = openChannel();
    let place = () => {};
    source.placed = new Promise((resolve) => {
      place = resolve;
    });
    const resumed = channel.subscribe({ wants: everything, acknowledge: 'AUTO', after: 'a' });
    const left = channel.subscribe({ wants: everything, acknowledge: 'AUTO' });
    expect(source.asked).toEqual([true, false]);
    expect(channel.subscriberCount).toBe(2);
    left.cancel();
    expect(channel.subscriberCount).toBe(1);
    source.history('a', true);
    source.history('b', true);
    source.say('c');
    expect(take(resumed)).toEqual([]);
    place();
    await source.placed;
    expect(take(resumed)).toEqual(['b', 'c']);
    source.say('d');
    expect(take(resumed)).toEqual(['d']);
    expect(take(left)).toEqual([]);
  });
});

describe('a channel receives a replay that ends with a notice', () => {
  const notice = () => {
    const entity = { type: 'tigertext:entity:group', token: 'g' };
    const payload = {
      bang_id: 'b',
      event: 'added',
      subject_entity: entity,
      target_entity: entity,
      caller_entity: entity,
    };
    return received(json('notice', 'tigertext:iq:bang', payload));
  };
  const replay = (maxEvents?: number) => {
    const opened = openChannel(false, maxEvents);
    const { listener } = opened.source;
    listener?.onStatus(connectionStatus('REPLAYING'));
    for (const id of ['a', 'b']) opened.source.say(id);
    listener?.onStatus(connectionStatus('LIVE'));
    listener?.onEvent({ received: notice(), length: 100, receivedAt: Date.now() });
    return opened;
  };
  const resumed = { wants: everything, after: 'notice' };

  it('and reports a gap to an AUTO subscriber that resumes after it, also when the events before it are evicted', () => {
    const { channel } = replay();
    channel.acknowledge(['a', 'b', 'notice']);
    expect(take(channel.subscribe({ ...resumed, acknowledge: 'AUTO' }))).toEqual(['gap']);
    const small = replay(1);
    small.channel.acknowledge(['a', 'b', 'notice']);
    expect(take(small.channel.subscribe({ ...resumed, acknowledge: 'AUTO' }))).toEqual(['gap']);
  });

  it('and delivers the events before it to a MANUAL subscriber, with a gap for acknowledged ones', () => {
    const { channel } = replay();
    const manual = { ...resumed, acknowledge: 'MANUAL' } as const;
    expect(take(channel.subscribe(manual))).toEqual(['a', 'b', 'notice']);
    channel.acknowledge(['a', 'notice']);
    expect(take(channel.subscribe(manual))).toEqual(['gap', 'b']);
  });

  it('until the notices have arrived: a later one is in order', () => {
    const { source, channel } = openChannel();
    source.listener?.onStatus(connectionStatus('REPLAYING'));
    source.say('a');
    source.listener?.onStatus(connectionStatus('LIVE'));
    source.listener?.onReplayed();
    source.listener?.onEvent({ received: notice(), length: 100, receivedAt: Date.now() });
    channel.acknowledge(['a', 'notice']);
    source.say('b');
    expect(take(channel.subscribe({ ...resumed, acknowledge: 'AUTO' }))).toEqual(['b']);
  });
});

describe('a channel whose source other processes share', () => {
  const auto = { wants: everything, acknowledge: 'AUTO' } as const;
  const manual = { wants: everything, acknowledge: 'MANUAL' } as const;

  it('marks an event acknowledged only when the source reports it: a MANUAL subscriber still receives and holds it', () => {
    const { source, channel } = openChannel(true);
    const first = channel.subscribe(auto);
    source.say('a');
    take(first);
    first.ack();
    const second = channel.subscribe(manual);
    expect(take(second)).toEqual(['a']);
    expect(source.outcomes).toEqual([
      ['a', 'delivered'],
      ['a', 'held'],
    ]);
    expect(take(channel.subscribe(auto))).toEqual([]);
    expect(channel.acknowledge(['a'])).toEqual(['a']);
    expect(source.outcomes.at(-1)).toEqual(['a', 'acknowledged']);
    source.listener?.onAcknowledged(['a']);
    expect(channel.acknowledge(['a'])).toEqual([]);
    expect(take(channel.subscribe(manual))).toEqual([]);
  });

  it('receives events older than a known one: in order for subscribers that resume, and not for current ones', () => {
    const { source, channel } = openChannel(true);
    const current = channel.subscribe(auto);
    source.say('c');
    const earlier = (id: string) => ({
      id,
      received: messageFrame(id),
      length: 100,
      receivedAt: Date.now(),
      wasDelivered: true,
    });
    source.listener?.onEarlier([earlier('a'), earlier('b')], 'c');
    source.say('d');
    expect(take(current)).toEqual(['c', 'd']);
    expect(take(channel.subscribe({ ...auto, after: 'a' }))).toEqual(['b', 'c', 'd']);
  });

  it('holds older events for a MANUAL subscriber, although the buffer has no room for their content', () => {
    const { source, channel } = openChannel(true, 1);
    channel.subscribe(manual);
    source.say('b');
    source.outcomes.length = 0;
    const received = messageFrame('a');
    const earlier = { id: 'a', received, length: 100, receivedAt: Date.now(), wasDelivered: false };
    source.listener?.onEarlier([earlier], 'b');
    expect(source.outcomes).toEqual([['a', 'held']]);
  });

  it('reports the events that a subscriber resuming from another process has', async () => {
    const { source, channel } = openChannel(true);
    let place = () => {};
    source.placed = new Promise((resolve) => {
      place = resolve;
    });
    const resumed = channel.subscribe({ ...auto, after: 'b' });
    for (const id of ['a', 'b', 'c']) source.say(id);
    source.outcomes.length = 0;
    place();
    await source.placed;
    expect(take(resumed)).toEqual(['c']);
    expect(source.outcomes).toEqual([
      ['a', 'delivered'],
      ['b', 'delivered'],
      ['c', 'queued'],
    ]);
  });

  it('requests a replay of an event without content, and reports a gap where events may be missing', () => {
    const { source, channel } = openChannel(true);
    source.listener?.onEvicted({ id: 'a', receivedAt: Date.now(), isRevoked: false });
    source.listener?.onEvicted({ id: 'revoked', receivedAt: Date.now(), isRevoked: true });
    source.say('b');
    const subscription = channel.subscribe(auto);
    expect(source.reopened).toBe(1);
    source.say('a');
    source.say('b');
    source.listener?.onReplayed();
    expect(take(subscription)).toEqual(['a', 'b']);
    source.listener?.onGap();
    expect(take(subscription)).toEqual(['gap']);
    source.say('c');
    expect(take(channel.subscribe({ ...auto, after: 'b' }))[0]).toBe('gap');
    expect(take(channel.subscribe({ ...auto, after: 'c' }))).toEqual([]);
  });
});
