/** The settings of an environment that differ from their defaults, without credentials. */
import { type Environment, type SettingName, settingEntries, variableOf } from './settings.ts';

/** Settings that are or contain credentials. */
const secrets: ReadonlySet<SettingName> = new Set([
  'logKey',
  'productKey',
  'redisKeys',
  'sessionKeys',
  'otelExporterOtlpHeaders',
]);

/** Non-default settings by variable, for the log: a secret is logged as `set`, an address without its credential. */
export function changedSettings(env: Environment): Readonly<Record<string, string>> {
  const changed: Record<string, string> = {};
  for (const [name, entry] of settingEntries()) {
    const variable = variableOf(name);
    const text = env[variable];
    if (text === undefined || text === '' || text === entry.default) continue;
    changed[variable] = secrets.has(name) ? 'set' : withoutCredential(text);
  }
  return changed;
}

/** The address without user, password and query, because collectors accept keys in the query. */
function withoutCredential(text: string): string {
  // Its hosts are a list, which no parser of URLs accepts.
  const [, scheme, hosts, database = ''] = /^(rediss?(?:-\w+)?:\/\/)(?:[^@/?#]*@)?([^/?#]*)(\/\d*)?/.exec(text) ?? [];
  if (scheme !== undefined) return `${scheme}${hosts}${database}`;
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
