/** GraphQL multipart requests: operations and map come first, files are streamed on to the upstream as they arrive. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { Upload as PendingUpload, processRequest } from 'graphql-upload-minimal';
import { GatewayError } from '../errors.ts';
import type { Upload } from '../upstream/upload.ts';
import type { OperationRequest } from './pipeline.ts';

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
 *   `PAYLOAD_TOO_LARGE` when a field or the number of files is over the limit.
 */
export async function readUpload(
  request: IncomingMessage,
  response: ServerResponse,
  limits: UploadLimits,
): Promise<OperationRequest> {
  let operations: unknown;
  try {
    operations = await processRequest(request, response, {
      maxFieldSize: limits.maxBodyBytes,
      // The parser refuses a file as it reaches its limit.
      maxFileSize: limits.maxFileBytes + 1,
      maxFiles: filesOfOneRequest,
    });
  } catch (error) {
    throw uploadError(error, limits);
  }
  if (typeof operations !== 'object' || operations === null || Array.isArray(operations)) {
    throw new GatewayError('BAD_USER_INPUT', { message: 'One operation for each request; batches are not taken.' });
  }
  return replaceUploads(operations, limits) as OperationRequest; // checked by the pipeline
}

/** Puts the upstream's form of a file where the library put its own. */
function replaceUploads(value: unknown, limits: UploadLimits): unknown {
  if (value instanceof PendingUpload) return toUpload(value, limits);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replaceUploads(item, limits));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceUploads(item, limits)]));
}

function toUpload(pending: PendingUpload, limits: UploadLimits): Promise<Upload> {
  const upload = pending.promise.then(
    ({ filename, mimetype, createReadStream }): Upload => ({
      fileName: filename,
      contentType: mimetype,
      stream: () => bounded(createReadStream(), limits),
    }),
    (error: unknown) => {
      throw uploadError(error, limits);
    },
  );
  // An operation that is refused never looks at its file.
  upload.catch(() => undefined);
  return upload;
}

/** The parser ends a file that is too large as if it were whole; here it fails instead, so that nothing half is stored. */
function bounded(file: Readable, limits: UploadLimits): Readable {
  const out = new PassThrough();
  file.once('limit', () => out.destroy(tooLarge(limits)));
  file.once('error', (error) => out.destroy(uploadError(error, limits)));
  out.once('close', () => file.resume());
  return file.pipe(out);
}

function tooLarge({ maxFileBytes }: UploadLimits): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The file is over ${maxFileBytes} bytes, or too many were sent.`,
  });
}

function uploadError(error: unknown, limits: UploadLimits): GatewayError {
  if (error instanceof GatewayError) return error;
  const status = error instanceof Error && 'status' in error ? error.status : 400;
  if (status === 413) return tooLarge(limits);
  return new GatewayError('BAD_USER_INPUT', {
    message: 'The body does not follow the GraphQL multipart request specification, or was cut off.',
    cause: error,
  });
}
