/** Events that wait for an unavailable Redis. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Encryption } from '../../src/cluster/log/encryption.ts';
import { EventLog } from '../../src/cluster/log/event-log.ts';
import { EventTable } from '../../src/cluster/log/event-table.ts';
import { createSharedEvent } from '../../src/cluster/log/shared-event.ts';
import { LogWriter } from '../../src/cluster/owner/log-writer.ts';
import { MarkWriter } from '../../src/cluster/owner/mark-writer.ts';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { KeyNames } from '../../src/cluster/redis/key-names.ts';
import { parseConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { decodeFrame } from '../../src/upstream/event-stream/decode-frame.ts';
import { messageEvent } from '../support/event-hub.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

const maxWaiting = 1_500;

/** The writer of a new lease term. */
async function startWriting(
  redis: RedisServer,
  {
    isFollowed,
    onMarksFailed = () => expect.unreachable(),
  }: { readonly isFollowed: boolean; readonly onMarksFailed?: () => void },
) {
  const redisKeys = [randomBytes(32)];
  const env = {
    UPSTREAM_URL: 'http://127.0.0.1:1',
    REDIS_URL: redis.url,
    REDIS_KEYS: String(redisKeys[0]?.toString('base64')),
  };
  const config = parseConfig(env);
  if (config.redisUrl === undefined) throw new Error('REDIS_URL is set');
  const connection = await RedisConnection.open(
    { ...config, redisUrl: config.redisUrl, redisKeys },
    createLog('silent'),
  );
  const credential = { authorization: 'Basic canary', deviceId: undefined };
  const name = `writer-${isFollowed}`;
  const log = new EventLog({
    client: connection.client,
    keys: new KeyNames('test').of(name),
    encryption: new Encryption(redisKeys, credential, name),
    replica: 'one',
    contentMs: 60_000,
  });
  const claimed = await log.claim({ owner: '', token: '0' }, 'history');
  const token = claimed?.token ?? '';
  const table = new EventTable({ events: 1_000, bytes: 10_000_000, ids: 500, ageMs: 60_000 });
  let sent = 0;
  const marks = new MarkWriter(log, onMarksFailed);
  const writer = new LogWriter({
    token,
    log,
    table,
    lastId: '0-0',
    lastNumber: 0,
    dropped: 0,
    maxWaiting,
    marks,
    isFollowed: () => isFollowed,
    onSent() {
      sent += 1;
    },
    onWritten() {},
    onFenced: () => expect.unreachable(),
  });
  return {
    log,
    writer,
    marks,
    sent: () => sent,
    add(number: number) {
      const { id, json: text } = messageEvent(`n${number}`);
      const frame = decodeFrame(text);
      if (frame?.kind !== 'event') throw new Error(`${id} is an event`);
      const event = createSharedEvent({ received: frame.received, length: text.length, receivedAt: Date.now() }, text);
      table.add(event);
      writer.append(event);
      return event;
    },
    [Symbol.asyncDispose]() {
      writer.end();
      marks.close();
      connection.close();
      return Promise.resolve();
    },
  };
}

it('events that wait for Redis are bounded, and readers of the log detect dropped ones', async () => {
  await using redis = await startRedis();
  await using writing = await startWriting(redis, { isFollowed: true });
  const { log, writer, add } = writing;
  redis.sleep();
  let most = 0;
  for (let number = 0; number < 20_000; number += 1) {
    add(number);
    most = Math.max(most, writer.backlog.size);
    // The first ones are sent, and not answered.
    if (number === 100) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(most).toBeLessThanOrEqual(maxWaiting + 1);
  redis.wake();
  await writer.flush(30_000);
  const page = await log.readAll();
  const numbers = page.entries.map(({ eventId }) => Number(eventId.slice(1)));
  expect(numbers.at(-1)).toBe(19_999);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  const afterHole = page.entries.find(({ eventId }) => Number(eventId.slice(1)) > 101);
  expect(page.dropped).toBeGreaterThan(101);
  expect(page.dropped).toBeLessThan(afterHole?.number ?? 0);
});

describe('an event of an owner', () => {
  it('is marked as delivered by its own append when it was delivered before', async () => {
    await using redis = await startRedis();
    await using writing = await startWriting(redis, { isFollowed: false });
    const [first, second] = [writing.add(1), writing.add(2)];
    first.outcome = 'delivered';
    await writing.writer.flush(5_000);
    expect((await writing.log.readAll()).entries.map(({ marks }) => marks)).toEqual(['h', '']);
    expect([first.isMarked, second.isMarked]).toEqual([true, false]);
  });

  it('is marked by the next append when it was delivered after its own, even if Redis did not answer that append at first', async () => {
    /** @returns False when the marks were written by themselves while Redis denied it: a busy machine was late with the append. */
    const round = async () => {
      let isLate = false;
      const onMarksFailed = () => {
        isLate = true;
      };
      await using redis = await startRedis();
      await using writing = await startWriting(redis, { isFollowed: false, onMarksFailed });
      const { log, marks, writer, add } = writing;
      const [first, second] = [add(1), add(2)];
      await writer.flush(5_000);
      marks.add('h', first);
      add(3);
      await writer.flush(5_000);
      // Before the marks that wait are written by themselves.
      expect((await log.readAll()).entries.map((entry) => entry.marks)).toEqual(['h', '', '']);
      await redis.command('ACL', 'SETUSER', 'default', '-evalsha');
      marks.add('h', second);
      add(4);
      void writer.flush(0);
      while (writer.failingSince === undefined) await new Promise((resolve) => setImmediate(resolve));
      await redis.command('ACL', 'SETUSER', 'default', '+evalsha');
      await writer.flush(5_000);
      const { entries } = await log.readAll();
      if (isLate) return false;
      expect(entries.map((entry) => entry.marks)).toEqual(['h', 'h', '', '']);
      return true;
    };
    while (!(await round()));
  });

  it('is appended in the turn of its arrival when another replica follows, and otherwise with those of the next milliseconds', async () => {
    await using redis = await startRedis();
    for (const isFollowed of [true, false]) {
      await using writing = await startWriting(redis, { isFollowed });
      for (let number = 1, isInTime = false; !isInTime; number += 1) {
        const before = writing.sent();
        // Appends are gathered up to the next multiple of ten.
        const gatheredTo = Math.ceil(performance.now() / 10) * 10;
        writing.add(number);
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        const sent = writing.sent() - before;
        isInTime = performance.now() < gatheredTo;
        if (isInTime) expect(sent).toBe(isFollowed ? 1 : 0);
        await writing.writer.flush(5_000);
        expect(writing.sent() - before).toBe(1);
        expect((await writing.log.readAll()).entries).toHaveLength(number);
      }
    }
  });
});
