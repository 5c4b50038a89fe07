/** A connection in the form graphql-ws expects: messages in and out with backpressure, and close frames. */
import { isUtf8 } from 'node:buffer';
import { CloseCode, MessageType, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { withoutBom } from '../http/body/request-body.ts';
import type { OnRejected } from '../rejections.ts';
import type { ConnectionState } from './connection.ts';
import { detachPayload } from './detached-payload.ts';
import { reasonOfClose } from './rejections.ts';

/** Unsent bytes of responses above which the gateway stops reading from a connection. */
const maxBufferedBytes = 1_048_576;

/** @param onMessage Called for each complete message, before it is processed. */
export function createProtocolSocket(
  socket: WebSocket,
  connection: ConnectionState,
  onRejected: OnRejected,
  onMessage: () => void,
): ProtocolSocket {
  const { operations, sendWindow, fail } = connection;
  const close = (code: number, reason: string) => {
    const rejection = reasonOfClose(code);
    if (rejection !== undefined) onRejected('websocket', rejection);
    socket.close(code, reason);
  };
  return {
    protocol: socket.protocol,
    // Settles when the operating system has accepted the bytes.
    send: (data) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(data, (error) => {
          if (socket.isPaused && socket.bufferedAmount <= maxBufferedBytes / 2) socket.resume();
          sendWindow.notifyDrained();
          if (error == null) resolve();
          else reject(error);
        });
        // Stop reading from a client that does not read its responses: they would accumulate in memory.
        if (socket.bufferedAmount > maxBufferedBytes) socket.pause();
      }),
    close,
    onMessage: (handle) =>
      socket.on('message', (data, isBinary) => {
        onMessage();
        const whole = withoutBom(String(data));
        // `ws` has already checked the encoding of text frames.
        if (isBinary && (!Buffer.isBuffer(data) || !isUtf8(data))) return socket.close(1007, 'Invalid UTF-8');
        operations.observeMessage(whole);
        const { text, payload } = detachPayload(whole);
        // graphql-ws calls `onSubscribe`, which takes the payload, before it waits for anything.
        connection.detachedPayload = payload;
        const handled = handle(text);
        connection.detachedPayload = undefined;
        handled.catch((error: unknown) => {
          // graphql-ws closes the connection for an invalid message, but throws for a message type that only servers send.
          if (isServerMessage(text)) close(CloseCode.BadRequest, 'Invalid message received');
          else fail(error);
        });
      }),
  };
}

const serverMessageTypes: ReadonlySet<unknown> = new Set<unknown>([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

/** Whether a message has a type that only servers send. Parsed only after graphql-ws has failed on the message. */
function isServerMessage(text: string): boolean {
  try {
    const message: { readonly type?: unknown } | null = JSON.parse(text);
    return serverMessageTypes.has(message?.type);
  } catch {
    return false;
  }
}
