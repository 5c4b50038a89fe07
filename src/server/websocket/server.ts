/**
 * graphql-transport-ws on the same server and through the same pipeline. The library's own adapter for `ws` is not used:
 * it prints whole errors, which may quote a message, to standard error.
 */

import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, MessageType, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { badUserInput, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../log.ts';
import type { Credential } from '../../upstream/credential.ts';
import type { CredentialStanding } from '../../upstream/transport/credential-standing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { parseCredential, requestIdOf } from '../caller.ts';
import type { Drain } from '../drain.ts';
import { type HeldBytes, uncountedBytes } from '../held-bytes.ts';
import { withoutMark } from '../http/request-body.ts';
import { maskUnexpected } from '../masking.ts';
import type { Admitted } from '../operation/admit.ts';
import type { Pipeline } from '../operation/pipeline.ts';
import { type OnRejected, reasonOfClose, reasonOfSocketError } from '../rejections.ts';
import { webSocketBatch } from '../subscription/result-batch.ts';
import { streamResults } from '../subscription/result-stream.ts';
import type { SubscriptionResults } from '../subscription/results.ts';
import { SendWindow } from '../subscription/send-window.ts';
import { callerOn, dropConnectionParams, headersIn, stringIn } from './connection-params.ts';
import { legacySubprotocol, refuseLegacyClient } from './legacy-subprotocol.ts';
import { neverSettles, SocketOperations } from './operations.ts';

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: Pipeline;
  /** Where messages that are still coming in are counted. */
  readonly bytes: HeldBytes;
  readonly standing: CredentialStanding;
  readonly log: Log;
  /** Bytes of one message from a client. */
  readonly maxPayload: number;
  /** Milliseconds a client has for `connection_init`. */
  readonly initTimeoutMs: number;
  /** Most operations under way on one socket. */
  readonly maxOperations: number;
  /** Milliseconds between pings; a client that does not answer before the next one is cut off. */
  readonly keepAliveMs: number;
  readonly onRejected: OnRejected;
  /** Sockets are told of the end through it. */
  readonly drain: Drain;
}

export interface WebSocketEndpoint {
  /** Takes a connection over from the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Open sockets. */
  readonly size: number;
  /**
   * Takes no more operations and closes each socket with 1001 once nothing runs on it. Clients that do not answer that
   * within a second are cut off, and after `timeoutMs` everyone.
   */
  close(timeoutMs: number): Promise<void>;
}

/** What is kept of one socket, and nothing else its client sent; the credential is the socket's, unless an operation brings its own. */
export interface SocketState {
  /** Of the request that opened it. */
  readonly headers: Pick<IncomingHttpHeaders, 'authorization' | 'x-device-id' | 'traceparent'>;
  readonly operations: SocketOperations;
  readonly sendWindow: SendWindow;
  /** Of the subscriptions that run on it. */
  readonly relays: Set<SubscriptionResults>;
  /** It has been told of the end, and takes no more operations. */
  isLeaving: boolean;
  /** Closes the socket: something is wrong with the gateway itself. */
  fail(error: unknown): void;
  readonly address: string | undefined;
  credential: Credential | undefined;
  isAcknowledged: boolean;
}

interface RunArguments {
  readonly contextValue: {
    readonly id: string;
    readonly connection: SocketState;
    readonly admitted: Admitted;
    readonly caller: Caller;
    readonly signal: AbortSignal;
  };
}

/** Of an operation's id, which clients make of a number or a UUID and which is kept as long as the operation runs. */
const maxIdLength = 200;
/** Bytes a client may send of one message before the socket is acknowledged, and before they are counted. */
const smallMessage = 65_536;
/** Parts and reads of one message: each takes memory of its own, however few bytes it has. */
const mostFragments = 1_024;
const mostReads = 4_096;
/** Bytes of answers a client may leave unread before nothing more is read from it. */
const maxBufferedBytes = 1_048_576;

export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const { schema, pipeline, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayload,
    maxFragments: mostFragments,
    maxBufferedChunks: mostReads,
    // Thousands of small messages may come in one read: others get their turn after each.
    allowSynchronousEvents: false,
    handleProtocols: (offered) =>
      handleProtocols(offered) || (offered.has(legacySubprotocol) ? legacySubprotocol : false),
    clientTracking: true,
  });

  const connections = new Map<WebSocket, SocketState>();
  let isClosing = false;

  const protocol = makeServer<Record<string, unknown>, SocketState>({
    connectionInitWaitTimeout: options.initTimeoutMs,
    onConnect(context) {
      const { connectionParams, extra } = context;
      dropConnectionParams(context);
      try {
        const sent = stringIn(connectionParams, 'authorization') ?? extra.headers.authorization;
        const device = stringIn(connectionParams, 'x-device-id') ?? stringIn(extra.headers, 'x-device-id');
        extra.credential = parseCredential(sent, device);
        extra.isAcknowledged = true;
        return true;
      } catch {
        return false; // closes with 4403 Forbidden
      }
    },
    onSubscribe({ extra }, id, payload) {
      const headers = headersIn(payload);
      const requestId = requestIdOf(headers);
      const signal = extra.operations.begin(id, payload);
      try {
        if (isClosing || extra.isLeaving) throw new GatewayError('SHUTTING_DOWN');
        if (id.length > maxIdLength) throw badUserInput('id', `at most ${maxIdLength} characters`);
        if (extra.operations.size > options.maxOperations) {
          throw new GatewayError('RATE_LIMITED', {
            message: `More than ${options.maxOperations} operations on one socket.`,
          });
        }
        const caller = callerOn(extra, headers, requestId, signal);
        const admitted = pipeline.admit(payload, caller);
        if (admitted.kind === 'response') return asErrors(admitted.result.errors ?? []);
        const { document, operation } = admitted.prepared;
        return {
          schema,
          document,
          operationName: operation.name?.value,
          contextValue: { id, connection: extra, admitted, caller, signal } satisfies RunArguments['contextValue'],
        };
      } catch (error) {
        // A throw here would close the socket and with it every other operation on it.
        return asErrors([maskUnexpected(error, requestId, log)]);
      }
    },
    execute: run,
    subscribe: run,
    // Results are formatted already; the library would call toJSON on each error.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onComplete: ({ extra }, id, payload) => extra.operations.finish(id, payload),
    onError: ({ extra }, id, payload) => extra.operations.finish(id, payload),
  });

  async function run(args: unknown): Promise<never> {
    const { id, connection, admitted, caller, signal } = (args as RunArguments).contextValue; // as onSubscribe made it
    const outcome = await pipeline.run(admitted, caller);
    if (signal.aborted) {
      if (outcome.kind === 'stream') outcome.results.cancel();
      return neverSettles();
    }
    const { sendWindow, fail, relays } = connection;
    if (outcome.kind === 'response') return outcome.result as never; // as below
    const { results } = outcome;
    relays.add(results);
    signal.addEventListener('abort', () => relays.delete(results), { once: true });
    // It began while its socket was told.
    if (connection.isLeaving) results.end(new GatewayError('SHUTTING_DOWN'));
    const result: AsyncIterable<never> = emptyIterableAfter(
      () =>
        streamResults({ results, sendWindow, batch: webSocketBatch(id), signal, onFault: fail }).finally(() =>
          relays.delete(results),
        ),
      () => {
        relays.delete(results);
        results.cancel();
      },
    );
    return result as never; // the library asks for GraphQLError instances; `onNext` sends what is given
  }

  function serve(socket: WebSocket, request: IncomingMessage, carrier: Duplex): void {
    const isOpen = () => socket.readyState === socket.OPEN;
    // The library sends nothing in parts, so that whole frames may be written beside it.
    const sendWindow = new SendWindow({ writable: carrier, connection: carrier, isOpen });
    const fail = (error: unknown) => {
      log.warn('websocket message failed', { transport: 'websocket', ...describeUnexpected(error) });
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    const { authorization, traceparent, 'x-device-id': device } = request.headers;
    const connection: SocketState = {
      headers: { authorization, traceparent, 'x-device-id': device },
      operations: new SocketOperations(),
      sendWindow,
      relays: new Set(),
      isLeaving: false,
      fail,
      address: request.socket.remoteAddress,
      credential: undefined,
      isAcknowledged: false,
    };
    const received = countMessages(socket, carrier, connection, options);
    connections.set(socket, connection);
    const part = options.drain.join(() => {
      connection.isLeaving = true;
      for (const results of connection.relays) results.end(new GatewayError('SHUTTING_DOWN'));
      closeWhenIdle(socket, connection);
    });
    const stopPings = keepAlive(socket, options.keepAliveMs);
    const end = (code: number, reason: string) => {
      const rejection = reasonOfClose(code);
      if (rejection !== undefined) options.onRejected('websocket', rejection);
      socket.close(code, reason);
    };
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Settles when the bytes were handed to the operating system.
        send: (data) =>
          new Promise((resolve, reject) => {
            if (!isOpen()) return resolve();
            socket.send(data, (error) => {
              if (socket.isPaused && socket.bufferedAmount <= maxBufferedBytes / 2) socket.resume();
              sendWindow.notifyDrained();
              if (error == null) resolve();
              else reject(error);
            });
            // Who asks and does not read the answers is not listened to either: answers would pile up here.
            if (socket.bufferedAmount > maxBufferedBytes) socket.pause();
          }),
        close: end,
        onMessage: (handle) =>
          socket.on('message', (data, isBinary) => {
            received.whole();
            const text = withoutMark(String(data));
            // In text frames the library has looked for it.
            if (isBinary && (!Buffer.isBuffer(data) || !isUtf8(data))) return socket.close(1007, 'Invalid UTF-8');
            connection.operations.observeMessage(text);
            handle(text).catch((error: unknown) => {
              // The library closes for what it cannot read, but throws for what only a server sends.
              if (isServerMessage(text)) end(CloseCode.BadRequest, 'Invalid message received');
              else fail(error);
            });
          }),
      },
      connection,
    );
    socket.on('error', (error) => {
      const rejection = 'code' in error ? reasonOfSocketError(error.code) : undefined;
      if (rejection !== undefined) options.onRejected('websocket', rejection);
      log.warn('websocket failed', { transport: 'websocket', ...describeUnexpected(error) });
    });
    socket.once('close', (code, reason) => {
      stopPings();
      part();
      connections.delete(socket);
      received.whole();
      connection.operations.abortAll();
      closed(code, String(reason)).catch((error: unknown) => {
        log.warn('websocket clean-up failed', { transport: 'websocket', ...describeUnexpected(error) });
      });
    });
  }

  function refuseLegacy(client: WebSocket): void {
    options.onRejected('websocket', 'subprotocol');
    client.on('error', () => {}); // it is closed by that, and nothing else is lost
    const stopPings = keepAlive(client, options.keepAliveMs);
    client.once('close', stopPings);
    refuseLegacyClient(client, options.initTimeoutMs);
  }

  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (client) => {
        if (client.protocol === legacySubprotocol) refuseLegacy(client);
        else serve(client, request, socket);
      });
    },
    get size() {
      return sockets.clients.size;
    },
    async close(timeoutMs) {
      isClosing = true;
      const closed = [...connections].map(([socket, connection]) => {
        if (!connection.isLeaving) closeWhenIdle(socket, connection);
        return new Promise((resolve) => socket.once('close', resolve));
      });
      for (const socket of sockets.clients) if (!connections.has(socket)) closeGoingAway(socket);
      const fuse = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, timeoutMs);
      await Promise.all(closed);
      clearTimeout(fuse);
      sockets.close();
    },
  };
}

/**
 * For graphql-ws: a subscription that yields nothing and ends with `work`, so that the library says `complete` after it.
 * @param cancel Idempotent: the library also returns what it never began to read, when it has lost sight of the id.
 */
function emptyIterableAfter(
  work: () => Promise<void>,
  cancel: () => void,
): AsyncIterableIterator<never, undefined, undefined> {
  const done = { done: true, value: undefined } as const;
  return {
    next: async () => {
      await work();
      return done;
    },
    return: () => {
      cancel();
      return Promise.resolve(done);
    },
    throw: () => Promise.resolve(done),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const serverMessages: ReadonlySet<unknown> = new Set<unknown>([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
]);

/** @param text A message, read only after the library has failed on it. */
function isServerMessage(text: string): boolean {
  try {
    const message: { readonly type?: unknown } | null = JSON.parse(text);
    return serverMessages.has(message?.type);
  } catch {
    return false;
  }
}

/** Milliseconds a client has to answer the end of its socket. */
const closeGraceMs = 1_000;

function closeWhenIdle(socket: WebSocket, { operations }: SocketState): void {
  // The last operation's `complete` is written right after this.
  operations.whenIdle(() => setImmediate(closeGoingAway, socket));
}

/** Bounds what is kept of a message that is not whole yet, and counts it. */
function countMessages(
  socket: WebSocket,
  carrier: Duplex,
  connection: SocketState,
  { bytes, standing, onRejected }: WebSocketOptions,
): { /** The message that came in is whole, or none will be. */ whole(): void } {
  const hold = bytes.hold(() => standing.provenHolder(connection.credential));
  let received = 0;
  const turnAway = (code: number, reason: string) => {
    onRejected('websocket', 'too_large');
    hold.release();
    socket.pause(); // what still comes is not read any more
    closeGoingAway(socket, code, reason);
  };
  carrier.on('data', (chunk: Buffer) => {
    if (socket.readyState !== socket.OPEN) return;
    received += chunk.length;
    if (received <= smallMessage) return;
    if (!connection.isAcknowledged) return turnAway(1009, 'Message too big');
    try {
      hold.resize(received - smallMessage + uncountedBytes);
    } catch {
      turnAway(1013, 'Try again later');
    }
  });
  return {
    whole() {
      received = 0;
      hold.release();
    },
  };
}

function closeGoingAway(socket: WebSocket, code = 1001, reason = 'Going away'): void {
  socket.close(code, reason);
  const fuse = setTimeout(() => socket.terminate(), closeGraceMs);
  socket.once('close', () => clearTimeout(fuse));
}

/** The library asks for instances and sends their JSON: that of the pipeline, places included, as over every transport. */
class FormattedError extends GraphQLError {
  readonly #formatted: GraphQLFormattedError;

  constructor(formatted: GraphQLFormattedError) {
    super(formatted.message);
    this.#formatted = formatted;
  }

  override toJSON(): GraphQLFormattedError {
    return this.#formatted;
  }
}

function asErrors(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
  return errors.map((error) => new FormattedError(error));
}

/** @returns Stops the pings. */
function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, intervalMs);
  return () => clearInterval(timer);
}
