/** Which browser origins may call the gateway: those named in the configuration, and nobody else. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Sets the headers for an allowed origin; answers preflight requests. True when the request was answered. */
export type Cors = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Request headers that browsers ask leave for. */
const allowedHeaders = 'authorization, content-type, x-device-id, x-request-id, traceparent';
const exposedHeaders = 'x-request-id, retry-after, content-disposition';
/** Seconds a browser may remember a preflight's answer. */
const maxAge = '600';

export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  return (request, response) => {
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
      response.setHeader('access-control-allow-headers', allowedHeaders);
      response.setHeader('access-control-max-age', maxAge);
    }
    response.writeHead(204, { allow: 'GET, POST, HEAD, OPTIONS' }).end();
    return true;
  };
}
