/** A pipeline whose operations are counted and traced, for one transport. The pipeline itself knows nothing of it. */
import type { Metrics, OperationRecord, Transport } from '../metrics.ts';
import type { Tracing } from '../tracing.ts';
import type { Pipeline } from './pipeline.ts';

/** Who watches; each may be switched off. */
export interface Observers {
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
}

export function observePipeline(pipeline: Pipeline, transport: Transport, { metrics, tracing }: Observers): Pipeline {
  if (metrics === undefined && tracing === undefined) return pipeline;

  const observed: Pipeline = {
    admit(request, caller, text) {
      const outcome = pipeline.admit(request, caller, text);
      if (outcome.kind === 'answer') {
        metrics?.operation({ type: 'unknown', transport, outcome: codeOf(outcome.result), durationMs: 0 });
      }
      return outcome;
    },
    run(admitted, caller) {
      const startedAt = performance.now();
      const type: OperationRecord['type'] = admitted.prepared.operation.operation;
      const span = tracing?.start({
        name: type,
        kind: 'operation',
        attributes: {
          'graphql.operation.type': type,
          'tigerconnect.transport': transport,
          'tigerconnect.request_id': caller.requestId,
        },
        parent: caller.traceparent,
      });
      // The events of a subscription are read under its span too, which covers only how it began.
      const running = pipeline.run(
        admitted,
        span === undefined ? caller : { ...caller, traceparent: span.traceparent },
      );
      return running.then((outcome) => {
        const ended = outcome.kind === 'stream' ? 'OK' : codeOf(outcome.result);
        const code = caller.departure?.hasLeft === true ? 'ABORTED' : ended;
        span?.end(code);
        metrics?.operation({ type, transport, outcome: code, durationMs: performance.now() - startedAt });
        return outcome;
      });
    },
    handle(request, caller, text) {
      const admitted = observed.admit(request, caller, text);
      return admitted.kind === 'admitted' ? observed.run(admitted, caller) : Promise.resolve(admitted);
    },
  };
  return observed;
}

/** `OK`, or the code of the first error: one of the gateway's own, whatever the client sent. */
function codeOf({ errors }: { readonly errors?: readonly { readonly extensions?: { code?: unknown } }[] }): string {
  const code = errors?.[0]?.extensions?.code;
  return errors === undefined ? 'OK' : typeof code === 'string' ? code : 'INTERNAL';
}
