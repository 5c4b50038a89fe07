/**
 * A subscription as an HTTP response, in one of the stream formats. Yoga is not used, because its streams buffer events without
 * reporting when their bytes have been sent, which acknowledgement needs.
 */
import type { ServerResponse } from 'node:http';
import { CancellationSource } from '../../../upstream/cancellation.ts';
import { atExpiry } from '../../authentication/expiry.ts';
import { credentialExpired } from '../../authentication/identity.ts';
import { type Drain, shuttingDown } from '../../drain.ts';
import { streamResults } from '../../subscription/result-stream.ts';
import type { SubscriptionResults } from '../../subscription/results.ts';
import { SendWindow } from '../../subscription/send-window.ts';
import type { StreamType } from '../headers/accept.ts';
import { streamFormats } from './stream-formats.ts';

/** Milliseconds between heartbeats, as in Yoga. Proxies close connections that are idle for longer. */
const heartbeatIntervalMs = 12_000;

export interface StreamOptions {
  readonly type: StreamType;
  /** Ends the stream at shutdown. */
  readonly drain: Drain;
  /** End of the caller's credential, with which the stream ends; undefined when it has none. */
  readonly expiresAt: number | undefined;
}

/**
 * Sends the results until they end or the client disconnects. Settles when the response has closed; never rejects.
 * @param onFault Called for an unexpected error of the stream, after which the connection is closed.
 */
export function sendStream(
  response: ServerResponse,
  results: SubscriptionResults,
  { type, drain, expiresAt }: StreamOptions,
  onFault: (error: unknown) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const { socket } = response;
    if (socket === null || socket.destroyed) {
      results.cancel();
      return resolve();
    }
    const { headers, opening, heartbeat, ending, createBatch } = streamFormats[type];
    socket.setNoDelay(true);
    response.writeHead(200, headers);
    // Some browsers wait for a first byte, and a write reveals a client that has disconnected.
    response.write(opening);
    const heartbeats = setInterval(() => {
      if (response.writableLength === 0) response.write(heartbeat);
    }, heartbeatIntervalMs);
    const closed = new CancellationSource();
    const removeFromDrain = drain.add(() => results.end(shuttingDown()));
    const stopExpiry = atExpiry(expiresAt, () => results.end(credentialExpired()));
    response.once('close', () => {
      stopExpiry();
      removeFromDrain();
      clearInterval(heartbeats);
      closed.cancel();
      resolve();
    });
    const isOpen = () => !response.destroyed && !response.writableEnded;
    const sendWindow = new SendWindow({ writable: response, connection: socket, isOpen });
    const fail = (error: unknown) => {
      onFault(error);
      response.destroy();
    };
    void streamResults({ results, sendWindow, batch: createBatch(), cancellation: closed, onFault: fail }).then(() => {
      if (isOpen()) response.end(ending);
    });
  });
}
