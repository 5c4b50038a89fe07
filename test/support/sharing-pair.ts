/** Two replicas that share the event stream of one caller. */
import { EventUpstream } from './event-upstream.ts';
import { startRedis } from './redis.ts';
import { newSharingCaller, type SharingReplica, startSharingReplica } from './sharing-replica.ts';
import { waitUntil } from './wait.ts';

type SharingCaller = ReturnType<typeof newSharingCaller>;

export const leaseMs = 1_000;

/**
 * A lease within which a slow machine gets to everything: for tests in which no replica may count as dead, and in which each has a
 * stream before it lacks the proof that it missed nothing. With `leaseMs`, the machine may be late by a fifth of a second at most.
 */
export const longLease = { REDIS_LEASE_MS: '8000' };

export const stateOf = ({ streams }: SharingReplica, state: string) => streams.gauges.states[state] === 1;

/** Streams that a replica took over so far. One that lost Redis counts as the owner until it has Redis again. */
export const claimsOf = ({ streams }: SharingReplica) =>
  Object.values(streams.gauges.takeovers).reduce((sum, count) => sum + count, 0);

/**
 * An owner and a follower with their own upstream and Redis.
 * @param hasEvent Whether both have received a first event.
 * @param maxBehindMs Default: that of the gateway.
 */
export async function startPair(env: Readonly<Record<string, string>> = {}, hasEvent = true, maxBehindMs?: number) {
  const [redis, upstream] = await Promise.all([startRedis(), EventUpstream.start()]);
  upstream.heartbeatMs = 200;
  const start = () =>
    startSharingReplica(redis, upstream, { REDIS_LEASE_MS: String(leaseMs), ...env }, undefined, maxBehindMs);
  const caller = newSharingCaller(upstream);
  const { first, second, atFirst, atSecond } = await startBoth(start, caller);
  if (hasEvent) {
    await haveFirst(caller, atFirst, atSecond);
    await waitUntil(() => caller.stored().length === 0);
  }
  return {
    redis,
    upstream,
    start,
    first,
    second,
    caller,
    atFirst,
    atSecond,
    async [Symbol.asyncDispose]() {
      for (const { cancel } of [atFirst, atSecond]) cancel();
      await Promise.all([first[Symbol.asyncDispose](), second[Symbol.asyncDispose]()]);
      await Promise.all([upstream[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
    },
  };
}

export type SharingPair = Awaited<ReturnType<typeof startPair>>;

/** Starts replicas, each with its index, and ends them together. */
export function replicasOf(one: (index: number) => Promise<SharingReplica>) {
  const started: SharingReplica[] = [];
  return {
    async start() {
      const replica = await one(started.length);
      started.push(replica);
      return replica;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map((replica) => replica[Symbol.asyncDispose]()));
    },
  };
}

/** An owner and a follower that both have `e1`. */
export async function startOn(start: () => Promise<SharingReplica>, caller: SharingCaller) {
  const pair = await startBoth(start, caller);
  await haveFirst(caller, pair.atFirst, pair.atSecond);
  return pair;
}

/** The same on a Redis that is there, with an upstream of their own. */
export async function startPairOn(
  redis: Parameters<typeof startSharingReplica>[0],
  env: Readonly<Record<string, string>> = { REDIS_LEASE_MS: '4000' },
) {
  const upstream = await EventUpstream.start();
  upstream.heartbeatMs = 200;
  const replicas = replicasOf(() => startSharingReplica(redis, upstream, env));
  const caller = newSharingCaller(upstream);
  return {
    upstream,
    caller,
    ...(await startOn(replicas.start, caller)),
    async [Symbol.asyncDispose]() {
      await replicas[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** An owner and a follower, each with a subscriber that has its place. */
async function startBoth(start: () => Promise<SharingReplica>, caller: SharingCaller) {
  const [first, second] = [await start(), await start()];
  const atFirst = caller.subscribe(first);
  await waitUntil(() => stateOf(first, 'owner') && caller.streams() === 1);
  const atSecond = caller.subscribe(second);
  await waitUntil(() => stateOf(second, 'follower'));
  await caller.placed(atFirst, atSecond);
  return { first, second, atFirst, atSecond };
}

async function haveFirst(caller: SharingCaller, ...subscribers: readonly { readonly got: readonly string[] }[]) {
  caller.push('e1');
  await waitUntil(() => subscribers.every(({ got }) => got.length === 1));
}
