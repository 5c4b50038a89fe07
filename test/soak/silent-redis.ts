/** How soon a replica notices that packets to Redis vanish without a reset, on each of its connections. */

import { startFreezingProxy } from '../support/freezing-proxy.ts';
import { startRedis } from '../support/redis.ts';
import { redisConfig, startReplicas } from '../support/replicas.ts';
import { waitUntil } from '../support/wait.ts';
import { rounded } from './figures.ts';

export interface SilentRedisReport {
  readonly rounds: number;
  /** Longest time until both connections, for commands and for changes, were made again. */
  readonly maxMs: number;
  /** Rounds after which a change did not show on the other replica. */
  readonly stale: number;
}

export async function runSilentRedis({ rounds }: { readonly rounds: number }): Promise<SilentRedisReport> {
  await using redis = await startRedis();
  await using proxy = await startFreezingProxy(redis.port);
  await using replicas = await startReplicas(2, {
    ...redisConfig(`redis://127.0.0.1:${proxy.port}`),
    entityCacheMs: 10_000,
  });
  const [first, second] = replicas.all;
  const query = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';
  const nameAt = async () => JSON.stringify((await second?.query('{ me { displayName } }'))?.data);
  let maxMs = 0;
  let stale = 0;
  for (let round = 0; round < rounds; round += 1) {
    await waitUntil(() => proxy.live === 4);
    proxy.freeze();
    const frozenAt = performance.now();
    await waitUntil(() => proxy.live === 4);
    maxMs = Math.max(maxMs, performance.now() - frozenAt);
    const name = `Countess ${round}`;
    // The connections are there, and then their first answers.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await nameAt();
    await first?.query(query, { name });
    if (!(await nameAt()).includes(name)) stale += 1;
  }
  return { rounds, maxMs: rounded(maxMs), stale };
}
