/**
 * A subscription as the answer to an HTTP request: GraphQL over SSE, distinct connections mode. Written here and not by Yoga,
 * whose streams hold events of which nobody can tell when they have left.
 */
import type { ServerResponse } from 'node:http';
import { GatewayError } from '../../errors.ts';
import type { Drain } from '../drain.ts';
import { sseBatch } from '../subscription/result-batch.ts';
import { streamResults } from '../subscription/result-stream.ts';
import type { SubscriptionResults } from '../subscription/results.ts';
import { SendWindow } from '../subscription/send-window.ts';

/** As often as Yoga: proxies cut off what is silent for longer. */
const pingEveryMs = 12_000;
/** A comment: some browsers wait for a first byte, and who has left shows when something is written. */
const ping = ':\n\n';

/** `X-Accel-Buffering` makes nginx, and what reads it as nginx does, hand events on at once instead of filling a buffer first. */
export const eventStreamHeaders = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } as const;

/** Settles when the answer has ended, whoever ended it. */
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
    }, pingEveryMs);
    const closed = new AbortController();
    const part = drain.join(() => results.end(new GatewayError('SHUTTING_DOWN')));
    response.once('close', () => {
      part();
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
