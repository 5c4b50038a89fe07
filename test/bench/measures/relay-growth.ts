/** Growth of the relay's cost: with idle callers, and with the subscribers of an event stream. */
import { openFiles } from '../processes.ts';
import { startGatewayRelay } from '../subjects/relay.ts';
import { type Curve, type GrowthBench, type Line, slopesOf } from './growth-curve.ts';
import { measureIdleSteps, timeDeliveries } from './relay.ts';

const MiB = 2 ** 20;

/** Callers with an idle subscription and an event stream each; as many as the limit of open files allows, at most 10,000. */
export async function measureIdleGrowth({ upstream, quick, tell }: GrowthBench): Promise<Curve> {
  // A caller takes two open files of the gateway: its WebSocket and its event stream.
  const most = Math.min(quick ? 1_000 : 10_000, Math.floor((openFiles() - 1_000) / 2 / 100) * 100);
  const sizes = [...[100, 1_000, 5_000].filter((size) => size < most), most];
  const bytes = await measureIdleSteps(upstream, sizes, quick ? 2_000 : 8_000);
  const [without = 0, ...withCallers] = bytes;
  const lines: Line[] = [
    { name: 'memory', unit: 'MiB', values: withCallers.map((each) => each / MiB) },
    { name: 'memory for the callers', unit: 'MiB', values: withCallers.map((each) => (each - without) / MiB) },
    {
      name: 'memory of a caller',
      unit: 'KiB',
      values: withCallers.map((each, index) => (each - without) / 1024 / (sizes[index] ?? Number.NaN)),
    },
  ];
  tell(`  ${most} callers: ${lines[0]?.values.at(-1)?.toFixed(0)} MiB`);
  return {
    title: 'Idle callers with a subscription and an event stream each',
    axis: 'callers',
    sizes,
    lines,
    slopes: slopesOf(sizes, lines, [
      { line: 'memory for the callers', from: sizes.at(-2) ?? most, to: most, most: 1.05 },
    ]),
  };
}

/** Subscribers of one credential, which share its event stream. */
export async function measureDeliveryGrowth({ upstream, quick, tell }: GrowthBench): Promise<Curve> {
  const sizes = [1, 10, 100, 1_000];
  const events = [60_000, 30_000, 5_000, 500];
  const results: { readonly perSecond: number; readonly processorMicros: number }[] = [];
  for (const [index, subscribers] of sizes.entries()) {
    const count = (events[index] ?? 0) / (quick ? 10 : 1);
    const result = await timeDeliveries(startGatewayRelay, upstream, subscribers, count);
    tell(`  ${subscribers} subscribers: ${result.perSecond.toFixed(0)} deliveries/s`);
    results.push(result);
  }
  const lines: Line[] = [
    { name: 'deliveries', unit: '/s', values: results.map(({ perSecond }) => perSecond) },
    {
      name: 'processor time of a delivery',
      unit: 'µs',
      values: results.map(({ processorMicros }) => processorMicros),
    },
    {
      name: 'processor time of an event',
      unit: 'µs',
      values: results.map(({ processorMicros }, index) => processorMicros * (sizes[index] ?? Number.NaN)),
    },
  ];
  return {
    title: 'Deliveries of events to the subscribers of one credential',
    axis: 'subscribers',
    sizes,
    lines,
    slopes: slopesOf(sizes, lines, [{ line: 'processor time of an event', from: 10, to: 1_000, most: 1 }]),
  };
}
