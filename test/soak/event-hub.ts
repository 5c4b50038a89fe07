/** How fast, how soon, and with how much memory events are relayed; the upstream is another process. */
import { getHeapSnapshot } from 'node:v8';
import { parseConfig } from '../../src/config/config.ts';
import { createEventHub, type EventHub } from '../../src/events/hub.ts';
import { createLog } from '../../src/observability/log.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded, settledMemory } from './figures.ts';
import { startUpstreamProcess } from './upstream-process.ts';

interface RunningHub extends AsyncDisposable {
  readonly hub: EventHub;
  order: Awaited<ReturnType<typeof startUpstreamProcess>>['order'];
}

async function startHub(): Promise<RunningHub> {
  const upstream = await startUpstreamProcess();
  const log = createLog('silent');
  const config = { ...parseConfig({}), upstreamUrl: upstream.url };
  const client = createUpstreamClient({ config, log });
  const hub = createEventHub({
    origin: upstream.url,
    settings: config,
    log,
    acknowledge: (credential, ids) => acknowledgeEvents(client.for({ credential, requestId: 'soak' }), ids),
  });
  return {
    hub,
    order: upstream.order,
    async [Symbol.asyncDispose]() {
      await hub.close();
      await client.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

function subscribe(hub: EventHub, name: string) {
  const credential = createCredential(`Basic ${Buffer.from(`${name}:x`).toString('base64')}`);
  return hub.subscribe(credential, { wants: () => true, acknowledge: 'AUTO' });
}

/** When the upstream wrote the event; undefined for other events. */
function writtenAt(event: { readonly type: string; readonly message?: unknown }): number {
  const { body = '' } = event.message as { readonly body?: string }; // the upstream process sends nothing else
  return Number(body.slice(0, body.indexOf(' ')));
}

/** Reads as many deliveries. @returns When the first came, and the processor time used when it began to wait for it. */
export async function take(subscription: AsyncIterable<unknown>, events: number) {
  let taken = 0;
  let startedAt = 0;
  const cpu = process.cpuUsage();
  for await (const _delivery of subscription) {
    if (taken === 0) startedAt = performance.now();
    taken += 1;
    if (taken === events) break;
  }
  return { startedAt, cpu };
}

/** One subscriber, as many events as it can take. */
export async function runThroughput({ events }: { readonly events: number }) {
  await using running = await startHub();
  const subscription = subscribe(running.hub, 'throughput');
  await waitUntil(() => running.hub.stats().streams === 1);
  await new Promise((resolve) => setTimeout(resolve, 500)); // the stream opens
  running.order({ kind: 'flood', events });
  const { startedAt, cpu } = await take(subscription, events);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    events,
    perSecond: Math.round(events / seconds),
    cpuMicrosecondsPerEvent: rounded((user + system) / events),
  };
}

/** Milliseconds between the upstream's write and the subscriber's hand, at a modest pace. */
export async function runDelay(options: {
  readonly callers: number;
  readonly events: number;
  readonly everyMs: number;
}) {
  await using running = await startHub();
  const delays: number[] = [];
  const subscriptions = Array.from({ length: options.callers }, (_, index) => subscribe(running.hub, `caller${index}`));
  for (const subscription of subscriptions) {
    const take = async () => {
      for await (const delivery of subscription) {
        if (delivery.kind !== 'event') continue;
        delays.push(performance.timeOrigin + performance.now() - writtenAt(delivery.event));
      }
    };
    take().catch(() => {}); // ends with the hub
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // the streams open
  running.order({ kind: 'tick', events: options.events, everyMs: options.everyMs });
  await waitUntil(() => delays.length === options.callers * options.events, 120_000);
  return {
    callers: options.callers,
    events: delays.length,
    p50Ms: rounded(percentile(delays, 0.5), 2),
    p99Ms: rounded(percentile(delays, 0.99), 2),
  };
}

/** Memory of callers who wait for events, sockets included. Needs `--expose-gc`. */
export async function runMemory({ callers }: { readonly callers: number }) {
  await using running = await startHub();
  const before = await settledMemory();
  for (let index = 0; index < callers; index += 1) {
    const subscription = subscribe(running.hub, `caller${index}`);
    subscription.next().catch(() => {}); // ends with the hub
    if (index % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 7_000)); // streams are open, a heartbeat has come
  const after = await settledMemory();
  return {
    callers,
    residentKiBPerCaller: rounded((after.rss - before.rss) / callers / 1024),
    heapKiBPerCaller: rounded((after.heapUsed - before.heapUsed) / callers / 1024),
  };
}

/** Messages found in the memory of the process: while they live, and a second after they expired. */
export async function runEphemerality({ events }: { readonly events: number }) {
  await using running = await startHub();
  const stalled = subscribe(running.hub, 'stalled');
  const reading = subscribe(running.hub, 'reading');
  const taken = (async () => {
    let count = 0;
    for await (const delivery of reading) {
      if (delivery.kind === 'event') count += 1;
      if (count === events) return;
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the streams open
  running.order({ kind: 'expiring', events });
  await taken;
  const alive = await marksInHeap();
  await waitUntil(() => running.hub.stats().expired >= events);
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // the bar: nothing is left after this
  await settledMemory();
  const left = await marksInHeap();
  await stalled.return();
  return { events, inMemoryWhileAlive: alive, inMemoryAfterExpiry: left };
}

async function marksInHeap(): Promise<number> {
  const found = new Set<string>();
  let tail = '';
  for await (const chunk of getHeapSnapshot()) {
    const text = tail + String(chunk);
    for (const [mark] of text.matchAll(/canary-[0-9a-f]{16}/g)) found.add(mark);
    tail = text.slice(-32);
  }
  return found.size;
}
