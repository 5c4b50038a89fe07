/** A pipeline whose operations are counted and traced, for one transport. The pipeline itself knows nothing of it. */

import type { Metrics, OperationRecord, Transport } from '../../metrics.ts';
import type { Tracing } from '../../tracing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import type { AccessLog } from '../http/access-log.ts';
import { jsonOf } from '../http/graphql-post.ts';
import type { Pipeline } from './pipeline.ts';
import type { OperationResponse } from './response.ts';

/** Who watches; each may be switched off. */
export interface Observers {
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly access: AccessLog | undefined;
}

export function instrumentPipeline(pipeline: Pipeline, transport: Transport, observers: Observers): Pipeline {
  const { metrics, tracing, access } = observers;
  if (metrics === undefined && tracing === undefined && access === undefined) return pipeline;

  const instrumented: Pipeline = {
    admit(request, caller, rawBody) {
      const outcome = pipeline.admit(request, caller, rawBody);
      if (outcome.kind === 'response') {
        const code = codeOf(outcome.result);
        metrics?.operation({ type: 'unknown', transport, outcome: code, durationMs: 0 });
        access?.write({ ...aboutCaller(caller, transport), type: 'unknown', code, durationMs: 0, ...sizeOf(outcome) });
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
      const usage = access === undefined ? undefined : { upstreamCalls: 0 };
      const running = pipeline.run(
        admitted,
        span === undefined && usage === undefined
          ? caller
          : { ...caller, usage, traceparent: span === undefined ? caller.traceparent : span.traceparent },
      );
      return running.then((outcome) => {
        const ended = outcome.kind === 'stream' ? 'OK' : codeOf(outcome.result);
        const code = caller.cancellation?.isCancelled === true ? 'ABORTED' : ended;
        span?.end(code);
        metrics?.operation({ type, transport, outcome: code, durationMs: performance.now() - startedAt });
        if (access !== undefined) {
          const operation = access.nameOf(admitted.prepared);
          const write = (how: { code: string; bytes?: number; count?: number }) =>
            access.write({
              ...aboutCaller(caller, transport),
              type,
              operation,
              durationMs: Math.round(performance.now() - startedAt),
              ...how,
              upstreamCalls: usage?.upstreamCalls ?? 0,
            });
          // A subscription's line is written at its end, and covers the reads for its events.
          if (outcome.kind === 'stream') outcome.results.onEnd((count, how) => write({ code: how, count }));
          else write({ code, bytes: sizeOf(outcome).bytes });
        }
        return outcome;
      });
    },
    handle(request, caller, rawBody) {
      const admitted = instrumented.admit(request, caller, rawBody);
      return admitted.kind === 'admitted' ? instrumented.run(admitted, caller) : Promise.resolve(admitted);
    },
  };
  return instrumented;
}

function aboutCaller({ requestId, credential }: Caller, transport: Transport) {
  return {
    requestId,
    ...(credential === undefined ? {} : { caller: credential.principalKey }),
    transport,
    upstreamCalls: 0,
  };
}

/** Bytes of the answer; as JSON it is kept for the transport that sends it. */
function sizeOf(answer: OperationResponse): { readonly bytes: number } {
  answer.json ??= jsonOf(answer.result);
  return { bytes: Buffer.byteLength(answer.json) };
}

/** `OK`, or the code of the first error: one of the gateway's own, whatever the client sent. */
function codeOf({ errors }: { readonly errors?: readonly { readonly extensions?: { code?: unknown } }[] }): string {
  const code = errors?.[0]?.extensions?.code;
  return errors === undefined ? 'OK' : typeof code === 'string' ? code : 'INTERNAL';
}
