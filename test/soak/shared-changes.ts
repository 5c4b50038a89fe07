/** How soon a caller's own change shows on other replicas, which have the old value in their caches. */
import { startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { startRedis } from '../support/redis.ts';
import { post } from '../support/stack.ts';
import { percentile, rounded } from './figures.ts';
import { redisSettings } from './replica.ts';

export interface SharedChangesReport {
  readonly changes: number;
  /** First reads after the answer of a change that showed the old value. */
  readonly stale: number;
  /** From the answer of the change to the end of the first read elsewhere that shows it, that read included. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export async function runSharedChanges({ changes }: { readonly changes: number }): Promise<SharedChangesReport> {
  await build();
  await using redis = await startRedis();
  const sandbox = await startSandbox();
  const env = {
    ...redisSettings(redis.url),
    // No entry ends by itself.
    ENTITY_CACHE_MS: '10000',
  };
  await using first = await startGatewayProcess(sandbox.url, { env });
  await using second = await startGatewayProcess(sandbox.url, { env });
  await using third = await startGatewayProcess(sandbox.url, { env });
  const replicas = [first, second, third];
  const nameAt = async (index: number) => {
    const { data } = await post(replicas[index % replicas.length]?.url ?? '', { query: '{ me { displayName } }' });
    return (data as { readonly me?: { readonly displayName: string } } | null | undefined)?.me?.displayName;
  };
  const query = 'mutation ($name: String!) { updateMe(input: { displayName: $name }) { me { displayName } } }';
  const delays: number[] = [];
  let stale = 0;
  for (let change = 0; change < changes; change += 1) {
    const name = `Countess ${change}`;
    await Promise.all(replicas.map((_replica, index) => nameAt(index)));
    await post(replicas[change % replicas.length]?.url ?? '', { query, variables: { name } });
    const changedAt = performance.now();
    if ((await nameAt(change + 1)) !== name) {
      stale += 1;
      while ((await nameAt(change + 1)) !== name);
    }
    delays.push(performance.now() - changedAt);
  }
  await sandbox.close();
  return {
    changes,
    stale,
    p50Ms: rounded(percentile(delays, 0.5)),
    p99Ms: rounded(percentile(delays, 0.99)),
    maxMs: rounded(Math.max(...delays)),
  };
}
