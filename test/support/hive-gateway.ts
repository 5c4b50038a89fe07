/** Hive Gateway over HTTP in front of a supergraph: the router that a hospital would run. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';

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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}
