/** Entry point of the package: a gateway embedded in another program. */
import { type Config, ConfigError, parseConfig } from './config/config.ts';
import { settings, variableOf } from './config/settings.ts';
import type { KeyPair } from './domain/key-pair.ts';
import { type Gateway, startGateway as start } from './gateway.ts';
import type { GatewayHooks, TokenClaims } from './hooks.ts';
import { createLog } from './observability/log.ts';

export type { AuditRecord } from './observability/audit.ts';
export type { AccessFields } from './observability/log-fields.ts';
export { ConfigError, type Gateway, type GatewayHooks, type KeyPair, type TokenClaims };

/** What a program gives for a setting: lists of keys, and the address of Redis, as the text of their variable. */
type Given<Value> = Value extends string | number | boolean | readonly string[] | undefined ? Value : string;

/** The settings of src/config/README.md in camel case, such as `logLevel` for `LOG_LEVEL`, with the defaults given there. */
export type GatewaySettings = { readonly [Name in keyof Config]?: Given<Config[Name]> | undefined } & {
  /** Origin of the REST API or of a sandbox, without `/v2`. */
  readonly upstreamUrl: string;
  /** Functions that the gateway calls after each operation and mutation, and for the key pair of a token. */
  readonly hooks?: GatewayHooks | undefined;
};

/**
 * Starts a gateway. It logs to standard output; `logLevel: 'silent'` disables the log.
 * @throws ConfigError naming every invalid setting; Node's error when the address cannot be bound, such as `EADDRINUSE`.
 */
export async function startGateway({ hooks, ...values }: GatewaySettings): Promise<Gateway> {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(settings, name));
  if (unknown.length > 0) throw new ConfigError(unknown.map((name) => `${name}: unknown setting.`));
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const config = parseConfig(Object.fromEntries(given.map(([name, value]) => [variableOf(name), String(value)])));
  const log = createLog(config.logLevel);
  return start({ config: { ...config, upstreamUrl: config.upstreamUrl ?? '' }, log, hooks });
}
