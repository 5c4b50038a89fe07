/** A real Prometheus that scrapes one gateway, from Debian's package `prometheus`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch, and the value. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Prometheus extends AsyncDisposable {
  readonly version: string;
  /** An expression over time. @throws Error with what Prometheus says of an expression that it cannot evaluate. */
  range(expression: string, from: number, to: number, points: number): Promise<readonly Series[]>;
  /** Alert rules that Prometheus has loaded, by name, with their health. */
  rules(): Promise<Readonly<Record<string, string>>>;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

interface RulesAnswer {
  readonly data: { readonly groups: readonly { readonly rules: readonly { name: string; health: string }[] }[] };
}

/** @param metricsUrl Origin of the gateway's /metrics. @param alerts A file of rules. */
export async function startPrometheus(metricsUrl: string, alerts: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'alerts.yaml'), alerts);
  writeFileSync(
    join(folder, 'prometheus.yaml'),
    JSON.stringify({
      global: { scrape_interval: '2s', evaluation_interval: '5s' },
      rule_files: ['alerts.yaml'],
      scrape_configs: [
        {
          job_name: 'gateway',
          static_configs: [{ targets: [new URL(metricsUrl).host], labels: { instance: 'gateway-0' } }],
        },
      ],
    }),
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const failed = once(child, 'error').then(() => {
    throw new Error('Prometheus does not start: apt-get install prometheus.');
  });
  failed.catch(() => undefined); // also when it is not waited for any more
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await Promise.race([failed, isReady()]))) await new Promise((resolve) => setTimeout(resolve, 100));
  const about: { data: { version: string } } = await (await fetch(`${url}/api/v1/status/buildinfo`)).json();
  return {
    version: about.data.version.replace(/\+.*/, ''),
    async range(query, from, to, points) {
      const step = Math.max(1, (to - from) / (points - 1));
      const search = new URLSearchParams({ query, start: String(from), end: String(to), step: String(step) });
      const response = await fetch(`${url}/api/v1/query_range?${search}`);
      const { data, error }: RangeAnswer = await response.json();
      if (data === undefined) throw new Error(`${query}: ${error}`);
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => [at, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
      }));
    },
    async rules() {
      const { data }: RulesAnswer = await (await fetch(`${url}/api/v1/rules`)).json();
      return Object.fromEntries(data.groups.flatMap(({ rules }) => rules.map(({ name, health }) => [name, health])));
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}
