/** Hive Gateway: one user, through its REST transport. Its supergraph is what mesh-compose makes of an OpenAPI description of that read. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import rest from '@graphql-mesh/transport-rest';
import { fetch } from 'undici';
import { listening, upstream, upstreamUrl } from './peer.ts';

const template = readFileSync(new URL('./hive.graphql', import.meta.url), 'utf8');
const gateway = createGatewayRuntime({
  supergraph: template.replaceAll('$UPSTREAM', upstreamUrl),
  transports: { rest },
  // undici's, on the pool that all peers have; its types are not those of the DOM.
  fetchAPI: { fetch: ((url: string, init: object) => fetch(url, { ...init, dispatcher: upstream } as never)) as never },
  logging: false,
  landingPage: false,
  graphiql: false,
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
