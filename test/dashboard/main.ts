/**
 * Generates the picture of the dashboard in `src/deploy/`: `npm run dashboard [-- SECONDS]`. The built gateway, with Redis and
 * METRICS_PORT, serves a sandbox under load; Prometheus scrapes it and evaluates the expressions of the JSON that `print grafana`
 * prints. Grafana is not used.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { alertRules } from '../../src/deploy/alerts.ts';
import { grafanaDashboard } from '../../src/deploy/dashboard.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build, root } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { startRedis } from '../support/redis.ts';
import { runLoad } from './load.ts';
import { startPrometheus } from './prometheus.ts';
import { type Chart, type Line, pictureOf } from './svg.ts';

const seconds = Number(process.argv[2] ?? 900);
const pointsPerLine = 60;

interface PanelJson {
  readonly title: string;
  readonly gridPos: Chart['gridPos'];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

await build();
await using redis = await startRedis();
const sandbox = await startSandbox({ simulateActivity: true });
await using gateway = await startGatewayProcess(sandbox.url, {
  env: {
    REDIS_URL: redis.url,
    REDIS_KEYS: Buffer.alloc(32, 7).toString('base64'),
    SHARE_EVENT_STREAMS: 'true',
    METRICS_PORT: '0',
    PERSISTED_OPERATIONS: 'allow',
  },
});
const metricsLine = /"url":"([^"]+)","msg":"metrics are served"/;
while (!metricsLine.test(gateway.output())) await pause(50);
const metricsUrl = metricsLine.exec(gateway.output())?.[1] ?? '';
await using prometheus = await startPrometheus(metricsUrl, alertRules());

const manifest: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(`${root}schema/persisted-operations.json`, 'utf8'),
);
const registered = Object.values(manifest).filter((text) => /^\s*query \w+(?:\([^!)]*\))?\s*\{/m.test(text));
const from = Date.now() / 1_000;
await runLoad({ gatewayUrl: gateway.url, sandbox, seconds, registered });
const to = Date.now() / 1_000;

const { panels }: { readonly panels: readonly PanelJson[] } = JSON.parse(grafanaDashboard());
const charts: Chart[] = [];
for (const { title, gridPos, fieldConfig, targets = [] } of panels) {
  const lines: Line[] = [];
  for (const { expr, legendFormat } of targets) {
    for (const { labels, points } of await prometheus.range(expr, from, to, pointsPerLine)) {
      const legend = legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => labels[name] ?? '');
      lines.push({ legend, points });
    }
  }
  charts.push({ title, gridPos, unit: fieldConfig?.defaults.unit, lines });
}
const minutes = Math.round(seconds / 60);
const note = `The JSON of \`print grafana\`, drawn by \`npm run dashboard\` and not by Grafana: one gateway with Redis on a sandbox, ${minutes} minutes, evaluated by Prometheus ${prometheus.version}.`;
writeFileSync(`${root}src/deploy/dashboard.svg`, pictureOf({ charts, from, to, note }));
const failing = Object.entries(await prometheus.rules()).filter(([, health]) => health !== 'ok');
process.stdout.write(
  `src/deploy/dashboard.svg: ${charts.length} panels, alert rules with an error: ${failing.length}\n`,
);
await sandbox.close();
process.exit(failing.length === 0 ? 0 : 1);
