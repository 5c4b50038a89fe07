/** Calls to the upstream. */
import type { Readable } from 'node:stream';
import type { Log } from '../log.ts';
import type { Credential } from './credential.ts';
import { upstreamStatus } from './failure.ts';
import type { UpstreamReply, UpstreamRequest } from './request.ts';

/** Who asks, on behalf of which operation. */
export interface Caller {
  /** Undefined only for signing in. */
  readonly credential: Credential | undefined;
  /** Sent upstream as X-Request-ID. */
  readonly requestId: string;
  /** The client left: its calls are aborted and their sockets released within 100 ms. */
  readonly signal?: AbortSignal | undefined;
  /** `performance.now()` at which the whole operation ends. */
  readonly deadlineAt?: number | undefined;
  readonly traceparent?: string | undefined;
}

/** An answer whose body is streamed. */
export interface OpenReply {
  readonly status: number;
  /** @param name Lower case. */
  header(name: string): string | undefined;
  /** Destroying it releases the connection. */
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
  /** Cheap: once per operation is fine. */
  for(caller: Caller): Upstream;
  /** Lets calls in flight end within their deadlines, then closes the sockets. Idempotent. */
  close(): Promise<void>;
}

/** One request that was sent, or refused before sending (`attempt` 0). */
export interface CallRecord {
  readonly operationId: string;
  /** `OK`, an error code of the table, or `ABORTED` when the client left. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
}

export interface UpstreamClientOptions {
  /** The only place a credential is ever sent to. */
  readonly origin: string;
  /** Deadline of one call, retries included. */
  readonly timeoutMs: number;
  readonly connections: number;
  readonly log: Log;
  readonly onCall?: ((record: CallRecord) => void) | undefined;
}

/** The upstream does not know this bulk endpoint (404, 405, 501): read one by one instead. */
export function isBulkUnsupported(error: unknown): boolean {
  const status = upstreamStatus(error);
  return status === 404 || status === 405 || status === 501;
}

export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  throw new Error(options.origin);
}
