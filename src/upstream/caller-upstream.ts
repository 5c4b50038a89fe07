/** The calls of one caller: their headers, and the three ways a call goes over the wire. */
import { GatewayError } from '../errors.ts';
import type { Answer } from './answer.ts';
import { Call, type Way } from './call.ts';
import type { Caller, Client, OpenReply, Upstream } from './client.ts';
import { exchange } from './exchange.ts';
import { isSuccess } from './failure.ts';
import { MultipartBody, type Part } from './multipart.ts';
import { type OpenAnswer, openExchange } from './open-exchange.ts';
import type { UpstreamReply, UpstreamRequest } from './request.ts';

type Decode = (answer: UpstreamReply) => unknown;

export class CallerUpstream implements Upstream {
  readonly caller: Caller;
  readonly #client: Client;
  #headers: readonly string[] | undefined;
  #reading: string[] | undefined;
  #writing: string[] | undefined;

  constructor(client: Client, caller: Caller) {
    this.#client = client;
    this.caller = caller;
  }

  /** All calls with a whole reply pass here: the place to join identical reads of one credential, should it pay. */
  async call(request: UpstreamRequest, decode?: Decode): Promise<Answer> {
    const { parts } = request;
    const way = parts === undefined ? this.#plain(request, decode) : this.#upload(request, parts, decode);
    this.#client.began();
    try {
      return await new Call(this.#client.shared, this.caller, request, way).run();
    } finally {
      this.#client.ended();
    }
  }

  async read<Value>(request: UpstreamRequest, decode: (answer: UpstreamReply) => Value): Promise<Value> {
    const { value } = await this.call(request, decode);
    return value as Value; // what decode gave; see opened()
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
        send: (cancellation) => openExchange(client.files, options, client.stallMs, cancellation),
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

  #plain(request: UpstreamRequest, decode: Decode | undefined): Way<Answer> {
    const client = this.#client;
    const common = request.json === undefined ? this.#readHeaders() : this.#writeHeaders();
    const headers = request.headers === undefined ? common : [...common, ...request.headers];
    const options = {
      method: request.method,
      path: request.path,
      headers,
      body: request.json === undefined ? null : JSON.stringify(request.json),
    };
    return {
      lanes: client.callLanes,
      send: async (cancellation) =>
        opened(await exchange(client.calls, options, client.maxReplyBytes, cancellation), request, decode),
      mayRepeat: () => request.repeatable === true,
    };
  }

  #upload(request: UpstreamRequest, parts: readonly Part[], decode: Decode | undefined): Way<Answer> {
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
          return opened(await exchange(client.files, options, client.maxReplyBytes, cancellation), request, decode);
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

  #readHeaders(): string[] {
    this.#reading ??= [...this.#callerHeaders(), 'accept', 'application/json'];
    return this.#reading;
  }

  #writeHeaders(): string[] {
    this.#writing ??= [...this.#readHeaders(), 'content-type', 'application/json'];
    return this.#writing;
  }
}

/** Reads a success; a refusal is left as it is. */
function opened(answer: Answer, request: UpstreamRequest, decode: Decode | undefined): Answer {
  if (isSuccess(answer, request.acceptNotModified === true)) {
    answer.open();
    answer.value = decode?.(answer);
  }
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
