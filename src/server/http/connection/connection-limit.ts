import type { Server } from 'node:http';
import type { OnRejected } from '../../rejections.ts';

/** Closes connections above `limit` per client address as soon as they are accepted, before any byte is read. */
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
      const remaining = (open.get(remoteAddress) ?? 1) - 1;
      if (remaining === 0) open.delete(remoteAddress);
      else open.set(remoteAddress, remaining);
    });
  });
}
