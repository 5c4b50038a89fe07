/** Hive Gateway over HTTP in front of a supergraph, like the router of a hospital. */
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';
import { listenOnLoopback } from './loopback.ts';

export interface Router extends AsyncDisposable {
  readonly url: string;
}

/** It passes the caller's `Authorization` on to each subgraph, and nothing else of the request. */
export async function startHiveGateway(supergraph: string): Promise<Router> {
  const runtime = createGatewayRuntime({
    supergraph,
    logging: false,
    maskedErrors: false,
    transports: { http },
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
    },
  });
  const server = createServer(runtime);
  const listening = await listenOnLoopback(server);
  return {
    url: `${listening.url}/graphql`,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    },
  };
}
