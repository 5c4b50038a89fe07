/** Two replicas that share the event stream of one caller. */
import { EventUpstream } from './event-upstream.ts';
import { startRedis } from './redis.ts';
import { newSharingCaller, type SharingReplica, startSharingReplica } from './sharing-replica.ts';
import { waitUntil } from './wait.ts';

export const leaseMs = 1_000;

export const stateOf = ({ streams }: SharingReplica, state: string) => streams.gauges.states[state] === 1;

/** Streams that a replica took over so far. One that lost Redis counts as the owner until it has Redis again. */
export const claimsOf = ({ streams }: SharingReplica) =>
  Object.values(streams.gauges.takeovers).reduce((sum, count) => sum + count, 0);

/** An owner and a follower, with an upstream and a Redis of their own, that both have a first event unless there is none. */
export async function startPair(env: Readonly<Record<string, string>> = {}, hasEvent = true) {
  const [redis, upstream] = await Promise.all([startRedis(), EventUpstream.start()]);
  upstream.heartbeatMs = 200;
  const start = () => startSharingReplica(redis, upstream, { REDIS_LEASE_MS: String(leaseMs), ...env });
  const [first, second] = [await start(), await start()];
  const caller = newSharingCaller(upstream);
  const atFirst = caller.subscribe(first);
  await waitUntil(() => stateOf(first, 'owner') && caller.streams() === 1);
  const atSecond = caller.subscribe(second);
  await waitUntil(() => stateOf(second, 'follower'));
  await caller.placed(atFirst, atSecond);
  if (hasEvent) {
    caller.push('e1');
    await waitUntil(() => [atFirst, atSecond].every(({ got }) => got.length === 1));
    if (env['REDIS_LEASE_MS'] === undefined) await waitUntil(() => caller.stored().length === 0);
  }
  return {
    redis,
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
