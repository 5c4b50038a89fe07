/**
 * Many clients of one gateway, one of which stops reading its socket: the others must not feel it, little may be held for
 * it, and it is cut off. Rounds with and without the stall take turns, so that whatever else the machine does meets both.
 */
import { build } from '../support/build.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { metricOf, processorSeconds } from '../support/process-figures.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded } from './figures.ts';
import { type Subscriber, subscribeTo } from './subscriber.ts';

export interface SlowClientReport {
  readonly clients: number;
  readonly rounds: number;
  /** Milliseconds from the upstream's write to the client, none stalled: the median of the rounds. */
  readonly p99FreeMs: number;
  /** The same with one stalled, whose socket takes nothing and whose queue fills. */
  readonly p99StalledMs: number;
  readonly p99Ratio: number;
  /** Processor time of the gateway for one delivery, in microseconds: medians. */
  readonly cpuFreeMicros: number;
  readonly cpuStalledMicros: number;
  /** Events the others did not get. */
  readonly lost: number;
  /** Most bytes that waited in the queues of all. */
  readonly mostQueuedBytes: number;
  /** Seconds until the subscription was ended as SLOW_CONSUMER once its queue was being filled; NaN when it was not. */
  readonly cutOffAfterSeconds: number;
}

export interface SlowClientOptions {
  readonly clients: number;
  /** Of each kind. */
  readonly rounds: number;
  readonly events: number;
  readonly everyMs: number;
}

const authorization = `Basic ${Buffer.from('caller:x').toString('base64')}`;
const body = 'x'.repeat(1_000);
const messages = 'subscription { messageReceived { id message { body } } }';
/** The subscription of the stalling client: messages, and the tags that fill its queue. */
const everything =
  'subscription { events { id ... on MessageReceived { message { body } } ... on TagChanged { name } } }';
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function runSlowClient(options: SlowClientOptions): Promise<SlowClientReport> {
  await build();
  await using upstream = await EventUpstream.start();
  await using gateway = await startGatewayProcess(upstream.url, {
    env: { MAX_SUBSCRIBERS_PER_STREAM: '2000', WEB_SOCKET_PING_MS: '60000' },
  });
  const pid = gateway.child.pid ?? 0;
  const metric = (name: string) => metricOf(gateway.url, `tigerconnect_${name}`);
  const sentAt = new Map<string, number>();
  let delays: number[] = [];
  let received = 0;
  let due = 0;
  let fillers = 0;
  let mostQueued = 0;

  const others: Subscriber[] = [];
  while (others.length < options.clients - 1) {
    others.push(
      await subscribeTo(gateway.url, { authorization, query: messages }, (text) => {
        received += 1;
        const id = /"messageReceived":\{"id":"([^"]+)"/.exec(text)?.[1] ?? '';
        delays.push(performance.now() - (sentAt.get(id) ?? Number.NaN));
      }),
    );
  }
  const stalling = await subscribeTo(gateway.url, { authorization, query: everything }, () => {});
  while ((await metric('subscriptions')) < options.clients) await pause(50);

  const fill = async () => {
    const id = `fill${fillers++}`;
    const filler = { token: 't', display_name: 'y'.repeat(60_000) };
    upstream.push(authorization, { id, json: json(id, 'tigertext:iq:update:tag', filler) });
    await pause(5);
    const queued = await metric('events_queued_bytes');
    mostQueued = Math.max(mostQueued, queued);
    return queued;
  };
  const round = async () => {
    delays = [];
    const processor = processorSeconds(pid);
    for (let index = 0; index < options.events; index += 1) {
      const id = `e${sentAt.size}`;
      sentAt.set(id, performance.now());
      upstream.push(authorization, { id, json: json(id, 'tigertext:iq:message', { client_id: id, body }) });
      due += others.length;
      await pause(options.everyMs);
    }
    await waitUntil(() => received >= due).catch(() => {});
    return {
      p99: percentile(delays, 0.99),
      cpu: ((processorSeconds(pid) - processor) / (options.events * others.length)) * 1e6,
    };
  };
  const free: Awaited<ReturnType<typeof round>>[] = [];
  const stalled: typeof free = [];
  const settled = async () => {
    while ((await metric('events_queued')) > 0) await pause(20);
  };
  const stalledRound = async () => {
    const from = fillers;
    stalling.socket.pause();
    // The operating system's buffers hold some megabytes for it; beyond them its queue in the gateway fills.
    while ((await fill()) === 0);
    stalled.push(await round());
    stalling.socket.resume();
    await settled();
    return fillers - from;
  };
  /** With as much to fill the same client with as when it stalled; it reads all of it. */
  const freeRound = async (count: number) => {
    for (let index = 0; index < count; index += 1) await fill();
    await settled();
    free.push(await round());
  };
  await round(); // warms up
  let filled = 100;
  for (let index = 0; index < options.rounds; index += 1) {
    if (index % 2 === 0) await freeRound(filled);
    filled = await stalledRound();
    if (index % 2 === 1) await freeRound(filled);
  }
  stalling.socket.pause();
  const stalledAt = performance.now();
  let cutOffAfter = Number.NaN;
  for (let index = 0; index < 1_000 && Number.isNaN(cutOffAfter); index += 1) {
    await fill();
    if ((await metric('subscribers_dropped_total')) > 0) cutOffAfter = (performance.now() - stalledAt) / 1000;
  }
  for (const client of [stalling, ...others]) client.close();
  const median = (rounds: typeof free, kind: 'p99' | 'cpu') =>
    percentile(
      rounds.map((each) => each[kind]),
      0.5,
    );
  return {
    clients: options.clients,
    rounds: options.rounds,
    p99FreeMs: rounded(median(free, 'p99'), 2),
    p99StalledMs: rounded(median(stalled, 'p99'), 2),
    p99Ratio: rounded(median(stalled, 'p99') / median(free, 'p99'), 3),
    cpuFreeMicros: rounded(median(free, 'cpu'), 2),
    cpuStalledMicros: rounded(median(stalled, 'cpu'), 2),
    lost: due - received,
    mostQueuedBytes: mostQueued,
    cutOffAfterSeconds: rounded(cutOffAfter),
  };
}
