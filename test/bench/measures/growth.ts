/** Growth of a query's cost: with the entries of a roster, with a history, and with connections. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { processorSeconds, residentBytes } from '../../support/process-figures.ts';
import { Watch } from '../machine.ts';
import { conversationsOf, expectedData, type Operation, oneUser, rosterOfLength, timelineOf } from '../queries.ts';
import { median } from '../statistics.ts';
import { startGateway } from '../subjects/gateway.ts';
import { startPeer } from '../subjects/peers.ts';
import type { Load, Subject } from '../subjects/subject.ts';
import { type StandIn, total } from '../upstream/stand-in.ts';
import { type Bound, type Curve, type GrowthBench, type Line, powerOf, slopesOf } from './growth-curve.ts';

const MiB = 2 ** 20;
const maxForeignShare = 0.1;
const maxRepeats = 2;

/** Each query reads the upstream, so that the curve is not that of the caches. */
const readingAnew = { ENTITY_CACHE_MS: '0', SHARED_QUERY_MS: '0' };

type StartSubject = (upstreamUrl: string) => Promise<Subject>;

interface Sample {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly processorMicros: number;
  readonly memoryMiB: number;
  readonly callsPerQuery: number;
}

/** Until each connection has had three answers, on a busy machine too. */
async function warmUp(subject: Subject, load: Omit<Load, 'seconds'>, seconds: number): Promise<void> {
  for (let tries = 0, answers = 0; tries < 5 && answers < 3 * load.connections; tries++) {
    answers += (await subject.time({ ...load, seconds })).requests;
  }
}

/** Calls of one query alone; those of a load count too what was under way when it stopped. */
async function callsOf(subject: Subject, operation: Operation, upstream: StandIn): Promise<number> {
  await delay(500);
  await upstream.takeCounts();
  await subject.ask(operation, 0);
  return total(await upstream.takeCounts());
}

const startReadingGateway: StartSubject = async (upstreamUrl) =>
  (await startGateway({ upstreamUrl, env: readingAnew })).subject;

/** The same reads by plain undici, without GraphQL. */
const startScript: StartSubject = (upstreamUrl) => startPeer('direct', upstreamUrl);

/** A new process under one load: its memory is that of this load alone. */
async function sampleLoad(
  load: Omit<Load, 'seconds'>,
  bench: GrowthBench,
  start: StartSubject = startReadingGateway,
): Promise<Sample> {
  const { upstream, yardstick, watch, quick } = bench;
  const subject = await start(upstream.url);
  const { pid } = subject;
  try {
    const answer = await subject.ask(load.operation, 0);
    if (!isDeepStrictEqual(answer, expectedData(load.operation))) {
      throw new Error(`another answer: ${JSON.stringify(answer).slice(0, 500)}`);
    }
    await warmUp(subject, load, quick ? 1 : 2);
    const callsAlone = await callsOf(subject, load.operation, upstream);
    // With many connections, what was under way at the end is a smaller share of a longer round.
    const seconds = load.connections >= 64 && !quick ? 4 : 2;
    const samples: Sample[] = [];
    for (let round = 0, repeats = 0; round < (quick ? 1 : 3); ) {
      await yardstick.waitWhileSlow();
      await upstream.takeCounts();
      const others = new Watch();
      const before = processorSeconds(pid);
      let memory = 0;
      const sampling = setInterval(() => {
        memory = Math.max(memory, residentBytes(pid));
      }, 100);
      const timing = await subject.time({ ...load, seconds });
      clearInterval(sampling);
      const isDisturbed = others.foreignShare() > maxForeignShare;
      // What was under way when the load stopped counts for both, as it did when it began.
      await delay(300);
      const processor = processorSeconds(pid) - before;
      if (timing.wrong > 0) throw new Error(`${timing.wrong} wrong answers under load`);
      if ((isDisturbed || (await yardstick.isSlow())) && repeats < maxRepeats && !quick) {
        repeats += 1;
        continue;
      }
      watch.addRound(isDisturbed);
      samples.push({
        perSecond: timing.requests / timing.seconds,
        p50Ms: timing.p50Ms,
        p99Ms: timing.p99Ms,
        processorMicros: (processor / timing.requests) * 1e6,
        memoryMiB: memory / MiB,
        callsPerQuery: load.connections === 1 ? callsAlone : total(await upstream.takeCounts()) / timing.requests,
      });
      round += 1;
    }
    const of = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
    return {
      perSecond: of('perSecond'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      processorMicros: of('processorMicros'),
      memoryMiB: of('memoryMiB'),
      callsPerQuery: of('callsPerQuery'),
    };
  } finally {
    await subject.stop();
  }
}

/** Sizes of what one query reads, on one connection: the median of the latency is its time. */
async function readGrowth(
  bench: GrowthBench,
  title: string,
  axis: string,
  sizes: readonly number[],
  operationOf: (size: number) => Promise<Operation>,
): Promise<Curve> {
  const samples: Sample[] = [];
  for (const size of sizes) {
    const load = { operation: await operationOf(size), connections: 1, callers: 256, bulk: true };
    const sample = await sampleLoad(load, bench);
    bench.tell(`  ${size} ${axis}: ${sample.p50Ms.toFixed(2)} ms, ${sample.callsPerQuery.toFixed(0)} calls`);
    samples.push(sample);
  }
  const lines: Line[] = [
    { name: 'time', unit: 'ms', values: samples.map(({ p50Ms }) => p50Ms) },
    { name: 'processor time', unit: 'ms', values: samples.map(({ processorMicros }) => processorMicros / 1000) },
    { name: 'highest memory', unit: 'MiB', values: samples.map(({ memoryMiB }) => memoryMiB) },
    { name: 'upstream calls', unit: '', values: samples.map(({ callsPerQuery }) => callsPerQuery) },
  ];
  const to = sizes.at(-1) ?? 1;
  const bounds = { time: 1.05, 'processor time': 1.05, 'highest memory': 0.25, 'upstream calls': 1 };
  return {
    title,
    axis,
    sizes,
    lines,
    slopes: slopesOf(
      sizes,
      lines,
      Object.entries(bounds).map(([line, most]) => ({ line, from: 50, to, most })),
    ),
  };
}

export async function measureRosterGrowth(bench: GrowthBench): Promise<Curve> {
  const { upstream } = bench;
  await upstream.offerBulk(true);
  const title = 'Roster, its groups of five and their members';
  const curve = await readGrowth(bench, title, 'entries', [1, 10, 50, 200, 500], async (entries) => {
    await upstream.resizeRoster(entries);
    return rosterOfLength(entries);
  });
  await upstream.resizeRoster(50);
  return curve;
}

const historySizes = [1, 10, 50, 100, 200];

/** Conversations with their counterparts, counts and last messages; v5 of the upstream. */
export async function measureConversationGrowth(bench: GrowthBench): Promise<Curve> {
  const { upstream } = bench;
  const curve = await readGrowth(bench, 'List of conversations', 'conversations', historySizes, async (items) => {
    await upstream.offerHistory(items);
    return conversationsOf(items);
  });
  await upstream.offerHistory(0);
  return curve;
}

/** Pages of one conversation's timeline; v5 of the upstream. */
export async function measureTimelineGrowth(bench: GrowthBench): Promise<Curve> {
  const { upstream } = bench;
  const curve = await readGrowth(bench, 'Page of a timeline', 'messages', historySizes, async (items) => {
    await upstream.offerHistory(items);
    return timelineOf(items, await firstConversation(upstream));
  });
  await upstream.offerHistory(0);
  return curve;
}

/** The gateway's id of the first conversation. */
async function firstConversation(upstream: StandIn): Promise<string> {
  const { subject } = await startGateway({ upstreamUrl: upstream.url });
  try {
    const query = '{ conversations(first: 1) { nodes { id } } }';
    const data = (await subject.ask({ query, variables: {} }, 0)) as {
      readonly conversations: { readonly nodes: readonly { readonly id: string }[] };
    };
    const [conversation] = data.conversations.nodes;
    if (conversation === undefined) throw new Error('no conversation');
    return conversation.id;
  } finally {
    await subject.stop();
  }
}

const processorLine = 'processor time of a query';
const ofTheScript = (line: string) => `${line}, plain script`;

/**
 * One user, by as many credentials as connections. The kernel, Node's HTTP server and the processor's caches make a query more expensive as
 * connections grow, whatever answers it: the plain script of the same run shows how much, and what it needs is allowed.
 */
export async function measureConnectionGrowth(bench: GrowthBench): Promise<Curve> {
  const sizes = [1, 16, 64, 256, 1024];
  const samples: Sample[] = [];
  const scripts: Sample[] = [];
  for (const connections of sizes) {
    const load = { operation: oneUser, connections, callers: connections, bulk: true };
    const sample = await sampleLoad(load, bench);
    const script = await sampleLoad(load, bench, startScript);
    bench.tell(
      `  ${connections} connections: ${sample.perSecond.toFixed(0)}/s, ${sample.processorMicros.toFixed(0)} µs; the script ${script.processorMicros.toFixed(0)} µs`,
    );
    samples.push(sample);
    scripts.push(script);
  }
  const lines: Line[] = [
    { name: 'queries', unit: '/s', values: samples.map(({ perSecond }) => perSecond) },
    { name: processorLine, unit: 'µs', values: samples.map(({ processorMicros }) => processorMicros) },
    { name: ofTheScript(processorLine), unit: 'µs', values: scripts.map(({ processorMicros }) => processorMicros) },
    { name: 'p50', unit: 'ms', values: samples.map(({ p50Ms }) => p50Ms) },
    { name: ofTheScript('p50'), unit: 'ms', values: scripts.map(({ p50Ms }) => p50Ms) },
    { name: 'p99', unit: 'ms', values: samples.map(({ p99Ms }) => p99Ms) },
    { name: 'highest memory', unit: 'MiB', values: samples.map(({ memoryMiB }) => memoryMiB) },
    { name: 'upstream calls of a query', unit: '', values: samples.map(({ callsPerQuery }) => callsPerQuery) },
  ];
  const asTheScript = (line: string, least: number): Bound => ({
    line,
    from: 16,
    to: 1024,
    most: Math.max(least, powerOf(sizes, lines, ofTheScript(line), 16, 1024)),
  });
  return {
    title: 'One user, read each time',
    axis: 'connections, each with its own credential',
    sizes,
    lines,
    slopes: slopesOf(sizes, lines, [
      asTheScript(processorLine, 0.1),
      asTheScript('p50', 1.1),
      { line: 'highest memory', from: 16, to: 1024, most: 0.1 },
      { line: 'upstream calls of a query', from: 16, to: 1024, most: 0.05 },
    ]),
  };
}
