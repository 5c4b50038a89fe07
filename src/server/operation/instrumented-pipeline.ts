/** Wraps a pipeline for one transport: operations are counted, traced and written to the access log. */

import type { Metrics, OperationRecord, Transport } from '../../metrics.ts';
import type { Tracing } from '../../tracing.ts';
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

export function instrumentPipeline(pipeline: Pipeline, transport: Transport, observers: Observers): Pipeline {
  const { metrics, tracing, access, names } = observers;
  if (metrics === undefined && tracing === undefined && access === undefined) return pipeline;

  return {
    inTurn: (caller, request, begin, onLeft) => pipeline.inTurn(caller, request, begin, onLeft),
    admit(request, caller, rawBody) {
      const outcome = pipeline.admit(request, caller, rawBody);
      if (outcome.kind === 'response') {
        const code = codeOf(outcome.result);
        metrics?.operation({ type: 'unknown', transport, outcome: code, durationMs: 0 });
        access?.write({ ...callerFields(caller, transport), type: 'unknown', code, durationMs: 0, ...sizeOf(outcome) });
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
          const write = (ending: { code: string; bytes?: number; count?: number }) =>
            access.write({
              ...callerFields(caller, transport),
              type,
              operation,
              durationMs: Math.round(performance.now() - startedAt),
              ...ending,
              upstreamCalls: usage?.upstreamCalls ?? 0,
            });
          // The line of a subscription is written at its end and includes the upstream calls for its events.
          if (outcome.kind === 'stream') outcome.results.onEnd((count, endCode) => write({ code: endCode, count }));
          else write({ code, bytes: sizeOf(outcome).bytes });
        }
        return outcome;
      });
    },
  };
}

function callerFields({ requestId, credential }: Caller, transport: Transport) {
  return {
    requestId,
    ...(credential === undefined ? {} : { caller: credential.principalKey }),
    transport,
    upstreamCalls: 0,
  };
}

/** Size of the response in bytes. Its JSON stays cached for the transport that sends it. */
function sizeOf(response: OperationResponse): { readonly bytes: number } {
  return { bytes: Buffer.byteLength(jsonOf(response)) };
}

/** `OK`, or the code of the first error, which is always a code of the gateway. */
function codeOf({ errors }: { readonly errors?: readonly { readonly extensions?: { code?: unknown } }[] }): string {
  const code = errors?.[0]?.extensions?.code;
  return errors === undefined ? 'OK' : typeof code === 'string' ? code : 'INTERNAL';
}
