/** A response that is equal for all clients: compressed once, and 304 when the browser has it in its cache. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Encoding, encode, preferredEncoding } from '../graphql/compression.ts';
import { matchesEntityTag } from './entity-tag.ts';

export type StaticFile = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** 4 MiB: for files of several megabytes. */
const windowBits = 22;

/** @param headers Headers of every response, including 304. */
export function createStaticFile(text: string, contentType: string, headers: OutgoingHttpHeaders): StaticFile {
  const content = Buffer.from(text);
  const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  // Compressed in the thread pool at the first request: most processes never serve the page.
  const compressed = new Map<Encoding, Promise<Buffer>>();

  return async (request, response) => {
    for (const [name, value] of Object.entries({ ...headers, etag, vary: 'accept-encoding' }))
      if (value !== undefined) response.setHeader(name, value);
    response.setHeader('x-content-type-options', 'nosniff');
    if (matchesEntityTag(request.headers['if-none-match'], etag)) {
      response.writeHead(304).end();
      return;
    }
    const encoding = preferredEncoding(request.headers['accept-encoding']);
    const body = encoding === undefined ? content : await compress(encoding);
    response.writeHead(200, {
      'content-type': `${contentType}; charset=utf-8`,
      'content-length': body.length,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    });
    response.end(body);
  };

  function compress(encoding: Encoding): Promise<Buffer> {
    const compression = compressed.get(encoding) ?? encode(encoding, content, windowBits);
    compressed.set(encoding, compression);
    return compression;
  }
}
