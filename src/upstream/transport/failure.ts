/** Maps upstream responses and transport errors to gateway errors. Errors contain no text of the upstream. */
import { type ErrorCode, GatewayError, isAbort } from '../../errors.ts';
import { type Credential, rejectionMessage } from '../credential.ts';
import type { Rejection } from './admission/admission.ts';
import type { UpstreamResponse } from './http/response.ts';
import { retryAfterMs } from './retry.ts';

/** The cause of every error created here. Its message is a fixed text or an error code, never text of the upstream. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  /** HTTP status, if there was a response. */
  readonly status: number | undefined;
  /** Code of the connection's error, such as ECONNREFUSED, if there was no response. */
  readonly errorCode: string | undefined;

  constructor(reason: string, status?: number, errorCode?: string) {
    super(reason);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** An error, and its consequences for retries and the circuit breaker. */
export interface Failure {
  readonly error: Error;
  /** The same request may succeed when it is retried. */
  readonly transient: boolean;
  /** The upstream caused the failure: it counts for the circuit breaker. */
  readonly upstreamAtFault: boolean;
  /** The API rejected the request or did not get all of it, so nothing was changed. */
  readonly hasNoEffect?: boolean;
  /** Milliseconds to wait according to `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
}

/** HTTP status behind an error of an upstream call; undefined if there was no response. */
export function upstreamStatus(error: unknown): number | undefined {
  return error instanceof GatewayError && error.cause instanceof UpstreamFailure ? error.cause.status : undefined;
}

/** Code of the connection's error behind an error of an upstream call; undefined if there was none. */
export function upstreamErrorCode(error: unknown): string | undefined {
  return error instanceof GatewayError && error.cause instanceof UpstreamFailure ? error.cause.errorCode : undefined;
}

/** The official clients treat 403 and 404 of a lookup both as absent (NOTES, Envelope and errors). */
export function isAbsence(error: unknown): boolean {
  return error instanceof GatewayError && (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND');
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'UPSTREAM_TIMEOUT',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  416: 'BAD_USER_INPUT',
  422: 'BAD_USER_INPUT',
  429: 'RATE_LIMITED',
};

/** Statuses that only the API may send. Without its envelope a proxy sent them (`error-body.ts`): the API is unreachable. */
const apiStatuses = new Set([400, 401, 403, 404, 409, 410, 422]);
const transientStatuses = new Set([429, 502, 503, 504]);

function isSuccess({ status }: UpstreamResponse, acceptNotModified: boolean): boolean {
  return (status >= 200 && status < 300) || (status === 304 && acceptNotModified);
}

/**
 * @param credential Of the request; undefined when it had none.
 * @returns Undefined for a success.
 */
export function classifyResponse(
  response: UpstreamResponse,
  acceptNotModified: boolean,
  credential: Credential | undefined,
): Failure | undefined {
  if (isSuccess(response, acceptNotModified)) return undefined;
  const { status } = response;
  const isOutage = isProxyResponse(response);
  const waitMs = transientStatuses.has(status) ? retryAfterMs(response.header('retry-after'), Date.now()) : undefined;
  const code = codeOf(response);
  return {
    error: new GatewayError(code, {
      cause: new UpstreamFailure('rejected', status),
      ...messageOf(code, credential),
      ...(waitMs !== undefined || code === 'RATE_LIMITED'
        ? { retryAfterSeconds: Math.max(1, Math.ceil((waitMs ?? 0) / 1000)) }
        : {}),
    }),
    transient: isOutage || transientStatuses.has(status),
    upstreamAtFault: isOutage || (status >= 500 && status !== 501),
    hasNoEffect: code !== 'UPSTREAM_UNAVAILABLE' && code !== 'UPSTREAM_TIMEOUT' && (status >= 400 || status === 304),
    retryAfterMs: waitMs,
  };
}

/** A fixed message, because the upstream's own text is not safe to pass on. */
function messageOf(code: ErrorCode, credential: Credential | undefined): { readonly message?: string } {
  if (code === 'BAD_USER_INPUT') return { message: 'The upstream rejected an argument.' };
  return code === 'UNAUTHENTICATED' ? { message: rejectionMessage(credential) } : {};
}

function isProxyResponse(response: UpstreamResponse): boolean {
  if (response.hasErrorEnvelope) return false;
  const isPage = response.header('content-type')?.startsWith('text/html') === true;
  return apiStatuses.has(response.status) || (response.status === 405 && isPage);
}

function codeOf(response: UpstreamResponse): ErrorCode {
  const { status } = response;
  if (isProxyResponse(response)) return 'UPSTREAM_UNAVAILABLE';
  if (status >= 500 && status !== 501) return 'UPSTREAM_UNAVAILABLE';
  // Redirects, 405, 501 and every other status the contract does not define.
  return codes[status] ?? 'UPSTREAM_INVALID';
}

/** Errors before the end of a response: those of undici, of the socket, and of the gateway. */
export function classifyTransportError(error: unknown): Failure {
  // Errors of the gateway: the deadline, a reply over the size limit, an incomplete upload, a cancellation by the client.
  if (error instanceof GatewayError || isAbort(error)) return { error, transient: false, upstreamAtFault: false };
  const errorCode = transportErrorCode(error);
  const cause = new UpstreamFailure('connection failed', undefined, errorCode);
  const code = localFaults[errorCode ?? ''];
  if (code !== undefined) {
    return { error: new GatewayError(code, { cause }), transient: false, upstreamAtFault: false };
  }
  return {
    error: new GatewayError('UPSTREAM_UNAVAILABLE', { cause }),
    transient: true,
    upstreamAtFault: true,
  };
}

/** The error of a call that the semaphore rejected because a queue is full. */
export function queueFull(queue: Rejection): GatewayError {
  return queue === 'caller'
    ? new GatewayError('RATE_LIMITED', {
        message: 'Too many requests of this caller are waiting for the upstream.',
        retryAfterSeconds: 1,
      })
    : new GatewayError('UPSTREAM_UNAVAILABLE', {
        message: 'Too many requests are waiting for the upstream.',
        retryAfterSeconds: 1,
      });
}

/** The error of a call that an open circuit breaker rejected. @param remainingMs Until it admits a trial. */
export function circuitOpen(remainingMs: number): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', {
    retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1000)),
    cause: new UpstreamFailure('circuit open'),
  });
}

/** Requests that undici does not send: a bug of the gateway, or a file whose length differs from its declared size. */
const localFaults: Readonly<Record<string, ErrorCode>> = {
  UND_ERR_INVALID_ARG: 'INTERNAL',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'BAD_USER_INPUT',
};

/** The error's code, such as ECONNREFUSED, CERT_HAS_EXPIRED or UND_ERR_SOCKET. Never its message, which contains addresses. */
export function transportErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The upstream does not support this endpoint (404, 405, 501), so that the caller can fall back to another one. A proxy's
 * page with such a status does not count.
 */
export function isEndpointUnsupported(error: unknown): boolean {
  if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAVAILABLE') return false;
  const status = upstreamStatus(error);
  return status === 404 || status === 405 || status === 501;
}
