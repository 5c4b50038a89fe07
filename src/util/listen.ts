/** Starts servers, and names the setting whose address cannot be bound. */
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
  const { port, family, address } = server.address() as AddressInfo; // a listening TCP server always has an address
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** The settings of an address: their names and values. */
export interface AddressSettings {
  readonly port: readonly [setting: string, value: number];
  readonly host: readonly [setting: string, value: string];
}

/** Message that names the setting whose address cannot be bound; undefined for other errors. */
export function listenProblem(error: unknown, { port, host }: AddressSettings): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isPort = 'port' in error && error.port === port[1];
  const name = 'hostname' in error ? error.hostname : 'address' in error ? error.address : undefined;
  switch (error.code) {
    case 'EADDRINUSE':
      return isPort ? `${port[0]}: port ${port[1]} is in use; choose another one.` : undefined;
    case 'EACCES':
      return isPort ? `${port[0]}: this user may not bind port ${port[1]}; choose one above 1023.` : undefined;
    case 'EADDRNOTAVAIL':
    case 'EAI_AGAIN':
    case 'ENOTFOUND':
      return name === host[1] ? `${host[0]}: ${host[1]} is no address of this machine.` : undefined;
    default:
      return undefined;
  }
}
