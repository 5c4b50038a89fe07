/** Settings of the process: addresses, logs, metrics, traces, GraphiQL, registered operations and CORS. */
import * as z from 'zod';
import { boolean, headerNames, integer, networks, operationNames, origin, origins } from './parsers.ts';
import { optional, type Setting, setting } from './setting.ts';

export const programSettings = {
  host: setting(() => z.string().min(1), '127.0.0.1', 'an address to bind', 'Address the gateway listens on.'),
  port: setting(integer(0, 65535), '4000', 'a port, 0 to 65535', 'Port the gateway listens on; 0 picks a free one.'),
  trustedProxies: setting(
    networks,
    '',
    'addresses and networks such as 10.0.0.0/8 or 2001:db8::/32, separated by commas, or empty',
    'Proxies whose `X-Forwarded-For` is believed: the address of a client is its last entry that is none of them. Limits of requests without an accepted credential count by address, an IPv6 address with its /64. Empty: the address of the connection, which all clients behind one proxy share.',
  ),
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
  sandboxApi: setting(
    () => z.enum(['v2', 'both']),
    'both',
    'v2 or both',
    'API versions of the built-in sandbox: v2 alone, or v5 (conversations with history and counts) beside it.',
  ),
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
  auditLog: optional(
    () => z.string().min(1),
    'stdout, or the path of a file',
    'Append one JSON line per mutation to this file, or to standard output: which caller changed which conversation, message, group or account; ids and hashes, no content. Needs LOG_KEY. Unset: no audit log.',
  ),
  auditQueueBytes: setting(
    integer(4_096, 1_073_741_824),
    '1048576',
    'bytes, 4096 to 1073741824',
    'Maximum bytes of audit lines that wait for a slow or failing destination; further mutations fail with RATE_LIMITED and change nothing.',
  ),
  auditAccountWaitMs: setting(
    integer(0, 60_000),
    '250',
    'milliseconds, 0 to 60000',
    'Maximum time for which a finished mutation waits for the id of its caller’s account, which is read once per credential; later, its audit line has none.',
  ),
  auditAccountRetryMs: setting(
    integer(0, 86_400_000),
    '60000',
    'milliseconds, 0 to 86400000',
    'Minimum time between two attempts to read the account of a credential, after one failed or took longer than AUDIT_ACCOUNT_WAIT_MS.',
  ),
  logKey: optional(
    () => z.string().min(32),
    'a secret of at least 32 characters',
    'Key of the hashes of credentials in logs. Replicas with the same key write the same hashes, also after a restart. Unset: a random key per process.',
  ),
  hookTimeoutMs: setting(
    integer(1, 600_000),
    '1000',
    'milliseconds, 1 to 600000',
    'Maximum time of a pending call of a hook that a program passes to startGateway; a longer one is logged.',
  ),
  maxHookCalls: setting(
    integer(1, 1_000_000),
    '1000',
    'a number, 1 to 1000000',
    'Maximum pending calls of hooks; further calls are skipped, and logged.',
  ),
  readiness: setting(
    () => z.enum(['gateway', 'upstream']),
    'gateway',
    'gateway or upstream',
    'Scope of /readyz: `gateway` reports unready during shutdown, `upstream` also while the circuit breaker is open. With `upstream`, an outage of the upstream takes all replicas out of the load balancer at once.',
  ),
  metrics: setting(boolean, 'true', 'true or false', 'Serve counters for Prometheus at /metrics.'),
  metricsPort: optional(
    integer(0, 65535),
    'a port, 0 to 65535',
    'Port that serves /metrics, and nothing else, in place of PORT; 0 picks a free one. Unset: PORT serves them.',
  ),
  metricsHost: optional(() => z.string().min(1), 'an address to bind', 'Address of METRICS_PORT. Unset: that of HOST.'),
  otelExporterOtlpEndpoint: optional(
    () => z.url({ protocol: /^https?$/ }),
    'an address such as http://collector:4318',
    'OTLP/HTTP collector that receives OpenTelemetry traces, and metrics and logs where they are turned on. Unset: none.',
  ),
  otelExporterOtlpHeaders: setting(
    () => z.string().regex(/^(\s*[\w-]+=[^,]*(,|$))*$/),
    '',
    'name=value pairs separated by commas, or empty',
    'Headers for requests to the collector, such as an API key; values are percent-encoded, as in Basic%20….',
  ),
  otelServiceName: setting(
    () => z.string().min(1),
    'tigerconnect-graphql',
    'a name',
    'Name of this service at the collector.',
  ),
  otelResourceAttributes: setting(
    () => z.string().regex(/^(\s*[\w.-]+=[^,]*(,|$))*$/),
    '',
    'name=value pairs separated by commas, or empty',
    'Attributes of this process at the collector, such as deployment.environment.name=production; values are percent-encoded. service.version and a random service.instance.id are set, unless they are given here.',
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
  otelMetricsExporter: setting(
    () => z.enum(['none', 'otlp']),
    'none',
    'none or otlp',
    'Also send the metrics to the collector.',
  ),
  otelMetricExportInterval: setting(
    integer(1_000, 3_600_000),
    '60000',
    'milliseconds, 1000 to 3600000',
    'Time between two exports of the metrics.',
  ),
  otelLogsExporter: setting(
    () => z.enum(['none', 'otlp']),
    'none',
    'none or otlp',
    'Also send the lines of the log, those of the access log included, to the collector. At most 4096 wait for it; standard output has all.',
  ),
  graphiql: optional(boolean, 'true or false', 'Serve the GraphiQL page. Unset: only with the built-in sandbox.'),
  introspection: optional(
    boolean,
    'true or false',
    'Answer introspection and suggest names in validation errors. Unset: only with the built-in sandbox.',
  ),
  subgraph: setting(
    boolean,
    'false',
    'true or false',
    'Serve the schema as a subgraph of Apollo Federation 2, for the router of a federated graph; the router must forward the credential.',
  ),
  persistedOperations: setting(
    () => z.enum(['off', 'allow', 'only']),
    'off',
    'off, allow or only',
    'Registered operations: `allow` accepts their ids as well as texts, `only` rejects all other operations on every transport.',
  ),
  persistedOperationsFile: optional(
    () => z.string(),
    'the path of a JSON file of operation id to text',
    'Manifest of registered operations. Unset: the manifest of the typed documents.',
  ),
  mcp: setting(
    boolean,
    'false',
    'true or false',
    'Serve registered queries as tools of assistants (Model Context Protocol) at /mcp, each with the credential of its caller.',
  ),
  mcpOperations: setting(
    operationNames,
    '',
    'names of registered operations separated by commas, or empty',
    'Registered operations with effects that are tools at /mcp too.',
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
} as const satisfies Record<string, Setting<unknown>>;
