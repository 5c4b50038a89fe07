/**
 * Times builds or settings of the gateway in pairs: each variant alone with the base. Of more than two processes that are timed in turn,
 * the order decides: the first had 1.8 times the throughput of the base and the last 0.5, whatever was changed. Rounds are short and
 * interleaved, and each ratio is of two neighbouring rounds, so a change of the machine's speed affects both sides of a pair.
 */
import { processorSeconds, residentBytes } from '../support/process-figures.ts';
import { compared } from './cases.ts';
import { CountingSocket } from './load/socket.ts';
import { authorizationOf } from './queries.ts';
import { inBothOrders, median } from './statistics.ts';
import { startGateway } from './subjects/gateway.ts';
import { startPeer } from './subjects/peers.ts';
import { relayQuery } from './subjects/relay.ts';
import type { Subject } from './subjects/subject.ts';
import { StandIn } from './upstream/stand-in.ts';

/** A build of the gateway and how it is started. */
export interface VariantStart {
  readonly name: string;
  /** Its `dist/program/main.js`; this tree's when undefined. */
  readonly main?: string | undefined;
  /** Another server in place of the gateway, by its name in `subjects/peers.ts`; it answers queries only. */
  readonly peer?: string | undefined;
  /** Flags of Node after those of `npm start`. */
  readonly flags?: readonly string[];
  /** Settings other than the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Variant {
  readonly name: string;
  readonly subject: Subject & { readonly url: string };
}

interface Figures {
  /** Operations or deliveries in a second. */
  readonly perSecond: number;
  /** Processor time of an operation or a delivery, in microseconds. */
  readonly micros: number;
  /** 99th percentile of the times of queries; not a number for deliveries. */
  readonly p99Ms: number;
  readonly residentMiB: number;
}

/** A round of queries, or of events to one subscriber. */
type Round = (variant: Variant) => Promise<Omit<Figures, 'residentMiB'>>;

async function relayRounds(variants: readonly Variant[], upstream: StandIn, seconds: number): Promise<Round> {
  const sockets = new Map<Variant, CountingSocket>();
  for (const [index, variant] of variants.entries()) {
    const { url } = variant.subject;
    const authorization = authorizationOf(index);
    const socket = new CountingSocket({ url, authorization, query: relayQuery, sampleEvery: 0 });
    await socket.ready();
    sockets.set(variant, socket);
  }
  // A subscription is accepted before its gateway has opened the event stream, and events go to open streams only.
  while ((await upstream.openStreams()) < variants.length) await new Promise((resolve) => setTimeout(resolve, 20));
  const events = Math.ceil(seconds * 10_000);
  const delivered = () => [...sockets.values()].map(({ deliveries }) => deliveries);
  return async (variant) => {
    // Events go to every open stream, so the others are idle only between rounds: each round is timed by its own processor time.
    const socket = sockets.get(variant);
    const [before, startedAt, processor] = [delivered(), performance.now(), processorSeconds(variant.subject.pid)];
    await upstream.emit({ events, perSecond: undefined });
    while (delivered().some((count, index) => count - (before[index] ?? 0) < events)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (performance.now() - startedAt > 60_000)
        throw new Error(`${socket?.deliveries} deliveries of ${events} events`);
    }
    const elapsed = (performance.now() - startedAt) / 1000;
    const used = processorSeconds(variant.subject.pid) - processor;
    return { perSecond: events / elapsed, micros: (used / events) * 1e6, p99Ms: Number.NaN };
  };
}

function queryRounds(name: string, seconds: number): Round {
  const test = compared.find((each) => each.name === name);
  if (test === undefined) throw new Error(`${name} is not a load`);
  return async ({ subject }) => {
    const before = processorSeconds(subject.pid);
    const timing = await subject.time({ ...test, seconds });
    if (timing.wrong > 0 || timing.requests === 0)
      throw new Error(`${timing.wrong} wrong answers of ${timing.requests} under load`);
    const used = processorSeconds(subject.pid) - before;
    const { requests, p99Ms } = timing;
    return { perSecond: requests / timing.seconds, micros: (used / requests) * 1e6, p99Ms };
  };
}

/** A variant's figures for one load, as ratios to the base. */
export interface Comparison {
  readonly load: string;
  readonly name: string;
  /** Operations or deliveries in a second, times the base's. */
  readonly throughput: number;
  /** Processor time of an operation or delivery, times the base's. */
  readonly processorTime: number;
  /** 99th percentile of the times of queries, times the base's. */
  readonly tail: number;
  /** Processor time of an operation or delivery, in microseconds. */
  readonly micros: number;
  /** That of the base. */
  readonly baseMicros: number;
  /** Resident memory after the load. */
  readonly residentMiB: number;
  /** Each round by itself. */
  readonly samples: readonly Sample[];
}

/** A round of a variant beside one of the base. */
export interface Sample {
  readonly throughput: number;
  readonly processorTime: number;
  readonly tail: number;
  /** Resident memory less that of the base. */
  readonly moreMiB: number;
}

export interface CompareOptions {
  readonly loads: readonly string[];
  /** Rounds of each pair. */
  readonly rounds: number;
  readonly seconds: number;
  /** Seconds of load before the first timed round of a process; default 4. */
  readonly warmUpSeconds?: number | undefined;
  /** One process of either side of a pair for all rounds. */
  readonly keep: boolean;
}

/** Compares each variant with the base. @param onResult Called with each comparison as soon as its rounds are done. */
export async function compare(
  base: VariantStart,
  variants: readonly VariantStart[],
  options: CompareOptions,
  onResult: (comparison: Comparison) => void,
): Promise<void> {
  const upstream = await StandIn.start();
  try {
    for (const load of options.loads) {
      await upstream.offerBulk(compared.find((each) => each.name === load)?.bulk ?? true);
      for (const variant of variants) onResult(await comparePair(base, variant, upstream, load, options));
    }
  } finally {
    await upstream.stop();
  }
}

async function comparePair(
  base: VariantStart,
  variant: VariantStart,
  upstream: StandIn,
  load: string,
  { rounds, seconds, warmUpSeconds = 4, keep }: CompareOptions,
): Promise<Comparison> {
  const [ofBase, own]: [Figures[], Figures[]] = [[], []];
  for (let index = 0; index < rounds; index += keep ? rounds : 1) {
    // Every other time goes backwards, so that either follows the other equally often.
    const isReversed = index % 2 === 1;
    const processRounds = { seconds, warmUpSeconds, rounds: keep ? rounds : 1, isReversed };
    await timeProcesses([base, variant], upstream, load, processRounds, [ofBase, own]);
  }
  const samples = own.map((figures, index) => sampleOf(figures, ofBase[index]));
  return {
    load,
    name: variant.name,
    samples,
    throughput: median(inBothOrders(samples.map(({ throughput }) => throughput))),
    processorTime: median(inBothOrders(samples.map(({ processorTime }) => processorTime))),
    tail: median(inBothOrders(samples.map(({ tail }) => tail))),
    micros: median(own.map(({ micros }) => micros)),
    baseMicros: median(ofBase.map(({ micros }) => micros)),
    residentMiB: median(own.map(({ residentMiB }) => residentMiB)),
  };
}

function sampleOf(own: Figures, base: Figures | undefined): Sample {
  const { perSecond = Number.NaN, micros = Number.NaN, p99Ms = Number.NaN, residentMiB = Number.NaN } = base ?? {};
  return {
    throughput: own.perSecond / perSecond,
    processorTime: own.micros / micros,
    tail: own.p99Ms / p99Ms,
    moreMiB: own.residentMiB - residentMiB,
  };
}

interface ProcessRounds {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly isReversed: boolean;
}

/** Starts a process of either variant, warms them up, times them in turn, and stops them. */
async function timeProcesses(
  starts: readonly [VariantStart, VariantStart],
  upstream: StandIn,
  load: string,
  { seconds, warmUpSeconds, rounds, isReversed }: ProcessRounds,
  taken: readonly [Figures[], Figures[]],
): Promise<void> {
  const variants: Variant[] = [];
  try {
    for (const start of starts)
      variants.push({ name: start.name, subject: await startVariant(start, upstream.url, load) });
    const round = load === 'relay' ? await relayRounds(variants, upstream, seconds) : queryRounds(load, seconds);
    const warmUp = load === 'relay' ? round : queryRounds(load, warmUpSeconds);
    for (const variant of variants) await warmUp(variant);
    for (let index = 0; index < rounds; index++) {
      const order = variants.map((variant, at) => [variant, at] as const);
      for (const [variant, at] of (index % 2 === 1) === isReversed ? order : order.reverse())
        taken[at]?.push({
          ...(await round(variant)),
          residentMiB: residentBytes(variant.subject.pid) / 2 ** 20,
        });
    }
  } finally {
    for (const { subject } of variants) await subject.stop();
  }
}

async function startVariant(start: VariantStart, upstreamUrl: string, load: string): Promise<Variant['subject']> {
  if (start.peer !== undefined) return startPeer(start.peer, upstreamUrl);
  const env = { ...compared.find((each) => each.name === load)?.env, ...start.env };
  return (await startGateway({ upstreamUrl, ...start, env })).subject;
}
