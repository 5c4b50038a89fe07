/**
 * Codings of upstream answers. Every request asks for none (`accept-encoding: identity`); a proxy may code an answer all the
 * same, and then it is undone (RFC 9110 §8.4).
 */
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { invalidReply } from '../wire/contract-check.ts';
import type { ResponseHeaders } from './header-list.ts';

export type Coding = 'gzip' | 'deflate' | 'br';

/** To be sent with every request, flat: name, value. */
export const uncodedOnly = ['accept-encoding', 'identity'] as const;

const names: ReadonlyMap<string, Coding | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
]);

/**
 * The one coding of an answer; undefined when it has none.
 * @throws GatewayError `UPSTREAM_INVALID` for a coding that cannot be undone, and for several.
 */
export function codingOf(headers: ResponseHeaders): Coding | undefined {
  const header = headers['content-encoding'];
  if (header === undefined) return undefined;
  const name = String(header).trim().toLowerCase();
  if (!names.has(name)) throw invalidReply('content-encoding');
  return names.get(name);
}

const undo = {
  gzip: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  br: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
} as const;

/** The whole body came to more than it may. */
export function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/**
 * A whole body without its coding; off the main thread.
 * @param maxBytes Of the result: however much a few bytes stand for, no more is made of them.
 * @throws An error that `isTooLong` tells; GatewayError `UPSTREAM_INVALID` when the body is not coded so.
 */
export async function uncoded(body: Buffer, coding: Coding, maxBytes: number): Promise<Buffer> {
  try {
    return await undo[coding](body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw isTooLong(error) ? error : invalidReply('body');
  }
}

/** What undoes a coding piece by piece, and gives out at once what there is. */
export function undoing(coding: Coding): Transform {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'deflate':
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
  }
}
