/** Replicas that share event streams are restarted one after the other, under many callers whose clients come back at once. */
import { setTimeout as pause } from 'node:timers/promises';
import { build } from '../support/build.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { startRedis } from '../support/redis.ts';
import { basic } from '../support/stack.ts';
import { startBalancer } from '../support/tcp-balancer.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile } from './figures.ts';
import { Replica, routeTo, sharingSettings } from './replica.ts';
import { type Subscriber, subscribeTo } from './subscriber.ts';

export interface RollingRestartReport {
  readonly callers: number;
  /** Clients that had to move, over all restarts. */
  readonly moved: number;
  /** Events that a client did not get, got twice, or got out of order; and gaps. */
  readonly lost: number;
  readonly repeated: number;
  readonly disordered: number;
  readonly gaps: number;
  /** From the end of a client's subscription to the event that came to its caller at that moment. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Share of all clients that came back within the busiest 100 ms. */
  readonly mostAtOnce: number;
}

interface Client {
  readonly authorization: string;
  readonly got: string[];
  sent: number;
  endedAt: number;
  gaps: number;
  subscriber: Subscriber | undefined;
}

export async function runRollingRestart(options: {
  readonly callers: number;
  readonly replicas: number;
}): Promise<RollingRestartReport> {
  await build();
  await using upstream = await EventUpstream.start();
  upstream.heartbeatMs = 3_000;
  await using redis = await startRedis(['--stream-node-max-bytes', '1024']);
  await using balancer = await startBalancer();
  const env = sharingSettings(redis.url);
  const replicas: Replica[] = [];
  const route = () => routeTo(balancer, replicas);
  const silences: number[] = [];
  let endedAt: number[] = [];
  let isOver = false;
  const clients = Array.from({ length: options.callers }, (_, index): Client => {
    const authorization = basic(`caller${index}`, 'x');
    return { authorization, got: [], sent: 0, endedAt: 0, gaps: 0, subscriber: undefined };
  });
  const send = (client: Client) => {
    client.sent += 1;
    const id = `event-${client.sent}`;
    upstream.push(client.authorization, { id, json: json(id, 'tigertext:iq:update:tag', { token: id }) });
  };
  const received = (client: Client, text: string) => {
    const [, type, id = ''] = /"__typename":"(\w+)","id":"([^"]+)"/.exec(text) ?? [];
    if (type === 'SubscriptionGap') client.gaps += 1;
    else if (type !== undefined) {
      client.got.push(id);
      if (client.endedAt > 0) silences.push(performance.now() - client.endedAt);
      client.endedAt = 0;
    }
  };
  const connect = async (client: Client): Promise<void> => {
    const { authorization } = client;
    const last = client.got.at(-1);
    const after = last === undefined ? '' : `(after: "${last}")`;
    const query = `subscription { events${after} { __typename id } }`;
    try {
      client.subscriber = await subscribeTo(balancer.url, { authorization, query }, (text) => received(client, text));
    } catch {
      // The replica that the balancer chose is stopping.
      await pause(50);
      return connect(client);
    }
    client.subscriber.socket.once('close', () => {
      if (isOver) return;
      client.endedAt = performance.now();
      endedAt.push(client.endedAt);
      send(client);
      void connect(client);
    });
  };
  const haveAll = () => clients.every(({ got, sent }) => got.length >= sent);
  await using _ending = {
    async [Symbol.asyncDispose]() {
      isOver = true;
      for (const { subscriber } of clients) subscriber?.close();
      await Promise.all(replicas.map((replica) => replica.kill()));
    },
  };
  while (replicas.length < options.replicas) replicas.push(await Replica.start(upstream.url, { env }));
  route();
  for (let index = 0; index < clients.length; index += 25)
    await Promise.all(clients.slice(index, index + 25).map(connect));
  await waitUntil(
    () => new Set([...upstream.streams].map((stream) => stream.authorization)).size === clients.length,
    60_000,
  );
  await pause(5_000);
  for (const client of clients) send(client);
  await waitUntil(haveAll, 30_000);
  let mostAtOnce = 0;
  let moved = 0;
  for (const replica of replicas) {
    // Every replica trusts its list of replicas a lease after it has started.
    await pause(6_000);
    endedAt = [];
    const stopping = replica.stop();
    route();
    await stopping;
    await waitUntil(haveAll, 20_000).catch(() => {});
    moved += endedAt.length;
    const times = endedAt.toSorted((a, b) => a - b);
    const most = Math.max(0, ...times.map((at) => times.filter((other) => other >= at && other < at + 100).length));
    mostAtOnce = Math.max(mostAtOnce, most / options.callers);
    await replica.start();
    route();
  }
  await pause(2_000);
  const numbers = clients.map(({ got }) => got.map((id) => Number(id.slice('event-'.length))));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return {
    callers: options.callers,
    moved,
    lost: sum(clients.map(({ got, sent }) => sent - new Set(got).size)),
    repeated: sum(clients.map(({ got }) => got.length - new Set(got).size)),
    disordered: sum(numbers.map((list) => list.filter((number, index) => number < (list[index - 1] ?? 0)).length)),
    gaps: sum(clients.map(({ gaps }) => gaps)),
    p50Ms: Math.round(percentile(silences, 0.5)),
    p99Ms: Math.round(percentile(silences, 0.99)),
    maxMs: Math.round(Math.max(...silences)),
    mostAtOnce: Number(mostAtOnce.toFixed(3)),
  };
}
