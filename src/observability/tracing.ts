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
import { type CollectorOptions, closeInTime, exporterOptions, logState } from './otlp.ts';

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

export interface TracingOptions extends CollectorOptions {
  /** Share of traces started here that are exported, from 0 to 1; a parent's sampling decision takes precedence. */
  readonly sampledShare: number;
}

/** Exports spans until it is closed. */
export function startTracing(options: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter(exporterOptions(options, 'traces'));
  logState(exporter, 'traces', options);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes(options.resource),
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
    close: () => closeInTime(provider),
  };
}
