/** A server whose connections are counted, and sockets that are connected to it. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listenOnLoopback } from './loopback.ts';

export interface CountedServer extends AsyncDisposable {
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Connects a socket. @param localAddress Of this machine, such as 127.0.0.2. */
  connected(localAddress?: string): Promise<Socket>;
}

/** Starts a server. Disposing it closes the server and the sockets. */
export async function startCounted(server: Server): Promise<CountedServer> {
  const sockets: Socket[] = [];
  let accepted = 0;
  server.on('connection', () => void accepted++);
  const listening = await listenOnLoopback(server);
  const { hostname, port } = new URL(listening.url);
  return {
    get accepted() {
      return accepted;
    },
    async connected(localAddress = '127.0.0.1') {
      const socket = connect({ port: Number(port), host: hostname, localAddress });
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}

/** Sends a request for the path of this name. */
export function sendGet(socket: Socket, name: string): void {
  socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`);
}
