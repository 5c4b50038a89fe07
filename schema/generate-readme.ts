/** Writes the tables of the documentation that are generated from code: settings, error codes, metrics and alerts. */
import { readFileSync } from 'node:fs';
import { authenticationSettings } from '../src/config/authentication-settings.ts';
import { eventSettings } from '../src/config/event-settings.ts';
import { programSettings } from '../src/config/program-settings.ts';
import { redisSettings } from '../src/config/redis-settings.ts';
import { requestSettings } from '../src/config/request-settings.ts';
import { secretFileSettings } from '../src/config/secret-file-settings.ts';
import type { Setting } from '../src/config/setting.ts';
import { type SettingName, settings, variableOf } from '../src/config/settings.ts';
import { upstreamSettings } from '../src/config/upstream-settings.ts';
import { alerts } from '../src/deploy/alerts.ts';
import { errorCodes } from '../src/errors.ts';
import { metricCatalogue } from '../src/observability/metric-catalogue.ts';
import { fixedBounds } from './fixed-bounds.ts';
import { writeIfChanged } from './write-if-changed.ts';

/** The settings most operators look at first; src/config/README.md has all. */
const mainSettings: readonly SettingName[] = [
  'host',
  'port',
  'trustedProxies',
  'upstreamUrl',
  'upstreamApi',
  'sandbox',
  'graphiql',
  'introspection',
  'corsOrigins',
  'sessionKeys',
  'oidcIssuer',
  'persistedOperations',
  'logLevel',
  'accessLog',
  'auditLog',
  'metricsPort',
  'rateLimit',
  'redisUrl',
  'upstreamTimeoutMs',
  'maxUploadBytes',
  'shutdownTimeoutMs',
];

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function settingTable(rows: readonly (readonly [name: string, setting: Setting<unknown>])[]): string {
  return table(
    ['Variable', 'Default', 'Meaning', 'Expected'],
    rows.map(([name, { default: value, expected, meaning }]) => [
      `\`${variableOf(name)}\``,
      value === undefined ? 'unset' : value === '' ? 'empty' : `\`${value}\``,
      meaning,
      expected,
    ]),
  );
}

const errorRows = Object.entries(errorCodes).map(([code, { meaning, retryable, httpStatus }]) => [
  `\`${code}\``,
  meaning,
  retryable ? 'yes' : 'no',
  String(httpStatus),
]);

const metricRows = Object.values(metricCatalogue).map(({ name, type, labels, help }) => [
  `\`${name}\``,
  type,
  labels.map((label) => `\`${label}\``).join(', '),
  help,
]);

const fixedRows = fixedBounds().map(({ file, name, value, meaning }) => [
  `\`${file.replace(/^src\/|\.ts$/g, '')}\``,
  `\`${name}\``,
  value.replaceAll('_', ''),
  meaning,
]);

/** Replaces the sections `<!-- name -->…<!-- /name -->` of a page. */
function writeTables(page: string, tables: Readonly<Record<string, string>>): void {
  const url = new URL(page, new URL('../', import.meta.url));
  let text = readFileSync(url, 'utf8');
  for (const [name, rows] of Object.entries(tables)) {
    const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!section.test(text)) throw new Error(`${page} has no section for the table of ${name}.`);
    text = text.replace(section, (_all, open: string, close: string) => `${open}${rows}\n${close}`);
  }
  writeIfChanged(url, text);
}

writeTables('README.md', {
  settings: settingTable(mainSettings.map((name) => [name, settings[name]])),
  errors: table(['Code', 'Meaning', 'Worth repeating', 'HTTP status'], errorRows),
});
writeTables('src/config/README.md', {
  program: settingTable(Object.entries(programSettings)),
  authentication: settingTable(Object.entries(authenticationSettings)),
  upstream: settingTable(Object.entries(upstreamSettings)),
  events: settingTable(Object.entries(eventSettings)),
  redis: settingTable(Object.entries(redisSettings)),
  requests: settingTable(Object.entries(requestSettings)),
  secrets: settingTable(Object.entries(secretFileSettings)),
  fixed: table(['File', 'Constant', 'Value', 'Meaning'], fixedRows),
});
writeTables('src/deploy/README.md', {
  metrics: table(['Metric', 'Type', 'Labels', 'Meaning'], metricRows),
  alerts: table(
    ['Alert', 'Severity', 'Meaning', 'What to look at'],
    alerts.map(({ alert, severity, summary, description }) => [`\`${alert}\``, severity, summary, description]),
  ),
});
