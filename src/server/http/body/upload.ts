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
import { decodeFormName, MappedFiles, maxFiles } from './mapped-files.ts';
import { notUtf8, parseBody } from './request-body.ts';
import { rejectTinyChunks } from './tiny-chunks.ts';
import { fieldMissing, fieldTooLarge, fileAbsent, fileTooLarge, malformed, tooManyFiles } from './upload-errors.ts';

/** Limits in bytes. */
export interface UploadLimits {
  /** Maximum of the `operations` field and of the `map` field. */
  readonly maxBodyBytes: number;
  /** Maximum of one file. */
  readonly maxFileBytes: number;
}

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
    const files = new MappedFiles();
    // A part named in the map is a file, even without a file name.
    const parser = createParser(request, limits, (name) => files.has(name));
    // The parser allocates a string for each chunk of a field.
    const coalesced = coalesce();
    let operation: OperationRequest | undefined;
    let isMapped = false;
    let file: Readable | undefined;
    /** Bytes before the file, to tell a replacement character that was sent from one that replaces an invalid byte. */
    let head: BodyBuffer | undefined = new BodyBuffer();

    function fail(error: unknown): void {
      const failure = error instanceof GatewayError ? error : malformed();
      head = undefined;
      reservation.release();
      reject(failure);
      files.reject(failure);
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
        if (name === 'operations') operation = parseBody(text, name);
        if (name !== 'map') return;
        if (operation === undefined) throw fieldMissing('operations');
        files.map(operation, text);
        isMapped = true;
        head = undefined;
        reservation.release();
        files.rejectAt(deadlineAt);
        resolve(operation);
      } catch (error) {
        fail(error);
      }
    });
    // `name` is undefined for a part without a name, contrary to the parser's type declaration.
    parser.on('file', (name: string | undefined, content, fileName, _encoding, contentType) => {
      content.on('error', () => content.destroy()); // the reader of the stream gets the error as well
      if (name === undefined || !files.has(name) || !isMapped) {
        content.resume();
        if (!isMapped) fail(fieldMissing(operation === undefined ? 'operations' : 'map'));
        return;
      }
      file = content;
      // The parser ends a file above the limit as if it were complete. The stream fails instead, so that no partial file is stored.
      content.once('limit', () => content.destroy(fileTooLarge(limits.maxFileBytes)));
      files.resolve(name, uploadOf(content, fileName, contentType));
    });
    parser.on('filesLimit', () => fail(tooManyFiles()));
    parser.on('error', fail);
    // Errors thrown by the parser or its listeners are emitted here; unhandled, they would end the process.
    coalesced.on('error', fail);
    parser.on('finish', () => {
      if (!isMapped) fail(fieldMissing(operation === undefined ? 'operations' : 'map'));
      else files.reject(fileAbsent());
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
