/**
 * Pictures of users and groups. The upstream returns their addresses; only those of one configured origin are requested, and
 * redirects are not followed. They have connections, limits and circuit breakers of their own, because another server may serve
 * them.
 */
import type { Readable } from 'node:stream';
import { GatewayError } from '../errors.ts';
import { createUpstreamClient, type UpstreamClientOptions } from './client.ts';
import { upstreamStatus } from './transport/failure.ts';
import type { Caller, UpstreamClient } from './upstream.ts';

/** A picture whose headers have arrived. Destroying `body` releases the connection. */
export interface OpenPicture {
  readonly contentType: string;
  /** Bytes; undefined when the server does not state them. */
  readonly contentLength: number | undefined;
  readonly etag: string | undefined;
  readonly body: Readable;
}

/** Raster images: an SVG can hold scripts. */
const imageTypes = /^image\/(?:png|jpeg|gif|webp|bmp|avif)$/;

/** Statuses by which file servers report a missing file. */
const absent: ReadonlySet<number> = new Set([403, 404, 410]);

/** A missing picture is not a failure of its server, so no number of them in a row opens the breaker. */
const breakerFailures = 10_000;

interface PictureOptions extends UpstreamClientOptions {
  /** Undefined: that of the upstream. */
  readonly origin: string | undefined;
  readonly maxBytes: number;
}

export class Pictures {
  readonly #client: UpstreamClient;
  readonly #origin: string;
  readonly #isUpstream: boolean;
  readonly #maxBytes: number;

  constructor({ origin, maxBytes, ...options }: PictureOptions) {
    const { upstreamUrl } = options.config;
    this.#origin = origin ?? upstreamUrl;
    this.#isUpstream = this.#origin === upstreamUrl;
    this.#maxBytes = maxBytes;
    // Another server gets no credential, and no certificate either.
    const certificate = this.#isUpstream ? {} : { upstreamCertFile: undefined, upstreamKeyFile: undefined };
    const own = { ...certificate, upstreamBreakerFailures: breakerFailures, upstreamUrl: this.#origin };
    this.#client = createUpstreamClient({
      ...options,
      config: { ...options.config, ...own },
      areCallersAccepted: !this.#isUpstream,
    });
  }

  /**
   * Opens the picture at an address that the upstream sent. The credential goes to the upstream's own origin only.
   * @throws GatewayError `NOT_FOUND` for an address of another origin; `UPSTREAM_INVALID` when it is no raster image, or larger
   * than the limit.
   */
  async open(address: string, caller: Caller): Promise<OpenPicture> {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.origin !== this.#origin) {
      throw new GatewayError('NOT_FOUND', {
        message: 'The picture is on a server that is not configured.',
      });
    }
    const own = this.#isUpstream
      ? caller
      : { ...caller, credential: undefined, countedFor: caller.credential?.principalKey };
    const request = {
      operationId: 'getPicture',
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: ['accept', 'image/*'],
    } as const;
    const reply = await this.#client
      .for(own)
      .open(request)
      .catch((error: unknown) => {
        if (absent.has(upstreamStatus(error) ?? 0))
          throw new GatewayError('NOT_FOUND', { message: 'There is no such picture.', cause: error });
        throw error;
      });
    const contentType = reply.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const stated = Number(reply.header('content-length') ?? Number.NaN);
    const contentLength = Number.isSafeInteger(stated) && stated >= 0 ? stated : undefined;
    if (reply.status !== 200 || !imageTypes.test(contentType) || (contentLength ?? 0) > this.#maxBytes) {
      reply.body.destroy();
      throw new GatewayError('UPSTREAM_INVALID', { message: 'The picture is no image, or too large.' });
    }
    return { contentType, contentLength, etag: etagOf(reply.header('etag')), body: this.#limited(reply.body) };
  }

  close(timeoutMs?: number): Promise<void> {
    return this.#client.close(timeoutMs);
  }

  /** The body, which fails when it is longer than the limit. */
  #limited(body: Readable): Readable {
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#maxBytes) body.destroy(new GatewayError('UPSTREAM_INVALID'));
    });
    return body.pause();
  }
}

/** Undefined unless it is an entity tag (RFC 9110 §8.8.3). */
function etagOf(value: string | undefined): string | undefined {
  return value !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/.test(value) ? value : undefined;
}
