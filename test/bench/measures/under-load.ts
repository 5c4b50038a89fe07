/** Event-loop delay and memory of the gateway while it answers the whole roster to 16 callers at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes } from '../../support/process-figures.ts';
import { wholeRoster } from '../queries.ts';
import { startGateway } from '../subjects/gateway.ts';
import type { StandIn } from '../upstream/stand-in.ts';

export interface UnderLoad {
  readonly loopDelayP50Ms: number;
  readonly loopDelayP99Ms: number;
  /** Resident memory in MiB: highest seen, and the average of the first and the last third. */
  readonly peakMiB: number;
  readonly firstThirdMiB: number;
  readonly lastThirdMiB: number;
}

const MiB = 2 ** 20;

export async function measureUnderLoad(upstream: StandIn, seconds: number): Promise<UnderLoad> {
  await upstream.offerBulk(false);
  const { subject, child } = await startGateway({ upstreamUrl: upstream.url, probed: true });
  const load = { operation: wholeRoster, connections: 16, callers: 256, bulk: false };
  await subject.time({ ...load, seconds: 4 });
  const samples: number[] = [];
  const done = new AbortController();
  const sampling = (async () => {
    while (!done.signal.aborted) {
      samples.push(residentBytes(child.pid) / MiB);
      await delay(100);
    }
  })();
  await child.order({ kind: 'delayStart' });
  await subject.time({ ...load, seconds });
  const { p50, p99 } = (await child.order({ kind: 'delayStop' })) as { p50: number; p99: number }; // as the probe answers
  done.abort();
  await sampling;
  await subject.stop();
  const third = Math.ceil(samples.length / 3);
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    loopDelayP50Ms: p50,
    loopDelayP99Ms: p99,
    peakMiB: Math.max(...samples),
    firstThirdMiB: average(samples.slice(0, third)),
    lastThirdMiB: average(samples.slice(-third)),
  };
}
