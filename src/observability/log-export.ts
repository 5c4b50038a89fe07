/**
 * Sends the lines of the log, including the access log, to an OpenTelemetry collector. They are the lines of standard output, so
 * they contain nothing else. This file and its libraries are loaded only when it is enabled.
 */
import { type AnyValueMap, SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { version } from '../version.ts';
import type { Log } from './log.ts';
import { type CollectorOptions, closeInTime, exporterOptions, logState } from './otlp.ts';

export interface LogExport {
  /** Exports the queued lines, for at most two seconds. */
  close(): Promise<void>;
}

/** Maximum lines queued for a slow collector; further ones are dropped here and remain on standard output. */
const maxQueueSize = 4_096;
const scheduledDelayMillis = 1_000;

const severities: Readonly<Record<string, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

/** Exports every log line from here on, until it is closed. */
export function startLogExport(collector: CollectorOptions, log: Pick<Log, 'copyTo'>): LogExport {
  const exporter = new OTLPLogExporter(exporterOptions(collector, 'logs'));
  logState(exporter, 'logs', collector);
  const provider = new LoggerProvider({
    resource: resourceFromAttributes(collector.resource),
    processors: [new BatchLogRecordProcessor({ exporter, maxQueueSize, scheduledDelayMillis })],
  });
  const logger = provider.getLogger('tigerconnect-graphql', version);
  const stop = log.copyTo((line) => {
    const { level, time, msg, ...attributes }: LogLine = JSON.parse(line);
    logger.emit({
      timestamp: new Date(time),
      severityText: level,
      severityNumber: severities[level] ?? SeverityNumber.UNSPECIFIED,
      body: msg,
      attributes,
    });
  });
  return {
    close() {
      stop();
      return closeInTime(provider);
    },
  };
}

type LogLine = AnyValueMap & { readonly level: string; readonly time: string; readonly msg: string };
