/** Wires the parts in the order data flows, and takes them down in the opposite one. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config/config.ts';
import type { GatewayServices } from './context.ts';
import { createEventHub } from './events/hub.ts';
import { createBulkSupport } from './loaders/batch-loader.ts';
import { EntityCache, mayChangeEntities } from './loaders/entity-cache.ts';
import type { Log } from './log.ts';
import { createMetrics, type Transport } from './metrics.ts';
import { schema } from './schema/index.ts';
import { createAccessLog } from './server/access-log.ts';
import { Drain } from './server/drain.ts';
import { createAttachmentRoute } from './server/http/attachment-route.ts';
import { createCors } from './server/http/cors.ts';
import { exampleTabs } from './server/http/example-operations.ts';
import { createGraphiQL } from './server/http/graphiql.ts';
import { createPostHandler } from './server/http/graphql-post.ts';
import { InFlightResponses } from './server/http/in-flight-responses.ts';
import { graphqlPath } from './server/http/router.ts';
import { createHttpServer } from './server/http/server.ts';
import { createYogaFront } from './server/http/yoga.ts';
import { MemoryBudget } from './server/memory-budget.ts';
import { createDocumentCheck } from './server/operation/document-limits.ts';
import { instrumentPipeline } from './server/operation/instrumented-pipeline.ts';
import { createPipeline } from './server/operation/pipeline.ts';
import { createPrepare } from './server/operation/prepare.ts';
import { WorkBudget } from './server/operation/work-budget.ts';
import { createPersistedOperations } from './server/persisted-operations.ts';
import type { OnRejected } from './server/rejections.ts';
import { createWebSocketEndpoint } from './server/websocket/server.ts';
import type { Tracing } from './tracing.ts';
import { createUpstreamClient } from './upstream/client.ts';
import { acknowledgeEvents } from './upstream/endpoints/events.ts';
import { readTlsFiles } from './upstream/transport/tls.ts';
import { warmUpHttp } from './upstream/transport/warm-up.ts';
import { warmUp, warmUpReplies } from './warm-up.ts';

/** After the end of the draining time, for the errors that say so. */
const errorGraceMs = 250;
/** Interval of closing idle connections while draining; a client that sends a request within it still gets an answer. */
const sweepEveryMs = 100;
/** Maximum wait for background calls, such as acknowledgements. */
const backgroundCallsMs = 1_000;

export interface Gateway {
  /** Origin it listens on, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Readiness off, subscriptions ended with `SHUTTING_DOWN`, sockets closed, work in flight finished. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config & { readonly upstreamUrl: string };
  readonly log: Log;
  /** `Authorization` filled into GraphiQL's header editor; only ever a demo credential. */
  readonly demoAuthorization?: string | undefined;
}

/** @throws the server's own error when the address cannot be bound, such as `EADDRINUSE`; ConfigError for a file that does not serve. */
export async function startGateway({ config, log, demoAuthorization }: GatewayOptions): Promise<Gateway> {
  const prepare = createPrepare(schema, {
    introspection: config.introspection,
    cacheBytes: config.operationCacheBytes,
    maxCharacters: config.maxDocumentCharacters,
    maxTokens: config.maxTokens,
    check: createDocumentCheck(config),
  });
  const persisted = createPersistedOperations({
    mode: config.persistedOperations,
    file: config.persistedOperationsFile,
    prepare,
  });
  const metrics = config.metrics
    ? createMetrics({
        events: () => hub.stats(),
        entityCache: () => entityCache,
        webSockets: () => websocket.size,
        upstream: () => ({ isAvailable: upstream.isAvailable, ...upstream.load }),
      })
    : undefined;
  const tracing = await startConfiguredTracing(config);
  const upstream = createUpstreamClient({
    config,
    log,
    onCall: metrics?.upstreamCall,
    onState: () => noteReadiness(),
    tracing,
  });
  const entityCache = new EntityCache({ ttlMs: config.entityCacheMs, maxEntries: config.entityCacheSize });
  const hub = createEventHub({
    origin: config.upstreamUrl,
    tls: readTlsFiles(config),
    settings: config,
    standing: upstream.standing,
    log,
    acknowledge: (credential, ids) => acknowledgeEvents(upstream.for({ credential, requestId: randomUUID() }), ids),
    onEvent: (credentialKey, event) => {
      if (mayChangeEntities(event)) entityCache.invalidate(credentialKey);
    },
  });
  const services: GatewayServices = {
    upstream,
    hub,
    log,
    bulkSupport: createBulkSupport(),
    entityCache,
    productKey: config.productKey,
    operationTimeoutMs: config.operationTimeoutMs,
    maxEventLength: config.streamMaxFrame,
  };
  const { standing } = upstream;
  const memory = new MemoryBudget({ total: config.maxHeldBytes, largest: config.maxBodyBytes });
  const pipeline = createPipeline({
    workBudget: config.unprovenWorkPercent === 0 ? undefined : new WorkBudget(config.unprovenWorkPercent / 100),
    memory,
    schema,
    prepare,
    persisted,
    services,
    maxUpstreamCalls: config.maxUpstreamCalls,
    rateLimit: config.rateLimit,
    sharedQueryMs: config.sharedQueryMs,
  });
  const drain = new Drain();
  const onRejected: OnRejected = (transport, reason) => metrics?.rejected(transport, reason);
  const access = config.accessLog ? createAccessLog(log, persisted.isRegistered) : undefined;
  const pipelineFor = (transport: Transport) => instrumentPipeline(pipeline, transport, { metrics, tracing, access });
  const limits = { maxBodyBytes: config.maxBodyBytes, maxFileBytes: config.maxUploadBytes };
  const websocket = createWebSocketEndpoint({
    schema,
    pipeline: pipelineFor('websocket'),
    memory,
    standing,
    log,
    maxPayload: config.maxBodyBytes,
    initTimeoutMs: config.webSocketInitTimeoutMs,
    keepAliveMs: config.webSocketPingMs,
    maxOperations: config.maxSocketOperations,
    onRejected,
    drain,
  });
  const yoga = createYogaFront({
    schema,
    pipelines: { http: pipelineFor('http'), sse: pipelineFor('sse') },
    memory,
    standing,
    log,
    path: graphqlPath,
    maxBodyBytes: config.maxBodyBytes,
    onRejected,
    drain,
  });
  const inFlight = new InFlightResponses();
  const answersForUpstream = config.readiness === 'upstream';
  const isReady = () => !inFlight.isDraining && (!answersForUpstream || upstream.isAvailable);
  let wasReady = true;
  function noteReadiness(): void {
    // The breaker counts as open from its first refusal to its recovery: its trials make /readyz flicker, and no line each.
    const ready = !inFlight.isDraining && (!answersForUpstream || !upstream.isCircuitOpen);
    if (ready === wasReady) return;
    wasReady = ready;
    if (ready) log.info('ready');
    else log.warn(inFlight.isDraining ? 'not ready: stopping' : 'not ready: upstream circuit open');
  }
  const server = createHttpServer({
    post: createPostHandler({
      pipeline: pipelineFor('http'),
      memory,
      standing,
      limits,
      log,
      onRejected,
      uploadTimeoutMs: config.requestTimeoutMs,
      drain,
    }),
    yoga: (request, response, context) =>
      yoga(request, response, { ...context, req: request, serverResponse: response }),
    graphiql: config.graphiql
      ? await createGraphiQL({ tabs: exampleTabs, authorization: demoAuthorization })
      : undefined,
    attachment: createAttachmentRoute(services),
    websocket,
    cors: createCors({ origins: config.corsOrigins, moreHeaders: config.corsAllowedHeaders }),
    httpGet: config.httpGet,
    onRejected,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    isReady,
    acceptsSockets: () => server.listening,
    inFlight,
    bounds: config,
    metrics,
    log,
  });

  warmUp(prepare);
  warmUpReplies();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    await hub.close();
    await upstream.close();
    await tracing?.close();
    throw error;
  }

  async function stop(): Promise<void> {
    const endsAt = performance.now() + config.shutdownTimeoutMs;
    const leftMs = () => Math.max(0, endsAt - performance.now());
    // From now on each answer is the last on its connection, so that clients that keep theirs go elsewhere by themselves.
    inFlight.drain();
    noteReadiness();
    if (config.drainDelayMs > 0) {
      log.info('draining: listening, unready', { delayMs: config.drainDelayMs });
      await pause(config.drainDelayMs);
    }
    const stopped = stopListening(server);
    // Closes idle connections, and those that finished event streams leave open.
    const sweeper = setInterval(() => setImmediate(() => server.closeIdleConnections()), sweepEveryMs);
    // At the deadline, calls still in flight fail with SHUTTING_DOWN; shortly after, all connections are closed.
    const deadlineTimer = setTimeout(() => void upstream.close(0), leftMs());
    const forceCloseTimer = setTimeout(() => server.closeAllConnections(), leftMs() + errorGraceMs);
    // Subscribers get SHUTTING_DOWN as their last result; sockets close as soon as nothing runs on them.
    if (drain.size > 0) log.info('draining: telling sockets and event streams', { count: drain.size });
    await drain.closeAll(Math.min(config.drainSpreadMs, leftMs()));
    await Promise.all([hub.close(), websocket.close(leftMs() + errorGraceMs)]);
    await stopped;
    for (const timer of [sweeper, deadlineTimer, forceCloseTimer]) clearTimeout(timer);
    // Ends the timer with which Node looks for slow requests.
    server.close();
    entityCache.close();
    await Promise.all([upstream.close(Math.min(leftMs(), backgroundCallsMs)), tracing?.close()]);
  }
  let stopping: Promise<void> | undefined;
  const close = () => {
    stopping ??= stop();
    return stopping;
  };

  const { port, family, address } = server.address() as AddressInfo; // a TCP server that listens has one
  const host = family === 'IPv6' ? `[${address}]` : address;
  await warmUpHttp(`http://${host}:${port}`);
  return { url: `http://${host}:${port}`, close, [Symbol.asyncDispose]: close };
}

/**
 * Takes no more connections. Node's own `close` of an HTTP server also ends those that are idle, at once: a request that is
 * on its way over one of them would meet a reset. @returns When all connections have ended.
 */
function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
}

async function startConfiguredTracing(config: Config): Promise<Tracing | undefined> {
  const { otelExporterOtlpEndpoint: endpoint } = config;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import('./tracing.ts');
  return startTracing({
    endpoint,
    headers: config.otelExporterOtlpHeaders,
    serviceName: config.otelServiceName,
    sampledShare: config.otelTracesSamplerArg,
  });
}
