/** Reasons for which a request or connection is rejected before an operation exists. A closed set, because they are metric labels. */
import type { ErrorCode } from '../errors.ts';

export type RejectionReason =
  | 'path'
  | 'foreign_origin'
  | 'method'
  | 'media_type'
  | 'body'
  | 'too_large'
  | 'credential'
  | 'malformed'
  | 'timeout'
  | 'connections'
  | 'draining'
  | 'handshake'
  | 'subprotocol'
  | 'message';

/** Called for each rejected request, connection and WebSocket. Must not throw. */
export type OnRejected = (transport: 'http' | 'websocket', reason: RejectionReason) => void;

const byErrorCode: Readonly<Partial<Record<ErrorCode, RejectionReason>>> = {
  FORBIDDEN: 'foreign_origin',
  UNAUTHENTICATED: 'credential',
  PAYLOAD_TOO_LARGE: 'too_large',
  BAD_USER_INPUT: 'body',
};

/** The reason of a request that failed with this code before an operation existed; undefined when the failure is not a rejection. */
export function reasonOfError(code: ErrorCode | undefined): RejectionReason | undefined {
  return code === undefined ? undefined : byErrorCode[code];
}

/** The rejection reason and the response status for an error code of Node's HTTP parser (Node, event `clientError`). */
export function reasonOfClientError(code: string | undefined): readonly [reason: RejectionReason, status: string] {
  if (code === 'HPE_HEADER_OVERFLOW') return ['too_large', '431 Request Header Fields Too Large'];
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['too_large', '413 Payload Too Large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['timeout', '408 Request Timeout'];
  return ['malformed', '400 Bad Request'];
}
