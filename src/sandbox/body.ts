import type { IncomingMessage } from 'node:http';
import { limits } from './bounds.ts';
import type { Contract, Operation } from './contract.ts';
import { badRequest, HttpError } from './http-error.ts';
import { type Part, parseMultipart } from './multipart.ts';

/** A file that came with a multipart body. */
export interface UploadedFile {
  readonly field: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface RequestBody {
  /** Checked against the contract's schema for the media type it came in. */
  readonly fields: unknown;
  readonly file: UploadedFile | undefined;
}

/**
 * Reads a whole body.
 * @throws Refusal 413 above the bound; the rest is then left unread and the connection closes.
 */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    new HttpError(413, `body: expected at most ${limits.bodyBytes} bytes`, { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not take the socket along: the answer still has to go out.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads what the operation takes: JSON, form or multipart, whatever the contract lists for it ("All three are
 * accepted", so JSON and forms are taken by every operation with a body). Without a Content-Type a body is JSON.
 * Operations without a body in the contract ignore what came, as clients send `{}` or a stray type there.
 * @throws Refusal 400 naming what was expected.
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
    if (word === undefined) throw badRequest('Content-Type: expected a boundary');
    const { form, file } = sortParts(await parseMultipart(bytes, word));
    const fields = contract.fromText(operation, known(mediaType), form);
    // The file's own property is text in the schema; it is not among the fields.
    contract.checkBody(operation, known(mediaType), fields);
    return { fields, file };
  }
  throw badRequest(`Content-Type: expected ${Object.keys(declared.content).join(', ')}`);
}

/** @throws Refusal 400 when the bytes are not UTF-8 or not one JSON document. */
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

/** Android names the type of a roster entry for lists alone. */
function withUsual(operation: Operation, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return operation.id === 'addRosterEntry' ? { type: 'tigertext:entity:account', ...fields } : fields;
}

/** A field that stands several times in a form is a list, as one text joined by commas. */
function joined(form: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name).join(',')]));
}

const fileFields = new Set(['attachment', 'avatar']);

/** A part is a file by its field or its file name; each `data` part is one datum, its namespace in a header. */
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
