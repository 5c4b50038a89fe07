import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import { fetch } from 'undici';
import { listening, typeDefs, upstream, upstreamUrl } from './peer.ts';
import { type PeerContext, readsOnce, resolvers } from './resolvers.ts';

/** Its own memory of GETs makes each read once an operation. */
class Upstream extends RESTDataSource {
  override baseURL = upstreamUrl;
  readonly #authorization: string;

  constructor(authorization: string) {
    super({ fetch: (url, init) => fetch(url, { ...init, dispatcher: upstream } as never) as never });
    this.#authorization = authorization;
  }

  async reply(path: string): Promise<unknown> {
    const { reply } = await this.get<{ reply: unknown }>(path, { headers: { authorization: this.#authorization } });
    return reply;
  }
}

const { Counterpart, ...others } = resolvers;
const server = new ApolloServer<PeerContext>({
  typeDefs,
  resolvers: { ...others, Counterpart: { __resolveType: Counterpart.__resolveType } },
});
await server.start();
const app = fastify();
app.route({
  url: '/graphql',
  method: 'POST',
  handler: fastifyApolloHandler(server, {
    context: async ({ headers }) => {
      const source = new Upstream(headers.authorization ?? '');
      return { reads: readsOnce((path) => source.reply(path)) };
    },
  }),
});
listening(await app.listen({ port: 0, host: '127.0.0.1' }));
