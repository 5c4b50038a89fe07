import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { get, listening, typeDefs } from './peer.ts';
import { type PeerContext, readsOnce, resolvers } from './resolvers.ts';

const { Counterpart, ...others } = resolvers;
const yoga = createYoga({
  schema: createSchema<PeerContext>({
    typeDefs,
    resolvers: { ...others, Counterpart: { __resolveType: Counterpart.__resolveType } },
  }),
  context: ({ request }) => {
    const authorization = request.headers.get('authorization') ?? '';
    return { reads: readsOnce((path) => get(path, authorization)) };
  },
  // With a limit every body goes through a stream of its own, which costs a fifth.
  maxRequestBodySize: false,
  logging: false,
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
