/** A shared stream whose replay has an event after newer ones, and clients that reconnect to other replicas. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { longLease } from '../support/sharing-pair.ts';
import { newSharingCaller, type SharingReplica, startSharingReplica } from '../support/sharing-replica.ts';
import { waitUntil } from '../support/wait.ts';

let redis: RedisServer;
let upstream: EventUpstream;
let one: SharingReplica;
let two: SharingReplica;
let three: SharingReplica;

beforeAll(async () => {
  redis = await startRedis();
  upstream = await EventUpstream.start();
  upstream.heartbeatMs = 200;
  [one, two, three] = await Promise.all([start(), start(), start()]);
});

afterAll(async () => {
  await Promise.all([one, two, three].map((replica) => replica[Symbol.asyncDispose]()));
  await upstream[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

function start(): Promise<SharingReplica> {
  return startSharingReplica(redis, upstream, longLease);
}

/** A caller that had a notice on an earlier stream; its next replay has two newer messages ahead of it. */
function newCaller() {
  const caller = newSharingCaller(upstream);
  const entity = { type: 'tigertext:entity:group', token: 'g' };
  const about = { subject_entity: entity, target_entity: entity, caller_entity: entity };
  for (const id of ['a', 'b']) caller.push(id);
  upstream.push(caller.authorization, {
    id: 'notice',
    json: json('notice', 'tigertext:iq:bang', { bang_id: 'b', event: 'added', ...about }),
  });
  return caller;
}

describe('a client that resumes after a notice that the replay had after newer messages', () => {
  it('gets a gap from a follower, and from a replica that takes over', async () => {
    const caller = newCaller();
    const first = caller.subscribe(one);
    await waitUntil(() => first.got.length === 3);
    const atFollower = caller.subscribe(two, { after: 'notice' });
    await waitUntil(() => atFollower.got.length > 0);
    expect(atFollower.got[0]).toBe('gap');
    await waitUntil(() => caller.stored().length === 0);
    first.cancel();
    await waitUntil(() => one.streams.gauges.states['owner'] === 0 && caller.streams() === 1);
    const elsewhere = caller.subscribe(three, { after: 'notice' });
    await waitUntil(() => elsewhere.got.length > 0);
    const behind = caller.subscribe(three, { after: 'a' });
    await waitUntil(() => behind.got.length === 2);
    expect([elsewhere.got, behind.got]).toEqual([['gap'], ['b', 'notice']]);
    for (const { cancel } of [atFollower, elsewhere, behind]) cancel();
  });

  it.each([
    ['the owner', () => one],
    ['a follower', () => two],
  ])('gets those messages from %s after the gap when no one has received them', async (_who, where) => {
    const caller = newCaller();
    const idle = caller.subscribe(one, { wants: () => false });
    await waitUntil(() => caller.streams() === 1);
    const client = caller.subscribe(where(), { after: 'notice' });
    caller.push('c');
    await waitUntil(() => client.got.includes('c'));
    expect(client.got).toEqual(['gap', 'a', 'b', 'notice', 'c']);
    await waitUntil(() => caller.stored().length === 0);
    idle.cancel();
    client.cancel();
  });
});
