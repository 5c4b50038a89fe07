/** The closed set of fields in log lines; `log.ts` explains why it is closed. */
import type { ErrorCode } from '../errors.ts';

export type HookName = 'onOperation' | 'onAudit' | 'credentialFor';

/** Every field a line can carry; the README documents the same list. */
export interface LogFields {
  /** A function of the program that embeds the gateway. */
  readonly hook?: HookName;
  /** Identifies the request across client, gateway and upstream. */
  readonly requestId?: string;
  /** Error code of the table in errors.ts. */
  readonly code?: ErrorCode;
  /** Keyed hash of the caller's credential; constant across restarts and replicas with `LOG_KEY`, otherwise for this process. */
  readonly caller?: string;
  /** The contract's operationId. */
  readonly operationId?: string;
  readonly transport?: 'http' | 'websocket' | 'sse' | 'multipart' | 'mcp';
  /** HTTP status of the upstream or of the gateway. */
  readonly status?: number;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly delayMs?: number;
  readonly count?: number;
  readonly url?: string;
  /** Name of a setting, as configured. */
  readonly setting?: string;
  /** The existing setting with the most similar name. */
  readonly nearest?: string;
  /** Settings that differ from their defaults, by name; a secret's value is replaced by a mark that it is set. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Version of this package. */
  readonly version?: string;
  readonly signal?: string;
  /** Class and code of an unexpected error, never its message, which may quote data. */
  readonly errorName?: string;
  readonly errorCode?: string;
  /** Stack of an unexpected error: function names and positions, without the message line. */
  readonly stack?: readonly string[];
}

/** Fields of a line of the access log; undefined ones are left out. */
export interface AccessFields {
  readonly requestId: string;
  readonly caller?: string | undefined;
  readonly transport: 'http' | 'websocket' | 'sse' | 'multipart' | 'mcp';
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** Name of a registered operation, otherwise a hash of its text. */
  readonly operation?: string | undefined;
  /** `OK`, an error code, or `ABORTED`. */
  readonly code: string;
  readonly durationMs: number;
  /** Requests to the upstream, retries included. */
  readonly upstreamCalls: number;
  /** Size of the JSON response. */
  readonly bytes?: number | undefined;
  /** Number of results of a subscription. */
  readonly count?: number | undefined;
}
