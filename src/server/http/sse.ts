/**
 * A subscription as an HTTP response: GraphQL over SSE, distinct connections mode. Yoga is not used, because its streams buffer events
 * without reporting when their bytes have been sent, which acknowledgement needs.
 */
import type { ServerResponse } from 'node:http';
import { GatewayError } from '../../errors.ts';
import type { Drain } from '../drain.ts';
import { sseBatch } from '../subscription/result-batch.ts';
import { streamResults } from '../subscription/result-stream.ts';
import type { SubscriptionResults } from '../subscription/results.ts';
import { SendWindow } from '../subscription/send-window.ts';

/** Milliseconds between pings, as in Yoga. Proxies close connections that are idle for longer. */
const pingIntervalMs = 12_000;
/** An SSE comment. Some browsers wait for a first byte, and a write reveals a client that has disconnected. */
const ping = ':\n\n';

/** `X-Accel-Buffering` disables response buffering in nginx and in proxies that support the header. */
export const eventStreamHeaders = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } as const;

/**
 * Sends the results as events until they end or the client disconnects. Settles when the response has closed; never rejects.
 * @param onFault Called for an unexpected error of the stream, after which the connection is closed.
 */
export function sendEventStream(
  response: ServerResponse,
  results: SubscriptionResults,
  drain: Drain,
  onFault: (error: unknown) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const { socket } = response;
    if (socket === null || socket.destroyed) {
      results.cancel();
      return resolve();
    }
    socket.setNoDelay(true);
    response.writeHead(200, { ...eventStreamHeaders, 'content-encoding': 'none' });
    response.write(ping);
    const pings = setInterval(() => {
      if (response.writableLength === 0) response.write(ping);
    }, pingIntervalMs);
    const closed = new AbortController();
    const removeFromDrain = drain.add(() => results.end(new GatewayError('SHUTTING_DOWN')));
    response.once('close', () => {
      removeFromDrain();
      clearInterval(pings);
      closed.abort();
      resolve();
    });
    const isOpen = () => !response.destroyed && !response.writableEnded;
    const sendWindow = new SendWindow({ writable: response, connection: socket, isOpen });
    const fail = (error: unknown) => {
      onFault(error);
      response.destroy();
    };
    void streamResults({ results, sendWindow, batch: sseBatch(), signal: closed.signal, onFault: fail }).then(() => {
      if (isOpen()) response.end('event: complete\ndata:\n\n');
    });
  });
}
