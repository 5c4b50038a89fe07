import type { IncomingMessage } from 'node:http';
import { limits } from '../bounds.ts';
import type { Contract } from '../contract.ts';
import type { Operation } from '../contract-document.ts';
import { badRequest, HttpError } from './http-error.ts';
import { type Part, parseMultipart } from './multipart.ts';

/** A file in a multipart body. */
export interface UploadedFile {
  readonly field: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface RequestBody {
  /** Validated against the contract's schema for the media type of the body. */
  readonly fields: unknown;
  readonly file: UploadedFile | undefined;
}

/**
 * Reads a whole body.
 * @throws HttpError 413 above `limits.bodyBytes`; the rest is not read and the connection closes.
 */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    new HttpError(413, `body: expected at most ${limits.bodyBytes} bytes`, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Ending the loop early must not destroy the socket, because the 413 response is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a body as JSON, form or multipart. Every operation with a body accepts JSON and forms, whatever media types the
 * contract lists for it ("All three are accepted"). A body without Content-Type is JSON. Operations without a body in the
 * contract ignore one, because clients send `{}` or a stray Content-Type there.
 * @throws HttpError 400 naming what was expected.
 */
export async function readBody(
  contract: Contract,
  operation: Operation,
  request: IncomingMessage,
): Promise<RequestBody> {
  const bytes = await readBytes(request);
  const declared = operation.body;
  if (declared === undefined) return { fields: {}, file: undefined };
  if (bytes.length === 0) {
    if (declared.required === true) throw badRequest('body is required');
    return { fields: {}, file: undefined };
  }
  const header = request.headers['content-type'] ?? 'application/json';
  const mediaType = header.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const known = (type: string) => (type in declared.content ? type : 'application/json');
  if (mediaType === 'application/json') {
    const document = parseJson(bytes);
    const fields = isObject(document)
      ? contract.fromText(operation, mediaType, withUsual(operation, document))
      : document;
    contract.checkBody(operation, mediaType, fields);
    return { fields, file: undefined };
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    const form = joined(new URLSearchParams(bytes.toString('utf8')));
    const fields = contract.fromText(operation, known(mediaType), form);
    contract.checkBody(operation, known(mediaType), fields);
    return { fields, file: undefined };
  }
  if (mediaType === 'multipart/form-data') {
    const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(header);
    const word = boundary?.[1] ?? boundary?.[2];
    if (word === undefined || word.length > maxBoundary) throw badRequest('Content-Type: expected a boundary');
    const { form, file } = sortParts(await parseMultipart(bytes, word));
    const fields = contract.fromText(operation, known(mediaType), form);
    // The schema describes the file as a text property; it is not one of `fields`.
    contract.checkBody(operation, known(mediaType), fields);
    return { fields, file };
  }
  throw badRequest(`Content-Type: expected ${Object.keys(declared.content).join(', ')}`);
}

/** @throws HttpError 400 when the bytes are not UTF-8 or not one JSON document. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw badRequest('body: expected one JSON document');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Android sends the type of a roster entry only for distribution lists; other entries are accounts. */
function withUsual(operation: Operation, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return operation.id === 'addRosterEntry' ? { type: 'tigertext:entity:account', ...fields } : fields;
}

/** A repeated form field is a list; its values are joined by commas. */
function joined(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).join(',')]));
}

/** Maximum characters of a boundary (RFC 2046 §5.1.1); the parser throws for much longer ones. */
const maxBoundary = 70;

const fileFields = new Set(['attachment', 'avatar']);

/** A part with a file name, or in a field for files, is a file. Each `data` part is one datum; a header holds its namespace. */
function sortParts(parts: readonly Part[]): { form: Record<string, unknown>; file: UploadedFile | undefined } {
  const form: Record<string, unknown> = {};
  const data: unknown[] = [];
  let file: UploadedFile | undefined;
  for (const { name, fileName, headers, bytes } of parts) {
    const contentType = headers['content-type']?.split(';', 1)[0]?.trim();
    if (fileFields.has(name) || fileName !== undefined) {
      if (file !== undefined) throw badRequest(`${name}: expected at most one file`);
      file = { field: name, fileName: fileName ?? name, contentType: contentType ?? 'application/octet-stream', bytes };
    } else if (name === 'data' && headers['tt-x-namespace'] !== undefined) {
      const namespace = headers['tt-x-namespace'];
      data.push({ mimetype: contentType ?? 'application/json', namespace, payload: bytes.toString('utf8') });
    } else {
      form[name] = bytes.toString('utf8');
    }
  }
  if (data.length > 0) form.data = data;
  return { form, file };
}
