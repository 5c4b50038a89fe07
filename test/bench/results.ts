/** Everything one run of the bench found out. */
import type { Machine } from './machine.ts';
import type { FirstRequests } from './measures/first-request.ts';
import type { AddedLatency } from './measures/latency.ts';
import type { Deliveries, Idle, Pace } from './measures/relay.ts';
import type { Throughput } from './measures/throughput.ts';
import type { Transfer } from './measures/transfer.ts';
import type { UnderLoad } from './measures/under-load.ts';
import type { Measure } from './options.ts';

export interface CaseResult {
  readonly name: Measure;
  readonly title: string;
  readonly connections: number;
  readonly subjects: readonly Throughput[];
}

export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly secondsPerRound: number;
  /** How long the run took, and what disturbed it. */
  course?: string;
  cases: CaseResult[];
  latency?: AddedLatency;
  first?: FirstRequests;
  /** Under each load. */
  load?: UnderLoad[];
  deliveries?: Deliveries[];
  pace?: Pace[];
  idle?: Idle[];
  transfer?: Transfer[];
}

/** One thing that must be true, and whether it was. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly isMet: boolean;
}

function ratioTarget(what: string, value: number | undefined, least: number): Target[] {
  if (value === undefined || Number.isNaN(value)) return [];
  return [{ what, wanted: `≥ ${least} ×`, found: `${value.toFixed(2)} ×`, isMet: value >= least }];
}

function mostTarget(what: string, value: number | undefined, most: number, unit: string): Target[] {
  if (value === undefined || Number.isNaN(value)) return [];
  return [
    { what, wanted: `≤ ${most} ${unit}`, found: `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`, isMet: value <= most },
  ];
}

export function targetsOf(results: Results): Target[] {
  const rate = (name: Measure, subject: string) =>
    results.cases.find((each) => each.name === name)?.subjects.find((each) => each.subject === subject)?.perSecond ??
    Number.NaN;
  const ratio = (name: Measure, peer: string, own = 'gateway') => rate(name, own) / rate(name, peer);
  /** A figure of the gateway as a multiple of the plain script's; undefined where one was not measured. */
  const times = (name: Measure, figure: 'processorMicros' | 'p99Ms', own = 'gateway') => {
    const of = (subject: string) =>
      results.cases.find((each) => each.name === name)?.subjects.find((each) => each.subject === subject)?.[figure];
    const [gateway, script] = [of(own), of('direct')];
    return gateway === undefined || script === undefined ? undefined : gateway / script;
  };
  const relayed = (subscribers: number) => {
    const of = (relay: string) =>
      results.deliveries?.find((each) => each.relay === relay && each.subscribers === subscribers)?.perSecond ??
      Number.NaN;
    return of('gateway') / of('bridge');
  };
  const moved = (direction: string) => {
    const of = (through: string) =>
      results.transfer?.find((each) => each.direction === direction && each.through === through)?.mibPerSecond ??
      Number.NaN;
    return of('gateway') / of('proxy');
  };
  const rosterLoad = results.load?.find(({ name }) => name === 'q2');
  const highestDelay =
    results.load === undefined ? undefined : Math.max(...results.load.map(({ loopDelayP99Ms }) => loopDelayP99Ms));
  const idle = results.idle?.find((each) => each.relay === 'gateway');
  return [
    ...ratioTarget('one user, beside Tailcall', ratio('q1', 'tailcall'), 1),
    ...ratioTarget('one user, beside the plain script', ratio('q1', 'direct'), 1),
    ...ratioTarget(
      'the same without the entity cache, beside Tailcall',
      ratio('q1', 'tailcall', 'gateway-uncached'),
      0.9,
    ),
    ...ratioTarget(
      'the same without the entity cache, beside the plain script',
      ratio('q1', 'direct', 'gateway-uncached'),
      0.9,
    ),
    ...mostTarget('… processor time', times('q1', 'processorMicros', 'gateway-uncached'), 1.15, '×'),
    ...mostTarget('… p99', times('q1', 'p99Ms', 'gateway-uncached'), 1.5, '×'),
    ...ratioTarget('roster, equal calls, beside Tailcall', ratio('q2', 'tailcall'), 1.8),
    ...ratioTarget('roster, equal calls, beside the plain script', ratio('q2', 'direct'), 1.2),
    ...mostTarget('… p99', times('q2', 'p99Ms'), 1.5, '×'),
    ...ratioTarget('roster in bulk, beside Tailcall', ratio('q2-bulk', 'tailcall'), 3),
    ...ratioTarget('roster in bulk, beside the plain script', ratio('q2-bulk', 'direct'), 1.3),
    ...mostTarget('… p99', times('q2-bulk', 'p99Ms'), 1.5, '×'),
    ...ratioTarget('dashboard wall, beside Tailcall', ratio('wall', 'tailcall'), 2),
    ...mostTarget('… p99, beside the plain script', times('wall', 'p99Ms'), 1.5, '×'),
    ...mostTarget('added latency at 500/s, p50', results.latency?.addedP50Ms, 1, 'ms'),
    ...mostTarget('added latency at 500/s, p99', results.latency?.addedP99Ms, 5, 'ms'),
    ...mostTarget('first request after start', results.first?.afterStartMs, 50, 'ms'),
    ...mostTarget('first request of an unseen document', results.first?.unseenMs, 15, 'ms'),
    ...mostTarget('event-loop delay under each load, p99', highestDelay, 15, 'ms'),
    ...mostTarget('resident memory under the roster', rosterLoad?.peakMiB, 143, 'MiB'),
    ...ratioTarget('deliveries to 1 subscriber, beside the bridge', relayed(1), 0.5),
    ...ratioTarget('deliveries to 100 subscribers, beside the bridge', relayed(100), 0.5),
    ...mostTarget(
      'deliveries at 20,000/s, p99',
      results.pace?.find((each) => each.relay === 'gateway')?.p99Ms,
      50,
      'ms',
    ),
    ...mostTarget('memory of an idle caller', idle?.kibPerCaller, 32, 'KiB'),
    ...mostTarget(
      'memory of an idle caller over multipart HTTP',
      results.idle?.find((each) => each.relay === 'gateway, multipart')?.kibPerCaller,
      32,
      'KiB',
    ),
    ...mostTarget(
      'memory of 10,000 idle callers',
      idle === undefined ? undefined : idle.totalMiB + (idle.kibPerCaller * (10_000 - idle.callers)) / 1024,
      430,
      'MiB',
    ),
    ...ratioTarget('upload, beside a plain proxy', moved('upload'), 0.8),
    ...ratioTarget('download, beside a plain proxy', moved('download'), 0.8),
  ];
}
