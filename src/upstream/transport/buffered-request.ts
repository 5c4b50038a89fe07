/** One request and its whole answer, through undici's lowest layer: about a third cheaper per call than `request()`. */
import type { Dispatcher } from 'undici';
import { asError, GatewayError } from '../../errors.ts';
import type { Cancellation } from '../cancellable-task.ts';
import { invalidReply } from '../wire/contract-check.ts';
import type { Receiver } from './call.ts';
import type { Connection } from './connection-pool.ts';
import { codingOf, isTooLong, uncoded } from './content-coding.ts';
import { RefusalBody } from './error-body.ts';
import { UpstreamFailure } from './failure.ts';
import { Answer, type AnswerHeaders } from './response.ts';

/**
 * Sends a request and collects the answer, without its coding. Refusals are answers too; their bodies are dropped once they
 * are judged. The receiver is told of errors of undici and of the socket, and of the reason when `cancellation` is cancelled.
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
  #refusal: RefusalBody | undefined;
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
    this.#receiver.sent();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (isInterim(status)) return;
    this.#answer.status = status;
    this.#answer.headers = headers;
    if (status >= 300) this.#refusal = new RefusalBody();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#refusal !== undefined) {
      if (this.#refusal.add(chunk)) return;
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
    if (this.#refusal !== undefined) {
      this.#refusal.judge(this.#answer.headers, (isRefusal) => {
        this.#answer.isRefusal = isRefusal;
        this.#succeed();
      });
      return;
    }
    this.#answer.body = this.#more === undefined ? this.#first : Buffer.concat(this.#more);
    if (this.#answer.headers['content-encoding'] === undefined) this.#succeed();
    else this.#undoCoding();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  async #undoCoding(): Promise<void> {
    const { body, headers, status } = this.#answer;
    try {
      const coding = codingOf(headers);
      if (body !== undefined && coding !== undefined) this.#answer.body = await uncoded(body, coding, this.#maxBytes);
    } catch (error) {
      this.#fail(error instanceof GatewayError || !isTooLong(error) ? asError(error) : replyTooLarge(status));
      return;
    }
    this.#succeed();
  }

  #succeed(): void {
    if (this.#settle()) this.#receiver.answered(this.#answer);
  }

  /** Ends the exchange and frees its socket. */
  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(dropped()); // does nothing once the answer has ended
    this.#receiver.failed(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancellation.onCancel = undefined;
    return true;
  }
}

/**
 * Whether another answer follows this one (RFC 9110 §15.2).
 * @throws GatewayError `UPSTREAM_INVALID` for a status below 100, which undici would stumble over.
 */
export function isInterim(status: number): boolean {
  if (status < 100) throw invalidReply('status');
  return status < 200;
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
