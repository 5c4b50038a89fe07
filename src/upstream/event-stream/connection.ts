/** One connection to the event stream: opened, read frame by frame, ended once. Whoever opened it decides what comes next. */
import type { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { buildConnector, Dispatcher } from 'undici';
import { isInterim } from '../transport/buffered-request.ts';
import { PooledConnection } from '../transport/connection-pool.ts';
import { type Coding, codingOf, undoing } from '../transport/content-coding.ts';
import { ErrorBody } from '../transport/error-body.ts';
import type { ResponseHeaders } from '../transport/header-list.ts';
import { retryAfterMs } from '../transport/retry.ts';
import { FrameGate, type SkippedFrame } from './frame-limit.ts';

/** Why a connection ended. `status` is set when there was an answer that is no stream. */
export interface ConnectionLoss {
  readonly reason: 'rejected' | 'closed' | 'failed' | 'idle-timeout' | 'replaced';
  readonly status?: number | undefined;
  /** The upstream itself refused the credential: its own envelope with 401 or 403. Anything else is an outage. */
  readonly isRefusal?: boolean | undefined;
  /** From `Retry-After`, bounded by the caller. */
  readonly retryAfterMs?: number | undefined;
}

export interface ConnectionListener {
  /** Must not throw. @param data One frame's data, whole. */
  onFrame(data: string): void;
  /** A frame over the bound was skipped, in its place among the others. Must not throw. */
  onSkipped(frame: SkippedFrame): void;
  /** Called once, and last. */
  onLoss(loss: ConnectionLoss): void;
}

export interface ConnectionOptions {
  readonly origin: string;
  /** One connector for all streams, so that they share TLS sessions. */
  readonly connector: buildConnector.connector;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest wait for the answer's head. */
  readonly openTimeoutMs: number;
  /** Longest time without a frame after the head. */
  readonly idleTimeoutMs: number;
  /** Longest frame, in characters; a longer one is skipped to its end. */
  readonly maxFrameLength: number;
}

/**
 * A connection in the making or open. Frames keep their order; `pause` holds them back here and stops reading from the
 * socket, so that the upstream feels it.
 */
export class EventConnection {
  readonly #options: ConnectionOptions;
  readonly #connection: PooledConnection;
  readonly #listener: ConnectionListener;
  readonly #parser: EventSourceParser;
  readonly #gate: FrameGate;
  // Holds back the bytes of a character that was cut by a chunk's end.
  readonly #decoder = new StringDecoder('utf8');
  readonly #pendingFrames: (string | SkippedFrame)[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  /** Undoes the coding of a stream that was coded against our wish. */
  #undo: Transform | undefined;
  /** Collects the answer when it is no stream and may refuse the credential. */
  #refusal: { readonly body: ErrorBody; readonly loss: ConnectionLoss; readonly headers: ResponseHeaders } | undefined;
  #isPaused = false;
  #isDelivering = false;
  #isEnded = false;
  #atStart = true;
  #afterCarriageReturn = false;
  #idleTimeoutMs: number;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#listener = listener;
    this.#parser = createParser({
      // Clients read unnamed frames only: one with an `event:` line other than message is dropped unread (EVENTS §1).
      onEvent: ({ event, data }) => {
        if (event === undefined || event === 'message') this.#pendingFrames.push(data);
      },
    });
    this.#gate = new FrameGate({
      maxFrameLength: options.maxFrameLength,
      pass: (text) => this.#parse(text),
      drop: () => this.#parser.reset(),
      onSkipped: (frame) => this.#pendingFrames.push(frame),
    });
    // One of its own: a stream occupies its socket for ever, so a pool would only be searched in vain.
    // The watchdog below covers connecting, the head and the silence after it.
    this.#connection = new PooledConnection(options.origin, options.connector, { maxHeaderSize: 16_384 });
    this.#options = options;
    this.#idleTimeoutMs = options.idleTimeoutMs;
  }

  /** Dials. `onLoss` may be called before this returns. */
  open(): void {
    this.#watchdog = this.#startWatchdog(this.#options.openTimeoutMs);
    const headers = { ...this.#options.headers, accept: 'text/event-stream', 'accept-encoding': 'identity' };
    try {
      this.#connection.dispatch({ path: '/v2/events', method: 'GET', headers }, this.#handler());
    } catch {
      this.#end({ reason: 'failed' }); // a header value that cannot be sent
    }
  }

  /** The upstream announced its own pace of heartbeats. */
  setIdleTimeout(idleTimeoutMs: number): void {
    if (idleTimeoutMs === this.#idleTimeoutMs || this.#isEnded) return;
    this.#idleTimeoutMs = idleTimeoutMs;
    clearTimeout(this.#watchdog);
    if (!this.#isPaused) this.#watchdog = this.#startWatchdog(idleTimeoutMs);
  }

  pause(): void {
    this.#isPaused = true;
    this.#undo?.pause();
    clearTimeout(this.#watchdog); // nothing is read, so silence means nothing
  }

  resume(): void {
    if (!this.#isPaused || this.#isEnded) return;
    this.#isPaused = false;
    clearTimeout(this.#watchdog); // that of the opening, when it was paused before its head came
    this.#watchdog = this.#startWatchdog(this.#idleTimeoutMs);
    this.#deliver();
    if (this.#isPaused) return;
    if (this.#undo === undefined) this.#controller?.resume();
    else this.#undo.resume();
  }

  /** Ends it from this side; `onLoss` is told too, with `reason`. */
  end(reason: 'closed' | 'replaced'): void {
    this.#end({ reason });
  }

  #handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => {
        this.#controller = controller;
        if (this.#isEnded) controller.abort(new Error('ended before it began'));
      },
      onResponseStart: (_controller, status, headers) => {
        if (!isInterim(status)) this.#start(status, headers);
      },
      onResponseData: (controller, chunk) => {
        if (this.#isEnded) return;
        if (this.#refusal !== undefined) {
          if (!this.#refusal.body.add(chunk)) this.#end(this.#refusal.loss);
          return;
        }
        if (this.#undo !== undefined) {
          if (!this.#undo.write(chunk)) controller.pause(); // until it drains
          return;
        }
        this.#read(chunk);
        if (this.#isPaused) controller.pause();
      },
      onResponseEnd: () => {
        if (this.#refusal !== undefined) this.#judge(this.#refusal);
        else if (this.#undo !== undefined) this.#undo.end();
        else this.#end({ reason: 'closed' });
      },
      onResponseError: () => this.#end({ reason: 'failed' }),
    };
  }

  /** The answer's head is there. The wait for it goes on for the body of what may be a refusal. */
  #start(status: number, headers: ResponseHeaders): void {
    const loss = noStream(status, headers);
    if (loss !== undefined) {
      if (status === 401 || status === 403) this.#refusal = { body: new ErrorBody(), loss, headers };
      else this.#end(loss);
      return;
    }
    const coding = codingOf(headers); // a throw ends the exchange, and is a failure as any other
    if (coding !== undefined) this.#undo = this.#undoing(coding);
    clearTimeout(this.#watchdog);
    if (!this.#isPaused) this.#watchdog = this.#startWatchdog(this.#idleTimeoutMs);
  }

  #judge({ body, loss, headers }: { body: ErrorBody; loss: ConnectionLoss; headers: ResponseHeaders }): void {
    body.judge(headers, (isRefusal) => this.#end({ ...loss, isRefusal }));
  }

  /** Holds at most a few chunks: `pause` stops it, and it stops the socket. */
  #undoing(coding: Coding): Transform {
    const undo = undoing(coding);
    undo.on('data', (chunk: Buffer) => {
      if (!this.#isEnded) this.#read(chunk);
    });
    undo.on('drain', () => this.#controller?.resume());
    undo.on('end', () => this.#end({ reason: 'closed' }));
    undo.on('error', () => this.#end({ reason: 'failed' }));
    if (this.#isPaused) undo.pause();
    return undo;
  }

  #read(chunk: Buffer): void {
    this.#feed(this.#decoder.write(chunk));
    this.#deliver();
  }

  /** The parser waits at a lone CR for what follows; told LF instead, it gives the frame out at once. */
  #feed(text: string): void {
    if (text === '') return;
    let rest = text;
    if (this.#atStart) {
      this.#atStart = false;
      if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
    }
    if (this.#afterCarriageReturn && rest.startsWith('\n')) rest = rest.slice(1);
    this.#afterCarriageReturn = text.endsWith('\r');
    if (rest.includes('\r')) rest = rest.replaceAll(/\r\n?/g, '\n');
    this.#gate.feed(rest);
  }

  /** The parser joins what it holds of a line to all it is given next: so it is given the line's end first. */
  #parse(text: string): void {
    const lineEnd = text.indexOf('\n') + 1;
    if (lineEnd > 0) this.#parser.feed(text.slice(0, lineEnd));
    if (lineEnd < text.length) this.#parser.feed(text.slice(lineEnd));
  }

  #deliver(): void {
    if (this.#isDelivering) return; // a listener that resumes from within onFrame: the loop below goes on by itself
    this.#isDelivering = true;
    let next = 0;
    for (; next < this.#pendingFrames.length && !this.#isPaused && !this.#isEnded; next += 1) {
      const item = this.#pendingFrames[next];
      if (typeof item === 'string') this.#listener.onFrame(item);
      else if (item !== undefined) this.#listener.onSkipped(item);
    }
    this.#pendingFrames.splice(0, next);
    this.#isDelivering = false;
    // Frames count as signs of life; comments and half frames do not (EVENTS §4.4).
    if (next > 0 && !this.#isPaused && !this.#isEnded) this.#watchdog?.refresh();
  }

  #startWatchdog(afterMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#end({ reason: 'idle-timeout' }), afterMs);
  }

  #end(loss: ConnectionLoss): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#watchdog);
    this.#pendingFrames.length = 0;
    this.#undo?.destroy();
    void this.#connection.destroy(null); // never rejects
    this.#listener.onLoss(loss);
  }
}

/** Undefined when the answer is a stream: 200 and text/event-stream, parameters tolerated. Redirects are not followed. */
function noStream(status: number, headers: ResponseHeaders): ConnectionLoss | undefined {
  const contentType = String(headers['content-type'] ?? '');
  if (status === 200 && /^text\/event-stream\s*(?:;|$)/i.test(contentType.trim())) return undefined;
  const header = headers['retry-after'];
  const waitMs = retryAfterMs(typeof header === 'string' ? header : undefined, Date.now());
  return { reason: 'rejected', status, retryAfterMs: waitMs };
}
