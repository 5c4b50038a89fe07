/** The Node HTTP server: its limits, its WebSocket upgrades, and the errors of requests and connections. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../../config/config.ts';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../observability/log.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { Identity } from '../authentication/identity.ts';
import { requestIdOf } from '../caller.ts';
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';
import { type OnRejected, type RejectionReason, reasonOfClientError, reasonOfError } from '../rejections.ts';
import type { WebSocketEndpoint } from '../websocket/server.ts';
import { AcceptTurns } from './connection/accept-turns.ts';
import type { ClientAddresses } from './connection/client-addresses.ts';
import { limitConnections } from './connection/connection-limit.ts';
import { GoneClients } from './connection/gone-clients.ts';
import type { InFlightResponses } from './connection/in-flight-responses.ts';
import { ReadTurns, readTurnOf } from './connection/read-turns.ts';
import { closeStalledConnections } from './connection/stalled-connections.ts';
import { acceptedBy, jsonMediaType } from './headers/accept.ts';
import { challengingWith } from './headers/challenge.ts';
import { HttpRequest, normalizeTarget } from './headers/request-head.ts';
import { retryAfter } from './headers/retry-after.ts';
import { graphqlPath, pathOf, Router, type Routes } from './router.ts';

/** Limits that Node enforces on requests; violations get 408 or 431. */
export type HttpBounds = Pick<Config, 'maxHeaderBytes' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveMs'>;

/** Maximum milliseconds between Node's checks for requests that exceed a timeout. */
const maxCheckIntervalMs = 1_000;

const malformedText = 'Expected a request with a path, one host and at most one Authorization header.';

export interface HttpServerOptions extends Routes {
  readonly websocket: WebSocketEndpoint;
  /** `WWW-Authenticate` of responses with 401. */
  readonly challenge: string;
  /** False once the server has stopped listening. Upgrades still arrive on keep-alive connections then. */
  readonly acceptsSockets: () => boolean;
  readonly inFlight: InFlightResponses;
  readonly addresses: ClientAddresses;
  readonly bounds: HttpBounds;
  /** Maximum connections from one client address; 0 for no limit. */
  readonly maxConnectionsPerAddress: number;
  readonly log: Log;
}

/** @returns The server, not yet listening. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { onRejected, inFlight, addresses } = options;
  const { requestTimeoutMs, keepAliveMs } = options.bounds;
  const router = new Router(options);
  const server = createServer(nodeOptions(options), (request, response) => {
    const cancellation = inFlight.add(response);
    if (goneClients.mustDefer(request))
      goneClients.defer(request, addresses.of(request), unlessCancelled(request, response, cancellation));
    else if (acceptTurns.mustDefer(request)) acceptTurns.defer(unlessCancelled(request, response, cancellation));
    else handle(request, response, cancellation);
  });
  const acceptTurns = new AcceptTurns(server);
  const goneClients = new GoneClients(() => acceptTurns.isAcceptingMany);
  new ReadTurns(server);

  // A function of its own, so that a request that is not deferred creates no closure.
  const unlessCancelled =
    (request: IncomingMessage, response: ServerResponse, cancellation: CancellationSource) => () => {
      if (!cancellation.isCancelled) handle(request, response, cancellation);
    };

  function handle(request: IncomingMessage, response: ServerResponse, cancellation: CancellationSource): void {
    const requestId = requestIdOf(request.headers);
    const fail = (error: unknown) => failRequest(response, requestId, error, options);
    try {
      if (!normalizeTarget(request)) {
        response.setHeader('connection', 'close');
        onRejected('http', 'malformed');
        sendError(response, requestId, new GatewayError('BAD_USER_INPUT', { message: malformedText }));
        return;
      }
      router.handle(request, response, { requestId, cancellation, address: addresses.of(request) }).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  // Closes a connection on which no byte was sent or received.
  server.timeout = Math.max(requestTimeoutMs, keepAliveMs);
  closeStalledConnections(server, server.timeout);
  if (options.maxConnectionsPerAddress > 0)
    limitConnections(server, options.maxConnectionsPerAddress, addresses, onRejected);
  const rejectClient = (code: string | undefined, socket: Duplex) => {
    const [reason, status] = reasonOfClientError(code);
    onRejected('http', reason);
    if (!socket.writable || inFlight.hasPartialResponse(socket)) socket.destroy();
    else rejectSocket(socket, status);
  };
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    const turn = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? readTurnOf(socket) : undefined;
    if (code === 'ECONNRESET') socket.destroy();
    else if (turn !== undefined) turn.putOffTimeout(() => rejectClient(code, socket));
    else rejectClient(code, socket);
  });
  server.on('upgrade', (request, socket, head) => {
    if (inFlight.whenSent(socket, () => socket.end(() => socket.destroy()))) {
      onRejected('websocket', 'handshake');
      ignoreClient(request.socket, server.timeout);
      return;
    }
    const rejection = upgradeRejection(request, options);
    if (rejection === undefined) acceptUpgrade(request, socket, head, options);
    else rejectUpgrade(socket, rejection, onRejected);
  });
  return server;
}

function nodeOptions({ bounds, challenge }: HttpServerOptions) {
  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, keepAliveMs } = bounds;
  const headersTimeout = Math.min(headersTimeoutMs, requestTimeoutMs);
  return {
    IncomingMessage: HttpRequest,
    ServerResponse: challengingWith(challenge),
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    // Node counts from the first byte of a request, the deadline of an upload from the end of its headers. The deadline comes first:
    // its error has a code, and a 408 has none.
    requestTimeout: headersTimeout + requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, maxCheckIntervalMs),
  };
}

/** Sends the error of a request, or closes its connection when the response has begun. */
function failRequest(
  response: ServerResponse,
  requestId: string,
  error: unknown,
  { log, onRejected }: HttpServerOptions,
): void {
  const known = gatewayErrorIn(error);
  const reason = reasonOfError(known?.code);
  if (reason !== undefined && reason !== 'body') onRejected('http', reason);
  if (known === undefined) log.error('request failed', { requestId, ...describeUnexpected(error) });
  if (response.headersSent) response.destroy();
  else sendError(response, requestId, known ?? new GatewayError('INTERNAL'));
}

/** Finds the identity behind an upgrade and passes the connection to the WebSocket endpoint. */
function acceptUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { authenticator, websocket, acceptsSockets, addresses, onRejected, log }: HttpServerOptions,
): void {
  const address = addresses.of(request);
  const accept = (identity: Identity) => {
    // The gateway may have begun to stop while the cookie was opened.
    if (!acceptsSockets()) return rejectUpgrade(socket, draining, onRejected);
    websocket.upgrade(request, socket, head, { identity, address });
    // `ws` has rejected the handshake with a response of its own.
    if (socket.writableEnded) onRejected('websocket', 'handshake');
  };
  const identity = authenticator.ofUpgrade(request);
  if (!(identity instanceof Promise)) {
    accept(identity);
    return;
  }
  // Node has removed its own listener. Without this one, the error of a client that disconnects would end the process.
  const onError = () => socket.destroy();
  socket.on('error', onError);
  identity.then(
    (found) => {
      socket.off('error', onError);
      if (!socket.destroyed) accept(found);
    },
    (error: unknown) => {
      log.error('request failed', { transport: 'websocket', ...describeUnexpected(error) });
      socket.destroy();
    },
  );
}

/** Reason and status line. */
type UpgradeRejection = readonly [RejectionReason, string];
const draining: UpgradeRejection = ['draining', '503 Service Unavailable'];

/** Undefined when the upgrade is not rejected. */
function upgradeRejection(
  request: IncomingMessage,
  { cors, acceptsSockets }: HttpServerOptions,
): UpgradeRejection | undefined {
  if (!normalizeTarget(request) || hasBody(request)) return ['malformed', '400 Bad Request'];
  if (pathOf(request) !== graphqlPath) return ['path', '404 Not Found'];
  if (cors.isOriginForbidden(request)) return ['foreign_origin', '403 Forbidden'];
  return acceptsSockets() ? undefined : draining;
}

function rejectUpgrade(socket: Duplex, [reason, status]: UpgradeRejection, onRejected: OnRejected): void {
  onRejected('websocket', reason);
  rejectSocket(socket, status);
}

/** Node leaves the body of an upgrade to its listener, where it would be taken for frames. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * For an upgrade that is pipelined behind unanswered requests: its 101 would come before their responses (RFC 9112 §9.3.2). It is not
 * answered, and the connection ends with those. Node has removed its own listeners.
 */
function ignoreClient(socket: Socket, timeoutMs: number): void {
  for (const event of ['error', 'end', 'data', 'timeout']) socket.on(event, () => socket.destroy());
  socket.setTimeout(timeoutMs);
}

/** Sends an error in the media type that a client of GraphQL accepts, and as JSON on every other path. */
function sendError(response: ServerResponse, requestId: string, error: GatewayError): void {
  const { req } = response;
  const mediaType = pathOf(req) === graphqlPath ? acceptedBy(req.headers.accept).json : jsonMediaType;
  response.writeHead(errorCodes[error.code].httpStatus, {
    'content-type': `${mediaType}; charset=utf-8`,
    'x-request-id': requestId,
    'cache-control': 'no-store',
    ...retryAfter(error),
  });
  response.end(JSON.stringify({ errors: [formatGatewayError(error, requestId)] }));
}

function rejectSocket(socket: Duplex, status: string): void {
  // Node has removed its own listeners. Without this one, the error of a client that has disconnected would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
