/** Replicas that share event streams, as hubs of one process in front of one upstream and one Redis. */
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSamples, wireName } from '../support/event-samples.ts';
import { EventUpstream, frame, json } from '../support/event-upstream.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { longLease } from '../support/sharing-pair.ts';
import { newSharingCaller, type SharingReplica, startSharingReplica } from '../support/sharing-replica.ts';
import { waitUntil } from '../support/wait.ts';

let redis: RedisServer;
let upstream: EventUpstream;
let one: SharingReplica;
let two: SharingReplica;
let three: SharingReplica;

const start = () => startSharingReplica(redis, upstream, longLease);

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startRedis(), EventUpstream.start()]);
  upstream.heartbeatMs = 200;
  [one, two, three] = await Promise.all([start(), start(), start()]);
});

afterAll(async () => {
  await Promise.all([one, two, three].map((replica) => replica[Symbol.asyncDispose]()));
  await upstream[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

/** The word, and its base64 wherever in a text it begins. */
const inAnyForm = (word: string) => [
  word,
  ...[0, 1, 2].map((before) => {
    const coded = Buffer.from(`${'x'.repeat(before)}${word}`).toString('base64');
    return coded.slice(before === 0 ? 0 : before + 1, -4);
  }),
];

const newCaller = () => newSharingCaller(upstream);

describe('a caller with subscribers on several replicas', () => {
  it('has one upstream stream, and all get each event once; it is acknowledged when all have it', async () => {
    const caller = newCaller();
    const first = caller.subscribe(one);
    await waitUntil(() => caller.streams() === 1);
    const others = [caller.subscribe(two), caller.subscribe(three)];
    await caller.placed(first, ...others);
    for (let count = 1; count <= 20; count += 1) caller.push(`e${count}`);
    const all = Array.from({ length: 20 }, (_, index) => `e${index + 1}`);
    // What else came shows below.
    for (const { got } of [first, ...others]) await waitUntil(() => got.includes('e20'));
    for (const { got } of [first, ...others]) expect(got).toEqual(all);
    await waitUntil(() => caller.stored().length === 0);
    expect(caller.streams()).toBe(1);
    const resumed = caller.subscribe(two, { after: 'e15' });
    await waitUntil(() => resumed.got.length === 5);
    expect(resumed.got).toEqual(all.slice(15));
    for (const { cancel } of [first, resumed, ...others]) cancel();
  });

  it('continues on another replica when the owner leaves, after the events its client has', async () => {
    const caller = newCaller();
    const first = caller.subscribe(one);
    await waitUntil(() => caller.streams() === 1);
    const second = caller.subscribe(two);
    await caller.placed(first, second);
    caller.push('a');
    await waitUntil(() => second.got.length === 1 && first.got.length === 1);
    first.cancel();
    await waitUntil(() => two.streams.gauges.states['owner'] === 1);
    caller.push('b');
    await waitUntil(() => second.got.includes('b'));
    const third = caller.subscribe(three, { after: 'a' });
    await waitUntil(() => third.got.length === 1);
    expect([second.got, third.got]).toEqual([['a', 'b'], ['b']]);
    second.cancel();
    third.cancel();
  });

  it('continues with a follower when the owner drains, which then follows it until its own clients have gone', async () => {
    const caller = newCaller();
    await using leaving = await start();
    const first = caller.subscribe(leaving);
    await waitUntil(() => caller.streams() === 1);
    const handedOver = () => two.streams.gauges.takeovers['handed_over'] ?? 0;
    const before = handedOver();
    leaving.streams.drain();
    // It has no follower yet: it keeps the stream until one comes.
    caller.push('a');
    await waitUntil(() => first.got.length === 1);
    const second = caller.subscribe(two, { after: 'a' });
    await waitUntil(() => leaving.streams.gauges.states['follower'] === 1);
    caller.push('b');
    await waitUntil(() => [first, second].every(({ got }) => got.includes('b')));
    expect([first.got, second.got]).toEqual([['a', 'b'], ['b']]);
    expect(handedOver()).toBe(before + 1);
    await waitUntil(() => caller.streams() === 1);
    first.cancel();
    second.cancel();
  });

  it('is released with the last client of a draining replica, however long streams linger', async () => {
    const caller = newCaller();
    const settings = { REDIS_LEASE_MS: '4000', STREAM_LINGER_MS: '600000' };
    await using leaving = await startSharingReplica(redis, upstream, settings);
    const first = caller.subscribe(leaving);
    await waitUntil(() => caller.streams() === 1);
    caller.push('a');
    await waitUntil(() => first.got.length === 1);
    leaving.streams.drain();
    first.cancel();
    await waitUntil(() => leaving.hub.stats().streams === 0 && caller.streams() === 0);
    caller.push('b');
    const second = caller.subscribe(two, { after: 'a' });
    await waitUntil(() => second.got.length === 1);
    expect(second.got).toEqual(['b']);
    second.cancel();
  });

  it('has an event unacknowledged until a client acknowledges it: MANUAL on one replica, AUTO on another, acknowledged on a third', async () => {
    const caller = newCaller();
    const auto = caller.subscribe(one);
    await waitUntil(() => caller.streams() === 1);
    const manual = caller.subscribe(two, { acknowledge: 'MANUAL' });
    await caller.placed(auto, manual);
    caller.push('m');
    await waitUntil(() => manual.got.length === 1 && auto.got.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(caller.stored()).toEqual(['m']);
    // It comes back on a replica where another subscriber has had it.
    manual.cancel();
    const back = caller.subscribe(one, { acknowledge: 'MANUAL' });
    await waitUntil(() => back.got.length === 1);
    await caller.acknowledge(three, ['m']);
    expect(caller.stored()).toEqual([]);
    auto.cancel();
    back.cancel();
  });

  it('leaves no readable content or credential in Redis, and no recalled or expired content', async () => {
    const caller = newCaller();
    const subscription = caller.subscribe(one);
    await waitUntil(() => caller.streams() === 1);
    caller.push('canary-id', { body: 'canary-body', ttl: 60, sender_token: 'canary-sender' });
    caller.push('soon', { expire_in: 1 });
    const contents = async () =>
      (await redis.command('KEYS', '*:c:*')).split('\r\n').filter((line) => line.startsWith('tc:'));
    await waitUntil(() => subscription.got.length === 2);
    await expect.poll(async () => (await contents()).length).toBeGreaterThan(1);
    const before = new Set(await contents());
    const keys = (await redis.command('KEYS', '*')).split('\r\n').filter((line) => line.startsWith('tc:'));
    for (const key of keys) {
      expect(key).not.toContain('canary');
      expect(await redis.command('DUMP', key)).not.toMatch(/canary-(?:body|sender|caller)|Y2FuYXJ5/);
    }
    const payload = { client_id: 'message-canary-id', status: 'New', is_recalled: true };
    upstream.push(caller.authorization, { id: 'r', json: json('r', 'tigertext:iq:message:status', payload) });
    await expect.poll(async () => (await contents()).filter((key) => before.has(key)).length).toBe(before.size - 2);
    subscription.cancel();
  });

  it('sends no readable content, name or credential to Redis, in its commands or in its append-only file', async () => {
    const [, , , , folder = ''] = (await redis.command('CONFIG', 'GET', 'dir')).split('\r\n');
    await redis.command('CONFIG', 'SET', 'appendonly', 'yes');
    const monitor = connect(redis.port, '127.0.0.1', () => monitor.write('MONITOR\r\n'));
    let commands = '';
    monitor.setEncoding('latin1').on('data', (text: string) => {
      commands += text;
    });
    await waitUntil(() => commands.startsWith('+OK'));
    const caller = newCaller();
    const first = caller.subscribe(one, { acknowledge: 'MANUAL' });
    await waitUntil(() => caller.streams() === 1);
    const second = caller.subscribe(two);
    await caller.placed(first, second);
    const stored: string[] = [];
    // A remote wipe ends subscriptions.
    const samples = eventSamples.filter(({ name }) => name !== 'remote_wipe');
    for (const [index, { name, payload, passes }] of samples.entries()) {
      const id = `event-${index}`;
      const planted = JSON.parse(JSON.stringify(payload), (key, value: unknown) =>
        typeof value === 'string' && /body|name|text|token|notice/.test(key) ? `planted ${value}` : value,
      );
      if (passes === true) upstream.send(caller.authorization, frame(id, wireName(name), planted));
      else {
        upstream.push(caller.authorization, { id, json: json(id, wireName(name), planted) });
        stored.push(id);
      }
    }
    caller.push('last', { body: 'planted' });
    for (const { got } of [first, second]) await waitUntil(() => got.includes('last'));
    // All but those whose message another sample recalls.
    const had = stored.filter((id) => first.got.includes(id) && second.got.includes(id));
    expect(had.length).toBeGreaterThan(stored.length - 5);
    await caller.acknowledge(two, had);
    await waitUntil(() => !caller.stored().some((id) => had.includes(id)));
    const files = join(folder, 'appendonlydir');
    const appended = await Promise.all((await readdir(files)).map((name) => readFile(join(files, name), 'latin1')));
    await redis.command('CONFIG', 'SET', 'appendonly', 'no');
    monitor.destroy();
    expect(commands.match(/XADD/gi)?.length).toBeGreaterThan(1);
    expect(appended.join('')).toMatch(/XADD/i);
    for (const text of [commands, appended.join('')])
      for (const form of ['planted', 'canary-caller'].flatMap(inAnyForm)) expect(text).not.toContain(form);
    first.cancel();
    second.cancel();
  });

  it('leaves nothing of a recalled message in Redis that a replay had restored for a client of a follower', async () => {
    const caller = newCaller();
    await using owner = await startSharingReplica(redis, upstream, { ...longLease, RESUME_EVENTS: '2' });
    await using follower = await startSharingReplica(redis, upstream, { ...longLease, RESUME_EVENTS: '2' });
    const holding = caller.subscribe(owner, { acknowledge: 'MANUAL' });
    await waitUntil(() => caller.streams() === 1);
    await caller.placed(holding);
    for (const id of ['p1', 'p2', 'p3', 'p4']) caller.push(id, { body: id, ttl: 60 });
    await waitUntil(() => holding.got.length === 4);
    const newcomer = caller.subscribe(follower, { acknowledge: 'MANUAL' });
    await waitUntil(() => newcomer.got.includes('p1'));
    const putBack = async () =>
      (await redis.command('KEYS', '*:c:*-r*')).split('\r\n').filter((line) => line.startsWith('tc:'));
    const before = await putBack();
    expect(before.length).toBeGreaterThan(0);
    for (const id of ['p1', 'p2', 'p3', 'p4']) {
      const payload = { client_id: `message-${id}`, status: 'New', is_recalled: true };
      upstream.push(caller.authorization, {
        id: `r-${id}`,
        json: json(`r-${id}`, 'tigertext:iq:message:status', payload),
      });
    }
    await expect.poll(putBack).toEqual([]);
    holding.cancel();
    newcomer.cancel();
  });
});
