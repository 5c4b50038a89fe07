/** The fields of log lines: a closed set, see `log.ts`. */
import type { ErrorCode } from './errors.ts';

/** Every field a line can carry; the README documents the same list. */
export interface LogFields {
  /** Names the request across client, gateway and upstream. */
  readonly requestId?: string;
  /** Error code of the table in errors.ts. */
  readonly code?: ErrorCode;
  /** Keyed hash of the caller's credential: the same caller, the same word; useless outside this process. */
  readonly caller?: string;
  /** The contract's operationId. */
  readonly operationId?: string;
  readonly transport?: 'http' | 'websocket' | 'sse';
  /** HTTP status, upstream's or ours. */
  readonly status?: number;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly delayMs?: number;
  readonly count?: number;
  readonly url?: string;
  /** Name of a setting, or what was given for one. */
  readonly setting?: string;
  /** The setting whose name comes closest. */
  readonly nearest?: string;
  /** Settings that differ from their defaults, by name; of a secret only that it is set. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Version of this package. */
  readonly version?: string;
  readonly signal?: string;
  /** Class and code of an unexpected error, never its message, which may quote data. */
  readonly errorName?: string;
  readonly errorCode?: string;
  /** Where an unexpected error came from: function names and positions, without the message line. */
  readonly stack?: readonly string[];
}

/** Fields of a line of the access log. */
export interface AccessFields {
  readonly requestId: string;
  readonly caller?: string;
  readonly transport: 'http' | 'websocket' | 'sse';
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  /** Name of a registered operation, else a hash of its text. */
  readonly operation?: string;
  /** `OK`, an error code, or `ABORTED`. */
  readonly code: string;
  readonly durationMs: number;
  /** Requests to the upstream, repetitions included. */
  readonly upstreamCalls: number;
  /** Of the answer as JSON. */
  readonly bytes?: number;
  /** Results of a subscription. */
  readonly count?: number;
}
