/**
 * The one table of error codes a client can meet, and the error that carries them.
 *
 * Messages written here are safe to show: they never repeat a value a caller or the upstream sent.
 */

/**
 * What a code means and what a client may do about it. `retryable`: the same request may succeed later, unchanged; a mutation
 * that may have been carried out says so only when a repetition changes nothing twice (`upstream/transport/write-log.ts`).
 */
export interface ErrorCodeEntry {
  readonly meaning: string;
  readonly retryable: boolean;
  /** HTTP status for answers without data, where the GraphQL-over-HTTP specification lets the status speak. */
  readonly httpStatus: number;
}

/** Every code of `errors[].extensions.code` that the gateway itself gives; the README lists the same table. */
export const errorCodes = {
  UNAUTHENTICATED: { meaning: 'No credential, or the upstream refused it.', retryable: false, httpStatus: 401 },
  FORBIDDEN: { meaning: 'The credential is good, but may not do this.', retryable: false, httpStatus: 403 },
  NOT_FOUND: { meaning: 'What was to be changed does not exist.', retryable: false, httpStatus: 200 },
  BAD_USER_INPUT: { meaning: 'An argument is wrong; `field` names it.', retryable: false, httpStatus: 400 },
  CONFLICT: { meaning: 'The change collides with one made meanwhile.', retryable: false, httpStatus: 409 },
  PAYLOAD_TOO_LARGE: { meaning: 'The request or the file is over the size limit.', retryable: false, httpStatus: 413 },
  RATE_LIMITED: { meaning: 'Too many requests; wait `retryAfterSeconds`.', retryable: true, httpStatus: 429 },
  UPSTREAM_TIMEOUT: { meaning: 'The upstream did not answer within the deadline.', retryable: true, httpStatus: 504 },
  UPSTREAM_UNAVAILABLE: { meaning: 'The upstream cannot be reached or failed.', retryable: true, httpStatus: 502 },
  UPSTREAM_INVALID: {
    meaning: 'The upstream answered something its contract does not allow; the message names the field.',
    retryable: false,
    httpStatus: 502,
  },
  OPERATION_TOO_COMPLEX: { meaning: 'The operation is over a stated limit.', retryable: false, httpStatus: 400 },
  OPERATION_NOT_PERSISTED: {
    meaning: 'Only registered operations are accepted here, and this is not one.',
    retryable: false,
    httpStatus: 400,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    meaning: 'No hashes are taken in place of texts; urql and Apollo Client then send the text by themselves.',
    retryable: false,
    httpStatus: 400,
  },
  PERSISTED_QUERY_NOT_FOUND: {
    meaning: 'No registered operation has this id; urql and Apollo Client then send the text by themselves.',
    retryable: false,
    httpStatus: 400,
  },
  SLOW_CONSUMER: { meaning: 'The subscriber fell too far behind and was cut off.', retryable: true, httpStatus: 200 },
  SHUTTING_DOWN: { meaning: 'The gateway is stopping; connect again.', retryable: true, httpStatus: 503 },
  INTERNAL: { meaning: 'A fault of the gateway; report the request id.', retryable: false, httpStatus: 500 },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

export interface GatewayErrorOptions {
  /** Replaces the code's meaning as the message. Must hold no value that came from outside. */
  readonly message?: string;
  /** Path of the offending argument, such as `input.ttl`. */
  readonly field?: string;
  /** Whole seconds to wait before trying again. */
  readonly retryAfterSeconds?: number;
  /** The underlying error, for the process only: it reaches neither clients nor logs. */
  readonly cause?: unknown;
}

/** The only error the gateway throws on purpose; everything else is masked as `INTERNAL`. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(
      options.message ?? errorCodes[code].meaning,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.field = options.field;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable;
  }
}

/** Shorthand for the most common refusal: `field` is the argument's path, `expected` says what it should have been. */
export function badUserInput(field: string, expected: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { field, message: `${field}: expected ${expected}.` });
}

/** How a credential has to be written, for the errors about one. */
export const credentialForm = 'Basic with base64 of key:secret, or Bearer with a token';

/** For what needs a credential and came with none at all. */
export function noCredential(): GatewayError {
  return new GatewayError('UNAUTHENTICATED', {
    message: `No credential was sent. Authorization: expected ${credentialForm}.`,
  });
}

/** A rejected read, kept as a value so that its siblings go on. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('not an error', { cause: error });
}

export function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}
