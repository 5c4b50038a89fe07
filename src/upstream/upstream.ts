import type { Readable } from 'node:stream';
import type { GatewayError } from '../errors.ts';
import type { CancellationSource } from './cancellation.ts';
import type { Completion } from './completion.ts';
import type { Credential } from './credential.ts';
import type { Lookup, UpstreamReply, UpstreamRequest } from './request.ts';
import type { CredentialStanding } from './transport/credential-standing.ts';
import type { WriteLog } from './transport/write-log.ts';

/** The contract of the upstream client: callers, calls and replies. `client.ts` implements it. */

/** Who asks, on behalf of which operation. */
export interface Caller {
  /** Undefined only for signing in, and where what was sent is none. */
  readonly credential: Credential | undefined;
  /** Why what was sent is no credential; undefined when it is one, or nothing was sent. */
  readonly credentialError?: GatewayError | undefined;
  /** Sent upstream as X-Request-ID. */
  readonly requestId: string;
  /** Where its connection comes from; undefined for what the gateway does by itself. */
  readonly address?: string | undefined;
  /** When the client leaves, its calls end with the reason it left with, and their sockets are freed within 100 ms. */
  readonly cancellation?: CancellationSource | undefined;
  /** `performance.now()` at which the whole operation ends. */
  readonly deadlineAt?: number | undefined;
  /** Of a mutation: what it may have changed. */
  readonly writes?: WriteLog | undefined;
  /** W3C trace context to continue upstream. */
  readonly traceparent?: string | undefined;
  /** Counts the requests sent for it. */
  readonly usage?: { upstreamCalls: number } | undefined;
}

/** An answer whose body is streamed. */
export interface StreamedReply {
  readonly status: number;
  /** @param name Lower case. */
  header(name: string): string | undefined;
  /** Destroying it frees the connection. It fails when no byte moves for `upstreamStallMs`. */
  readonly body: Readable;
}

/** Calls made for one caller. */
export interface Upstream {
  readonly caller: Caller;
  /**
   * One call, retries included.
   * @throws GatewayError with a code of the upstream table; the reason the client left with.
   */
  call(request: UpstreamRequest): Promise<UpstreamReply>;
  /** The same, as what `decode` makes of the reply; what it throws is the call's failure, logged and counted as such. */
  read<Value>(request: UpstreamRequest, decode: (response: UpstreamReply) => Value): Promise<Value>;
  /** The same for a lookup: undefined where the upstream has nothing, or nothing for this caller to see. */
  find<Value>(lookup: Lookup<Value>): Promise<Value | undefined>;
  /** The same, told instead of promised; it may be told before this returns. */
  findInto<Value>(lookup: Lookup<Value>, completion: Completion<Value | undefined>): void;
  /** One call whose answer is streamed; never retried. */
  open(request: UpstreamRequest): Promise<StreamedReply>;
}

export interface UpstreamClient {
  /** Cheap: made anew for every operation. */
  for(caller: Caller): Upstream;
  /** False while the circuit breaker refuses the calls of all callers; true again as soon as it would let one try. */
  readonly isAvailable: boolean;
  /** True from when the circuit breaker of the whole upstream opens until a trial has succeeded. */
  readonly isCircuitOpen: boolean;
  readonly load: UpstreamLoad;
  /** What the upstream thinks of credentials. */
  readonly standing: CredentialStanding;
  /**
   * Refuses new calls, lets those in flight end, then closes the sockets: what is still in flight after `timeoutMs`, by
   * default the deadline of a call, fails with `SHUTTING_DOWN`. A second call may only shorten the wait.
   */
  close(timeoutMs?: number): Promise<void>;
}

/** One request that was sent, or one call that was refused before anything was sent (`attempt` 0). */
export interface CallRecord {
  readonly operationId: string;
  /** `OK`, an error code of the table, or `ABORTED` when the client left. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
  /** Keys a bulk call asked for. */
  readonly batchSize?: number | undefined;
}

/** What is going on at the moment. */
export interface UpstreamLoad {
  /** Calls that hold a place. */
  readonly running: number;
  /** Calls that wait for one. */
  readonly waiting: number;
}
