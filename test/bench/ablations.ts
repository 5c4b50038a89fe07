/**
 * What each piece of hand-made machinery gains: `npm run bench:ablations -- [name…]`. Each variant is this tree with one piece replaced
 * by the plain way, built apart and timed beside the unchanged build. Writes the table of ABLATIONS.md.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Comparison, compare, type VariantStart } from './compare.ts';

const root = new URL('../../', import.meta.url).pathname;
const page = new URL('ABLATIONS.md', import.meta.url).pathname;

interface Ablation {
  readonly name: string;
  /** The plain way that takes its place. */
  readonly instead: string;
  /** Texts that are replaced in the source. Each must be there once. */
  readonly edits?: readonly { readonly file: string; readonly text: string; readonly by: string }[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const withoutCall = (call: string): Ablation['edits'] => [{ file: 'src/main.ts', text: `\n${call}();`, by: '' }];

const ablations: readonly Ablation[] = [
  { name: 'keepCompiledCode', instead: "V8's default", edits: withoutCall('keepCompiledCode') },
  { name: 'keepHeapSmall', instead: "V8's default", edits: withoutCall('keepHeapSmall') },
  { name: 'keepNewObjectsYoung', instead: "V8's default", edits: withoutCall('keepNewObjectsYoung') },
  { name: 'fillYoungSpace', instead: "V8's default", edits: withoutCall('fillYoungSpace') },
  { name: 'keepYoungSpace', instead: "V8's default", edits: withoutCall('keepYoungSpace') },
  { name: 'compileParserInLittleMemory', instead: "V8's default", edits: withoutCall('compileParserInLittleMemory') },
  {
    name: 'young generation of 22 MB',
    instead: "Node's default of 16 MB, grown from 1 MB",
    flags: ['--max-semi-space-size=16', '--min-semi-space-size=1'],
  },
  {
    name: 'fast-metrics',
    instead: 'prom-client for each observation',
    edits: [
      {
        file: 'src/fast-metrics.ts',
        text: 'this.#series.push({ labels, series });',
        by: 'series.observe = (value) => super.observe(labels as never, value); this.#series.push({ labels, series });',
      },
      {
        file: 'src/fast-metrics.ts',
        text: 'all.push({ labels, count });',
        by: 'const plain = new Map(); const hash = () => JSON.stringify(Object.entries(labels).sort()); let total = 0; Object.defineProperty(count, "value", { get: () => total, set: (value) => { plain.set(hash(), value); total = value; } }); all.push({ labels, count });',
      },
    ],
  },
  {
    name: 'deadline-timer',
    instead: 'a timer of Node for each upstream call',
    edits: [
      {
        file: 'src/upstream/transport/deadline-timer.ts',
        text: `    timed.deadlineSlot = this.#timed.add(timed);
    if (timed.deadlineAt < this.#firesAt) this.#set(timed.deadlineAt);`,
        by: `    timed.deadlineSlot = 0;
    const arm = () => { Reflect.set(timed, 'plainTimer', setTimeout(() => { if (timed.deadlineSlot < 0) return; if (timed.deadlineAt > performance.now()) arm(); else { timed.deadlineSlot = -1; timed.expire(); } }, Math.max(0, timed.deadlineAt - performance.now())).unref()); };
    arm();`,
      },
      {
        file: 'src/upstream/transport/deadline-timer.ts',
        text: '    timed.deadlineSlot = -1;\n    this.#timed.remove(slot);\n  }',
        by: "    timed.deadlineSlot = -1;\n    clearTimeout(Reflect.get(timed, 'plainTimer') as never);\n  }",
      },
    ],
  },
  {
    name: 'slot-set',
    instead: 'Map',
    edits: [
      {
        file: 'src/slot-set.ts',
        text: '    const slot = this.#free.pop() ?? this.#slots.length;\n    this.#slots[slot] = member;\n    return slot;',
        by: '    this.#last += 1;\n    this.#map.set(this.#last, member);\n    return this.#last;',
      },
      {
        file: 'src/slot-set.ts',
        text: '    this.#slots[slot] = undefined;\n    this.#free.push(slot);',
        by: '    this.#map.delete(slot);',
      },
      {
        file: 'src/slot-set.ts',
        text: '    return this.#slots.filter((member) => member !== undefined);',
        by: '    return [...this.#map.values()];',
      },
      {
        file: 'src/slot-set.ts',
        text: '  readonly #slots: (Member | undefined)[] = [];\n  readonly #free: number[] = [];',
        by: '  readonly #map = new Map<number, Member>();\n  #last = 0;',
      },
    ],
  },
  {
    name: 'wait groups of pending reads',
    instead: 'a promise for each key, and Promise.all',
    edits: [
      {
        file: 'src/loaders/keyed-loader.ts',
        text: '    let isComplete = true;\n',
        by: '    return Promise.all(keys.map((key) => Promise.resolve(this.load(key)).catch((error) => error as Error)));\n    let isComplete = true;\n',
      },
    ],
  },
  {
    name: 'batch-scheduler',
    instead: "DataLoader's default, the end of the tick",
    edits: [
      {
        file: 'src/loaders/batch-scheduler.ts',
        text: '    this.#waiting.push({ phase, dispatch });\n    this.#queueCheck();',
        by: '    void phase;\n    Promise.resolve().then(() => process.nextTick(dispatch));',
      },
    ],
  },
  {
    name: 'graphql-jit and its guards',
    instead: "graphql-js's executor",
    edits: [
      {
        file: 'src/server/operation/executor.ts',
        text: 'if (!isCompilable(schema, document, operation)) return interpret;',
        by: 'if (Math.random() >= 0 || !isCompilable(schema, document, operation)) return interpret;',
      },
    ],
  },
  {
    name: 'graphql-post',
    instead: 'Yoga for every request',
    edits: [
      {
        file: 'src/server/http/request-media-type.ts',
        text: "if (request.method !== 'POST' || isEncoded(request)) return false;",
        by: "if (Math.random() >= 0 || request.method !== 'POST' || isEncoded(request)) return false;",
      },
    ],
  },
  {
    name: 'responses as strings',
    instead: 'a Buffer for each response',
    edits: [
      {
        file: 'src/server/operation/response.ts',
        text: 'text.length < maxStringLength ? text : Buffer.from(text)',
        by: 'text.length < 0 * maxStringLength ? text : Buffer.from(text)',
      },
    ],
  },
  { name: 'entity-cache', instead: 'no cache', env: { ENTITY_CACHE_MS: '0' } },
  { name: 'query-deduplication', instead: 'no sharing', env: { SHARED_QUERY_MS: '0' } },
];

/** Builds this tree with the edits, in a folder of its own. @throws Error when a text is not in its file exactly once. */
function buildVariant({ name, edits = [] }: Ablation): { readonly main: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ablation-'));
  for (const part of ['src', 'schema', 'bundle.ts', 'package.json', 'tsconfig.json'])
    cpSync(`${root}${part}`, join(folder, part), { recursive: true });
  symlinkSync(`${root}node_modules`, join(folder, 'node_modules'));
  for (const { file, text, by } of edits) {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(text).length !== 2) throw new Error(`${name}: ${file} does not hold the text to replace once`);
    writeFileSync(
      path,
      source.replace(text, () => by),
    );
  }
  execFileSync(process.execPath, ['--import', 'tsx', 'bundle.ts'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { main: join(folder, 'dist/program/main.js'), folder };
}

const cell = (comparison: Comparison | undefined): string =>
  comparison === undefined ? '' : `${comparison.processorTime.toFixed(2)} / ${comparison.throughput.toFixed(2)}`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: 'q1,q2,q2-bulk' },
      rounds: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '2' },
    },
  });
  const loads = values.only.split(',');
  const wanted = ablations.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const rows: string[] = [];
  for (const ablation of wanted) {
    const built = ablation.edits === undefined ? undefined : buildVariant(ablation);
    const variant: VariantStart = { main: built?.main, ...ablation };
    const found = new Map<string, Comparison>();
    const options = { loads, rounds: Number(values.rounds), seconds: Number(values.seconds), keep: false };
    await compare([{ name: 'base' }, variant], options, (comparison) => {
      if (comparison.name === ablation.name) found.set(comparison.load, comparison);
    });
    if (built !== undefined) rmSync(built.folder, { recursive: true });
    const memory = Math.max(...[...found.values()].map(({ residentMiB }) => residentMiB));
    const row = [ablation.name, ablation.instead, ...loads.map((load) => cell(found.get(load))), memory.toFixed(0)];
    rows.push(`| ${row.join(' | ')} |`);
    process.stderr.write(`${rows.at(-1)}\n`);
  }
  const heads = ['Piece', 'Replaced by', ...loads, 'MiB'];
  const table = [`| ${heads.join(' | ')} |`, `|${heads.map(() => '---').join('|')}|`, ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  const [begin, end] = ['<!-- ablations -->', '<!-- /ablations -->'];
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (positionals.length === 0)
    writeFileSync(page, `${text.slice(0, start + begin.length)}\n${table}\n${text.slice(stop)}`);
  else process.stdout.write(`${table}\n`);
}

await main();
process.exit(0);
