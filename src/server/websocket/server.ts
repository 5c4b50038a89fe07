/**
 * WebSocket endpoint: upgrades, connections, their limits and their end. The adapter of graphql-ws for `ws` is not used, because it
 * prints whole errors to standard error, and an error may quote a message.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { describeUnexpected, type Log } from '../../observability/log.ts';
import { atExpiry } from '../authentication/expiry.ts';
import type { Identity } from '../authentication/identity.ts';
import { type Drain, shuttingDown } from '../drain.ts';
import { SendWindow } from '../subscription/send-window.ts';
import { type ConnectionState, closeGraceMs, closeOrTerminate, closeWhenIdle, keepAlive } from './connection.ts';
import { createGraphQLProtocol, type GraphQLProtocolOptions } from './graphql-protocol.ts';
import { countIncomingBytes, type IncomingBytesOptions } from './incoming-bytes.ts';
import { legacySubprotocol, rejectLegacyClient } from './legacy-subprotocol.ts';
import { SocketOperations } from './operations.ts';
import { createProtocolSocket } from './protocol-socket.ts';
import { reasonOfSocketError } from './rejections.ts';

export interface WebSocketOptions extends GraphQLProtocolOptions, IncomingBytesOptions {
  /** Maximum bytes of one message from a client. */
  readonly maxPayload: number;
  /** Milliseconds between pings. A connection whose ping is unanswered at the next one is terminated. */
  readonly keepAliveMs: number;
  /** Closes the connections one after the other at shutdown. */
  readonly drain: Drain;
}

/** The client of a handshake. */
export interface SocketClient {
  /** From the cookie. */
  readonly identity: Identity;
  /** Group in which limits count its address. */
  readonly address: string;
}

export interface WebSocketEndpoint {
  /** Takes a connection over from the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, client: SocketClient): void;
  /** Number of open connections. */
  readonly size: number;
  /**
   * Rejects new operations and closes each connection with 1001 once no operation runs on it. A connection is terminated when
   * its client does not answer the close frame within a second, and every remaining one after `timeoutMs`.
   */
  close(timeoutMs: number): Promise<void>;
}

/** Maximum fragments of one message: each takes memory, however small it is. */
const maxFragments = 1_024;
/** Maximum reads of one message, for the same reason. */
const maxBufferedChunks = 4_096;
/** In an object of its own: the types of `ws` lack the option. Its default is 30 s, also for clients without a credential. */
const closing = { closeTimeout: closeGraceMs };

/** The endpoint of both subprotocols; the HTTP server passes it the upgrades. */
export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const { log, onRejected } = options;
  const webSockets = createWebSocketServer(options.maxPayload);
  const connections = new Map<WebSocket, ConnectionState>();
  let isClosing = false;
  const protocol = createGraphQLProtocol(options, () => isClosing);

  function serve(socket: WebSocket, request: IncomingMessage, rawSocket: Duplex, client: SocketClient): void {
    const { connection, stopExpiry } = openConnection(socket, request, rawSocket, client, log);
    connections.set(socket, connection);
    const incoming = countIncomingBytes(socket, rawSocket, connection, options);
    const removeFromDrain = options.drain.add(() => {
      connection.isDraining = true;
      for (const results of connection.subscriptions) results.end(shuttingDown());
      closeWhenIdle(socket, connection);
    });
    const stopPings = keepAlive(socket, options.keepAliveMs);
    const protocolSocket = createProtocolSocket(socket, connection, onRejected, incoming.reset);
    const closed = protocol.opened(protocolSocket, connection);
    socket.on('error', (error) => {
      const rejection = 'code' in error ? reasonOfSocketError(error.code) : undefined;
      if (rejection !== undefined) onRejected('websocket', rejection);
      log.warn('websocket failed', { transport: 'websocket', ...describeUnexpected(error) });
    });
    socket.once('close', (code, reason) => {
      stopPings();
      stopExpiry();
      removeFromDrain();
      connections.delete(socket);
      incoming.reset();
      connection.operations.abortAll();
      closed(code, String(reason)).catch((error: unknown) => {
        log.warn('websocket clean-up failed', { transport: 'websocket', ...describeUnexpected(error) });
      });
    });
  }

  function serveLegacy(socket: WebSocket): void {
    onRejected('websocket', 'subprotocol');
    socket.on('error', () => {}); // `ws` closes the connection after an error; there is nothing else to clean up
    const stopPings = keepAlive(socket, options.keepAliveMs);
    socket.once('close', stopPings);
    rejectLegacyClient(socket, options.initTimeoutMs);
  }

  return {
    upgrade(request, socket, head, client) {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        if (webSocket.protocol === legacySubprotocol) serveLegacy(webSocket);
        else serve(webSocket, request, socket, client);
      });
    },
    get size() {
      return webSockets.clients.size;
    },
    async close(timeoutMs) {
      isClosing = true;
      await closeAll(webSockets, connections, timeoutMs);
      webSockets.close();
    },
  };
}

/** Closes the sockets when their operations have ended, and terminates the rest after the timeout. */
async function closeAll(
  { clients }: WebSocketServer,
  connections: ReadonlyMap<WebSocket, ConnectionState>,
  timeoutMs: number,
): Promise<void> {
  const closed = [...connections].map(([socket, connection]) => {
    if (!connection.isDraining) closeWhenIdle(socket, connection);
    return new Promise((resolve) => socket.once('close', resolve));
  });
  for (const socket of clients) if (!connections.has(socket)) closeOrTerminate(socket);
  const timer = setTimeout(() => {
    for (const socket of clients) socket.terminate();
  }, timeoutMs);
  await Promise.all(closed);
  clearTimeout(timer);
}

function createWebSocketServer(maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    maxPayload,
    ...closing,
    // Results are written to the raw socket as uncompressed frames.
    perMessageDeflate: false,
    maxFragments,
    maxBufferedChunks,
    // One read may hold thousands of small messages. With false, `ws` yields to the event loop between messages.
    allowSynchronousEvents: false,
    handleProtocols: (offered) =>
      handleProtocols(offered) || (offered.has(legacySubprotocol) ? legacySubprotocol : false),
    clientTracking: true,
  });
}

/** The state of a new connection, which closes at the end of its credential until `stopExpiry` is called. */
function openConnection(
  socket: WebSocket,
  request: IncomingMessage,
  rawSocket: Duplex,
  { identity, address }: SocketClient,
  log: Log,
): { readonly connection: ConnectionState; stopExpiry(): void } {
  const isOpen = () => socket.readyState === socket.OPEN;
  const { authorization, traceparent, 'x-device-id': device } = request.headers;
  let stopTimer = () => {};
  // After 4403, clients of graphql-ws reconnect with a new credential and subscribe again.
  const expire = () => {
    connection.isExpired = true;
    connection.operations.abortStreams();
    closeWhenIdle(socket, connection, CloseCode.Forbidden, 'Credential expired');
  };
  const connection: ConnectionState = {
    headers: { authorization, traceparent, 'x-device-id': device },
    operations: new SocketOperations(),
    // graphql-ws never fragments a message, so whole frames may be written to the raw socket between its messages.
    sendWindow: new SendWindow({ writable: rawSocket, connection: rawSocket, isOpen }),
    subscriptions: new Set(),
    isDraining: false,
    detachedPayload: undefined,
    fail(error) {
      log.warn('websocket message failed', { transport: 'websocket', ...describeUnexpected(error) });
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    },
    address,
    identity,
    isAcknowledged: false,
    isExpired: false,
    close: (code, reason) => closeOrTerminate(socket, code, reason),
    acknowledge(final) {
      connection.identity = final;
      connection.isAcknowledged = true;
      if (isOpen()) stopTimer = atExpiry(final.expiresAt, expire);
    },
  };
  return { connection, stopExpiry: () => stopTimer() };
}
