import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on a free port of the loopback. */
export interface Listening extends AsyncDisposable {
  /** Origin, without a trailing slash. */
  readonly url: string;
}

/** Disposing it closes the server and its connections. */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
