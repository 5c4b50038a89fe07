import type { Readable } from 'node:stream';
import type { BrowserSession } from '../domain/session.ts';
import type { GatewayError } from '../errors.ts';
import type { CancellationSource } from './cancellation.ts';
import type { Completion } from './completion.ts';
import type { Credential } from './credential.ts';
import type { Lookup, UpstreamReply, UpstreamRequest } from './request.ts';
import type { CredentialStanding } from './transport/breaker/credential-standing.ts';
import type { WriteLog } from './transport/write-log.ts';

/** The contract of the upstream client: callers, calls and replies. `client.ts` implements it. */

/** The origin of upstream calls: credential, request id, deadline and cancellation of one operation. */
export interface Caller {
  /** Undefined for signing in, and when the client sent none or an invalid one. */
  readonly credential: Credential | undefined;
  /** Why the credential the client sent is invalid; undefined when it is valid or absent. */
  readonly credentialError?: GatewayError | undefined;
  /** End of the credential in milliseconds since the epoch, at which subscriptions end; undefined when the upstream alone decides. */
  readonly expiresAt?: number | undefined;
  /** The session of the client's browser; undefined when the gateway offers none. */
  readonly session?: BrowserSession | undefined;
  /** Key that limits per caller count by, where the credential is not sent; that of the credential when left out. */
  readonly countedFor?: string | undefined;
  /** Sent upstream as X-Request-ID. */
  readonly requestId: string;
  /** Group in which limits count the client's address; undefined for calls the gateway makes by itself. */
  readonly address?: string | undefined;
  /** Cancelled when the client disconnects: its calls fail with the reason, and their sockets are free within 100 ms. */
  readonly cancellation?: CancellationSource | undefined;
  /** Deadline of the whole operation, in `performance.now()` milliseconds. */
  readonly deadlineAt?: number | undefined;
  /** Set for mutations: records the writes that may have taken effect. */
  readonly writes?: WriteLog | undefined;
  /** W3C trace context to continue upstream. */
  readonly traceparent?: string | undefined;
  /** Counts the requests sent for this caller. */
  readonly usage?: { upstreamCalls: number } | undefined;
}

/** A response with a streamed body. */
export interface StreamedReply {
  readonly status: number;
  /** @param name Lower case. */
  header(name: string): string | undefined;
  /** Destroying it frees the connection. It fails when no byte moves for `upstreamStallMs`. */
  readonly body: Readable;
}

/** Upstream calls of one caller. */
export interface Upstream {
  readonly caller: Caller;
  /**
   * Makes one call, including retries.
   * @throws GatewayError with an upstream error code, or the reason of the client's cancellation.
   */
  call(request: UpstreamRequest): Promise<UpstreamReply>;
  /** Like `call`, and decodes the reply. An error thrown by `decode` fails the call and is logged and counted. */
  read<Value>(request: UpstreamRequest, decode: (response: UpstreamReply) => Value): Promise<Value>;
  /** Like `read`, for a lookup. Undefined when the entity does not exist or is not visible to this caller. */
  find<Value>(lookup: Lookup<Value>): Promise<Value | undefined>;
  /** Like `find`, with completion callbacks, which may run before this returns. */
  findInto<Value>(lookup: Lookup<Value>, completion: Completion<Value | undefined>): void;
  /** Makes one call with a streamed response. Never retried. */
  open(request: UpstreamRequest): Promise<StreamedReply>;
}

export interface UpstreamClient {
  /** The calls of one caller. Cheap: create one for each operation. */
  for(caller: Caller): Upstream;
  /** False while the circuit breaker rejects the calls of all callers; true as soon as it would admit a trial call. */
  readonly isAvailable: boolean;
  /** True from when the circuit breaker of the whole upstream opens until a trial has succeeded. */
  readonly isCircuitOpen: boolean;
  readonly load: UpstreamLoad;
  /** Credentials the upstream recently accepted or rejected. */
  readonly standing: CredentialStanding;
  /**
   * Rejects new calls, waits for those in flight, then closes the sockets. Calls still in flight after `timeoutMs` (default:
   * the timeout of a call) fail with `SHUTTING_DOWN`. A second call can only shorten the wait.
   */
  close(timeoutMs?: number): Promise<void>;
}

/** One request that was sent, or one call that failed before a request was sent (`attempt` 0). */
export interface CallRecord {
  readonly operationId: string;
  /** `OK`, an error code, or `ABORTED` when the client disconnected. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
  /** Number of keys in a bulk call. */
  readonly batchSize?: number | undefined;
}

/** Number of calls at this moment. */
export interface UpstreamLoad {
  /** Calls that hold a permit. */
  readonly running: number;
  /** Calls that wait for a permit. */
  readonly waiting: number;
}
