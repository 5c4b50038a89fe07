/**
 * Rejection of `graphql-ws`, the subprotocol of subscriptions-transport-ws, which Apollo Kotlin and Apollo iOS still use by default. If
 * the server does not choose it, the handshake fails without a reason and these clients retry without end. The gateway therefore
 * chooses it and rejects in its own messages: `connection_error` stops Apollo Kotlin and puts the message into its exception; `error`
 * for each operation reaches the subscriber in subscriptions-transport-ws. The connection stays open, because that client reconnects
 * after every close, whatever the code.
 */
import type { WebSocket } from 'ws';

export const legacySubprotocol = 'graphql-ws';

const advice =
  'The subprotocol graphql-ws (subscriptions-transport-ws) is not supported. Use graphql-transport-ws: the npm package graphql-ws, GraphQLWsProtocol in Apollo Kotlin, .graphql_transport_ws in Apollo iOS.';
/** At most 123 bytes, the limit of a close frame. */
const closeReason = 'Subprotocol not acceptable: use graphql-transport-ws';
const subprotocolNotAcceptable = 4406;
/** Unsent bytes of rejections above which the connection is terminated. */
const maxBufferedBytes = 65_536;

/** Answers every message with the rejection. Closes the connection if the client sends nothing within `initTimeoutMs`. */
export function rejectLegacyClient(socket: WebSocket, initTimeoutMs: number): void {
  const close = () => socket.close(subprotocolNotAcceptable, closeReason);
  const timer = setTimeout(close, initTimeoutMs);
  socket.once('close', () => clearTimeout(timer));
  const send = (message: object) => {
    if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
    else socket.send(JSON.stringify(message));
  };
  socket.on('message', (data) => {
    clearTimeout(timer);
    const { type, id } = messageIn(String(data));
    const payload = { message: advice, extensions: { code: 'BAD_USER_INPUT', retryable: false } };
    if (type === 'connection_init') send({ type: 'connection_error', payload });
    else if (type === 'start' && typeof id === 'string') send({ type: 'error', id, payload });
    else if (type !== 'stop') close();
  });
}

function messageIn(text: string): { readonly type?: unknown; readonly id?: unknown } {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}
