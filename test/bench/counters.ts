/** Hardware counters of one process, where the machine has `perf`: they tell the same on a busy machine as on an idle one. */
import { spawn, spawnSync } from 'node:child_process';

export interface Counters {
  /** Instructions, in thousands. */
  readonly kiloInstructions: number;
  /** Cycles, in thousands. */
  readonly kiloCycles: number;
}

const isAvailable = spawnSync('perf', ['stat', '-x,', '-e', 'instructions', 'true']).status === 0;

/** Counts while `work` runs. Undefined without `perf`. */
export async function counted<Value>(pid: number, work: () => Promise<Value>): Promise<[Value, Counters | undefined]> {
  if (!isAvailable) return [await work(), undefined];
  const perf = spawn('perf', ['stat', '-x,', '-e', 'instructions,cycles', '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  perf.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = new Promise((resolve) => perf.once('close', resolve));
  const value = await work();
  perf.kill('SIGINT');
  await closed;
  const count = (name: string) => {
    const line = output.split('\n').find((each) => each.includes(`,${name}`));
    return Number(line?.split(',', 1)[0]) / 1000;
  };
  const counters = { kiloInstructions: count('instructions'), kiloCycles: count('cycles') };
  return [value, Number.isNaN(counters.kiloCycles) ? undefined : counters];
}
