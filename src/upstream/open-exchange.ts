/** One request whose answer is streamed to whoever asked, at the speed they read. */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors.ts';
import { Answer, type AnswerHeaders } from './answer.ts';
import type { Cancellation } from './cancellation.ts';
import { UpstreamFailure, wireFailure } from './failure.ts';

const maxRefusalBytes = 65_536;

export class OpenAnswer extends Answer {
  /** The body; empty for a refusal. */
  stream: Readable = Readable.from([]);
}

/**
 * Resolves with the headers of a success, or with a whole refusal.
 * @param stallMs The stream fails when no byte moves for so long, whichever side is to blame.
 * @throws Errors of undici and of the socket, or the call's reason when it is cancelled before the headers came.
 */
export function openExchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  stallMs: number,
  call: Cancellation,
): Promise<OpenAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new Opener(stallMs, call, resolve, reject));
  });
}

class Opener implements Dispatcher.DispatchHandler {
  readonly #answer = new OpenAnswer();
  readonly #stallMs: number;
  readonly #call: Cancellation;
  readonly #resolve: (answer: OpenAnswer) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: Body | undefined;
  #refusalBytes = 0;
  #settled = false;

  constructor(
    stallMs: number,
    call: Cancellation,
    resolve: (answer: OpenAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#stallMs = stallMs;
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    call.onCancel = (reason) => this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) controller.abort(new UpstreamFailure('dropped'));
    else this.#controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#answer.status = status;
    this.#answer.headers = headers;
    if (status < 200 || status >= 300) return;
    const body = new Body(controller, this.#stallMs);
    this.#body = body;
    this.#answer.stream = body;
    this.#call.onCancel = (reason) => body.destroy(reason);
    this.#settled = true;
    this.#resolve(this.#answer);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body !== undefined) {
      this.#body.accept(chunk);
      return;
    }
    this.#refusalBytes += chunk.length;
    if (this.#refusalBytes <= maxRefusalBytes) return;
    this.onResponseEnd();
    controller.abort(new UpstreamFailure('dropped'));
  }

  onResponseEnd(): void {
    if (this.#body !== undefined) this.#body.push(null);
    if (this.#settle()) this.#resolve(this.#answer);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#body?.destroy(wireFailure(error).error);
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (!this.#settle()) return;
    this.#controller?.abort(new UpstreamFailure('dropped'));
    this.#reject(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#call.onCancel = undefined;
    return true;
  }
}

class Body extends Readable {
  readonly #controller: Dispatcher.DispatchController;
  readonly #stallTimer: NodeJS.Timeout;

  constructor(controller: Dispatcher.DispatchController, stallMs: number) {
    super();
    this.#controller = controller;
    this.#stallTimer = setTimeout(() => this.destroy(new GatewayError('UPSTREAM_TIMEOUT')), stallMs);
  }

  accept(chunk: Buffer): void {
    this.#stallTimer.refresh();
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
