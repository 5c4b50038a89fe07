/** One client: queries and mutations over HTTP, subscriptions over a WebSocket, both with the same credential. */
import { createClient as createSocket, type Sink } from 'graphql-ws';
import { createClient, fetchExchange, subscriptionExchange } from 'urql';

export function connect(authorization: string) {
  const socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization },
    keepAlive: 10_000,
    // A phone loses its network for hours; subscriptions go on within seconds when it is back.
    shouldRetry: () => true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 250 * 2 ** retries) * (0.5 + Math.random()))),
  });
  const forwardSubscription = ({ query = '', variables = {} }) => ({
    // Both libraries mean the same sink.
    subscribe: (sink: object) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
  });
  const client = createClient({
    url: '/graphql',
    preferGetMethod: false,
    // With a session, a file may be sent only with a header that no form has.
    fetchOptions: { headers: { authorization, 'apollo-require-preflight': 'true' } },
    exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
  });
  return { client, socket };
}
