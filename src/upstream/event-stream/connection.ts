/** One connection to the event stream: opened, read frame by frame, ended once. Reconnecting is the task of stream.ts. */
import type { Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { transportErrorCode } from '../transport/failure.ts';
import { PooledConnection } from '../transport/http/connection-pool.ts';
import type { Connector } from '../transport/http/connector.ts';
import { type ContentCoding, contentCodingOf, createDecompressor } from '../transport/http/content-coding.ts';
import { ErrorBody } from '../transport/http/error-body.ts';
import type { ResponseHeaders } from '../transport/http/header-list.ts';
import { isInterim } from '../transport/http/response.ts';
import { retryAfterMs } from '../transport/retry.ts';
import type { SkippedFrame } from './frame-limit.ts';
import { FrameParser } from './frame-parser.ts';

/** Maximum accepted heartbeat interval; longer announced intervals are shortened to it. */
const maxHeartbeatSeconds = 60;

/** Why a connection ended. `status` is set when the response was not an event stream. */
export interface ConnectionLoss {
  readonly reason: 'rejected' | 'closed' | 'failed' | 'idle-timeout' | 'replaced';
  readonly status?: number | undefined;
  /** Code of the connection's error, such as ECONNREFUSED, for the reason `failed`. */
  readonly errorCode?: string | undefined;
  /** The upstream itself rejected the credential: 401 or 403 with its own error envelope. Any other loss is an outage. */
  readonly isCredentialRejected?: boolean | undefined;
  /** From `Retry-After`; not bounded here. */
  readonly retryAfterMs?: number | undefined;
}

export interface ConnectionListener {
  /** Must not throw. @param data Complete data of one frame. */
  onFrame(data: string): void;
  /** A frame over the length limit was skipped; called in stream order. Must not throw. */
  onSkipped(frame: SkippedFrame): void;
  /** Called once, as the last call. */
  onLoss(loss: ConnectionLoss): void;
}

export interface ConnectionOptions {
  readonly origin: string;
  /** One connector for all streams, so that they share TLS sessions. */
  readonly connector: Connector;
  /** Path of the stream; default: `/v2/events`. */
  readonly path?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Maximum wait for the response headers. */
  readonly openTimeoutMs: number;
  /** Maximum time without a frame after the headers. */
  readonly idleTimeoutMs: number;
  /** Maximum frame length in characters; a longer frame is skipped. */
  readonly maxFrameLength: number;
}

/**
 * A connection that is opening or open. Frames keep their order. `pause` holds back parsed frames and stops reading from the
 * socket, so that backpressure reaches the upstream.
 */
export class EventConnection implements Dispatcher.DispatchHandler {
  readonly #options: ConnectionOptions;
  readonly #connection: PooledConnection;
  readonly #listener: ConnectionListener;
  readonly #parser: FrameParser;
  readonly #pendingFrames: (string | SkippedFrame)[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  /** Decompresses a stream that is compressed although `identity` was requested. */
  #decompressor: Transform | undefined;
  /** Collects the body of a 401 or 403, which decides whether the upstream rejected the credential. */
  #rejection:
    | { readonly body: ErrorBody; readonly loss: ConnectionLoss; readonly headers: ResponseHeaders }
    | undefined;
  #isPaused = false;
  #isDelivering = false;
  #isEnded = false;
  #idleTimeoutMs: number;
  #watchdog: NodeJS.Timeout | undefined;
  /** The watchdog has fired; data that arrived while the event loop was blocked is still to be read. */
  #isOverdue = false;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#listener = listener;
    this.#parser = new FrameParser(options.maxFrameLength, (frame) => this.#pendingFrames.push(frame));
    // Not from the pool: a stream occupies its connection until it ends, so every search of the pool would pass over it.
    // The watchdog below covers connecting, the headers and silence after them.
    this.#connection = new PooledConnection(options.origin, options.connector, { maxHeaderSize: 16_384 });
    this.#options = options;
    this.#idleTimeoutMs = options.idleTimeoutMs;
  }

  /** Connects and sends the request. `onLoss` may be called before this returns. */
  open(): void {
    this.#startWatchdog(this.#options.openTimeoutMs);
    const headers = { ...this.#options.headers, accept: 'text/event-stream', 'accept-encoding': 'identity' };
    try {
      this.#connection.dispatch({ path: this.#options.path ?? '/v2/events', method: 'GET', headers }, this);
    } catch {
      this.#end({ reason: 'failed' }); // invalid header value
    }
  }

  /**
   * The upstream announced its heartbeat interval. The idle timeout becomes two intervals plus 2 s if that is longer; the
   * official client allows 12 s for an interval of 5 s (EVENTS §4).
   */
  setHeartbeatInterval(everySeconds: number): void {
    const intervalMs = Math.min(Math.max(everySeconds, 0), maxHeartbeatSeconds) * 1000;
    const idleTimeoutMs = Math.max(this.#options.idleTimeoutMs, 2 * intervalMs + 2_000);
    if (idleTimeoutMs === this.#idleTimeoutMs || this.#isEnded) return;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#stopWatchdog();
    if (!this.#isPaused) this.#startWatchdog(idleTimeoutMs);
  }

  pause(): void {
    this.#isPaused = true;
    this.#decompressor?.pause();
    this.#stopWatchdog(); // nothing is read, so silence does not indicate a loss
  }

  resume(): void {
    if (!this.#isPaused || this.#isEnded) return;
    this.#isPaused = false;
    this.#stopWatchdog(); // the open timeout, if the pause began before the headers arrived
    this.#startWatchdog(this.#idleTimeoutMs);
    this.#deliver();
    if (this.#isPaused) return;
    if (this.#decompressor === undefined) this.#controller?.resume();
    else this.#decompressor.resume();
  }

  /** Ends the connection from this side and calls `onLoss` with `reason`. */
  end(reason: 'closed' | 'replaced'): void {
    this.#end({ reason });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isEnded) controller.abort(new Error('connection ended before the request started'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (isInterim(status)) return;
    this.#handleHeaders(status, headers);
    // undici keeps them, with their receive buffer, as long as the response lasts.
    controller.rawHeaders = null;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isEnded) return;
    if (this.#rejection !== undefined) {
      if (!this.#rejection.body.add(chunk)) this.#end(this.#rejection.loss);
      return;
    }
    if (this.#decompressor !== undefined) {
      if (!this.#decompressor.write(chunk)) controller.pause(); // resumed on drain
      return;
    }
    this.#read(chunk);
    if (this.#isPaused) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#rejection !== undefined) this.#classifyRejection(this.#rejection);
    else if (this.#decompressor !== undefined) this.#decompressor.end();
    else this.#end({ reason: 'closed' });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end({ reason: 'failed', errorCode: transportErrorCode(error) });
  }

  /** Handles the response headers. The open timeout also covers the body of a 401 or 403. */
  #handleHeaders(status: number, headers: ResponseHeaders): void {
    const loss = rejectionLoss(status, headers);
    if (loss !== undefined) {
      if (status === 401 || status === 403) this.#rejection = { body: new ErrorBody(), loss, headers };
      else this.#end(loss);
      return;
    }
    const coding = contentCodingOf(headers); // a throw ends the request with the reason `failed`
    if (coding !== undefined) this.#decompressor = this.#createDecompressor(coding);
    this.#stopWatchdog();
    if (!this.#isPaused) this.#startWatchdog(this.#idleTimeoutMs);
  }

  #classifyRejection({
    body,
    loss,
    headers,
  }: {
    body: ErrorBody;
    loss: ConnectionLoss;
    headers: ResponseHeaders;
  }): void {
    body.classify(headers, (isCredentialRejected) => this.#end({ ...loss, isCredentialRejected }));
  }

  /** Buffers at most a few chunks: `pause` stops its output, and its backpressure stops the socket. */
  #createDecompressor(coding: ContentCoding): Transform {
    const decompressor = createDecompressor(coding);
    decompressor.on('data', (chunk: Buffer) => {
      if (!this.#isEnded) this.#read(chunk);
    });
    decompressor.on('drain', () => this.#controller?.resume());
    decompressor.on('end', () => this.#end({ reason: 'closed' }));
    decompressor.on('error', () => this.#end({ reason: 'failed' }));
    if (this.#isPaused) decompressor.pause();
    return decompressor;
  }

  #read(chunk: Buffer): void {
    this.#parser.write(chunk);
    this.#deliver();
  }

  #deliver(): void {
    if (this.#isDelivering) return; // resumed from within onFrame: the running loop continues
    this.#isDelivering = true;
    let next = 0;
    for (; next < this.#pendingFrames.length && !this.#isPaused && !this.#isEnded; next += 1) {
      const item = this.#pendingFrames[next];
      if (typeof item === 'string') this.#listener.onFrame(item);
      else if (item !== undefined) this.#listener.onSkipped(item);
    }
    this.#pendingFrames.splice(0, next);
    this.#isDelivering = false;
    // Complete frames restart the watchdog; comments and partial frames do not (EVENTS §4.4).
    if (next === 0 || this.#isPaused || this.#isEnded) return;
    this.#isOverdue = false;
    this.#watchdog?.refresh();
  }

  #startWatchdog(afterMs: number): void {
    this.#watchdog = setTimeout(() => {
      this.#isOverdue = true;
      // After the reads of the turn: in a turn of the event loop, timers come before them.
      setImmediate(() => {
        if (this.#isOverdue) this.#end({ reason: 'idle-timeout' });
      });
    }, afterMs);
  }

  #stopWatchdog(): void {
    clearTimeout(this.#watchdog);
    this.#isOverdue = false;
  }

  #end(loss: ConnectionLoss): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stopWatchdog();
    this.#pendingFrames.length = 0;
    this.#decompressor?.destroy();
    void this.#connection.destroy(null); // never rejects
    this.#listener.onLoss(loss);
  }
}

/** Undefined when the response is a stream: 200 with text/event-stream and any parameters. Redirects are not followed. */
function rejectionLoss(status: number, headers: ResponseHeaders): ConnectionLoss | undefined {
  const contentType = String(headers['content-type'] ?? '');
  if (status === 200 && /^text\/event-stream\s*(?:;|$)/i.test(contentType.trim())) return undefined;
  const header = headers['retry-after'];
  const waitMs = retryAfterMs(typeof header === 'string' ? header : undefined, Date.now());
  return { reason: 'rejected', status, retryAfterMs: waitMs };
}
