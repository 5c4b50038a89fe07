/** Wraps a pipeline for one transport: operations are counted, traced and written to the access log. */

import type { AccessFields } from '../../observability/log-fields.ts';
import type { Metrics, OperationRecord, Transport } from '../../observability/metrics.ts';
import type { Tracing } from '../../observability/tracing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import type { AccessLog } from '../access-log.ts';
import type { OperationNames } from '../operation-names.ts';
import type { Pipeline } from './pipeline.ts';
import { jsonOf, type OperationResponse } from './response.ts';

/** Consumers of operation records; each is undefined if switched off. */
export interface Observers {
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
  readonly access: AccessLog | undefined;
  /** Undefined when no operation can be registered. */
  readonly names: OperationNames | undefined;
}

/** The pipeline with its observers for one transport; the pipeline itself without observers. */
export function instrumentPipeline(pipeline: Pipeline, transport: Transport, observers: Observers): Pipeline {
  const { metrics, tracing, access, names } = observers;
  if (metrics === undefined && tracing === undefined && access === undefined) return pipeline;

  return {
    inTurn: (caller, request, begin, onDisconnect) => pipeline.inTurn(caller, request, begin, onDisconnect),
    admit(request, caller, rawBody) {
      const outcome = pipeline.admit(request, caller, rawBody);
      if (outcome.kind === 'response') {
        const code = codeOf(outcome.result);
        metrics?.operation({ type: 'unknown', transport, outcome: code, durationMs: 0 });
        access?.write(lineOf(caller, transport, { type: 'unknown', durationMs: 0, code, bytes: sizeOf(outcome) }));
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
      // The span of a subscription covers only its start; the reads for its events have it as their parent.
      const usage = access === undefined ? undefined : { upstreamCalls: 0 };
      const outcomePromise = pipeline.run(
        admitted,
        span === undefined && usage === undefined
          ? caller
          : { ...caller, usage, traceparent: span === undefined ? caller.traceparent : span.traceparent },
      );
      return outcomePromise.then((outcome) => {
        const resultCode = outcome.kind === 'stream' ? 'OK' : codeOf(outcome.result);
        const code = caller.cancellation?.isCancelled === true ? 'ABORTED' : resultCode;
        span?.end(code);
        const name = names?.registered(admitted.prepared);
        metrics?.operation({ type, transport, outcome: code, durationMs: performance.now() - startedAt, name });
        if (access !== undefined) {
          const operation = access.nameOf(admitted.prepared);
          const write = (endCode: string, bytes: number | undefined, count: number | undefined) => {
            const upstreamCalls = usage?.upstreamCalls ?? 0;
            const durationMs = Math.round(performance.now() - startedAt);
            const ending = { upstreamCalls, type, operation, durationMs, code: endCode, bytes, count };
            access.write(lineOf(caller, transport, ending));
          };
          // The line of a subscription is written at its end and includes the upstream calls for its events.
          if (outcome.kind === 'stream') outcome.results.onEnd((count, endCode) => write(endCode, undefined, count));
          else write(code, sizeOf(outcome), undefined);
        }
        return outcome;
      });
    },
  };
}

/** Each property by name: copying them from several objects takes longer than making the line. */
function lineOf(
  { requestId, credential }: Caller,
  transport: Transport,
  ending: Pick<AccessFields, 'type' | 'operation' | 'durationMs' | 'code' | 'bytes' | 'count'> & {
    readonly upstreamCalls?: number;
  },
): AccessFields {
  const { upstreamCalls = 0, type, operation, durationMs, code, bytes, count } = ending;
  const caller = credential?.principalKey;
  return { requestId, caller, transport, upstreamCalls, type, operation, durationMs, code, bytes, count };
}

/** Size of the response in bytes. Its JSON stays cached for the transport that sends it. */
function sizeOf(response: OperationResponse): number {
  return jsonOf(response).length;
}

/** `OK`, or the code of the first error, which is always a code of the gateway. */
function codeOf({ errors }: { readonly errors?: readonly { readonly extensions?: { code?: unknown } }[] }): string {
  const code = errors?.[0]?.extensions?.code;
  return errors === undefined ? 'OK' : typeof code === 'string' ? code : 'INTERNAL';
}
