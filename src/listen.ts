/** Servers that listen. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Maximum connections that wait to be accepted. Default: Node's 511. */
  readonly maxPendingConnections?: number;
}

/** @returns The origin. @throws Node's error when the address cannot be bound, such as `EADDRINUSE`. */
export async function listen(
  server: Server,
  { host: name, port: wanted, maxPendingConnections }: Address,
): Promise<string> {
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
