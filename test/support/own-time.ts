import { readFileSync } from 'node:fs';

function waitedMs(process: number | 'self'): number {
  const [, nanoseconds] = readFileSync(`/proc/${process}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

/**
 * Milliseconds, as `performance.now()`, less the time in which this process and `pids` were ready to run and others had the
 * processor: bounds measured with it hold on a busy machine too. Linux.
 */
export function ownTime(...pids: readonly number[]): number {
  return pids.reduce((left, pid) => left - waitedMs(pid), performance.now() - waitedMs('self'));
}
