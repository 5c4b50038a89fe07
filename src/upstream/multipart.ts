/** multipart/form-data bodies (RFC 7578), streamed. */
import type { Upload } from './upload.ts';

export interface FieldPart {
  readonly name: string;
  readonly text: string;
  /** Default text/plain; charset=utf-8. */
  readonly contentType?: string;
  /** More part headers, flat: name, value. */
  readonly headers?: readonly string[];
}

export interface FilePart {
  readonly name: string;
  readonly file: Upload;
}

export type Part = FieldPart | FilePart;
