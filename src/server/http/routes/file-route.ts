/** What the routes that stream a file have in common: body, and an error as JSON or as a closed connection. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline as pipeStreams } from 'node:stream/promises';
import { errorCodes, GatewayError } from '../../../errors.ts';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import { upstreamStatus } from '../../../upstream/transport/failure.ts';
import type { Caller } from '../../../upstream/upstream.ts';
import { formatGatewayError, gatewayErrorIn } from '../../masking.ts';
import { retryAfter } from '../headers/retry-after.ts';
import { addVary } from '../headers/vary.ts';

/** The response with an existing file. */
export interface FileResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Request headers that the response depends on; undefined when it must not be cached. */
  readonly vary?: string | undefined;
  /** Not sent with 304. */
  readonly body: Readable;
}

/** Headers of every file: browsers do not guess its type, and run nothing in it. */
export const fileHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
} as const;

export type FileRoute<Target> = (
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
) => Promise<void>;

/** Status of an error. Unlike GraphQL responses, a missing file is 404 and a range outside the file 416 (RFC 9110 §15.5.17). */
function httpStatusOf(error: GatewayError): number {
  if (error.code === 'NOT_FOUND') return 404;
  return upstreamStatus(error) === 416 ? 416 : errorCodes[error.code].httpStatus;
}

/**
 * @param name Of the files, for the log.
 * @param open Opens the file that a path names. Its errors become responses like those of GraphQL.
 */
export function createFileRoute<Target>(
  name: 'attachment' | 'picture',
  log: Log,
  open: (target: Target, request: IncomingMessage, caller: Caller) => Promise<FileResponse>,
): FileRoute<Target> {
  return async (target, request, response, caller) => {
    try {
      const { status, headers, vary, body } = await open(target, request, caller);
      if (vary !== undefined) addVary(response, vary);
      response.writeHead(status, headers);
      if (status === 304 || request.method === 'HEAD') {
        body.destroy();
        response.end();
        return;
      }
      await pipeStreams(body, response);
    } catch (error) {
      if (response.headersSent) {
        // The transfer failed midway. Closing the connection shows the client that the file is incomplete.
        response.destroy();
        log.warn(`${name} cut off`, { requestId: caller.requestId, ...describeUnexpected(error) });
        return;
      }
      const known = gatewayErrorIn(error) ?? new GatewayError('INTERNAL');
      if (known.code === 'INTERNAL')
        log.error(`${name} failed`, { requestId: caller.requestId, ...describeUnexpected(error) });
      const type = { 'content-type': 'application/json; charset=utf-8' } as const;
      response.writeHead(httpStatusOf(known), { ...type, ...retryAfter(known) });
      response.end(JSON.stringify({ errors: [formatGatewayError(known, caller.requestId)] }));
    }
  };
}
