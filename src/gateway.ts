/** The one place where the parts of the gateway are wired, started and stopped (`shutdown.ts`). */
import { randomUUID } from 'node:crypto';
import type { Cluster } from './cluster/cluster.ts';
import type { Config } from './config/config.ts';
import { createEventHub } from './events/hub.ts';
import type { GatewayHooks } from './hooks.ts';
import { createBulkSupport } from './loaders/batch-loader.ts';
import { ConversationMemory } from './loaders/conversation-memory.ts';
import { EntityCache, mayChangeEntities } from './loaders/entity-cache.ts';
import type { Log } from './observability/log.ts';
import { type Observability, startObservability } from './observability/observability.ts';
import { schema as ownSchema } from './schema/index.ts';
import { createDocumentCheck } from './server/operation/limits/document-limits.ts';
import { createPrepare, type PrepareOptions } from './server/operation/prepare.ts';
import { createPersistedOperations } from './server/persisted-operations.ts';
import { shutDown } from './shutdown.ts';
import { createTransports, type OwnServices } from './transports.ts';
import { ApiVersions } from './upstream/api-version.ts';
import { createUpstreamClient } from './upstream/client.ts';
import { acknowledgeEvents } from './upstream/endpoints/events.ts';
import { Pictures } from './upstream/pictures.ts';
import { readTlsFiles, type Tls } from './upstream/transport/http/tls.ts';
import { warmUpHttp } from './upstream/transport/http/warm-up.ts';
import { listen } from './util/listen.ts';
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

/** Whether a gateway of this process has run its main code paths: V8 compiles a function once, and further gateways start in half the time. */
let isWarm = false;

/**
 * Starts a gateway.
 * @throws ConfigError for a file that cannot be used, or an authentication method with missing settings; Node's error when the
 *   address cannot be bound, such as `EADDRINUSE`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log, demoAuthorization } = options;
  const operationCache = { hits: 0, misses: 0 };
  const schema = config.subgraph ? (await import('./schema/subgraph.ts')).subgraphOf(ownSchema) : ownSchema;
  const prepareOptions = prepareOptionsOf(config);
  const prepare = createPrepare(schema, { ...prepareOptions, counts: operationCache });
  const persisted = createPersistedOperations({
    mode: config.persistedOperations,
    file: config.persistedOperationsFile,
    prepare,
  });
  const tls = readTlsFiles(config); // first, because its failure must leave nothing open
  const cluster = await startConfiguredCluster(config, log);
  const streams = cluster?.streams;
  const observed: Observability = await startObservability(config, log, options.hooks, {
    events: () => services.hub.stats(),
    entityCache: () => services.entityCache,
    operationCache: () => operationCache,
    webSockets: () => transports.websocket.size,
    upstream: () => ({ isAvailable: services.upstream.isAvailable, ...services.upstream.load }),
    isProviderUp: config.oidcIssuer === undefined ? undefined : () => transports.authenticator.isProviderUp,
    redis: cluster === undefined ? undefined : () => cluster.connection,
    sharing: streams === undefined ? undefined : () => streams.gauges,
  }).catch(async (error: unknown) => {
    await cluster?.close();
    throw error;
  });
  const services = createServices(config, observed, { tls, cluster }, () => transports.readiness.update());
  const parts = { schema, services, prepare, persisted, demoAuthorization, cluster };
  const abandon = async () => {
    await services.hub.close();
    await Promise.all([services.upstream.close(), services.pictures.close()]);
    await Promise.all([observed.closeExports(), observed.close(0)]);
    await cluster?.close();
  };
  const transports = await createTransports(config, observed, parts).catch(async (error: unknown) => {
    await abandon();
    throw error;
  });
  const { server } = transports;

  if (!isWarm) {
    warmUp(schema, prepare, createPrepare(schema, { ...prepareOptions, cacheBytes: 0 }));
    warmUpReplies();
  }
  let url: string;
  let metricsUrl: string | undefined;
  try {
    url = await listen(server, config);
    metricsUrl = await observed.listenForMetrics();
  } catch (error) {
    server.close();
    await abandon();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const close = () => {
    stopping ??= shutDown({ ...transports, ...services, config, log, observed, cluster });
    return stopping;
  };
  if (!isWarm) await warmUpHttp(url);
  isWarm = true;
  return { url, metricsUrl, close, reopenLogs: () => observed.audit?.reopen(), [Symbol.asyncDispose]: close };
}

function prepareOptionsOf(config: GatewayOptions['config']): PrepareOptions {
  return {
    introspection: config.introspection,
    cacheBytes: config.operationCacheBytes,
    compileAfter: config.compileAfter,
    maxCharacters: config.maxDocumentCharacters,
    maxTokens: config.maxTokens,
    check: createDocumentCheck(config),
  };
}

/** The upstream client, the event hub and the entity cache. @param onState Called when the upstream's circuit breaker changes. */
function createServices(
  config: GatewayConfig,
  { log, metrics, audit, tracing }: Observability,
  { tls, cluster }: { readonly tls: Tls; readonly cluster: Cluster | undefined },
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
    tls,
    settings: config,
    credentialStatus: upstream.standing,
    log,
    versions,
    onLag: metrics?.subscriptionLag,
    sharing: cluster?.streams,
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
    auditAccount: { waitMs: config.auditAccountWaitMs, retryMs: config.auditAccountRetryMs },
    productKey: config.productKey,
    operationTimeoutMs: config.operationTimeoutMs,
    maxEventLength: config.streamMaxFrame,
  };
}

/** @throws ConfigError for a Redis that cannot be used. */
async function startConfiguredCluster(config: Config, log: Log): Promise<Cluster | undefined> {
  const { redisUrl, redisKeys, rateLimit, rememberedConversations: maxCredentials } = config;
  if (redisUrl === undefined || redisKeys === undefined) return undefined;
  const { startCluster } = await import('./cluster/cluster.ts');
  return startCluster({ settings: { ...config, redisUrl, redisKeys }, rateLimit, maxCredentials, log });
}
