/** Log, metrics, traces and the audit log of a gateway, started from the settings. */

import type { Config } from '../config/config.ts';
import { type GatewayHooks, HookCaller } from '../hooks.ts';
import { createMetricsServer } from '../server/http/routes/metrics-server.ts';
import { setHashKey } from '../util/hash.ts';
import { listen } from '../util/listen.ts';
import { AuditLog } from './audit-log.ts';
import type { Log } from './log.ts';
import type { MetricSources } from './metric-sources.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type CollectorOptions, collectorOf } from './otlp.ts';
import type { Tracing } from './tracing.ts';

/** Metrics, audit log and traces are undefined when they are disabled. */
export interface Observability {
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  readonly audit: AuditLog | undefined;
  readonly tracing: Tracing | undefined;
  readonly hooks: HookCaller;
  /** Serves the metrics on METRICS_PORT. @returns Its origin; undefined when the setting is unset. */
  listenForMetrics(): Promise<string | undefined>;
  /** Exports queued traces, metrics and lines of the log to the collector, for at most two seconds. */
  closeExports(): Promise<void>;
  /** Closes all but the exports. @param timeoutMs Maximum wait for the destination of the audit log. */
  close(timeoutMs: number): Promise<void>;
}

/** @throws ConfigError when the file of the audit log cannot be opened. */
export async function startObservability(
  config: Config,
  log: Log,
  hooks: GatewayHooks | undefined,
  sources: Omit<MetricSources, 'auditWaitingBytes'>,
): Promise<Observability> {
  if (config.logKey !== undefined) setHashKey(config.logKey);
  const { auditLog: target, auditQueueBytes: maxWaitingBytes } = config;
  const hookCaller = new HookCaller(hooks ?? {}, config, log);
  const { onAudit: onRecord } = hookCaller;
  const isAudited = target !== undefined || onRecord !== undefined;
  const audit = isAudited ? new AuditLog({ target, maxWaitingBytes, onRecord, log }) : undefined;
  const auditWaitingBytes = () => audit?.waitingBytes ?? 0;
  const metrics = config.metrics ? createMetrics({ ...sources, auditWaitingBytes }) : undefined;
  const { metricsPort: port, metricsHost: host = config.host } = config;
  const metricsServer = metrics === undefined || port === undefined ? undefined : createMetricsServer(metrics);
  const collector = collectorOf(config, log);
  const tracing = await startConfiguredTracing(config, collector);
  const exports = await startConfiguredExports(config, collector, log, metrics);
  return {
    log,
    metrics,
    audit,
    tracing,
    hooks: hookCaller,
    async closeExports() {
      await Promise.all([tracing, ...exports].map((each) => each?.close()));
    },
    listenForMetrics: async () =>
      metricsServer === undefined || port === undefined ? undefined : listen(metricsServer, { host, port }),
    async close(timeoutMs) {
      metricsServer?.close();
      metricsServer?.closeAllConnections();
      await audit?.close(timeoutMs);
    },
  };
}

async function startConfiguredTracing(
  config: Config,
  collector: CollectorOptions | undefined,
): Promise<Tracing | undefined> {
  if (collector === undefined) return undefined;
  const { startTracing } = await import('./tracing.ts');
  return startTracing({ ...collector, sampledShare: config.otelTracesSamplerArg });
}

/** Exports of metrics and logs to the collector. */
async function startConfiguredExports(
  config: Config,
  collector: CollectorOptions | undefined,
  log: Log,
  metrics: Metrics | undefined,
): Promise<readonly { close(): Promise<void> }[]> {
  if (collector === undefined) return [];
  const exports: { close(): Promise<void> }[] = [];
  if (config.otelMetricsExporter === 'otlp' && metrics !== undefined) {
    const { startMetricExport } = await import('./metric-export.ts');
    exports.push(startMetricExport({ ...collector, metrics, intervalMs: config.otelMetricExportInterval }));
  }
  if (config.otelLogsExporter === 'otlp') {
    const { startLogExport } = await import('./log-export.ts');
    exports.push(startLogExport(collector, log));
  }
  return exports;
}
