/** Reads and parses what a client posts, within bounds, and without quoting it in complaints. */
import type { IncomingMessage } from 'node:http';
import { badUserInput, GatewayError } from '../errors.ts';
import type { OperationRequest } from './pipeline.ts';

/**
 * The whole body as text.
 * @throws GatewayError `PAYLOAD_TOO_LARGE` above `maxBytes`.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      new GatewayError('PAYLOAD_TOO_LARGE', { message: `The request body is over ${maxBytes} bytes.` });
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? ''));
    request.on('error', reject);
    request.on('aborted', () => reject(new GatewayError('BAD_USER_INPUT', { message: 'The request was cut off.' })));
  });
}

/**
 * The operation in a URL's query (GraphQL over HTTP, "GET").
 * @throws GatewayError `BAD_USER_INPUT` naming the parameter that is no JSON.
 */
export function parseUrl(parameters: URLSearchParams): OperationRequest {
  const json = (name: string): unknown => {
    const text = parameters.get(name);
    if (text === null || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw badUserInput(name, 'a JSON object');
    }
  };
  return {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    operationName: parameters.get('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

/** @throws GatewayError `BAD_USER_INPUT` when it is no JSON object. */
export function parseBody(text: string): OperationRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new GatewayError('BAD_USER_INPUT', { message: 'The body is no valid JSON.' });
  }
  if (Array.isArray(body))
    throw new GatewayError('BAD_USER_INPUT', { message: 'One operation for each request; batches are not taken.' });
  if (typeof body !== 'object' || body === null)
    throw badUserInput('body', 'a JSON object with query, variables and operationName');
  return body;
}
