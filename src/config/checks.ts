/** Checks of settings that are valid individually but conflict with each other, and defaults that depend on other settings. */
import { type SettingValues, settings } from './settings.ts';

export interface DrainTimes {
  readonly drainDelayMs: number;
  readonly drainSpreadMs: number;
}

/**
 * Milliseconds of the two parts of the drain. An unset part takes a third of `shutdownTimeoutMs`, or
 * less when the other part leaves less.
 */
export function drainTimes(values: SettingValues, isProduction: boolean): DrainTimes {
  const { shutdownTimeoutMs, drainDelayMs, drainSpreadMs } = values;
  const share = (other = 0) => Math.max(0, Math.min(Math.floor(shutdownTimeoutMs / 3), shutdownTimeoutMs - other));
  return {
    drainDelayMs: drainDelayMs ?? (isProduction ? share(drainSpreadMs) : 0),
    drainSpreadMs: drainSpreadMs ?? share(drainDelayMs),
  };
}

/** The sandbox accepts a published credential, so it starts only on request, or outside production when no upstream is set. */
export function upstreamProblems({ upstreamUrl, sandbox }: SettingValues, isProduction: boolean): string[] {
  if (upstreamUrl !== undefined) {
    return sandbox === true ? ['SANDBOX, UPSTREAM_URL: expected one of them, not both.'] : [];
  }
  if (sandbox === true || (sandbox === undefined && !isProduction)) return [];
  return [`UPSTREAM_URL: expected ${settings.upstreamUrl.expected}; SANDBOX=true starts the built-in sandbox instead.`];
}

/** Problems of settings that are valid individually but conflict with each other. */
export function contradictions(
  values: Pick<
    SettingValues,
    | 'upstreamUrl'
    | 'upstreamAllowHttp'
    | 'upstreamProxy'
    | 'upstreamCertFile'
    | 'upstreamKeyFile'
    | 'shutdownTimeoutMs'
    | 'auditLog'
    | 'logKey'
    | 'metrics'
    | 'metricsPort'
    | 'metricsHost'
    | 'host'
    | 'port'
    | 'otelExporterOtlpEndpoint'
    | 'otelMetricsExporter'
    | 'otelLogsExporter'
  > &
    DrainTimes,
): string[] {
  const problems: string[] = [];
  const upstream = values.upstreamUrl === undefined ? undefined : new URL(values.upstreamUrl);
  if (upstream?.protocol === 'http:' && !values.upstreamAllowHttp && !loopback.test(upstream.hostname)) {
    problems.push(
      'UPSTREAM_URL: expected https, because the host is another machine; UPSTREAM_ALLOW_HTTP=true overrides.',
    );
  }
  if (upstream?.protocol === 'http:' && !values.upstreamAllowHttp && values.upstreamProxy !== undefined) {
    problems.push('UPSTREAM_URL: expected https with UPSTREAM_PROXY; UPSTREAM_ALLOW_HTTP=true overrides.');
  }
  if ((values.upstreamCertFile === undefined) !== (values.upstreamKeyFile === undefined)) {
    problems.push('UPSTREAM_CERT_FILE, UPSTREAM_KEY_FILE: expected both or neither.');
  }
  if (values.auditLog !== undefined && values.logKey === undefined) {
    problems.push('LOG_KEY: expected with AUDIT_LOG, so that a caller has the same hash after a restart.');
  }
  const { otelMetricsExporter, otelLogsExporter } = values;
  const isExporting = otelMetricsExporter === 'otlp' || otelLogsExporter === 'otlp';
  if (isExporting && values.otelExporterOtlpEndpoint === undefined) {
    problems.push('OTEL_EXPORTER_OTLP_ENDPOINT: expected with OTEL_METRICS_EXPORTER=otlp or OTEL_LOGS_EXPORTER=otlp.');
  }
  if (otelMetricsExporter === 'otlp' && !values.metrics) {
    problems.push('METRICS: expected true with OTEL_METRICS_EXPORTER=otlp.');
  }
  if (values.metricsPort !== undefined && !values.metrics) {
    problems.push('METRICS: expected true with METRICS_PORT.');
  }
  if (values.metricsHost !== undefined && values.metricsPort === undefined) {
    problems.push('METRICS_PORT: expected with METRICS_HOST, because PORT would serve the metrics.');
  }
  const isSameHost = values.metricsHost === undefined || values.metricsHost === values.host;
  if (values.port !== 0 && values.metricsPort === values.port && isSameHost) {
    problems.push('METRICS_PORT: expected another port than PORT; unset, PORT serves the metrics.');
  }
  if (values.drainDelayMs + values.drainSpreadMs > values.shutdownTimeoutMs) {
    problems.push('DRAIN_DELAY_MS, DRAIN_SPREAD_MS: expected no more than SHUTDOWN_TIMEOUT_MS together.');
  }
  return problems;
}

/** Settings that another one switches on, and whose operator relies on an effect that they do not have. */
export function withoutEffect(
  values: Pick<
    SettingValues,
    | 'oidcIssuer'
    | 'oidcAudience'
    | 'oidcVaultFile'
    | 'redisUrl'
    | 'shareEventStreams'
    | 'persistedOperations'
    | 'persistedOperationsFile'
    | 'mcp'
    | 'mcpOperations'
  >,
): string[] {
  const { oidcIssuer, oidcAudience, oidcVaultFile, persistedOperations, mcp } = values;
  const problems: string[] = [];
  if (oidcIssuer === undefined && (oidcAudience ?? oidcVaultFile) !== undefined) {
    problems.push(
      'OIDC_ISSUER: expected with OIDC_AUDIENCE and OIDC_VAULT_FILE; unset, tokens would go to the upstream.',
    );
  }
  if (values.shareEventStreams && values.redisUrl === undefined) {
    problems.push('REDIS_URL: expected with SHARE_EVENT_STREAMS=true; unset, replicas share nothing.');
  }
  if (values.persistedOperationsFile !== undefined && persistedOperations === 'off' && !mcp) {
    problems.push(
      'PERSISTED_OPERATIONS: expected allow or only with PERSISTED_OPERATIONS_FILE; off, the file is not used.',
    );
  }
  if (values.mcpOperations.length > 0 && !mcp) problems.push('MCP: expected true with MCP_OPERATIONS.');
  return problems;
}

/** Problems of settings that `OIDC_ISSUER` requires. */
export function oidcProblems({
  oidcIssuer,
  oidcAudience,
}: Pick<SettingValues, 'oidcIssuer' | 'oidcAudience'>): string[] {
  if (oidcIssuer === undefined) return [];
  const problems: string[] = [];
  const { protocol, hostname } = new URL(oidcIssuer);
  if (protocol === 'http:' && !loopback.test(hostname)) {
    problems.push('OIDC_ISSUER: expected https, because the host is another machine.');
  }
  if (oidcAudience === undefined) {
    problems.push('OIDC_AUDIENCE: expected with OIDC_ISSUER, because a token for another service must not count here.');
  }
  return problems;
}

/** Problems of settings that `REDIS_URL` requires. */
export function redisProblems(
  values: Pick<
    SettingValues,
    'redisUrl' | 'redisKeys' | 'redisAllowPlain' | 'redisCertFile' | 'redisKeyFile' | 'upstreamUrl'
  >,
): string[] {
  const { redisUrl } = values;
  if (redisUrl === undefined) return [];
  const problems: string[] = [];
  if (values.redisKeys === undefined) {
    problems.push(`REDIS_KEYS: expected ${settings.redisKeys.expected}, because REDIS_URL is set.`);
  }
  if (values.upstreamUrl === undefined) {
    problems.push('UPSTREAM_URL: expected with REDIS_URL, because each replica would start a sandbox of its own.');
  }
  const isLocal = redisUrl.hosts.every(({ host }) => loopback.test(host.includes(':') ? `[${host}]` : host));
  if (!redisUrl.tls && !values.redisAllowPlain && !isLocal) {
    problems.push('REDIS_URL: expected rediss, because the host is another machine; REDIS_ALLOW_PLAIN=true overrides.');
  }
  if ((values.redisCertFile === undefined) !== (values.redisKeyFile === undefined)) {
    problems.push('REDIS_CERT_FILE, REDIS_KEY_FILE: expected both or neither.');
  }
  return problems;
}

/** Hosts of this machine: RFC 6761 names, RFC 5735 and RFC 4291 addresses, as URL parsing writes them. */
const loopback = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
