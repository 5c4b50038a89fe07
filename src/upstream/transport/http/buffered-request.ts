/** One request with a buffered response. */

import type { Dispatcher } from 'undici';
import { asError, GatewayError } from '../../../errors.ts';
import type { CancellableTask } from '../../cancellation.ts';
import { UpstreamFailure } from '../failure.ts';
import type { PooledConnection } from './connection-pool.ts';
import { contentCodingOf, decompress, isOutputTooLarge } from './content-coding.ts';
import { type ResponseHandler, UpstreamResponse } from './response.ts';
import { ResponseReader } from './response-reader.ts';

/**
 * Sends a request and buffers the decompressed response. `handler.onError` gets errors of undici and of the socket, and the
 * reason when `task` is cancelled.
 * @param maxBytes Maximum size of the body; a larger one aborts the request with `UPSTREAM_INVALID`.
 */
export function sendBuffered(
  connection: PooledConnection,
  options: Dispatcher.DispatchOptions,
  maxBytes: number,
  task: CancellableTask,
  handler: ResponseHandler<UpstreamResponse>,
): void {
  connection.dispatch(options, new ResponseCollector(maxBytes, task, handler));
}

class ResponseCollector extends ResponseReader<UpstreamResponse> {
  readonly #maxBytes: number;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;

  constructor(maxBytes: number, task: CancellableTask, handler: ResponseHandler<UpstreamResponse>) {
    super(new UpstreamResponse(), task, handler);
    this.#maxBytes = maxBytes;
  }

  protected override onSuccessStart(): void {}

  protected override onSuccessData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.fail(this.#tooLarge());
    else if (this.#first === undefined) this.#first = chunk;
    else if (this.#more === undefined) this.#more = [this.#first, chunk];
    else this.#more.push(chunk);
  }

  protected override onSuccessEnd(): void {
    this.response.body = this.#more === undefined ? this.#first : Buffer.concat(this.#more);
    if (this.response.headers['content-encoding'] === undefined) this.succeed();
    else this.#decompress();
  }

  async #decompress(): Promise<void> {
    const { body, headers } = this.response;
    try {
      const coding = contentCodingOf(headers);
      if (body !== undefined && coding !== undefined)
        this.response.body = await decompress(body, coding, this.#maxBytes);
    } catch (error) {
      this.fail(isOutputTooLarge(error) ? this.#tooLarge() : asError(error));
      return;
    }
    this.succeed();
  }

  #tooLarge(): GatewayError {
    return new GatewayError('UPSTREAM_INVALID', {
      message: 'The upstream sent a reply over the size limit.',
      cause: new UpstreamFailure('reply too large', this.response.status),
    });
  }
}
