/** Attachment bytes, streamed. */

import type { Readable } from 'node:stream';
import { GatewayError } from '../../errors.ts';
import { headerValue } from '../request.ts';
import { UpstreamFailure, upstreamStatus } from '../transport/failure.ts';
import type { Upstream } from '../upstream.ts';
import { requireArray, requireObject } from '../wire/read.ts';
import { path, withQuery } from './path.ts';

/** An attachment whose headers have arrived and whose bytes stream. Destroying `body` releases the upstream connection. */
export interface OpenAttachment {
  /** HTTP status: 200, or 206 for a range. */
  readonly status: number;
  readonly contentType: string | undefined;
  /** Bytes of this response; undefined when the upstream does not state them. */
  readonly contentLength: number | undefined;
  readonly contentRange: string | undefined;
  readonly acceptRanges: string | undefined;
  readonly body: Readable;
}

/**
 * Opens the message's only attachment. Never retried.
 * @param range Value of the `Range` header.
 * @param token Short-lived download token, for a caller without a credential.
 * @throws GatewayError `UPSTREAM_UNAVAILABLE` (retryable) while the upstream prepares the attachment; `NOT_FOUND`.
 */
export async function openAttachment(
  upstream: Upstream,
  messageToken: string,
  { range, token }: { readonly range?: string | undefined; readonly token?: string | undefined } = {},
): Promise<OpenAttachment> {
  const response = await upstream
    .open({
      operationId: 'getMessageAttachment',
      method: 'GET',
      path: withQuery(path`/v2/message/${messageToken}/attachment/1`, { token }),
      headers: ['accept', '*/*', ...(range === undefined ? [] : ['range', headerValue('range', range)])],
    })
    .catch((error: unknown) => {
      if (token !== undefined && upstreamStatus(error) === 401) throw tokenRejected(error);
      if (!(error instanceof GatewayError) || error.code !== 'NOT_FOUND') throw error;
      throw new GatewayError('NOT_FOUND', { message: 'There is no such attachment.', cause: error.cause });
    });
  if (response.status === 202) {
    response.body.destroy();
    throw new GatewayError('UPSTREAM_UNAVAILABLE', {
      message: 'The attachment is not ready yet.',
      retryAfterSeconds: 1,
      cause: new UpstreamFailure('not ready', 202),
    });
  }
  const length = Number(response.header('content-length') ?? Number.NaN);
  return {
    status: response.status,
    contentType: response.header('content-type'),
    contentLength: Number.isSafeInteger(length) && length >= 0 ? length : undefined,
    contentRange: response.header('content-range'),
    acceptRanges: response.header('accept-ranges'),
    body: response.body,
  };
}

function tokenRejected(cause: unknown): GatewayError {
  return new GatewayError('UNAUTHENTICATED', { message: 'The upstream rejected the download token.', cause });
}

/**
 * Reserves short-lived download tokens.
 * @param count At most 20 (the official clients' limit).
 */
export async function createAttachmentTokens(
  upstream: Upstream,
  options: { readonly count: number; readonly expireAfterSeconds: number; readonly expireAfterUseSeconds: number },
): Promise<string[]> {
  const call = {
    operationId: 'createAttachmentTokens',
    method: 'POST',
    path: '/v5/attachment_tokens_bulk',
    json: {
      count: options.count,
      expire_after_sec: options.expireAfterSeconds,
      expire_after_used_sec: options.expireAfterUseSeconds,
    },
  } as const;
  const field = 'createAttachmentTokens.attachment_tokens';
  return upstream.read(call, ({ reply }) =>
    requireArray(requireObject(reply, field).attachment_tokens, field).filter((token) => typeof token === 'string'),
  );
}
