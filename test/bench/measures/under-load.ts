/** Event-loop delay, garbage collections and memory of the gateway under one of the loads. */
import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes } from '../../support/process-figures.ts';
import type { ComparedCase } from '../cases.ts';
import { startGateway } from '../subjects/gateway.ts';
import type { StandIn } from '../upstream/stand-in.ts';

export interface UnderLoad {
  /** Name and title of the load. */
  readonly name: string;
  readonly title: string;
  readonly loopDelayP50Ms: number;
  readonly loopDelayP99Ms: number;
  /** Time in which the program stood still for garbage collections, of its processor time. */
  readonly gcShare: number;
  /** Resident memory in MiB: highest seen, and the average of the first and the last third. */
  readonly peakMiB: number;
  readonly firstThirdMiB: number;
  readonly lastThirdMiB: number;
}

/** As the probe answers. */
interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly gcShare: number;
}

const MiB = 2 ** 20;

export async function measureUnderLoad(test: ComparedCase, upstream: StandIn, seconds: number): Promise<UnderLoad> {
  const { name, title, env = {} } = test;
  await upstream.offerBulk(test.bulk);
  const { subject, child } = await startGateway({ upstreamUrl: upstream.url, probed: true, env });
  await subject.time({ ...test, seconds: 4 });
  const samples: number[] = [];
  const done = new AbortController();
  const sampling = (async () => {
    while (!done.signal.aborted) {
      samples.push(residentBytes(child.pid) / MiB);
      await delay(100);
    }
  })();
  await child.order({ kind: 'delayStart' });
  await subject.time({ ...test, seconds });
  const { p50, p99, gcShare } = (await child.order({ kind: 'delayStop' })) as Delays;
  done.abort();
  await sampling;
  await subject.stop();
  const third = Math.ceil(samples.length / 3);
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    name,
    title,
    loopDelayP50Ms: p50,
    loopDelayP99Ms: p99,
    gcShare,
    peakMiB: Math.max(...samples),
    firstThirdMiB: average(samples.slice(0, third)),
    lastThirdMiB: average(samples.slice(-third)),
  };
}
