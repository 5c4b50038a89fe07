/** Replicas of builds that share event streams in different formats, on a real Redis. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { Encryption } from '../../src/cluster/log/encryption.ts';
import { EventLog, type NewEntry } from '../../src/cluster/log/event-log.ts';
import { sharedFormat } from '../../src/cluster/log/format.ts';
import { Mailbox } from '../../src/cluster/membership/mailbox.ts';
import { RedisConnection } from '../../src/cluster/redis/connection.ts';
import { KeyNames } from '../../src/cluster/redis/key-names.ts';
import { parseConfig } from '../../src/config/config.ts';
import { connectionStatus } from '../../src/events/record/delivery.ts';
import { createLog } from '../../src/observability/log.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { messageEvent } from '../support/event-hub.ts';
import { EventUpstream } from '../support/event-upstream.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { redisConfig, startReplica } from '../support/replicas.ts';
import { startPair, stateOf } from '../support/sharing-pair.ts';
import { newSharingCaller, operatorKey, startSharingReplica } from '../support/sharing-replica.ts';
import { waitUntil } from '../support/wait.ts';

/** A replica counts as alive for this long. */
async function addMember(redis: RedisServer, replica: string, forMs: number): Promise<void> {
  await redis.command('ZADD', 'tc:{members}', String(Date.now() + forMs), replica);
}

/** The one that asks is left. */
async function connectionsEnd(redis: RedisServer): Promise<void> {
  while ((await redis.command('CLIENT', 'LIST')).match(/^id=/gm)?.length !== 1) await pause(20);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const names = new KeyNames('tc');

/** The log of a caller, and messages, as another owner has them. */
async function startOwner(redis: RedisServer, authorization: string) {
  const redisKeys = [operatorKey];
  const env = {
    UPSTREAM_URL: 'http://127.0.0.1:1',
    REDIS_URL: redis.url,
    REDIS_KEYS: operatorKey.toString('base64'),
    REDIS_TIMEOUT_MS: '60000',
  };
  const config = parseConfig(env);
  if (config.redisUrl === undefined) throw new Error('REDIS_URL is set');
  const settings = { ...config, redisUrl: config.redisUrl, redisKeys };
  const connection = await RedisConnection.open(settings, createLog('silent'));
  const credential = createCredential(authorization);
  const name = new CredentialKeys(redisKeys, 10).of(credential);
  const keys = names.of(name);
  const encryption = new Encryption(redisKeys, credential, name);
  const log = new EventLog({ client: connection.client, keys, encryption, replica: 'owner', contentMs: 60_000 });
  await addMember(redis, 'owner', 60_000);
  const token = (await log.claim({ owner: '', token: '0' }, 'history'))?.token ?? '';
  const followers = new Set<string>();
  const mailbox: Mailbox = new Mailbox({
    connection,
    names,
    replica: 'owner',
    blockMs: 100,
    isDead: () => false,
    onAlive() {},
    onLoss() {},
    onMessage(from, message) {
      if (message.k !== 'hello') return;
      followers.add(from);
      mailbox.send(from, {
        k: 'welcome',
        n: name,
        t: token,
        q: message.q,
        status: connectionStatus('LIVE'),
      });
    },
  });
  mailbox.start();
  let number = 0;
  const logId = () => `${token}-${number}`;
  return {
    token,
    keys,
    /** An entry as replicas of this format write it. */
    async append(eventId: string, more: Partial<NewEntry> = {}) {
      const lastId = number === 0 ? '0-0' : logId();
      number += 1;
      const text = messageEvent(eventId).json;
      const expiresAt = Number.POSITIVE_INFINITY;
      const entry: NewEntry = {
        logId: logId(),
        kind: 'f',
        eventId,
        receivedAt: Date.now(),
        expiresAt,
        overtakenBy: undefined,
        marks: '',
        text,
        ...more,
      };
      await log.append(token, lastId, { entries: [entry], drop: [], strip: [], dropped: 0, delivered: [] });
    },
    async appendOther(...fields: readonly string[]) {
      number += 1;
      await redis.command('XADD', keys.log, logId(), ...fields);
      await redis.command('HSET', keys.owner, 'i', logId());
    },
    wake() {
      for (const follower of followers) mailbox.send(follower, { k: 'wake', n: name, t: token });
    },
    async [Symbol.asyncDispose]() {
      await mailbox.close(0);
      connection.close();
    },
  };
}

const start = (redis: RedisServer) =>
  startReplica('http://127.0.0.1:1', { ...redisConfig(redis.url), shareEventStreams: true, redisLeaseMs: 1_000 });

describe.concurrent('a replica that shares event streams', () => {
  it.each([
    ['2.other', '2'],
    ['an-older-build', '0'],
  ])('does not start while one of another format is alive: %s', async (replica, format) => {
    await using redis = await startRedis();
    await addMember(redis, replica, 60_000);
    await expect(start(redis)).rejects.toThrow(
      `SHARE_EVENT_STREAMS: replicas that share event streams in format ${format} are alive at this Redis, this one has format 1; stop all of one format before the other starts.`,
    );
    await connectionsEnd(redis);
    // It does not count as alive itself, so that it keeps no other from starting.
    expect(await redis.command('ZCARD', 'tc:{members}')).toBe(':1\r\n');
  });

  it('starts once stopped replicas of another format no longer count as alive', async () => {
    await using redis = await startRedis();
    await addMember(redis, '2.other', 700);
    const { gateway } = await start(redis);
    expect(await redis.command('ZCOUNT', 'tc:{members}', String(Date.now()), '+inf')).toBe(':1\r\n');
    await gateway.close();
  });

  it('acknowledges nothing and delivers all live events while a replica of another format runs nevertheless', async () => {
    await using pair = await startPair();
    const { redis, upstream, first, second, caller, atFirst, atSecond } = pair;
    await addMember(redis, '2.other', 60_000);
    await waitUntil(() => stateOf(first, 'alone') && stateOf(second, 'alone') && caller.streams() === 2);
    for (const id of ['e2', 'e3']) caller.push(id);
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    const newcomer = caller.subscribe(second);
    caller.push('e4');
    await waitUntil(() => newcomer.got.includes('e4'));
    // A caller who comes now has no log: the one of another format may own it.
    const other = newSharingCaller(upstream);
    const atOther = other.subscribe(first);
    await waitUntil(() => other.streams() === 1);
    await other.placed(atOther);
    other.push('o1');
    await waitUntil(() => atOther.got.includes('o1'));
    await pause(2_500);
    expect((await redis.command('KEYS', 'tc:{*}:own')).match(/tc:/g)).toHaveLength(1);
    expect(other.stored()).toEqual(['o1']);
    expect(caller.stored()).toEqual(['e2', 'e3', 'e4']);
    await redis.command('ZREM', 'tc:{members}', '2.other');
    await waitUntil(() => caller.stored().length === 0 && caller.streams() === 1);
    caller.push('e5');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e5')));
    // Where the machine holds up a stream for longer than its silence may be, a gap is right.
    expect([atFirst.got, atSecond.got].map((got) => got.filter((id) => id !== 'gap'))).toEqual([
      ['e1', 'e2', 'e3', 'e4', 'e5'],
      ['e1', 'e2', 'e3', 'e4', 'e5'],
    ]);
    for (const each of [newcomer, atOther]) each.cancel();
  });

  it('does not resume from a log that a replica of another format has continued', async () => {
    await using redis = await startRedis();
    await using upstream = await EventUpstream.start();
    upstream.heartbeatMs = 200;
    const caller = newSharingCaller(upstream);
    const heard: string[][] = [];
    // Forward, and back again within the life of the log.
    for (const [index, replica] of ['1.first', '2.second', '1.third'].entries()) {
      await using one = await startSharingReplica(redis, upstream, {}, replica);
      const fresh = caller.subscribe(one);
      await waitUntil(() => stateOf(one, 'owner') && caller.streams() === 1);
      await caller.placed(fresh);
      const resumed = index === 0 ? undefined : caller.subscribe(one, { after: 'e0' });
      if (resumed !== undefined) await waitUntil(() => resumed.got.includes('gap'));
      caller.push(`e${index}`);
      await waitUntil(() => fresh.got.includes(`e${index}`) && caller.stored().length === 0);
      if (resumed !== undefined) heard.push(resumed.got);
      for (const each of [fresh, resumed]) each?.cancel();
    }
    expect(heard).toEqual([
      ['gap', 'e1'],
      ['gap', 'e2'],
    ]);
  });
});

describe.concurrent('an entry of the log in an unknown format', () => {
  it.each([[['k', 'f', 'i', 'x']], [['e', '["z","x",0,0]']]])(
    'is a gap each time, and never skipped: %j',
    async (fields) => {
      await using redis = await startRedis();
      await using upstream = await EventUpstream.start();
      const caller = newSharingCaller(upstream);
      await using owner = await startOwner(redis, caller.authorization);
      await using follower = await startSharingReplica(redis, upstream);
      const subscriber = caller.subscribe(follower);
      await waitUntil(() => stateOf(follower, 'follower'));
      for (const id of ['e1', 'e2', 'e3']) {
        await owner.append(id);
        owner.wake();
        await waitUntil(() => subscriber.got.includes(id));
        await owner.appendOther(...fields);
      }
      const resumed = caller.subscribe(follower, { after: 'e2' });
      await owner.append('e4');
      owner.wake();
      await waitUntil(() => [subscriber, resumed].every(({ got }) => got.includes('e4')));
      expect(subscriber.got).toEqual(['e1', 'gap', 'e2', 'gap', 'e3', 'gap', 'e4']);
      expect(resumed.got).toContain('gap');
    },
  );
});

describe('the format of this build', () => {
  it('has these bytes: raise `sharedFormat` when they change', async () => {
    expect(sharedFormat).toBe('1');
    await using redis = await startRedis();
    const authorization = `Basic ${randomBytes(9).toString('base64')}`;
    await using owner = await startOwner(redis, authorization);
    const { token, keys } = owner;
    await owner.append('e1', { receivedAt: 1_700_000_000_000, marks: 'hm', overtakenBy: 'e0' });
    expect(await redis.command('XRANGE', keys.log, '-', '+')).toBe(
      resp([[`${token}-1`, ['e', '["f","e1",1700000000000,0,"e0"]']]]),
    );
    expect(await redis.command('HGETALL', keys.marks)).toBe(resp([`${token}-1`, 'hm']));
    expect(await redis.command('HMGET', keys.owner, 'r', 't', 'v', 'l', 'n', 'i')).toBe(
      resp(['owner', token, `0:${token}`, 'history', '1', `${token}-1`]),
    );
    // As this format wrote it once.
    const identity = { logId: '1-1', eventId: 'e1', kind: 'f', receivedAt: 1 };
    const encryption = new Encryption([operatorKey], { authorization: 'Basic eA==', deviceId: undefined }, 'name');
    expect(
      encryption.decrypt(identity, Buffer.from('ARp31JV9xXfTIS+6fX8Rm0su+YZztO1ta++I2T10aq4YCwhx', 'base64')),
    ).toBe('content');
  });
});

/** A reply as Redis writes it. */
function resp(value: unknown): string {
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(resp).join('')}`;
  const text = String(value);
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}
