/** A file on its way from a client to the upstream. */
import type { Readable } from 'node:stream';

export interface Upload {
  readonly fileName: string;
  /** Media type, such as `image/png`. */
  readonly contentType: string;
  /** The bytes. Called once per attempt to send; a stream that can be read only once throws on the second call. */
  stream(): Readable;
  /** Bytes, when known beforehand. */
  readonly size?: number | undefined;
}
