/** Metrics and log lines of upstream calls. */
import { GatewayError } from '../../errors.ts';
import type { Log } from '../../observability/log.ts';
import type { UpstreamRequest } from '../request.ts';
import type { CallRecord } from '../upstream.ts';
import { upstreamErrorCode, upstreamStatus } from './failure.ts';

/** A call that ended with an error. */
export interface FailedCall {
  readonly request: UpstreamRequest;
  readonly requestId: string;
  /** Keyed hash of the credential; empty without one. */
  readonly principalKey: string;
  readonly error: unknown;
  /** Number of requests sent. */
  readonly attempts: number;
  readonly durationMs: number;
}

/** Reports calls to the log and to metrics. */
export class CallReporter {
  readonly #log: Log;
  readonly #onCall: ((record: CallRecord) => void) | undefined;
  readonly #onWaited: ((waitedMs: number) => void) | undefined;

  /**
   * @param onCall Called for every request sent, and for every call that failed before a request was sent.
   * @param onWaited Called for every call that waited for its first permit.
   */
  constructor(
    log: Log,
    onCall: ((record: CallRecord) => void) | undefined,
    onWaited: ((waitedMs: number) => void) | undefined,
  ) {
    this.#log = log;
    this.#onCall = onCall;
    this.#onWaited = onWaited;
  }

  waited(waitedMs: number): void {
    this.#onWaited?.(waitedMs);
  }

  /** An attempt ended. @param attempt Its number, from 1. */
  attempted({ operationId, batchSize }: UpstreamRequest, outcome: string, durationMs: number, attempt: number): void {
    this.#onCall?.({ operationId, outcome, durationMs, attempt, batchSize });
  }

  /** A call failed, after its last attempt or before the first. */
  failed({ request: { operationId }, requestId, principalKey, error, attempts, durationMs }: FailedCall): void {
    const outcome = outcomeOf(error);
    if (attempts === 0) this.#onCall?.({ operationId, outcome, durationMs, attempt: 0 });
    const status = upstreamStatus(error);
    const errorCode = upstreamErrorCode(error);
    const fields = {
      operationId,
      requestId,
      attempt: attempts,
      durationMs: Math.round(durationMs),
      ...(error instanceof GatewayError ? { code: error.code } : {}),
      ...(status === undefined ? {} : { status }),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(principalKey === '' ? {} : { caller: principalKey }),
    };
    // An outcome that the caller caused is not a problem of the upstream.
    if (expectedOutcomes.has(outcome)) this.#log.debug('upstream call rejected', fields);
    else this.#log.warn('upstream call failed', fields);
  }
}

const aborted = 'ABORTED';
const expectedOutcomes: ReadonlySet<string> = new Set([
  aborted,
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
]);

/** The outcome in metrics: the error code, or `ABORTED` when the client disconnected. */
export function outcomeOf(error: unknown): string {
  return error instanceof GatewayError ? error.code : aborted;
}
