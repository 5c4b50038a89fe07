/**
 * The refusal of `graphql-ws`, the subprotocol of subscriptions-transport-ws, which Apollo Kotlin and Apollo iOS still take by
 * default. A server that does not choose it leaves such clients with a failed handshake, without a word, which they repeat
 * for as long as they live. So it is chosen, and refused in its own messages: `connection_error`, which ends Apollo Kotlin's
 * attempts with the words in its exception, and `error` for each operation, which reaches the subscriber in
 * subscriptions-transport-ws. The socket stays: that client makes a closed one again, whatever the reason of the end.
 */
import type { WebSocket } from 'ws';

export const legacySubprotocol = 'graphql-ws';

const advice =
  'The subprotocol graphql-ws (subscriptions-transport-ws) is not spoken here. Use graphql-transport-ws: the npm package graphql-ws, GraphQLWsProtocol in Apollo Kotlin, .graphql_transport_ws in Apollo iOS.';
/** Of at most 123 bytes, as a close frame takes it. */
const closeReason = 'Subprotocol not acceptable: use graphql-transport-ws';
const subprotocolNotAcceptable = 4406;
/** Bytes of refusals a client may leave unread before it is cut off. */
const maxUnread = 65_536;

/** Answers whatever the client sends with the refusal. It is closed when it sends nothing within `initTimeoutMs`. */
export function refuseLegacyClient(socket: WebSocket, initTimeoutMs: number): void {
  const close = () => socket.close(subprotocolNotAcceptable, closeReason);
  const fuse = setTimeout(close, initTimeoutMs);
  socket.once('close', () => clearTimeout(fuse));
  const send = (message: object) => {
    if (socket.bufferedAmount > maxUnread) socket.terminate();
    else socket.send(JSON.stringify(message));
  };
  socket.on('message', (data) => {
    clearTimeout(fuse);
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
