/** Stops a gateway: drains its connections, finishes the work in flight and closes its parts. */
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster/cluster.ts';
import type { Config } from './config/config.ts';
import type { EventHub } from './events/hub.ts';
import type { EntityCache } from './loaders/entity-cache.ts';
import type { Log } from './observability/log.ts';
import type { Observability } from './observability/observability.ts';
import type { Drain } from './server/drain.ts';
import type { Readiness } from './server/readiness.ts';
import type { WebSocketEndpoint } from './server/websocket/server.ts';
import type { Pictures } from './upstream/pictures.ts';
import type { UpstreamClient } from './upstream/upstream.ts';

/** Milliseconds between the end of the draining time and the closing of all connections, for the errors that report it. */
const errorGraceMs = 250;
/** Interval of closing idle connections while draining; a client that sends a request within it still gets a response. */
const sweepEveryMs = 100;
/** Maximum wait for background calls, such as acknowledgements. */
const backgroundCallsMs = 1_000;
/** Minimum wait for a slow reader of the audit log. */
const auditMs = 500;

export interface ShutdownOptions {
  readonly config: Pick<Config, 'shutdownTimeoutMs' | 'drainDelayMs' | 'drainSpreadMs'>;
  readonly server: Server;
  readonly websocket: WebSocketEndpoint;
  readonly readiness: Readiness;
  /** WebSockets and event streams. */
  readonly drain: Drain;
  readonly hub: EventHub;
  readonly upstream: UpstreamClient;
  readonly pictures: Pictures;
  readonly entityCache: EntityCache;
  readonly observed: Observability;
  readonly cluster: Cluster | undefined;
  readonly log: Log;
}

/** Settles when everything is closed, at most two seconds after `shutdownTimeoutMs`. */
export async function shutDown(options: ShutdownOptions): Promise<void> {
  const { config, server, websocket, readiness, drain, hub, upstream, pictures } = options;
  const { entityCache, observed, cluster, log } = options;
  const endsAt = performance.now() + config.shutdownTimeoutMs;
  const leftMs = () => Math.max(0, endsAt - performance.now());
  // From now on each response is the last on its connection, so that clients open their next one at another replica.
  readiness.drain();
  cluster?.streams?.drain();
  if (config.drainDelayMs > 0) {
    log.info('draining: listening, unready', { delayMs: config.drainDelayMs });
    await pause(config.drainDelayMs);
  }
  const stopped = stopListening(server);
  // Closes idle connections, and those that finished event streams leave open.
  const sweeper = setInterval(() => setImmediate(() => server.closeIdleConnections()), sweepEveryMs);
  // At the deadline, calls still in flight fail with SHUTTING_DOWN; shortly after, all connections are closed.
  const deadlineTimer = setTimeout(() => void Promise.all([upstream.close(0), pictures.close(0)]), leftMs());
  const forceCloseTimer = setTimeout(() => server.closeAllConnections(), leftMs() + errorGraceMs);
  // Subscribers get SHUTTING_DOWN as their last result; sockets close as soon as nothing runs on them.
  if (drain.size > 0) log.info('draining: closing sockets and event streams', { count: drain.size });
  await drain.closeAll(Math.min(config.drainSpreadMs, leftMs()));
  await Promise.all([hub.close(), websocket.close(leftMs() + errorGraceMs)]);
  await stopped;
  for (const timer of [sweeper, deadlineTimer, forceCloseTimer]) clearTimeout(timer);
  // Ends the timer with which Node looks for slow requests.
  server.close();
  entityCache.close();
  const callsMs = Math.min(leftMs(), backgroundCallsMs);
  await Promise.all([upstream.close(callsMs), pictures.close(callsMs), observed.closeExports()]);
  await cluster?.close();
  await observed.close(Math.max(leftMs(), auditMs));
}

/**
 * Accepts no more connections. Node's own `close` of an HTTP server also closes idle connections at once, which would reset a
 * request that is on its way over one of them. @returns When all connections have ended.
 */
function stopListening(server: Server): Promise<void> {
  // Bun's HTTP server is no `NetServer`, and closes no idle connections.
  const { close }: Pick<NetServer, 'close'> = server instanceof NetServer ? NetServer.prototype : server;
  return new Promise((resolve) => close.call(server, () => resolve()));
}
