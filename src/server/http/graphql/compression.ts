/** Compression of JSON responses (`COMPRESSION`), in the thread pool. Off by default: compressed lengths reveal more of the content. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Config } from '../../../config/config.ts';

export interface CompressedBody {
  readonly encoding: 'br' | 'gzip';
  readonly body: Buffer;
}

export type Compress = (accepted: string | undefined, body: Buffer) => Promise<CompressedBody> | undefined;

export type Encoding = CompressedBody['encoding'];

const brotli = promisify(brotliCompress);
const gzipped = promisify<Buffer, Buffer>(gzip);

/**
 * Compresses in the thread pool. Brotli has a quality that is as fast as gzip.
 * @param windowBits Window of Brotli, as a power of two: a larger one takes more memory, for which long bodies get smaller.
 */
export function encode(encoding: Encoding, body: Buffer, windowBits: number): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(body);
  return brotli(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_LGWIN]: windowBits,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
}

/** 256 KiB: responses are short. */
const responseWindowBits = 18;

/**
 * Compresses a body in the encoding that the client prefers. Undefined for a body that is sent as it is: a short one, one for a
 * client that accepts neither encoding, and one beyond the limit of concurrent compressions, which bounds their memory.
 */
export function createCompression({
  compressionMinBytes,
  maxCompressions,
}: Pick<Config, 'compressionMinBytes' | 'maxCompressions'>): Compress {
  let running = 0;
  return (accepted, body) => {
    if (body.length < compressionMinBytes || running >= maxCompressions) return undefined;
    const encoding = preferredEncoding(accepted);
    if (encoding === undefined) return undefined;
    running += 1;
    return encode(encoding, body, responseWindowBits)
      .then((compressed) => ({ encoding, body: compressed }))
      .finally(() => {
        running -= 1;
      });
  };
}

/** The encoding with the highest weight (RFC 9110 §12.5.3), Brotli before gzip; undefined when the client accepts neither. */
export function preferredEncoding(accepted = ''): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const item of accepted.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  const [br, gz] = [weightOf('br'), weights.get('x-gzip') ?? weightOf('gzip')];
  if (br > 0 && br >= gz) return 'br';
  return gz > 0 ? 'gzip' : undefined;
}
