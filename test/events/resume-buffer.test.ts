import { describe, expect, it } from 'vitest';
import { ResumeBuffer } from '../../src/events/record/resume-buffer.ts';
import { openEvents } from '../../src/events/subscriber/backlog.ts';
import type { ReceivedEvent } from '../../src/upstream/event-stream/decode-frame.ts';

const tag = (id: string, isStored = true): ReceivedEvent => ({
  id,
  isStored,
  violatesContract: false,
  event: {
    type: 'TAG_CHANGED',
    token: id,
    name: undefined,
    organization: undefined,
    colorId: undefined,
    colorValue: undefined,
  },
});

function bufferOf(bounds: Partial<ConstructorParameters<typeof ResumeBuffer>[0]> = {}) {
  const forgotten: string[] = [];
  const buffer = new ResumeBuffer(
    { events: 2, bytes: 10_000, ageMs: 1_000, ids: 4, ...bounds },
    { onForgotten: ({ id }) => forgotten.push(id), onWithdrawn() {} },
  );
  return { buffer, forgotten };
}

describe('the ids a resume buffer remembers', () => {
  it('are bounded: acknowledged ones are evicted first, then the oldest', () => {
    const { buffer, forgotten } = bufferOf();
    const records = ['a', 'b', 'c', 'd'].map((id) => buffer.add(tag(id), 10, 0));
    for (const record of records.slice(1, 2)) record.requestAck();
    buffer.add(tag('e'), 10, 0);
    expect(forgotten).toEqual(['b']);
    for (let index = 0; index < 40; index += 1) buffer.add(tag(`more${index}`), 10, 0);
    expect(forgotten.length).toBe(41);
    expect(buffer.find('more39')).toBeDefined();
    expect(buffer.find('a')).toBeUndefined();
  });

  it('are evicted by age once the upstream confirmed the acknowledgement, or when the events are transient', () => {
    const { buffer, forgotten } = bufferOf({ ids: 100 });
    const confirmed = buffer.add(tag('confirmed'), 10, 0);
    confirmed.requestAck();
    confirmed.confirmAck();
    buffer.add(tag('passing', false), 10, 0);
    buffer.add(tag('open'), 10, 0);
    buffer.forgetOld(500);
    expect(forgotten).toEqual([]);
    buffer.tick(2_000);
    buffer.forgetOld(2_000);
    expect(forgotten).toEqual(['confirmed', 'passing']);
    expect(buffer.find('open')).toBeDefined();
    buffer.forgetOld(3_000);
    expect(forgotten.length).toBe(2);
  });
});

describe('a resume buffer', () => {
  it('is incomplete from the eviction of an unacknowledged event to its acknowledgement', () => {
    const { buffer } = bufferOf();
    const first = buffer.add(tag('a'), 10, 0);
    buffer.add(tag('b'), 10, 0);
    expect(buffer.isIncomplete('AUTO')).toBe(false);
    buffer.add(tag('c'), 10, 0);
    expect(buffer.isIncomplete('AUTO')).toBe(true);
    expect(openEvents(buffer, false).map(({ id }) => id)).toEqual(['b', 'c']);
    first.requestAck();
    buffer.markAcknowledged(first);
    expect(buffer.isIncomplete('AUTO')).toBe(false);
  });

  it('is complete again when evicted events have expired, wherever they are then', () => {
    const message = (id: string): ReceivedEvent => ({
      ...tag(id),
      event: { type: 'MESSAGE_RECEIVED', message: { token: id, expireIn: 1 } } as never, // the rest does not count here
    });
    const now = Date.now();
    const { buffer } = bufferOf({ events: 1, ageMs: 60_000, ids: 100 });
    buffer.add(message('gone'), 10, now);
    const queued = buffer.add(message('queued'), 10, now);
    queued.enterQueue();
    const repeated = buffer.add(message('repeated'), 10, now);
    buffer.add(tag('last'), 10, now);
    expect(buffer.isIncomplete('AUTO')).toBe(true);
    buffer.tick(now + 2_000);
    buffer.fill(repeated, message('repeated').event, now + 2_000);
    buffer.forgetOld(now + 2_000);
    expect(buffer.isIncomplete('AUTO')).toBe(false);
  });

  it('keeps the content of an evicted event as long as a queue holds it', () => {
    const { buffer } = bufferOf();
    const first = buffer.add(tag('a'), 10, 0);
    first.enterQueue();
    buffer.add(tag('b'), 10, 0);
    buffer.add(tag('c'), 10, 0);
    expect(first.delivery).toBeDefined();
    first.leaveQueue();
    buffer.release(first);
    expect(first.delivery).toBeUndefined();
  });

  it('distinguishes a position after which nothing is missing from one with evicted events', () => {
    const { buffer } = bufferOf({ ids: 100 });
    for (const id of ['a', 'b', 'c', 'd']) buffer.add(tag(id), 10, 0);
    expect(buffer.locate('a')).toMatchObject({ kind: 'evicted' });
    expect(buffer.locate('b')).toMatchObject({ kind: 'known' });
    expect(buffer.locate('x')).toEqual({ kind: 'unknown' });
  });
});
