/** Replicas that share event streams while a node of a Redis Cluster, the master of a Sentinel, or packets to Redis are lost. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { KeyNames } from '../../src/cluster/redis/key-names.ts';
import { usedCommands } from '../../src/cluster/redis/used-commands.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { freePort } from '../support/free-port.ts';
import { startFreezingProxy } from '../support/freezing-proxy.ts';
import { ownTime } from '../support/own-time.ts';
import { startRedis } from '../support/redis.ts';
import { type RedisCluster, startRedisCluster, startRedisSentinel } from '../support/redis-topologies.ts';
import { selfSigned } from '../support/self-signed.ts';
import { claimsOf, replicasOf, startOn, startPairOn, stateOf } from '../support/sharing-pair.ts';
import { newSharingCaller, operatorKey, startSharingReplica } from '../support/sharing-replica.ts';
import { startBalancer } from '../support/tcp-balancer.ts';
import { waitUntil } from '../support/wait.ts';

const names = new KeyNames('tc');
const credentialKeys = new CredentialKeys([operatorKey], 1_000);

/** The node of a key. */
async function nodeOf({ nodes }: RedisCluster, key: string): Promise<number> {
  const slot = Number(/:(\d+)/.exec((await nodes[0]?.command('CLUSTER', 'KEYSLOT', key)) ?? '')?.[1]);
  return Math.floor((slot * 3) / 16_384);
}

/** Makes things until one has its keys on the node that is wanted. */
async function until<Thing>(make: () => Thing, fits: (thing: Thing) => Promise<boolean>): Promise<Thing> {
  for (;;) {
    const thing = make();
    if (await fits(thing)) return thing;
  }
}

describe('a node of a Redis Cluster that does not answer while the others do', () => {
  it.each(['log', 'inbox of the follower'])('costs no event when it has the %s', async (what) => {
    const coverage = ['--cluster-require-full-coverage', 'no', '--cluster-node-timeout', '60000'];
    await using redis = await startRedisCluster(coverage, 0);
    await using upstream = await EventUpstream.start();
    upstream.heartbeatMs = 200;
    const members = await nodeOf(redis, names.members);
    const victim = (members + 1) % 3;
    const id = (isVictim: boolean) =>
      until(
        () => `replica-${Math.random().toString(36).slice(2)}`,
        async (replica) => (await nodeOf(redis, names.inbox(replica))) === (isVictim ? victim : members),
      );
    // A busy machine is late by more than the second that a lease has in other tests, and a gap is right after a lease.
    const env = { REDIS_TIMEOUT_MS: '200', REDIS_LEASE_MS: '4000' };
    await using replicas = replicasOf(async (index) =>
      startSharingReplica(redis, upstream, env, await id(what !== 'log' && index === 1)),
    );
    const caller = await until(
      () => newSharingCaller(upstream),
      async ({ authorization }) =>
        (await nodeOf(redis, names.of(credentialKeys.of(createCredential(authorization))).log)) ===
        (what === 'log' ? victim : members),
    );
    const { first, second, atFirst, atSecond } = await startOn(replicas.start, caller);
    await waitUntil(() => caller.stored().length === 0);
    redis.nodes[victim]?.sleep();
    const sleptAt = ownTime();
    for (const event of ['e2', 'e3']) caller.push(event);
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e3')));
    expect(ownTime() - sleptAt).toBeLessThan(10_000);
    expect([stateOf(first, 'alone'), stateOf(second, 'alone')]).toEqual([what === 'log', true]);
    // A newcomer is not kept waiting, and nothing is acknowledged without the log.
    const newcomer = caller.subscribe(second, { after: 'e1' });
    await waitUntil(() => newcomer.got.includes('e3'));
    if (what === 'log') expect(caller.stored()).toEqual(['e2', 'e3']);
    redis.nodes[victim]?.wake();
    await waitUntil(() => caller.stored().length === 0);
    caller.push('e4');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e4')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'e2', 'e3', 'e4'],
      ['e1', 'e2', 'e3', 'e4'],
    ]);
    expect([first, second].map((replica) => stateOf(replica, 'owner')).sort()).toEqual([false, true]);
  });
});

describe('connections to Redis on which packets vanish', () => {
  it('are reopened within four seconds, and no event is lost, repeated or out of order', async () => {
    await using redis = await startRedis();
    await using proxy = await startFreezingProxy(redis.port);
    await using pair = await startPairOn(proxy);
    const { caller, first, second, atFirst, atSecond } = pair;
    // Two of each replica: for commands and for its inbox.
    await waitUntil(() => proxy.live === 4);
    proxy.freeze();
    const frozenAt = ownTime();
    const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const pushing = (async () => {
      for (const id of ids) {
        caller.push(id);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await waitUntil(() => proxy.live === 4);
    expect(ownTime() - frozenAt).toBeLessThan(4_500);
    await pushing;
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.length === 41));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', ...ids],
      ['e1', ...ids],
    ]);
    await waitUntil(() => caller.stored().length === 0 && caller.streams() === 1);
    expect([first, second].filter((replica) => stateOf(replica, 'owner')).length).toBe(1);
  });
});

describe('Sentinel', () => {
  it('moves to another server without an event lost, repeated or out of order', async () => {
    await using redis = await startRedisSentinel();
    await using pair = await startPairOn(redis);
    const { caller, first, second, atFirst, atSecond } = pair;
    const claims = claimsOf(first) + claimsOf(second);
    await redis.master.kill();
    const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
    for (const id of ids) {
      caller.push(id);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.length === 41));
    await waitUntil(() => claimsOf(first) + claimsOf(second) > claims && caller.streams() === 1);
    await waitUntil(() => caller.stored().length === 0);
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', ...ids],
      ['e1', ...ids],
    ]);
  });

  it('moves to one that lacks the last writes without an event lost, repeated or out of order, and without a gap', async () => {
    await using redis = await startRedisSentinel();
    await using pair = await startPairOn(redis);
    const { caller, atFirst, atSecond } = pair;
    // From now on nothing is replicated: the Sentinel would mend that after ten seconds.
    await redis.replica.command('REPLICAOF', '127.0.0.1', '1');
    for (const id of ['w1', 'w2', 'w3']) caller.push(id);
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('w3')));
    const lengthAt = async ({ command }: typeof redis.master) => {
      const [key = ''] = (await command('KEYS', '*:log')).match(/tc:\S+:log/) ?? [];
      return Number(/:(\d+)/.exec(await command('XLEN', key))?.[1]);
    };
    expect((await lengthAt(redis.master)) - (await lengthAt(redis.replica))).toBe(3);
    await redis.master.kill();
    caller.push('w4');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('w4')));
    await waitUntil(() => caller.stored().length === 0 && caller.streams() === 1);
    caller.push('w5');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('w5')));
    expect([atFirst.got, atSecond.got]).toEqual([
      ['e1', 'w1', 'w2', 'w3', 'w4', 'w5'],
      ['e1', 'w1', 'w2', 'w3', 'w4', 'w5'],
    ]);
  });
});

describe('a master that the Sentinel replaced while it did not answer', () => {
  it.each([true, false])(
    'is left before it is demoted, while the Sentinel can be reached or later: %s',
    async (isWatched) => {
      await using redis = await startRedisSentinel();
      const sentinelPort = Number(/:(\d+)#/.exec(redis.url)?.[1]);
      await using wire = await startBalancer([sentinelPort]);
      const url = `redis-sentinel://127.0.0.1:${new URL(wire.url).port}#main`;
      await using upstream = await EventUpstream.start();
      upstream.heartbeatMs = 200;
      // Commands wait for the master longer than the Sentinel does, so that no failure of their own moves them.
      await using replicas = replicasOf(() => startSharingReplica({ url }, upstream, { REDIS_TIMEOUT_MS: '5000' }));
      const caller = newSharingCaller(upstream);
      const first = await replicas.start();
      const atFirst = caller.subscribe(first);
      await waitUntil(() => stateOf(first, 'owner') && caller.streams() === 1);
      await caller.placed(atFirst);
      caller.push('e1');
      await waitUntil(() => atFirst.got.includes('e1') && caller.stored().length === 0);
      if (!isWatched) {
        wire.targets = [];
        wire.cut(sentinelPort);
      }
      // The Sentinel would demote it eight seconds after it answers again: it never does.
      await redis.master.command('ACL', 'SETUSER', 'default', '-replicaof', '-slaveof');
      redis.master.sleep();
      while ((await redis.currentMaster()) === redis.master) await new Promise((resolve) => setTimeout(resolve, 20));
      redis.master.wake();
      wire.targets = [sentinelPort];
      const second = await replicas.start();
      const atSecond = caller.subscribe(second);
      await waitUntil(() => [first, second].every(({ streams }) => streams.gauges.replicas === 2));
      await waitUntil(() => [first, second].some((replica) => stateOf(replica, 'follower')) && caller.streams() === 1);
      expect(await redis.master.command('ROLE')).toContain('master');
      await caller.placed(atSecond);
      caller.push('e2');
      await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('e2')));
      expect([atFirst.got, atSecond.got].map((got) => got.filter((id) => !id.startsWith('typing')))).toEqual([
        ['e1', 'e2'],
        ['e2'],
      ]);
    },
  );
});

describe('a failover to a server that was the master two failovers ago, and has outcomes from that time', () => {
  it('does not order them after later events: a client that resumes gets no earlier event, and current ones a gap', async () => {
    await using redis = await startRedis();
    await using upstream = await EventUpstream.start();
    upstream.heartbeatMs = 200;
    await using replicas = replicasOf(() => startSharingReplica(redis, upstream));
    const caller = newSharingCaller(upstream);
    const { owner, log, marks } = names.of(credentialKeys.of(createCredential(caller.authorization)));
    const copy = async (from: string, to: string) => {
      for (const key of [owner, log, marks]) await redis.command('COPY', key + from, key + to, 'REPLACE');
    };
    const first = await replicas.start();
    const atFirst = caller.subscribe(first);
    await waitUntil(() => stateOf(first, 'owner') && caller.streams() === 1);
    await caller.placed(atFirst);
    caller.push('e1');
    await waitUntil(() => atFirst.got.includes('e1') && caller.stored().length === 0);
    await copy('', ':other');
    caller.push('e2');
    await waitUntil(() => atFirst.got.includes('e2') && caller.stored().length === 0);
    first.redisWire.cut();
    first.upstreamWire.cut();
    await copy('', ':here');
    // The other server has nothing of e2, and its owner is gone.
    await copy(':other', '');
    const second = await replicas.start();
    const atSecond = caller.subscribe(second, { after: 'e1' });
    caller.push('e3');
    await waitUntil(() => atSecond.got.includes('e3') && caller.stored().length === 0);
    await copy(':here', '');
    caller.push('e4');
    await waitUntil(() => atSecond.got.includes('e4') && caller.stored().length === 0);
    const resumed = caller.subscribe(second, { after: 'e3' });
    caller.push('e5');
    await waitUntil(() => [atSecond, resumed].every(({ got }) => got.includes('e5')));
    expect([atSecond.got, resumed.got]).toEqual([
      ['e3', 'e4', 'gap', 'e5'],
      ['e4', 'e5'],
    ]);
  });
});

describe('a Redis Cluster', () => {
  it('loses one master after the other without an event lost, repeated or out of order', async () => {
    await using redis = await startRedisCluster([], 1);
    await using pair = await startPairOn(redis);
    const { caller, atFirst, atSecond } = pair;
    const ids: string[] = [];
    for (const [index, master] of redis.nodes.slice(0, 3).entries()) {
      await master.kill();
      for (let count = 0; count < 20; count += 1) {
        const id = `m${index}-${count}`;
        ids.push(id);
        caller.push(id);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const last = ids.at(-1) ?? '';
      await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes(last)));
      // The last one but one has another master now, and what this one missed was acknowledged.
      await waitUntil(() => caller.stored().length === 0 && caller.streams() === 1);
    }
    // A follower whose inbox was on the node that is gone cannot prove that it missed nothing, if that took a lease.
    for (const { got } of [atFirst, atSecond]) expect(got.filter((id) => id !== 'gap')).toEqual(['e1', ...ids]);
  });
});

describe('a Redis with TLS and a user with the permissions of the README', () => {
  it('suffices for owner and follower, for recalls, resuming and handing over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redis-tls-'));
    const made = selfSigned('redis');
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await Promise.all([writeFile(cert, made.cert), writeFile(key, made.key)]);
    const port = String(await freePort());
    const rights = Object.keys(usedCommands).map((name) => `+${name}`);
    await using redis = await startRedis(
      ['--tls-port', port, '--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert].concat([
        '--user',
        'gateway',
        'on',
        '>hush',
        '~tc:*',
        'resetchannels',
        '-@all',
        ...rights,
      ]),
    );
    const env = { REDIS_CA_FILE: cert, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key };
    await using pair = await startPairOn({ url: `rediss://gateway:hush@127.0.0.1:${port}` }, env);
    const { upstream, caller, first, second, atFirst, atSecond } = pair;
    caller.push('recalled', { body: 'canary' });
    const payload = { client_id: 'message-recalled', status: 'New', is_recalled: true };
    upstream.push(caller.authorization, { id: 'r', json: json('r', 'tigertext:iq:message:status', payload) });
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.includes('r')));
    await waitUntil(() => caller.stored().length === 0);
    const newcomer = caller.subscribe(second, { acknowledge: 'MANUAL' });
    caller.push('e2');
    await waitUntil(() => newcomer.got.includes('e2'));
    newcomer.cancel();
    first.streams.drain();
    await waitUntil(() => stateOf(second, 'owner'));
    expect(await redis.command('ACL', 'LOG')).toBe('*0\r\n');
    await rm(folder, { recursive: true });
  });
});
