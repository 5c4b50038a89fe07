/** The calls of one caller: their headers, and the three ways a call goes over the wire. */
import { GatewayError } from '../../errors.ts';
import type { Caller, Client, OpenReply, Upstream } from '../client.ts';
import { promiseOf, type Told } from '../completion.ts';
import { headerValue, type Lookup, type LookupRequest, type UpstreamReply, type UpstreamRequest } from '../request.ts';
import type { Lanes } from './admission.ts';
import { exchange } from './buffered-request.ts';
import { Call, type CallOptions, type Receiver, type Way } from './call.ts';
import type { Connection, Connections } from './connection-pool.ts';
import { uncodedOnly } from './content-coding.ts';
import { type HeaderList, withHeaders } from './header-list.ts';
import { MultipartBody, type Part } from './multipart.ts';
import type { Answer } from './response.ts';
import { type OpenAnswer, openExchange } from './streamed-request.ts';

type Decode<Value> = (answer: UpstreamReply) => Value;

const mayBeAbsent = { mayBeAbsent: true } as const;
const acceptsJson: HeaderList = ['accept', 'application/json'];

export class CallerUpstream implements Upstream {
  readonly caller: Caller;
  readonly #client: Client;
  #headers: readonly string[] | undefined;
  #reading: readonly string[] | undefined;
  #writing: readonly string[] | undefined;
  #lastHeaders: { readonly common: object; readonly own: object; readonly all: readonly string[] } | undefined;

  constructor(client: Client, caller: Caller) {
    this.#client = client;
    this.caller = caller;
  }

  call(request: UpstreamRequest): Promise<UpstreamReply> {
    return this.read(request, asItCame);
  }

  /** All calls with a whole reply pass here: the place to join identical reads of one credential, should it pay. */
  read<Value>(request: UpstreamRequest, decode: Decode<Value>): Promise<Value> {
    return promiseOf((told) => this.#run(request, () => this.#wayOf(request, decode), told));
  }

  find<Value>(lookup: Lookup<Value>): Promise<Value | undefined> {
    return promiseOf((told) => this.seek(lookup, told));
  }

  seek<Value>({ request, decode }: Lookup<Value>, told: Told<Value | undefined>): void {
    if (canBeSent(request)) {
      this.#run<Answer, Value | undefined>(request, () => this.#wayOf(request, decode), told, mayBeAbsent);
    } else told.resolved(undefined);
  }

  open(request: UpstreamRequest): Promise<OpenReply> {
    const way = () => new OpenWay(this.#client, request, withOwnHeaders(this.#callerHeaders(), request));
    return promiseOf((told) => this.#run(request, way, told));
  }

  #run<Sent extends Answer, Result>(
    request: UpstreamRequest,
    wayOf: () => Way<Sent, Result>,
    told: Told<Result>,
    options?: CallOptions,
  ): void {
    let call: Call<Sent, Result>;
    try {
      const way = wayOf();
      this.#client.began();
      call = new Call(this.#client.shared, this.caller, request, way, told, options);
    } catch (error) {
      told.rejected(error);
      return;
    }
    call.run();
  }

  #wayOf<Value>(request: UpstreamRequest, decode: Decode<Value>): Way<Answer, Value> {
    const { parts } = request;
    if (parts !== undefined) {
      return new UploadWay(this.#client, request, decode, withOwnHeaders(this.#callerHeaders(), request), parts);
    }
    return new PlainWay(this.#client, request, decode, this.#plainHeaders(request));
  }

  /** Calls of one kind often follow one another: they share one list. */
  #plainHeaders(request: UpstreamRequest): readonly string[] {
    const common = request.json === undefined ? this.#readHeaders() : this.#writeHeaders();
    if (request.headers === undefined || request.organization !== undefined) return withOwnHeaders(common, request);
    const last = this.#lastHeaders;
    if (last?.common === common && last.own === request.headers) return last.all;
    const all = withOwnHeaders(common, request);
    this.#lastHeaders = { common, own: request.headers, all };
    return all;
  }

  /** @throws GatewayError `UNAUTHENTICATED` for a credential that cannot stand in a header. */
  #callerHeaders(): readonly string[] {
    this.#headers ??= callerHeaders(this.caller);
    return this.#headers;
  }

  #readHeaders(): readonly string[] {
    this.#reading ??= withHeaders(this.#callerHeaders(), acceptsJson);
    return this.#reading;
  }

  #writeHeaders(): readonly string[] {
    this.#writing ??= withHeaders(this.#readHeaders(), ['content-type', 'application/json']);
    return this.#writing;
  }
}

function canBeSent(request: LookupRequest): request is UpstreamRequest {
  return request.path !== undefined;
}

function asItCame(answer: UpstreamReply): UpstreamReply {
  return answer;
}

/** JSON or nothing there, JSON back. */
class PlainWay<Value> implements Way<Answer, Value> {
  readonly #client: Client;
  readonly #request: UpstreamRequest;
  readonly #decode: Decode<Value>;
  readonly #headers: readonly string[];

  constructor(client: Client, request: UpstreamRequest, decode: Decode<Value>, headers: readonly string[]) {
    this.#client = client;
    this.#request = request;
    this.#decode = decode;
    this.#headers = headers;
  }

  get lanes(): Lanes {
    return this.#client.callLanes;
  }

  get connections(): Connections {
    return this.#client.calls;
  }

  /** What undici wants is made now: most calls wait before they are sent, and many of them at once. */
  send(call: Call<Answer, Value>, connection: Connection): void {
    const { method, path, json } = this.#request;
    const headers = this.#headers as string[]; // undici only reads it
    const body = json === undefined ? null : JSON.stringify(json);
    exchange(connection, { method, path, headers, body }, this.#client.maxReplyBytes, call, call);
  }

  mayRepeat(): boolean {
    return this.#request.repeatable === true;
  }

  read(answer: Answer): Value {
    answer.open();
    return this.#decode(answer);
  }
}

/** A file and fields there, JSON back. */
class UploadWay<Value> implements Way<Answer, Value> {
  readonly lanes;
  readonly connections;
  readonly #client: Client;
  readonly #request: UpstreamRequest;
  readonly #decode: Decode<Value>;
  readonly #callerHeaders: readonly string[];
  readonly #parts: readonly Part[];
  #isConsumed = false;

  constructor(
    client: Client,
    request: UpstreamRequest,
    decode: Decode<Value>,
    headers: readonly string[],
    parts: readonly Part[],
  ) {
    this.lanes = client.fileLanes;
    this.connections = client.files;
    this.#client = client;
    this.#request = request;
    this.#decode = decode;
    this.#callerHeaders = headers;
    this.#parts = parts;
  }

  send(call: Call<Answer, Value>, connection: Connection): void {
    const { method, path } = this.#request;
    const body = new MultipartBody(this.#parts, () => call.progressed());
    const headers = withHeaders(this.#callerHeaders, [...acceptsJson, 'content-type', body.contentType]);
    if (body.contentLength !== undefined) headers.push('content-length', String(body.contentLength));
    const over = () => {
      this.#isConsumed = body.isConsumed;
      body.destroy();
    };
    const receiver: Receiver<Answer> = {
      sent: () => call.sent(),
      answered: (answer) => {
        over();
        call.answered(answer);
      },
      failed: (error) => {
        const failure = body.failureOf(error);
        over();
        call.failed(failure);
      },
    };
    exchange(connection, { method, path, headers, body }, this.#client.maxReplyBytes, call, receiver);
  }

  mayRepeat(): boolean {
    return this.#request.repeatable === true && !this.#isConsumed;
  }

  read(answer: Answer): Value {
    answer.open();
    return this.#decode(answer);
  }
}

/** Nothing there, a stream back. */
class OpenWay implements Way<OpenAnswer, OpenReply> {
  readonly lanes;
  readonly connections;
  readonly #client: Client;
  readonly #options;

  constructor(client: Client, { method, path }: UpstreamRequest, headers: readonly string[]) {
    this.lanes = client.fileLanes;
    this.connections = client.files;
    this.#client = client;
    this.#options = { method, path, headers: headers as string[] }; // undici only reads it
  }

  send(call: Call<OpenAnswer, OpenReply>, connection: Connection): void {
    openExchange(connection, this.#options, this.#client.stallMs, call, call);
  }

  mayRepeat(): boolean {
    return false;
  }

  read(answer: OpenAnswer): OpenReply {
    return { status: answer.status, header: (name) => answer.header(name), body: answer.stream };
  }

  hold({ stream }: OpenAnswer, release: (isWhole: boolean) => void): void {
    // Cut right after its headers, it may be closed before anybody could listen.
    if (stream.closed) release(stream.readableEnded);
    else stream.once('close', () => release(stream.readableEnded));
  }
}

/** @throws GatewayError `BAD_USER_INPUT` for an organization that cannot stand in a header. */
function withOwnHeaders(common: readonly string[], { headers, organization }: UpstreamRequest): readonly string[] {
  if (organization !== undefined) {
    const named = ['tt-x-organization-key', headerValue('organization', organization)];
    return withHeaders(common, headers === undefined ? named : [...headers, ...named]);
  }
  return headers === undefined ? common : withHeaders(common, headers);
}

const headerSafe = /^[\x20-\x7e]+$/;

function callerHeaders({ credential, requestId, traceparent }: Caller): readonly string[] {
  const headers = ['user-agent', 'tigerconnect-graphql', ...uncodedOnly];
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
