/** Data of replicas in Redis, and messages between them, on a real Redis. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Encryption } from '../../src/cluster/log/encryption.ts';
import { EventLog, type NewEntry } from '../../src/cluster/log/event-log.ts';
import { Mailbox } from '../../src/cluster/membership/mailbox.ts';
import { Membership } from '../../src/cluster/membership/membership.ts';
import type { Message } from '../../src/cluster/membership/message.ts';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { KeyNames } from '../../src/cluster/redis/key-names.ts';
import { atTurnEnd } from '../../src/cluster/redis/turn-end.ts';
import { parseConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';

const operatorKeys = [randomBytes(32)];
const credential = { authorization: 'Basic canary-credential', deviceId: undefined };

let redis: RedisServer;
let connection: RedisConnection;

beforeAll(async () => {
  redis = await startRedis();
  const redisKeys = operatorKeys;
  const config = parseConfig({
    UPSTREAM_URL: 'http://127.0.0.1:1',
    REDIS_URL: redis.url,
    REDIS_KEYS: operatorKeys.map((key) => key.toString('base64')).join(),
  });
  if (config.redisUrl === undefined) throw new Error('REDIS_URL is set');
  connection = await RedisConnection.open({ ...config, redisUrl: config.redisUrl, redisKeys }, createLog('silent'));
});

afterAll(async () => {
  connection.close();
  await redis[Symbol.asyncDispose]();
});

function logOf(name: string, replica: string, contentMs = 60_000): EventLog {
  return new EventLog({
    client: connection.client,
    keys: new KeyNames('test').of(name),
    encryption: new Encryption(operatorKeys, credential, name),
    replica,
    contentMs,
  });
}

function entry(token: string, number: number, more: Partial<NewEntry> = {}): NewEntry {
  return {
    logId: `${token}-${number}`,
    kind: 'f',
    eventId: `event-${number}`,
    receivedAt: Date.now(),
    expiresAt: Number.POSITIVE_INFINITY,
    overtakenBy: undefined,
    marks: '',
    text: `canary-content ${number}`,
    ...more,
  };
}

const write = (log: EventLog, token: string, lastId: string, entries: readonly NewEntry[]) =>
  log.append(token, lastId, { entries, drop: [], strip: [], dropped: 0, delivered: [] });

async function claimed(log: EventLog): Promise<string> {
  const claim = await log.claim(await log.join(), 'history');
  if (claim === undefined) throw new Error('not claimed');
  return claim.token;
}

describe('the log of a caller', () => {
  it('accepts entries of its owner only, and none of a replaced owner', async () => {
    const [first, second] = [logOf('fenced', 'a'), logOf('fenced', 'b')];
    const token = await claimed(first);
    expect(await write(first, token, '0-0', [entry(token, 1), entry(token, 2)])).toEqual({ kind: 'written' });
    expect(await write(second, token, `${token}-2`, [entry(token, 3)])).toEqual({ kind: 'fenced' });
    expect(await second.claim({ owner: '', token: '0' }, 'other')).toBeUndefined();
    const next = await claimed(second);
    expect(Number(next)).toBeGreaterThan(Number(token));
    expect(await write(first, token, `${token}-2`, [entry(token, 3)])).toEqual({ kind: 'fenced' });
    expect(await write(second, next, `${token}-2`, [entry(next, 3)])).toEqual({ kind: 'written' });
    const { entries } = await first.readAll();
    expect(entries.map(({ eventId, text }) => [eventId, text])).toEqual(
      [1, 2, 3].map((number) => [`event-${number}`, `canary-content ${number}`]),
    );
  });

  it('reports its end to an owner whose last reply was lost, and stores nothing twice', async () => {
    const log = logOf('hole', 'a');
    const token = await claimed(log);
    await write(log, token, '0-0', [entry(token, 1)]);
    expect(await write(log, token, '0-0', [entry(token, 1)])).toEqual({ kind: 'hole', lastId: `${token}-1` });
  });

  it('stores deliveries with the next append, beside other outcomes, as long as the log exists', async () => {
    const log = logOf('delivered', 'a');
    const token = await claimed(log);
    const ids = [1, 2, 3, 4].map((number) => `${token}-${number}`);
    await write(
      log,
      token,
      '0-0',
      [1, 2, 3, 4].map((number) => entry(token, number)),
    );
    await log.mark('m', ids.slice(1, 2));
    await log.mark('a', ids.slice(2, 3));
    await redis.command('PERSIST', 'test:{delivered}:ack');
    const more = { drop: [], strip: [], dropped: 0, delivered: ids.slice(0, 3) };
    const written = await log.append(token, `${token}-4`, { ...more, entries: [entry(token, 5)] });
    expect(written).toEqual({ kind: 'written' });
    expect((await log.readAll()).entries.map(({ marks }) => marks)).toEqual(['h', 'mh', 'a', '', '']);
    expect(await redis.command('PTTL', 'test:{delivered}:ack')).toMatch(/^:3[56]\d{5}\r\n$/);
    // Repeated, because its answer was lost.
    const again = await log.append(token, `${token}-4`, { ...more, entries: [entry(token, 5)] });
    expect(again).toEqual({ kind: 'hole', lastId: `${token}-5` });
    expect((await log.readAll()).entries.map(({ marks }) => marks)).toEqual(['h', 'mh', 'a', '', '']);
  });

  it('keeps the number of the last dropped event when an earlier append arrives after a later one', async () => {
    const log = logOf('late', 'a');
    const token = await claimed(log);
    const entries = [1, 2, 3].map((number) => entry(token, number));
    await write(log, token, '0-0', entries);
    const drop = (count: number) => ({
      drop: entries.slice(0, count).map(({ logId }) => logId),
      dropped: count,
      entries: [],
      strip: [],
      delivered: [],
    });
    await log.append(token, `${token}-3`, drop(2));
    // Of a connection that was lost while Redis slept.
    await log.append(token, `${token}-3`, drop(1));
    expect((await log.readAll()).dropped).toBe(2);
  });

  it('reports that it is empty to an owner that remembers a longer one', async () => {
    const log = logOf('vanished', 'a');
    const token = await claimed(log);
    await write(log, token, '0-0', [entry(token, 1)]);
    await redis.command('DEL', 'test:{vanished}:log');
    expect(await write(log, token, `${token}-1`, [entry(token, 2)])).toEqual({ kind: 'hole', lastId: '0-0' });
    expect(await redis.command('EXISTS', 'test:{vanished}:log')).toBe(':0\r\n');
  });

  it('is free after a release', async () => {
    const log = logOf('released', 'a');
    await log.release(await claimed(log), 'alone');
    expect(await logOf('released', 'b').join()).toMatchObject({
      owner: '',
      released: 'alone',
      participants: ['a', 'b'],
    });
  });

  it('stores outcomes of events, and no removed or expired content', async () => {
    const log = logOf('marks', 'a', 60_000);
    const token = await claimed(log);
    const soon = Date.now() + 150;
    await write(log, token, '0-0', [entry(token, 1), entry(token, 2, { expiresAt: soon }), entry(token, 3)]);
    await log.mark('h', [`${token}-1`, `${token}-3`]);
    await log.mark('x', [`${token}-3`]);
    await log.removeContent([`${token}-3`]);
    await log.mark('a', [`${token}-1`]);
    await expect.poll(async () => (await log.readAll()).entries[1]?.text).toBeUndefined();
    const { entries } = await log.readAll();
    expect(entries.map(({ marks }) => marks)).toEqual(['a', '', 'hx']);
    expect(entries.map(({ text }) => text)).toEqual(['canary-content 1', undefined, undefined]);
  });

  it('returns no entries of other callers, and reveals no content or credential', async () => {
    const [log, other] = [logOf('mine', 'a'), logOf('other', 'a')];
    const token = await claimed(log);
    await write(log, token, '0-0', [entry(token, 1)]);
    await claimed(other);
    for (const key of ['log', `c:${token}-1`]) await redis.command('COPY', `test:{mine}:${key}`, `test:{other}:${key}`);
    expect((await other.readAll()).entries).toMatchObject([{ text: undefined, isUnreadable: true }]);
    for (const key of (await redis.command('KEYS', '*')).split('\r\n').filter((line) => line.startsWith('test:'))) {
      expect(await redis.command('DUMP', key)).not.toContain('canary');
    }
  });
});

describe('the replicas', () => {
  const names = new KeyNames('replicas');
  const membership = (replica: string) =>
    new Membership({
      client: connection.client,
      names,
      replica,
      leaseMs: 400,
      onUp() {},
      onAway() {},
      onOtherFormat() {},
    });

  it('count as dead a lease after their last heartbeat, for a replica that has observed a whole lease', async () => {
    const [one, two] = [membership('one'), membership('two')];
    await Promise.all([one.start(), two.start()]);
    two.close();
    expect(one.isDead('two')).toBe(false);
    expect(one.isDead('unknown')).toBe(false);
    await waitUntil(() => one.isDead('two'));
    expect(one.isDead('one')).toBe(false);
    await connection.client.del(names.members);
    await waitUntil(() => !one.isDead('two'));
    one.close();
  });

  it('count as alive after a sign of life since the last heartbeat', async () => {
    const one = membership('early');
    await one.start();
    // It trusts its list after a lease.
    await waitUntil(() => one.isDead('late'));
    one.recordAlive('late', Date.now());
    expect(one.isDead('late')).toBe(false);
    await waitUntil(() => one.isDead('late'));
    one.close();
  });

  it('get messages in order, and detect lost ones', async () => {
    const got: string[] = [];
    let lost = 0;
    const mailbox = (replica: string) =>
      new Mailbox({
        connection,
        names,
        replica,
        blockMs: 100,
        isDead: () => false,
        onAlive: () => {},
        onMessage: (_from, message) => void got.push(message.n),
        onLoss: () => {
          lost += 1;
        },
      });
    const [sender, receiver] = [mailbox('sender'), mailbox('receiver')];
    const send = (n: string) => sender.send('receiver', { k: 'wake', n, t: '1' } satisfies Message);
    receiver.start();
    for (let count = 1; count <= 50; count += 1) send(String(count));
    await waitUntil(() => got.length === 50);
    expect(got).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 1)));
    expect(lost).toBe(0);
    await receiver.close(0);
    const late = mailbox('receiver');
    send('51');
    await expect.poll(() => connection.client.xlen(names.inbox('receiver'))).toBe(2);
    const all = await connection.client.xrange(names.inbox('receiver'), '-', '+');
    const [newest] = all.at(-1) ?? [];
    if (newest === undefined) throw new Error('nothing sent');
    await connection.client.xdel(names.inbox('receiver'), newest);
    send('52');
    late.start();
    await waitUntil(() => got.at(-1) === '52');
    expect(lost).toBe(1);
    await Promise.all([sender.close(0), late.close(0)]);
  });
});

describe('the connection for commands', () => {
  it('sends the commands of one turn in one write, so that Redis reads them at once', async () => {
    const logs = Array.from({ length: 50 }, (_, index) => logOf(`together-${index}`, 'a'));
    const reads = async () => Number(/total_reads_processed:(\d+)/.exec(await redis.command('INFO', 'stats'))?.[1]);
    const before = await reads();
    await Promise.all(
      logs.map(async (log) => {
        await new Promise<void>((resolve) => atTurnEnd(resolve));
        await log.join();
      }),
    );
    expect((await reads()) - before).toBeLessThan(25);
  });
});
