/**
 * `GET /attachments/{message_token}/1`: the bytes of a message's file, streamed with the caller's own credential, or with a
 * short-lived download token in the query, for links and pictures a browser fetches by itself.
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
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';

const routePattern = /^\/attachments\/([0-9a-f-]{36})\/1$/;

/** The message token in the path of an attachment; undefined for other paths. */
export function attachmentToken(pathname: string): string | undefined {
  return routePattern.exec(pathname)?.[1];
}

/** Types a browser may show in place without running anything of theirs. Everything else is only offered for saving. */
const shown = /^(image\/(png|jpeg|gif|webp|bmp)|application\/pdf|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

/** RFC 6266, with RFC 8187 for names that are not plain ASCII; quotes, slashes and control characters never pass. */
function contentDisposition(contentType: string, fileName: string | undefined): string {
  const kind = shown.test(contentType.split(';', 1)[0]?.trim() ?? '') ? 'inline' : 'attachment';
  if (fileName === undefined) return kind;
  const name = fileName.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').slice(-150);
  const ascii = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Here the status speaks for itself: 404 for what is not there, 416 for a range outside the file (RFC 9110 §15.5.17). */
function httpStatusOf(error: GatewayError): number {
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
      if (downloadToken === undefined || caller.credentialError !== undefined) requireCredential(caller);
      const upstream = services.upstream.for(caller);
      const { range } = request.headers;
      // The file's name stands with the message only, which a download token does not open; both are asked for at once.
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
        // Cut off in the middle: the connection is closed, so that the client sees that the file is not whole.
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
