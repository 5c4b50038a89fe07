/**
 * What each piece of hand-made machinery gains: `npm run bench:ablations -- [options] [name…]`. Each variant is this tree with one piece
 * replaced by the plain way, built apart and timed in pairs with the unchanged build. Rounds of several runs add up in
 * results/ablations.json, from which the table of ABLATIONS.md is written.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Ablation, ablations } from './ablation-list.ts';
import { type Comparison, compare } from './comparison.ts';
import { inBothOrders, median, quartiles } from './statistics.ts';

const usage = `npm run bench:ablations -- [options] [name…]
  --only q1,q2       loads, as of bench:compare; default q1,q2,q2-bulk
  --rounds N         rounds of each variant, an even number; 0 only builds and writes the table; default 10
  --seconds S        whole seconds of a round; default 2
  --warm-up S        whole seconds of load before it; default 4
  --builds FOLDER    where the variants are built, unless they are there already
  --fresh            forgets the rounds of earlier runs`;

const root = new URL('../../', import.meta.url).pathname;
const page = new URL('ABLATIONS.md', import.meta.url).pathname;
const resultsFile = new URL('results/ablations.json', import.meta.url).pathname;

/** Ratios of a variant to the unchanged build, by load and name; one for each round. */
type Results = Record<string, Record<string, Ratios>>;

interface Ratios {
  /** Processor time of an operation. */
  readonly processorTime: number[];
  readonly throughput: number[];
  /** Resident memory of the variant less that of the unchanged build, MiB. */
  readonly moreMiB: number[];
}

/** Builds this tree with the edits, unless that was done. @throws Error when a text is not in its file exactly once. */
function buildVariant({ name, edits = [] }: Ablation, builds: string): string {
  const folder = join(builds, name.replaceAll(/[^\w-]+/g, '-'));
  const main = join(folder, 'dist/program/main.js');
  if (existsSync(main)) return main;
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'schema', 'bundle.ts', 'package.json', 'tsconfig.json'])
    cpSync(`${root}${part}`, join(folder, part), { recursive: true });
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(`${root}node_modules`, join(folder, 'node_modules'));
  for (const { file, text, by } of edits) {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(text).length !== 2) throw new Error(`${name}: ${file} does not hold the text to replace once`);
    const changed = source.replace(text, () => by);
    writeFileSync(path, changed);
  }
  execFileSync(process.execPath, ['--import', 'tsx', 'bundle.ts'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return main;
}

function readResults(): Results {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results) : {}; // written by `add`
}

function add(results: Results, { load, name, samples }: Comparison): void {
  results[load] ??= {};
  const ratios: Ratios = results[load][name] ?? { processorTime: [], throughput: [], moreMiB: [] };
  results[load][name] = ratios;
  for (const { processorTime, throughput, moreMiB } of samples) {
    ratios.processorTime.push(Number(processorTime.toFixed(4)));
    ratios.throughput.push(Number(throughput.toFixed(4)));
    ratios.moreMiB.push(Math.round(moreMiB));
  }
  writeFileSync(
    resultsFile,
    `${JSON.stringify(results, undefined, 1).replaceAll(/\[[^\]{]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`,
  );
}

function cell(ratios: Ratios | undefined): string {
  if (ratios === undefined) return '';
  const processorTime = inBothOrders(ratios.processorTime);
  const [low, high] = quartiles(processorTime).map((ratio) => ratio.toFixed(2));
  return `${median(processorTime).toFixed(2)} (${low} to ${high}, ${processorTime.length})`;
}

/** Lines of a piece's file or function, without empty ones; none for a setting or a flag of Node. */
function linesOf({ source }: Ablation): string {
  if (source === undefined) return '';
  const [file = '', name] = source.split('#');
  const text = readFileSync(`${root}${file}`, 'utf8');
  const start = name === undefined ? 0 : text.indexOf(`export function ${name}(`);
  const part = name === undefined ? text : text.slice(start, text.indexOf('\n}\n', start) + 3);
  return String(part.split('\n').filter((line) => line.trim() !== '').length);
}

/** The table, from the rounds of all runs. */
function writePage(results: Results): void {
  const loads = Object.keys(results);
  const rows = ablations.map((ablation) => {
    const { name, instead } = ablation;
    const all = loads.map((load) => results[load]?.[name]);
    const memory = all.flatMap((ratios) => (ratios === undefined ? [] : [median(ratios.moreMiB)]));
    const most = memory.length === 0 ? '' : String(Math.round(Math.max(...memory)));
    return `| ${[name, linesOf(ablation), instead, ...all.map(cell), most].join(' | ')} |`;
  });
  const heads = ['Piece', 'Lines', 'Replaced by', ...loads, 'MiB'];
  const table = [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  const [begin, end] = ['<!-- ablations -->', '<!-- /ablations -->'];
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  writeFileSync(page, `${text.slice(0, start + begin.length)}\n${table}\n${text.slice(stop)}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: 'q1,q2,q2-bulk' },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
      'warm-up': { type: 'string', default: '4' },
      builds: { type: 'string', default: join(tmpdir(), 'ablations') },
      fresh: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((wanted) => !ablations.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}\n${usage}`);
  const wanted = ablations.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const base = buildVariant({ name: 'base', instead: '', edits: [] }, values.builds);
  const variants = wanted.map((ablation) => {
    const { name, env = {}, flags = [], edits } = ablation;
    return { name, env, flags, main: edits === undefined ? base : buildVariant(ablation, values.builds) };
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const warmUpSeconds = Number(values['warm-up']);
  const results = values.fresh ? {} : readResults();
  if (rounds === 0) return writePage(results);
  const options = { loads: values.only.split(','), rounds: 2, seconds, warmUpSeconds, keep: false };
  // A pass has a round in each order.
  for (let pass = 0; pass < rounds / 2; pass++) {
    await compare({ name: 'base', main: base }, variants, options, (comparison) => add(results, comparison));
    writePage(results);
  }
}

await main();
process.exit(0);
