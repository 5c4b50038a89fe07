/** One request whose response is streamed with backpressure. */

import { pipeline, Readable, type Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../../errors.ts';
import type { CancellableTask } from '../cancellation.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { isInterim } from './buffered-request.ts';
import type { PooledConnection } from './connection-pool.ts';
import { codingOf, undoing } from './content-coding.ts';
import { ErrorBody } from './error-body.ts';
import { classifyTransportError, UpstreamFailure } from './failure.ts';
import { countFileBytes } from './file-gc.ts';
import type { ResponseHeaders } from './header-list.ts';
import { type ResponseHandler, UpstreamResponse } from './response.ts';

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
  connection.dispatch(options, new StreamHandler(stallMs, task, handler));
}

class StreamHandler implements Dispatcher.DispatchHandler {
  readonly #response = new StreamedResponse();
  readonly #stallMs: number;
  readonly #task: CancellableTask;
  readonly #handler: ResponseHandler<StreamedResponse>;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ResponseBody | undefined;
  #refusal: ErrorBody | undefined;
  #settled = false;

  constructor(stallMs: number, task: CancellableTask, handler: ResponseHandler<StreamedResponse>) {
    this.#stallMs = stallMs;
    this.#task = task;
    this.#handler = handler;
    task.onCancel = (reason) => this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Nothing was written yet. An abort would close the connection, a throw does not.
    if (this.#settled) throw new UpstreamFailure('dropped');
    this.#controller = controller;
    this.#handler.sent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (isInterim(status)) return;
    this.#response.status = status;
    this.#response.headers = headers;
    if (status >= 300) {
      this.#refusal = new ErrorBody();
      return;
    }
    const coding = codingOf(headers);
    // The bytes are a range of the compressed file (RFC 9110 §14.2), which cannot be decompressed.
    if (coding !== undefined && status === 206) throw invalidReply('content-encoding');
    const body = new ResponseBody(controller, this.#stallMs);
    this.#body = body;
    if (coding === undefined) this.#response.stream = body;
    else {
      this.#response.stream = decompressedStream(body, undoing(coding));
      // Both describe the compressed file.
      this.#response.headers = { ...headers, 'content-length': undefined, 'accept-ranges': undefined };
    }
    this.#task.onCancel = (reason) => body.destroy(reason);
    this.#settled = true;
    this.#handler.onResponse(this.#response);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body !== undefined) {
      this.#body.write(chunk);
      return;
    }
    if (this.#refusal === undefined || this.#refusal.add(chunk)) return;
    this.onResponseEnd();
    controller.abort(new UpstreamFailure('dropped'));
  }

  onResponseEnd(): void {
    this.#body?.push(null);
    this.#refusal?.judge(this.#response.headers, (isRefusal) => {
      this.#response.isRefusal = isRefusal;
      if (this.#settle()) this.#handler.onResponse(this.#response);
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#body?.destroy(classifyTransportError(error).error);
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(new UpstreamFailure('dropped'));
    this.#handler.onError(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#task.onCancel = undefined;
    return true;
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
    if (!this.readableEnded) this.#controller.abort(new UpstreamFailure('dropped'));
    callback(error);
  }
}
