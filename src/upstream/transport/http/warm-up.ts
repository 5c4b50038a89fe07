/** Runs the HTTP client once at start, so that the first call of an operation does not wait for its compilation. */
import { CancellableTask } from '../../cancellation.ts';
import { sendBuffered } from './buffered-request.ts';
import { PooledConnection } from './connection-pool.ts';
import { createConnector } from './connector.ts';

/** Timeout of the request, in milliseconds. After a timeout the gateway starts anyway. */
const timeoutMs = 1_000;

/** Maximum reply size in bytes. The health check replies with one word. */
const maxReplyBytes = 1_000;

/**
 * Sends one request to the gateway's own health check through the upstream HTTP client, so that server and client code is
 * compiled. Errors are ignored: a failed warm-up only makes the first request slower.
 * @param url Origin that the gateway listens on.
 */
export async function warmUpHttp(url: string): Promise<void> {
  const connection = new PooledConnection(url, createConnector({ tls: undefined, timeoutMs, proxy: undefined }));
  const task = new CancellableTask();
  const timer = setTimeout(() => task.cancel(new Error('Warm-up request timed out.')), timeoutMs);
  await new Promise<void>((resolve) => {
    const handler = { sent: () => {}, onResponse: () => resolve(), onError: () => resolve() };
    sendBuffered(connection, { method: 'GET', path: '/healthz', reset: true }, maxReplyBytes, task, handler);
  });
  clearTimeout(timer);
  await connection.destroy(null);
}
