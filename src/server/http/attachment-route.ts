/**
 * `GET /attachments/{message_token}/1`: streams the file of a message. The request carries the caller's credential, or a short-lived
 * download token in the query for links and images that a browser fetches on its own.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline as pipeStreams } from 'node:stream/promises';
import { type GatewayServices, requireCredential } from '../../context.ts';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected } from '../../log.ts';
import { openAttachment } from '../../upstream/endpoints/attachment.ts';
import { messageLookup } from '../../upstream/endpoints/message.ts';
import { upstreamStatus } from '../../upstream/transport/failure.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { hasAuthorization } from '../authentication/identity.ts';
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';

const routePattern = /^\/attachments\/([0-9a-f-]{36})\/1$/;

/** The message token in the path of an attachment; undefined for every other path. */
export function attachmentToken(pathname: string): string | undefined {
  return routePattern.exec(pathname)?.[1];
}

/** Types that a browser can display without executing content. Every other type is sent as a download. */
const inlineTypes = /^(image\/(png|jpeg|gif|webp|bmp)|application\/pdf|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

/** `Content-Disposition` (RFC 6266), with RFC 8187 for names outside ASCII. Slashes and control characters are replaced; quotes are replaced or encoded. */
function contentDisposition(contentType: string, fileName: string | undefined): string {
  const disposition = inlineTypes.test(contentType.split(';', 1)[0]?.trim() ?? '') ? 'inline' : 'attachment';
  if (fileName === undefined) return disposition;
  const name = fileName.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(-150);
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Status of an error. Unlike GraphQL responses, a missing file is 404 and a range outside the file 416 (RFC 9110 §15.5.17). */
export function httpStatusOf(error: GatewayError): number {
  if (error.code === 'NOT_FOUND') return 404;
  return upstreamStatus(error) === 416 ? 416 : errorCodes[error.code].httpStatus;
}

export function createAttachmentRoute(services: GatewayServices) {
  const { log } = services;

  return async (token: string, request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
      const downloadToken = searchParams.get('token') ?? undefined;
      // Beside a download token, only what the client itself sent has to be valid: a browser sends the cookie of a session on its own.
      const isMalformed = caller.credentialError !== undefined && hasAuthorization(request.headers);
      if (downloadToken === undefined || isMalformed) requireCredential(caller);
      const upstream = services.upstream.for(caller);
      const { range } = request.headers;
      // The file name is only in the message, which a download token cannot read. Both are requested concurrently.
      const [file, message] = await Promise.all([
        openAttachment(upstream, token, { range, token: downloadToken }),
        caller.credential === undefined ? undefined : upstream.find(messageLookup(token)).catch(() => undefined),
      ]);
      const contentType = file.contentType ?? 'application/octet-stream';
      response.writeHead(file.status, {
        'content-type': contentType,
        'content-disposition': contentDisposition(contentType, message?.attachments?.[0]?.fileName),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        ...(file.contentLength === undefined ? {} : { 'content-length': String(file.contentLength) }),
        ...(file.contentRange === undefined ? {} : { 'content-range': file.contentRange }),
        ...(file.acceptRanges === undefined ? {} : { 'accept-ranges': file.acceptRanges }),
      });
      if (request.method === 'HEAD') {
        file.body.destroy();
        response.end();
        return;
      }
      await pipeStreams(file.body, response);
    } catch (error) {
      if (response.headersSent) {
        // The transfer failed midway. Closing the connection shows the client that the file is incomplete.
        response.destroy();
        log.warn('attachment cut off', { requestId: caller.requestId, ...describeUnexpected(error) });
        return;
      }
      const known = gatewayErrorIn(error) ?? new GatewayError('INTERNAL');
      if (known.code === 'INTERNAL')
        log.error('attachment failed', { requestId: caller.requestId, ...describeUnexpected(error) });
      const status = httpStatusOf(known);
      const retry = known.retryAfterSeconds === undefined ? {} : { 'retry-after': String(known.retryAfterSeconds) };
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...retry });
      response.end(JSON.stringify({ errors: [formatGatewayError(known, caller.requestId)] }));
    }
  };
}
