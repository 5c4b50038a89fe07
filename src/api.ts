/** The package's `.`: a gateway inside another program. */
import { type Config, ConfigError, parseConfig } from './config/config.ts';
import { settings, variableOf } from './config/settings.ts';
import { type Gateway, startGateway as start } from './gateway.ts';
import { createLog } from './log.ts';

export { ConfigError, type Gateway };

/** The settings of the README's table in camel case, `LOG_LEVEL` as `logLevel`; each has the default given there. */
export type GatewaySettings = { readonly [Name in keyof Config]?: Config[Name] | undefined } & {
  /** Origin of the REST API, without `/v2`, or of a sandbox. */
  readonly upstreamUrl: string;
};

/**
 * Starts a gateway. It logs to standard output; `logLevel: 'silent'` keeps it quiet.
 * @throws ConfigError naming every setting that is wrong; the server's own error when the address cannot be bound.
 */
export async function startGateway(values: GatewaySettings): Promise<Gateway> {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(settings, name));
  if (unknown.length > 0) throw new ConfigError(unknown.map((name) => `${name}: no such setting.`));
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const config = parseConfig(Object.fromEntries(given.map(([name, value]) => [variableOf(name), String(value)])));
  return start({ config: { ...config, upstreamUrl: config.upstreamUrl ?? '' }, log: createLog(config.logLevel) });
}
