/** A GraphQL request and its response, independent of the transport. */

import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { errorCodes, GatewayError } from '../../errors.ts';
import { formatGatewayError } from '../masking.ts';

/** A request as decoded by the transport. Its fields are not validated. */
export interface OperationRequest {
  readonly query?: unknown;
  /** Id of a registered operation, instead of its text. */
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  /** True for GET, which must not run mutations (GraphQL over HTTP, "GET"). */
  readonly readOnly?: boolean;
}

export interface FormattedResult {
  readonly data?: ExecutionResult['data'];
  readonly errors?: readonly GraphQLFormattedError[];
}

/** One result, with its HTTP status and headers. */
export interface OperationResponse {
  readonly kind: 'response';
  readonly result: FormattedResult;
  readonly httpStatus: number;
  /** False if the request was not a GraphQL request: the status is then sent for every media type. */
  readonly wellFormed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Cache of `jsonOf`, because a response may be sent to many clients. */
  json?: Buffer;
}

/** The result as JSON. */
export function jsonOf(response: OperationResponse): Buffer {
  response.json ??= Buffer.from(JSON.stringify(response.result));
  return response.json;
}

/** A response with HTTP status 200; `result` may contain field errors. */
export function dataResponse(result: FormattedResult): OperationResponse {
  return { kind: 'response', result, httpStatus: 200, wellFormed: true, headers: {} };
}

/** A response without data. Sets `Retry-After` from `retryAfterSeconds` of the first error. */
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

/** The response to a request that is not run, for example because its body is not JSON. */
export function rejectRequest(error: GatewayError, requestId: string): OperationResponse {
  return errorResponse([formatGatewayError(error, requestId)], errorCodes[error.code].httpStatus, {
    wellFormed: false,
  });
}

/** The response to a subscription over a transport that carries a single response. */
export function rejectSubscription(requestId: string): OperationResponse {
  const message =
    'Subscriptions need a WebSocket, or Accept: text/event-stream or multipart/mixed;subscriptionSpec=1.0.';
  return rejectRequest(new GatewayError('BAD_USER_INPUT', { message }), requestId);
}
