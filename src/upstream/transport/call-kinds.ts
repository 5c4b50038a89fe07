/** The three kinds of calls: JSON, an upload with a JSON reply, and a streamed reply. */
import type { CancellableTask } from '../cancellation.ts';
import type { Part, UpstreamReply, UpstreamRequest } from '../request.ts';
import type { StreamedReply } from '../upstream.ts';
import type { FairSemaphore } from './admission/admission.ts';
import type { ClientServices } from './call-services.ts';
import { sendBuffered } from './http/buffered-request.ts';
import type { ConnectionPool, PooledConnection } from './http/connection-pool.ts';
import { acceptsJson, withHeaders } from './http/header-list.ts';
import { MultipartBody } from './http/multipart.ts';
import type { ResponseHandler, UpstreamResponse } from './http/response.ts';
import { type StreamedResponse, sendStreamed } from './http/streamed-request.ts';

export type Decode<Value> = (response: UpstreamReply) => Value;

/** A call as its kind sees it. */
export interface CallHandle<Sent extends UpstreamResponse> extends CancellableTask, ResponseHandler<Sent> {
  /** Bytes of an upload were sent: the timeout of the call restarts. */
  onProgress(): void;
  /** In place of `onError`: the request ended before it was complete, so the upstream does not execute it (RFC 9112 §8). */
  onIncomplete(error: unknown): void;
}

/** One kind of call: its request, its resources and the decoding of its response. */
export interface CallKind<Sent extends UpstreamResponse, Result> {
  readonly semaphore: FairSemaphore;
  /** Each permit of `semaphore` entitles to one connection. */
  readonly pool: ConnectionPool;
  /** Sends the request once. */
  send(call: CallHandle<Sent>, connection: PooledConnection): void;
  /** Whether the call may be retried after a transient failure. */
  mayRetry(): boolean;
  /** The result of a successful response. An error it throws fails the call. */
  read(response: Sent): Result;
  /** Keeps the permit and the connection until `release` is called, for a body that is streamed after the call has ended. */
  retain?(response: Sent, release: (isComplete: boolean) => void): void;
}

/** A request with or without a JSON body, and a JSON reply. */
export class JsonCall<Value> implements CallKind<UpstreamResponse, Value> {
  readonly #client: ClientServices;
  readonly #request: UpstreamRequest;
  readonly #decode: Decode<Value>;
  readonly #headers: readonly string[];

  constructor(client: ClientServices, request: UpstreamRequest, decode: Decode<Value>, headers: readonly string[]) {
    this.#client = client;
    this.#request = request;
    this.#decode = decode;
    this.#headers = headers;
  }

  get semaphore(): FairSemaphore {
    return this.#client.callSemaphore;
  }

  get pool(): ConnectionPool {
    return this.#client.callPool;
  }

  /** Serializes the body here, not earlier: each of many waiting calls would hold it. */
  send(call: CallHandle<UpstreamResponse>, connection: PooledConnection): void {
    const { method, path, json } = this.#request;
    const headers = this.#headers as string[]; // undici only reads it
    const body = json === undefined ? null : JSON.stringify(json);
    sendBuffered(connection, { method, path, headers, body }, this.#client.maxReplyBytes, call, call);
  }

  mayRetry(): boolean {
    return this.#request.repeatable === true;
  }

  read(response: UpstreamResponse): Value {
    response.parseEnvelope();
    return this.#decode(response);
  }
}

/** A multipart request with files and fields, and a JSON reply. */
export class UploadCall<Value> implements CallKind<UpstreamResponse, Value> {
  readonly semaphore;
  readonly pool;
  readonly #client: ClientServices;
  readonly #request: UpstreamRequest;
  readonly #decode: Decode<Value>;
  readonly #callerHeaders: readonly string[];
  readonly #parts: readonly Part[];
  #isConsumed = false;

  constructor(
    client: ClientServices,
    request: UpstreamRequest,
    decode: Decode<Value>,
    headers: readonly string[],
    parts: readonly Part[],
  ) {
    this.semaphore = client.fileSemaphore;
    this.pool = client.filePool;
    this.#client = client;
    this.#request = request;
    this.#decode = decode;
    this.#callerHeaders = headers;
    this.#parts = parts;
  }

  send(call: CallHandle<UpstreamResponse>, connection: PooledConnection): void {
    const { method, path } = this.#request;
    const body = new MultipartBody(this.#parts, () => call.onProgress());
    const headers = withHeaders(this.#callerHeaders, [...acceptsJson, 'content-type', body.contentType]);
    if (body.contentLength !== undefined) headers.push('content-length', String(body.contentLength));
    const finish = () => {
      this.#isConsumed = body.isConsumed;
      body.destroy();
    };
    const handler: ResponseHandler<UpstreamResponse> = {
      sent: () => call.sent(),
      onResponse: (response) => {
        finish();
        call.onResponse(response);
      },
      onError: (error) => {
        const fileError = body.fileErrorBehind(error);
        finish();
        if (fileError === undefined) call.onError(error);
        else call.onIncomplete(fileError);
      },
    };
    sendBuffered(connection, { method, path, headers, body }, this.#client.maxReplyBytes, call, handler);
  }

  mayRetry(): boolean {
    return this.#request.repeatable === true && !this.#isConsumed;
  }

  read(response: UpstreamResponse): Value {
    response.parseEnvelope();
    return this.#decode(response);
  }
}

/** A request without a body, and a streamed reply. */
export class StreamCall implements CallKind<StreamedResponse, StreamedReply> {
  readonly semaphore;
  readonly pool;
  readonly #client: ClientServices;
  readonly #options;

  constructor(client: ClientServices, { method, path }: UpstreamRequest, headers: readonly string[]) {
    this.semaphore = client.fileSemaphore;
    this.pool = client.filePool;
    this.#client = client;
    this.#options = { method, path, headers: headers as string[] }; // undici only reads it
  }

  send(call: CallHandle<StreamedResponse>, connection: PooledConnection): void {
    sendStreamed(connection, this.#options, this.#client.stallMs, call, call);
  }

  mayRetry(): boolean {
    return false;
  }

  read(response: StreamedResponse): StreamedReply {
    return { status: response.status, header: (name) => response.header(name), body: response.stream };
  }

  retain({ stream }: StreamedResponse, release: (isComplete: boolean) => void): void {
    // A response cut right after its headers may already be closed.
    if (stream.closed) release(stream.readableEnded);
    else stream.once('close', () => release(stream.readableEnded));
  }
}
