import fastify from 'fastify';
import mercurius from 'mercurius';
import { get, listening, typeDefs } from './peer.ts';
import { readsOnce, resolvers } from './resolvers.ts';

const app = fastify();
const { Counterpart, ...others } = resolvers;
app.register(mercurius, {
  schema: typeDefs,
  resolvers: { ...others, Counterpart: { resolveType: Counterpart.resolveType } } as never, // its own types want the union as a function map
  jit: 1,
  context: ({ headers }) => ({ reads: readsOnce((path) => get(path, headers.authorization ?? '')) }),
});
listening(await app.listen({ port: 0, host: '127.0.0.1' }));
