/** multipart/form-data bodies (RFC 7578), streamed: a file passes through in chunks and is never held as a whole. */

import { randomBytes } from 'node:crypto';
import { finished, Readable } from 'node:stream';
import { badUserInput, GatewayError, isAbort } from '../../errors.ts';
import type { FilePart, Part } from '../request.ts';
import { countFileBytes } from './file-gc.ts';

/** One body: made for one attempt, of no use after it. */
export class MultipartBody extends Readable {
  readonly contentType: string;
  /** Undefined unless the size of every file is known. */
  readonly contentLength: number | undefined;
  readonly #parts: readonly { readonly head: Buffer; readonly part: Part }[];
  readonly #tail: Buffer;
  readonly #onProgress: () => void;
  /** Parts begun. */
  #started = 0;
  /** The file that is being read. */
  #file: { readonly part: FilePart; readonly source: Readable } | undefined;
  #isConsumed = false;
  /** Why a file could not be read to its end. */
  #sourceError: Error | undefined;

  /** @param onProgress Called for every chunk of a file. */
  constructor(parts: readonly Part[], onProgress: () => void) {
    super();
    this.on('error', () => {}); // who sends it hears of it too, unless it has let go of it already
    const boundary = `gateway-${randomBytes(18).toString('hex')}`;
    this.contentType = `multipart/form-data; boundary=${boundary}`;
    this.#parts = parts.map((part) => ({ head: Buffer.from(`--${boundary}\r\n${partHeader(part)}\r\n`), part }));
    this.#tail = Buffer.from(`--${boundary}--\r\n`);
    this.#onProgress = onProgress;
    this.contentLength = this.#length();
  }

  /** A file has been opened; what was read from it is gone. */
  get isConsumed(): boolean {
    return this.#isConsumed;
  }

  /** What the attempt failed with, when `error` is how it looked from the connection. To be asked before `destroy`. */
  failureOf(error: unknown): unknown {
    const isLate = error instanceof GatewayError && error.code === 'UPSTREAM_TIMEOUT';
    const pendingFile = isLate ? this.#pendingFile() : undefined;
    return this.#sourceError ?? (pendingFile === undefined ? error : incompleteFile(pendingFile));
  }

  override _read(): void {
    if (this.#started === 0) this.#pushParts();
    else this.#file?.source.resume();
  }

  /** Stops reading also from a file that gives nothing at the moment. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#file?.source.destroy();
    callback(error);
  }

  /** The file whose next bytes are waited for: then it is not the upstream that keeps the call waiting. */
  #pendingFile(): FilePart | undefined {
    const { part, source } = this.#file ?? {};
    return source === undefined || source.readableEnded || source.isPaused() ? undefined : part;
  }

  /** With the parts up to the next file, or to the end. */
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
const maxNameLength = 255;

/** Quotes and line ends as browsers write them (WHATWG HTML, multipart/form-data); other control characters become _. */
function escapeQuoted(name: string): string {
  const text = name.slice(0, maxNameLength).replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replaceAll(/[\0-\x1f\x7f]/g, '_');
}
