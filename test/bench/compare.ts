/**
 * Compares builds or settings of the gateway: `npm run bench:compare -- [options] BASE VARIANT…`. Each variant is timed alone with the base.
 */
import { parseArgs } from 'node:util';
import { compare, type VariantStart } from './comparison.ts';
import { inBothOrders, quartiles } from './statistics.ts';

const usage = `npm run bench:compare -- [options] BASE VARIANT…
  BASE, VARIANT      name[,main=FILE][,flag=--V8-FLAG][,SETTING=value]…, such as uncached,ENTITY_CACHE_MS=0; each variant is timed in pairs
                     with the base.
                     name,peer=direct is another server of the bench: direct, mercurius, yoga, apollo or tailcall
  --only q1,q2       of q1, q1-uncached, q2, q2-bulk, directives, wall, relay; default q1,q2,relay
  --rounds N         rounds of each pair, an even number; default 10
  --seconds S        whole seconds of a round; default 2
  --warm-up S        whole seconds of load before the first round of a process; default 4
  --keep             one process of either side for all rounds; by default each round starts processes of its own, because one
                     process may be 10 % slower than another of the same build, depending on what V8 optimizes first`;

function parseVariant(text: string): VariantStart {
  const [name = '', ...parts] = text.split(',');
  const flags: string[] = [];
  const env: Record<string, string> = {};
  let main: string | undefined;
  let peer: string | undefined;
  for (const part of parts) {
    const separator = part.indexOf('=');
    const [key, value] = [part.slice(0, separator), part.slice(separator + 1)];
    if (key === 'main') main = value;
    else if (key === 'peer') peer = value;
    else if (key === 'flag') flags.push(value);
    else env[key] = value;
  }
  return { name, main, peer, flags, env };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: 'q1,q2,relay' },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
      'warm-up': { type: 'string', default: '4' },
      keep: { type: 'boolean', default: false },
    },
  });
  const [base, ...variants] = positionals.map(parseVariant);
  if (base === undefined || variants.length === 0) throw new Error(usage);
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const warmUpSeconds = Number(values['warm-up']);
  const options = { loads: values.only.split(','), rounds, seconds, warmUpSeconds, keep: values.keep };
  await compare(base, variants, options, ({ load, name, samples, ...figures }) => {
    const { throughput, processorTime, tail, micros, baseMicros, residentMiB } = figures;
    const [low, high] = quartiles(inBothOrders(samples.map((sample) => sample.processorTime))).map((ratio) =>
      ratio.toFixed(3),
    );
    process.stdout.write(
      `${load.padEnd(10)} ${name.padEnd(24)} throughput x ${throughput.toFixed(3)}` +
        `  processor time x ${processorTime.toFixed(3)} (${low} to ${high})` +
        `  p99 x ${tail.toFixed(2)}  ${micros.toFixed(1)} µs (base ${baseMicros.toFixed(1)})  ${residentMiB.toFixed(0)} MiB\n`,
    );
  });
}

await main();
process.exit(0);
