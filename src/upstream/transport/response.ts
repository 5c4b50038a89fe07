/** What came back over the wire, before and after its envelope is opened. */

import type { UpstreamReply } from '../request.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { failureStatuses } from './error-body.ts';
import type { ResponseHeaders } from './header-list.ts';

const noHeaders: ResponseHeaders = {};

export class UpstreamResponse implements UpstreamReply {
  status = 0;
  headers: ResponseHeaders = noHeaders;
  /** Undefined when there was none, and for refusals. */
  body: Buffer | undefined;
  /** The body is the upstream's own envelope of failure: the status means what it says. */
  isRefusal = false;
  reply: unknown;

  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'string' ? value : value?.[0];
  }

  /**
   * Reads the envelope of a success: `{"status":"success","reply":…}` (NOTES, Envelope and errors).
   * @throws GatewayError `UPSTREAM_INVALID` when there is a body that is no such envelope.
   */
  parseEnvelope(): void {
    if (this.body === undefined || this.body.length === 0) return;
    const envelope = parseJson(this.body);
    if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) throw invalidReply('body');
    // The word decides for the Android client, the HTTP status for the others; they must not contradict each other.
    if ('status' in envelope && failureStatuses.has(envelope.status)) throw invalidReply('status');
    this.reply = 'reply' in envelope ? envelope.reply : undefined;
    this.body = undefined;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalidReply('body');
  }
}
