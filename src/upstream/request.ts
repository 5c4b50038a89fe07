/** Requests that endpoint functions pass to the client, and the replies they get. */

import { badUserInput } from '../errors.ts';
import type { HeaderList } from './transport/http/header-list.ts';
import type { Upload } from './upload.ts';

export interface UpstreamRequest {
  /** The contract's operationId: names the call in logs and metrics. */
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path from `/v2` on and query, percent-encoded; see endpoints/path.ts. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as multipart/form-data instead of `json`. */
  readonly parts?: readonly Part[] | undefined;
  /** Additional headers as a flat list: name, value, name, value. They replace default headers of the same name. */
  readonly headers?: HeaderList | undefined;
  /** Key of the organization the call acts in. Default: the caller's default organization (contract, OrgKeyHeader). */
  readonly organization?: string | undefined;
  /**
   * The call may be retried after a network error, 429, 502, 503 or 504. True for reads without side effects and for sends
   * with a Request-ID. Default: false.
   */
  readonly repeatable?: boolean | undefined;
  /** 304 is a success: the Request-ID was processed before. */
  readonly acceptNotModified?: boolean | undefined;
  /** The Request-ID in `headers`, if there is one. The upstream processes requests with the same Request-ID once. */
  readonly idempotencyKey?: string | undefined;
  /** Number of keys in a bulk call; for metrics. */
  readonly batchSize?: number | undefined;
}

/** A request for an entity that may not exist. */
export type LookupRequest = Omit<UpstreamRequest, 'path'> & {
  /** Undefined when the id cannot exist upstream; the lookup then finds nothing, and no request is sent. */
  readonly path: string | undefined;
};

/** A lookup request and the decoder of its reply. */
export interface Lookup<Value> {
  readonly request: LookupRequest;
  readonly decode: (response: UpstreamReply) => Value;
}

export interface UpstreamReply {
  readonly status: number;
  /** The envelope's `reply`; undefined when the response had no body. */
  readonly reply: unknown;
  /** @param name Lower case. */
  header(name: string): string | undefined;
}

const printable = /^[\x20-\x7e]{1,200}$/;

/**
 * Checks a value that goes into a header.
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
  /** Additional part headers as a flat list: name, value. */
  readonly headers?: readonly string[];
}

export interface FilePart {
  readonly name: string;
  readonly file: Upload;
}

export type Part = FieldPart | FilePart;

/** Key of the organization whose values organization-bound fields have. Default: the caller's default organization. */
export interface InOrganization {
  readonly organization?: string | undefined;
}

export const headerSafe = /^[\x20-\x7e]+$/;
