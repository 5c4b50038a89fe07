/** Servers that listen. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Connections that may wait to be accepted; Linux allows no more by default. With Node's 511, a thousand clients that connect at once,
 * as after a restart, overflow the queue, and the system drops others, which try again after 1, 3 and 7 seconds.
 */
const maxPendingConnections = 4_096;

/** @returns The origin. @throws Node's error when the address cannot be bound, such as `EADDRINUSE`. */
export async function listen(server: Server, { host: name, port: wanted }: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: wanted, host: name, backlog: maxPendingConnections }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port, family, address } = server.address() as AddressInfo; // a TCP server that listens has one
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
