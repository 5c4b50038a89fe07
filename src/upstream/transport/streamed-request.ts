/** One request whose answer is streamed to whoever asked, at the speed they read. */
import { pipeline, Readable, type Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../../errors.ts';
import type { Cancellation } from '../cancellable-task.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { isInterim } from './buffered-request.ts';
import type { Receiver } from './call.ts';
import type { Connection } from './connection-pool.ts';
import { codingOf, undoing } from './content-coding.ts';
import { RefusalBody } from './error-body.ts';
import { UpstreamFailure, wireFailure } from './failure.ts';
import { filePassed } from './file-gc.ts';
import { Answer, type AnswerHeaders } from './response.ts';

export class OpenAnswer extends Answer {
  /** The body, without its coding; empty for a refusal. */
  stream: Readable = Readable.from([]);
}

/**
 * Tells the receiver of the headers of a success, or of a whole refusal; or of errors of undici and of the socket, or the
 * reason when `cancellation` is cancelled before the headers came.
 * @param stallMs The stream fails when no byte moves for so long, whichever side is to blame.
 */
export function openExchange(
  connection: Connection,
  options: Dispatcher.DispatchOptions,
  stallMs: number,
  cancellation: Cancellation,
  receiver: Receiver<OpenAnswer>,
): void {
  connection.dispatch(options, new Opener(stallMs, cancellation, receiver));
}

class Opener implements Dispatcher.DispatchHandler {
  readonly #answer = new OpenAnswer();
  readonly #stallMs: number;
  readonly #cancellation: Cancellation;
  readonly #receiver: Receiver<OpenAnswer>;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Body | undefined;
  #refusal: RefusalBody | undefined;
  #settled = false;

  constructor(stallMs: number, cancellation: Cancellation, receiver: Receiver<OpenAnswer>) {
    this.#stallMs = stallMs;
    this.#cancellation = cancellation;
    this.#receiver = receiver;
    cancellation.onCancel = (reason) => this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // To abort would close the connection, which nothing was written to; to throw does not.
    if (this.#settled) throw new UpstreamFailure('dropped');
    this.#controller = controller;
    this.#receiver.sent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (isInterim(status)) return;
    this.#answer.status = status;
    this.#answer.headers = headers;
    if (status >= 300) {
      this.#refusal = new RefusalBody();
      return;
    }
    const coding = codingOf(headers);
    // Its bytes are a range of the coded file (RFC 9110 §14.2), of which nothing can be made.
    if (coding !== undefined && status === 206) throw invalidReply('content-encoding');
    const body = new Body(controller, this.#stallMs);
    this.#body = body;
    if (coding === undefined) this.#answer.stream = body;
    else {
      this.#answer.stream = uncodedStream(body, undoing(coding));
      // Both are of the coded file.
      this.#answer.headers = { ...headers, 'content-length': undefined, 'accept-ranges': undefined };
    }
    this.#cancellation.onCancel = (reason) => body.destroy(reason);
    this.#settled = true;
    this.#receiver.answered(this.#answer);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body !== undefined) {
      this.#body.accept(chunk);
      return;
    }
    if (this.#refusal === undefined || this.#refusal.add(chunk)) return;
    this.onResponseEnd();
    controller.abort(new UpstreamFailure('dropped'));
  }

  onResponseEnd(): void {
    this.#body?.push(null);
    this.#refusal?.judge(this.#answer.headers, (isRefusal) => {
      this.#answer.isRefusal = isRefusal;
      if (this.#settle()) this.#receiver.answered(this.#answer);
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#body?.destroy(wireFailure(error).error);
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(new UpstreamFailure('dropped'));
    this.#receiver.failed(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#cancellation.onCancel = undefined;
    return true;
  }
}

/** Fails when the body fails, and when it is not coded so; destroying it destroys the body. At most a few chunks are held. */
function uncodedStream(body: Body, undo: Transform): Readable {
  pipeline(body, undo, () => {}); // it destroys each with the other; errors are met by what reads the stream
  return undo;
}

class Body extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  readonly #stallTimer: NodeJS.Timeout;

  constructor(controller: Dispatcher.DispatchController, stallMs: number) {
    super();
    this.#controller = controller;
    // It may fail before anybody reads it; who reads it then hears of it all the same. An error nobody listens to ends the process.
    this.on('error', () => {});
    this.#stallTimer = setTimeout(() => this.destroy(new GatewayError('UPSTREAM_TIMEOUT')), stallMs);
  }

  accept(chunk: Buffer): void {
    this.#stallTimer.refresh();
    filePassed(chunk.length);
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
