/** Which browser origins may use the gateway: its own, those named in the configuration, and nobody else. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Cors {
  /** Sets the headers for an allowed origin; answers preflight requests. True when the request was answered. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /**
   * Whether a page of an origin that is not allowed made the browser send this. Such a request is refused, not only its
   * answer hidden: the browser may have added a credential by itself, and WebSockets know no CORS.
   */
  isOriginForbidden(request: Pick<IncomingMessage, 'method' | 'headers'>): boolean;
}

/**
 * Request headers that browsers ask leave for: those the gateway reads, W3C trace contexts, and those that Apollo Client,
 * Apollo's documentation and Sentry add by themselves. The last ones are read by nothing here, but refusing them would
 * refuse the request.
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
/** Seconds a browser may remember a preflight's answer. */
const maxAge = '600';

export interface CorsOptions {
  /** As browsers send them. */
  readonly origins: readonly string[];
  /** Request headers that are allowed beside the usual ones. */
  readonly moreHeaders: readonly string[];
}

export function createCors({ origins, moreHeaders }: CorsOptions): Cors {
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
      // Browsers say where a request comes from (Fetch Metadata). A link that is followed is no request of another page; a
      // form that is sent is one, and may carry an upload.
      if (site === 'same-origin' || site === 'none') return false;
      if (site !== undefined) return mode !== 'navigate' || method !== 'GET';
      // Older ones, and WebSockets in some, say it by the origin only; programs say neither.
      return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
    },
  };
}
