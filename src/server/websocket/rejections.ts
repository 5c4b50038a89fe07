/** Rejection reasons of WebSocket close codes and of the errors of `ws`. */
import { CloseCode } from 'graphql-ws';
import type { RejectionReason } from '../rejections.ts';

const byCloseCode: Readonly<Record<number, RejectionReason>> = {
  [CloseCode.BadRequest]: 'message',
  [CloseCode.Unauthorized]: 'credential',
  [CloseCode.Forbidden]: 'credential',
  [CloseCode.SubprotocolNotAcceptable]: 'subprotocol',
  [CloseCode.ConnectionInitialisationTimeout]: 'timeout',
  [CloseCode.SubscriberAlreadyExists]: 'message',
  [CloseCode.TooManyInitialisationRequests]: 'message',
};

/** The reason for which the gateway closes a connection with this code; undefined when the close is not a rejection. */
export function reasonOfClose(code: number | undefined): RejectionReason | undefined {
  return code === undefined ? undefined : byCloseCode[code];
}

/**
 * The reason for which `ws` rejected a frame that broke the protocol or a limit.
 * @param code Error code of `ws`; every other code is a network failure and gives undefined.
 */
export function reasonOfSocketError(code: unknown): RejectionReason | undefined {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'too_large';
  return typeof code === 'string' && code.startsWith('WS_ERR_') ? 'malformed' : undefined;
}
