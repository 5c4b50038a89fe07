/** The calls of one caller: chooses the kind of each call and builds its headers. */

import { GatewayError } from '../../errors.ts';
import { type Completion, toPromise } from '../completion.ts';
import {
  headerSafe,
  headerValue,
  type Lookup,
  type LookupRequest,
  type UpstreamReply,
  type UpstreamRequest,
} from '../request.ts';
import type { Caller, StreamedReply, Upstream } from '../upstream.ts';
import { Call } from './call.ts';
import { type CallKind, type Decode, JsonCall, StreamCall, UploadCall } from './call-kinds.ts';
import type { CallOptions, ClientServices } from './call-services.ts';
import { acceptsIdentity } from './http/content-coding.ts';
import { acceptsJson, type HeaderList, withHeaders } from './http/header-list.ts';
import type { UpstreamResponse } from './http/response.ts';

const mayBeAbsent = { mayBeAbsent: true } as const;

export class CallerClient implements Upstream {
  readonly caller: Caller;
  readonly #client: ClientServices;
  #headers: readonly string[] | undefined;
  #cachedReadHeaders: readonly string[] | undefined;
  #cachedWriteHeaders: readonly string[] | undefined;
  #lastHeaders: { readonly common: object; readonly own: object; readonly all: readonly string[] } | undefined;

  constructor(client: ClientServices, caller: Caller) {
    this.#client = client;
    this.caller = caller;
  }

  call(request: UpstreamRequest): Promise<UpstreamReply> {
    return this.read(request, identity);
  }

  /** All calls with a buffered reply go through here. */
  read<Value>(request: UpstreamRequest, decode: Decode<Value>): Promise<Value> {
    return toPromise((completion) => this.#run(request, () => this.#kindOf(request, decode), completion));
  }

  find<Value>(lookup: Lookup<Value>): Promise<Value | undefined> {
    return toPromise((completion) => this.findInto(lookup, completion));
  }

  findInto<Value>({ request, decode }: Lookup<Value>, completion: Completion<Value | undefined>): void {
    if (hasPath(request)) {
      this.#run<UpstreamResponse, Value | undefined>(
        request,
        () => this.#kindOf(request, decode),
        completion,
        mayBeAbsent,
      );
    } else completion.resolve(undefined);
  }

  open(request: UpstreamRequest): Promise<StreamedReply> {
    const kind = () => new StreamCall(this.#client, request, withRequestHeaders(this.#callerHeaders(), request));
    return toPromise((completion) => this.#run(request, kind, completion));
  }

  #run<Sent extends UpstreamResponse, Result>(
    request: UpstreamRequest,
    kindOf: () => CallKind<Sent, Result>,
    completion: Completion<Result>,
    options?: CallOptions,
  ): void {
    let call: Call<Sent, Result>;
    try {
      const kind = kindOf();
      this.#client.callStarted();
      call = new Call(this.#client.services, this.caller, request, kind, completion, options);
    } catch (error) {
      completion.reject(error);
      return;
    }
    call.run();
  }

  #kindOf<Value>(request: UpstreamRequest, decode: Decode<Value>): CallKind<UpstreamResponse, Value> {
    const { parts } = request;
    if (parts !== undefined) {
      return new UploadCall(this.#client, request, decode, withRequestHeaders(this.#callerHeaders(), request), parts);
    }
    return new JsonCall(this.#client, request, decode, this.#plainHeaders(request));
  }

  /** Reuses the previous list when consecutive calls have the same headers, as calls of one endpoint often do. */
  #plainHeaders(request: UpstreamRequest): readonly string[] {
    const common = request.json === undefined ? this.#readHeaders() : this.#writeHeaders();
    if (request.headers === undefined || request.organization !== undefined) return withRequestHeaders(common, request);
    const last = this.#lastHeaders;
    if (last?.common === common && last.own === request.headers) return last.all;
    const all = withRequestHeaders(common, request);
    this.#lastHeaders = { common, own: request.headers, all };
    return all;
  }

  /** @throws GatewayError `UNAUTHENTICATED` for a credential with characters that a header cannot contain. */
  #callerHeaders(): readonly string[] {
    this.#headers ??= callerHeaders(this.caller, []);
    return this.#headers;
  }

  #readHeaders(): readonly string[] {
    // Not from `#callerHeaders`, which would keep a second list: most operations only read.
    this.#cachedReadHeaders ??= callerHeaders(this.caller, acceptsJson);
    return this.#cachedReadHeaders;
  }

  #writeHeaders(): readonly string[] {
    this.#cachedWriteHeaders ??= [...this.#readHeaders(), 'content-type', 'application/json'];
    return this.#cachedWriteHeaders;
  }
}

function hasPath(request: LookupRequest): request is UpstreamRequest {
  return request.path !== undefined;
}

function identity(response: UpstreamReply): UpstreamReply {
  return response;
}

/** @throws GatewayError `BAD_USER_INPUT` for an organization key with characters that a header cannot contain. */
function withRequestHeaders(common: readonly string[], { headers, organization }: UpstreamRequest): readonly string[] {
  if (organization !== undefined) {
    const named = ['tt-x-organization-key', headerValue('organization', organization)];
    return withHeaders(common, headers === undefined ? named : [...headers, ...named]);
  }
  return headers === undefined ? common : withHeaders(common, headers);
}

/** @param last Headers after the caller's own. */
function callerHeaders({ credential, requestId, traceparent }: Caller, last: HeaderList): HeaderList {
  const headers = ['user-agent', 'tigerconnect-graphql', ...acceptsIdentity];
  if (credential !== undefined) {
    const { authorization, deviceId } = credential;
    if (!headerSafe.test(authorization)) throw new GatewayError('UNAUTHENTICATED');
    headers.push('authorization', authorization);
    if (deviceId !== undefined && headerSafe.test(deviceId)) headers.push('x-device-id', deviceId);
  }
  if (headerSafe.test(requestId)) headers.push('x-request-id', requestId);
  if (traceparent !== undefined && headerSafe.test(traceparent)) headers.push('traceparent', traceparent);
  headers.push(...last);
  return headers;
}
