/** A load balancer for TCP: each new connection goes to one of its targets, and stays there until either side closes it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpBalancer extends AsyncDisposable {
  readonly url: string;
  /** Ports that get new connections, in turn. A target that refuses a connection is skipped for it. */
  targets: readonly number[];
  /** Breaks the connections to a target. */
  cut(port: number): void;
}

export async function startBalancer(targets: readonly number[] = []): Promise<TcpBalancer> {
  const pairs = new Map<Socket, number>();
  let next = 0;
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    const attempt = (left: number) => {
      const ports = balancer.targets;
      const port = ports[next++ % Math.max(1, ports.length)];
      if (port === undefined || left === 0) {
        client.destroy();
        return;
      }
      const target = connect(port, '127.0.0.1');
      target.once('error', () => attempt(left - 1));
      target.once('connect', () => {
        target.removeAllListeners('error');
        target.on('error', () => target.destroy());
        pairs.set(client, port);
        for (const socket of [client, target]) socket.setNoDelay(true);
        client.pipe(target).pipe(client);
        client.on('close', () => target.destroy());
        target.on('close', () => client.destroy());
      });
    };
    client.on('close', () => pairs.delete(client));
    attempt(balancer.targets.length);
  });
  const balancer = {
    url: '',
    targets,
    cut(port: number) {
      for (const [client, target] of pairs) if (target === port) client.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const client of pairs.keys()) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  balancer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens
  return balancer;
}
