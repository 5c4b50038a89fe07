/** A TCP proxy whose connections can go silent, as when packets vanish: nothing passes, and nothing is closed. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FreezingProxy extends AsyncDisposable {
  readonly port: number;
  /** Number of open connections that are not silenced. */
  readonly live: number;
  /** Silences the connections that are open; new ones work. */
  freeze(): void;
}

export async function startFreezingProxy(targetPort: number): Promise<FreezingProxy> {
  const pairs = new Map<Socket, Socket>();
  const all = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    pairs.set(client, target);
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      all.add(one);
      one.setNoDelay(true);
      one.on('data', (bytes) => {
        if (pairs.has(client)) other.write(bytes);
      });
      one.on('error', () => one.destroy());
      one.on('close', () => {
        all.delete(one);
        if (pairs.delete(client)) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens
    get live() {
      return pairs.size;
    },
    freeze: () => pairs.clear(),
    async [Symbol.asyncDispose]() {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
