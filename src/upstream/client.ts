/** The client of the upstream's REST API: one per gateway, with one connection pool for calls and one for files. */
import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Answer } from './answer.ts';
import { Breaker } from './breaker.ts';
import { Call, type Shared, type Way } from './call.ts';
import { Departures } from './cancellation.ts';
import type { Credential } from './credential.ts';
import { exchange } from './exchange.ts';
import { upstreamStatus } from './failure.ts';
import { Lanes } from './lanes.ts';
import { MultipartBody, type Part } from './multipart.ts';
import { type OpenAnswer, openExchange } from './open-exchange.ts';
import type { UpstreamReply, UpstreamRequest } from './request.ts';
import { RetryBudget } from './retry.ts';
import { readTlsFiles } from './tls.ts';

/** Who asks, on behalf of which operation. */
export interface Caller {
  /** Undefined only for signing in. */
  readonly credential: Credential | undefined;
  /** Sent upstream as X-Request-ID. */
  readonly requestId: string;
  /** The client left: its calls end with the signal's reason and their sockets are freed within 100 ms. */
  readonly signal?: AbortSignal | undefined;
  /** `performance.now()` at which the whole operation ends. */
  readonly deadlineAt?: number | undefined;
  /** W3C trace context to continue upstream. */
  readonly traceparent?: string | undefined;
}

/** An answer whose body is streamed. */
export interface OpenReply {
  readonly status: number;
  /** @param name Lower case. */
  header(name: string): string | undefined;
  /** Destroying it frees the connection. It fails when no byte moves for 30 s. */
  readonly body: Readable;
}

/** Calls made for one caller. */
export interface Upstream {
  readonly caller: Caller;
  /**
   * One call, retries included.
   * @throws GatewayError with a code of the upstream table; the signal's reason when the client left.
   */
  call(request: UpstreamRequest): Promise<UpstreamReply>;
  /** One call whose answer is streamed; never retried. */
  open(request: UpstreamRequest): Promise<OpenReply>;
}

export interface UpstreamClient {
  /** Cheap: made anew for every operation. */
  for(caller: Caller): Upstream;
  /** Refuses new calls, lets those in flight end for at most `timeoutMs`, then closes the sockets. Idempotent. */
  close(): Promise<void>;
}

/** One request that was sent, or one call that was refused before anything was sent (`attempt` 0). */
export interface CallRecord {
  readonly operationId: string;
  /** `OK`, an error code of the table, or `ABORTED` when the client left. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
}

/** The settings the client goes by; `upstreamUrl` is the only origin a credential is ever sent to. */
export type UpstreamSettings = { readonly upstreamUrl: string } & Pick<
  Config,
  | 'upstreamTimeoutMs'
  | 'upstreamConnections'
  | 'upstreamConcurrencyPerCaller'
  | 'upstreamQueuePerCaller'
  | 'upstreamQueue'
  | 'upstreamTransfers'
  | 'upstreamMaxReplyBytes'
  | 'upstreamRetries'
  | 'upstreamBreakerFailures'
  | 'upstreamBreakerPauseMs'
  | 'upstreamCaFile'
  | 'upstreamCertFile'
  | 'upstreamKeyFile'
>;

export interface UpstreamClientOptions {
  readonly config: UpstreamSettings;
  readonly log: Log;
  /** Told of every request sent, and of every call refused before. Must not throw. */
  readonly onCall?: ((record: CallRecord) => void) | undefined;
}

/** Milliseconds without a byte after which a streamed file is given up, whichever side is slow. */
const stallMs = 30_000;

/** The upstream does not know this bulk endpoint (404, 405, 501): read one by one instead. */
export function isBulkUnsupported(error: unknown): boolean {
  const status = upstreamStatus(error);
  return status === 404 || status === 405 || status === 501;
}

/** @throws ConfigError when a TLS file cannot be read. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  return new Client(options);
}

class Client implements UpstreamClient {
  readonly shared: Shared;
  readonly calls: Dispatcher;
  readonly callLanes: Lanes;
  readonly files: Dispatcher;
  readonly fileLanes: Lanes;
  readonly maxReplyBytes: number;
  #active = 0;
  #closed: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor({ config, log, onCall }: UpstreamClientOptions) {
    const { upstreamUrl: origin, upstreamTimeoutMs: timeoutMs, upstreamTransfers: transfers } = config;
    const { upstreamQueue: queue, upstreamQueuePerCaller: queuePerCaller } = config;
    this.shared = {
      breaker: new Breaker({ failures: config.upstreamBreakerFailures, pauseMs: config.upstreamBreakerPauseMs }),
      retryBudget: new RetryBudget(),
      departures: new Departures(),
      timeoutMs,
      retries: config.upstreamRetries,
      log,
      onCall,
    };
    this.maxReplyBytes = config.upstreamMaxReplyBytes;
    // Deadlines are the calls' own: undici's timers are coarse and count each phase apart.
    const connect = { ...readTlsFiles(config), timeout: timeoutMs };
    const pool = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect };
    this.calls = new Pool(origin, { ...pool, connections: config.upstreamConnections });
    this.files = new Pool(origin, { ...pool, connections: transfers });
    this.callLanes = new Lanes({
      places: config.upstreamConnections,
      placesPerCaller: config.upstreamConcurrencyPerCaller,
      queue,
      queuePerCaller,
    });
    this.fileLanes = new Lanes({
      places: transfers,
      placesPerCaller: Math.max(1, Math.floor(transfers / 4)),
      queue,
      queuePerCaller,
    });
  }

  for(caller: Caller): Upstream {
    return new CallerUpstream(this, caller);
  }

  /** @throws GatewayError `SHUTTING_DOWN` after `close`. */
  began(): void {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    this.#active++;
  }

  ended(): void {
    this.#active--;
    if (this.#active === 0) this.#whenIdle?.();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#active > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.shared.timeoutMs);
        this.#whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const reason = new GatewayError('SHUTTING_DOWN');
    await Promise.all([this.calls.destroy(reason), this.files.destroy(reason)]);
  }
}

class CallerUpstream implements Upstream {
  readonly caller: Caller;
  readonly #client: Client;
  #headers: readonly string[] | undefined;

  constructor(client: Client, caller: Caller) {
    this.#client = client;
    this.caller = caller;
  }

  /** All calls with a whole reply pass here: the place to join identical reads of one credential, should it pay. */
  async call(request: UpstreamRequest): Promise<UpstreamReply> {
    const { parts } = request;
    const way = parts === undefined ? this.#plain(request) : this.#upload(request, parts);
    this.#client.began();
    try {
      return await new Call(this.#client.shared, this.caller, request, way).run();
    } finally {
      this.#client.ended();
    }
  }

  async open(request: UpstreamRequest): Promise<OpenReply> {
    const client = this.#client;
    const options = {
      method: request.method,
      path: request.path,
      headers: [...this.#callerHeaders(), ...(request.headers ?? [])],
    };
    let isHeld = false;
    client.began();
    try {
      const answer = await new Call<OpenAnswer>(client.shared, this.caller, request, {
        lanes: client.fileLanes,
        send: (cancellation) => openExchange(client.files, options, stallMs, cancellation),
        mayRepeat: () => false,
        hold: ({ stream }, release) => {
          const free = (): void => {
            release();
            client.ended();
          };
          isHeld = true;
          // Cut right after its headers, it may be closed before anybody could listen.
          if (stream.closed) free();
          else stream.once('close', free);
        },
      }).run();
      return { status: answer.status, header: (name) => answer.header(name), body: answer.stream };
    } finally {
      if (!isHeld) client.ended();
    }
  }

  #plain(request: UpstreamRequest): Way<Answer> {
    const client = this.#client;
    const headers = [...this.#callerHeaders(), 'accept', 'application/json'];
    if (request.json !== undefined) headers.push('content-type', 'application/json');
    if (request.headers !== undefined) headers.push(...request.headers);
    const options = {
      method: request.method,
      path: request.path,
      headers,
      body: request.json === undefined ? null : JSON.stringify(request.json),
    };
    return {
      lanes: client.callLanes,
      send: async (cancellation) => opened(await exchange(client.calls, options, client.maxReplyBytes, cancellation)),
      mayRepeat: () => request.repeatable === true,
    };
  }

  #upload(request: UpstreamRequest, parts: readonly Part[]): Way<Answer> {
    const client = this.#client;
    const callerHeaders = this.#callerHeaders();
    let isConsumed = false;
    return {
      lanes: client.fileLanes,
      send: async (cancellation) => {
        const body = new MultipartBody(parts, () => cancellation.onProgress?.());
        const headers = [...callerHeaders, 'accept', 'application/json', 'content-type', body.contentType];
        if (body.contentLength !== undefined) headers.push('content-length', String(body.contentLength));
        if (request.headers !== undefined) headers.push(...request.headers);
        const options = { method: request.method, path: request.path, headers, body: body.stream };
        try {
          return opened(await exchange(client.files, options, client.maxReplyBytes, cancellation));
        } catch (error) {
          throw body.sourceError ?? error;
        } finally {
          isConsumed = body.isConsumed;
          body.dispose();
        }
      },
      mayRepeat: () => request.repeatable === true && !isConsumed,
    };
  }

  /** @throws GatewayError `UNAUTHENTICATED` for a credential that cannot stand in a header. */
  #callerHeaders(): readonly string[] {
    this.#headers ??= callerHeaders(this.caller);
    return this.#headers;
  }
}

function opened(answer: Answer): Answer {
  if (answer.status < 300) answer.open();
  return answer;
}

const headerSafe = /^[\x20-\x7e]+$/;

function callerHeaders({ credential, requestId, traceparent }: Caller): readonly string[] {
  const headers = ['user-agent', 'tigerconnect-graphql'];
  if (credential !== undefined) {
    const { authorization, deviceId } = credential;
    if (!headerSafe.test(authorization)) throw new GatewayError('UNAUTHENTICATED');
    headers.push('authorization', authorization);
    if (deviceId !== undefined && headerSafe.test(deviceId)) headers.push('x-device-id', deviceId);
  }
  if (headerSafe.test(requestId)) headers.push('x-request-id', requestId);
  if (traceparent !== undefined && headerSafe.test(traceparent)) headers.push('traceparent', traceparent);
  return headers;
}
