/** One request and its whole answer, through undici's lowest layer: about a third cheaper per call than `request()`. */
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import { Answer, type AnswerHeaders } from './answer.ts';
import type { Receiver } from './call.ts';
import type { Cancellation } from './cancellation.ts';
import type { Connection } from './connections.ts';
import { UpstreamFailure } from './failure.ts';

/** Nobody reads the body of a refusal; up to this many bytes are drained, so that the connection can be used again. */
const maxRefusalBytes = 65_536;

/**
 * Sends a request and collects the answer. Refusals are answers too; their bodies are dropped. The receiver is told of
 * errors of undici and of the socket, and of the reason when `cancellation` is cancelled.
 * @param maxBytes Of the body; one more aborts the exchange with `UPSTREAM_INVALID`.
 */
export function exchange(
  connection: Connection,
  options: Dispatcher.DispatchOptions,
  maxBytes: number,
  cancellation: Cancellation,
  receiver: Receiver<Answer>,
): void {
  connection.dispatch(options, new Collector(maxBytes, cancellation, receiver));
}

class Collector implements Dispatcher.DispatchHandler {
  readonly #answer = new Answer();
  readonly #maxBytes: number;
  readonly #cancellation: Cancellation;
  readonly #receiver: Receiver<Answer>;
  #controller: Dispatcher.DispatchController | undefined;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;
  #settled = false;

  constructor(maxBytes: number, cancellation: Cancellation, receiver: Receiver<Answer>) {
    this.#maxBytes = maxBytes;
    this.#cancellation = cancellation;
    this.#receiver = receiver;
    cancellation.onCancel = (reason) => this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Cancelled while it waited for a connection: nothing was written yet. To abort would close the connection, to throw does not.
    if (this.#settled) throw dropped();
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#answer.status = status;
    this.#answer.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#answer.status >= 300) {
      if (this.#bytes <= maxRefusalBytes) return;
      this.onResponseEnd();
      controller.abort(dropped());
    } else if (this.#bytes > this.#maxBytes) {
      this.#fail(replyTooLarge(this.#answer.status));
    } else if (this.#first === undefined) {
      this.#first = chunk;
    } else if (this.#more === undefined) {
      this.#more = [this.#first, chunk];
    } else {
      this.#more.push(chunk);
    }
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    this.#answer.body = this.#more === undefined ? this.#first : Buffer.concat(this.#more);
    this.#receiver.answered(this.#answer);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** Ends the exchange and frees its socket. */
  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(dropped());
    this.#receiver.failed(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancellation.onCancel = undefined;
    return true;
  }
}

function dropped(): Error {
  return new UpstreamFailure('dropped');
}

function replyTooLarge(status: number): GatewayError {
  return new GatewayError('UPSTREAM_INVALID', {
    message: 'The upstream sent a reply over the size limit.',
    cause: new UpstreamFailure('reply too large', status),
  });
}
