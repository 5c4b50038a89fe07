/** A file on its way from a client to the upstream. */
import type { Readable } from 'node:stream';

export interface Upload {
  readonly fileName: string;
  /** Media type, such as `image/png`. */
  readonly contentType: string;
  /** Opens the bytes; called once per attempt. Throws on the second call when they can be read only once. */
  stream(): Readable;
  /** Size in bytes, if known in advance. */
  readonly size?: number | undefined;
}
