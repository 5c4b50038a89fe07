/** Reads and parses request bodies and URL queries within limits. Error messages never quote the input. */

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { badUserInput, GatewayError } from '../../../errors.ts';
import { type Completion, toPromise } from '../../../upstream/completion.ts';
import type { Reservation } from '../../memory-budget.ts';
import type { OperationRequest } from '../../operation/response.ts';
import { BodyBuffer } from './body-buffer.ts';
import { rejectTinyChunks } from './tiny-chunks.ts';

/**
 * The whole body as text.
 * @param reservation Counts the memory of the body while it arrives. The caller releases it.
 * @throws GatewayError `PAYLOAD_TOO_LARGE` above `maxBytes`; `RATE_LIMITED` when the process holds its maximum; `BAD_USER_INPUT` for
 *   invalid UTF-8, because decoding it would silently store other characters than the sender wrote.
 */
export function readBody(request: IncomingMessage, maxBytes: number, reservation: Reservation): Promise<string> {
  return toPromise((completion) => readBodyInto(request, maxBytes, reservation, completion));
}

/** A body that is incomplete, and what waits for it. */
interface Reading {
  readonly body: BodyBuffer;
  readonly completion: Completion<string>;
}

/** The same, with callbacks. */
export function readBodyInto(
  request: IncomingMessage,
  maxBytes: number,
  reservation: Reservation,
  completion: Completion<string>,
): void {
  const declaredLength = Number(request.headers['content-length'] ?? 0);
  if (declaredLength > maxBytes) {
    completion.reject(tooLarge(maxBytes));
    return;
  }
  // One buffer: an array of chunks takes about 370 bytes per chunk, and a client may send chunks of one byte. Undefined once the body is
  // complete or rejected, with the completion, which may be a promise that holds the text: the request, and its listeners with it, live
  // as long as the operation, and nothing counts the body any more. Removing the listeners instead costs 12 % of a small query's
  // processor time, as Node copies the request's events for each.
  let reading: Reading | undefined = { body: new BodyBuffer(), completion };
  const count = rejectTinyChunks(request);
  const fail = (error: unknown) => {
    if (reading === undefined) return;
    const { reject } = reading.completion;
    reading = undefined;
    request.resume();
    reject(error);
  };
  request.on('data', (chunk: Buffer<ArrayBuffer>) => {
    if (reading === undefined) return;
    const { body } = reading;
    if (body.length + chunk.length > maxBytes) {
      fail(tooLarge(maxBytes));
      return;
    }
    try {
      count(chunk);
      // Most bodies arrive in one chunk, which Node has copied out of its read buffer.
      const isWhole = chunk.length === declaredLength;
      reservation.resize(isWhole ? chunk.length : body.capacityWith(chunk.length));
      if (isWhole) body.adopt(chunk);
      else body.add(chunk);
    } catch (error) {
      fail(error);
    }
  });
  request.on('end', () => {
    if (reading === undefined) return;
    const { content } = reading.body;
    const { resolve, reject } = reading.completion;
    reading = undefined;
    if (isUtf8(content)) resolve(content.toString('utf8'));
    else reject(notUtf8('body'));
  });
  request.on('error', fail);
  request.on('aborted', () => fail(new GatewayError('BAD_USER_INPUT', { message: 'The request was incomplete.' })));
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', { message: `The request body is over ${maxBytes} bytes.` });
}

/** @param part Part of the request that the error names. */
export function notUtf8(part: string): GatewayError {
  return badUserInput(part, 'text in UTF-8');
}

/** Removes a byte order mark, which may be ignored before JSON (RFC 8259 §8.1). */
export function withoutBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/**
 * The operation in a URL's query (GraphQL over HTTP, "GET").
 * @param url Target of the request, as received.
 * @throws GatewayError `BAD_USER_INPUT` naming the parameter that is not JSON or that comes twice, because a proxy may have checked the
 *   other one; or `query` when the URL is not UTF-8.
 */
export function parseUrl(url: string): OperationRequest {
  const query = url.slice(url.indexOf('?') + 1 || url.length);
  const unescaped = query.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (!isUtf8(Buffer.from(unescaped, 'latin1'))) throw notUtf8('query');
  const parameters = new URLSearchParams(query);
  const single = (name: string): string | undefined => {
    const [value, second] = parameters.getAll(name);
    if (second !== undefined) throw badUserInput(name, 'one value');
    return value;
  };
  const json = (name: string): unknown => {
    const text = single(name);
    if (text === undefined || text === '') return undefined;
    try {
      return JSON.parse(withoutBom(text));
    } catch {
      throw badUserInput(name, 'a JSON object');
    }
  };
  return {
    query: single('query'),
    documentId: single('documentId'),
    operationName: single('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

/**
 * Parses a JSON object.
 * @param part Part of the request that the error names.
 * @throws GatewayError `BAD_USER_INPUT` when the text is not a JSON object.
 */
export function parseBody(text: string, part: 'body' | 'operations' | 'map' = 'body'): OperationRequest {
  let body: unknown;
  try {
    body = JSON.parse(withoutBom(text));
  } catch {
    throw part === 'body'
      ? new GatewayError('BAD_USER_INPUT', { message: 'The body is not valid JSON.' })
      : badUserInput(part, 'a JSON object');
  }
  if (Array.isArray(body) && part !== 'map')
    throw new GatewayError('BAD_USER_INPUT', {
      message: 'Expected one operation per request; batches are not supported.',
    });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badUserInput(part, `a JSON object${part === 'map' ? '' : ' with query, variables and operationName'}`);
  return body;
}
