/** CORS: browser origins that may use the gateway, which are its own and those in the configuration. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Cors {
  /** Sets the headers for an allowed origin and answers preflight requests. Returns true when it has sent the response. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /**
   * Whether a page of a disallowed origin caused the request. The request is rejected instead of only hiding its response: the
   * browser may have added a credential on its own, and CORS does not apply to WebSockets.
   */
  isOriginForbidden(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean;
}

/**
 * Request headers allowed in preflights: those the gateway reads, W3C trace contexts, and those that Apollo Client, Apollo's
 * documentation and Sentry add. The gateway does not read the last group, but a browser drops a request with a disallowed header.
 */
const allowedHeaders = [
  'authorization',
  'content-type',
  'x-device-id',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-apollo-operation-id',
  'x-requested-with',
  'cache-control',
  'last-event-id',
];
const exposedHeaders = 'x-request-id, retry-after, content-disposition';
/** Seconds a browser may cache a preflight response. */
const maxAge = '600';

export interface CorsOptions {
  /** Allowed origins, in the form of the `Origin` header. */
  readonly origins: readonly string[];
  /** Request headers that are allowed in addition to the built-in ones. */
  readonly moreHeaders: readonly string[];
  /** Whether browsers may send cookies from the allowed origins, as sessions need it. */
  readonly credentials: boolean;
}

/** CORS for the given origins; none are allowed by an empty list. */
export function createCors({ origins, moreHeaders, credentials }: CorsOptions): Cors {
  const allowed = new Set(origins);
  const headers = [...new Set([...allowedHeaders, ...moreHeaders.map((name) => name.toLowerCase())])].join(', ');
  return {
    handle(request, response) {
      const { origin } = request.headers;
      const isAllowed = origin !== undefined && allowed.has(origin);
      if (allowed.size > 0) response.setHeader('vary', 'origin');
      if (isAllowed) {
        response.setHeader('access-control-allow-origin', origin);
        response.setHeader('access-control-expose-headers', exposedHeaders);
        if (credentials) response.setHeader('access-control-allow-credentials', 'true');
      }
      if (request.method !== 'OPTIONS') return false;
      if (isAllowed) {
        response.setHeader('access-control-allow-methods', 'GET, POST, HEAD');
        response.setHeader('access-control-allow-headers', headers);
        response.setHeader('access-control-max-age', maxAge);
      }
      response.writeHead(204, { allow: 'GET, POST, HEAD, OPTIONS' }).end();
      return true;
    },
    isOriginForbidden({ method, headers }) {
      const { origin, host, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
      if (origin !== undefined && allowed.has(origin)) return false;
      // Browsers send the relation of the page's origin (Fetch Metadata). Following a link (a GET navigation) is allowed.
      // Submitting a form is not, because it may carry an upload.
      if (site === 'same-origin' || site === 'none') return false;
      if (site !== undefined) return mode !== 'navigate' || method !== 'GET';
      // Older browsers, and some for WebSockets, send only Origin; other programs send neither header.
      return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
    },
  };
}
