/** What endpoint functions hand to the client, and what they get back. */

import { badUserInput } from '../errors.ts';
import type { HeaderList } from './transport/header-list.ts';
import type { Upload } from './upload.ts';

export interface UpstreamRequest {
  /** The contract's operationId: names the call in logs and metrics. */
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From `/v2` on, percent-encoded, with the query; see path.ts. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as multipart/form-data instead of `json`. */
  readonly parts?: readonly Part[] | undefined;
  /** More headers, flat: name, value, name, value. One that every call carries is replaced by the one here. */
  readonly headers?: HeaderList | undefined;
  /** Key of the organization the call acts in; without it the caller's default one is used (contract, OrgKeyHeader). */
  readonly organization?: string | undefined;
  /**
   * The call may be sent again after a network error, 429, 502, 503 or 504: reads without side effects and sends under a
   * Request-ID. Default: never.
   */
  readonly repeatable?: boolean | undefined;
  /** 304 is a success: the Request-ID was processed before. */
  readonly acceptNotModified?: boolean | undefined;
  /** The Request-ID among the headers, when there is one: the upstream acts once on all requests that bring the same. */
  readonly idempotencyKey?: string | undefined;
  /** Keys a bulk call asks for; for metrics. */
  readonly batchSize?: number | undefined;
}

/** A request for something that may not be there. */
export type LookupRequest = Omit<UpstreamRequest, 'path'> & {
  /** Undefined: nothing can have such a name, and nothing is sent. */
  readonly path: string | undefined;
};

/** A lookup, and what is made of the reply. */
export interface Lookup<Value> {
  readonly request: LookupRequest;
  readonly decode: (response: UpstreamReply) => Value;
}

export interface UpstreamReply {
  readonly status: number;
  /** The envelope's `reply`; undefined when the answer had no body. */
  readonly reply: unknown;
  /** @param name Lower case. */
  header(name: string): string | undefined;
}

const printable = /^[\x20-\x7e]{1,200}$/;

/**
 * A value that may stand in a header.
 * @throws GatewayError `BAD_USER_INPUT` naming `field`.
 */
export function headerValue(field: string, value: string): string {
  if (!printable.test(value)) throw badUserInput(field, '1 to 200 printable ASCII characters');
  return value;
}

interface FieldPart {
  readonly name: string;
  readonly text: string;
  /** Default text/plain in UTF-8. */
  readonly contentType?: string;
  /** More part headers, flat: name, value. */
  readonly headers?: readonly string[];
}

export interface FilePart {
  readonly name: string;
  readonly file: Upload;
}

export type Part = FieldPart | FilePart;

/** Which organization the organization-bound fields are read in; default: the caller's default one. */
export interface InOrganization {
  readonly organization?: string | undefined;
}

export const headerSafe = /^[\x20-\x7e]+$/;
