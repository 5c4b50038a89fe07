/**
 * Every setting of the gateway, parsed once. `settings` is the single table: name, unit, default, meaning; the README
 * prints it and a test holds the two together.
 */
import * as z from 'zod';
import { type Misspelling, misspellings } from './setting-names.ts';

const boolean = () => z.enum(['true', 'false']).transform((word) => word === 'true');
const integer = (min: number, max: number) => () =>
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
const origin = () =>
  z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/', 'no path')
    .transform((url) => new URL(url).origin);
const list = () =>
  z.string().transform((text): readonly string[] =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/**
 * An origin exactly as a browser sends it, for anything else would match nothing: lower case, no default port, no path.
 * Pages inside apps have schemes of their own, such as `capacitor://localhost`.
 */
function isBrowserOrigin(text: string): boolean {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/?#@*]+$/.test(text) || !URL.canParse(text)) return false;
  const { origin: serialised, href } = new URL(text);
  return serialised === 'null' ? href === text : serialised === text;
}
const origins = () => list().refine((items) => items.every(isBrowserOrigin));
const headerNames = () => list().refine((items) => items.every((name) => /^[\w!#$%&'+.^`|~-]+$/.test(name)));

/** Makes its schema anew each time: it is needed once, and as a constant would stay in memory with all that hangs on it. */
type Parser<Value> = () => z.ZodType<Value, string>;

/** Most ids one `acknowledgeEvents` may name; twenty upstream calls, which go out one a second. */
export const maxAcknowledgedIds = 1_000;

interface Setting<Value> {
  readonly parser: Parser<Value>;
  /** As a user would type it; undefined = unset. */
  readonly default: string | undefined;
  /** What to type, in words: also the text of the error when something else was typed. */
  readonly expected: string;
  readonly meaning: string;
}

function setting<Value>(parser: Parser<Value>, defaultText: string, expected: string, meaning: string): Setting<Value> {
  return { parser, default: defaultText, expected, meaning };
}

function optional<Value>(parser: Parser<Value>, expected: string, meaning: string): Setting<Value | undefined> {
  return { parser, default: undefined, expected, meaning };
}

/** Every setting under the name the code uses; `variableOf` gives its environment variable. Every queue, cache, retry, timeout and body bound of the gateway stands here. */
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
    'Least severe line that is written.',
  ),
  accessLog: setting(
    boolean,
    'false',
    'true or false',
    'Write a line for each operation, whatever LOG_LEVEL says; it holds no content.',
  ),
  readiness: setting(
    () => z.enum(['gateway', 'upstream']),
    'gateway',
    'gateway or upstream',
    'What /readyz answers for: `gateway` is unready while it stops, `upstream` also while the circuit breaker is open. An outage of the upstream then takes all replicas out of the balancer at once.',
  ),
  metrics: setting(boolean, 'true', 'true or false', 'Serve counters for Prometheus at /metrics.'),
  otelExporterOtlpEndpoint: optional(
    () => z.url({ protocol: /^https?$/ }),
    'an address such as http://collector:4318',
    'OTLP/HTTP collector that gets OpenTelemetry traces. Unset: no traces.',
  ),
  otelExporterOtlpHeaders: setting(
    () => z.string().regex(/^(\s*[\w-]+=[^,]*(,|$))*$/),
    '',
    'name=value pairs separated by commas, or empty',
    'Headers sent to the collector, such as a key.',
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
    'Share of the traces begun here that are sent; where the caller brings a trace context, its decision counts.',
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
    'Registered operations: `allow` takes their ids beside texts, `only` refuses everything else on every transport.',
  ),
  persistedOperationsFile: optional(
    () => z.string(),
    'the path of a JSON file of operation id to text',
    'Manifest of registered operations. Unset: the one of the typed documents.',
  ),
  corsOrigins: setting(
    origins,
    '',
    'origins as browsers send them, such as https://app.example.org or http://localhost:3000, separated by commas, without a path, a slash at the end or *; or empty',
    'Browser origins that may call the gateway; empty refuses all others than its own.',
  ),
  corsAllowedHeaders: setting(
    headerNames,
    '',
    'names of request headers separated by commas, without *; or empty',
    'Request headers that pages of CORS_ORIGINS may send beside those that are always allowed: credentials, media types, request ids, trace contexts and those of Apollo and Sentry.',
  ),
  upstreamTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Deadline of one upstream call, retries included.',
  ),
  operationTimeoutMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Deadline of a whole operation, or of what is read for one event; after it, calls fail with UPSTREAM_TIMEOUT. With a file, REQUEST_TIMEOUT_MS counts instead.',
  ),
  upstreamConnections: setting(
    integer(1, 1024),
    '128',
    'a number, 1 to 1024',
    'Most connections to the upstream for requests; files and event streams are counted apart.',
  ),
  upstreamConcurrencyPerCaller: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Most upstream requests of one credential at the same time; more wait.',
  ),
  upstreamQueuePerCaller: setting(
    integer(0, 100_000),
    '1024',
    'a number, 0 to 100000',
    'Most upstream requests of one credential that wait; one more fails with RATE_LIMITED.',
  ),
  upstreamQueue: setting(
    integer(0, 1_000_000),
    '8192',
    'a number, 0 to 1000000',
    'Most upstream requests of all credentials that wait; one more fails with UPSTREAM_UNAVAILABLE.',
  ),
  upstreamTransfers: setting(
    integer(1, 1024),
    '64',
    'a number, 1 to 1024',
    'Most files on their way to or from the upstream at the same time; a quarter of them may be one credential’s.',
  ),
  upstreamStallMs: setting(
    integer(100, 600_000),
    '30000',
    'milliseconds, 100 to 600000',
    'Longest time without a byte of an attachment being read, whichever side is slow; then the download is cut off.',
  ),
  upstreamMaxReplyBytes: setting(
    integer(1024, 1_073_741_824),
    '16777216',
    'bytes, 1024 to 1073741824',
    'Largest reply of the upstream that is read; attachments are streamed and have no bound.',
  ),
  upstreamRetries: setting(
    integer(0, 5),
    '2',
    'a number, 0 to 5',
    'Most repetitions of an upstream request that may be repeated; all together are held to about a tenth of the requests.',
  ),
  upstreamBreakerFailures: setting(
    integer(2, 10_000),
    '20',
    'a number, 2 to 10000',
    'Upstream failures after which requests fail at once instead of being sent: in a row, one credential’s requests of one operation; among three credentials and most of those that use it, an operation’s; the same over two operations and most of them, all.',
  ),
  upstreamBreakerPauseMs: setting(
    integer(10, 60_000),
    '1000',
    'milliseconds, 10 to 60000',
    'First wait before one request tries a failed upstream again, for UPSTREAM_TIMEOUT_MS at most; doubled up to 30 s while it fails.',
  ),
  upstreamCaFile: optional(
    () => z.string(),
    'the path of a PEM file',
    'Certificate authorities to trust for the upstream instead of the public ones.',
  ),
  upstreamCertFile: optional(
    () => z.string(),
    'the path of a PEM file, together with UPSTREAM_KEY_FILE',
    'Client certificate shown to the upstream.',
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
    'Let UPSTREAM_URL be plain http outside this machine. Credentials and messages then travel unencrypted.',
  ),
  refusedCredentialMs: setting(
    integer(100, 60_000),
    '5000',
    'milliseconds, 100 to 60000',
    'How long a credential the upstream refused is refused without asking again; a call that still succeeds ends it.',
  ),
  upstreamConcurrencyUnproven: setting(
    integer(1, 1024),
    '4',
    'a number, 1 to 1024',
    'Most upstream requests at the same time of a credential the upstream has not taken yet; with the first success UPSTREAM_CONCURRENCY_PER_CALLER counts.',
  ),
  streamLingerMs: setting(
    integer(0, 600_000),
    '10000',
    'milliseconds, 0 to 600000',
    'How long an upstream event stream stays open after its last subscriber left.',
  ),
  subscriberQueue: setting(
    integer(16, 100_000),
    '1000',
    'a number, 16 to 100000',
    'Most events waiting for one subscriber; one more ends it with SLOW_CONSUMER.',
  ),
  streamOpenTimeoutMs: setting(
    integer(100, 60_000),
    '6000',
    'milliseconds, 100 to 60000',
    'Longest wait for the upstream to open an event stream.',
  ),
  streamSilenceMs: setting(
    integer(100, 300_000),
    '12000',
    'milliseconds, 100 to 300000',
    'Silence after which an event stream counts as dead; the upstream is asked for a heartbeat every 5 s.',
  ),
  streamMaxFrame: setting(
    integer(1024, 67_108_864),
    '1048576',
    'characters, 1024 to 67108864',
    'Longest frame of an event stream. A longer one is skipped to its end, counted, and told to `events` as a `SubscriptionGap`.',
  ),
  maxStreams: setting(
    integer(1, 1_000_000),
    '20000',
    'a number, 1 to 1000000',
    'Most upstream event streams: one per caller with live subscriptions, and at most 100 for the devices of one token.',
  ),
  maxSubscribersPerStream: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Most live subscriptions of one caller.',
  ),
  subscriberQueueBytes: setting(
    integer(16_384, 1_073_741_824),
    '917504',
    'bytes, 16384 to 1073741824',
    'Most bytes of events waiting for one subscriber; more end it with SLOW_CONSUMER. Up to 65536 more wait in its socket.',
  ),
  resumeEvents: setting(
    integer(0, 100_000),
    '1000',
    'a number, 0 to 100000',
    'Most events kept per caller, for subscribers that join or resume.',
  ),
  resumeBytes: setting(
    integer(0, 1_073_741_824),
    '1048576',
    'bytes, 0 to 1073741824',
    'Most bytes of events kept per caller, for subscribers that join or resume.',
  ),
  resumeAgeMs: setting(
    integer(0, 86_400_000),
    '300000',
    'milliseconds, 0 to 86400000',
    'Longest time an event is kept for subscribers that join or resume; messages leave earlier when they expire.',
  ),
  rememberedEventIds: setting(
    integer(100, 10_000_000),
    '20000',
    'a number, 100 to 10000000',
    `Most event ids remembered per caller, to deliver none twice and to acknowledge each; for up to 15 s, acknowledgements wait for a replay. One acknowledgeEvents may name ${maxAcknowledgedIds}, which wait beside them.`,
  ),
  manualHoldMs: setting(
    integer(0, 86_400_000),
    '120000',
    'milliseconds, 0 to 86400000',
    'How long events stay unacknowledged for a MANUAL subscriber that left without naming them, or was away when they came, although AUTO subscribers were handed them; it is given them when it comes back.',
  ),
  manualHoldEvents: setting(
    integer(1, 1_000_000),
    '10000',
    'a number, 1 to 1000000',
    'Most events per caller that stay unacknowledged for MANUAL subscribers, live or gone for MANUAL_HOLD_MS at most; for one more the oldest is let go, and a `SubscriptionGap` says so when one comes back. Ids only: RESUME_BYTES bounds their content, the upstream has the rest.',
  ),
  maxHeaderBytes: setting(
    integer(1024, 1_048_576),
    '16384',
    'bytes, 1024 to 1048576',
    'Largest headers of a request, its address included.',
  ),
  headersTimeoutMs: setting(
    integer(100, 600_000),
    '10000',
    'milliseconds, 100 to 600000',
    'Longest wait for the headers of a request.',
  ),
  requestTimeoutMs: setting(
    integer(100, 3_600_000),
    '120000',
    'milliseconds, 100 to 3600000',
    'Longest wait for a whole request, its file included; also for a client that stopped reading its answer.',
  ),
  keepAliveMs: setting(
    integer(0, 3_600_000),
    '65000',
    'milliseconds, 0 to 3600000',
    'How long an idle connection is kept; longer than the load balancer in front keeps it.',
  ),
  maxBodyBytes: setting(
    integer(1024, 104_857_600),
    '1048576',
    'bytes, 1024 to 104857600',
    'Largest request body, WebSocket message, or `operations` field of an upload.',
  ),
  maxHeldBytes: setting(
    integer(65_536, 17_179_869_184),
    '67108864',
    'bytes, 65536 to 17179869184',
    'Most bytes of bodies, messages and variables held at the same time, the first 16384 of each left out; one credential may have a quarter, those that were not used before a quarter together. One more fails with RATE_LIMITED.',
  ),
  maxUploadBytes: setting(
    integer(1024, 1_073_741_824),
    '26214400',
    'bytes, 1024 to 1073741824',
    'Largest file in an upload.',
  ),
  maxDocumentCharacters: setting(
    integer(100, 104_857_600),
    '65536',
    'characters, 100 to 104857600',
    'Longest text of an operation; values belong into its variables.',
  ),
  maxTokens: setting(integer(100, 100_000), '2000', 'a number, 100 to 100000', 'Most lexical tokens in one document.'),
  maxDepth: setting(integer(1, 100), '15', 'a number, 1 to 100', 'Most levels of fields in an operation.'),
  maxFields: setting(
    integer(1, 100_000),
    '1000',
    'a number, 1 to 100000',
    'Most fields in an operation, fragments spread out.',
  ),
  maxAliases: setting(
    integer(0, 10_000),
    '50',
    'a number, 0 to 10000',
    'Most aliases in an operation, and most repeated fields.',
  ),
  maxFieldComparisons: setting(
    integer(100, 1_000_000),
    '20000',
    'a number, 100 to 1000000',
    'Most comparisons of fields of one name, and of fields with fragments, that tell whether a document’s selections can be merged.',
  ),
  maxDirectives: setting(integer(0, 10_000), '50', 'a number, 0 to 10000', 'Most directives in an operation.'),
  maxRootFields: setting(integer(1, 1000), '30', 'a number, 1 to 1000', 'Most root fields in an operation.'),
  maxUpstreamCalls: setting(
    integer(1, 1_000_000),
    '1200',
    'a number, 1 to 1000000',
    'Most upstream calls an operation may cause, reckoned before it runs. The default admits the typed documents with their longest lists and pages.',
  ),
  unprovenWorkPercent: setting(
    integer(0, 100),
    '25',
    'a number, 0 to 100',
    'Percentage of the event loop’s time for preparing new operations of callers whose credential the upstream has not taken yet, one address half of it; more fails with RATE_LIMITED. Operations that are kept prepared cost nothing. 0 sets no bound.',
  ),
  rateLimit: setting(
    integer(0, 10_000_000),
    '0',
    'a number, 0 to 10000000',
    'Operations of one credential in a minute, for each process; 0 leaves the limit to the upstream.',
  ),
  sharedQueryMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'How long after its start a query may be joined by identical ones of the same credential, which then share its upstream calls and its answer; 0 lets each make its own.',
  ),
  entityCacheMs: setting(
    integer(0, 10_000),
    '1000',
    'milliseconds, 0 to 10000',
    'How long a user or group that was read is kept for its credential; changes the credential makes and events it is told end it, changes of others may be missed for so long. 0 reads anew each time.',
  ),
  entityCacheSize: setting(
    integer(0, 1_000_000),
    '10000',
    'a number, 0 to 1000000',
    'Most users, and most groups, kept at a time, of all credentials together; one more is not kept.',
  ),
  httpGet: optional(
    boolean,
    'true or false',
    'Answer queries sent with GET, which puts them into the logs of every proxy. Unset: only with the built-in sandbox.',
  ),
  maxSocketOperations: setting(
    integer(1, 100_000),
    '100',
    'a number, 1 to 100000',
    'Most operations under way on one WebSocket.',
  ),
  maxConnectionsPerAddress: setting(
    integer(0, 1_000_000),
    '0',
    'a number, 0 to 1000000',
    'Most connections from one address; 0 for no limit, as behind a load balancer.',
  ),
  operationCacheBytes: setting(
    integer(0, 1_073_741_824),
    '67108864',
    'bytes, 0 to 1073741824',
    'Memory for operations that are kept prepared, reckoned from their size.',
  ),
  webSocketInitTimeoutMs: setting(
    integer(100, 300_000),
    '10000',
    'milliseconds, 100 to 300000',
    'Time a WebSocket client has to send connection_init.',
  ),
  webSocketPingMs: setting(
    integer(100, 300_000),
    '15000',
    'milliseconds, 100 to 300000',
    'Time between WebSocket pings; a client that leaves one unanswered until the next is cut off.',
  ),
  productKey: optional(
    () => z.string().min(1),
    'the product key of the upstream account',
    'Sent with user id and password when signing in; unset: they are sent as HTTP Basic.',
  ),
  shutdownTimeoutMs: setting(
    integer(0, 600_000),
    '8000',
    'milliseconds, 0 to 600000',
    'Longest wait for work in flight after SIGTERM, DRAIN_DELAY_MS and DRAIN_SPREAD_MS included; the process ends at most two seconds later.',
  ),
  drainDelayMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'How long after SIGTERM the gateway goes on listening, unready, so that balancers hear of it. Unset: a third of SHUTDOWN_TIMEOUT_MS with NODE_ENV=production, else 0.',
  ),
  drainSpreadMs: optional(
    integer(0, 600_000),
    'milliseconds, 0 to 600000',
    'Longest time over which WebSockets and event streams are told of the end, in random order, so that they do not all come back at once; one every 5 ms when they are few. Unset: a third of SHUTDOWN_TIMEOUT_MS.',
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

/** All that is wrong with the environment, one line per setting; holds names and expectations, never values. */
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
 * @throws ConfigError naming every setting that is wrong and what was expected of it.
 */
export function parseConfig(env: Environment): Config {
  const isProduction = env['NODE_ENV'] === 'production';
  // A setting that does not take effect is worth no start where patients' data are.
  const slips = isProduction
    ? misspeltSettings(env).map(({ name, nearest }) => `${name}: no such setting; ${nearest} was meant?`)
    : [];
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, entry] of Object.entries(settings) as [SettingName, Setting<unknown>][]) {
    const variable = variableOf(name);
    // An empty variable is an unset one, except where empty is a value of its own.
    const text = env[variable] === '' && entry.default !== '' ? entry.default : (env[variable] ?? entry.default);
    if (text === undefined) continue;
    const parsed = entry.parser().safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${variable}: expected ${entry.expected}.`);
  }
  if (problems.length > 0) throw new ConfigError([...slips, ...problems]);
  const given = values as Values; // every setting was parsed, or is optional and unset
  const parsed = { ...given, ...drainTimes(given, isProduction) };
  problems.push(...slips, ...contradictions(parsed), ...upstreamProblems(parsed, isProduction));
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

/** Variables of the environment that are most likely settings with a slip in their names. */
export function misspeltSettings(env: Environment): readonly Misspelling[] {
  const given = Object.keys(env).filter((name) => env[name] !== undefined);
  return misspellings(given, Object.keys(settings).map(variableOf), (name) => name === 'SANDBOX_CONTROL_PORT');
}

/** Settings that are credentials, or hold one. */
const secrets: ReadonlySet<SettingName> = new Set(['productKey', 'otelExporterOtlpHeaders']);

/** What was given that is not the default, by variable, for the log: of a secret that it is set, of an address no credential. */
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

/** Of an address, all but user, password and query, in which collectors take keys. */
function withoutCredential(text: string): string {
  if (!/^[a-z]+:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

/** Milliseconds of the two parts of the drain; what is unset takes a third of the time for the whole, or what the other leaves. */
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

/** A demonstration with a published credential starts only where it is asked for, or where nothing can be mistaken for it. */
function upstreamProblems({ upstreamUrl, sandbox }: Values, isProduction: boolean): string[] {
  if (upstreamUrl !== undefined) {
    return sandbox === true ? ['SANDBOX, UPSTREAM_URL: expected one of them, not both.'] : [];
  }
  if (sandbox === true || (sandbox === undefined && !isProduction)) return [];
  return [`UPSTREAM_URL: expected ${settings.upstreamUrl.expected}; SANDBOX=true starts the built-in sandbox instead.`];
}

/** What is wrong with settings that are fine one by one. */
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

/** Hosts that are this machine: RFC 6761 names, RFC 5735 and RFC 4291 addresses, as URL parsing writes them. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
