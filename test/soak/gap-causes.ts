/** Why each gap of a chaos run was said: what its replica said of it, in which state, and which faults were there before. */
import type { ProcessStep } from './event-trace.ts';
import type { SeenGap } from './moving-client.ts';
import type { RedisWatch } from './redis-watch.ts';

/** A fault and its time, in milliseconds since the epoch. */
export interface FaultSpan {
  readonly kind: string;
  readonly from: number;
  /** Infinite while it lasts. */
  to: number;
  /** Index of the replica that has it alone. */
  replica?: number;
}

/** One server starts again without its data when this fault ends. */
const killKind = 'Redis killed';
/** Faults during which Redis takes nothing from a replica. */
const redisFaults = [killKind, 'Redis asleep', 'Redis slow', 'Redis full'];
/** A process of the run had no processor: it took no answer of Redis, and gave none to other replicas. */
const stallKind = 'no processor';
/** Faults during which a replica reaches no Redis. */
const replicaFaults = ['replica cut off', 'replica asleep', stallKind];
/**
 * A replica that Redis answered for this long at a stretch, within a lease and a second before it said a gap, could prove that it
 * missed nothing: half a second to connect, one for a heartbeat, the rest for its place.
 */
const enoughMs = 2_000;
/**
 * Redis that lost its data is for this long why a log has another history, or not the event after which a client resumes, or events
 * between those that a replica was given: it failed over to a server that has another part of them.
 */
const lostDataMs = 15_000;
/** For this long after a loss only a replica that has everything claims a stream: no other gets its place. */
const claimAfterMs = 2_000;
const lostDataSteps = ['another history', 'position unknown', 'delivered in between'];
/** A fault counts as the cause until this time after its end. */
const aftermathMs = 6_000;
/** A step is that of a gap when the client heard of it within this time. */
const toClientMs = 1_500;

/** The longest time at a stretch in which Redis answered a replica, of the time before `endsAt`; in milliseconds. */
function longestWithRedis(
  { faults, redis }: Pick<GapCircumstances, 'faults' | 'redis'>,
  replica: number,
  endsAt: number,
  beforeMs: number,
): number {
  // A fault of one server is neither the beginning nor the end of the time in which one that fails over takes nothing.
  const kinds = redis === undefined ? [...replicaFaults, ...redisFaults] : replicaFaults;
  const own = faults.filter((fault) => kinds.includes(fault.kind) && (fault.replica ?? replica) === replica);
  const restarts = faults.filter(({ kind, to }) => kind === killKind && to < endsAt).map(({ to }) => to);
  const claims = (redis?.lostData ?? restarts).map((from) => ({ from, to: from + claimAfterMs }));
  const away = [...own, ...(redis?.away ?? []), ...claims].sort((a, b) => a.from - b.from);
  let longest = 0;
  let reachableFrom = endsAt - beforeMs;
  for (const { from, to } of away) {
    if (from >= endsAt) break;
    longest = Math.max(longest, from - reachableFrom);
    reachableFrom = Math.max(reachableFrom, to);
  }
  return Math.max(longest, endsAt - reachableFrom);
}

export interface ExplainedGap {
  /** The client that heard of it, what said it, and the state of its replica. */
  readonly cause: string;
  /** Redis answered the replica for long enough, or nothing says why there is a gap. */
  readonly isNeedless: boolean;
  readonly detail: string;
  /** The faults around it, in milliseconds before it. */
  readonly faults: readonly string[];
  /** What its replica was in the time before. */
  readonly states: readonly string[];
}

export interface GapCircumstances {
  /** Those of the caller's stream, by time. */
  readonly steps: readonly ProcessStep[];
  /** All of the run. */
  readonly faults: readonly FaultSpan[];
  /** Of a Redis that fails over. */
  readonly redis?: RedisWatch | undefined;
  readonly leaseMs: number;
  /** Index of the replica that a process was of. */
  replicaOf(process: string): number;
}

/**
 * The times at which processes had no processor, as faults: of all replicas, but for one that was put to sleep, because the owner
 * of a stream answers those that look for their place.
 */
export function stallsOf(
  steps: readonly ProcessStep[],
  faults: readonly FaultSpan[],
  replicaOf: (process: string) => number,
): FaultSpan[] {
  return steps.map(({ at, detail, process }) => {
    const [from, to, replica] = [at - Number(detail), at, replicaOf(process)];
    const isAsleep = (fault: FaultSpan) =>
      fault.kind === 'replica asleep' && fault.replica === replica && fault.from <= to && fault.to >= from;
    return { kind: stallKind, from, to, ...(faults.some(isAsleep) ? { replica } : {}) };
  });
}

export function explainGap(gap: SeenGap, circumstances: GapCircumstances): ExplainedGap {
  const { steps, faults, redis, leaseMs, replicaOf } = circumstances;
  const near = steps.filter(({ at, step }) => !step.startsWith('state ') && at <= gap.at + 20);
  const own = near.findLast(
    ({ at, step, id }) => at >= gap.at - toClientMs && (gap.isFirst ? id === gap.after : step === 'gap'),
  );
  const earlier = near.findLast(({ step }) => step === 'gap');
  const said = own ?? (gap.isFirst && gap.reason === 'EVICTED' ? earlier : undefined);
  const state = said === undefined ? '' : stateAt(steps, said);
  const why =
    said === undefined ? 'not said by the source' : `${said.step}: ${String(said.detail).replace(/ #.*/, '')}`;
  const withRedis =
    said === undefined
      ? Number.POSITIVE_INFINITY
      : longestWithRedis(circumstances, replicaOf(said.process), said.at, leaseMs + 1_000);
  const losses = redis?.lostData ?? faults.filter(({ kind }) => kind === killKind).map(({ from }) => from);
  const hasLostData = losses.some((at) => at > gap.at - lostDataMs && at < gap.at);
  const isNeedless = withRedis >= enoughMs && !(hasLostData && lostDataSteps.some((step) => why.includes(step)));
  const kind = gap.isFirst ? 'resuming' : 'current';
  const states = steps.filter(
    ({ process, at, step }) =>
      said !== undefined &&
      process === said.process &&
      at <= said.at &&
      at > said.at - 8_000 &&
      step.startsWith('state '),
  );
  return {
    states: states.map(({ at, step, detail }) => `${at - gap.at} ${step} ${detail}`),
    detail: `${String(said?.detail ?? '')} with Redis ${withRedis}`,
    isNeedless,
    cause: `${isNeedless ? 'needless: ' : ''}${kind} ${gap.reason} | ${why} | ${state}`,
    faults: [...faults, ...(redis?.away ?? []).map((span) => ({ kind: 'no master', ...span }))]
      .concat((redis?.lostData ?? []).map((at) => ({ kind: 'data lost', from: at, to: at })))
      .filter(({ from, to }) => from <= gap.at && to + aftermathMs >= gap.at)
      .map(({ kind: name, from, to }) => `${name} ${from - gap.at}..${Math.min(to, gap.at) - gap.at}`),
  };
}

/** Role of the replica at a step: the last one that it entered. */
function stateAt(steps: readonly ProcessStep[], { process, at }: ProcessStep): string {
  const entered = steps.findLast((step) => step.process === process && step.at <= at && step.step.startsWith('state '));
  return entered?.step.slice('state '.length) ?? '';
}
