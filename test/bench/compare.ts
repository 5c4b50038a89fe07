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

const usage = `npm run bench:compare -- [options] VARIANT VARIANT…
  VARIANT            name[,main=FILE][,flag=--V8-FLAG][,SETTING=value]…, such as base,ENTITY_CACHE_MS=0; the first is the base
  --only q1,q2       of q1, q2, q2-bulk, wall, relay; default q1,q2,relay
  --rounds N         pairs of rounds; default 10
  --seconds S        length of a round; default 2`;

interface Variant {
  readonly name: string;
  readonly started: StartedGateway;
}

interface Figures {
  /** Operations or deliveries in a second. */
  readonly perSecond: number;
  /** Processor time of an operation or a delivery, in microseconds. */
  readonly micros: number;
}

async function startVariant(text: string, upstreamUrl: string): Promise<Variant> {
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
  return { name, started: await startGateway({ upstreamUrl, main, env, flags }) };
}

/** A round of queries, or of events to one subscriber. */
type Round = (variant: Variant) => Promise<Figures>;

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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: 'q1,q2,relay' },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
    },
  });
  if (positionals.length < 2) throw new Error(usage);
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const upstream = await StandIn.start();
  const variants: Variant[] = [];
  try {
    for (const text of positionals) variants.push(await startVariant(text, upstream.url));
    const [base] = variants;
    for (const name of values.only.split(',')) {
      await upstream.offerBulk(cases.find((each) => each.name === name)?.bulk ?? true);
      const round = name === 'relay' ? await relayRounds(variants, upstream, seconds) : queryRounds(name, seconds);
      const taken = new Map<Variant, Figures[]>(variants.map((variant) => [variant, []]));
      for (let index = -2; index < rounds; index++) {
        // Every other round goes backwards, so that each variant follows each other one equally often.
        for (const variant of index % 2 === 0 ? variants : variants.toReversed()) {
          const figures = await round(variant);
          // Two rounds of warm-up.
          if (index >= 0) taken.get(variant)?.push(figures);
        }
      }
      for (const variant of variants) {
        const own = taken.get(variant) ?? [];
        const against = (base === undefined ? undefined : taken.get(base)) ?? [];
        const ratio = (key: keyof Figures) =>
          median(own.map((figures, index) => figures[key] / (against[index]?.[key] ?? Number.NaN)));
        const micros = median(own.map((figures) => figures.micros));
        const resident = residentBytes(variant.started.child.pid) / 2 ** 20;
        process.stdout.write(
          `${name.padEnd(8)} ${variant.name.padEnd(24)} throughput x ${ratio('perSecond').toFixed(3)}` +
            `  processor time x ${ratio('micros').toFixed(3)}  ${micros.toFixed(1)} µs  ${resident.toFixed(0)} MiB\n`,
        );
      }
    }
  } finally {
    for (const { started } of variants) await started.subject.stop();
    upstream.stop();
  }
}

await main();
process.exit(0);
