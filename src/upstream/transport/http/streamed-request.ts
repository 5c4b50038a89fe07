/** One request whose response is streamed with backpressure. */

import { pipeline, Readable, type Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../../../errors.ts';
import type { CancellableTask } from '../../cancellation.ts';
import { invalidReply } from '../../wire/contract-check.ts';
import { classifyTransportError } from '../failure.ts';
import type { PooledConnection } from './connection-pool.ts';
import { contentCodingOf, createDecompressor } from './content-coding.ts';
import { countFileBytes } from './file-gc.ts';
import { type ResponseHandler, UpstreamResponse } from './response.ts';
import { dropped, ResponseReader } from './response-reader.ts';

/** A response whose body is read while it arrives. */
export class StreamedResponse extends UpstreamResponse {
  /** The decompressed body; empty for an error response. */
  stream: Readable = Readable.from([]);
}

/**
 * Calls `handler.onResponse` at the headers of a success or at the end of an error response. `handler.onError` gets errors of
 * undici and of the socket, and the reason when `task` is cancelled before the headers.
 * @param stallMs Milliseconds without a byte after which the stream fails, regardless of which side stalls.
 */
export function sendStreamed(
  connection: PooledConnection,
  options: Dispatcher.DispatchOptions,
  stallMs: number,
  task: CancellableTask,
  handler: ResponseHandler<StreamedResponse>,
): void {
  connection.dispatch(options, new ResponseStreamer(stallMs, task, handler));
}

class ResponseStreamer extends ResponseReader<StreamedResponse> {
  readonly #stallMs: number;
  #body: ResponseBody | undefined;

  constructor(stallMs: number, task: CancellableTask, handler: ResponseHandler<StreamedResponse>) {
    super(new StreamedResponse(), task, handler);
    this.#stallMs = stallMs;
  }

  protected override onSuccessStart(controller: Dispatcher.DispatchController): void {
    const { response } = this;
    const coding = contentCodingOf(response.headers);
    // The bytes are a range of the compressed file (RFC 9110 §14.2), which cannot be decompressed.
    if (coding !== undefined && response.status === 206) throw invalidReply('content-encoding');
    const body = new ResponseBody(controller, this.#stallMs);
    this.#body = body;
    if (coding === undefined) response.stream = body;
    else {
      response.stream = decompressedStream(body, createDecompressor(coding));
      // Both describe the compressed file.
      response.headers = { ...response.headers, 'content-length': undefined, 'accept-ranges': undefined };
    }
    this.succeed((reason) => body.destroy(reason));
  }

  protected override onSuccessData(chunk: Buffer): void {
    this.#body?.write(chunk);
  }

  protected override onSuccessEnd(): void {
    this.#body?.push(null);
  }

  override onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#body?.destroy(classifyTransportError(error).error);
    super.onResponseError(controller, error);
  }
}

/** Fails when the body fails or is invalid compressed data. Destroying it destroys the body. Buffers at most a few chunks. */
function decompressedStream(body: ResponseBody, decompressor: Transform): Readable {
  pipeline(body, decompressor, () => {}); // pipeline destroys both together; the reader of the stream gets the errors
  return decompressor;
}

class ResponseBody extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  readonly #stallTimer: NodeJS.Timeout;

  constructor(controller: Dispatcher.DispatchController, stallMs: number) {
    super();
    this.#controller = controller;
    // It may fail before it has a reader, and an 'error' event without a listener ends the process.
    // A later reader still gets the error.
    this.on('error', () => {});
    this.#stallTimer = setTimeout(() => this.destroy(new GatewayError('UPSTREAM_TIMEOUT')), stallMs);
  }

  write(chunk: Buffer): void {
    this.#stallTimer.refresh();
    countFileBytes(chunk.length);
    if (!this.push(chunk)) this.#controller.pause();
  }

  override _read(): void {
    this.#stallTimer.refresh();
    this.#controller.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#stallTimer);
    if (!this.readableEnded) this.#controller.abort(dropped());
    callback(error);
  }
}
