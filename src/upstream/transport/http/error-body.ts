/**
 * The body of an error response. The status counts as the upstream's only with the upstream's envelope (NOTES, Envelope and
 * errors): a proxy's page with status 401 does not reject a credential, and one with 404 does not mean that a user is missing.
 */

import { contentCodingOf, decompress } from './content-coding.ts';
import type { ResponseHeaders } from './header-list.ts';

/** Envelopes have a few hundred bytes. A body up to this size is read completely, so that the connection can be reused. */
const maxBytes = 65_536;

/** Collects the beginning of an error's body. */
export class ErrorBody {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @returns False when the body is too long for an envelope; the rest can be discarded. */
  add(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= maxBytes) {
      this.#chunks.push(chunk);
      return true;
    }
    this.#chunks.length = 0;
    return false;
  }

  /** @param done Called once with whether the body is the upstream's envelope; synchronously unless it is compressed. */
  classify(headers: ResponseHeaders, done: (isEnvelope: boolean) => void): void {
    const body = Buffer.concat(this.#chunks);
    if (body.length === 0 || headers['content-encoding'] === undefined) done(isEnvelope(body));
    else decompressed(body, headers).then((text) => done(isEnvelope(text)));
  }
}

/** An empty buffer when the body cannot be decompressed. */
async function decompressed(body: Buffer, headers: ResponseHeaders): Promise<Buffer> {
  try {
    const coding = contentCodingOf(headers);
    return coding === undefined ? body : await decompress(body, coding, maxBytes);
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
