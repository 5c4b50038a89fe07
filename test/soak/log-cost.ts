/** What the access log and the audit log cost at a steady pace of operations, in processor time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { percentile, rounded } from './figures.ts';
import { startPlainUpstream } from './plain-upstream.ts';
import { atSteadyPace, mutation, operationsPerSecond, query } from './steady-pace.ts';

export interface LogCost {
  /** Processor time of an operation without the log and with it. */
  readonly without: number;
  readonly with: number;
  /** Median of the pairs' ratios, less one. */
  readonly percentOfOperation: number;
  /** The difference, of one processor at the pace. */
  readonly percentOfProcessor: number;
  readonly lines: number;
}

export interface LogCostReport {
  readonly perSecond: number;
  readonly access: LogCost;
  readonly audit: LogCost;
  readonly failed: number;
}

interface Options {
  /** Pairs of rounds, one without and one with the log. */
  readonly pairs: number;
  readonly seconds: number;
}

export async function runLogCost(options: Options): Promise<LogCostReport> {
  await build();
  const folder = mkdtempSync(join(tmpdir(), 'log-cost-'));
  const file = join(folder, 'audit.jsonl');
  let failed = 0;
  const measure = async (body: string, env: Readonly<Record<string, string>>): Promise<LogCost> => {
    await using upstream = await startPlainUpstream();
    // Each operation has its upstream call: without it an operation is half as long, and a log twice as expensive.
    const common = { UPSTREAM_API: 'v2', ENTITY_CACHE_MS: '0', LOG_KEY: 'k'.repeat(32) };
    await using plain = await startGatewayProcess(upstream.url, { env: common });
    await using logging = await startGatewayProcess(upstream.url, { env: { ...common, ...env } });
    const round = async (gateway: typeof plain, seconds: number): Promise<number> => {
      const paced = await atSteadyPace(gateway, body, seconds);
      failed += paced.failed;
      return paced.microseconds;
    };
    for (const gateway of [plain, logging]) await round(gateway, 5);
    const pairs: (readonly [number, number])[] = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      // In turn first: a change of the machine’s speed affects both.
      const first = await round(pair % 2 === 0 ? plain : logging, options.seconds);
      const second = await round(pair % 2 === 0 ? logging : plain, options.seconds);
      pairs.push(pair % 2 === 0 ? [first, second] : [second, first]);
    }
    const median = (values: readonly number[]) => percentile(values, 0.5);
    const without = median(pairs.map(([base]) => base));
    const ratio = median(pairs.map(([base, own]) => own / base));
    const text = env['AUDIT_LOG'] === undefined ? logging.output() : readFileSync(file, 'utf8');
    return {
      without: rounded(without),
      with: rounded(median(pairs.map(([, own]) => own))),
      percentOfOperation: rounded((ratio - 1) * 100),
      percentOfProcessor: rounded(((ratio - 1) * without * operationsPerSecond) / 1e4),
      lines: text.split('\n').filter((line) => line.includes('"msg":"operation"') || line.includes('"audit":1')).length,
    };
  };
  try {
    const access = await measure(query, { ACCESS_LOG: 'true' });
    const audit = await measure(mutation, { AUDIT_LOG: file });
    return { perSecond: operationsPerSecond, access, audit, failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
