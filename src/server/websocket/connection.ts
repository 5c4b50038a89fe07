/** State of one WebSocket connection, and the ways in which a connection ends: close handshake, idle close, missed pong. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Identity } from '../authentication/identity.ts';
import type { SubscriptionResults } from '../subscription/results.ts';
import type { SendWindow } from '../subscription/send-window.ts';
import type { SocketOperations } from './operations.ts';

/** State that the gateway keeps per connection. Nothing else that a client sends outlives its message. */
export interface ConnectionState {
  /** Headers of the upgrade request. */
  readonly headers: Pick<IncomingHttpHeaders, 'authorization' | 'x-device-id' | 'traceparent'>;
  readonly operations: SocketOperations;
  readonly sendWindow: SendWindow;
  /** Results of the subscriptions that run on the connection. */
  readonly subscriptions: Set<SubscriptionResults>;
  /** Payload of the message that is being processed, when graphql-ws has only its outline. */
  detachedPayload: SubscribePayload | undefined;
  /** True once the connection drains: new operations are rejected with `SHUTTING_DOWN`. */
  isDraining: boolean;
  /** Closes the connection with 1011 after an unexpected error of the gateway. */
  fail(error: unknown): void;
  /** Group in which limits count the client's address. */
  readonly address: string;
  /** Used by operations that send no credential of their own. Until `connection_init`, the identity of the handshake's cookie. */
  identity: Identity;
  /** True once the identity is final, just before `connection_ack`. */
  isAcknowledged: boolean;
  /** True once the connection's credential has expired: it closes with 4403 as soon as no query or mutation runs on it. */
  isExpired: boolean;
  /** Closes the connection at once. */
  close(code: number, reason: string): void;
  /** Makes an identity final, and closes the connection when it expires. */
  acknowledge(identity: Identity): void;
}

/** Milliseconds a client has to answer a close frame before its connection is terminated. */
export const closeGraceMs = 1_000;

/** Sends a close frame, and terminates the connection if the client does not answer within a second (`closeTimeout` of the server). */
export function closeOrTerminate(socket: WebSocket, code = 1001, reason = 'Going away'): void {
  socket.close(code, reason);
}

/** Closes the connection, with 1001 unless stated otherwise, as soon as no operation runs on it. */
export function closeWhenIdle(
  socket: WebSocket,
  { operations }: ConnectionState,
  code?: number,
  reason?: string,
): void {
  // Deferred, because graphql-ws writes the last operation's `complete` right after this callback.
  operations.whenIdle(() => setImmediate(closeOrTerminate, socket, code, reason));
}

/**
 * Pings the client every `intervalMs` and terminates the connection when a ping is still unanswered at the next one.
 * @returns Function that stops the pings.
 */
export function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, intervalMs);
  return () => clearInterval(timer);
}
