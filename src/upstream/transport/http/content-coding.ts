/**
 * Content codings of upstream responses. Every request prefers an uncompressed response (`accept-encoding: identity`). A proxy may
 * compress it nevertheless; it is then decompressed (RFC 9110 §8.4).
 */
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { invalidReply } from '../../wire/contract-check.ts';
import type { ResponseHeaders } from './header-list.ts';

export type ContentCoding = 'gzip' | 'deflate' | 'br';

/** Header of every request, as a flat list: name, value. */
export const acceptsIdentity = ['accept-encoding', 'identity'] as const;

const codings: ReadonlyMap<string, ContentCoding | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
]);

/**
 * The content coding of a response; undefined when it has none.
 * @throws GatewayError `UPSTREAM_INVALID` for an unsupported coding, and for more than one.
 */
export function contentCodingOf(headers: ResponseHeaders): ContentCoding | undefined {
  const header = headers['content-encoding'];
  if (header === undefined) return undefined;
  const name = String(header).trim().toLowerCase();
  if (!codings.has(name)) throw invalidReply('content-encoding');
  return codings.get(name);
}

const decompressors = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
} as const;

/** The error that `decompress` throws when the decompressed body exceeds `maxBytes`. */
export function isOutputTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/**
 * Decompresses a buffered body, on zlib's thread pool.
 * @param maxBytes Maximum size of the result; decompression stops there, so that a small body cannot fill the memory.
 * @throws An error for which `isOutputTooLarge` is true; GatewayError `UPSTREAM_INVALID` for invalid compressed data.
 */
export async function decompress(body: Buffer, coding: ContentCoding, maxBytes: number): Promise<Buffer> {
  try {
    return await decompressors[coding](body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw isOutputTooLarge(error) ? error : invalidReply('body');
  }
}

/** A decompressing stream that emits output as soon as input is available. */
export function createDecompressor(coding: ContentCoding): Transform {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
  }
}
