/** An OTLP collector that stores received spans, metrics and log records. */
import { createServer } from 'node:http';
import { listenOnLoopback } from './loopback.ts';

export interface CollectedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

interface CollectedPoint {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asDouble: number;
}

interface CollectedHistogram {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly sum: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

export interface CollectedMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly sum?: {
    readonly isMonotonic: boolean;
    readonly aggregationTemporality: number;
    readonly dataPoints: readonly CollectedPoint[];
  };
  readonly gauge?: { readonly dataPoints: readonly CollectedPoint[] };
  readonly histogram?: { readonly dataPoints: readonly CollectedHistogram[] };
}

export interface CollectedLog {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** Status of its responses: 200, or that of a collector that accepts nothing. */
  status: number;
  readonly spans: readonly CollectedSpan[];
  /** Of all exports, in the order of their arrival. */
  readonly metrics: readonly CollectedMetric[];
  readonly logs: readonly CollectedLog[];
  /** Everything that came in, headers included. */
  readonly text: () => string;
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status?: { readonly code?: number };
}

interface OtlpRequest {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly CollectedMetric[] }[];
  }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly CollectedLog[] }[];
  }[];
}

/** Attributes and values as plain JSON, in place of OTLP's lists of typed values. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isAttributes =
      value.length > 0 && value.every((item) => typeof item === 'object' && item !== null && 'key' in item);
    return isAttributes
      ? Object.fromEntries(value.map((item) => [item.key, plainValue(item.value)]))
      : value.map((item) => plain(item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (name === 'attributes' && Array.isArray(item) && item.length === 0) return [name, {}];
      return [name, name === 'body' ? plainValue(item) : plain(item)];
    }),
  );
}

const plainValue = (typed: object): unknown => Object.values(typed)[0];

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const metrics: CollectedMetric[] = [];
  const logs: CollectedLog[] = [];
  let text = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      text += `${request.url} ${JSON.stringify(request.headers)} ${body}\n`;
      const sent = JSON.parse(body) as OtlpRequest;
      for (const { scopeMetrics } of sent.resourceMetrics ?? [])
        for (const scope of scopeMetrics) metrics.push(...(plain(scope.metrics) as CollectedMetric[]));
      for (const { scopeLogs } of sent.resourceLogs ?? [])
        for (const scope of scopeLogs) logs.push(...(plain(scope.logRecords) as CollectedLog[]));
      const sentSpans = sent.resourceSpans?.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
      for (const span of sentSpans ?? []) {
        spans.push({
          ...span,
          attributes: Object.fromEntries(
            (span.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
          ),
          isError: span.status?.code === 2,
        });
      }
      response.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const collector = { ...(await listenOnLoopback(server)), status: 200, spans, metrics, logs, text: () => text };
  return collector;
}
