/** Settings, ports and times that all templates for production share. */
import { type SettingName, variableOf } from '../config/settings.ts';
import { version } from '../version.ts';

export const name = 'tigerconnect-graphql';
/** Built from the Dockerfile and pushed to a registry of the operator’s. */
export const image = `registry.example.org/${name}:${version}`;
export const ports = { http: 4000, metrics: 9464 } as const;

const shutdownMs = 45_000;
/** After SIGTERM: the drain, two seconds for what follows, and a margin. */
export const graceSeconds = shutdownMs / 1_000 + 5;

/**
 * Settings that differ from the defaults. 10,000 sockets are closed over 25 s, so that at most 400 clients reconnect per second.
 */
const settings: Partial<Record<SettingName, string>> = {
  upstreamUrl: 'https://developer.tigertext.me',
  persistedOperations: 'allow',
  accessLog: 'true',
  auditLog: 'stdout',
  metricsPort: String(ports.metrics),
  shutdownTimeoutMs: String(shutdownMs),
  drainDelayMs: '10000',
  drainSpreadMs: '25000',
};

/** Settings that are secrets, for the mechanism of the platform. */
export const secretVariables = (['logKey', 'productKey'] as const satisfies readonly SettingName[]).map(variableOf);

/** Environment variables of the settings. */
export const environment: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(settings).map(([setting, value]) => [variableOf(setting), value]),
);

/** One line per text, no anchors. */
export const yamlStyle = { lineWidth: 0, aliasDuplicateObjects: false } as const;
