/**
 * Faults under load, end to end: a gateway between clients, every other one over SSE instead of graphql-transport-ws, and an
 * upstream that breaks in every way it can. Every event carries a number; each client writes down what it gets.
 */
import { createParser } from 'eventsource-parser';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/log.ts';
import { EventUpstream, frame, json } from '../support/event-upstream.ts';
import { keeping, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { createRandom, type Random } from './random.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly callers: number;
  /** Of all callers together. */
  readonly eventsPerSecond: number;
  readonly faults: number;
  readonly seconds: number;
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
  /** Gaps that stand for a frame over STREAM_MAX_FRAME. */
  readonly skipped: number;
  /** Events the upstream still had as unacknowledged in the end. */
  readonly unacknowledged: number;
}

const streamSilenceMs = 1_500;

interface ChaosResult {
  readonly data?: {
    readonly events: { readonly id: string; readonly __typename: string; readonly gapReason?: string };
  } | null;
  readonly errors?: unknown;
}

type Listen = (
  operation: { readonly authorization: string; readonly variables: object },
  onResult: (result: ChaosResult) => void,
) => { leave(): void | Promise<void> };

const query =
  'subscription ($after: ID) { events(after: $after) { __typename id ... on SubscriptionGap { gapReason } } }';

const overWebSocket =
  (url: string): Listen =>
  ({ authorization, variables }, onResult) => {
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization },
    });
    client.subscribe(
      { query, variables: { ...variables } },
      { next: (result) => onResult(result as ChaosResult), error: () => {}, complete: () => {} },
    );
    return {
      leave() {
        client.terminate();
        return client.dispose();
      },
    };
  };

const overSse =
  (url: string): Listen =>
  ({ authorization, variables }, onResult) => {
    const abort = new AbortController();
    const read = async () => {
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json', authorization };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(url, { method: 'POST', headers, body, signal: abort.signal });
      const parser = createParser({
        onEvent: ({ event, data }) => {
          if (event === 'next') onResult(JSON.parse(data));
        },
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
    };
    read().catch(() => {}); // the stream was left, or broke: what is lost shows in the end
    return { leave: () => abort.abort() };
  };

/** One client with its subscription, and every one before it. */
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
  #connection: { leave(): void | Promise<void> } | undefined;
  #lastId: string | undefined;

  constructor(url: string, index: number) {
    this.#listen = index % 2 === 0 ? overWebSocket(url) : overSse(url);
    this.authorization = `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`;
  }

  connect(): void {
    this.subscriptions += 1;
    let last = 0;
    const seen = new Set<number>();
    const variables = { after: this.#lastId ?? null };
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

  /** Leaves without a word, as a phone in a lift does, and comes back. */
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

type Fault = (upstream: EventUpstream, caller: ChaosCaller, random: Random) => void | Promise<void>;

const later = (milliseconds: number, act: () => void) => setTimeout(act, milliseconds);
const each = (upstream: EventUpstream, caller: ChaosCaller) => upstream.streamsOf(caller.authorization);

/** The next openings get this answer instead of a stream. */
function refuse(upstream: EventUpstream, status: number, times: number, headers = {}): void {
  let left = times;
  upstream.onOpen = (_request, response) => {
    if (left === 0) return false;
    left -= 1;
    response.writeHead(status, headers).end();
    return true;
  };
}

const faults: Readonly<Record<string, Fault>> = {
  reset: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  close: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.end();
  },
  stall: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.stall();
  },
  'half a frame': (upstream, caller) => {
    for (const stream of each(upstream, caller)) {
      stream.write('data: {"event_id":"event-0","event":{"tigertext:iq:upd');
      stream.destroy();
    }
  },
  garbage: (upstream, caller) => upstream.send(caller.authorization, 'data: {"event_id\ndata: \u0000é\n\n:x\n\n'),
  duplicate: (upstream, caller) => {
    const text = event(Math.max(1, caller.sent));
    upstream.send(caller.authorization, `data: ${text.json}\n\n`);
  },
  reconnect: (upstream, caller) =>
    upstream.send(caller.authorization, frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:reconnect', {})),
  oversize: (upstream, caller) => upstream.send(caller.authorization, `data: ${'x'.repeat(200_000)}\n\n`),
  'refusal 503': (upstream, caller, random) => {
    refuse(upstream, 503, 1 + random.below(3));
    for (const stream of each(upstream, caller)) stream.end();
  },
  'refusal 429': (upstream, caller) => {
    refuse(upstream, 429, 1, { 'retry-after': '1' });
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'refusal 204': (upstream, caller) => {
    refuse(upstream, 204, 1);
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'no advisories': (upstream, caller) => {
    upstream.advises = !upstream.advises;
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'acknowledgements fail': (upstream) => {
    upstream.acknowledgeStatus = 503;
    later(700, () => {
      upstream.acknowledgeStatus = 204;
    });
  },
  restart: async (upstream, _caller, random) => {
    const port = Number(new URL(upstream.url).port);
    await upstream.stop();
    await new Promise((resolve) => setTimeout(resolve, random.below(400)));
    await upstream.listen(port);
  },
  'client drops': (_upstream, caller) => caller.reconnect(),
};

function event(number: number) {
  const id = `event-${number}`;
  return { id, json: json(id, 'tigertext:iq:update:tag', { token: `tag-${number}` }) };
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
  const callers = Array.from({ length: options.callers }, (_, index) => new ChaosCaller(url, index));
  for (const caller of callers) caller.connect();
  await waitUntil(() => upstream.streams.size === callers.length, 30_000);

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
      const caller = random.pick(callers);
      caller.sent += 1;
      upstream.push(caller.authorization, event(caller.sent));
    }
    while ((faultTimes[0] ?? Number.POSITIVE_INFINITY) <= elapsed) {
      faultTimes.shift();
      const name = random.pick(names);
      counts[name] = (counts[name] ?? 0) + 1;
      await faults[name]?.(upstream, random.pick(callers), random);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  upstream.onOpen = undefined;
  upstream.acknowledgeStatus = 204;
  const unacknowledged = () =>
    callers.reduce((sum, { authorization }) => sum + upstream.stored(authorization).length, 0);
  // What is late is not lost: everything has this long to arrive and to be acknowledged.
  await waitUntil(() => callers.every(({ lost }) => lost === 0) && unacknowledged() === 0, 60_000).catch(() => {});
  const total = (count: (caller: ChaosCaller) => number) => callers.reduce((sum, caller) => sum + count(caller), 0);
  const report: ChaosReport = {
    events,
    faults: counts,
    subscriptions: total((caller) => caller.subscriptions),
    lost: total((caller) => caller.lost),
    repeated: total((caller) => caller.repeated),
    disordered: total((caller) => caller.disordered),
    failed: total((caller) => caller.failed),
    gaps: total((caller) => caller.gaps),
    skipped: total((caller) => caller.skipped),
    unacknowledged: unacknowledged(),
  };
  for (const caller of callers) await caller.close();
  return report;
}
