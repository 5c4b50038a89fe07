/** Replicas that share event streams, as hubs of one process in front of one upstream and one Redis. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisConnection } from '../../src/cluster/connection.ts';
import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { SharedStreams } from '../../src/cluster/shared-streams.ts';
import { parseConfig } from '../../src/config/config.ts';
import { createEventHub, type Delivery, type EventHub, type EventSubscription } from '../../src/events/hub.ts';
import { createLog } from '../../src/log.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { everything, messageEvent } from '../support/event-hub.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitUntil } from '../support/wait.ts';

interface Replica {
  readonly hub: EventHub;
  readonly streams: SharedStreams;
  close(): Promise<void>;
}

const operatorKey = Buffer.alloc(32, 5);
let redis: RedisServer;
let upstream: EventUpstream;
let replicas: Replica[];

async function startReplica(): Promise<Replica> {
  const log = createLog('silent');
  const config = parseConfig({
    UPSTREAM_URL: upstream.url,
    REDIS_URL: redis.url,
    REDIS_KEYS: operatorKey.toString('base64'),
    REDIS_LEASE_MS: '1000',
    STREAM_LINGER_MS: '100',
  });
  const { redisUrl, redisKeys } = config;
  if (redisUrl === undefined || redisKeys === undefined) throw new Error('both are set');
  const settings = { ...config, redisUrl, redisKeys };
  const connection = await RedisConnection.open(settings, log);
  const keys = new CredentialKeys(redisKeys, 100);
  const replica = `replica-${Math.random().toString(36).slice(2)}`;
  const streams = new SharedStreams({ connection, keys, operatorKeys: redisKeys, replica, settings, log });
  await streams.start();
  const client = createUpstreamClient({ config: { ...config, upstreamUrl: upstream.url }, log });
  const hub = createEventHub({
    origin: upstream.url,
    settings: config,
    log,
    sharing: streams,
    acknowledge: (credential, ids) => acknowledgeEvents(client.for({ credential, requestId: 'test' }), ids),
  });
  return {
    hub,
    streams,
    async close() {
      await hub.close();
      await streams.close();
      await client.close();
      connection.close();
    },
  };
}

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startRedis(), EventUpstream.start()]);
  upstream.heartbeatMs = 200;
  replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  await upstream[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

let callers = 0;
/** A caller of its own, with what tests do for it. */
function newCaller() {
  callers += 1;
  const authorization = `Basic ${Buffer.from(`canary-caller-${callers}:x`).toString('base64')}`;
  const credential = createCredential(authorization);
  const hubOf = (index: number) => {
    const replica = replicas[index];
    if (replica === undefined) throw new Error('three replicas');
    return replica.hub;
  };
  return {
    authorization,
    push: (id: string, message: object = {}) => upstream.push(authorization, messageEvent(id, message)),
    subscribe: (index: number, options: { after?: string; acknowledge?: 'AUTO' | 'MANUAL' } = {}) =>
      reading(hubOf(index).subscribe(credential, { wants: everything, acknowledge: 'AUTO', ...options })),
    acknowledge: (index: number, ids: string[]) => hubOf(index).acknowledge(credential, ids),
    streams: () => upstream.streamsOf(authorization).length,
    stored: () => upstream.stored(authorization),
  };
}

/** Reads a subscription as it comes, and confirms each item. */
function reading(subscription: EventSubscription) {
  const got: string[] = [];
  const read = () => {
    for (let item: Delivery | undefined = subscription.read(); item !== undefined; item = subscription.read()) {
      got.push(item.kind === 'event' ? item.id : item.kind);
      subscription.ack();
    }
  };
  subscription.onReadable(read);
  read();
  return { got, cancel: () => subscription.cancel() };
}

describe('a caller with subscribers on several replicas', () => {
  it('has one upstream stream, and all get each event once; it is acknowledged when all have it', async () => {
    const caller = newCaller();
    const first = caller.subscribe(0);
    await waitUntil(() => caller.streams() === 1);
    const others = [caller.subscribe(1), caller.subscribe(2)];
    for (let count = 1; count <= 20; count += 1) caller.push(`e${count}`);
    const all = Array.from({ length: 20 }, (_, index) => `e${index + 1}`);
    for (const { got } of [first, ...others]) await waitUntil(() => got.length === 20);
    for (const { got } of [first, ...others]) expect(got).toEqual(all);
    await waitUntil(() => caller.stored().length === 0);
    expect(caller.streams()).toBe(1);
    const resumed = caller.subscribe(1, { after: 'e15' });
    await waitUntil(() => resumed.got.length === 5);
    expect(resumed.got).toEqual(all.slice(15));
    for (const { cancel } of [first, resumed, ...others]) cancel();
  });

  it('goes on elsewhere when the owner leaves, behind what its client has seen', async () => {
    const caller = newCaller();
    const first = caller.subscribe(0);
    await waitUntil(() => caller.streams() === 1);
    const second = caller.subscribe(1);
    caller.push('a');
    await waitUntil(() => second.got.length === 1 && first.got.length === 1);
    first.cancel();
    await waitUntil(() => replicas[1]?.streams.gauges.states['owner'] === 1);
    caller.push('b');
    await waitUntil(() => second.got.includes('b'));
    const third = caller.subscribe(2, { after: 'a' });
    await waitUntil(() => third.got.length === 1);
    expect([second.got, third.got]).toEqual([['a', 'b'], ['b']]);
    second.cancel();
    third.cancel();
  });

  it('has an event unacknowledged until a client names it, wherever: MANUAL on one, AUTO on another, named on a third', async () => {
    const caller = newCaller();
    const auto = caller.subscribe(0);
    await waitUntil(() => caller.streams() === 1);
    const manual = caller.subscribe(1, { acknowledge: 'MANUAL' });
    caller.push('m');
    await waitUntil(() => manual.got.length === 1 && auto.got.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(caller.stored()).toEqual(['m']);
    // It comes back on a replica where another subscriber has had it.
    manual.cancel();
    const back = caller.subscribe(0, { acknowledge: 'MANUAL' });
    await waitUntil(() => back.got.length === 1);
    await caller.acknowledge(2, ['m']);
    expect(caller.stored()).toEqual([]);
    auto.cancel();
    back.cancel();
  });

  it('leaves no content or credential in Redis that can be read, and none of what was recalled or has expired', async () => {
    const caller = newCaller();
    const subscription = caller.subscribe(0);
    await waitUntil(() => caller.streams() === 1);
    caller.push('canary-id', { body: 'canary-body', ttl: 60, sender_token: 'canary-sender' });
    caller.push('soon', { expire_in: 1 });
    const contents = async () =>
      (await redis.command('KEYS', '*:c:*')).split('\r\n').filter((line) => line.startsWith('tc:'));
    await waitUntil(() => subscription.got.length === 2);
    await expect.poll(async () => (await contents()).length).toBeGreaterThan(1);
    const keys = (await redis.command('KEYS', '*')).split('\r\n').filter((line) => line.startsWith('tc:'));
    for (const key of keys) {
      expect(key).not.toContain('canary');
      expect(await redis.command('DUMP', key)).not.toMatch(/canary-(?:body|sender|caller)|Y2FuYXJ5/);
    }
    const before = new Set(await contents());
    const payload = { client_id: 'message-canary-id', status: 'New', is_recalled: true };
    upstream.push(caller.authorization, { id: 'r', json: json('r', 'tigertext:iq:message:status', payload) });
    await expect
      .poll(async () => (await contents()).filter((key) => before.has(key)).length, { timeout: 2_000 })
      .toBe(before.size - 2);
    subscription.cancel();
  });
});
