/** Limits and counts the bytes of WebSocket messages that are still incomplete. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { CredentialStanding } from '../../upstream/transport/breaker/credential-standing.ts';
import { readTurnOf } from '../http/connection/read-turns.ts';
import { type MemoryBudget, uncountedBytes } from '../memory-budget.ts';
import type { OnRejected } from '../rejections.ts';
import { type ConnectionState, closeOrTerminate } from './connection.ts';

export interface IncomingBytesOptions {
  /** Process-wide count to which the bytes of incomplete messages are added. */
  readonly memory: MemoryBudget;
  readonly standing: CredentialStanding;
  readonly onRejected: OnRejected;
}

/** Bytes of a ping or pong of a client without its payload (RFC 6455, 5.2): header and mask. */
const controlFrameBytes = 6;

/** Bytes of a message that are not counted. Before `connection_ack` it is the maximum size of a message. */
const uncountedMessageBytes = 65_536;

/**
 * Counts the bytes that arrive until a message is complete. Closes the connection with 1009 when a message is too large before
 * `connection_ack`, and with 1013 when the process already holds its maximum.
 * @param rawSocket The TCP or TLS socket below the WebSocket.
 * @returns `reset`, to be called when a message is complete or the connection has closed.
 */
export function countIncomingBytes(
  socket: WebSocket,
  rawSocket: Duplex,
  connection: ConnectionState,
  { memory, standing, onRejected }: IncomingBytesOptions,
): { reset(): void } {
  const principalOf = () => standing.acceptedPrincipal(connection.identity.credential);
  const reservation = memory.reserve(principalOf, connection.address);
  const turn = readTurnOf(rawSocket);
  let received = 0;
  const reject = (code: number, reason: string) => {
    onRejected('websocket', 'too_large');
    reservation.release();
    socket.pause(); // the rest of the message is not read
    closeOrTerminate(socket, code, reason);
  };
  rawSocket.on('data', (chunk: Buffer) => {
    if (socket.readyState !== socket.OPEN) return;
    received += chunk.length;
    const isCounted = received > uncountedMessageBytes;
    // Messages of a credential that is not accepted are read in turns, whatever their size: checking and parsing one of 60 kB takes 1 ms.
    if (isCounted || turn?.isAccepted === false) {
      turn?.identify(principalOf(), connection.address);
      if (isCounted || turn?.isAccepted === false) turn?.read();
    }
    if (!isCounted) return;
    if (!connection.isAcknowledged) return reject(1009, 'Message too big');
    try {
      reservation.resize(received - uncountedMessageBytes + uncountedBytes);
    } catch {
      reject(1013, 'Try again later');
    }
  });
  // Pings and pongs are no part of a message: the pongs of a client that only listens would otherwise add up for days. Their events
  // come in a later turn than their bytes.
  const uncountControlFrame = ({ length }: Buffer) => {
    received = Math.max(0, received - controlFrameBytes - length);
    if (received <= uncountedMessageBytes) reservation.release();
  };
  socket.on('ping', uncountControlFrame);
  socket.on('pong', uncountControlFrame);
  return {
    reset() {
      received = 0;
      turn?.begin();
      reservation.release();
    },
  };
}
