/**
 * Compares builds or settings of the gateway in pairs: `npm run bench:compare -- [options] VARIANT VARIANT…`. The first variant is the
 * base. Rounds are short and interleaved, and each ratio is of two neighbouring rounds, so a change of the machine's speed affects both
 * sides of a pair.
 */
import { parseArgs } from 'node:util';
import { processorSeconds, residentBytes } from '../support/process-figures.ts';
import { cases } from './cases.ts';
import { CountingSocket } from './load/socket.ts';
import { authorizationOf } from './queries.ts';
import { median } from './statistics.ts';
import { type StartedGateway, startGateway } from './subjects/gateway.ts';
import { relayQuery } from './subjects/relay.ts';
import { StandIn } from './upstream/stand-in.ts';

export const usage = `npm run bench:compare -- [options] VARIANT VARIANT…
  VARIANT            name[,main=FILE][,flag=--V8-FLAG][,SETTING=value]…, such as base,ENTITY_CACHE_MS=0; the first is the base
  --only q1,q2       of q1, q2, q2-bulk, wall, relay; default q1,q2,relay
  --rounds N         pairs of rounds; default 10
  --seconds S        whole seconds of a round; default 2
  --keep             one process of each variant for all rounds; by default each round starts processes of its own, because one
                     process may be 10 % slower than another of the same build, depending on what V8 optimizes first`;

/** A build of the gateway and how it is started. */
export interface VariantStart {
  readonly name: string;
  /** Its `dist/program/main.js`; this tree's when undefined. */
  readonly main?: string | undefined;
  /** Flags of Node after those of `npm start`. */
  readonly flags?: readonly string[];
  /** Settings other than the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Variant {
  readonly name: string;
  readonly started: StartedGateway;
}

interface Figures {
  /** Operations or deliveries in a second. */
  readonly perSecond: number;
  /** Processor time of an operation or a delivery, in microseconds. */
  readonly micros: number;
  readonly residentMiB: number;
}

function parseVariant(text: string): VariantStart {
  const [name = '', ...parts] = text.split(',');
  const flags: string[] = [];
  const env: Record<string, string> = {};
  let main: string | undefined;
  for (const part of parts) {
    const separator = part.indexOf('=');
    const [key, value] = [part.slice(0, separator), part.slice(separator + 1)];
    if (key === 'main') main = value;
    else if (key === 'flag') flags.push(value);
    else env[key] = value;
  }
  return { name, main, flags, env };
}

/** A round of queries, or of events to one subscriber. */
type Round = (variant: Variant) => Promise<Omit<Figures, 'residentMiB'>>;

async function relayRounds(variants: readonly Variant[], upstream: StandIn, seconds: number): Promise<Round> {
  const sockets = new Map<Variant, CountingSocket>();
  for (const [index, variant] of variants.entries()) {
    const { origin } = variant.started;
    const authorization = authorizationOf(index);
    const socket = new CountingSocket({ url: `${origin}/graphql`, authorization, query: relayQuery, sampleEvery: 0 });
    await socket.ready();
    sockets.set(variant, socket);
  }
  const events = Math.ceil(seconds * 10_000);
  const delivered = () => [...sockets.values()].map(({ deliveries }) => deliveries);
  return async (variant) => {
    // Events go to every open stream, so the others are idle only between rounds: each round is timed by its own processor time.
    const socket = sockets.get(variant);
    const [before, startedAt, processor] = [
      delivered(),
      performance.now(),
      processorSeconds(variant.started.child.pid),
    ];
    await upstream.emit({ events, perSecond: undefined });
    while (delivered().some((count, index) => count - (before[index] ?? 0) < events)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (performance.now() - startedAt > 60_000)
        throw new Error(`${socket?.deliveries} deliveries of ${events} events`);
    }
    const elapsed = (performance.now() - startedAt) / 1000;
    const used = processorSeconds(variant.started.child.pid) - processor;
    return { perSecond: events / elapsed, micros: (used / events) * 1e6 };
  };
}

function queryRounds(name: string, seconds: number): Round {
  const test = cases.find((each) => each.name === name);
  if (test === undefined) throw new Error(`--only: ${name} is not a case\n${usage}`);
  return async ({ started: { subject, child } }) => {
    const before = processorSeconds(child.pid);
    const timing = await subject.time({ ...test, seconds });
    if (timing.wrong > 0) throw new Error(`${timing.wrong} wrong answers under load`);
    const used = processorSeconds(child.pid) - before;
    return { perSecond: timing.requests / timing.seconds, micros: (used / timing.requests) * 1e6 };
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
  /** Processor time of an operation or delivery, in microseconds. */
  readonly micros: number;
  /** Resident memory after the load. */
  readonly residentMiB: number;
}

export interface CompareOptions {
  readonly loads: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  /** One process of each variant for all rounds. */
  readonly keep: boolean;
}

/** Seconds of load before the first timed round of a process. */
const warmUpSeconds = 4;

/** @param starts The first is the base. @param onResult Called with each comparison as soon as its load is done. */
export async function compare(
  starts: readonly VariantStart[],
  { loads, rounds, seconds, keep }: CompareOptions,
  onResult: (comparison: Comparison) => void,
): Promise<void> {
  const upstream = await StandIn.start();
  try {
    for (const load of loads) {
      await upstream.offerBulk(cases.find((each) => each.name === load)?.bulk ?? true);
      const taken = starts.map((): Figures[] => []);
      for (let index = 0; index < rounds; index += keep ? rounds : 1) {
        // Every other time goes backwards, so that each variant follows each other one equally often.
        await timeProcesses(
          starts,
          upstream,
          load,
          { seconds, rounds: keep ? rounds : 1, isReversed: index % 2 === 1 },
          taken,
        );
      }
      const [base = []] = taken;
      for (const [at, { name }] of starts.entries()) {
        const own = taken[at] ?? [];
        const ratio = (key: 'perSecond' | 'micros') =>
          median(own.map((figures, index) => figures[key] / (base[index]?.[key] ?? Number.NaN)));
        onResult({
          load,
          name,
          throughput: ratio('perSecond'),
          processorTime: ratio('micros'),
          micros: median(own.map(({ micros }) => micros)),
          residentMiB: median(own.map(({ residentMiB }) => residentMiB)),
        });
      }
    }
  } finally {
    await upstream.stop();
  }
}

interface ProcessRounds {
  readonly seconds: number;
  readonly rounds: number;
  readonly isReversed: boolean;
}

/** Starts a process of each variant, warms them up, times them in turn, and stops them. */
async function timeProcesses(
  starts: readonly VariantStart[],
  upstream: StandIn,
  load: string,
  { seconds, rounds, isReversed }: ProcessRounds,
  taken: readonly Figures[][],
): Promise<void> {
  const variants: Variant[] = [];
  try {
    for (const { name, ...start } of starts)
      variants.push({ name, started: await startGateway({ upstreamUrl: upstream.url, ...start }) });
    const round = load === 'relay' ? await relayRounds(variants, upstream, seconds) : queryRounds(load, seconds);
    const warmUp = load === 'relay' ? round : queryRounds(load, warmUpSeconds);
    for (const variant of variants) await warmUp(variant);
    for (let index = 0; index < rounds; index++) {
      const order = variants.map((variant, at) => [variant, at] as const);
      for (const [variant, at] of (index % 2 === 1) === isReversed ? order : order.reverse())
        taken[at]?.push({
          ...(await round(variant)),
          residentMiB: residentBytes(variant.started.child.pid) / 2 ** 20,
        });
    }
  } finally {
    for (const { started } of variants) await started.subject.stop();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: 'q1,q2,relay' },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
      keep: { type: 'boolean', default: false },
    },
  });
  if (positionals.length < 2) throw new Error(usage);
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const options = { loads: values.only.split(','), rounds, seconds, keep: values.keep };
  await compare(positionals.map(parseVariant), options, ({ load, name, ...figures }) => {
    const { throughput, processorTime, micros, residentMiB } = figures;
    process.stdout.write(
      `${load.padEnd(8)} ${name.padEnd(24)} throughput x ${throughput.toFixed(3)}` +
        `  processor time x ${processorTime.toFixed(3)}  ${micros.toFixed(1)} µs  ${residentMiB.toFixed(0)} MiB\n`,
    );
  });
}

if (import.meta.filename === process.argv[1]) {
  await main();
  process.exit(0);
}
