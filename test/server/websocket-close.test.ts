/** The close handshake of a WebSocket connection. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { closeOrTerminate } from '../../src/server/websocket/connection.ts';

it('waits for the close frame of an open socket, and not of a closed one', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`); // it listens
  const [socket]: WebSocket[] = await once(server, 'connection');
  if (socket === undefined) throw new Error('there is a socket');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    closeOrTerminate(socket, 4403, 'Credential expired');
    const waiting = vi.getTimerCount();
    expect(waiting).toBeGreaterThan(0);
    await once(socket, 'close');
    const after = vi.getTimerCount();
    expect(after).toBeLessThan(waiting);
    // As when an operation ends whose client has closed the socket.
    closeOrTerminate(socket);
    expect(vi.getTimerCount()).toBe(after);
  } finally {
    vi.useRealTimers();
    client.terminate();
    server.close();
  }
});
