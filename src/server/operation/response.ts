import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { type ErrorCode, errorCodes, GatewayError } from '../../errors.ts';
import { formatGatewayError } from '../masking.ts';

/** A GraphQL request and its response, independent of the transport. */

/** What a client asks, already out of its transport's wrapping. Nothing in it has been checked. */
export interface OperationRequest {
  readonly query?: unknown;
  /** Id of a registered operation, in place of its text. */
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  /** Over GET nothing may change (GraphQL over HTTP, "GET"). */
  readonly readOnly?: boolean;
}

export interface FormattedResult {
  readonly data?: ExecutionResult['data'];
  readonly errors?: readonly GraphQLFormattedError[];
}

/** One result, and how HTTP is to put it. */
export interface OperationResponse {
  readonly kind: 'response';
  readonly result: FormattedResult;
  readonly httpStatus: number;
  /** False when it was no GraphQL request at all: then the status speaks whatever media type the client reads. */
  readonly wellFormed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The result as JSON, kept by the first transport that needs it: an answer may go to many clients. */
  json?: string | Buffer;
}

export function dataResponse(result: FormattedResult): OperationResponse {
  return { kind: 'response', result, httpStatus: 200, wellFormed: true, headers: {} };
}

export function errorResponse(
  errors: readonly GraphQLFormattedError[],
  httpStatus: number,
  options: { readonly wellFormed?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
): OperationResponse {
  const retryAfter = errors[0]?.extensions?.retryAfterSeconds;
  return {
    kind: 'response',
    result: { errors },
    httpStatus,
    wellFormed: options.wellFormed ?? true,
    headers: { ...options.headers, ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}) },
  };
}

/** For transports that must answer without running anything, such as a body that is no JSON. */
export function rejectRequest(
  code: ErrorCode,
  requestId: string,
  message?: string,
  retryAfterSeconds?: number,
): OperationResponse {
  const error = new GatewayError(code, {
    ...(message === undefined ? {} : { message }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  return errorResponse([formatGatewayError(error, requestId)], errorCodes[code].httpStatus, { wellFormed: false });
}

/** For a subscription that came over a transport that carries one answer. */
export function rejectSubscription(requestId: string): OperationResponse {
  return rejectRequest('BAD_USER_INPUT', requestId, 'Subscriptions need a WebSocket, or Accept: text/event-stream.');
}
