/** Time without events for the clients of a killed owner, and for those of its followers. */
import { setTimeout as pause } from 'node:timers/promises';
import { build } from '../support/build.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { startRedis } from '../support/redis.ts';
import { startBalancer } from '../support/tcp-balancer.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile } from './figures.ts';
import { MovingClient } from './moving-client.ts';
import { createRandom } from './random.ts';
import { Replica, routeTo, sharingSettings } from './replica.ts';

export interface TakeoverReport {
  readonly kills: number;
  /** Streams whose owner was killed. */
  readonly takeovers: number;
  readonly lost: number;
  readonly gaps: number;
  /** From the kill to the first event of a stream at each of its clients. */
  readonly p50Ms: number;
  readonly maxMs: number;
}

const eventId = (number: number) => `event-${number}`;
const numberOf = (id: string) => (id.startsWith('event-') ? Number(id.slice('event-'.length)) : undefined);

export async function runTakeover(options: {
  readonly seed: number;
  readonly callers: number;
  readonly kills: number;
}): Promise<TakeoverReport> {
  const { seed, callers, kills } = options;
  await build();
  await using upstream = await EventUpstream.start();
  upstream.heartbeatMs = 500;
  await using redis = await startRedis();
  await using balancer = await startBalancer();
  const env = sharingSettings(redis.url);
  const replicas = [await Replica.start(upstream.url, { env }), await Replica.start(upstream.url, { env })];
  const route = () => routeTo(balancer, replicas);
  route();
  const clients = Array.from({ length: callers * 2 }, (_, index) => {
    const authorization = `Basic ${Buffer.from(`caller${index % callers}:x`).toString('base64')}`;
    const random = createRandom(seed + index);
    const url = `${balancer.url}/graphql`;
    const client = new MovingClient({ url, authorization, transport: 'graphql-ws', random }, numberOf);
    return { client, authorization };
  });
  await using _ending = {
    async [Symbol.asyncDispose]() {
      for (const { client } of clients) client.close();
      await Promise.all(replicas.map((replica) => replica.kill()));
    },
  };
  const authorizations = [...new Set(clients.map(({ authorization }) => authorization))];
  let sent = 0;
  const send = () => {
    sent += 1;
    const id = eventId(sent);
    const event = { id, json: json(id, 'tigertext:iq:update:tag', { token: `tag-${sent}` }) };
    for (const authorization of authorizations) upstream.push(authorization, event);
  };
  const haveAll = () => clients.every(({ client }) => client.judge.received === sent);
  await waitUntil(() => authorizations.every((text) => upstream.streamsOf(text).length > 0), 30_000);
  await pause(2_000);
  send();
  await waitUntil(haveAll, 30_000);
  const silences: number[] = [];
  let takeovers = 0;
  for (let round = 0; round < kills; round += 1) {
    // Every replica trusts its list of replicas a lease after it has started.
    await pause(4_500);
    send();
    await waitUntil(haveAll, 30_000);
    const open = new Map(authorizations.map((text) => [text, upstream.streamsOf(text)]));
    const victim = replicas[round % replicas.length];
    const killing = victim?.kill();
    route();
    const killedAt = performance.now();
    await killing;
    await pause(20);
    const orphans = new Set(authorizations.filter((text) => upstream.streamsOf(text).length === 0 && open.has(text)));
    takeovers += orphans.size;
    send();
    const waiting = new Set(clients.filter(({ authorization }) => orphans.has(authorization)));
    while (waiting.size > 0 && performance.now() - killedAt < 20_000) {
      for (const one of waiting) {
        if (one.client.judge.received < sent) continue;
        silences.push(performance.now() - killedAt);
        waiting.delete(one);
      }
      await pause(5);
    }
    await victim?.start();
    route();
  }
  await waitUntil(haveAll, 20_000).catch(() => {});
  return {
    kills,
    takeovers,
    lost: clients.reduce((sum, { client }) => sum + client.judge.missing(sent).length, 0),
    gaps: clients.reduce((sum, { client }) => sum + client.judge.gaps, 0),
    p50Ms: Math.round(percentile(silences, 0.5)),
    maxMs: Math.round(Math.max(...silences)),
  };
}
