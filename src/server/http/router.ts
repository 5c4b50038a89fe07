/** Routes of the HTTP server: probes, GraphQL, the GraphiQL page, attachments and pictures. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../../errors.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { CredentialStanding } from '../../upstream/transport/breaker/credential-standing.ts';
import type { Caller } from '../../upstream/upstream.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import { callerOf } from '../caller.ts';
import { formatGatewayError } from '../masking.ts';
import type { McpRoute } from '../mcp/route.ts';
import { unsupportedHash } from '../persisted-operations.ts';
import type { OnRejected, RejectionReason } from '../rejections.ts';
import { parseUrl } from './body/request-body.ts';
import { type Exchange, type IdentifiedExchange, identified, identifyConnection } from './graphql/exchange.ts';
import type { PostHandler } from './graphql/graphql-post.ts';
import { type Accepted, acceptedBy, prefersPage, subscriptionPartsMediaType } from './headers/accept.ts';
import type { Cors } from './headers/cors.ts';
import { isEncoded, isPlainPost, unsupportedRequest } from './headers/request-media-type.ts';
import { attachmentToken } from './routes/attachment-route.ts';
import { type AvatarOwner, avatarOwner } from './routes/avatar-route.ts';
import { type GraphiQL, graphiqlScriptPath } from './routes/graphiql.ts';

export const graphqlPath = '/graphql';
const mcpPath = '/mcp';

/** Shown in a browser, because the operator has no other hint at the settings of the page. */
const pageDisabledText =
  'The GraphiQL page is disabled: it needs the settings GRAPHIQL=true and INTROSPECTION=true. Operations are sent with POST.';

export interface Routes {
  readonly post: PostHandler;
  /** Handler of all GraphQL requests that `isPlainPost` excludes. */
  readonly yoga: (
    request: IncomingMessage,
    response: ServerResponse,
    context: { readonly caller: Caller; readonly accepted: Accepted },
  ) => unknown;
  /** Undefined when the page is disabled. */
  readonly graphiql: GraphiQL | undefined;
  readonly attachment: (
    token: string,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ) => Promise<void>;
  readonly avatar: (
    owner: AvatarOwner,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
  ) => Promise<void>;
  /** Undefined when the Model Context Protocol is off. */
  readonly mcp: McpRoute | undefined;
  readonly cors: Cors;
  readonly authenticator: Pick<Authenticator, 'ofRequest' | 'ofUpgrade'>;
  /** Which credentials the upstream has accepted. */
  readonly standing: Pick<CredentialStanding, 'acceptedPrincipal'>;
  /** Result of /readyz: 200 or 503. */
  readonly isReady: () => boolean;
  /** Undefined when metrics are disabled. */
  readonly metrics: Pick<Metrics, 'text' | 'contentType'> | undefined;
  /** Whether queries may be sent with GET. */
  readonly httpGet: boolean;
  readonly onRejected: OnRejected;
}

/** Finds the handler of a request by its path and method. */
export class Router {
  readonly #routes: Routes;

  constructor(routes: Routes) {
    this.#routes = routes;
  }

  /**
   * Responds to a request.
   * @throws GatewayError for the caller to send, unless the response has started.
   */
  handle(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
    // Fast path: nearly all requests are operations. They are checked first and set all headers in one call.
    if (isPlainPost(request) && pathOf(request) === graphqlPath) return this.#post(request, response, exchange);
    return this.#route(request, response, exchange);
  }

  /** Rejects a request with a text and counts it. */
  reject(response: ServerResponse, reason: RejectionReason, status: number, text: string): void {
    this.#routes.onRejected('http', reason);
    sendText(response, status, text);
  }

  #post(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
    const { cors, post, authenticator } = this.#routes;
    cors.handle(request, response);
    if (cors.isOriginForbidden(request)) throw crossOriginForbidden();
    const identity = authenticator.ofRequest(request, response);
    if (!(identity instanceof Promise)) return post(request, response, identified(exchange, identity));
    return identity.then((found) => {
      // A client that disconnects here sends no body that could be read.
      if (response.destroyed) return undefined;
      return post(request, response, identified(exchange, found));
    });
  }

  async #route(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
    const { cors, authenticator, standing } = this.#routes;
    const pathname = pathOf(request);
    response.setHeader('x-request-id', exchange.requestId);
    // Every response may hold patient data. Handlers of static files override the header.
    response.setHeader('cache-control', 'no-store');
    if (probePaths.has(pathname)) {
      if (!isRead(request)) return this.#rejectMethod(response, readMethods);
      if (await this.#probe(pathname, response)) return;
    }
    if (cors.handle(request, response)) return;
    if (cors.isOriginForbidden(request)) throw crossOriginForbidden();
    const identity = await authenticator.ofRequest(request, response);
    if (response.destroyed) return;
    const known = identified(exchange, identity);
    identifyConnection(request, known, standing);
    await this.#dispatch(pathname, request, response, known);
    // By its calls, the upstream may have accepted the credential.
    identifyConnection(request, known, standing);
  }

  /** Responds to a request of a known client. */
  async #dispatch(
    pathname: string,
    request: IncomingMessage,
    response: ServerResponse,
    exchange: IdentifiedExchange,
  ): Promise<void> {
    const { graphiql, attachment, avatar, mcp } = this.#routes;
    const { requestId, cancellation, address, identity } = exchange;
    const caller = () => callerOf(identity, request.headers, requestId, cancellation, address);
    if (pathname === graphqlPath) return this.#graphql(request, response, exchange);
    if (pathname === graphiqlScriptPath && graphiql !== undefined)
      return isRead(request) ? graphiql.script(request, response) : this.#rejectMethod(response, readMethods);
    if (pathname === mcpPath && mcp !== undefined) return mcp(request, response, exchange);
    const token = attachmentToken(pathname);
    const owner = avatarOwner(pathname);
    const isReadOnly = token !== undefined || owner !== undefined || pathname === '/';
    if (isReadOnly && !isRead(request)) return this.#rejectMethod(response, readMethods);
    if (token !== undefined) return attachment(token, request, response, caller());
    if (owner !== undefined) return avatar(owner, request, response, caller());
    if (pathname === '/') {
      response.writeHead(302, { location: graphqlPath }).end();
      return;
    }
    this.reject(response, 'path', 404, 'Not found. GraphQL is at /graphql.');
  }

  /** @returns False when the path has no probe, because metrics are disabled. */
  async #probe(pathname: string, response: ServerResponse): Promise<boolean> {
    const { isReady, metrics } = this.#routes;
    if (pathname === '/healthz') sendText(response, 200, 'ok');
    else if (pathname === '/readyz') {
      if (isReady()) sendText(response, 200, 'ready');
      else sendText(response, 503, 'not ready');
    } else if (metrics === undefined) return false;
    else response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
    return true;
  }

  /** GraphQL requests that are not plain POSTs. */
  async #graphql(
    request: IncomingMessage,
    response: ServerResponse,
    { requestId, cancellation, address, identity }: IdentifiedExchange,
  ): Promise<void> {
    const { graphiql, httpGet, onRejected, yoga } = this.#routes;
    if (isRead(request) && prefersPage(request.headers.accept)) {
      return graphiql === undefined
        ? this.reject(response, 'path', 404, pageDisabledText)
        : graphiql.page(request, response);
    }
    if (request.method === 'GET' && !httpGet) {
      response.setHeader('allow', 'POST');
      const hashError = unsupportedHash(parseUrl(request.url ?? ''));
      if (hashError === undefined)
        return this.#rejectOperation(
          request,
          response,
          requestId,
          'method',
          405,
          'Operations have to be sent with POST.',
        );
      onRejected('http', 'method');
      throw hashError;
    }
    if (request.method !== 'GET' && request.method !== 'POST') {
      const isGetAllowed = httpGet || graphiql !== undefined;
      const allow = isGetAllowed ? 'GET, POST, OPTIONS' : 'POST, OPTIONS';
      response.setHeader('allow', allow);
      return this.#rejectOperation(request, response, requestId, 'method', 405, takes(allow));
    }
    const rejection = unsupportedRequest(request);
    if (rejection !== undefined) {
      // Names the supported encoding (RFC 9110 §15.5.16).
      if (isEncoded(request)) response.setHeader('accept-encoding', 'identity');
      return this.#rejectOperation(request, response, requestId, 'media_type', ...rejection);
    }
    const accepted = acceptedBy(request.headers.accept);
    // Yoga ignores weights, so it gets only the type that the client prefers. It cannot write the parts of a subscription: the gateway does.
    const { response: preferred = '', json } = accepted;
    request.headers.accept = preferred === subscriptionPartsMediaType ? json : preferred;
    // Yoga parses Host as a URL and answers an invalid one with a stack trace.
    request.headers.host = 'gateway';
    const caller = callerOf(identity, request.headers, requestId, cancellation, address);
    await yoga(request, response, { caller, accepted });
  }

  /** Rejects a request to the GraphQL path: its client parses JSON, and shows the message of an error. */
  #rejectOperation(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    reason: RejectionReason,
    status: number,
    message: string,
  ): void {
    this.#routes.onRejected('http', reason);
    const { json } = acceptedBy(request.headers.accept);
    const error = formatGatewayError(new GatewayError('BAD_USER_INPUT', { message }), requestId);
    const body = JSON.stringify({ errors: [error] });
    response
      .writeHead(status, { 'content-type': `${json}; charset=utf-8`, 'content-length': Buffer.byteLength(body) })
      .end(body);
  }

  #rejectMethod(response: ServerResponse, allow: string): void {
    response.setHeader('allow', allow);
    this.reject(response, 'method', 405, takes(allow));
  }
}

const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The path of a request's target, without its query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function takes(allow: string): string {
  return `This path takes ${allow}.`;
}

function crossOriginForbidden(): GatewayError {
  return new GatewayError('FORBIDDEN', {
    message: 'This origin may not call the gateway; the setting CORS_ORIGINS lists those that may.',
  });
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

const readMethods = 'GET, HEAD';

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
