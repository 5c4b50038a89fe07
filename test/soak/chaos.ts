/**
 * Faults under load, end to end: a gateway between clients, every other one over SSE instead of graphql-transport-ws, and an
 * upstream with every kind of failure. Every event has a number, and each client records those that it receives. With `cuts`, each
 * AUTO subscriber has a MANUAL one beside it, and the connections of both are cut all the time.
 */
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { EventUpstream } from '../support/event-upstream.ts';
import { keeping, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { type ChaosConnection, type Listen, overMultipart, overSse, overWebSocket } from './chaos-client.ts';
import { faults, numberedEvent } from './chaos-faults.ts';
import { ManualCaller } from './chaos-manual.ts';
import { createRandom } from './random.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly callers: number;
  /** Of all callers together. */
  readonly eventsPerSecond: number;
  readonly faults: number;
  readonly seconds: number;
  /** Milliseconds between two cuts of one client; undefined: no MANUAL subscribers, and cuts as faults only. */
  readonly cuts?: { readonly least: number; readonly most: number };
}

export interface ChaosReport {
  readonly events: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly subscriptions: number;
  /** Events a caller never got. */
  readonly lost: number;
  /** Events one subscription got twice. */
  readonly repeated: number;
  /** Events that came after a later one on one subscription. */
  readonly disordered: number;
  /** Subscriptions that ended with an error. */
  readonly failed: number;
  readonly gaps: number;
  /** Gaps in the place of a frame over STREAM_MAX_FRAME. */
  readonly skipped: number;
  /** Events the upstream still had as unacknowledged in the end. */
  readonly unacknowledged: number;
  readonly manual?: ManualReport;
}

/** MANUAL subscribers. */
export interface ManualReport {
  readonly subscriptions: number;
  /** Events that were sent, and that no client acknowledged. */
  readonly lost: number;
  /** Events that were received but not acknowledged before a cut, and therefore had to be delivered again. */
  readonly forgotten: number;
  readonly repeated: number;
  readonly disordered: number;
  readonly failed: number;
  readonly gaps: number;
}

const streamSilenceMs = 1_500;

/** A client, with its current and its earlier subscriptions. */
class ChaosCaller {
  readonly authorization: string;
  readonly got = new Set<number>();
  sent = 0;
  subscriptions = 0;
  repeated = 0;
  disordered = 0;
  failed = 0;
  gaps = 0;
  skipped = 0;
  readonly #listen: Listen;
  #connection: ChaosConnection | undefined;
  #lastId: string | undefined;

  constructor(listen: Listen, index: number) {
    this.#listen = listen;
    this.authorization = `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`;
  }

  connect(): void {
    this.subscriptions += 1;
    let last = 0;
    const seen = new Set<number>();
    const variables = { acknowledge: 'AUTO', after: this.#lastId ?? null } as const;
    const connection = this.#listen({ authorization: this.authorization, variables }, ({ data, errors }) => {
      if (errors !== undefined) this.failed += 1;
      if (data == null || connection !== this.#connection) return;
      const { id, __typename, gapReason } = data.events;
      if (__typename === 'SubscriptionGap') {
        if (gapReason === 'TOO_LARGE') this.skipped += 1;
        else this.gaps += 1;
        return;
      }
      if (!id.startsWith('event-')) return;
      const number = Number(id.slice('event-'.length));
      if (seen.has(number)) this.repeated += 1;
      else if (number < last) this.disordered += 1;
      seen.add(number);
      last = number;
      this.got.add(number);
      this.#lastId = id;
    });
    this.#connection = connection;
  }

  /** Disconnects without a close message, as a phone in a lift does, and reconnects. */
  async reconnect(): Promise<void> {
    await this.close();
    this.connect();
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.leave();
  }

  get lost(): number {
    return this.sent - this.got.size;
  }
}

function send(upstream: EventUpstream, caller: ChaosCaller): void {
  caller.sent += 1;
  upstream.push(caller.authorization, numberedEvent(caller.sent));
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = createRandom(options.seed);
  await using upstream = await EventUpstream.start();
  upstream.heartbeatMs = 500;
  const overrides = { streamSilenceMs, streamMaxFrame: 65_536, streamLingerMs: 10_000 };
  const gateway = await startGateway({
    config: testConfig(upstream.url, { ...keeping, ...overrides }),
    log: createLog('silent'),
  });
  await using _closing = { [Symbol.asyncDispose]: () => gateway.close() };
  const url = `${gateway.url}/graphql`;
  const transports = [overWebSocket(url), overSse(url), overMultipart(url)] as const;
  const listenAs = (index: number) => transports[(index % 3) as 0 | 1 | 2];
  const callers = Array.from({ length: options.callers }, (_, index) => new ChaosCaller(listenAs(index), index));
  // Over the other transport than the AUTO subscriber of the same credential.
  const manual = (options.cuts === undefined ? [] : callers).map(
    ({ authorization }, index) => new ManualCaller(gateway.url, authorization, listenAs(index + 1), random),
  );
  // MANUAL first: what an AUTO subscriber received before a MANUAL one existed is not held for it.
  for (const caller of manual) caller.connect();
  await waitUntil(() => upstream.streams.size === manual.length);
  for (const caller of callers) caller.connect();
  await waitUntil(() => upstream.streams.size === callers.length);
  // A client that was cut before its first event has no place to resume at, so that each gets one before the cuts begin.
  for (const caller of callers) send(upstream, caller);
  await waitUntil(() => callers.every(({ lost }) => lost === 0) && manual.every(({ named }) => named.size > 0));

  const clients = [...callers, ...manual];
  const { least, most } = options.cuts ?? { least: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  const pause = () => (most === Number.POSITIVE_INFINITY ? most : least + random.below(most - least));
  const cutAt = clients.map(pause);

  const counts: Record<string, number> = {};
  const faultTimes = Array.from({ length: options.faults }, () => random.next() * options.seconds * 1000).sort(
    (a, b) => a - b,
  );
  const names = Object.keys(faults);
  const start = performance.now();
  let events = 0;
  while (true) {
    const elapsed = performance.now() - start;
    if (elapsed >= options.seconds * 1000) break;
    for (const due = (elapsed / 1000) * options.eventsPerSecond; events < due; events += 1) {
      send(upstream, random.pick(callers));
    }
    while ((faultTimes[0] ?? Number.POSITIVE_INFINITY) <= elapsed) {
      faultTimes.shift();
      const name = random.pick(names);
      counts[name] = (counts[name] ?? 0) + 1;
      await faults[name]?.(upstream, random.pick(callers), random);
    }
    for (const [index, client] of clients.entries()) {
      if ((cutAt[index] ?? 0) > elapsed) continue;
      cutAt[index] = elapsed + pause();
      await client.close();
      client.connect();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  upstream.onOpen = undefined;
  upstream.acknowledgeStatus = 204;
  const unacknowledged = () =>
    callers.reduce((sum, { authorization }) => sum + upstream.stored(authorization).length, 0);
  // Late events are not lost: all have this long to arrive and to be acknowledged.
  const lostBy = ({ named }: ManualCaller, index: number) => (callers[index]?.sent ?? 0) - named.size;
  const isComplete = () => callers.every(({ lost }) => lost === 0) && manual.every((one, at) => lostBy(one, at) === 0);
  const isOver = () => isComplete() && unacknowledged() === 0;
  // An acknowledgement that failed four times is sent again when the upstream replays its events: on the next connection.
  await waitUntil(isOver, 20_000).catch(() => {
    for (const stream of upstream.streams) stream.end();
  });
  await waitUntil(isOver).catch(() => {});
  const total = (count: (caller: ChaosCaller) => number) => callers.reduce((sum, caller) => sum + count(caller), 0);
  const manualReport = (): ManualReport => {
    const sum = (count: (one: ManualCaller, index: number) => number) =>
      manual.reduce((total, one, index) => total + count(one, index), 0);
    return {
      subscriptions: sum((one) => one.subscriptions),
      lost: sum(lostBy),
      forgotten: sum((one) => one.forgotten),
      repeated: sum((one) => one.repeated),
      disordered: sum((one) => one.disordered),
      failed: sum((one) => one.failed),
      gaps: sum((one) => one.gaps),
    };
  };
  const report: ChaosReport = {
    events: total(({ sent }) => sent),
    faults: counts,
    subscriptions: total((caller) => caller.subscriptions),
    lost: total((caller) => caller.lost),
    repeated: total((caller) => caller.repeated),
    disordered: total((caller) => caller.disordered),
    failed: total((caller) => caller.failed),
    gaps: total((caller) => caller.gaps),
    skipped: total((caller) => caller.skipped),
    unacknowledged: unacknowledged(),
    ...(manual.length === 0 ? {} : { manual: manualReport() }),
  };
  for (const client of clients) await client.close();
  return report;
}
