/** Parses the environment into the settings of the gateway, once. */
import { contradictions, drainTimes, oidcProblems, redisProblems, upstreamProblems, withoutEffect } from './checks.ts';
import { misspeltSettings } from './misspelt-settings.ts';
import { entryNamedIn } from './parsers.ts';
import { readSecretFiles, sourceOf } from './secret-files.ts';
import { type Environment, type SettingName, type SettingValues, settingEntries, variableOf } from './settings.ts';

/** The parsed settings; frozen. */
export type Config = Readonly<
  Omit<SettingValues, 'graphiql' | 'introspection' | 'httpGet' | 'sandbox' | 'drainDelayMs' | 'drainSpreadMs'>
> & {
  readonly httpGet: boolean;
  readonly sandbox: boolean;
  readonly drainDelayMs: number;
  readonly drainSpreadMs: number;
  readonly graphiql: boolean;
  readonly introspection: boolean;
};

/** All invalid settings of the environment, one line each, with names and expected values. No values, but the invalid entry of TRUSTED_PROXIES. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Parses the environment, and the files with secrets that it names.
 * @throws ConfigError naming every invalid setting and its expected values.
 */
export function parseConfig(given: Environment): Config {
  const isProduction = given['NODE_ENV'] === 'production';
  const files = readSecretFiles(given);
  const env = { ...given, ...files.values };
  // In production a misspelt setting prevents the start: patient data must not depend on a setting that has no effect.
  const misspelt = isProduction
    ? misspeltSettings(given).map(
        ({ name, nearest }) => `${name}: unknown setting. The most similar setting is ${nearest}.`,
      )
    : [];
  const problems: string[] = [...files.problems];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, entry] of settingEntries()) {
    const variable = variableOf(name);
    // An empty variable counts as unset, except where the empty string is a valid value.
    const text = env[variable] === '' && entry.default !== '' ? entry.default : (env[variable] ?? entry.default);
    if (text === undefined) continue;
    const parsed = entry.parser().safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else {
      const named = entryNamedIn(parsed.error);
      const found = named === undefined ? '' : ` ${JSON.stringify(named)} is neither.`;
      problems.push(`${sourceOf(variable, files)}${entry.expected}.${found}`);
    }
  }
  if (problems.length > 0) throw new ConfigError([...misspelt, ...problems]);
  const complete = values as SettingValues; // every setting is parsed, or optional and unset
  const parsed = { ...complete, ...drainTimes(complete, isProduction) };
  problems.push(...misspelt, ...contradictions(parsed), ...upstreamProblems(parsed, isProduction));
  problems.push(...redisProblems(parsed), ...oidcProblems(parsed), ...withoutEffect(parsed));
  if (problems.length > 0) throw new ConfigError(problems);
  const sandboxed = parsed.upstreamUrl === undefined;
  return Object.freeze({
    ...parsed,
    sandbox: sandboxed,
    graphiql: parsed.graphiql ?? sandboxed,
    introspection: parsed.introspection ?? sandboxed,
    httpGet: parsed.httpGet ?? sandboxed,
  });
}
