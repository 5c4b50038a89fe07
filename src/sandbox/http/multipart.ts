import { Dicer } from '@fastify/busboy';
import { limits } from '../bounds.ts';
import { badRequest } from './http-error.ts';

/** One part of a multipart body; header names are lower case. */
export interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/**
 * Splits a multipart body. Uses a parser that exposes part headers, which form-level parsers do not: the namespace of a
 * datum is in the header `TT-X-Namespace`.
 * @throws HttpError 400 when the body is truncated, has too many parts, or a part has no name.
 */
export function parseMultipart(body: Buffer, boundary: string): Promise<Part[]> {
  return new Promise((resolve, reject) => {
    const parts: Part[] = [];
    const fail = (expected: string) => reject(badRequest(expected));
    const dicer = new Dicer({ boundary, maxHeaderPairs: 32 });
    dicer.on('part', (stream) => {
      const chunks: Buffer[] = [];
      let headers: Record<string, string> = {};
      stream.on('header', (raw) => {
        headers = Object.fromEntries(
          Object.entries(raw).map(([name, values]) => [name.toLowerCase(), String(values)]), // one value or a list of one
        );
      });
      stream.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
      stream.on('error', () => fail('multipart body: expected a closing boundary'));
      stream.on('end', () => {
        if (parts.length >= limits.bodyParts) return fail(`multipart body: expected at most ${limits.bodyParts} parts`);
        try {
          parts.push(partOf(headers, Buffer.concat(chunks)));
        } catch (error) {
          reject(error);
        }
      });
    });
    dicer.on('error', () => fail('multipart body: expected a closing boundary'));
    // Part streams end a tick after the parser; collecting on the next turn sees them all.
    dicer.on('finish', () => setImmediate(() => resolve(parts)));
    dicer.end(body);
  });
}

/** @throws HttpError 400 for a part without a name, or with one that cannot be decoded. */
function partOf(headers: Part['headers'], bytes: Buffer): Part {
  const disposition = headers['content-disposition'] ?? '';
  const name = parameterOf(disposition, 'name');
  if (name === undefined) throw badRequest('multipart part: expected a name');
  return { name, fileName: parameterOf(disposition, 'filename'), headers, bytes };
}

/** Quoted or bare (RFC 7578). The header was decoded as latin1 but contains UTF-8. */
function parameterOf(header: string, name: string): string | undefined {
  const extended = new RegExp(`;\\s*${name}\\*=UTF-8''([^;]+)`, 'i').exec(header);
  if (extended?.[1] !== undefined) return percentDecoded(extended[1], name);
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(header);
  const value = match?.[1]?.replaceAll(/\\(.)/g, '$1') ?? match?.[2];
  if (value === undefined) return undefined;
  // Quotes and line ends are written percent-encoded (WHATWG HTML, multipart/form-data).
  return Buffer.from(value, 'latin1')
    .toString('utf8')
    .replaceAll(/%22|%0D|%0A/gi, decodeURIComponent);
}

function percentDecoded(text: string, parameter: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(`multipart part: expected percent-encoded UTF-8 in ${parameter}*`);
  }
}
