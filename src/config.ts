/**
 * Every setting of the gateway, parsed once. `settings` is the single table of name, unit, default and meaning. The README
 * table is generated from it, and a test compares the two.
 */
import * as z from 'zod';
import { boolean, headerNames, integer, origin, origins, type Parser } from './config-parsers.ts';
import { type Misspelling, misspellings } from './setting-names.ts';

/** Maximum ids in one `acknowledgeEvents`: twenty upstream calls, sent one per second. */
export const maxAcknowledgedIds = 1_000;

interface Setting<Value> {
  readonly parser: Parser<Value>;
  /** Text of the environment variable; undefined = unset. */
  readonly default: string | undefined;
  /** Accepted values in words, also used in the error message for an invalid value. */
  readonly expected: string;
  readonly meaning: string;
}

function setting<Value>(parser: Parser<Value>, defaultText: string, expected: string, meaning: string): Setting<Value> {
  return { parser, default: defaultText, expected, meaning };
}

function optional<Value>(parser: Parser<Value>, expected: string, meaning: string): Setting<Value | undefined> {
  return { parser, default: undefined, expected, meaning };
}

/**
 * Every setting under the name the code uses; `variableOf` returns its environment variable. Includes every limit of
 * queues, caches, retries, timeouts and bodies.
 */
export const settings = {
  host: setting(() => z.string().min(1), '127.0.0.1', 'an address to bind', 'Address the gateway listens on.'),
  port: setting(integer(0, 65535), '4000', 'a port, 0 to 65535', 'Port the gateway listens on; 0 picks a free one.'),
  upstreamUrl: optional(
    origin,
    'an origin such as https://api.example.org, without a path',
    'Origin of the REST API, without `/v2`. Unset: the built-in sandbox is started and used; with NODE_ENV=production, and so in the image, only with SANDBOX=true.',
  ),
  sandbox: optional(
    boolean,
    'true or false',
    'Start the built-in sandbox and use it in place of an upstream. Unset: when UPSTREAM_URL is unset too, except with NODE_ENV=production.',
  ),
  sandboxPort: setting(integer(0, 65535), '4010', 'a port, 0 to 65535', 'Port of the built-in sandbox.'),
  logLevel: setting(
    () => z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']),
    'info',
    'silent, fatal, error, warn, info or debug',
    'Lowest severity that is logged.',
  ),
  accessLog: setting(
    boolean,
    'false',
    'true or false',
    'Log one line per operation, independent of LOG_LEVEL; without content.',
  ),
  readiness: setting(
    () => z.enum(['gateway', 'upstream']),
    'gateway',
    'gateway or upstream',
    'Scope of /readyz: `gateway` reports unready during shutdown, `upstream` also while the circuit breaker is open. With `upstream`, an outage of the upstream takes all replicas out of the load balancer at once.',
  ),
  metrics: setting(boolean, 'true', 'true or false', 'Serve counters for Prometheus at /metrics.'),
  otelExporterOtlpEndpoint: optional(
    () => z.url({ protocol: /^https?$/ }),
    'an address such as http://collector:4318',
    'OTLP/HTTP collector that receives OpenTelemetry traces. Unset: no traces.',
  ),
  otelExporterOtlpHeaders: setting(
    () => z.string().regex(/^(\s*[\w-]+=[^,]*(,|$))*$/),
    '',
    'name=value pairs separated by commas, or empty',
    'Headers for requests to the collector, such as an API key.',
  ),
  otelServiceName: setting(
    () => z.string().min(1),
    'tigerconnect-graphql',
    'a name',
    'Name of this service in traces.',
  ),
  otelTracesSamplerArg: setting(
    () =>
      z
        .string()
        .regex(/^(0(\.\d+)?|1(\.0+)?)$/)
        .transform(Number),
    '1',
    'a number, 0 to 1',
    'Fraction of traces that are exported when they start in the gateway; a caller’s trace context decides for its own traces.',
  ),
  graphiql: optional(boolean, 'true or false', 'Serve the GraphiQL page. Unset: only with the built-in sandbox.'),
  introspection: optional(
    boolean,
    'true or false',
    'Answer introspection and suggest names in validation errors. Unset: only with the built-in sandbox.',
  ),
  persistedOperations: setting(
    () => z.enum(['off', 'allow', 'only']),
    'off',
    'off, allow or only',
    'Registered operations: `allow` accepts their ids as well as texts, `only` refuses all other operations on every transport.',
  ),
  persistedOperationsFile: optional(
    () => z.string(),
    'the path of a JSON file of operation id to text',
    'Manifest of registered operations. Unset: the manifest of the typed documents.',
  ),
  corsOrigins: setting(
    origins,
    '',
    'origins as browsers send them, such as https://app.example.org or http://localhost:3000, separated by commas, without a path, a slash at the end or *; or empty',
    'Browser origins that may call the gateway; empty: only the gateway’s own origin.',
  ),
  corsAllowedHeaders: setting(
    headerNames,
    '',
    'names of request headers separated by commas, without *; or empty',
    'Additional request headers that pages of CORS_ORIGINS may send. Always allowed: credentials, media types, request ids, trace contexts, and the headers of Apollo and Sentry.',
  ),
  upstreamTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Deadline of one upstream call, including its retries.',
  ),
  operationTimeoutMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Deadline of an operation, or of the reads for one event; later calls fail with UPSTREAM_TIMEOUT. An operation with a file has REQUEST_TIMEOUT_MS instead.',
  ),
  upstreamConnections: setting(
    integer(1, 1024),
    '128',
    'a number, 1 to 1024',
    'Maximum upstream connections for requests; files and event streams have separate limits.',
  ),
  upstreamConcurrencyPerCaller: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Maximum concurrent upstream requests per credential; further requests wait.',
  ),
  upstreamQueuePerCaller: setting(
    integer(0, 100_000),
    '1024',
    'a number, 0 to 100000',
    'Maximum waiting upstream requests per credential; further requests fail with RATE_LIMITED.',
  ),
  upstreamQueue: setting(
    integer(0, 1_000_000),
    '8192',
    'a number, 0 to 1000000',
    'Maximum waiting upstream requests of all credentials; further requests fail with UPSTREAM_UNAVAILABLE.',
  ),
  upstreamTransfers: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Maximum concurrent file transfers to and from the upstream; one credential may use a quarter of them.',
  ),
  upstreamStallMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Maximum time without progress in an attachment download, whichever side is slow; then the download is aborted.',
  ),
  upstreamMaxReplyBytes: setting(
    integer(1024, 1_073_741_824),
    '16777216',
    'bytes, 1024 to 1073741824',
    'Maximum size of an upstream reply; attachments are streamed and have no limit.',
  ),
  upstreamRetries: setting(
    integer(0, 5),
    '2',
    'a number, 0 to 5',
    'Maximum retries of a retryable upstream request; all retries together are limited to about a tenth of the requests.',
  ),
  upstreamBreakerFailures: setting(
    integer(2, 10_000),
    '20',
    'a number, 2 to 10000',
    'Consecutive upstream failures that open the circuit breaker, so that requests fail immediately. One credential: its requests for that upstream operation fail. At least three credentials and most of those that use the operation: all requests for it fail. At least two operations and most of those in use: all requests fail.',
  ),
  upstreamBreakerPauseMs: setting(
    integer(10, 60_000),
    '1000',
    'milliseconds, 10 to 60000',
    'First pause before an open circuit breaker sends one trial request, which lasts at most UPSTREAM_TIMEOUT_MS; the pause doubles up to 30 s while trials fail.',
  ),
  upstreamCaFile: optional(
    () => z.string(),
    'the path of a PEM file',
    'Certificate authorities trusted for the upstream instead of the public ones.',
  ),
  upstreamCertFile: optional(
    () => z.string(),
    'the path of a PEM file, together with UPSTREAM_KEY_FILE',
    'Client certificate for connections to the upstream.',
  ),
  upstreamKeyFile: optional(
    () => z.string(),
    'the path of a PEM file, together with UPSTREAM_CERT_FILE',
    'Private key of the client certificate.',
  ),
  upstreamAllowHttp: setting(
    boolean,
    'false',
    'true or false',
    'Allow plain http in UPSTREAM_URL for another machine. Credentials and messages then travel unencrypted.',
  ),
  refusedCredentialMs: setting(
    integer(100, 60_000),
    '5000',
    'milliseconds, 100 to 60000',
    'Time for which the gateway itself refuses a credential that the upstream refused; a successful call ends it early.',
  ),
  upstreamConcurrencyUnproven: setting(
    integer(1, 1024),
    '4',
    'a number, 1 to 1024',
    'Maximum concurrent upstream requests of a credential that the upstream has not accepted yet; after the first success, UPSTREAM_CONCURRENCY_PER_CALLER applies.',
  ),
  streamLingerMs: setting(
    integer(0, 600_000),
    '10000',
    'milliseconds, 0 to 600000',
    'Time an upstream event stream stays open after its last subscriber left.',
  ),
  subscriberQueue: setting(
    integer(16, 100_000),
    '1000',
    'a number, 16 to 100000',
    'Maximum events waiting for one subscriber; a further event ends its subscription with SLOW_CONSUMER.',
  ),
  streamOpenTimeoutMs: setting(
    integer(100, 60_000),
    '6000',
    'milliseconds, 100 to 60000',
    'Maximum time for the upstream to open an event stream.',
  ),
  streamSilenceMs: setting(
    integer(100, 300_000),
    '12000',
    'milliseconds, 100 to 300000',
    'Idle time after which an event stream is reconnected; the upstream sends a heartbeat every 5 s on request.',
  ),
  streamMaxFrame: setting(
    integer(1024, 67_108_864),
    '1048576',
    'characters, 1024 to 67108864',
    'Maximum length of an event stream frame. A longer frame is skipped, counted, and reported to `events` as a `SubscriptionGap`.',
  ),
  maxStreams: setting(
    integer(1, 1_000_000),
    '20000',
    'a number, 1 to 1000000',
    'Maximum upstream event streams: one per caller with live subscriptions, at most 100 for the devices of one token.',
  ),
  maxSubscribersPerStream: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Maximum live subscriptions per caller.',
  ),
  subscriberQueueBytes: setting(
    integer(16_384, 1_073_741_824),
    '917504',
    'bytes, 16384 to 1073741824',
    'Maximum bytes of events waiting for one subscriber; further events end its subscription with SLOW_CONSUMER. Up to 65536 more bytes wait in its socket.',
  ),
  resumeEvents: setting(
    integer(0, 100_000),
    '1000',
    'a number, 0 to 100000',
    'Maximum events in the resume buffer of a caller, for subscribers that join or resume.',
  ),
  resumeBytes: setting(
    integer(0, 1_073_741_824),
    '1048576',
    'bytes, 0 to 1073741824',
    'Maximum bytes in the resume buffer of a caller.',
  ),
  resumeAgeMs: setting(
    integer(0, 86_400_000),
    '300000',
    'milliseconds, 0 to 86400000',
    'Maximum age of an event in the resume buffer; messages leave earlier when they expire.',
  ),
  rememberedEventIds: setting(
    integer(100, 10_000_000),
    '20000',
    'a number, 100 to 10000000',
    `Maximum event ids remembered per caller, so that events are delivered once and acknowledged; acknowledgements wait up to 15 s for a replay. One acknowledgeEvents accepts ${maxAcknowledgedIds} ids, which are not part of this limit.`,
  ),
  manualHoldMs: setting(
    integer(0, 86_400_000),
    '120000',
    'milliseconds, 0 to 86400000',
    'Time events stay unacknowledged for a disconnected MANUAL subscriber that has not named them, even when AUTO subscribers received them; the subscriber receives them when it reconnects.',
  ),
  manualHoldEvents: setting(
    integer(1, 1_000_000),
    '10000',
    'a number, 1 to 1000000',
    'Maximum unacknowledged events per caller for MANUAL subscribers, connected or gone for less than MANUAL_HOLD_MS; a further event releases the oldest, and a `SubscriptionGap` reports it to a subscriber that reconnects. Only ids are held: RESUME_BYTES limits their content, and the upstream has the rest.',
  ),
  maxHeaderBytes: setting(
    integer(1024, 1_048_576),
    '16384',
    'bytes, 1024 to 1048576',
    'Maximum size of the headers of a request, including its URL.',
  ),
  headersTimeoutMs: setting(
    integer(100, 600_000),
    '10000',
    'milliseconds, 100 to 600000',
    'Maximum time to receive the headers of a request.',
  ),
  requestTimeoutMs: setting(
    integer(100, 3_600_000),
    '120000',
    'milliseconds, 100 to 3600000',
    'Maximum time to receive a whole request, including its file; also the maximum time for a client that stopped reading its response.',
  ),
  keepAliveMs: setting(
    integer(0, 3_600_000),
    '65000',
    'milliseconds, 0 to 3600000',
    'Time an idle connection stays open; set it longer than the idle timeout of the load balancer.',
  ),
  maxBodyBytes: setting(
    integer(1024, 104_857_600),
    '1048576',
    'bytes, 1024 to 104857600',
    'Maximum size of a request body, a WebSocket message, or the `operations` field of an upload.',
  ),
  maxHeldBytes: setting(
    integer(65_536, 17_179_869_184),
    '67108864',
    'bytes, 65536 to 17179869184',
    'Maximum bytes of bodies, messages and variables in memory, not counting the first 16384 of each; one credential may use a quarter, and all credentials that the upstream has not accepted yet share a quarter. Further requests fail with RATE_LIMITED.',
  ),
  maxUploadBytes: setting(
    integer(1024, 1_073_741_824),
    '26214400',
    'bytes, 1024 to 1073741824',
    'Maximum size of an uploaded file.',
  ),
  maxDocumentCharacters: setting(
    integer(100, 104_857_600),
    '65536',
    'characters, 100 to 104857600',
    'Maximum length of an operation’s text; put values into variables.',
  ),
  maxTokens: setting(integer(100, 100_000), '2000', 'a number, 100 to 100000', 'Maximum lexical tokens in a document.'),
  maxDepth: setting(integer(1, 100), '15', 'a number, 1 to 100', 'Maximum depth of fields in an operation.'),
  maxFields: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Maximum fields in an operation, with fragments expanded.',
  ),
  maxAliases: setting(
    integer(0, 10_000),
    '50',
    'a number, 0 to 10000',
    'Maximum aliases, and maximum repeated fields, in an operation.',
  ),
  maxFieldComparisons: setting(
    integer(100, 1_000_000),
    '20000',
    'a number, 100 to 1000000',
    'Maximum comparisons of fields with the same name, and of fields with fragments, when a document is checked for conflicting selections.',
  ),
  maxDirectives: setting(integer(0, 10_000), '50', 'a number, 0 to 10000', 'Maximum directives in an operation.'),
  maxRootFields: setting(integer(1, 1000), '30', 'a number, 1 to 1000', 'Maximum root fields in an operation.'),
  maxUpstreamCalls: setting(
    integer(1, 1_000_000),
    '1200',
    'a number, 1 to 1000000',
    'Maximum upstream calls of an operation, estimated before it runs. The default allows the typed documents with their longest lists and pages.',
  ),
  unprovenWorkPercent: setting(
    integer(0, 100),
    '25',
    'a number, 0 to 100',
    'Maximum percentage of event loop time for preparing operations of callers whose credential the upstream has not accepted yet; one address may use half of it, and further operations fail with RATE_LIMITED. Cached operations do not count. 0 means no limit.',
  ),
  rateLimit: setting(
    integer(0, 10_000_000),
    '0',
    'a number, 0 to 10000000',
    'Maximum operations per credential, minute and process; further operations fail with RATE_LIMITED. 0 means no limit in the gateway.',
  ),
  sharedQueryMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'Time after the start of a query in which identical queries of the same credential share its upstream calls and its result; 0 turns sharing off.',
  ),
  entityCacheMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'Time a user or group stays in the entity cache of a credential. Mutations of the credential and events it receives remove entries; other changes may be missed for this time. 0 turns the cache off.',
  ),
  entityCacheSize: setting(
    integer(0, 1_000_000),
    '10000',
    'a number, 0 to 1000000',
    'Maximum users, and maximum groups, in the entity cache of all credentials; further ones are not cached.',
  ),
  httpGet: optional(
    boolean,
    'true or false',
    'Accept queries over GET, which appear in the logs of every proxy. Unset: only with the built-in sandbox.',
  ),
  maxSocketOperations: setting(
    integer(1, 100_000),
    '100',
    'a number, 1 to 100000',
    'Maximum concurrent operations on one WebSocket.',
  ),
  maxConnectionsPerAddress: setting(
    integer(0, 1_000_000),
    '0',
    'a number, 0 to 1000000',
    'Maximum connections from one address; 0 means no limit, as behind a load balancer.',
  ),
  operationCacheBytes: setting(
    integer(0, 1_073_741_824),
    '67108864',
    'bytes, 0 to 1073741824',
    'Maximum memory for prepared operations, estimated from their size.',
  ),
  webSocketInitTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Maximum time for a WebSocket client to send connection_init.',
  ),
  webSocketPingMs: setting(
    integer(100, 300_000),
    '15000',
    'milliseconds, 100 to 300000',
    'Time between WebSocket pings; a client that has not answered one before the next is disconnected.',
  ),
  productKey: optional(
    () => z.string().min(1),
    'the product key of the upstream account',
    'Product key sent with user id and password at sign-in. Unset: user id and password are sent as HTTP Basic.',
  ),
  shutdownTimeoutMs: setting(
    integer(0, 600_000),
    '8000',
    'milliseconds, 0 to 600000',
    'Maximum time for work in progress after SIGTERM, including DRAIN_DELAY_MS and DRAIN_SPREAD_MS; the process ends at most two seconds later.',
  ),
  drainDelayMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'Time after SIGTERM in which the gateway still accepts connections but reports unready, so that load balancers stop sending requests. Unset: a third of SHUTDOWN_TIMEOUT_MS with NODE_ENV=production, otherwise 0.',
  ),
  drainSpreadMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'Maximum time over which WebSockets and event streams are closed, in random order, so that clients do not all reconnect at once; one every 5 ms when they are few. Unset: a third of SHUTDOWN_TIMEOUT_MS.',
  ),
} as const satisfies Record<string, Setting<unknown>>;

type SettingName = keyof typeof settings;
type Values = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** The parsed settings; frozen. */
export type Config = Readonly<
  Omit<Values, 'graphiql' | 'introspection' | 'httpGet' | 'sandbox' | 'drainDelayMs' | 'drainSpreadMs'>
> & {
  readonly httpGet: boolean;
  readonly sandbox: boolean;
  readonly drainDelayMs: number;
  readonly drainSpreadMs: number;
  readonly graphiql: boolean;
  readonly introspection: boolean;
};

/** The environment variable of a setting: `upstreamTimeoutMs` is `UPSTREAM_TIMEOUT_MS`. */
export function variableOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** All invalid settings of the environment, one line each, with names and expected values, never the values themselves. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Parses the environment.
 * @throws ConfigError naming every invalid setting and its expected values.
 */
export function parseConfig(env: Environment): Config {
  const isProduction = env['NODE_ENV'] === 'production';
  // In production a misspelt setting prevents the start: patient data must not depend on a setting that has no effect.
  const misspelt = isProduction
    ? misspeltSettings(env).map(({ name, nearest }) => `${name}: no such setting; ${nearest} was meant?`)
    : [];
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, entry] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const variable = variableOf(name);
    // An empty variable counts as unset, except where the empty string is a valid value.
    const text = env[variable] === '' && entry.default !== '' ? entry.default : (env[variable] ?? entry.default);
    if (text === undefined) continue;
    const parsed = entry.parser().safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${variable}: expected ${entry.expected}.`);
  }
  if (problems.length > 0) throw new ConfigError([...misspelt, ...problems]);
  const complete = values as Values; // every setting is parsed, or optional and unset
  const parsed = { ...complete, ...drainTimes(complete, isProduction) };
  problems.push(...misspelt, ...contradictions(parsed), ...upstreamProblems(parsed, isProduction));
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

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables whose names are most likely misspelt settings. */
export function misspeltSettings(env: Environment): readonly Misspelling[] {
  const present = Object.keys(env).filter((name) => env[name] !== undefined);
  return misspellings(present, Object.keys(settings).map(variableOf), (name) => name === 'SANDBOX_CONTROL_PORT');
}

/** Settings that are or contain credentials. */
const secrets: ReadonlySet<SettingName> = new Set(['productKey', 'otelExporterOtlpHeaders']);

/** Non-default settings by variable, for the log: a secret is logged as `set`, an address without its credential. */
export function changedSettings(env: Environment): Readonly<Record<string, string>> {
  const changed: Record<string, string> = {};
  for (const [name, entry] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const variable = variableOf(name);
    const text = env[variable];
    if (text === undefined || text === '' || text === entry.default) continue;
    changed[variable] = secrets.has(name) ? 'set' : withoutCredential(text);
  }
  return changed;
}

/** The address without user, password and query, because collectors accept keys in the query. */
function withoutCredential(text: string): string {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

/**
 * Milliseconds of the two parts of the drain. An unset part takes a third of the whole time, or less when the other part
 * leaves less.
 */
function drainTimes(
  values: Values,
  isProduction: boolean,
): { readonly drainDelayMs: number; readonly drainSpreadMs: number } {
  const { shutdownTimeoutMs: whole, drainDelayMs, drainSpreadMs } = values;
  const share = (other = 0) => Math.max(0, Math.min(Math.floor(whole / 3), whole - other));
  return {
    drainDelayMs: drainDelayMs ?? (isProduction ? share(drainSpreadMs) : 0),
    drainSpreadMs: drainSpreadMs ?? share(drainDelayMs),
  };
}

/** The sandbox accepts a published credential, so it starts only on request, or outside production when no upstream is set. */
function upstreamProblems({ upstreamUrl, sandbox }: Values, isProduction: boolean): string[] {
  if (upstreamUrl !== undefined) {
    return sandbox === true ? ['SANDBOX, UPSTREAM_URL: expected one of them, not both.'] : [];
  }
  if (sandbox === true || (sandbox === undefined && !isProduction)) return [];
  return [`UPSTREAM_URL: expected ${settings.upstreamUrl.expected}; SANDBOX=true starts the built-in sandbox instead.`];
}

/** Problems of settings that are valid individually but conflict with each other. */
function contradictions(
  values: Pick<
    Config,
    | 'upstreamUrl'
    | 'upstreamAllowHttp'
    | 'upstreamCertFile'
    | 'upstreamKeyFile'
    | 'drainDelayMs'
    | 'drainSpreadMs'
    | 'shutdownTimeoutMs'
  >,
): string[] {
  const problems: string[] = [];
  const upstream = values.upstreamUrl === undefined ? undefined : new URL(values.upstreamUrl);
  if (upstream?.protocol === 'http:' && !values.upstreamAllowHttp && !loopback.test(upstream.hostname)) {
    problems.push(
      'UPSTREAM_URL: expected https, because the host is another machine; UPSTREAM_ALLOW_HTTP=true overrides.',
    );
  }
  if ((values.upstreamCertFile === undefined) !== (values.upstreamKeyFile === undefined)) {
    problems.push('UPSTREAM_CERT_FILE, UPSTREAM_KEY_FILE: expected both or neither.');
  }
  if (values.drainDelayMs + values.drainSpreadMs > values.shutdownTimeoutMs) {
    problems.push('DRAIN_DELAY_MS, DRAIN_SPREAD_MS: expected no more than SHUTDOWN_TIMEOUT_MS together.');
  }
  return problems;
}

/** Hosts of this machine: RFC 6761 names, RFC 5735 and RFC 4291 addresses, as URL parsing writes them. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
