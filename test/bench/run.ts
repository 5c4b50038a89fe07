/** The bench: starts the upstream and the subjects, runs the measures in turn, and writes down what came out. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cases, compared } from './cases.ts';
import { describeMachine, OverallWatch } from './machine.ts';
import { measureFirstRequests } from './measures/first-request.ts';
import { measureAddedLatency } from './measures/latency.ts';
import { hottest } from './measures/profile.ts';
import { measureDeliveries, measureIdle, measurePace } from './measures/relay.ts';
import { type Bench, measureThroughput } from './measures/throughput.ts';
import { measureTransfer } from './measures/transfer.ts';
import { measureUnderLoad } from './measures/under-load.ts';
import { type Measure, type Options, parseOptions, usage } from './options.ts';
import { nodeVersion, setSubjectNode, subjectNode } from './processes.ts';
import { chart } from './report/chart.ts';
import { markdown } from './report/table.ts';
import type { Results } from './results.ts';
import { startGateway } from './subjects/gateway.ts';
import { peers } from './subjects/peers.ts';
import type { Subject } from './subjects/subject.ts';
import { StandIn } from './upstream/stand-in.ts';
import { Yardstick } from './yardstick/yardstick.ts';

const folder = new URL('.', import.meta.url).pathname;
const root = new URL('../../', import.meta.url).pathname;

/** Maximum time of all waits for a slow core. */
const maxPatienceMs = 3 * 60_000;

/** Measured under q1 alone: where the cache makes no difference, and a peer that answers nothing else. */
const oneUserOnly: readonly string[] = ['gateway-uncached', 'hive'];

/** Peers that no aim names: a third of the rounds shows where they stand. */
const seldom: ReadonlySet<string> = new Set(['grafserv', 'mercurius', 'yoga', 'apollo', 'hive']);

/** The gateway without the entity cache; measured only where the cache makes a difference. */
async function startUncached(upstreamUrl: string): Promise<Subject> {
  const { subject } = await startGateway({ upstreamUrl, env: { ENTITY_CACHE_MS: '0' } });
  return Object.assign(subject, { name: 'gateway-uncached', label: '**this gateway**, without the entity cache' });
}

const starts: Readonly<Record<string, (upstreamUrl: string) => Promise<Subject>>> = {
  gateway: async (upstreamUrl) => (await startGateway({ upstreamUrl })).subject,
  'gateway-uncached': startUncached,
  ...peers,
};

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(`${folder}node_modules/${name}/package.json`, 'utf8')) as {
    version: string;
  };
  return version;
}

function requireTools(): void {
  for (const tool of ['wrk', 'taskset']) {
    if (spawnSync('which', [tool]).status !== 0) {
      throw new Error(`${tool} is missing: install wrk and util-linux (apt-get install wrk util-linux).`);
    }
  }
  if (!existsSync(`${root}dist/program/main.js`)) throw new Error('dist/program is missing: npm run build');
}

async function runCases(options: Options, bench: Omit<Bench, 'subjects'>, results: Results): Promise<void> {
  const wanted = cases.filter(({ name }) => options.only.includes(name));
  if (wanted.length === 0) return;
  const { upstream } = bench;
  const subjects: Subject[] = [];
  try {
    for (const [name, start] of Object.entries(starts)) {
      if (options.subjects.length > 0 && !options.subjects.includes(name)) continue;
      try {
        subjects.push(await start(upstream.url));
      } catch (error) {
        tell(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (options.against !== undefined) {
      const { subject } = await startGateway({ upstreamUrl: upstream.url, main: options.against });
      subjects.push(Object.assign(subject, { name: 'against', label: 'another build' }));
    }
    for (const test of wanted) {
      tell(test.title);
      const rounds = {
        rounds: results.rounds,
        seldom,
        seconds: results.secondsPerRound,
        warmUpSeconds: options.quick ? 2 : 4,
        maxForeignShare: 0.1,
        repeats: options.quick ? 0 : 2,
      };
      const asked = subjects.filter(({ name }) => test.name === 'q1' || !oneUserOnly.includes(name));
      const found = await measureThroughput(test, { ...bench, subjects: asked }, rounds);
      results.cases.push({ name: test.name, title: test.title, connections: test.connections, subjects: found });
    }
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

async function runOthers({ only, quick }: Options, upstream: StandIn, results: Results): Promise<void> {
  const wants = (name: Measure) => only.includes(name);
  await upstream.offerBulk(true);
  if (wants('latency')) {
    tell('latency at 500 requests a second');
    const { subject } = await startGateway({ upstreamUrl: upstream.url });
    results.latency = await measureAddedLatency(
      subject,
      upstream.url,
      quick ? { rounds: 1, seconds: 3 } : { rounds: 3, seconds: 5 },
    );
    await subject.stop();
  }
  if (wants('first')) {
    tell('first requests after the start, and of an unseen document');
    results.first = await measureFirstRequests(upstream.url, quick ? 2 : 5);
  }
  if (wants('load')) {
    tell('event loop, garbage collections and memory under each load');
    results.load = [];
    for (const test of compared) {
      // Long enough under the roster to see memory grow.
      const seconds = test.name === 'q2' ? 20 : 6;
      results.load.push(await measureUnderLoad(test, upstream, quick ? 4 : seconds));
    }
    await upstream.offerBulk(true);
  }
  if (wants('relay')) {
    tell('deliveries of events');
    results.deliveries = await measureDeliveries(upstream, quick ? 20_000 : 60_000);
    results.pace = await measurePace(upstream, quick ? 3 : 10);
  }
  if (wants('idle')) {
    tell('idle callers');
    // A caller takes two of the gateway's open files; 9,500 stay under the usual limit of 20,000.
    results.idle = await measureIdle(upstream, quick ? 500 : 9_500);
  }
  if (wants('transfer')) {
    tell('files');
    results.transfer = await measureTransfer(upstream, quick ? { rounds: 1, files: 8 } : { rounds: 9, files: 24 });
  }
}

async function runProfiles(upstream: StandIn): Promise<void> {
  await mkdir(`${folder}results`, { recursive: true });
  for (const test of cases) {
    // Out of its modules: in the bundle a function has no file and no line of its own.
    const main = `${root}dist/main.js`;
    const { subject, child } = await startGateway({ upstreamUrl: upstream.url, probed: true, main });
    await upstream.offerBulk(test.bulk);
    await subject.time({ ...test, seconds: 4 });
    const file = `${folder}results/${test.name}.cpuprofile`;
    await child.order({ kind: 'profileStart' });
    await subject.time({ ...test, seconds: 5 });
    await child.order({ kind: 'profileStop', file });
    await subject.stop();
    process.stdout.write(`\n${test.title}\n`);
    for (const { name, place, share } of await hottest(file, 10)) {
      process.stdout.write(`${(share * 100).toFixed(1).padStart(6)} %  ${name}  ${place}\n`);
    }
  }
}

const begin = '<!-- bench -->';
const end = '<!-- /bench -->';

async function write(results: Results, text: string, node: string | undefined): Promise<void> {
  await mkdir(`${folder}results`, { recursive: true });
  if (node !== undefined) {
    const { node: version } = results.machine;
    const name = `node-${/^v(\d+)/.exec(version)?.[1]}`;
    await writeFile(`${folder}results/${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
    await writeFile(
      `${folder}results/${name}.md`,
      `# Results on Node ${version.slice(1)}\n\n\`npm run bench -- --node ${node}\` writes this page: all subjects run on that Node.\n\n${text}\n`,
    );
    return;
  }
  await writeFile(`${folder}results/results.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  if (results.cases.length > 0) await writeFile(`${folder}results/throughput.svg`, chart(results));
  const file = `${folder}results/results.md`;
  const page = await readFile(file, 'utf8');
  const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${file} has no section for the tables of the bench.`);
  const picture = '![Queries per second of the gateway and its peers](throughput.svg)';
  await writeFile(file, `${page.slice(0, start + begin.length)}\n${picture}\n\n${text}\n${page.slice(stop)}`);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const options = parseOptions(process.argv.slice(2));
  if (options.node !== undefined) setSubjectNode(options.node);
  requireTools();
  const watch = new OverallWatch();
  const upstream = await StandIn.start();
  try {
    if (options.profile) return await runProfiles(upstream);
    const results: Results = {
      date: new Date().toISOString(),
      machine: { ...describeMachine(), node: nodeVersion(subjectNode()) },
      versions: {
        undici: versionOf('undici'),
        Tailcall: '1.6.14',
        Grafserv: versionOf('grafserv'),
        mercurius: versionOf('mercurius'),
        'graphql-yoga': versionOf('graphql-yoga'),
        'Apollo Server': versionOf('@apollo/server'),
        'Hive Gateway': versionOf('@graphql-hive/gateway-runtime'),
      },
      // Many short rounds rather than few long ones: a machine shared with others changes its speed for seconds at a time.
      rounds: options.quick ? 2 : 9,
      secondsPerRound: options.quick ? 2 : 3,
      cases: [],
    };
    const yardstick = await Yardstick.start(maxPatienceMs);
    await runCases(options, { upstream, yardstick, watch, tell }, results);
    await yardstick.stop();
    await runOthers(options, upstream, results);
    results.course = watch.course(yardstick.waitedMs);
    const text = markdown(results);
    process.stdout.write(`${text}\n`);
    // Only a whole run of full length is worth keeping.
    const given = process.argv.length - 2;
    const isWhole = given === 0 || (given === 2 && options.node !== undefined);
    if (isWhole) await write(results, text, options.node);
    tell(results.course);
  } finally {
    await upstream.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
