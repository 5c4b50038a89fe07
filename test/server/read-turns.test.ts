/** Many connections with work at once do not delay the callers that the upstream knows, nor those that connect before or during it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ReadTurns, readAs, readTurnOf } from '../../src/server/http/connection/read-turns.ts';
import { HttpRequest } from '../../src/server/http/headers/request-head.ts';
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
      if (name === 'accept') readAs(request.socket, 'ada');
      answered.push(name);
      response.end();
    });
    new ReadTurns(server);
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

  it('are read though they came first and ever new ones follow', async () => {
    const early = await connected();
    await waitUntil(() => accepted === 1);
    let isOver = false;
    let attacked = 0;
    /** Connects, sends, and is replaced by the next: those that wait are never fewer. */
    const attack = async (): Promise<void> => {
      const socket = await connected();
      send(socket, 'hostile');
      await Promise.race([responseOn(socket), once(socket, 'close')]);
      socket.destroy();
      attacked += 1;
      if (!isOver) await attack();
    };
    const attacks = Array.from({ length: hostile }, attack);
    // The turns have begun: the early one is held before its request comes.
    await waitUntil(() => attacked > 10);
    send(early, 'early');
    const since = answered.length;
    await responseOn(early);
    expect(answered.indexOf('early') - since).toBeLessThan(2 * hostile);
    isOver = true;
    await Promise.all(attacks);
  });
});

describe('an upgrade in a turn of the loop that is long already', () => {
  const upgrade =
    'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
    'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n';
  const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

  it.each([
    ['after the request of another connection', request, upgrade],
    ['after a request on the same connection', '', request + upgrade],
  ])('becomes a WebSocket that is read, %s', async (_where, busyText, upgradingText) => {
    const server = createServer((_request, response) => {
      for (const until = performance.now() + 10 * workMs; performance.now() < until; );
      response.end();
    });
    new ReadTurns(server);
    const sockets = new WebSocketServer({ noServer: true });
    const messages: string[] = [];
    server.on('upgrade', (upgraded, socket, head) => {
      sockets.handleUpgrade(upgraded, socket, head, (webSocket) => {
        webSocket.on('message', (data) => messages.push(String(data)));
      });
    });
    let accepted = 0;
    server.on('connection', () => void accepted++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const [busy, upgrading] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await waitUntil(() => accepted === 2);
    // All is there when the loop reads next: the request makes its turn a long one.
    busy.write(busyText);
    upgrading.write(upgradingText);
    await waitUntil(() => sockets.clients.size > 0);
    // A text of four letters, masked with zeros.
    upgrading.write(Buffer.concat([Buffer.from([0x81, 0x84, 0, 0, 0, 0]), Buffer.from('read')]));
    await waitUntil(() => messages.length > 0);
    expect(messages).toEqual(['read']);
    upgrading.destroy();
    busy.destroy();
    server.closeAllConnections();
    server.close();
  });
});

describe('bodies of accepted credentials', () => {
  const bodyBytes = 400_000;
  let answered: string[];
  let open: Socket[];
  let server: Server;
  let accepted: number;

  beforeEach(async () => {
    answered = [];
    open = [];
    accepted = 0;
    server = createServer({ IncomingMessage: HttpRequest }, (request, response) => {
      const name = request.url?.slice(1) ?? '';
      readAs(request.socket, name);
      request.resume().once('end', () => {
        // What parsing a large body takes.
        if (request.method === 'POST') for (const until = performance.now() + workMs; performance.now() < until; );
        answered.push(name);
        response.end();
      });
    });
    new ReadTurns(server);
    server.on('connection', () => void accepted++);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  const connected = async () => {
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const socket = connect(port, '127.0.0.1');
    open.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const ask = async (socket: Socket, name: string) => {
    socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(socket, 'data');
  };
  const post = async (socket: Socket, name: string) => {
    socket.write(`POST /${name} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bodyBytes}\r\n\r\n`);
    socket.write(Buffer.alloc(bodyBytes));
    await once(socket, 'data');
  };

  it('take turns by credential: a small request and a large body of others wait for few of a hundred', async () => {
    const crowd = await Promise.all(Array.from({ length: hostile }, connected));
    const small = await connected();
    const large = await connected();
    await waitUntil(() => accepted === hostile + 2);
    await Promise.all([...crowd.map((socket) => ask(socket, 'edward')), ask(small, 'ada'), ask(large, 'grace')]);
    answered.length = 0;
    const edwards = (socket: Socket) => post(socket, 'edward');
    const bodies = crowd.slice(0, hostile / 2).map(edwards);
    const own = post(large, 'grace');
    bodies.push(...crowd.slice(hostile / 2).map(edwards));
    // Several times: without turns, all bodies are read in the few turns of the loop that this takes.
    for (let time = 0; time < 5; time++) await ask(small, 'ada');
    expect(answered.filter((name) => name === 'edward').length).toBeLessThan(hostile / 2);
    await own;
    expect(answered.filter((name) => name === 'edward').length).toBeLessThan(hostile / 2);
    await Promise.all(bodies);
    expect(answered.filter((name) => name === 'edward')).toHaveLength(hostile);
  });

  it('are not read on once the connection is stopped, though it was resumed in the same tick', async () => {
    const client = await connected();
    let stopped: Socket | undefined;
    server.removeAllListeners('request');
    server.on('request', (request) => {
      request.once('data', () => {
        request.socket.pause();
        request.socket.resume();
        readTurnOf(request.socket)?.stop();
        stopped = request.socket;
      });
    });
    client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx');
    await waitUntil(() => stopped !== undefined);
    const read = stopped?.bytesRead;
    client.write('x');
    // Others are read after it.
    const other = await connected();
    for (let time = 0; time < 3; time++)
      await new Promise((resolve) => other.write('GET /ada HTTP/1.1\r\nhost: x\r\n\r\n', resolve));
    await once(server, 'request');
    expect(stopped?.bytesRead).toBe(read);
  });

  it('are dropped after a rejection without a callback for each chunk', async () => {
    const client = await connected();
    let chunks = 0;
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      request.on('data', () => {
        chunks += 1;
        if (chunks !== 10 || !(request instanceof HttpRequest)) return;
        request.discard();
      });
      request.once('end', () => response.end());
    });
    client.write(
      `POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(2_000)}0\r\n\r\n`,
    );
    await once(client, 'data');
    expect(chunks).toBe(10);
  });
});
