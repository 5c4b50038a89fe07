/** The run in words and numbers, as Markdown. */
import { type CaseResult, type Results, targetsOf } from '../results.ts';

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

function whole(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function caseTable({ title, connections, subjects }: CaseResult): string {
  const rows = [...subjects]
    .sort((a, b) => b.perSecond - a.perSecond)
    .map((each) => [
      each.label,
      `${whole(each.perSecond)} ± ${(each.spread * 100).toFixed(0)} %`,
      each.processorMicros < 10_000
        ? `${whole(each.processorMicros)} µs`
        : `${(each.processorMicros / 1000).toFixed(1)} ms`,
      `${each.p50Ms.toFixed(1)} / ${each.p99Ms.toFixed(1)} ms`,
      String(each.callsAlone),
      each.callsPerQuery.toFixed(each.callsPerQuery < 10 ? 1 : 0),
    ]);
  const head = ['', 'queries/s', 'processor time', 'p50 / p99', 'upstream calls, alone', 'under load'];
  return `**${title}** (${connections} connections)\n\n${table(head, rows)}`;
}

function others(results: Results): string[] {
  const rows: string[][] = [];
  const { latency, first, load } = results;
  if (latency !== undefined) {
    rows.push([
      'Latency at 500 requests/s, p50 / p99',
      `${latency.gateway.p50Ms.toFixed(2)} / ${latency.gateway.p99Ms.toFixed(2)} ms`,
      `direct ${latency.direct.p50Ms.toFixed(2)} / ${latency.direct.p99Ms.toFixed(2)} ms`,
    ]);
  }
  if (first !== undefined) {
    rows.push(['First request after the start', `${first.afterStartMs.toFixed(0)} ms`, '']);
    rows.push([
      'First request of an unseen document, the largest query of the package',
      `${first.unseenMs.toFixed(1)} ms`,
      `second, which compiles it: ${first.secondMs.toFixed(1)} ms; third: ${first.thirdMs.toFixed(1)} ms`,
    ]);
  }
  const rosterLoad = load?.find(({ name }) => name === 'q2');
  if (rosterLoad !== undefined) {
    rows.push([
      'Resident memory under the roster, highest',
      `${rosterLoad.peakMiB.toFixed(0)} MiB`,
      `first and last third ${rosterLoad.firstThirdMiB.toFixed(0)} and ${rosterLoad.lastThirdMiB.toFixed(0)} MiB`,
    ]);
  }
  for (const { subscribers } of results.deliveries?.filter((each) => each.relay === 'gateway') ?? []) {
    const of = (relay: string) =>
      results.deliveries?.find((each) => each.relay === relay && each.subscribers === subscribers);
    rows.push([
      `Events delivered to ${subscribers} subscriber${subscribers === 1 ? '' : 's'}`,
      `${whole(of('gateway')?.perSecond ?? 0)}/s`,
      `bare bridge ${whole(of('bridge')?.perSecond ?? 0)}/s`,
    ]);
  }
  for (const { deliveriesPerSecond, p50Ms, p99Ms } of results.pace?.filter((each) => each.relay === 'gateway') ?? []) {
    const bridge = results.pace?.find((each) => each.relay === 'bridge');
    rows.push([
      `Delay at ${whole(deliveriesPerSecond)} deliveries/s, p50 / p99`,
      `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)} ms`,
      `bare bridge ${bridge?.p50Ms.toFixed(1)} / ${bridge?.p99Ms.toFixed(1)} ms`,
    ]);
  }
  for (const { relay, callers, kibPerCaller, totalMiB } of results.idle ?? []) {
    if (relay === 'bridge') continue;
    const bridge = results.idle?.find((each) => each.relay === 'bridge');
    rows.push([
      `${whole(callers)} idle callers with a stream each${relay === 'gateway' ? '' : ', over multipart HTTP'}`,
      `${kibPerCaller.toFixed(0)} KiB each, ${totalMiB.toFixed(0)} MiB in all`,
      `bare bridge ${bridge?.kibPerCaller.toFixed(0)} KiB`,
    ]);
  }
  for (const direction of ['upload', 'download'] as const) {
    const of = (through: string) =>
      results.transfer?.find((each) => each.direction === direction && each.through === through);
    const gateway = of('gateway');
    if (gateway !== undefined)
      rows.push([
        `Files of 8 MiB, ${direction}`,
        `${whole(gateway.mibPerSecond)} MiB/s`,
        `plain proxy ${whole(of('proxy')?.mibPerSecond ?? 0)} MiB/s`,
      ]);
  }
  return rows.length === 0 ? [] : [table(['', 'this gateway', 'beside it'], rows)];
}

function loads({ load = [] }: Results): string[] {
  const rows = load.map(({ name, title, loopDelayP50Ms, loopDelayP99Ms, gcShare, peakMiB }) => [
    `${name}: ${title}`,
    `${loopDelayP50Ms.toFixed(1)} / ${loopDelayP99Ms.toFixed(1)} ms`,
    `${(gcShare * 100).toFixed(1)} %`,
    `${peakMiB.toFixed(0)} MiB`,
  ]);
  const head = [
    'this gateway under',
    'event-loop delay, p50 / p99',
    'garbage collections, of its time',
    'memory, highest',
  ];
  return rows.length === 0 ? [] : [table(head, rows)];
}

export function markdown(results: Results): string {
  const { machine, versions } = results;
  const targets = targetsOf(results).map(({ what, wanted, found, isMet }) => [
    what,
    wanted,
    found,
    isMet ? 'yes' : '**no**',
  ]);
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${results.date.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node.slice(1)}; the program under test on one core, the upstream and the load on the other. ` +
      `Medians of ${results.rounds} interleaved rounds of ${results.secondsPerRound} s (of every third for peers that no aim names), longer for subjects that need more for three responses on each connection; ± is half the distance between the extremes. ${names.join(', ')}. ${results.course ?? ''}`.trim(),
    ...results.cases.map(caseTable),
    ...loads(results),
    ...others(results),
    ...(targets.length === 0 ? [] : [table(['Aim', 'wanted', 'found', 'met'], targets)]),
  ].join('\n\n');
}
