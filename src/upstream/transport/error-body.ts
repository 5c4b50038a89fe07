/**
 * The body of an answer that is no success. Only the upstream's own envelope says what the status says (NOTES, Envelope and
 * errors): a page of a proxy on the way with status 401 refuses no credential, and one with 404 does not say that a user is
 * gone.
 */

import { codingOf, uncoded } from './content-coding.ts';
import type { ResponseHeaders } from './header-list.ts';

/** Envelopes are some hundred bytes; up to this a body is read to its end, so that the connection can be used again. */
const mostBytes = 65_536;

export class ErrorBody {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @returns False when it is too long for an envelope: nothing more of it is wanted. */
  add(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= mostBytes) {
      this.#chunks.push(chunk);
      return true;
    }
    this.#chunks.length = 0;
    return false;
  }

  /** @param done Called once, at once unless the body is coded, with whether it is the upstream's envelope. */
  judge(headers: ResponseHeaders, done: (isEnvelope: boolean) => void): void {
    const body = Buffer.concat(this.#chunks);
    if (body.length === 0 || headers['content-encoding'] === undefined) done(isEnvelope(body));
    else withoutCoding(body, headers).then((text) => done(isEnvelope(text)));
  }
}

/** Nothing where the coding cannot be undone. */
async function withoutCoding(body: Buffer, headers: ResponseHeaders): Promise<Buffer> {
  try {
    const coding = codingOf(headers);
    return coding === undefined ? body : await uncoded(body, coding, mostBytes);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The contract's ErrorEnvelope.status. */
export const failureStatuses: ReadonlySet<unknown> = new Set(['fail', 'failed', 'error']);

/** `{"status":"fail",…}` (contract, ErrorEnvelope). */
function isEnvelope(body: Buffer): boolean {
  if (body.length === 0) return false;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && 'status' in value && failureStatuses.has(value.status);
  } catch {
    return false;
  }
}
