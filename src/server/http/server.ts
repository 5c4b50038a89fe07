/** The Node HTTP server and its routes. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../../config/config.ts';
import { errorCodes, GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { CancellationSource } from '../../upstream/cancellation.ts';
import type { Caller } from '../../upstream/upstream.ts';
import { callerOf, requestIdOf } from '../caller.ts';
import { formatGatewayError, gatewayErrorIn } from '../masking.ts';
import { unsupportedHash } from '../persisted-operations.ts';
import { type OnRejected, type RejectionReason, reasonOfClientError, reasonOfError } from '../rejections.ts';
import type { WebSocketEndpoint } from '../websocket/server.ts';
import { acceptsEvents, prefersPage, responseTypeFor } from './accept.ts';
import { attachmentToken } from './attachment-route.ts';
import { limitConnections } from './connection-limit.ts';
import type { Cors } from './cors.ts';
import { type GraphiQL, graphiqlScriptPath } from './graphiql.ts';
import type { PostHandler } from './graphql-post.ts';
import type { InFlightResponses } from './in-flight-responses.ts';
import { parseUrl } from './request-body.ts';
import { HttpRequest, normalizeTarget } from './request-head.ts';
import { isEncoded, isPlainPost, unsupportedRequest } from './request-media-type.ts';

export const graphqlPath = '/graphql';

/** Limits that Node enforces on requests; violations get 408 or 431. */
export type HttpBounds = Pick<Config, 'maxHeaderBytes' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveMs'>;

/** Shown in a browser, because the operator has no other hint at the settings of the page. */
const pageDisabledText =
  'The GraphiQL page is disabled: it needs the settings GRAPHIQL=true and INTROSPECTION=true. Operations are sent with POST.';

/** Maximum milliseconds between Node's checks for requests that exceed a timeout. */
const maxCheckIntervalMs = 1_000;

export interface HttpRoutes {
  readonly post: PostHandler;
  /** Handler of all GraphQL requests that `isPlainPost` excludes. */
  readonly yoga: (
    request: IncomingMessage,
    response: ServerResponse,
    context: { readonly caller: Caller; readonly acceptsEvents: boolean },
  ) => unknown;
  /** Undefined when the page is disabled. */
  readonly graphiql: GraphiQL | undefined;
  readonly attachment: (
    token: string,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ) => Promise<void>;
  readonly websocket: WebSocketEndpoint;
  readonly cors: Cors;
  /** Result of /readyz: 200 or 503. */
  readonly isReady: () => boolean;
  /** False once the server has stopped listening. Upgrades still arrive on keep-alive connections then. */
  readonly acceptsSockets: () => boolean;
  readonly inFlight: InFlightResponses;
  readonly bounds: HttpBounds;
  /** Undefined when metrics are disabled. */
  readonly metrics: Pick<Metrics, 'text' | 'contentType'> | undefined;
  /** Whether queries may be sent with GET. */
  readonly httpGet: boolean;
  readonly onRejected: OnRejected;
  /** Maximum connections from one client address; 0 for no limit. */
  readonly maxConnectionsPerAddress: number;
  readonly log: Log;
}

export function createHttpServer(routes: HttpRoutes): Server {
  const { log, onRejected } = routes;

  const reject = (response: ServerResponse, reason: RejectionReason, status: number, text: string): void => {
    onRejected('http', reason);
    plain(response, status, text);
  };

  function rejectMethod(response: ServerResponse, allow: string): void {
    response.setHeader('allow', allow);
    reject(response, 'method', 405, `This path takes ${allow}.`);
  }

  function post(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    routes.cors.handle(request, response);
    if (routes.cors.isOriginForbidden(request)) throw crossOriginForbidden();
    return routes.post(request, response, requestId, cancellationOf(response));
  }

  async function route(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const pathname = pathOf(request);
    response.setHeader('x-request-id', requestId);
    // Every response may hold patient data. Handlers of static files override the header.
    response.setHeader('cache-control', 'no-store');
    const isProbe = pathname === '/healthz' || pathname === '/readyz' || pathname === '/metrics';
    if (isProbe && !isRead(request)) return rejectMethod(response, readMethods);
    if (pathname === '/healthz') return plain(response, 200, 'ok');
    if (pathname === '/readyz')
      return routes.isReady() ? plain(response, 200, 'ready') : plain(response, 503, 'not ready');
    if (pathname === '/metrics' && routes.metrics !== undefined) {
      response.writeHead(200, { 'content-type': routes.metrics.contentType }).end(await routes.metrics.text());
      return;
    }
    if (routes.cors.handle(request, response)) return;
    if (routes.cors.isOriginForbidden(request)) throw crossOriginForbidden();
    if (pathname === graphqlPath) {
      if (isRead(request) && prefersPage(request.headers.accept)) {
        return routes.graphiql === undefined
          ? reject(response, 'path', 404, pageDisabledText)
          : routes.graphiql.page(request, response);
      }
      if (request.method === 'GET' && !routes.httpGet) {
        response.setHeader('allow', 'POST');
        onRejected('http', 'method');
        throw (
          unsupportedHash(parseUrl(request.url ?? '')) ??
          new GatewayError('BAD_USER_INPUT', { message: 'Operations have to be sent with POST.' })
        );
      }
      if (request.method !== 'GET' && request.method !== 'POST')
        return rejectMethod(
          response,
          routes.httpGet || routes.graphiql !== undefined ? 'GET, POST, OPTIONS' : 'POST, OPTIONS',
        );
      const rejection = unsupportedRequest(request);
      if (rejection !== undefined) {
        // Names the supported encoding (RFC 9110 §15.5.16).
        if (isEncoded(request)) response.setHeader('accept-encoding', 'identity');
        return reject(response, 'media_type', ...rejection);
      }
      const { accept } = request.headers;
      // Yoga ignores weights, so it gets only the type that the client prefers.
      request.headers.accept = responseTypeFor(accept) ?? '';
      // Yoga parses Host as a URL and answers an invalid one with a stack trace.
      request.headers.host = 'gateway';
      const caller = callerOf(request.headers, requestId, cancellationOf(response), request.socket.remoteAddress);
      await routes.yoga(request, response, { caller, acceptsEvents: acceptsEvents(accept) });
      return;
    }
    if (pathname === graphiqlScriptPath && routes.graphiql !== undefined)
      return isRead(request) ? routes.graphiql.script(request, response) : rejectMethod(response, readMethods);
    const token = attachmentToken(pathname);
    if (token !== undefined) {
      return routes.attachment(
        token,
        request,
        response,
        callerOf(request.headers, requestId, cancellationOf(response)),
      );
    }
    if (pathname === '/') {
      if (!isRead(request)) return rejectMethod(response, readMethods);
      response.writeHead(302, { location: graphqlPath }).end();
      return;
    }
    reject(response, 'path', 404, 'Not found. GraphQL is at /graphql.');
  }

  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, keepAliveMs } = routes.bounds;
  const options = {
    IncomingMessage: HttpRequest,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, maxCheckIntervalMs),
  };
  function fail(response: ServerResponse, requestId: string, error: unknown): void {
    const known = gatewayErrorIn(error);
    const reason = reasonOfError(known?.code);
    if (reason !== undefined && reason !== 'body') onRejected('http', reason);
    if (known === undefined) log.error('request failed', { requestId, ...describeUnexpected(error) });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const formatted = known ?? new GatewayError('INTERNAL');
    response.writeHead(errorCodes[formatted.code].httpStatus, {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': requestId,
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify({ errors: [formatGatewayError(formatted, requestId)] }));
  }

  const server = createServer(options, (request, response) => {
    const requestId = requestIdOf(request.headers);
    routes.inFlight.add(response);
    try {
      if (!normalizeTarget(request)) {
        response.setHeader('connection', 'close');
        return reject(response, 'malformed', 400, 'Expected a request with one host and a path.');
      }
      // Fast path: nearly all requests are operations. They are checked first and set all headers in one call.
      const isOperation = isPlainPost(request) && pathOf(request) === graphqlPath;
      const answered = isOperation ? post(request, response, requestId) : route(request, response, requestId);
      answered.catch((error: unknown) => fail(response, requestId, error));
    } catch (error) {
      fail(response, requestId, error);
    }
  });

  // Closes a connection on which no byte was sent or received: its client does not read the response.
  server.timeout = Math.max(requestTimeoutMs, keepAliveMs);
  if (routes.maxConnectionsPerAddress > 0) limitConnections(server, routes.maxConnectionsPerAddress, onRejected);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [reason, status] = reasonOfClientError(error.code);
    onRejected('http', reason);
    if (!socket.writable || routes.inFlight.hasPartialResponse(socket)) socket.destroy();
    else rejectSocket(socket, status);
  });
  server.on('upgrade', (request, socket, head) => {
    const rejection: readonly [RejectionReason, string] | undefined = !normalizeTarget(request)
      ? ['malformed', '400 Bad Request']
      : pathOf(request) !== graphqlPath
        ? ['path', '404 Not Found']
        : routes.cors.isOriginForbidden(request)
          ? ['foreign_origin', '403 Forbidden']
          : !routes.acceptsSockets()
            ? ['draining', '503 Service Unavailable']
            : undefined;
    if (rejection === undefined) {
      routes.websocket.upgrade(request, socket, head);
      // `ws` has rejected the handshake with a response of its own.
      if (socket.writableEnded) onRejected('websocket', 'handshake');
      return;
    }
    onRejected('websocket', rejection[0]);
    rejectSocket(socket, rejection[1]);
  });
  return server;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function crossOriginForbidden(): GatewayError {
  return new GatewayError('FORBIDDEN', { message: 'This origin may not call the gateway.' });
}

function rejectSocket(socket: Duplex, status: string): void {
  // Node has removed its own listeners. Without this one, the error of a client that has disconnected would end the process.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** Cancellation that fires when the client disconnects before its response is complete. */
function cancellationOf(response: ServerResponse): CancellationSource {
  const cancellation = new CancellationSource();
  response.on('close', () => {
    if (!response.writableFinished) cancellation.cancel();
  });
  return cancellation;
}

const readMethods = 'GET, HEAD';

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
