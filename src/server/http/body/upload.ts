/**
 * GraphQL multipart requests: `operations` and `map` come first; the file is streamed to the upstream as it arrives.
 *
 * Only a multipart parser is used. The library for these requests, graphql-upload-minimal 1.6.4, follows the paths of a map into
 * inherited properties, so that one request could replace `hasOwnProperty.call` for the whole process.
 */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { GatewayError } from '../../../errors.ts';
import type { Upload } from '../../../upstream/upload.ts';
import type { Reservation } from '../../memory-budget.ts';
import type { OperationRequest } from '../../operation/response.ts';
import { BodyBuffer } from './body-buffer.ts';
import { coalesce } from './coalesce.ts';
import { notUtf8, parseBody } from './request-body.ts';
import { rejectTinyChunks } from './tiny-chunks.ts';
import { fieldTooLarge, fileMissing, fileTooLarge, malformed, mappedTwice } from './upload-errors.ts';

/** Limits in bytes. */
export interface UploadLimits {
  /** Maximum of the `operations` field and of the `map` field. */
  readonly maxBodyBytes: number;
  /** Maximum of one file. */
  readonly maxFileBytes: number;
}

/** No operation of the schema takes more than one file. */
const maxFiles = 1;

/** The parser decodes an invalid byte as this character. */
const replacement = '\ufffd';

/**
 * The operation of a multipart request. Its file variables are promises of an `Upload`, which settle when the part of the file begins,
 * or fail with `BAD_USER_INPUT` at the deadline.
 * @throws GatewayError `BAD_USER_INPUT` when the parts do not follow the GraphQL multipart request specification, or `operations` or
 *   `map` is not UTF-8, `PAYLOAD_TOO_LARGE` when a field or the number of files exceeds its limit, `RATE_LIMITED` when the process
 *   holds its maximum.
 * @param reservation Counts the bytes before the file; released when `map` has been read or the request has failed.
 * @param deadlineAt Milliseconds, on the clock of `performance.now()`.
 */
export function readUpload(
  request: IncomingMessage,
  limits: UploadLimits,
  reservation: Reservation,
  deadlineAt: number,
): Promise<OperationRequest> {
  return new Promise((resolve, reject) => {
    const uploads = new Map<string, DeferredUpload>();
    // A part named in the map is a file, even without a file name.
    const parser = createParser(request, limits, (name) => uploads.has(decodeFormName(name)));
    // The parser allocates a string for each chunk of a field.
    const coalesced = coalesce();
    let operation: OperationRequest | undefined;
    let isMapped = false;
    let file: Readable | undefined;
    /** Bytes before the file, to tell a replacement character that was sent from one that replaces an invalid byte. */
    let head: BodyBuffer | undefined = new BodyBuffer();
    let fileTimer: NodeJS.Timeout | undefined;

    function rejectFiles(failure: GatewayError): void {
      clearTimeout(fileTimer);
      for (const upload of uploads.values()) upload.reject(failure);
    }

    function fail(error: unknown): void {
      const failure = error instanceof GatewayError ? error : malformed();
      head = undefined;
      reservation.release();
      reject(failure);
      rejectFiles(failure);
      file?.destroy(failure);
      request.unpipe(coalesced);
      coalesced.destroy();
      request.resume();
    }

    parser.on('field', (name, text, _nameTruncated, isTruncated) => {
      try {
        if (isTruncated) throw fieldTooLarge(limits.maxBodyBytes);
        const isRead = name === 'operations' || name === 'map';
        if (isRead && text.includes(replacement) && head?.content.includes(text) !== true) throw notUtf8(name);
        if (name === 'operations') operation = parseBody(text);
        if (name !== 'map') return;
        if (operation === undefined) throw malformed();
        const entries = mapOf(text);
        if (entries.length > maxFiles) throw fileTooLarge(limits.maxFileBytes);
        for (const [part, paths] of entries) {
          const upload = createDeferredUpload();
          uploads.set(part, upload);
          for (const path of paths) if (!setVariable(operation, path, upload.upload)) throw malformed();
          if (paths.length > 1) throw mappedTwice();
        }
        isMapped = true;
        head = undefined;
        reservation.release();
        if (uploads.size > 0) {
          fileTimer = setTimeout(() => rejectFiles(fileMissing()), Math.max(0, deadlineAt - performance.now()));
        }
        resolve(operation);
      } catch (error) {
        fail(error);
      }
    });
    // `name` is undefined for a part without a name, contrary to the parser's type declaration.
    parser.on('file', (name: string | undefined, content, fileName, _encoding, contentType) => {
      content.on('error', () => content.destroy()); // the reader of the stream gets the error as well
      const upload = name === undefined ? undefined : uploads.get(decodeFormName(name));
      if (upload === undefined || !isMapped) {
        content.resume();
        if (!isMapped) fail(malformed());
        return;
      }
      clearTimeout(fileTimer);
      file = content;
      // The parser ends a file above the limit as if it were complete. The stream fails instead, so that no partial file is stored.
      content.once('limit', () => content.destroy(fileTooLarge(limits.maxFileBytes)));
      upload.resolve(uploadOf(content, fileName, contentType));
    });
    parser.on('filesLimit', () => fail(fileTooLarge(limits.maxFileBytes)));
    parser.on('error', fail);
    // Errors thrown by the parser or its listeners are emitted here; unhandled, they would end the process.
    coalesced.on('error', fail);
    parser.on('finish', () => {
      if (!isMapped) fail(malformed());
      else rejectFiles(malformed());
    });
    request.once('close', () => {
      if (!request.complete) fail(malformed());
    });
    const count = rejectTinyChunks(request);
    request.on('data', (chunk: Buffer) => {
      try {
        count(chunk);
        if (head === undefined) return;
        reservation.resize(head.capacityWith(chunk.length));
        head.add(chunk);
      } catch (error) {
        fail(error);
      }
    });
    request.pipe(coalesced).pipe(parser);
  });
}

/** Promise of a file in the variables of an operation, placed there before the file arrives. */
interface DeferredUpload {
  readonly upload: Promise<Upload>;
  resolve(upload: Upload): void;
  /** No effect after `resolve`. */
  reject(error: Error): void;
}

function createDeferredUpload(): DeferredUpload {
  let resolve: (upload: Upload) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const upload = new Promise<Upload>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // A rejected operation never reads its file: the rejection must not count as unhandled.
  upload.catch(() => {});
  return { upload, resolve, reject };
}

/**
 * Sets the variable at `path`, such as `variables.input.attachment`, to `value`. The path follows own properties only, never inherited
 * ones.
 * @returns False when the path does not exist or its value is not null.
 */
function setVariable(operation: OperationRequest, path: string, value: Promise<Upload>): boolean {
  const [root, ...keys] = path.split('.');
  const last = keys.pop();
  if (root !== 'variables' || last === undefined) return false;
  let target: unknown = operation.variables;
  for (const key of keys) target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  if (!isObject(target) || !Object.hasOwn(target, last) || target[last] !== null) return false;
  Object.defineProperty(target, last, { value });
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** @throws GatewayError `BAD_USER_INPUT` when the content type has no boundary. */
function createParser(
  { headers }: IncomingMessage,
  { maxBodyBytes, maxFileBytes }: UploadLimits,
  isMapped: (name: string) => boolean,
): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      isPartAFile: (name, _contentType, fileName) => fileName !== undefined || isMapped(name ?? ''),
      limits: { fields: 2, fieldSize: maxBodyBytes, files: maxFiles, fileSize: maxFileBytes },
    });
  } catch {
    throw malformed();
  }
}

/** Entries of the `map` field: the name of a part and the paths of its variables. */
function mapOf(text: string): [part: string, paths: readonly string[]][] {
  const isPaths = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((path) => typeof path === 'string');
  return Object.entries(parseBody(text)).map(([part, paths]) => {
    if (!isPaths(paths)) throw malformed();
    return [part, paths];
  });
}

function uploadOf(content: BusboyFileStream, fileName: string | undefined, contentType: string): Upload {
  let isConsumed = false;
  return {
    fileName: decodeFormName(fileName === undefined || fileName === '' ? 'file' : fileName),
    contentType,
    stream() {
      if (isConsumed) throw malformed();
      isConsumed = true;
      return content;
    },
  };
}

/**
 * Decodes the name of a part or file. Quotes and line breaks are percent-encoded in the header of a part; nothing else is
 * (WHATWG HTML, "multipart/form-data encoding algorithm").
 */
function decodeFormName(encoded: string): string {
  return encoded.replaceAll(/%22|%0D|%0A/gi, decodeURIComponent);
}
