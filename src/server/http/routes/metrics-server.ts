/** A separate server for /metrics (`METRICS_PORT`), so that the public port does not serve them. */
import { createServer, type Server } from 'node:http';
import type { Metrics } from '../../../observability/metrics.ts';
import { pathOf } from '../router.ts';

/** For a few scrapers. */
const maxConnections = 16;
/** Milliseconds for a request to arrive, and between two on a connection: scrapers send one every 5 to 60 s. */
const timeoutMs = 75_000;

/** A separate server, not yet listening, which answers GET /metrics only. */
export function createMetricsServer(metrics: Pick<Metrics, 'text' | 'contentType'>): Server {
  const limits = { requestTimeout: timeoutMs, headersTimeout: timeoutMs, keepAliveTimeout: timeoutMs };
  const server = createServer({ ...limits, maxHeaderSize: 8_192 }, async (request, response) => {
    request.resume();
    response.setHeader('cache-control', 'no-store');
    if (pathOf(request) !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    else response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  });
  server.maxConnections = maxConnections;
  server.timeout = timeoutMs;
  return server;
}
