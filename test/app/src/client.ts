/** One client: queries and mutations over HTTP, subscriptions over a WebSocket, both with the same credential. */
import { createClient as createSocket, type Sink } from 'graphql-ws';
import { type Client, createClient, fetchExchange, subscriptionExchange } from 'urql';

/** Longest wait before the socket is opened again, in milliseconds. */
const mostWaitMs = 5_000;

export interface LiveClient {
  readonly client: Client;
  close(): void;
}

/** @param onSocket Hears whether the socket is open. */
export function createLiveClient(authorization: string, onSocket: (isOpen: boolean) => void): LiveClient {
  const socket = createSocket({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization },
    keepAlive: 10_000,
    // A phone loses its network for hours; subscriptions go on when it is back.
    shouldRetry: () => true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) =>
      new Promise((resolve) => setTimeout(resolve, Math.min(mostWaitMs, 250 * 2 ** retries) * (0.5 + Math.random()))),
    on: { connected: () => onSocket(true), closed: () => onSocket(false) },
  });
  const client = createClient({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          // Both libraries mean the same sink.
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
        }),
      }),
    ],
  });
  return { client, close: () => void socket.dispose() };
}
