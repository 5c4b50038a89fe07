/** Callers with a connection and an upstream stream of their own, all in front of the built gateway: memory and delay. */
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { metricOf, processorSeconds, residentBytes } from '../support/process-figures.ts';
import { percentile, rounded } from './figures.ts';
import { delayOf, type Subscriber, streamFrom, subscribeTo } from './subscriber.ts';
import { startUpstreamProcess } from './upstream-process.ts';

export interface CrowdReport {
  readonly callers: number;
  /** Callers that got at least one event. */
  readonly live: number;
  readonly events: number;
  readonly lost: number;
  /** Memory of the gateway per caller: with all subscribed, and with full resume buffers. */
  readonly idleKiBPerCaller: number;
  readonly busyKiBPerCaller: number;
  /** From the upstream's write to the client. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of one core the gateway used in that time. */
  readonly gatewayLoad: number;
}

const query = 'subscription { messageReceived { id message { body createdAt sender { id } } } }';
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function runCrowd(options: {
  readonly callers: number;
  readonly events: number;
  readonly perSecond: number;
  /** Media type of streams over HTTP; WebSockets when left out. */
  readonly accept?: string;
}): Promise<CrowdReport> {
  const { callers, events, perSecond, accept } = options;
  await build();
  await using upstream = await startUpstreamProcess();
  await using gateway = await startGatewayProcess(upstream.url);
  const pid = gateway.child.pid ?? 0;
  const received = new Map<number, number>();
  let delays: number[] = [];
  const join = (index: number) => {
    const authorization = `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`;
    const take = (text: string) => {
      received.set(index, (received.get(index) ?? 0) + 1);
      const delay = delayOf(text);
      if (delay !== undefined) delays.push(delay);
    };
    const subscribing = { authorization, query };
    return accept === undefined
      ? subscribeTo(gateway.url, subscribing, take)
      : streamFrom(gateway.url, subscribing, accept, take);
  };
  const total = () => [...received.values()].reduce((sum, count) => sum + count, 0);
  const relay = async (count: number) => {
    const before = total();
    upstream.order({ kind: 'spread', events: count, perSecond });
    const endsAt = performance.now() + (count / perSecond) * 1_000 + 20_000;
    while (total() - before < count && performance.now() < endsAt) await pause(50);
    return total() - before;
  };

  // The first caller is not measured: it loads modules, and compiles operations and code.
  const sockets: Pick<Subscriber, 'close'>[] = [await join(0)];
  await pause(1_000);
  await relay(2_000);
  const before = residentBytes(pid);
  for (let index = 1; index < callers; index += 20) {
    const batch = Array.from({ length: Math.min(20, callers - index) }, (_, offset) => join(index + offset));
    sockets.push(...(await Promise.all(batch)));
    await pause(20);
  }
  while ((await metricOf(gateway.url, 'tigerconnect_event_streams')) < callers) await pause(100);
  await pause(11_000); // two rounds of heartbeats
  const idle = residentBytes(pid);
  received.clear();
  delays = [];
  const processor = processorSeconds(pid);
  const startedAt = performance.now();
  const arrived = await relay(events);
  const load = (processorSeconds(pid) - processor) / ((performance.now() - startedAt) / 1_000);
  const busy = residentBytes(pid);
  for (const socket of sockets) socket.close();
  return {
    callers,
    live: received.size,
    events,
    lost: events - arrived,
    idleKiBPerCaller: rounded((idle - before) / callers / 1024),
    busyKiBPerCaller: rounded((busy - before) / callers / 1024),
    p50Ms: rounded(percentile(delays, 0.5), 2),
    p99Ms: rounded(percentile(delays, 0.99), 2),
    gatewayLoad: rounded(load, 2),
  };
}
