/** The common options of exports to an OpenTelemetry collector: traces, metrics and logs. */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { atMost } from '../util/at-most.ts';
import { version } from '../version.ts';
import type { Log } from './log.ts';
import type { LogFields } from './log-fields.ts';

export interface CollectorOptions {
  /** URL of an OTLP/HTTP collector, without `/v1/traces` and the like. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource: what describes this process at the collector. */
  readonly resource: Readonly<Record<string, string>>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

type Signal = 'traces' | 'metrics' | 'logs';

/** Maximum time for one export, and for the last one at the end of the process. */
export const exportTimeoutMs = 2_000;

/** Without it, a collector adds the counters of replicas up as if they were of one process. */
const instanceId = randomUUID();

/** Undefined when no collector is set. */
export function collectorOf(config: Config, log: Log): CollectorOptions | undefined {
  const { otelExporterOtlpEndpoint: endpoint, otelServiceName } = config;
  if (endpoint === undefined) return undefined;
  const resource = {
    'service.instance.id': instanceId,
    'service.version': version,
    ...pairsIn(config.otelResourceAttributes),
    'service.name': otelServiceName,
  };
  return { endpoint, headers: pairsIn(config.otelExporterOtlpHeaders), resource, log };
}

/** Options of an exporter for one signal. */
export function exporterOptions({ endpoint, headers }: CollectorOptions, signal: Signal) {
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/${signal}`,
    headers: { ...headers },
    timeoutMillis: exportTimeoutMs,
  };
}

/** What the libraries call when an export has ended; 0 is success. */
interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

/** Logs when the collector does not accept a signal, and when it does again: the libraries themselves are silent. */
export function logState<Items>(exporter: Exporter<Items>, signal: Signal, { log }: CollectorOptions): void {
  const send = exporter.export.bind(exporter);
  let isAccepting = true;
  exporter.export = (items, done) => {
    send(items, (result) => {
      const isAccepted = result.code === 0;
      if (isAccepting && !isAccepted) log.warn(`collector does not accept ${signal}`, reasonOf(result.error));
      if (!isAccepting && isAccepted) log.info(`collector accepts ${signal} again`);
      isAccepting = isAccepted;
      done(result);
    });
  };
}

/** The HTTP status of the collector, or the code of the connection's error. Its message may hold addresses. */
function reasonOf(error: Error | undefined): LogFields {
  if (error === undefined || !('code' in error)) return {};
  if (typeof error.code === 'number') return { status: error.code };
  return typeof error.code === 'string' ? { errorCode: error.code } : {};
}

/** Waits for the last export: an unreachable collector must not delay the end of the process. */
export function closeInTime(provider: { shutdown(): Promise<void> }): Promise<void> {
  return atMost(
    provider.shutdown().catch(() => undefined),
    exportTimeoutMs,
  );
}

/** `name=value` pairs separated by commas. Values are percent-encoded (OpenTelemetry, OTLP exporter), as in `Basic%20…`. */
function pairsIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

/** The value as it is when a percent sign in it encodes nothing. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
