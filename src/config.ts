/**
 * Every setting of the gateway, parsed once. `settings` is the single table: name, unit, default, meaning; the README
 * prints it and a test holds the two together.
 */
import { z } from 'zod';

const boolean = z.enum(['true', 'false']).transform((word) => word === 'true');
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).pathname === '/', 'no path')
  .transform((url) => new URL(url).origin);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

interface Setting<Value> {
  readonly parse: z.ZodType<Value, string>;
  /** As a user would type it; undefined = unset. */
  readonly default: string | undefined;
  /** What to type, in words: also the text of the error when something else was typed. */
  readonly expected: string;
  readonly meaning: string;
}

function setting<Value>(
  parse: z.ZodType<Value, string>,
  defaultText: string,
  expected: string,
  meaning: string,
): Setting<Value> {
  return { parse, default: defaultText, expected, meaning };
}

function optional<Value>(parse: z.ZodType<Value, string>, expected: string, meaning: string): Setting<Value | undefined> {
  return { parse, default: undefined, expected, meaning };
}

/** Environment variable name → setting. Every queue, cache, retry, timeout and body bound of the gateway stands here. */
export const settings = {
  HOST: setting(z.string().min(1), '127.0.0.1', 'an address to bind', 'Address the gateway listens on.'),
  PORT: setting(integer(0, 65535), '4000', 'a port, 0 to 65535', 'Port the gateway listens on; 0 picks a free one.'),
  UPSTREAM_URL: optional(
    origin,
    'an origin such as https://api.example.org, without a path',
    'Origin of the REST API, without `/v2`. Unset: the built-in sandbox is started and used.',
  ),
  SANDBOX_PORT: setting(integer(0, 65535), '4010', 'a port, 0 to 65535', 'Port of the built-in sandbox.'),
  LOG_LEVEL: setting(
    z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']),
    'info',
    'silent, fatal, error, warn, info or debug',
    'Least severe line that is written.',
  ),
  GRAPHIQL: optional(boolean, 'true or false', 'Serve the GraphiQL page. Unset: only with the built-in sandbox.'),
  INTROSPECTION: optional(
    boolean,
    'true or false',
    'Answer introspection and suggest names in validation errors. Unset: only with the built-in sandbox.',
  ),
  CORS_ORIGINS: setting(
    list,
    '',
    'origins separated by commas, or empty',
    'Browser origins that may call the gateway; empty refuses all others than its own.',
  ),
  UPSTREAM_TIMEOUT_MS: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Deadline of one upstream call, retries included.',
  ),
  UPSTREAM_CONNECTIONS: setting(
    integer(1, 1024),
    '128',
    'a number, 1 to 1024',
    'Most connections to the upstream for requests; event streams are counted apart.',
  ),
  STREAM_LINGER_MS: setting(
    integer(0, 600_000),
    '10000',
    'milliseconds, 0 to 600000',
    'How long an upstream event stream stays open after its last subscriber left.',
  ),
  SUBSCRIBER_QUEUE: setting(
    integer(16, 100_000),
    '1000',
    'a number, 16 to 100000',
    'Most events waiting for one subscriber; one more ends it with SLOW_CONSUMER.',
  ),
  SHUTDOWN_TIMEOUT_MS: setting(
    integer(0, 600_000),
    '10000',
    'milliseconds, 0 to 600000',
    'Longest wait for work in flight after SIGTERM.',
  ),
} as const satisfies Record<string, Setting<unknown>>;

type Settings = typeof settings;
type SettingName = keyof Settings;
type Values = { readonly [Name in SettingName]: Settings[Name] extends Setting<infer Value> ? Value : never };

/** The parsed settings under the names the code uses; frozen. */
export type Config = ReturnType<typeof toConfig>;

/** All that is wrong with the environment, one line per setting; holds names and expectations, never values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

function toConfig(values: Values) {
  const sandboxed = values.UPSTREAM_URL === undefined;
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    /** Undefined: start the sandbox. */
    upstreamUrl: values.UPSTREAM_URL,
    sandboxPort: values.SANDBOX_PORT,
    logLevel: values.LOG_LEVEL,
    graphiql: values.GRAPHIQL ?? sandboxed,
    introspection: values.INTROSPECTION ?? sandboxed,
    corsOrigins: values.CORS_ORIGINS,
    upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
    upstreamConnections: values.UPSTREAM_CONNECTIONS,
    streamLingerMs: values.STREAM_LINGER_MS,
    subscriberQueue: values.SUBSCRIBER_QUEUE,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT_MS,
  });
}

/**
 * Parses the environment.
 * @throws ConfigError naming every setting that is wrong and what was expected of it.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, entry] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const text = env[name] ?? entry.default;
    if (text === undefined || (text === '' && entry.default === undefined)) continue;
    const parsed = entry.parse.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: expected ${entry.expected}.`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return toConfig(values as Values); // every setting was parsed or is optional and unset
}
