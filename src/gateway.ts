/** The one place where the parts of the gateway are wired, started and stopped (`shutdown.ts`). */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Cluster } from './cluster/cluster.ts';
import type { Config } from './config/config.ts';
import type { GatewayServices } from './context.ts';
import { createEventHub } from './events/hub.ts';
import type { GatewayHooks } from './hooks.ts';
import { listen } from './listen.ts';
import { createBulkSupport } from './loaders/batch-loader.ts';
import { ConversationMemory } from './loaders/conversation-memory.ts';
import { EntityCache, mayChangeEntities } from './loaders/entity-cache.ts';
import type { Log } from './log.ts';
import type { Transport } from './metrics.ts';
import { type Observability, startObservability } from './observability.ts';
import { schema as ownSchema } from './schema/index.ts';
import { createAccessLog } from './server/access-log.ts';
import { Drain } from './server/drain.ts';
import { createAttachmentRoute } from './server/http/attachment-route.ts';
import { createAvatarRoute } from './server/http/avatar-route.ts';
import { createCompression } from './server/http/compression.ts';
import { createCors } from './server/http/cors.ts';
import { exampleTabs } from './server/http/example-operations.ts';
import { createGraphiQL } from './server/http/graphiql.ts';
import { createPostHandler } from './server/http/graphql-post.ts';
import { InFlightResponses } from './server/http/in-flight-responses.ts';
import { graphqlPath } from './server/http/router.ts';
import { createHttpServer } from './server/http/server.ts';
import { createYogaHandler } from './server/http/yoga.ts';
import { MemoryBudget } from './server/memory-budget.ts';
import { createDocumentCheck } from './server/operation/document-limits.ts';
import { instrumentPipeline } from './server/operation/instrumented-pipeline.ts';
import { createPipeline } from './server/operation/pipeline.ts';
import { createPrepare, type Prepare } from './server/operation/prepare.ts';
import { WorkBudget } from './server/operation/work-budget.ts';
import { OperationNames } from './server/operation-names.ts';
import { createPersistedOperations, type PersistedOperations } from './server/persisted-operations.ts';
import { Readiness } from './server/readiness.ts';
import type { OnRejected } from './server/rejections.ts';
import { createWebSocketEndpoint } from './server/websocket/server.ts';
import { shutDown } from './shutdown.ts';
import { ApiVersions } from './upstream/api-version.ts';
import { createUpstreamClient } from './upstream/client.ts';
import { acknowledgeEvents } from './upstream/endpoints/events.ts';
import { Pictures } from './upstream/pictures.ts';
import { readTlsFiles } from './upstream/transport/tls.ts';
import { warmUpHttp } from './upstream/transport/warm-up.ts';
import { warmUp, warmUpReplies } from './warm-up.ts';

export interface Gateway {
  /** Origin it listens on, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Origin that serves /metrics when METRICS_PORT is set. */
  readonly metricsUrl: string | undefined;
  /** Readiness off, subscriptions ended with `SHUTTING_DOWN`, sockets closed, work in flight finished. Idempotent. */
  close(): Promise<void>;
  /** Opens the file of AUDIT_LOG again under its name, after log rotation has renamed it. */
  reopenLogs(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

type GatewayConfig = Config & { readonly upstreamUrl: string };

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly hooks?: GatewayHooks | undefined;
  /** `Authorization` filled into GraphiQL's header editor; only ever a demo credential. */
  readonly demoAuthorization?: string | undefined;
}

/**
 * Starts a gateway.
 * @throws ConfigError for a file that cannot be used; Node's error when the address cannot be bound, such as `EADDRINUSE`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log, demoAuthorization } = options;
  const operationCache = { hits: 0, misses: 0 };
  const schema = config.subgraph ? (await import('./schema/subgraph.ts')).subgraphOf(ownSchema) : ownSchema;
  const prepare = createPrepare(schema, {
    introspection: config.introspection,
    cacheBytes: config.operationCacheBytes,
    maxCharacters: config.maxDocumentCharacters,
    maxTokens: config.maxTokens,
    counts: operationCache,
    check: createDocumentCheck(config),
  });
  const persisted = createPersistedOperations({
    mode: config.persistedOperations,
    file: config.persistedOperationsFile,
    prepare,
  });
  const cluster = await startConfiguredCluster(config, log);
  const observed = await startObservability(config, log, options.hooks, {
    events: () => services.hub.stats(),
    entityCache: () => services.entityCache,
    operationCache: () => operationCache,
    webSockets: () => transports.websocket.size,
    upstream: () => ({ isAvailable: services.upstream.isAvailable, ...services.upstream.load }),
    redis: cluster === undefined ? undefined : () => cluster.connection,
  });
  const services = createServices(config, observed, cluster, () => transports.readiness.update());
  const parts = { schema, services, prepare, persisted, demoAuthorization, cluster };
  const transports = await createTransports(config, observed, parts);
  const { server } = transports;

  warmUp(prepare);
  warmUpReplies();
  let url: string;
  let metricsUrl: string | undefined;
  try {
    url = await listen(server, config);
    metricsUrl = await observed.listenForMetrics();
  } catch (error) {
    server.close();
    await services.hub.close();
    await Promise.all([services.upstream.close(), services.pictures.close()]);
    await Promise.all([observed.tracing?.close(), observed.close(0)]);
    cluster?.close();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const close = () => {
    stopping ??= shutDown({ ...transports, ...services, config, log, observed, cluster });
    return stopping;
  };
  await warmUpHttp(url);
  return { url, metricsUrl, close, reopenLogs: () => observed.audit?.reopen(), [Symbol.asyncDispose]: close };
}

/** What resolvers reach, and what only routes do. */
interface OwnServices extends GatewayServices {
  readonly pictures: Pictures;
}

/** The upstream client, the event hub and the entity cache. @param onState Called when the upstream's circuit breaker changes. */
function createServices(
  config: GatewayConfig,
  { log, metrics, audit, tracing }: Observability,
  cluster: Cluster | undefined,
  onState: () => void,
): OwnServices {
  const upstream = createUpstreamClient({
    config,
    log,
    onCall: metrics?.upstreamCall,
    onWaited: metrics?.upstreamWait,
    onState,
    tracing,
  });
  const maxEntries = config.rememberedConversations;
  const versions = new ApiVersions({ api: config.upstreamApi, retryMs: config.upstreamApiRetryMs, maxEntries });
  const entityCache = new EntityCache({ ttlMs: config.entityCacheMs, maxEntries: config.entityCacheSize });
  const hub = createEventHub({
    origin: config.upstreamUrl,
    tls: readTlsFiles(config),
    settings: config,
    credentialStatus: upstream.standing,
    log,
    versions,
    onLag: metrics?.subscriptionLag,
    acknowledge: (credential, ids) =>
      acknowledgeEvents(upstream.for({ credential, requestId: randomUUID() }), ids, versions.streamOf(credential)),
    onEvent: (credentialKey, event) => {
      if (!mayChangeEntities(event)) return;
      entityCache.invalidate(credentialKey);
      cluster?.changes.announceEvent(credentialKey);
    },
  });
  const pictures = new Pictures({
    config,
    log,
    origin: config.upstreamPictureOrigin,
    maxBytes: config.maxPictureBytes,
  });
  return {
    upstream,
    pictures,
    hub,
    log,
    audit,
    bulkSupport: createBulkSupport(),
    entityCache,
    conversationMemory: new ConversationMemory({ versions, maxEntries }),
    productKey: config.productKey,
    operationTimeoutMs: config.operationTimeoutMs,
    maxEventLength: config.streamMaxFrame,
  };
}

interface TransportParts {
  readonly schema: GraphQLSchema;
  readonly services: OwnServices;
  readonly prepare: Prepare;
  readonly persisted: PersistedOperations;
  readonly demoAuthorization: string | undefined;
  readonly cluster: Cluster | undefined;
}

/** The HTTP server and the WebSocket endpoint, with one pipeline behind all transports. */
async function createTransports(
  config: GatewayConfig,
  { log, metrics, tracing, hooks }: Observability,
  { schema, services, prepare, persisted, demoAuthorization, cluster }: TransportParts,
) {
  const { standing } = services.upstream;
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
    cluster,
  });
  const names = new OperationNames(persisted.isRegistered);
  const observers = {
    metrics,
    tracing,
    access: createAccessLog({ log: config.accessLog ? log : undefined, onOperation: hooks.onOperation, names }),
    names: config.persistedOperations === 'off' ? undefined : names,
  };
  const pipelineFor = (transport: Transport) => instrumentPipeline(pipeline, transport, observers);
  const pipelines = { http: pipelineFor('http'), sse: pipelineFor('sse'), multipart: pipelineFor('multipart') };
  const drain = new Drain();
  const onRejected: OnRejected = (transport, reason) => metrics?.rejected(transport, reason);
  const common = { schema, memory, standing, log, onRejected, drain };
  const websocket = createWebSocketEndpoint({
    ...common,
    pipeline: pipelineFor('websocket'),
    maxPayload: config.maxBodyBytes,
    initTimeoutMs: config.webSocketInitTimeoutMs,
    keepAliveMs: config.webSocketPingMs,
    maxOperations: config.maxSocketOperations,
  });
  const yoga = createYogaHandler({
    ...common,
    pipelines,
    path: graphqlPath,
    maxBodyBytes: config.maxBodyBytes,
  });
  const inFlight = new InFlightResponses();
  const readiness = new Readiness(inFlight, config.readiness === 'upstream' ? services.upstream : undefined, log);
  const compress = config.compression ? createCompression(config) : undefined;
  const server: Server = createHttpServer({
    post: createPostHandler({
      ...common,
      pipelines,
      limits: { maxBodyBytes: config.maxBodyBytes, maxFileBytes: config.maxUploadBytes },
      uploadTimeoutMs: config.requestTimeoutMs,
      compress,
    }),
    yoga: (request, response, context) =>
      yoga(request, response, { ...context, req: request, serverResponse: response }),
    graphiql: config.graphiql
      ? await createGraphiQL({ tabs: exampleTabs, authorization: demoAuthorization })
      : undefined,
    attachment: createAttachmentRoute(services),
    avatar: createAvatarRoute(services, services.pictures),
    mcp: config.mcp
      ? (await import('./server/mcp/mcp.ts')).createMcp({ ...common, config, prepare, pipeline: pipelineFor('mcp') })
      : undefined,
    websocket,
    cors: createCors({ origins: config.corsOrigins, moreHeaders: config.corsAllowedHeaders }),
    httpGet: config.httpGet,
    onRejected,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    isReady: () => readiness.isReady,
    acceptsSockets: () => server.listening,
    inFlight,
    bounds: config,
    metrics: config.metricsPort === undefined ? metrics : undefined,
    log,
  });
  return { server, websocket, drain, readiness };
}

/** @throws ConfigError for a Redis that cannot be used. */
async function startConfiguredCluster(config: Config, log: Log): Promise<Cluster | undefined> {
  const { redisUrl, redisKeys, rateLimit, rememberedConversations: maxCredentials } = config;
  if (redisUrl === undefined || redisKeys === undefined) return undefined;
  const { startCluster } = await import('./cluster/cluster.ts');
  return startCluster({ settings: { ...config, redisUrl, redisKeys }, rateLimit, maxCredentials, log });
}
