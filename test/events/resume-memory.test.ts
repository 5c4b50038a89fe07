import { describe, expect, it } from 'vitest';
import { ResumeBuffer } from '../../src/events/record/resume-buffer.ts';
import { ResumeMemory } from '../../src/events/record/resume-memory.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { createRandom } from '../soak/random.ts';
import {
  acknowledgeLast,
  messageEvent,
  nextDelivery,
  nextEvent,
  nextIds,
  startEventHub,
} from '../support/event-hub.ts';
import { basic } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const maxBytes = 50_000;

/** Buffers of callers, with the bound of all; events are named after their caller and number. */
class Buffers {
  readonly #memory = new ResumeMemory(maxBytes);
  readonly all: ResumeBuffer[] = [];
  #count = 0;

  open(): void {
    const bounds = { events: 1_000, bytes: 30_000, ageMs: 60_000, ids: 10_000, memory: this.#memory };
    this.all.push(new ResumeBuffer(bounds, { onForgotten() {}, onWithdrawn() {} }));
  }

  add(buffer: ResumeBuffer, characters: number): void {
    buffer.release(buffer.add(this.#received(), characters, 0));
  }

  /** Adds two events older than one that the buffer has. */
  addEarlier(buffer: ResumeBuffer, before: string, characters: number): void {
    const received = [this.#received(), this.#received()];
    const earlier = received.map((one) => ({ id: one.id, received: one, length: characters, receivedAt: 0 }));
    for (const record of buffer.addEarlier(
      earlier.map((event) => ({ ...event, wasDelivered: false })),
      before,
      0,
    ))
      buffer.release(record);
  }

  #received() {
    const id = `e${this.#count++}`;
    const tag = { type: 'TAG_CHANGED', token: id } as const;
    const unset = { name: undefined, organization: undefined, colorId: undefined, colorValue: undefined };
    return { id, isStored: true, violatesContract: false, event: { ...tag, ...unset } };
  }

  /** As the bound counts them. */
  get counted(): number {
    return this.#memory.bytes;
  }

  get bytes(): number {
    return this.all.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

const idsOf = (buffer: ResumeBuffer) => buffer.records().map(({ id }) => id);

describe('the resume buffers of all callers', () => {
  it.each([1, 2, 3, 4, 5])(
    'stay within their bound, and only the largest lose events, their oldest: seed %i',
    (seed) => {
      const random = createRandom(seed);
      const buffers = new Buffers();
      let shrunk = 0;
      for (let step = 0; step < 3_000; step++) {
        if (buffers.all.length < 2 || random.below(100) < 2) buffers.open();
        if (random.below(100) < 1)
          for (const closed of buffers.all.splice(random.below(buffers.all.length), 1)) closed.close();
        const added = buffers.all[random.below(random.below(buffers.all.length) + 1)];
        if (added === undefined) continue;
        const before = new Map(buffers.all.map((buffer) => [buffer, { ids: idsOf(buffer), bytes: buffer.bytes }]));
        const known = idsOf(added);
        const characters = 1 + random.below(2_000);
        if (known.length > 0 && random.below(20) === 0) buffers.addEarlier(added, random.pick(known), characters / 2);
        else buffers.add(added, characters);
        expect(buffers.counted).toBe(buffers.bytes);
        expect(buffers.bytes).toBeLessThanOrEqual(maxBytes);
        const shrunkNow = buffers.all.filter(
          (buffer) => buffer !== added && buffer.bytes < (before.get(buffer)?.bytes ?? 0),
        );
        for (const [buffer, { ids }] of before) {
          const now = idsOf(buffer).filter((id) => ids.includes(id));
          expect(now).toEqual(ids.slice(ids.length - now.length));
        }
        if (shrunkNow.length === 0) continue;
        shrunk += 1;
        // Each of them had more than what is left to any: events are of 4,000 bytes and less.
        const level = Math.max(...buffers.all.map(({ bytes }) => bytes));
        for (const buffer of shrunkNow) expect(before.get(buffer)?.bytes).toBeGreaterThan(level - 4_000);
        // No more than a tenth of the bound, and of an event of one of them, was given up.
        expect(buffers.bytes).toBeGreaterThan(maxBytes * 0.9 - 4_000 * 2);
      }
      expect(shrunk).toBeGreaterThan(20);
    },
  );

  it('of equal size do not all lose their only event for one that is too much', () => {
    const buffers = new Buffers();
    for (let index = 0; index < 51; index += 1) buffers.open();
    for (const buffer of buffers.all) buffers.add(buffer, 500);
    expect(buffers.all.filter(({ size }) => size === 1).length).toBe(45);
  });

  it('have a common bound: the caller with many events loses the oldest, others lose none', async () => {
    await using harness = await startEventHub({ resumeTotalBytes: 100_000 });
    const [many, few] = [basic('many'), basic('few')];
    const subscriptions = [many, few].map((authorization) => harness.subscribe({}, createCredential(authorization)));
    const push = (authorization: string, id: string) =>
      harness.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(4_000) }));
    const [ofMany, ofFew] = subscriptions;
    if (ofMany === undefined || ofFew === undefined) throw new Error('There are two.');
    push(few, 'f1');
    push(few, 'f2');
    await nextIds(ofFew, 2);
    const ids = Array.from({ length: 40 }, (_, index) => `m${index}`);
    for (const id of ids) push(many, id);
    await nextIds(ofMany, 40);
    acknowledgeLast(ofMany);
    await waitUntil(() => harness.upstream.acknowledged().includes('m39'));
    expect(harness.hub.stats().bufferedBytes).toBeLessThanOrEqual(100_000);
    expect(harness.hub.stats().bufferedBytes).toBeGreaterThan(60_000);
    // What the upstream no longer has is reported as missing; the newest are still there.
    const resumed = harness.subscribe({ after: 'm1' }, createCredential(many));
    expect((await nextDelivery(resumed)).kind).toBe('gap');
    expect((await nextEvent(harness.subscribe({ after: 'm37' }, createCredential(many)))).id).toBe('m38');
    expect((await nextEvent(harness.subscribe({ after: 'f1' }, createCredential(few)))).id).toBe('f2');
  });

  it('no longer include that of a caller whose stream has closed', async () => {
    await using harness = await startEventHub({ resumeTotalBytes: 100_000 });
    for (const name of ['first', 'second', 'third']) {
      const authorization = basic(name);
      const subscription = harness.subscribe({}, createCredential(authorization));
      const ids = Array.from({ length: 10 }, (_, index) => `${name}${index}`);
      for (const id of ids) harness.upstream.push(authorization, messageEvent(id, { subject: 'x'.repeat(4_000) }));
      await nextIds(subscription, ids.length);
      expect(harness.hub.stats().buffered).toBe(10);
      await subscription.return();
      await waitUntil(() => harness.hub.stats().streams === 0);
    }
  });
});
