/** Interleaved rounds: every subject has its turn in each, so that what disturbs the machine disturbs all alike. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { processorSeconds } from '../../support/process-figures.ts';
import { counted } from '../counters.ts';
import { type OverallWatch, Watch } from '../machine.ts';
import { expectedData, type Operation } from '../queries.ts';
import { median, spread } from '../statistics.ts';
import type { Load, Subject, Timing } from '../subjects/subject.ts';
import { type StandIn, total } from '../upstream/stand-in.ts';
import type { Yardstick } from '../yardstick/yardstick.ts';

export interface Case extends Omit<Load, 'seconds'> {
  readonly name: string;
  readonly title: string;
}

export interface Rounds {
  readonly rounds: number;
  /** Subjects that take part in every third round only. */
  readonly seldom: ReadonlySet<string>;
  /** Of a round; longer for a subject that answers too slowly for it, see `secondsFor`. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** A round in which others used more of the machine than this share of one core is disturbed. */
  readonly maxForeignShare: number;
  /** How often a disturbed round, or one after which the core was slow, is repeated. */
  readonly repeats: number;
}

/** What takes part in the rounds. */
export interface Bench {
  readonly subjects: readonly Subject[];
  readonly upstream: StandIn;
  readonly yardstick: Yardstick;
  readonly watch: OverallWatch;
  readonly tell: (line: string) => void;
}

export interface Throughput {
  readonly subject: string;
  readonly label: string;
  readonly perSecond: number;
  readonly spread: number;
  /** Processor time of the subject for each query. */
  readonly processorMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly callsPerQuery: number;
  /** Hardware counters for each query, in thousands; not a number where there are none. */
  readonly kiloInstructions: number;
  readonly kiloCycles: number;
  /** Calls that one query alone makes. */
  readonly callsAlone: number;
  /** Each round's queries a second. */
  readonly rounds: readonly number[];
  /** Rounds that were disturbed even when repeated. */
  readonly disturbed: number;
}

interface Round {
  readonly perSecond: number;
  readonly processorMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly callsPerQuery: number;
  readonly kiloInstructions: number;
  readonly kiloCycles: number;
  readonly isDisturbed: boolean;
}

/** Longest wait for the queries that were under way when a load stopped. */
const maxRestMs = 120_000;

/**
 * Queries that were under way when the load stopped still make their calls, a slow subject's for seconds: on the core and
 * out of the upstream that the next one is timed with.
 * @returns When the upstream was not asked for a while, and no subject worked.
 * @throws Error when that does not come.
 */
async function atRest({ subjects, upstream }: Bench): Promise<void> {
  const worked = () => subjects.reduce((sum, { pid }) => sum + processorSeconds(pid), 0);
  const until = performance.now() + maxRestMs;
  for (let before = worked(); performance.now() < until; ) {
    await delay(200);
    const calls = total(await upstream.takeCounts());
    const now = worked();
    if (calls === 0 && now - before < 0.05) return;
    before = now;
  }
  throw new Error(`still at work ${maxRestMs / 1000} s after the load: ${subjects.map(({ name }) => name).join(', ')}`);
}

/** @throws Error when the answer is not the expected one. @returns The upstream calls it took. */
async function checkAnswer(subject: Subject, operation: Operation, upstream: StandIn): Promise<number> {
  // The first query may find out what the upstream cannot do, and prepare the operation.
  await subject.ask(operation, 0);
  // By then nothing of it is kept any more (ENTITY_CACHE_MS).
  await delay(1_100);
  await upstream.takeCounts();
  const data = await subject.ask(operation, 0);
  const counts = await upstream.takeCounts();
  if (!isDeepStrictEqual(data, expectedData(operation))) {
    throw new Error(`${subject.name} gives another answer: ${JSON.stringify(data).slice(0, 2_000)}`);
  }
  return total(counts);
}

/**
 * Warm is a program that has worked for so long, not one that had to wait for a busy machine.
 * @returns What it did at last.
 */
async function warmUp(subject: Subject, load: Load): Promise<Timing> {
  const before = processorSeconds(subject.pid);
  for (let tries = 1; ; tries++) {
    const timing = await subject.time(load);
    if (tries === 4 || processorSeconds(subject.pid) - before >= load.seconds * 0.8) return timing;
  }
}

/** Answers each connection should have in a round: with fewer, the first ones' way is most of what is timed. */
const answersPerConnection = 3;
const maxSeconds = 12;

function secondsFor(test: Case, warm: Timing, seconds: number): number {
  const perSecond = warm.requests / warm.seconds;
  return Math.ceil(Math.min(maxSeconds, Math.max(seconds, (answersPerConnection * test.connections) / perSecond)));
}

/** @returns When everything is at rest again. */
async function runRound(subject: Subject, load: Load, bench: Bench, maxForeignShare: number): Promise<Round> {
  const { upstream, yardstick } = bench;
  await upstream.takeCounts();
  const watch = new Watch();
  const before = processorSeconds(subject.pid);
  const [timing, counters] = await counted(subject.pid, () => subject.time(load));
  const processor = processorSeconds(subject.pid) - before;
  const foreignShare = watch.foreignShare();
  const calls = total(await upstream.takeCounts());
  // Not before: beside a subject that is still at work any core looks slow.
  await atRest(bench);
  const isSlow = await yardstick.isSlow();
  if (timing.wrong > 0) throw new Error(`${subject.name}: ${timing.wrong} wrong answers under load`);
  return {
    perSecond: timing.requests / timing.seconds,
    processorMicros: (processor / timing.requests) * 1e6,
    p50Ms: timing.p50Ms,
    p99Ms: timing.p99Ms,
    callsPerQuery: calls / timing.requests,
    kiloInstructions: (counters?.kiloInstructions ?? Number.NaN) / timing.requests,
    kiloCycles: (counters?.kiloCycles ?? Number.NaN) / timing.requests,
    isDisturbed: foreignShare > maxForeignShare || isSlow,
  };
}

/** The first undisturbed round of those that may be tried, or the last. */
async function undisturbedRound(subject: Subject, load: Load, bench: Bench, options: Rounds): Promise<Round> {
  for (let tries = 0; ; tries++) {
    await bench.yardstick.waitWhileSlow();
    const round = await runRound(subject, load, bench, options.maxForeignShare);
    if (round.isDisturbed && tries < options.repeats) continue;
    bench.watch.addRound(round.isDisturbed);
    return round;
  }
}

const seldomEvery = 3;

export async function measureThroughput(test: Case, bench: Bench, options: Rounds): Promise<Throughput[]> {
  const { subjects, upstream, tell } = bench;
  await upstream.offerBulk(test.bulk);
  const taken = new Map<Subject, Round[]>(subjects.map((subject) => [subject, []]));
  const callsAlone = new Map<Subject, number>();
  const seconds = new Map<Subject, number>();
  for (const subject of subjects) {
    callsAlone.set(subject, await checkAnswer(subject, test.operation, upstream));
    const warm = await warmUp(subject, { ...test, seconds: options.warmUpSeconds });
    seconds.set(subject, secondsFor(test, warm, options.seconds));
    await atRest(bench);
  }
  for (let round = 0; round < options.rounds; round++) {
    // Each round begins with another subject, so that none is always the one after the busiest.
    const order = subjects
      .map((_, index) => subjects[(index + round) % subjects.length])
      .filter((each) => each !== undefined)
      .filter(({ name }) => round % seldomEvery === 0 || !options.seldom.has(name));
    for (const subject of order) {
      const load = { ...test, seconds: seconds.get(subject) ?? options.seconds };
      const result = await undisturbedRound(subject, load, bench, options);
      taken.get(subject)?.push(result);
      const { perSecond, processorMicros, kiloCycles, p50Ms, p99Ms, isDisturbed } = result;
      tell(
        `  ${subject.name.padEnd(12)} ${perSecond.toFixed(0).padStart(6)}/s ${processorMicros.toFixed(0).padStart(7)} µs ${kiloCycles.toFixed(0).padStart(7)} kcycles` +
          ` ${result.callsPerQuery.toFixed(2).padStart(7)} calls ${p50Ms.toFixed(1).padStart(6)} / ${p99Ms.toFixed(1)} ms${isDisturbed ? '  (disturbed)' : ''}`,
      );
    }
  }
  return subjects.map((subject) => {
    const rounds = taken.get(subject) ?? [];
    const of = (key: Exclude<keyof Round, 'isDisturbed'>) => median(rounds.map((round) => round[key]));
    return {
      subject: subject.name,
      label: subject.label,
      perSecond: of('perSecond'),
      spread: spread(rounds.map((round) => round.perSecond)),
      processorMicros: of('processorMicros'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      callsPerQuery: of('callsPerQuery'),
      kiloInstructions: of('kiloInstructions'),
      kiloCycles: of('kiloCycles'),
      callsAlone: callsAlone.get(subject) ?? Number.NaN,
      rounds: rounds.map((round) => round.perSecond),
      disturbed: rounds.filter(({ isDisturbed }) => isDisturbed).length,
    };
  });
}
