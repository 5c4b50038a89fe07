import type { Server } from 'node:http';
import { limitGroup } from '../../../util/ip-address.ts';
import type { OnRejected } from '../../rejections.ts';
import type { ClientAddresses } from './client-addresses.ts';

/**
 * Closes connections above `limit` per client address as soon as they are accepted, before any byte is read. Those of trusted
 * proxies do not count: each carries requests of many clients.
 */
export function limitConnections(
  server: Server,
  limit: number,
  addresses: ClientAddresses,
  onRejected: OnRejected,
): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    if (addresses.isTrusted(socket)) return;
    const address = limitGroup(socket.remoteAddress ?? '');
    const count = (open.get(address) ?? 0) + 1;
    if (count > limit) {
      onRejected('http', 'connections');
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const remaining = (open.get(address) ?? 1) - 1;
      if (remaining === 0) open.delete(address);
      else open.set(address, remaining);
    });
  });
}
