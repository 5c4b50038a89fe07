/** As many events as the owner of a shared stream can take: relayed, encrypted and appended. The upstream is another process. */

import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { KeyNames } from '../../src/cluster/redis/key-names.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { startRedis } from '../support/redis.ts';
import { operatorKey, startSharingHub } from '../support/sharing-replica.ts';
import { waitUntil } from '../support/wait.ts';
import { take } from './event-hub.ts';
import { rounded } from './figures.ts';
import { startUpstreamProcess } from './upstream-process.ts';

export async function runSharedThroughput({ events }: { readonly events: number }) {
  await using redis = await startRedis(['--stream-node-max-bytes', '1024']);
  await using upstream = await startUpstreamProcess();
  const { hub, streams, close } = await startSharingHub({ UPSTREAM_URL: upstream.url, REDIS_URL: redis.url }, 'one');
  await using _hub = { [Symbol.asyncDispose]: close };
  const credential = createCredential(`Basic ${Buffer.from('throughput:x').toString('base64')}`);
  const { owner } = new KeyNames('tc').of(new CredentialKeys([operatorKey], 1).of(credential));
  const appended = async () => Number(/\d+(?=\r\n$)/.exec(await redis.command('HGET', owner, 'n'))?.[0]);
  const subscription = hub.subscribe(credential, { wants: () => true, acknowledge: 'AUTO' });
  await waitUntil(() => streams.gauges.states['owner'] === 1);
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the stream opens
  upstream.order({ kind: 'flood', events });
  const { startedAt, cpu } = await take(subscription, events);
  for (let last = -1; (await appended()) > last && last < events; ) {
    last = await appended();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const info = await redis.command('INFO', 'cpu');
  const redisCpu = [...info.matchAll(/used_cpu_(?:sys|user)_main_thread:([\d.]+)/g)].reduce(
    (sum, [, text]) => sum + Number(text),
    0,
  );
  return {
    events,
    lost: events - (await appended()),
    perSecond: Math.round(events / seconds),
    cpuMicrosecondsPerEvent: rounded((user + system) / events),
    perSecondOfOneCore: Math.round(1e6 / ((user + system) / events)),
    redisMicrosecondsPerEvent: rounded((redisCpu / events) * 1e6),
  };
}
