/** The one place where what the upstream did becomes an error of the gateway. No upstream text passes it. */
import { type ErrorCode, GatewayError, isAbort } from '../../errors.ts';
import type { UpstreamResponse } from './response.ts';
import { retryAfterMs } from './retry.ts';

/** The cause of every error made here: says what happened on the wire, in our own words. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;

  constructor(reason: string, status?: number) {
    super(reason);
    this.status = status;
  }
}

/** An error, and what it means for trying again. */
export interface Failure {
  readonly error: Error;
  /** The same request may be answered when sent again. */
  readonly transient: boolean;
  /** The upstream itself is at fault: counts for the circuit breaker. */
  readonly upstreamAtFault: boolean;
  /** The API itself answered that it did nothing. */
  readonly isRefusal?: boolean;
  /** What the upstream asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** HTTP status behind an error of an upstream call, when there was an answer. */
export function upstreamStatus(error: unknown): number | undefined {
  return error instanceof GatewayError && error.cause instanceof UpstreamFailure ? error.cause.status : undefined;
}

/** Official clients read 403 and 404 of a lookup alike as "nothing there" (NOTES, Envelope and errors). */
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

/** What only the API can mean: without its envelope some proxy answered (`error-body.ts`), and the API is out of reach. */
const apiStatuses = new Set([400, 401, 403, 404, 409, 410, 422]);
const transientStatuses = new Set([429, 502, 503, 504]);

function isSuccess({ status }: UpstreamResponse, acceptNotModified: boolean): boolean {
  return (status >= 200 && status < 300) || (status === 304 && acceptNotModified);
}

/** Undefined when the answer is a success. */
export function classifyResponse(response: UpstreamResponse, acceptNotModified: boolean): Failure | undefined {
  if (isSuccess(response, acceptNotModified)) return undefined;
  const { status } = response;
  const isOutage = isAnsweredByAnother(response);
  const waitMs = transientStatuses.has(status) ? retryAfterMs(response.header('retry-after'), Date.now()) : undefined;
  const code = codeOf(response);
  return {
    error: new GatewayError(code, {
      cause: new UpstreamFailure('refused', status),
      ...messageOf(code),
      ...(waitMs !== undefined || code === 'RATE_LIMITED'
        ? { retryAfterSeconds: Math.max(1, Math.ceil((waitMs ?? 0) / 1000)) }
        : {}),
    }),
    transient: isOutage || transientStatuses.has(status),
    upstreamAtFault: isOutage || (status >= 500 && status !== 501),
    isRefusal: code !== 'UPSTREAM_UNAVAILABLE' && code !== 'UPSTREAM_TIMEOUT' && (status >= 400 || status === 304),
    retryAfterMs: waitMs,
  };
}

/** In our words: what the upstream says of it is not in a form that could be passed on. */
function messageOf(code: ErrorCode): { readonly message?: string } {
  if (code === 'BAD_USER_INPUT') return { message: 'The upstream refused an argument.' };
  return code === 'UNAUTHENTICATED' ? { message: 'The upstream refused the credential.' } : {};
}

function isAnsweredByAnother(response: UpstreamResponse): boolean {
  if (response.isRefusal) return false;
  const isPage = response.header('content-type')?.startsWith('text/html') === true;
  return apiStatuses.has(response.status) || (response.status === 405 && isPage);
}

function codeOf(response: UpstreamResponse): ErrorCode {
  const { status } = response;
  if (isAnsweredByAnother(response)) return 'UPSTREAM_UNAVAILABLE';
  if (status >= 500 && status !== 501) return 'UPSTREAM_UNAVAILABLE';
  // Redirects, 405, 501 and whatever else the contract does not know.
  return codes[status] ?? 'UPSTREAM_INVALID';
}

/** What went wrong before a whole answer was there: undici's and the socket's errors, and our own. */
export function classifyTransportError(error: unknown): Failure {
  // Ours: the deadline, a reply over the bound, an upload that broke off; or the reason the client left with.
  if (error instanceof GatewayError || isAbort(error)) return { error, transient: false, upstreamAtFault: false };
  const reason = transportReason(error);
  const code = localFaults[reason];
  if (code !== undefined) {
    return {
      error: new GatewayError(code, { cause: new UpstreamFailure(reason) }),
      transient: false,
      upstreamAtFault: false,
    };
  }
  return {
    error: new GatewayError('UPSTREAM_UNAVAILABLE', { cause: new UpstreamFailure(reason) }),
    transient: true,
    upstreamAtFault: true,
  };
}

/** Requests that undici refuses to send: ours to mend, and a file that is not as long as it was said to be. */
const localFaults: Readonly<Record<string, ErrorCode>> = {
  UND_ERR_INVALID_ARG: 'INTERNAL',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'BAD_USER_INPUT',
};

/** The error's code, such as ECONNREFUSED or UND_ERR_SOCKET: never its message, which holds addresses. */
function transportReason(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'connection failed';
}

/**
 * The upstream does not know this bulk endpoint (404, 405, 501): read one by one instead. A proxy's page with such a status
 * says nothing of the kind.
 */
export function isEndpointUnsupported(error: unknown): boolean {
  if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAVAILABLE') return false;
  const status = upstreamStatus(error);
  return status === 404 || status === 405 || status === 501;
}
