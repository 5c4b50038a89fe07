/** Wires the HTTP server and the WebSocket endpoint of a gateway, with one pipeline behind all transports. */
import type { Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Cluster } from './cluster/cluster.ts';
import type { Config } from './config/config.ts';
import type { GatewayServices } from './context.ts';
import type { Transport } from './observability/metrics.ts';
import type { Observability } from './observability/observability.ts';
import { createAccessLog } from './server/access-log.ts';
import { createAuthenticator } from './server/authentication/create-authenticator.ts';
import { Drain } from './server/drain.ts';
import { ClientAddresses } from './server/http/connection/client-addresses.ts';
import { InFlightResponses } from './server/http/connection/in-flight-responses.ts';
import { createCompression } from './server/http/graphql/compression.ts';
import { createPostHandler } from './server/http/graphql/graphql-post.ts';
import { createYogaHandler } from './server/http/graphql/yoga.ts';
import { createCors } from './server/http/headers/cors.ts';
import { graphqlPath } from './server/http/router.ts';
import { createAttachmentRoute } from './server/http/routes/attachment-route.ts';
import { createAvatarRoute } from './server/http/routes/avatar-route.ts';
import { exampleTabs } from './server/http/routes/example-operations.ts';
import { createGraphiQL } from './server/http/routes/graphiql.ts';
import { createHttpServer } from './server/http/server.ts';
import { MemoryBudget } from './server/memory-budget.ts';
import { instrumentPipeline } from './server/operation/instrumented-pipeline.ts';
import { WorkBudget } from './server/operation/limits/work-budget.ts';
import { createPipeline, type Pipeline } from './server/operation/pipeline.ts';
import type { Prepare } from './server/operation/prepare.ts';
import { OperationNames } from './server/operation-names.ts';
import type { PersistedOperations } from './server/persisted-operations.ts';
import { Readiness } from './server/readiness.ts';
import type { OnRejected } from './server/rejections.ts';
import { createWebSocketEndpoint } from './server/websocket/server.ts';
import type { Pictures } from './upstream/pictures.ts';

/** Services that resolvers use, and those that only routes use. */
export interface OwnServices extends GatewayServices {
  readonly pictures: Pictures;
}

interface TransportParts {
  readonly schema: GraphQLSchema;
  readonly services: OwnServices;
  readonly prepare: Prepare;
  readonly persisted: PersistedOperations;
  readonly demoAuthorization: string | undefined;
  readonly cluster: Cluster | undefined;
}

/**
 * The HTTP server and the WebSocket endpoint, with one pipeline behind all transports.
 * @throws ConfigError for an authentication method with missing settings.
 */
export async function createTransports(
  config: Config & { readonly upstreamUrl: string },
  observability: Observability,
  parts: TransportParts,
) {
  const { log, metrics, hooks } = observability;
  const { schema, services, prepare, demoAuthorization } = parts;
  const { standing } = services.upstream;
  const memory = new MemoryBudget({ total: config.maxHeldBytes, largest: config.maxBodyBytes });
  const pipelineFor = createPipelines(config, observability, parts, memory);
  const pipelines = { http: pipelineFor('http'), sse: pipelineFor('sse'), multipart: pipelineFor('multipart') };
  const drain = new Drain();
  const onRejected: OnRejected = (transport, reason) => metrics?.rejected(transport, reason);
  const authenticator = await createAuthenticator(config, hooks.credentialFor, log);
  const common = { schema, memory, standing, log, onRejected, drain, authenticator };
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
  const inFlight = new InFlightResponses(config.maxPipelinedRequests);
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
    standing,
    challenge: authenticator.challenge,
    cors: createCors({
      origins: config.corsOrigins,
      moreHeaders: config.corsAllowedHeaders,
      credentials: config.sessionKeys !== undefined,
    }),
    authenticator,
    httpGet: config.httpGet,
    onRejected,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    isReady: () => readiness.isReady,
    acceptsSockets: () => server.listening,
    inFlight,
    addresses: new ClientAddresses(config.trustedProxies),
    bounds: config,
    metrics: config.metricsPort === undefined ? metrics : undefined,
    log,
  });
  return { server, websocket, drain, readiness, authenticator };
}

/** @returns The one pipeline, observed as that of each transport. */
function createPipelines(
  config: Config,
  { log, metrics, tracing, hooks }: Observability,
  { schema, services, prepare, persisted, cluster }: TransportParts,
  memory: MemoryBudget,
): (transport: Transport) => Pipeline {
  const pipeline = createPipeline({
    workBudget: config.unprovenWorkPercent === 0 ? undefined : new WorkBudget(config.unprovenWorkPercent / 100),
    memory,
    schema,
    prepare,
    persisted,
    services,
    maxUpstreamCalls: config.maxUpstreamCalls,
    rateLimit: config.rateLimit,
    unprovenQueue: config.unprovenQueue,
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
  return (transport) => instrumentPipeline(pipeline, transport, observers);
}
