/** Many connections with work at once do not delay the callers that the upstream knows, nor one that connects during it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadTurns } from '../../src/server/http/connection/read-turns.ts';
import { waitUntil } from '../support/wait.ts';

const hostile = 100;
const workMs = 4;

describe('requests on connections whose credential the upstream has not accepted', () => {
  let answered: string[];
  let open: Socket[];
  let close: () => void;
  let connected: () => Promise<Socket>;
  let accepted: number;

  beforeEach(async () => {
    answered = [];
    open = [];
    accepted = 0;
    const server = createServer((request, response) => {
      const name = request.url?.slice(1) ?? '';
      // What parsing and validating a large document takes.
      if (name === 'hostile') for (const until = performance.now() + workMs; performance.now() < until; );
      if (name === 'accept') turns.accept(request.socket);
      answered.push(name);
      response.end();
    });
    const turns = new ReadTurns(server);
    server.on('connection', () => void accepted++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    connected = async () => {
      const socket = connect(port, '127.0.0.1');
      open.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    close = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterEach(() => {
    for (const socket of open) socket.destroy();
    close();
  });

  const send = (socket: Socket, name: string) => socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const responseOn = (socket: Socket) => once(socket, 'data');

  it('are read a few in a turn of the loop, and all of them in the end', async () => {
    const known = await connected();
    send(known, 'accept');
    await responseOn(known);
    const crowd = await Promise.all(Array.from({ length: hostile }, connected));
    await waitUntil(() => accepted === hostile + 1);
    const responses = crowd.map(responseOn);
    for (const socket of crowd) send(socket, 'hostile');
    send(known, 'known');
    await responseOn(known);
    expect(answered.indexOf('known')).toBeLessThan(hostile / 5);
    // One that comes later is not behind all of them.
    const late = await connected();
    send(late, 'late');
    await responseOn(late);
    expect(answered.indexOf('late')).toBeLessThan(hostile / 2);
    await Promise.all(responses);
    expect(answered.filter((name) => name === 'hostile')).toHaveLength(hostile);
  });
});
