/**
 * The states of an event's record: random steps of a tracker, a buffer and subscribers, against the tables of `src/README.md`. No
 * step makes a transition that is missing there, and some step makes each of them.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { HeldInterests } from '../../src/events/acknowledgement/held-interests.ts';
import { DeliveryTracker } from '../../src/events/record/delivery-tracker.ts';
import type { EventRecord } from '../../src/events/record/record.ts';
import { ResumeBuffer } from '../../src/events/record/resume-buffer.ts';
import { openEvents } from '../../src/events/subscriber/backlog.ts';
import { Subscriber } from '../../src/events/subscriber/subscriber.ts';
import { decodeFrame, type ReceivedEvent } from '../../src/upstream/event-stream/decode-frame.ts';
import { createRandom } from '../soak/random.ts';
import { messageEvent } from '../support/event-hub.ts';

function deliveryState(record: EventRecord): string {
  if (record.ackConfirmed) return 'confirmed';
  if (record.ackRequested) return 'acknowledged';
  const held = record.heldFor === 0 ? '' : ', held';
  if (record.pendingDeliveries > 0) return `queued${held}`;
  if (record.wasDelivered) return `delivered${held}`;
  return held === '' ? 'open' : 'held';
}

function contentState(record: EventRecord): string {
  if (record.contentRevoked) return 'revoked';
  if (record.isBuffered) return 'buffered';
  return record.delivery === undefined ? 'id only' : 'in queues';
}

/** Rows of a table of `src/README.md`: `| from | step | to |`; several states to go to are joined by "or". */
function transitionsOf(heading: string): Set<string> {
  const readme = readFileSync(new URL('../../src/README.md', import.meta.url), 'utf8');
  const section = readme.split(`#### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
  const transitions = new Set<string>();
  for (const line of section.split('\n').filter((text) => text.startsWith('| '))) {
    const [from, step, to] = line
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim());
    if (from === 'From' || from?.startsWith('---') === true) continue;
    for (const state of to?.split(' or ') ?? []) transitions.add(`${from} --${step}--> ${state}`);
  }
  return transitions;
}

class Walk {
  readonly made = { delivery: new Set<string>(), content: new Set<string>() };
  readonly #random;
  readonly #interests = new HeldInterests(1_000);
  readonly #records: EventRecord[] = [];
  readonly #subscribers = new Map<Subscriber, 'AUTO' | 'MANUAL'>();
  #now = 0;
  #count = 0;
  readonly #tracker = new DeliveryTracker({
    interests: this.#interests,
    maxHeld: 6,
    onSettled: (record) => this.#buffer.settled(record),
    onAckable: (record) => this.#buffer.markAcknowledged(record),
    onUnsettled: () => {},
  });
  readonly #buffer: ResumeBuffer = new ResumeBuffer(
    { events: 5, bytes: 1_000_000, ageMs: 50_000, ids: 40 },
    {
      onForgotten: (record) => this.#tracker.forgotten(record),
      onWithdrawn: (record) => this.#tracker.withdrawn(record),
    },
  );

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  step(): void {
    const { below } = this.#random;
    const record = this.#records.length === 0 ? undefined : this.#random.pick(this.#records.slice(-12));
    const subscriber = this.#subscribers.size === 0 ? undefined : this.#random.pick([...this.#subscribers.keys()]);
    const chance = below(100);
    if (chance < 25) this.#receive();
    else if (chance < 35) this.#join();
    else if (chance < 50 && subscriber !== undefined) this.#note('read', () => subscriber.read());
    else if (chance < 62 && subscriber !== undefined) this.#note('delivered', () => subscriber.ack());
    else if (chance < 68 && subscriber !== undefined) this.#leave(subscriber);
    else if (chance < 74 && record !== undefined) this.#note('client ack', () => this.#tracker.clientAcked(record));
    else if (chance < 82 && record?.ackRequested === true) this.#note('confirmed', () => record.confirmAck());
    else if (chance < 86 && record !== undefined && record.isStored) this.#repeat(record);
    else if (chance < 88) this.#expireHolds();
    else if (chance < 91 && record !== undefined) this.#note('withdrawn', () => this.#buffer.revokeMessage(record.id));
    else if (chance < 93) this.#age();
  }

  /** Runs a step and notes what it does to the records. */
  #note(step: string, run: () => void): void {
    const before = this.#records.map((record) => [record, deliveryState(record), contentState(record)] as const);
    run();
    for (const [record, delivery, content] of before) {
      const nextDelivery = deliveryState(record);
      const nextContent = contentState(record);
      if (nextDelivery !== delivery) this.made.delivery.add(`${delivery} --${step}--> ${nextDelivery}`);
      if (nextContent !== content) this.made.content.add(`${content} --${step}--> ${nextContent}`);
    }
  }

  #received(id: string): ReceivedEvent {
    const frame = decodeFrame(messageEvent(id, { client_id: id }).json);
    if (frame?.kind !== 'event') throw new Error('not an event');
    return frame.received;
  }

  #receive(): void {
    this.#count += 1;
    let record: EventRecord | undefined;
    this.#note('another event', () => {
      record = this.#buffer.add(this.#received(`e${this.#count}`), 10, this.#now);
    });
    if (record === undefined) return;
    const added = record;
    this.#records.push(added);
    this.#note('held', () => this.#tracker.arrived(added));
    for (const subscriber of this.#subscribers.keys()) this.#queue(added, subscriber);
    this.#note('released', () => this.#buffer.release(added));
  }

  #queue(record: EventRecord, subscriber: Subscriber): void {
    if (record.delivery === undefined || !subscriber.options.wants(record.delivery.event)) return;
    this.#note('queued', () => {
      this.#tracker.queued(record, subscriber);
      subscriber.push(record);
    });
  }

  #repeat(record: EventRecord): void {
    if (record.contentRevoked || record.ackRequested || !record.idRemembered) return;
    const { event } = this.#received(record.id);
    this.#note('hold over', () => this.#tracker.repeated(record, event));
    this.#note('repeated', () => this.#buffer.fill(record, event, this.#now));
    for (const subscriber of this.#subscribers.keys()) {
      if (this.#random.below(2) === 0) this.#queue(record, subscriber);
    }
    this.#note('released', () => this.#buffer.release(record));
  }

  #join(): void {
    if (this.#subscribers.size >= 4) return;
    const acknowledge = this.#random.pick(['AUTO', 'MANUAL'] as const);
    const even = this.#random.below(2) === 0;
    const subscriber: Subscriber = new Subscriber(
      {
        acknowledge,
        filter: even ? 'even' : 'all',
        wants: (event) => !even || event.type !== 'MESSAGE_RECEIVED' || Number(event.message.token?.slice(1)) % 2 === 0,
      },
      { events: 1_000_000, bytes: 1_000_000_000 },
      {
        onDelivered: (record, from) => this.#tracker.delivered(record, from),
        onUnqueued: (record) => this.#buffer.release(record),
        onDropped: (record, from) => this.#tracker.dropped(record, from),
        onLaggingChanged: () => {},
        onReading: () => {},
        onOverflow: () => {},
        onUnsubscribed: (from) => this.#tracker.unsubscribed(from, this.#now),
      },
    );
    this.#note('held', () => this.#tracker.joined(subscriber, () => this.#buffer.remembered()));
    for (const record of openEvents(this.#buffer, false)) this.#queue(record, subscriber);
    this.#subscribers.set(subscriber, acknowledge);
  }

  /** Some leave by an error, after which what they have read can still be delivered. */
  #leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    this.#note('dropped', () => subscriber.end(new GatewayError('SLOW_CONSUMER')));
    for (let count = this.#random.below(3); count > 0; count -= 1) this.#note('delivered', () => subscriber.ack());
    subscriber.cancel();
  }

  #expireHolds(): void {
    this.#now += 1_500;
    this.#note('hold over', () => this.#tracker.expire(this.#now));
  }

  #age(): void {
    this.#now += this.#random.pick([1_000, 60_000]);
    this.#note('hold over', () => this.#tracker.expire(this.#now));
    this.#note('aged', () => {
      this.#buffer.tick(this.#now);
      this.#buffer.forgetOld(this.#now);
    });
  }
}

describe('the record of an event', () => {
  it('makes the transitions of the tables in src/README.md, and no other', () => {
    const made = { delivery: new Set<string>(), content: new Set<string>() };
    const firstSeed = Number(process.env.SOAK_SEED ?? 1);
    for (let seed = firstSeed; seed < firstSeed + 60; seed += 1) {
      const walk = new Walk(seed);
      for (let step = 0; step < 400; step += 1) walk.step();
      for (const transition of walk.made.delivery) made.delivery.add(transition);
      for (const transition of walk.made.content) made.content.add(transition);
    }
    expect([...made.delivery].sort(), `seed ${firstSeed}`).toEqual([...transitionsOf('Delivery')].sort());
    expect([...made.content].sort(), `seed ${firstSeed}`).toEqual([...transitionsOf('Content')].sort());
  });
});
