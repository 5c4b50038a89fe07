/**
 * OpenTelemetry tracing: one span per operation and one per upstream call. The trace context is passed as a W3C `traceparent`
 * string inside the caller, without AsyncLocalStorage. Disabled tracing costs nothing: this file and its libraries are loaded
 * only when it is enabled.
 *
 * A span contains the operation type, the contract's operationId, codes, counts and the request id. It never contains paths,
 * query texts, variables, names or addresses.
 */
import * as api from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import * as sdk from '@opentelemetry/sdk-trace';
import { atMost } from './at-most.ts';

export interface TraceSpan {
  /** W3C context of this span, the parent of its calls. */
  readonly traceparent: string;
  /** @param outcome `OK`, `ABORTED`, or an error code of the table. @param httpStatus The upstream's, if it answered. */
  end(outcome: string, httpStatus?: number): void;
}

/** Options of a new span. */
export interface SpanStart {
  /** From a closed set. */
  readonly name: string;
  readonly kind: 'operation' | 'call';
  readonly attributes: api.Attributes;
  /** W3C context of the parent; undefined starts a new trace. */
  readonly parent: string | undefined;
}

export interface Tracing {
  start(span: SpanStart): TraceSpan;
  /** Exports ended spans, for at most two seconds. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** URL of an OTLP/HTTP collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** `name=value` pairs separated by commas. */
  readonly headers: string;
  readonly serviceName: string;
  /** Share of traces started here that are exported, from 0 to 1; a parent's sampling decision takes precedence. */
  readonly sampledShare: number;
}

const closeTimeoutMs = 2_000;

export function startTracing(options: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: headersOf(options.headers),
    timeoutMillis: closeTimeoutMs,
  });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.sampledShare) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, maxQueueSize: 4096, scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('tigerconnect-graphql');
  const kinds = { operation: api.SpanKind.SERVER, call: api.SpanKind.CLIENT } as const;

  function contextOf(traceparent: string | undefined): api.Context {
    const [, traceId = '', spanId = '', flags = '00'] = traceparent?.split('-') ?? [];
    const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
    return api.isSpanContextValid(spanContext)
      ? api.trace.setSpanContext(api.ROOT_CONTEXT, spanContext)
      : api.ROOT_CONTEXT;
  }

  return {
    start({ name, kind, attributes, parent }) {
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, contextOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end(outcome, httpStatus) {
          span.setAttribute('tigerconnect.outcome', outcome);
          if (httpStatus !== undefined) span.setAttribute('http.response.status_code', httpStatus);
          if (outcome !== 'OK') span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async close() {
      const closed = provider.shutdown().catch(() => undefined);
      await atMost(closed, closeTimeoutMs); // an unreachable collector must not delay the end of the process
    },
  };
}

function headersOf(pairs: string): Record<string, string> {
  const headers = pairs.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
  return Object.fromEntries(headers);
}
