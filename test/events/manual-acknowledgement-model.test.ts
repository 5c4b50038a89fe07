/**
 * MANUAL beside AUTO subscribers of one channel, against a simple model: random steps, a seed, and a clock that only the test
 * moves. The upstream is modelled by the contract: unacknowledged events are repeated on each connection.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { HeldInterests } from '../../src/events/acknowledgement/held-interests.ts';
import { Channel } from '../../src/events/channel.ts';
import { createCounters } from '../../src/events/counters.ts';
import { ResumeBuffer } from '../../src/events/record/resume-buffer.ts';
import { ResumeMemory } from '../../src/events/record/resume-memory.ts';
import { UpstreamSource } from '../../src/events/source/source.ts';
import { StreamWatch } from '../../src/events/source/stream-watch.ts';
import { Subscriber } from '../../src/events/subscriber/subscriber.ts';
import { createLog } from '../../src/observability/log.ts';
import { decodeFrame } from '../../src/upstream/event-stream/decode-frame.ts';
import type { EventStreamListener } from '../../src/upstream/event-stream/stream.ts';
import { createRandom, type Random } from '../soak/random.ts';
import { messageEvent } from '../support/event-hub.ts';
import { json } from '../support/event-upstream.ts';

const holdMs = 2_000;
const idOf = (number: number) => `event-${number}`;
const numberOf = (id: string) => Number(id.slice('event-'.length));

/** Stored until acknowledged, sent on one connection at a time: what was stored first, then what is new. */
class ModelUpstream {
  readonly stored = new Map<string, string>();
  /** Acknowledgements that have not reached it yet. */
  readonly onTheWay: string[] = [];
  /** Messages whose recall was delivered. */
  readonly recalled = new Set<string>();
  #listener: EventStreamListener | undefined;
  #outgoing: (string | undefined)[] = [];
  #isPaused = false;

  readonly stream = {
    version: 'v2' as const,
    pause: () => {
      this.#isPaused = true;
    },
    resume: () => {
      this.#isPaused = false;
    },
    reopen: () => this.connect(),
    close: () => {
      this.#listener = undefined;
    },
  };

  open(listener: EventStreamListener) {
    this.#listener = listener;
    this.connect();
    return this.stream;
  }

  /** A new connection; what was on its way on the old one is lost. `undefined` ends the replay. */
  connect(): void {
    this.#outgoing = [...this.stored.values(), undefined];
  }

  push(id: string, frame: string): void {
    this.stored.set(id, frame);
    this.#outgoing.push(frame);
  }

  deliver(most: number): void {
    for (let count = 0; count < most && this.#outgoing.length > 0 && !this.#isPaused; count += 1) {
      const next = this.#outgoing.shift();
      if (next === undefined) this.#listener?.onReplayed();
      else {
        const frame = decodeFrame(next);
        if (frame?.kind !== 'event') continue;
        const { event } = frame.received;
        if (event.type === 'MESSAGE_RECALLED') this.recalled.add(event.message.slice('message-'.length));
        this.#listener?.onEvent(frame.received, next.length, next);
      }
    }
  }
}

interface Client {
  readonly acknowledge: 'AUTO' | 'MANUAL';
  readonly filter: 'all' | 'even';
  subscription: Subscriber | undefined;
  /** Of this subscription. */
  seen: Set<string>;
  taken: number;
  /** Events this subscription has to be given unless they are named or withdrawn before. */
  owed: Set<string>;
  lastId: string | undefined;
}

class Model {
  readonly upstream = new ModelUpstream();
  readonly random: Random;
  readonly channel: Channel;
  readonly clients: Client[];
  readonly named = new Set<string>();
  readonly withdrawn = new Set<string>();
  /** Events AUTO clients were handed: they may be acknowledged from then on when no MANUAL client was there before. */
  readonly handed = new Set<string>();
  /** Events the channel may not acknowledge unless they are named or withdrawn, by filter. */
  readonly due = { all: new Set<string>(), even: new Set<string>() };
  /** Bound of the buffers of this caller and of another, whose events make this one lose its oldest. */
  readonly memory = new ResumeMemory(12_000);
  readonly other = new ResumeBuffer(
    { events: 1_000, bytes: 1_000_000, ageMs: 5_000, ids: 100_000, memory: this.memory },
    { onForgotten() {}, onWithdrawn() {} },
  );
  /** When a filter is held for no longer; undefined when it is not held for. */
  readonly heldUntil: { all: number | undefined; even: number | undefined } = { all: undefined, even: undefined };
  count = 0;

  constructor(seed: number) {
    this.random = createRandom(seed);
    const client = (acknowledge: Client['acknowledge'], filter: Client['filter']): Client => ({
      acknowledge,
      filter,
      subscription: undefined,
      seen: new Set(),
      taken: 0,
      owed: new Set(),
      lastId: undefined,
    });
    this.clients = [
      client('AUTO', 'all'),
      client('AUTO', 'all'),
      client('MANUAL', 'all'),
      client('MANUAL', 'all'),
      client('MANUAL', 'even'),
    ];
    this.channel = new Channel({
      settings: {
        resume: { events: 8, bytes: 1_000_000, ageMs: 5_000, ids: 100_000, memory: this.memory },
        queue: { events: 24, bytes: 1_000_000 },
        maxSubscribers: 100,
        maxHeld: 100_000,
        lingerMs: 1_000_000_000,
        counters: createCounters(),
        streams: new StreamWatch(createLog('silent')),
        log: createLog('silent'),
      },
      caller: 'model',
      interests: new HeldInterests(holdMs),
      openSource: (listener) =>
        new UpstreamSource(
          { openStream: (own) => this.upstream.open(own), acknowledge: (id) => this.acknowledged(id) },
          listener,
        ),
      onEvent: () => {},
      onClosed: () => {},
    });
  }

  wants(filter: Client['filter'], id: string): boolean {
    return filter === 'all' || numberOf(id) % 2 === 0;
  }

  isOver(id: string): boolean {
    return this.named.has(id) || this.withdrawn.has(id);
  }

  acknowledged(id: string): void {
    this.passHolds();
    if (!this.isOver(id)) {
      expect(this.due.all.has(id), `${id} is acknowledged though due`).toBe(false);
      expect(this.due.even.has(id), `${id} is acknowledged though due to the filter`).toBe(false);
    }
    this.upstream.onTheWay.push(id);
  }

  passHolds(): void {
    for (const filter of ['all', 'even'] as const) {
      if ((this.heldUntil[filter] ?? Number.POSITIVE_INFINITY) > performance.now()) continue;
      this.heldUntil[filter] = undefined;
      this.due[filter].clear();
    }
  }

  push(): void {
    this.count += 1;
    const id = idOf(this.count);
    this.upstream.push(id, messageEvent(id).json);
    for (const filter of ['all', 'even'] as const) {
      if (this.heldUntil[filter] !== undefined && this.wants(filter, id)) this.due[filter].add(id);
    }
    for (const { subscription, filter, owed } of this.clients) {
      if (subscription !== undefined && this.wants(filter, id)) owed.add(id);
    }
  }

  /** An event of another caller. */
  pushOther(): void {
    const frame = decodeFrame(messageEvent(`other-${this.random.below(1_000_000)}`).json);
    if (frame?.kind !== 'event') throw new Error('not an event');
    this.other.release(this.other.add(frame.received, this.random.below(3_000), Date.now()));
    this.checkMemory();
  }

  checkMemory(): void {
    const { bytes } = this.channel.buffered;
    expect(this.memory.bytes).toBe(bytes + this.other.bytes);
    expect(this.memory.bytes).toBeLessThanOrEqual(12_000);
  }

  recall(): void {
    if (this.count === 0) return;
    const id = idOf(1 + this.random.below(this.count));
    if (this.isOver(id) || !this.upstream.stored.has(id)) return;
    this.withdrawn.add(id);
    this.upstream.stored.delete(id); // it is not replayed as a message (EVENTS §5)
    this.count += 1;
    const recall = idOf(this.count);
    const payload = { client_id: `message-${id}`, status: 'New', is_recalled: true };
    this.upstream.push(recall, json(recall, 'tigertext:iq:message:status', payload));
    this.withdrawn.add(recall); // for every filter: recalls have no part in this
  }

  subscribe(client: Client): void {
    if (client.subscription !== undefined) return;
    this.passHolds();
    const { acknowledge, filter } = client;
    const isResumed = client.lastId !== undefined && this.random.below(2) === 0;
    client.seen = new Set();
    client.taken = 0;
    client.owed = new Set();
    if (acknowledge === 'MANUAL') {
      if (this.heldUntil[filter] === undefined) {
        const isOpen = (id: string) => !this.handed.has(id) || this.due.all.has(id) || this.due.even.has(id);
        for (const id of this.upstream.stored.keys()) {
          if (this.wants(filter, id) && !this.isOver(id) && isOpen(id)) this.due[filter].add(id);
        }
      }
      this.heldUntil[filter] = Number.POSITIVE_INFINITY;
      for (const id of this.due[filter]) if (!this.isOver(id)) client.owed.add(id);
    }
    const subscription = this.channel.subscribe({
      wants: (event) =>
        event.type === 'MESSAGE_RECEIVED' && this.wants(filter, event.message.token.slice('message-'.length)),
      filter,
      acknowledge,
      after: isResumed ? client.lastId : undefined,
    });
    if (!(subscription instanceof Subscriber)) throw new Error('what a channel gives is a subscriber');
    client.subscription = subscription;
  }

  deliver(most: number): void {
    this.upstream.deliver(most);
    for (const client of this.clients) if (client.subscription?.isEnded === true) this.gone(client);
  }

  /** Takes and checks; hands over all but the last few. */
  take(client: Client, most: number, isHanded = true): void {
    const { subscription } = client;
    if (subscription === undefined) return;
    for (let count = 0; count < most; count += 1) {
      const delivery = subscription.read();
      if (delivery === undefined) break;
      client.taken += 1;
      if (delivery.kind !== 'event') continue;
      const { id } = delivery;
      expect(client.seen.has(id), `${id} comes twice on one subscription`).toBe(false);
      expect(numberOf(id), `${id} is in order`).toBeGreaterThan(numberOf([...client.seen].at(-1) ?? idOf(0)));
      expect(this.upstream.recalled.has(id), `${id} was recalled`).toBe(false);
      client.seen.add(id);
      client.owed.delete(id);
      client.lastId = id;
    }
    if (!isHanded) return;
    if (client.acknowledge === 'AUTO') for (const id of client.seen) this.handed.add(id);
    for (; client.taken > 0; client.taken -= 1) subscription.ack();
  }

  /** Cut off, in the middle of anything. */
  leave(client: Client): void {
    if (client.subscription === undefined) return;
    client.subscription.cancel();
    this.gone(client);
  }

  gone(client: Client): void {
    client.subscription = undefined;
    if (client.acknowledge === 'AUTO') return;
    const isLast = !this.clients.some(
      ({ subscription, acknowledge, filter }) =>
        subscription !== undefined && acknowledge === 'MANUAL' && filter === client.filter,
    );
    if (isLast) this.heldUntil[client.filter] = performance.now() + holdMs;
  }

  name(client: Client): void {
    const ids = [...client.seen].filter((id) => !this.named.has(id) && this.random.below(3) > 0);
    for (const id of ids) this.named.add(id);
    for (const id of this.channel.acknowledge(ids)) this.upstream.onTheWay.push(id);
  }

  acknowledgementsArrive(): void {
    const ids = this.upstream.onTheWay.splice(0);
    for (const id of ids) this.upstream.stored.delete(id);
    this.channel.confirm(ids);
  }

  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 250) {
      await vi.advanceTimersByTimeAsync(Math.min(left, 250));
      this.channel.tick(Date.now());
      this.other.tick(Date.now());
    }
    this.checkMemory();
  }

  async step(): Promise<void> {
    const client = this.random.pick(this.clients);
    if (this.random.below(5) === 0) this.pushOther();
    const chance = this.random.below(100);
    if (chance < 24) for (let count = 1 + this.random.below(4); count > 0; count -= 1) this.push();
    else if (chance < 44) this.deliver(1 + this.random.below(12));
    else if (chance < 54) this.subscribe(client);
    else if (chance < 70) this.take(client, 1 + this.random.below(10), this.random.below(4) > 0);
    else if (chance < 78) this.leave(client);
    else if (chance < 84) this.name(client);
    else if (chance < 89) this.acknowledgementsArrive();
    else if (chance < 91) this.upstream.connect();
    else if (chance < 93) this.recall();
    else if (chance < 94) await this.pass(this.random.below(holdMs + 1_000));
    else if (chance < 98) await this.pass(this.random.below(300));
    else await this.settle();
    await Promise.resolve();
  }

  /** Every event reaches every live subscriber: no delivery that is due may be missing then. */
  async settle(): Promise<void> {
    for (let round = 0; round < 30; round += 1) {
      this.deliver(10);
      for (const client of this.clients) this.take(client, 1_000);
      await this.pass(round < 5 ? 250 : 50);
    }
    for (const { subscription, owed, acknowledge, filter } of this.clients) {
      if (subscription === undefined) continue;
      const lost = [...owed].filter((id) => !this.isOver(id));
      expect(lost, `given to ${acknowledge} ${filter}`).toEqual([]);
    }
  }
}

describe('MANUAL beside AUTO, against a model', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(Array.from({ length: 40 }, (_, index) => Number(process.env.SOAK_SEED ?? 1_000) + index))(
    'loses, repeats, reorders and acknowledges nothing wrongly: seed %i',
    async (seed) => {
      const model = new Model(seed);
      for (let step = 0; step < 400; step += 1) await model.step();
      for (const client of model.clients) model.subscribe(client);
      await model.settle();
      // MANUAL subscribers leave for good: what AUTO ones were handed is acknowledged when the hold is over, not before.
      for (const client of model.clients) if (client.acknowledge === 'MANUAL') model.leave(client);
      await model.pass(holdMs + 300);
      model.push();
      await model.settle();
      await model.pass(15_000);
      model.acknowledgementsArrive();
      expect([...model.upstream.stored.keys()].filter((id) => !model.withdrawn.has(id))).toEqual([]);
      for (const client of model.clients) model.leave(client);
      await model.channel.end(new GatewayError('SHUTTING_DOWN'));
      expect(model.memory.bytes).toBe(model.other.bytes);
    },
  );
});
