/** The Node HTTP server: its limits, its WebSocket upgrades, and the errors of requests and connections. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../../config/config.ts';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../observability/log.ts';
import type { Identity } from '../authentication/identity.ts';
import { requestIdOf } from '../caller.ts';
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';
import { type RejectionReason, reasonOfClientError, reasonOfError } from '../rejections.ts';
import type { WebSocketEndpoint } from '../websocket/server.ts';
import { limitConnections } from './connection/connection-limit.ts';
import type { InFlightResponses } from './connection/in-flight-responses.ts';
import { ReadTurns } from './connection/read-turns.ts';
import { closeStalledConnections } from './connection/stalled-connections.ts';
import { challengingWith } from './headers/challenge.ts';
import { HttpRequest, normalizeTarget } from './headers/request-head.ts';
import { graphqlPath, pathOf, Router, type Routes } from './router.ts';

/** Limits that Node enforces on requests; violations get 408 or 431. */
export type HttpBounds = Pick<Config, 'maxHeaderBytes' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveMs'>;

/** Maximum milliseconds between Node's checks for requests that exceed a timeout. */
const maxCheckIntervalMs = 1_000;

export interface HttpServerOptions extends Routes {
  readonly websocket: WebSocketEndpoint;
  /** `WWW-Authenticate` of answers with 401. */
  readonly challenge: string;
  /** False once the server has stopped listening. Upgrades still arrive on keep-alive connections then. */
  readonly acceptsSockets: () => boolean;
  readonly inFlight: InFlightResponses;
  readonly bounds: HttpBounds;
  /** Maximum connections from one client address; 0 for no limit. */
  readonly maxConnectionsPerAddress: number;
  readonly log: Log;
}

/** @returns The server, not yet listening. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { log, onRejected, inFlight } = options;
  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, keepAliveMs } = options.bounds;
  const router = new Router(options);
  const headersTimeout = Math.min(headersTimeoutMs, requestTimeoutMs);
  const limits = {
    IncomingMessage: HttpRequest,
    ServerResponse: challengingWith(options.challenge),
    maxHeaderSize: maxHeaderBytes,
    headersTimeout,
    // Node counts from the first byte of a request, the deadline of an upload from the end of its headers. The deadline comes first:
    // its error has a code, and a 408 has none.
    requestTimeout: headersTimeout + requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, maxCheckIntervalMs),
  };

  const server = createServer(limits, (request, response) => {
    const requestId = requestIdOf(request.headers);
    const cancellation = inFlight.add(response);
    try {
      if (!normalizeTarget(request)) {
        response.setHeader('connection', 'close');
        return router.reject(
          response,
          'malformed',
          400,
          'Expected a request with a path, one host and at most one Authorization header.',
        );
      }
      router
        .handle(request, response, { requestId, cancellation })
        .catch((error: unknown) => fail(response, requestId, error));
    } catch (error) {
      fail(response, requestId, error);
    }
  });

  new ReadTurns(server);

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const accept = (identity: Identity) => {
      // The gateway may have begun to stop while the cookie was opened.
      if (!options.acceptsSockets()) return rejectUpgrade(socket, draining);
      options.websocket.upgrade(request, socket, head, identity);
      // `ws` has rejected the handshake with a response of its own.
      if (socket.writableEnded) onRejected('websocket', 'handshake');
    };
    const identity = options.authenticator.ofUpgrade(request);
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

  function rejectUpgrade(socket: Duplex, [reason, status]: UpgradeRejection): void {
    onRejected('websocket', reason);
    rejectSocket(socket, status);
  }

  function fail(response: ServerResponse, requestId: string, error: unknown): void {
    const known = gatewayErrorIn(error);
    const reason = reasonOfError(known?.code);
    if (reason !== undefined && reason !== 'body') onRejected('http', reason);
    if (known === undefined) log.error('request failed', { requestId, ...describeUnexpected(error) });
    if (response.headersSent) response.destroy();
    else sendError(response, requestId, known ?? new GatewayError('INTERNAL'));
  }

  // Closes a connection on which no byte was sent or received.
  server.timeout = Math.max(requestTimeoutMs, keepAliveMs);
  closeStalledConnections(server, server.timeout);
  if (options.maxConnectionsPerAddress > 0) limitConnections(server, options.maxConnectionsPerAddress, onRejected);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [reason, status] = reasonOfClientError(error.code);
    onRejected('http', reason);
    if (!socket.writable || inFlight.hasPartialResponse(socket)) socket.destroy();
    else rejectSocket(socket, status);
  });
  server.on('upgrade', (request, socket, head) => {
    const rejection = upgradeRejection(request, options);
    if (rejection === undefined) return upgrade(request, socket, head);
    rejectUpgrade(socket, rejection);
  });
  return server;
}

/** Reason and status line. */
type UpgradeRejection = readonly [RejectionReason, string];
const draining: UpgradeRejection = ['draining', '503 Service Unavailable'];

/** Undefined when the upgrade is not rejected. */
function upgradeRejection(
  request: IncomingMessage,
  { cors, acceptsSockets }: HttpServerOptions,
): UpgradeRejection | undefined {
  if (!normalizeTarget(request)) return ['malformed', '400 Bad Request'];
  if (pathOf(request) !== graphqlPath) return ['path', '404 Not Found'];
  if (cors.isOriginForbidden(request)) return ['foreign_origin', '403 Forbidden'];
  return acceptsSockets() ? undefined : draining;
}

function sendError(response: ServerResponse, requestId: string, error: GatewayError): void {
  response.writeHead(errorCodes[error.code].httpStatus, {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify({ errors: [formatGatewayError(error, requestId)] }));
}

function rejectSocket(socket: Duplex, status: string): void {
  // Node has removed its own listeners. Without this one, the error of a client that has disconnected would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
