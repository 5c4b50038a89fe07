/** The common options of exports to an OpenTelemetry collector: traces, metrics and logs. */

import type { Config } from '../config/config.ts';
import { atMost } from '../util/at-most.ts';

export interface CollectorOptions {
  /** URL of an OTLP/HTTP collector, without `/v1/traces` and the like. */
  readonly endpoint: string;
  /** `name=value` pairs separated by commas. */
  readonly headers: string;
  readonly serviceName: string;
}

/** Maximum time for one export, and for the last one at the end of the process. */
export const exportTimeoutMs = 2_000;

/** Undefined when no collector is set. */
export function collectorOf(config: Config): CollectorOptions | undefined {
  const { otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: headers, otelServiceName: serviceName } = config;
  return endpoint === undefined ? undefined : { endpoint, headers, serviceName };
}

/** Options of an exporter for one signal. */
export function exporterOptions({ endpoint, headers }: CollectorOptions, signal: 'traces' | 'metrics' | 'logs') {
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/${signal}`,
    headers: headersOf(headers),
    timeoutMillis: exportTimeoutMs,
  };
}

/** Waits for the last export: an unreachable collector must not delay the end of the process. */
export function closeInTime(provider: { shutdown(): Promise<void> }): Promise<void> {
  return atMost(
    provider.shutdown().catch(() => undefined),
    exportTimeoutMs,
  );
}

function headersOf(pairs: string): Record<string, string> {
  const headers = pairs.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
  return Object.fromEntries(headers);
}
