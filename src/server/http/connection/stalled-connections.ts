/**
 * Closes connections whose clients do not read their responses. Node's own timeout counts bytes in either direction, so that a client
 * could keep its connection, and the responses that wait for it, by sending line breaks.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Bytes that a connection has sent, and since when that number is unchanged. */
interface Progress {
  readonly sentBytes: number;
  /** On the clock of `performance`. */
  readonly since: number;
}

/** Maximum milliseconds between two checks for stalled responses. */
const maxCheckIntervalMs = 1_000;

/** @param timeoutMs Maximum time without a byte of a pending response. */
export function closeStalledConnections(server: Server, timeoutMs: number): void {
  const connections = new Map<Socket, Progress | undefined>();
  server.on('connection', (socket) => {
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  // A WebSocket has pings and a send window of its own.
  server.on('upgrade', ({ socket }) => connections.delete(socket));

  const check = () => {
    const now = performance.now();
    for (const [socket, before] of connections) {
      const { writableLength } = socket;
      if (writableLength === 0) {
        if (before !== undefined) connections.set(socket, undefined);
        continue;
      }
      const sentBytes = socket.bytesWritten - writableLength;
      if (before?.sentBytes !== sentBytes) connections.set(socket, { sentBytes, since: now });
      else if (now - before.since >= timeoutMs) socket.destroy();
    }
  };
  const timer = setInterval(check, Math.min(timeoutMs / 2, maxCheckIntervalMs)).unref();
  server.once('close', () => clearInterval(timer));
}
