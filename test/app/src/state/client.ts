/** One client: queries and mutations over HTTP, subscriptions over a WebSocket, both with the same credential. */
import { createClient as createSocketClient } from 'graphql-ws';
import { createHttpClient, type StoreClient } from 'tigerconnect-graphql/store';
import { upload } from './upload.ts';

/** @param onProgress Called with the key of a message and the part of its file that is on its way. */
export function connect(authorization: string, onProgress: (key: string, part: number) => void): StoreClient {
  const socket = createSocketClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization },
    keepAlive: 10_000,
    // The store subscribes again, behind the last event.
    retryAttempts: 0,
  });
  // With a session, a file may be sent only with a header that no form has.
  const headers = { authorization, 'apollo-require-preflight': 'true' };
  const http = createHttpClient({
    url: '/graphql',
    headers: () => headers,
    fetch: (url, init) => (init.body instanceof FormData ? upload(url, init.body, init, onProgress) : fetch(url, init)),
  });
  return {
    subscribe: (request, sink) => (/\bsubscription [A-Z]/.test(request.query) ? socket : http).subscribe(request, sink),
  };
}
