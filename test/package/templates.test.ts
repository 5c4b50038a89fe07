import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config/config.ts';
import { settings, variableOf } from '../../src/config/settings.ts';
import { printed } from '../../src/deploy/print.ts';
import { metricCatalogue } from '../../src/observability/metric-catalogue.ts';
import { startStack } from '../support/stack.ts';

function print(...template: readonly string[]): string {
  const text = printed(template);
  if (text === undefined) throw new Error(`there is no ${template.join(' ')}`);
  return text;
}

interface Manifest {
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
}

const documentsIn = (yaml: string): Manifest[] =>
  parseAllDocuments(yaml).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });

/** Values of strings anywhere in a document under one of these names. */
function textsUnder(names: readonly string[], document: unknown): string[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) =>
    names.includes(name) && typeof value === 'string' ? [value] : textsUnder(names, value),
  );
}

it('the dashboard and the alerts use metrics and labels that a gateway serves; the dashboard has all of them', async () => {
  await using stack = await startStack();
  await stack.query('{ me { displayName } }');
  const metrics = await fetch(`${stack.gateway.url}/metrics`).then((response) => response.text());
  // Those of Redis and of an identity provider are served with them only.
  const conditional = Object.values(metricCatalogue).flatMap(({ name, help }) =>
    help.startsWith('With ') ? [name] : [],
  );
  const served = new Set<unknown>(
    [...metrics.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name).concat(conditional),
  );
  const dashboard = JSON.parse(print('grafana'));
  const alerts = parse(print('alerts'));
  const labels = new Set(['le', 'instance', ...Object.values(metricCatalogue).flatMap(({ labels: own }) => own)]);
  const asked = [dashboard, alerts].map((document) => textsUnder(['expr'], document));
  for (const expression of asked.flat()) {
    for (const [name] of expression.matchAll(/\b(?:tigerconnect|nodejs|process)_\w+/g)) {
      expect(served, expression).toContain(name.replace(/_bucket$/, ''));
    }
    for (const [, names = ''] of expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)) {
      for (const label of names.split(', ')) expect(labels, expression).toContain(label);
    }
  }
  // In bytes: 192 MiB, three quarters of RESUME_TOTAL_BYTES.
  const filled = alerts.groups[0].rules.find(
    ({ alert }: { alert: string }) => alert === 'TigerConnectEventsFillMemory',
  );
  expect(filled.expr).toMatch(/events_buffered_bytes.* \+ .*events_queued_bytes.* > 201326592$/);
  expect(asked.map((expressions) => expressions.length > 14)).toEqual([true, true]);
  for (const { name } of Object.values(metricCatalogue)) expect(asked[0]?.join('\n')).toContain(name);
  // The picture in the manual is of these panels: `npm run dashboard` makes it.
  const picture = readFileSync(new URL('../../src/deploy/dashboard.svg', import.meta.url), 'utf8');
  const drawn = [...picture.matchAll(/class="(?:row|title)">([^<]*)</g)].map(([, title]) => title);
  expect(drawn).toEqual(dashboard.panels.map(({ title }: { title: string }) => title));
  // Panels do not overlap, and have ids of their own.
  const places = dashboard.panels.map(({ gridPos: { x, y } }: { gridPos: { x: number; y: number } }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(places.length);
});

it('the settings of all templates exist, and fit together', () => {
  const secrets = { LOG_KEY: 'a secret of at least 32 characters', PRODUCT_KEY: '' };
  const known = Object.keys(settings).map(variableOf);
  const compose = parse(print('compose')).services.gateway.environment;
  const [configMap, deployment] = documentsIn(print('kubernetes'));
  for (const environment of [compose, configMap?.data]) {
    for (const [variable, value] of Object.entries(environment)) {
      expect(known).toContain(variable);
      expect(value, variable).toBeTypeOf('string');
    }
    // As the image starts.
    const image = { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '4000' };
    const config = parseConfig({ ...image, ...environment, ...secrets });
    // 10,000 sockets come back at 500 a second or less.
    expect(config.drainSpreadMs).toBeGreaterThanOrEqual(10_000 / 0.5);
    const grace = JSON.stringify(deployment).match(/"terminationGracePeriodSeconds":(\d+)/)?.[1];
    expect(Number(grace) * 1_000).toBeGreaterThanOrEqual(config.shutdownTimeoutMs + 2_000);
    expect(config.metricsPort).toBe(9464);
  }
  expect(print('compose')).toContain('stop_grace_period: 50s');
  for (const text of [print('compose'), print('kubernetes')]) expect(text).toContain('set TRUSTED_PROXIES');
  // Kubernetes otherwise sets a variable such as METRICS_PORT for a service of that name.
  expect(JSON.stringify(deployment)).toContain('"enableServiceLinks":false');
});

/** What Helm makes of the few expressions in the chart. */
function render(folder: string): string {
  const values = parse(readFileSync(join(folder, 'values.yaml'), 'utf8'));
  const template = readFileSync(join(folder, 'templates/gateway.yaml'), 'utf8');
  const rendered = template
    .replaceAll(
      /^ *\{\{- toYaml \.Values\.(\w+) \| nindent (\d+) \}\}/gm,
      (_all, name: string, indent: string) => `${' '.repeat(Number(indent))}${JSON.stringify(values[name])}`,
    )
    .replaceAll(/\{\{ \.Values\.(\w+) \}\}/g, (_all, name: string) => String(values[name]))
    .replaceAll('{{ .Release.Name }}', 'tigerconnect-graphql');
  expect(rendered).not.toContain('{{');
  return rendered;
}

it('the chart renders the same manifests, with its default values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  expect(print('helm', folder)).toBe(`${folder}\n`);
  expect(readdirSync(folder).toSorted()).toEqual(['Chart.yaml', 'templates', 'values.yaml']);
  expect(parse(readFileSync(join(folder, 'Chart.yaml'), 'utf8'))).toMatchObject({
    apiVersion: 'v2',
    type: 'application',
  });
  const manifests = documentsIn(print('kubernetes'));
  expect(manifests.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Deployment', 'Service', 'PodDisruptionBudget']);
  expect(documentsIn(render(folder))).toEqual(manifests);
  rmSync(folder, { recursive: true });
});

it('an unknown template is not printed', () => {
  for (const wrong of [[], ['nothing'], ['toString'], ['helm'], ['grafana', 'more'], ['helm', 'a', 'b']])
    expect(printed(wrong)).toBeUndefined();
});
