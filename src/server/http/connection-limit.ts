import type { Server } from 'node:http';
import type { OnRejected } from '../rejections.ts';

/** Refuses a connection above the limit at once, before it has said anything. */
export function limitConnections(server: Server, limit: number, onRejected: OnRejected): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const { remoteAddress = '' } = socket;
    const count = (open.get(remoteAddress) ?? 0) + 1;
    if (count > limit) {
      onRejected('http', 'connections');
      socket.destroy();
      return;
    }
    open.set(remoteAddress, count);
    socket.once('close', () => {
      const left = (open.get(remoteAddress) ?? 1) - 1;
      if (left === 0) open.delete(remoteAddress);
      else open.set(remoteAddress, left);
    });
  });
}
