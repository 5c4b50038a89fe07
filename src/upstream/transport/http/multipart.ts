/** multipart/form-data bodies (RFC 7578), streamed: a file is sent in chunks and never buffered as a whole. */

import { randomBytes } from 'node:crypto';
import { finished, Readable } from 'node:stream';
import { badUserInput, GatewayError, isAbort } from '../../../errors.ts';
import type { FilePart, Part } from '../../request.ts';
import { countFileBytes } from './file-gc.ts';

/** The body of one attempt; a retry needs a new one. */
export class MultipartBody extends Readable {
  readonly contentType: string;
  /** Undefined unless the size of every file is known. */
  readonly contentLength: number | undefined;
  readonly #parts: readonly { readonly head: Buffer; readonly part: Part }[];
  readonly #tail: Buffer;
  readonly #onProgress: () => void;
  /** Number of parts started. */
  #started = 0;
  /** The file being read. */
  #file: { readonly part: FilePart; readonly source: Readable } | undefined;
  #isConsumed = false;
  /** The error of a file that could not be read completely. */
  #sourceError: Error | undefined;

  /** @param onProgress Called for every chunk of a file. */
  constructor(parts: readonly Part[], onProgress: () => void) {
    super();
    // undici reports the error too, unless it has already detached. An 'error' event without a listener ends the process.
    this.on('error', () => {});
    const boundary = `gateway-${randomBytes(18).toString('hex')}`;
    this.contentType = `multipart/form-data; boundary=${boundary}`;
    this.#parts = parts.map((part) => ({ head: Buffer.from(`--${boundary}\r\n${partHeader(part)}\r\n`), part }));
    this.#tail = Buffer.from(`--${boundary}--\r\n`);
    this.#onProgress = onProgress;
    this.contentLength = this.#length();
  }

  /** A file has been opened; bytes read from it cannot be read again. */
  get isConsumed(): boolean {
    return this.#isConsumed;
  }

  /**
   * The error of the file that ended a failed attempt, whose request is therefore incomplete; undefined when the connection ended it.
   * Call before `destroy`.
   * @param error Of the connection.
   */
  fileErrorBehind(error: unknown): Error | undefined {
    const isLate = error instanceof GatewayError && error.code === 'UPSTREAM_TIMEOUT';
    const pendingFile = isLate ? this.#pendingFile() : undefined;
    return this.#sourceError ?? (pendingFile && incompleteFile(pendingFile));
  }

  override _read(): void {
    if (this.#started === 0) this.#pushParts();
    else this.#file?.source.resume();
  }

  /** Also destroys the source of a file that currently delivers no data. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#file?.source.destroy();
    callback(error);
  }

  /** The file whose next bytes the body waits for; in that case the upstream does not cause the delay. */
  #pendingFile(): FilePart | undefined {
    const { part, source } = this.#file ?? {};
    return source === undefined || source.readableEnded || source.isPaused() ? undefined : part;
  }

  /** Pushes the parts up to and including the next file, or up to the end of the body. */
  #pushParts(): void {
    for (let next = this.#parts[this.#started]; next !== undefined; next = this.#parts[this.#started]) {
      this.#started += 1;
      const { head, part } = next;
      this.push(head);
      if ('text' in part) this.push(`${part.text}\r\n`);
      else {
        this.#open(part);
        return;
      }
    }
    this.push(this.#tail);
    this.push(null);
  }

  #open(part: FilePart): void {
    let source: Readable;
    try {
      source = part.file.stream();
    } catch (error) {
      this.#failed(part, error);
      return;
    }
    this.#file = { part, source };
    this.#isConsumed = true;
    finished(source, { writable: false }, (error) => {
      this.#file = undefined;
      if (error != null) this.#failed(part, error);
      else if (!this.destroyed) {
        this.push('\r\n');
        this.#pushParts();
      }
    });
    source.on('data', (chunk: Buffer) => {
      this.#onProgress();
      countFileBytes(chunk.length);
      if (!this.push(chunk)) source.pause();
    });
  }

  #failed(part: FilePart, error: unknown): void {
    if (this.destroyed) return;
    this.#sourceError = error instanceof GatewayError || isAbort(error) ? error : incompleteFile(part);
    this.destroy(this.#sourceError);
  }

  #length(): number | undefined {
    let length = this.#tail.length;
    for (const { head, part } of this.#parts) {
      const size = 'text' in part ? Buffer.byteLength(part.text) : part.file.size;
      if (size === undefined) return undefined;
      length += head.length + size + 2;
    }
    return length;
  }
}

function incompleteFile({ name }: FilePart): GatewayError {
  return badUserInput(name, 'a file that arrives whole');
}

function partHeader(part: Part): string {
  if ('text' in part) {
    let head = `Content-Disposition: form-data; name="${escapeQuoted(part.name)}"\r\n`;
    head += `Content-Type: ${part.contentType ?? 'text/plain; charset=utf-8'}\r\n`;
    const headers = part.headers ?? [];
    for (let index = 0; index + 1 < headers.length; index += 2) head += `${headers[index]}: ${headers[index + 1]}\r\n`;
    return head;
  }
  const { fileName, contentType } = part.file;
  return (
    `Content-Disposition: form-data; name="${escapeQuoted(part.name)}"; filename="${escapeQuoted(fileName)}"\r\n` +
    `Content-Type: ${mediaType.test(contentType) ? contentType : 'application/octet-stream'}\r\n`
  );
}

const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?: *; *[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[^"\\\r\n\0]*"))*$/;
/** Maximum characters of the name of an uploaded file. */
const maxNameLength = 255;

/** Quotes and line ends as browsers write them (WHATWG HTML, multipart/form-data); other control characters become _. */
function escapeQuoted(name: string): string {
  const text = name.slice(0, maxNameLength).replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replaceAll(/[\0-\x1f\x7f]/g, '_');
}
