/** A buffered response: status, headers, body, and the reply inside its envelope. */

import type { UpstreamReply } from '../../request.ts';
import { invalidReply } from '../../wire/contract-check.ts';
import { failureStatuses } from './error-body.ts';
import type { ResponseHeaders } from './header-list.ts';

const noHeaders: ResponseHeaders = {};

/** A response of the upstream with its whole body. */
export class UpstreamResponse implements UpstreamReply {
  status = 0;
  headers: ResponseHeaders = noHeaders;
  /** Undefined when there was none, for error responses, and after `parseEnvelope`. */
  body: Buffer | undefined;
  /** The body is the upstream's error envelope, so the status comes from the API and not from a proxy. */
  hasErrorEnvelope = false;
  reply: unknown;

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'string' ? value : value?.[0];
  }

  /**
   * Reads the envelope of a success: `{"status":"success","reply":…}` (NOTES, Envelope and errors).
   * @throws GatewayError `UPSTREAM_INVALID` for a body that is not such an envelope.
   */
  parseEnvelope(): void {
    if (this.body === undefined || this.body.length === 0) return;
    const envelope = parseJson(this.body);
    if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) throw invalidReply('body');
    // The Android client decides by `status` in the envelope, other clients by the HTTP status; the two must agree.
    if ('status' in envelope && failureStatuses.has(envelope.status)) throw invalidReply('status');
    this.reply = 'reply' in envelope ? envelope.reply : undefined;
    this.body = undefined;
  }
}

/** Callbacks of one attempt. Exactly one of `onResponse` and `onError` runs, once. */
export interface ResponseHandler<Sent extends UpstreamResponse> {
  /** The request starts to be written: from now on the upstream may process it. */
  sent(): void;
  /** A buffered response, or the headers of a streamed one; also for error statuses. */
  onResponse(response: Sent): void;
  onError(error: unknown): void;
}

/**
 * Whether this is an interim response, which another one follows (RFC 9110 §15.2).
 * @throws GatewayError `UPSTREAM_INVALID` for a status below 100, which undici does not reject.
 */
export function isInterim(status: number): boolean {
  if (status < 100) throw invalidReply('status');
  return status < 200;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalidReply('body');
  }
}
