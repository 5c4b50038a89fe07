/** Why each gap of a chaos run was said: what its replica said of it, in which state, and which faults were there before. */
import type { ProcessStep } from './event-trace.ts';
import type { SeenGap } from './moving-client.ts';

/** A fault and its time, in milliseconds since the epoch. */
export interface FaultSpan {
  readonly kind: string;
  readonly from: number;
  /** Infinite while it lasts. */
  to: number;
}

/** A fault counts as the cause until this time after its end. */
const aftermathMs = 6_000;
/** A step is that of a gap when the client heard of it within this time. */
const toClientMs = 1_500;

export interface ExplainedGap {
  readonly cause: string;
  readonly detail: string;
  readonly faults: readonly string[];
}

/**
 * @param steps Those of the caller's stream, by time.
 * @param faults All of the run.
 */
export function explainGap(gap: SeenGap, steps: readonly ProcessStep[], faults: readonly FaultSpan[]): ExplainedGap {
  const near = steps.filter(({ at, step }) => !step.startsWith('state ') && at <= gap.at + 20);
  const own = near.findLast(
    ({ at, step, id }) => at >= gap.at - toClientMs && (gap.isFirst ? id === gap.after : step === 'gap'),
  );
  const earlier = near.findLast(({ step }) => step === 'gap');
  const said = own ?? (gap.isFirst && gap.reason === 'EVICTED' ? earlier : undefined);
  const state = said === undefined ? '' : stateAt(steps, said);
  const why =
    said === undefined ? 'not said by the source' : `${said.step}: ${String(said.detail).replace(/ #.*/, '')}`;
  const kind = gap.isFirst ? 'resuming' : 'current';
  return {
    detail: String(said?.detail ?? ''),
    cause: `${kind} ${gap.reason} | ${why} | ${state}`,
    faults: faults
      .filter(({ from, to }) => from <= gap.at && to + aftermathMs >= gap.at)
      .map(({ kind: name, from, to }) => `${name} ${from - gap.at}..${Math.min(to, gap.at) - gap.at}`),
  };
}

/** Role of the replica at a step: the last one that it entered. */
function stateAt(steps: readonly ProcessStep[], { process, at }: ProcessStep): string {
  const entered = steps.findLast((step) => step.process === process && step.at <= at && step.step.startsWith('state '));
  return entered?.step.slice('state '.length) ?? '';
}
