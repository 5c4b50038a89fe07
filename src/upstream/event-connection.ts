/** One connection to the event stream: opened, read frame by frame, ended once. Whoever opened it decides what comes next. */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { type buildConnector, Client, type Dispatcher } from 'undici';

/** Why a connection ended. `status` is set when there was an answer that is no stream. */
export interface ConnectionLoss {
  readonly reason: 'refused' | 'closed' | 'failed' | 'silent' | 'oversized' | 'unwanted';
  readonly status?: number | undefined;
  /** From `Retry-After`, bounded by the caller. */
  readonly retryAfterMs?: number | undefined;
}

export interface ConnectionListener {
  /** Must not throw. @param data One frame's data, whole. */
  onFrame(data: string): void;
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
  readonly silenceMs: number;
  /** Longest frame, and longest line, in characters. */
  readonly maxFrameLength: number;
}

/**
 * A connection in the making or open. Frames keep their order; `pause` holds them back here and stops reading from the
 * socket, so that the upstream feels it.
 */
export class EventConnection {
  readonly #options: ConnectionOptions;
  readonly #client: Client;
  readonly #listener: ConnectionListener;
  readonly #parser: EventSourceParser;
  // Holds back the bytes of a character that was cut by a chunk's end.
  readonly #decoder = new StringDecoder('utf8');
  readonly #held: string[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #isPaused = false;
  #isDelivering = false;
  #isEnded = false;
  #atStart = true;
  #afterCarriageReturn = false;
  #silenceMs: number;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#listener = listener;
    this.#parser = createParser({
      maxBufferSize: options.maxFrameLength,
      // Clients read unnamed frames only: one with an `event:` line other than message is dropped unread (EVENTS §1).
      onEvent: ({ event, data }) => {
        if (event === undefined || event === 'message') this.#held.push(data);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.#end({ reason: 'oversized' });
      },
    });
    // A client of its own: a stream occupies its socket for ever, so a pool would only be searched in vain.
    this.#client = new Client(options.origin, {
      connect: options.connector,
      headersTimeout: 0, // the watchdog below covers connecting, the head and the silence after it
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
    });
    this.#options = options;
    this.#silenceMs = options.silenceMs;
  }

  /** Dials. `onLoss` may be called before this returns. */
  open(): void {
    this.#watchdog = this.#startWatchdog(this.#options.openTimeoutMs);
    const headers = { ...this.#options.headers, accept: 'text/event-stream' };
    try {
      this.#client.dispatch({ path: '/v2/events', method: 'GET', headers }, this.#handler());
    } catch {
      this.#end({ reason: 'failed' }); // a header value that cannot be sent
    }
  }

  /** The upstream announced its own pace of heartbeats. */
  tolerateSilence(silenceMs: number): void {
    if (silenceMs === this.#silenceMs || this.#isEnded) return;
    this.#silenceMs = silenceMs;
    clearTimeout(this.#watchdog);
    if (!this.#isPaused) this.#watchdog = this.#startWatchdog(silenceMs);
  }

  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#watchdog); // nothing is read, so silence means nothing
  }

  resume(): void {
    if (!this.#isPaused || this.#isEnded) return;
    this.#isPaused = false;
    clearTimeout(this.#watchdog); // that of the opening, when it was paused before its head came
    this.#watchdog = this.#startWatchdog(this.#silenceMs);
    this.#deliver();
    if (!this.#isPaused) this.#controller?.resume();
  }

  /** Ends it from this side; `onLoss` is told too, with `reason`. */
  end(reason: 'closed' | 'unwanted'): void {
    this.#end({ reason });
  }

  #handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => {
        this.#controller = controller;
        if (this.#isEnded) controller.abort(new Error('ended before it began'));
      },
      onResponseStart: (_controller, status, headers) => {
        const loss = refusal(status, headers);
        if (loss !== undefined) return this.#end(loss);
        clearTimeout(this.#watchdog);
        if (!this.#isPaused) this.#watchdog = this.#startWatchdog(this.#silenceMs);
      },
      onResponseData: (controller, chunk) => {
        if (this.#isEnded) return;
        this.#feed(this.#decoder.write(chunk));
        this.#deliver();
        if (this.#isPaused) controller.pause();
      },
      onResponseEnd: () => this.#end({ reason: 'closed' }),
      onResponseError: () => this.#end({ reason: 'failed' }),
    };
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
    // The parser joins what it holds of a line to all it is given next: so it is given the line's end first.
    const lineEnd = rest.indexOf('\n') + 1;
    if (lineEnd > 0) this.#parser.feed(rest.slice(0, lineEnd));
    if (lineEnd < rest.length && !this.#isEnded) this.#parser.feed(rest.slice(lineEnd));
  }

  #deliver(): void {
    if (this.#isDelivering) return; // a listener that resumes from within onFrame: the loop below goes on by itself
    this.#isDelivering = true;
    let next = 0;
    for (; next < this.#held.length && !this.#isPaused && !this.#isEnded; next += 1) {
      this.#listener.onFrame(this.#held[next] as string); // within bounds by the loop's condition
    }
    this.#held.splice(0, next);
    this.#isDelivering = false;
    // Frames count as signs of life; comments and half frames do not (EVENTS §4.4).
    if (next > 0 && !this.#isPaused && !this.#isEnded) this.#watchdog?.refresh();
  }

  #startWatchdog(afterMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#end({ reason: 'silent' }), afterMs);
  }

  #end(loss: ConnectionLoss): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#watchdog);
    this.#held.length = 0;
    // Closes the socket at once; its own callback has nobody left to tell.
    this.#client.destroy(null, () => {});
    this.#listener.onLoss(loss);
  }
}

/** Undefined when the answer is a stream: 200 and text/event-stream, parameters tolerated. Redirects are not followed. */
function refusal(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ConnectionLoss | undefined {
  const contentType = String(headers['content-type'] ?? '');
  const isStream =
    /^text\/event-stream\s*(?:;|$)/i.test(contentType.trim()) &&
    (headers['content-encoding'] ?? 'identity') === 'identity';
  if (status === 200 && isStream) return undefined;
  return { reason: 'refused', status, retryAfterMs: retryAfterMs(headers['retry-after']) };
}

/** Seconds or a date (RFC 9110 §10.2.3); undefined when it is neither. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
