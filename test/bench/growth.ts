/** `npm run bench:growth`: how the gateway's cost grows, as curves whose slopes have bounds. */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeMachine, OverallWatch } from './machine.ts';
import {
  measureConnectionGrowth,
  measureConversationGrowth,
  measureRosterGrowth,
  measureTimelineGrowth,
} from './measures/growth.ts';
import type { Curve, GrowthBench } from './measures/growth-curve.ts';
import { measureDeliveryGrowth, measureIdleGrowth } from './measures/relay-growth.ts';
import { nodeVersion, setSubjectNode, subjectNode } from './processes.ts';
import { exceeded, type Growth, growthChart, growthPage } from './report/growth.ts';
import { StandIn } from './upstream/stand-in.ts';
import { Yardstick } from './yardstick/yardstick.ts';

const folder = new URL('./results/', import.meta.url).pathname;
/** Maximum time of all waits for a slow core. */
const maxPatienceMs = 3 * 60_000;

const curves: Readonly<Record<string, (bench: GrowthBench) => Promise<Curve>>> = {
  roster: measureRosterGrowth,
  conversations: measureConversationGrowth,
  timeline: measureTimelineGrowth,
  connections: measureConnectionGrowth,
  deliveries: measureDeliveryGrowth,
  idle: measureIdleGrowth,
};

const usage = `npm run bench:growth -- [options]
  --quick          short rounds: a look, not a result; nothing is written
  --node FILE      run the gateway on this Node; 24 is the one of the bench's packages; nothing is written
  --only a,b       only these of ${Object.keys(curves).join(', ')}; nothing is written`;

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      node: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  if (values.node !== undefined) setSubjectNode(values.node);
  const only = values.only?.split(',') ?? Object.keys(curves);
  const upstream = await StandIn.start();
  const yardstick = await Yardstick.start(values.quick ? 0 : maxPatienceMs);
  const watch = new OverallWatch();
  const measured: Curve[] = [];
  try {
    for (const [name, measure] of Object.entries(curves)) {
      if (!only.includes(name)) continue;
      tell(name);
      measured.push(await measure({ upstream, yardstick, watch, tell, quick: values.quick }));
    }
  } finally {
    await yardstick.stop();
    await upstream.stop();
  }
  const growth: Growth = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    node: nodeVersion(subjectNode()),
    curves: measured,
    course: watch.course(yardstick.waitedMs),
  };
  process.stdout.write(`${growthPage(growth)}\n`);
  if (!values.quick && values.only === undefined && values.node === undefined) {
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}growth.json`, `${JSON.stringify(growth, undefined, 2)}\n`);
    await writeFile(`${folder}growth.md`, growthPage(growth));
    await writeFile(`${folder}growth.svg`, growthChart(growth));
  }
  for (const line of exceeded(measured)) {
    tell(`TOO STEEP: ${line}`);
    process.exitCode = 1;
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
