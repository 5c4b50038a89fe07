/** A gateway in its own process, which reports its memory and processor time on request. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.ts';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { keeping, testConfig } from '../support/stack.ts';
import { settledMemory } from './figures.ts';

export interface GatewaySample {
  /** After collecting what can be collected, in bytes. */
  readonly heapUsed: number;
  /** Buffers and whatever else lies outside the heap. */
  readonly external: number;
  readonly resident: number;
  /** Seconds of processor time since the start. */
  readonly cpuSeconds: number;
}

export interface MeasuredGateway extends AsyncDisposable {
  readonly url: string;
  sample(): Promise<GatewaySample>;
}

export async function startMeasuredGateway(
  upstreamUrl: string,
  settings: Partial<Config> = {},
): Promise<MeasuredGateway> {
  const child = fork(fileURLToPath(import.meta.url), ['serve', upstreamUrl, JSON.stringify(settings)], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const answer = <Value>() =>
    new Promise<Value>((resolve) => child.once('message', (value) => resolve(value as Value))); // as `serve` sends it
  const url = await answer<string>();
  return {
    url,
    sample() {
      const sample = answer<GatewaySample>();
      child.send('sample');
      return sample;
    },
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

async function serve(upstreamUrl: string, settings: Partial<Config>): Promise<void> {
  const config = testConfig(upstreamUrl, { ...keeping, ...settings });
  const gateway = await startGateway({ config, log: createLog('silent') });
  process.on('message', async () => {
    const { heapUsed, external, rss } = await settledMemory();
    const { user, system } = process.cpuUsage();
    process.send?.({ heapUsed, external, resident: rss, cpuSeconds: (user + system) / 1e6 } satisfies GatewaySample);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(gateway.url);
}

const [, , order, upstreamUrl = '', settings = '{}'] = process.argv;
if (order === 'serve' && process.send !== undefined) void serve(upstreamUrl, JSON.parse(settings));
