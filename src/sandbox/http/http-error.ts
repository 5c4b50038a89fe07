/** Values of `error.type`: the contract's examples; the full set is unknown (NOTES.md, open question 2). */
const typeByStatus: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  429: 'rate_limited',
  501: 'not_implemented',
  503: 'unavailable',
};

/** A response with an error status, thrown by routes and the code below them. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }

  /** The contract's failure envelope. */
  get envelope(): object {
    return errorEnvelope(this.status, this.message);
  }
}

/** The body of an error (NOTES, Envelope and errors). */
export function errorEnvelope(status: number, message: string): object {
  return { status: 'fail', error: { message, type: typeByStatus[status] ?? 'internal' } };
}

/** @param expected What was expected, such as "recipient is required". */
export function badRequest(expected: string): HttpError {
  return new HttpError(400, expected);
}

/** 401, for a request without a valid key pair. */
export function unauthorized(headers: Readonly<Record<string, string>> = {}): HttpError {
  return new HttpError(401, 'Unauthorized', headers);
}

/** 403: the caller lacks the permission. */
export function forbidden(message = 'Permission denied'): HttpError {
  return new HttpError(403, message);
}

/**
 * 404.
 * @param what The missing object, as it appears in the message.
 */
export function notFound(what: string): HttpError {
  return new HttpError(404, `${what} not found`);
}
