/**
 * The table of all error codes, and the error that carries them. Messages are safe to show: they never repeat a value that a
 * client or the upstream sent.
 */

export interface ErrorCodeEntry {
  readonly meaning: string;
  /**
   * The same request may succeed later, unchanged. In a response, a mutation that may have taken effect is retryable only if a
   * repetition applies nothing twice (`upstream/transport/write-log.ts`).
   */
  readonly retryable: boolean;
  /** HTTP status of responses without data. With data, the status is 200 (GraphQL over HTTP, "Status Codes"). */
  readonly httpStatus: number;
}

/** Every value of `errors[].extensions.code` that the gateway sets. The README table is generated from it. */
export const errorCodes = {
  UNAUTHENTICATED: {
    meaning: 'The credential is missing, or the upstream rejected it.',
    retryable: false,
    httpStatus: 401,
  },
  FORBIDDEN: { meaning: 'The credential is valid but has no permission for this.', retryable: false, httpStatus: 403 },
  NOT_FOUND: { meaning: 'The object to change does not exist.', retryable: false, httpStatus: 200 },
  BAD_USER_INPUT: { meaning: 'An argument is invalid; `field` names it.', retryable: false, httpStatus: 400 },
  CONFLICT: {
    meaning: 'The change conflicts with another change made at the same time.',
    retryable: false,
    httpStatus: 409,
  },
  NOBODY_ON_DUTY: {
    meaning: 'No user is on duty for the role, so nothing was sent; `notice` is the role’s own text, if it has one.',
    retryable: false,
    httpStatus: 200,
  },
  PAYLOAD_TOO_LARGE: { meaning: 'The request or the file exceeds its size limit.', retryable: false, httpStatus: 413 },
  RATE_LIMITED: { meaning: 'Too many requests; wait `retryAfterSeconds`.', retryable: true, httpStatus: 429 },
  NOT_SUPPORTED: {
    meaning: 'The upstream does not offer this to the credential.',
    retryable: false,
    httpStatus: 200,
  },
  UPSTREAM_TIMEOUT: { meaning: 'The upstream did not answer within the deadline.', retryable: true, httpStatus: 504 },
  UPSTREAM_UNAVAILABLE: { meaning: 'The upstream is unreachable, or failed.', retryable: true, httpStatus: 502 },
  UPSTREAM_INVALID: {
    meaning: 'The response of the upstream violates its contract; the message names the field.',
    retryable: false,
    httpStatus: 502,
  },
  OPERATION_TOO_COMPLEX: {
    meaning: 'The operation exceeds a limit, which the message names.',
    retryable: false,
    httpStatus: 400,
  },
  OPERATION_NOT_PERSISTED: {
    meaning: 'Only registered operations are accepted, and this operation is not registered.',
    retryable: false,
    httpStatus: 400,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    meaning: 'Hashes are not accepted in place of texts. urql and Apollo Client then send the text on their own.',
    retryable: false,
    httpStatus: 400,
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'No registered operation has this id. urql and Apollo Client then send the text on their own.',
    retryable: false,
    httpStatus: 400,
  },
  SLOW_CONSUMER: {
    meaning: 'The subscriber read too slowly, and its subscription was ended.',
    retryable: true,
    httpStatus: 200,
  },
  EVENT_TOO_LARGE: {
    meaning:
      'An event exceeded the size limit and was skipped. The subscription continues; read again what must be current.',
    retryable: false,
    httpStatus: 200,
  },
  SHUTTING_DOWN: { meaning: 'The gateway is shutting down; reconnect.', retryable: true, httpStatus: 503 },
  INTERNAL: { meaning: 'An error of the gateway; report the request id.', retryable: false, httpStatus: 500 },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

export interface GatewayErrorOptions {
  /** Replaces the code's meaning as the message. Must not contain a value from a client or the upstream. */
  readonly message?: string;
  /** Path of the offending argument, such as `input.ttl`. */
  readonly field?: string;
  /** Whole seconds to wait before trying again. */
  readonly retryAfterSeconds?: number;
  /** Text that upstream users wrote for clients to show, such as the notice of a role. Never written to logs. */
  readonly notice?: string | undefined;
  /** The underlying error. Never sent to clients or written to logs. */
  readonly cause?: unknown;
}

/** The only error the gateway throws deliberately; responses show every other error as `INTERNAL`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly notice: string | undefined;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(
      options.message ?? errorCodes[code].meaning,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.notice = options.notice;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** An invalid argument. @param field Path of the argument, such as `input.ttl`. @param expected Valid values, in words. */
export function badUserInput(field: string, expected: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { field, message: `${field}: expected ${expected}.` });
}

/** The valid forms of a credential, for error messages. */
export const credentialForm = 'Basic with base64 of key:secret, or Bearer with a token';

/** The error of an operation that needs a credential and has none. */
export function noCredential(): GatewayError {
  return new GatewayError('UNAUTHENTICATED', {
    message: `No credential was sent. Authorization: expected ${credentialForm}.`,
  });
}

/** The reason of a rejected promise as an `Error`. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('not an error', { cause: error });
}

/** Whether an error is that of an aborted operation. */
export function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}
