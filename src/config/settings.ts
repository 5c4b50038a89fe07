/** The table of all settings: name, unit, default and meaning. The tables of README.md in this folder are generated from it. */
import { authenticationSettings } from './authentication-settings.ts';
import { eventSettings } from './event-settings.ts';
import { programSettings } from './program-settings.ts';
import { redisSettings } from './redis-settings.ts';
import { requestSettings } from './request-settings.ts';
import { secretFileSettings } from './secret-file-settings.ts';
import type { Setting } from './setting.ts';
import { upstreamSettings } from './upstream-settings.ts';

/**
 * Every setting under the name the code uses; `variableOf` returns its environment variable. Includes every limit of
 * queues, caches, retries, timeouts and bodies.
 */
export const settings = {
  ...programSettings,
  ...authenticationSettings,
  ...upstreamSettings,
  ...eventSettings,
  ...redisSettings,
  ...requestSettings,
  ...secretFileSettings,
};

export type SettingName = keyof typeof settings;
/** The parsed values of all settings. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variable of a setting: `upstreamTimeoutMs` is `UPSTREAM_TIMEOUT_MS`. */
export function variableOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** All settings by name, in the order of the table. */
export function settingEntries(): readonly (readonly [SettingName, Setting<unknown>])[] {
  return Object.entries(settings) as [SettingName, Setting<unknown>][]; // the keys of the table are its names
}
