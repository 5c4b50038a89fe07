/** What is turned away before there is an operation, in words for the metrics: a closed set, whatever clients send. */
import { CloseCode } from 'graphql-ws';
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

/** Told of each request, connection and socket that is turned away. Must not throw. */
export type OnRejected = (transport: 'http' | 'websocket', reason: RejectionReason) => void;

const byErrorCode: Readonly<Partial<Record<ErrorCode, RejectionReason>>> = {
  FORBIDDEN: 'foreign_origin',
  UNAUTHENTICATED: 'credential',
  PAYLOAD_TOO_LARGE: 'too_large',
  BAD_USER_INPUT: 'body',
};

/** Of a request that failed with this code before it was an operation; undefined for what is no refusal. */
export function reasonOfError(code: ErrorCode | undefined): RejectionReason | undefined {
  return code === undefined ? undefined : byErrorCode[code];
}

const byCloseCode: Readonly<Record<number, RejectionReason>> = {
  [CloseCode.BadRequest]: 'message',
  [CloseCode.Unauthorized]: 'credential',
  [CloseCode.Forbidden]: 'credential',
  [CloseCode.SubprotocolNotAcceptable]: 'subprotocol',
  [CloseCode.ConnectionInitialisationTimeout]: 'timeout',
  [CloseCode.SubscriberAlreadyExists]: 'message',
  [CloseCode.TooManyInitialisationRequests]: 'message',
};

/** Of a socket that is closed with this code; undefined for what is no refusal. */
export function reasonOfClose(code: number | undefined): RejectionReason | undefined {
  return code === undefined ? undefined : byCloseCode[code];
}

/** Of a frame that broke the WebSocket protocol or its bounds, by the code of `ws`; undefined for a connection that broke. */
export function reasonOfSocketError(code: unknown): RejectionReason | undefined {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'too_large';
  return typeof code === 'string' && code.startsWith('WS_ERR_') ? 'malformed' : undefined;
}

/** Node's own words for requests that are none: the reason, and what is answered (Node, `clientError`). */
export function reasonOfClientError(code: string | undefined): readonly [reason: RejectionReason, status: string] {
  if (code === 'HPE_HEADER_OVERFLOW') return ['too_large', '431 Request Header Fields Too Large'];
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['too_large', '413 Payload Too Large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['timeout', '408 Request Timeout'];
  return ['malformed', '400 Bad Request'];
}
