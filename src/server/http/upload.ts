/**
 * GraphQL multipart requests: operations and map come first, files are streamed on to the upstream as they arrive.
 *
 * Read here, on the multipart parser alone: graphql-upload-minimal 1.6.4, the library at hand, follows the paths of a map
 * into what every object inherits, so that one request could replace `hasOwnProperty.call` for the whole process.
 */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { GatewayError } from '../../errors.ts';
import type { Upload } from '../../upstream/upload.ts';
import type { Hold } from '../held-bytes.ts';
import type { OperationRequest } from '../operation/response.ts';
import { coalesce } from './coalesce.ts';
import { formName } from './form-name.ts';
import { parseBody } from './request-body.ts';
import { refuseTinyChunks } from './tiny-chunks.ts';
import { createDeferredUpload, type DeferredUpload, setVariable } from './upload-slot.ts';

/** Bytes. */
export interface UploadLimits {
  /** Of the `operations` and `map` fields, each. */
  readonly maxBodyBytes: number;
  /** Of one file. */
  readonly maxFileBytes: number;
}

/** No operation of the gateway takes more than one file, and one request is one operation. */
const filesOfOneRequest = 1;

/**
 * The operation of a multipart request. Its file variables hold promises of an `Upload`, settled when the file's part begins.
 * @throws GatewayError `BAD_USER_INPUT` when the parts do not follow the GraphQL multipart request specification,
 *   `PAYLOAD_TOO_LARGE` when a field or the number of files is over the limit, `RATE_LIMITED` when too much is held already.
 * @param hold Counts what comes before the file, and is released with it.
 */
export function readUpload(request: IncomingMessage, limits: UploadLimits, hold: Hold): Promise<OperationRequest> {
  return new Promise((resolve, reject) => {
    const uploads = new Map<string, DeferredUpload>();
    // What the map names is a file, with a name of its own or without.
    const parser = createParser(request, limits, (name) => uploads.has(formName(name)));
    // The parser keeps a string for each piece of a field.
    const pieces = coalesce();
    let operation: OperationRequest | undefined;
    let isMapped = false;
    let file: Readable | undefined;

    function fail(error: unknown): void {
      const failure = error instanceof GatewayError ? error : malformed();
      hold.release();
      reject(failure);
      for (const upload of uploads.values()) upload.reject(failure);
      file?.destroy(failure);
      request.unpipe(pieces);
      pieces.destroy();
      request.resume();
    }

    parser.on('field', (name, text, _nameTruncated, isTruncated) => {
      try {
        if (isTruncated) throw fieldTooLarge(limits);
        if (name === 'operations') operation = parseBody(text);
        if (name !== 'map') return;
        if (operation === undefined) throw malformed();
        const places = mapOf(text);
        if (places.length > filesOfOneRequest) throw fileTooLarge(limits);
        for (const [part, paths] of places) {
          const upload = createDeferredUpload();
          uploads.set(part, upload);
          for (const path of paths) if (!setVariable(operation, path, upload.upload)) throw malformed();
          if (paths.length > 1) throw mappedTwice();
        }
        isMapped = true;
        hold.release();
        resolve(operation);
      } catch (error) {
        fail(error);
      }
    });
    // A part with a file name but no name of its own has none here, whatever the parser's declaration says.
    parser.on('file', (name: string | undefined, content, fileName, _encoding, contentType) => {
      content.on('error', () => content.destroy()); // its reader gets the error as well
      const upload = name === undefined ? undefined : uploads.get(formName(name));
      if (upload === undefined || !isMapped) {
        content.resume();
        if (!isMapped) fail(malformed());
        return;
      }
      file = content;
      // The parser ends a file that is too large as if it were whole; here it fails instead, so that nothing half is stored.
      content.once('limit', () => content.destroy(fileTooLarge(limits)));
      upload.resolve(uploadOf(content, fileName, contentType));
    });
    parser.on('filesLimit', () => fail(fileTooLarge(limits)));
    parser.on('error', fail);
    // What the parser or a listener throws comes out here, and unhandled it would end the process.
    pieces.on('error', fail);
    parser.on('finish', () => {
      if (!isMapped) fail(malformed());
      else for (const upload of uploads.values()) upload.reject(malformed());
    });
    request.once('close', () => {
      if (!request.complete) fail(malformed());
    });
    let received = 0;
    const count = refuseTinyChunks(request);
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      try {
        count(chunk);
        if (isMapped) return;
        hold.resize(received);
      } catch (error) {
        fail(error);
      }
    });
    request.pipe(pieces).pipe(parser);
  });
}

/** @throws GatewayError `BAD_USER_INPUT` when the request names no boundary. */
function createParser(
  { headers }: IncomingMessage,
  { maxBodyBytes, maxFileBytes }: UploadLimits,
  isMapped: (name: string) => boolean,
): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
      isPartAFile: (name, _contentType, fileName) => fileName !== undefined || isMapped(name ?? ''),
      limits: { fields: 2, fieldSize: maxBodyBytes, files: filesOfOneRequest, fileSize: maxFileBytes },
    });
  } catch {
    throw malformed();
  }
}

/** The variables' paths by the name of the part that goes there. */
function mapOf(text: string): [part: string, paths: readonly string[]][] {
  const isPaths = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((path) => typeof path === 'string');
  return Object.entries(parseBody(text)).map(([part, paths]) => {
    if (!isPaths(paths)) throw malformed();
    return [part, paths];
  });
}

function uploadOf(content: BusboyFileStream, fileName: string | undefined, contentType: string): Upload {
  let isTaken = false;
  return {
    fileName: formName(fileName ?? 'file'),
    contentType,
    stream() {
      if (isTaken) throw malformed();
      isTaken = true;
      return content;
    },
  };
}

function fileTooLarge({ maxFileBytes }: UploadLimits): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The file is over ${maxFileBytes} bytes, or too many were sent.`,
  });
}

function fieldTooLarge({ maxBodyBytes }: UploadLimits): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The fields operations and map may have ${maxBodyBytes} bytes each.`,
  });
}

function mappedTwice(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    field: 'map',
    message: 'map: expected one variable for the file. It is passed on as it arrives, so it can be taken once only.',
  });
}

function malformed(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    message: 'The body does not follow the GraphQL multipart request specification, or was cut off.',
  });
}
