/** Deliveries of events: how many a second, how late, and what an idle caller costs. */
import { setTimeout as delay } from 'node:timers/promises';
import { processorSeconds, residentBytes } from '../../support/process-figures.ts';
import { MultipartStream } from '../load/multipart-stream.ts';
import { CountingSocket } from '../load/socket.ts';
import { percentiles } from '../load/steady.ts';
import { authorizationOf } from '../queries.ts';
import { median } from '../statistics.ts';
import { type Relay, startBridge, startGatewayRelay } from '../subjects/relay.ts';
import type { StandIn } from '../upstream/stand-in.ts';

export interface Deliveries {
  readonly relay: string;
  readonly subscribers: number;
  readonly perSecond: number;
  readonly processorMicros: number;
}

export interface Idle {
  readonly relay: string;
  readonly callers: number;
  readonly kibPerCaller: number;
  readonly totalMiB: number;
}

export interface Pace {
  readonly relay: string;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Long enough for any machine; a lost delivery shows as an error instead of a bench that hangs. */
const patienceMs = 60_000;

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endsAt = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > endsAt) throw new Error(`timed out waiting for ${what}`);
    await delay(2);
  }
}

async function subscribe(
  relay: Relay,
  upstream: StandIn,
  count: number,
  sampleEvery: number,
): Promise<CountingSocket[]> {
  const sockets = Array.from(
    { length: count },
    () => new CountingSocket({ url: relay.url, authorization: authorizationOf(0), query: relay.query, sampleEvery }),
  );
  await Promise.all(sockets.map((socket) => socket.ready()));
  await until(async () => (await upstream.openStreams()) >= 1, 'the event stream');
  // Subscriptions are answered by nothing: those just sent are under way for a moment yet.
  await delay(500);
  return sockets;
}

async function unsubscribe(relay: Relay, sockets: readonly CountingSocket[]): Promise<void> {
  for (const socket of sockets) socket.close();
  await relay.stop();
  await delay(200);
}

function delivered(sockets: readonly CountingSocket[]): number {
  return sockets.reduce((sum, socket) => sum + socket.deliveries, 0);
}

export async function timeDeliveries(
  start: (upstreamUrl: string) => Promise<Relay>,
  upstream: StandIn,
  subscribers: number,
  events: number,
): Promise<Deliveries> {
  const relay = await start(upstream.url);
  const sockets = await subscribe(relay, upstream, subscribers, 0);
  const round = async (count: number) => {
    const before = delivered(sockets);
    const startedAt = performance.now();
    const processor = processorSeconds(relay.pid);
    void upstream.emit({ events: count, perSecond: undefined });
    await until(() => delivered(sockets) - before >= count * subscribers, `${count * subscribers} deliveries`);
    return {
      seconds: (performance.now() - startedAt) / 1000,
      processor: processorSeconds(relay.pid) - processor,
    };
  };
  await round(Math.ceil(events / 2));
  const rounds = [await round(events), await round(events), await round(events)];
  await unsubscribe(relay, sockets);
  const deliveries = events * subscribers;
  return {
    relay: relay.name,
    subscribers,
    perSecond: median(rounds.map(({ seconds }) => deliveries / seconds)),
    processorMicros: median(rounds.map(({ processor }) => (processor / deliveries) * 1e6)),
  };
}

export async function measureDeliveries(upstream: StandIn, events: number): Promise<Deliveries[]> {
  const results: Deliveries[] = [];
  for (const subscribers of [1, 100]) {
    const count = Math.ceil(events / (subscribers === 1 ? 1 : 20));
    for (const start of [startBridge, startGatewayRelay]) {
      results.push(await timeDeliveries(start, upstream, subscribers, count));
    }
  }
  return results;
}

/** 200 events a second to 100 subscribers. */
export async function measurePace(upstream: StandIn, seconds: number): Promise<Pace[]> {
  const [subscribers, perSecond] = [100, 200];
  const results: Pace[] = [];
  for (const start of [startBridge, startGatewayRelay]) {
    const relay = await start(upstream.url);
    const sockets = await subscribe(relay, upstream, subscribers, 7);
    const events = perSecond * seconds;
    await upstream.emit({ events, perSecond });
    await until(() => delivered(sockets) >= events * subscribers, 'the last delivery');
    const latencies = percentiles(sockets.flatMap((socket) => socket.latenciesMs));
    await unsubscribe(relay, sockets);
    results.push({ relay: relay.name, deliveriesPerSecond: subscribers * perSecond, ...latencies });
  }
  return results;
}

interface IdleClient {
  ready(): Promise<void>;
  close(): void;
}

type Connect = (relay: Relay, caller: number) => IdleClient;

const overSocket: Connect = ({ url, query }, caller) =>
  new CountingSocket({ url, authorization: authorizationOf(caller), query, sampleEvery: 0 });

const overMultipart: Connect = ({ url, query = '' }, caller) =>
  new MultipartStream({ url, authorization: authorizationOf(caller), query });

/** Callers with one idle subscription and event stream each. */
export async function measureIdle(upstream: StandIn, callers: number): Promise<Idle[]> {
  const results: Idle[] = [];
  for (const [start, name, connect] of [
    [startBridge, 'bridge', overSocket],
    [startGatewayRelay, 'gateway', overSocket],
    [startGatewayRelay, 'gateway, multipart', overMultipart],
  ] as const) {
    const relay = await start(upstream.url);
    const first = connect(relay, 999_999);
    await first.ready();
    await delay(500);
    const before = residentBytes(relay.pid);
    const clients = [first];
    for (let caller = 0; caller < callers; ) {
      const batch = Array.from({ length: Math.min(50, callers - caller) }, () => connect(relay, caller++));
      await Promise.all(batch.map((client) => client.ready()));
      clients.push(...batch);
    }
    await until(async () => (await upstream.openStreams()) >= callers, 'every event stream');
    // Two rounds of heartbeats, so that what each caller holds has been used.
    await delay(10_000);
    const after = residentBytes(relay.pid);
    for (const client of clients) client.close();
    await relay.stop();
    results.push({
      relay: name,
      callers,
      kibPerCaller: (after - before) / callers / 1024,
      totalMiB: after / 2 ** 20,
    });
    await until(async () => (await upstream.openStreams()) === 0, 'the streams to close');
  }
  return results;
}

/**
 * More and more idle callers of one gateway.
 * @returns Its resident bytes with one caller, then with each number of further ones.
 */
export async function measureIdleSteps(
  upstream: StandIn,
  steps: readonly number[],
  settleMs: number,
): Promise<readonly number[]> {
  const relay = await startGatewayRelay(upstream.url);
  const clients = [overSocket(relay, 999_999)];
  await clients[0]?.ready();
  await delay(500);
  const bytes = [residentBytes(relay.pid)];
  let callers = 0;
  for (const step of steps) {
    while (callers < step) {
      const batch = Array.from({ length: Math.min(50, step - callers) }, () => overSocket(relay, callers++));
      await Promise.all(batch.map((client) => client.ready()));
      clients.push(...batch);
    }
    await until(async () => (await upstream.openStreams()) > step, 'every event stream');
    await delay(settleMs);
    bytes.push(residentBytes(relay.pid));
  }
  for (const client of clients) client.close();
  await relay.stop();
  await until(async () => (await upstream.openStreams()) === 0, 'the streams to close');
  return bytes;
}
