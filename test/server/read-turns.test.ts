/** Many connections with work at once do not delay the callers that the upstream knows, nor those that connect before or during it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ReadTurns, readAs, readTurnOf } from '../../src/server/http/connection/read-turns.ts';
import { HttpRequest } from '../../src/server/http/headers/request-head.ts';
import { type CountedServer, sendGet, startCounted } from '../support/counted-server.ts';
import { waitUntil } from '../support/wait.ts';

const hostile = 100;
const workMs = 4;
/** Milliseconds. */
const workOf: Readonly<Record<string, number>> = {
  // What parsing and validating a large document takes.
  hostile: workMs,
  // Together more than a turn may take.
  busy: 0.5,
  new: 0.2,
};

describe('requests on connections whose credential the upstream has not accepted', () => {
  let answered: string[];
  let counted: CountedServer;

  beforeEach(async () => {
    answered = [];
    const server = createServer((request, response) => {
      const name = request.url?.slice(1) ?? '';
      const until = performance.now() + (workOf[name] ?? 0);
      while (performance.now() < until);
      if (name === 'accept' || name === 'new') readAs(request.socket, 'ada', '127.0.0.1');
      answered.push(name);
      response.end();
    });
    new ReadTurns(server);
    counted = await startCounted(server);
  });
  afterEach(() => counted[Symbol.asyncDispose]());

  const responseOn = (socket: Socket) => once(socket, 'data');

  it('are read a few per turn of the loop, and all of them in the end', async () => {
    const known = await counted.connected();
    sendGet(known, 'accept');
    await responseOn(known);
    const crowd = await Promise.all(Array.from({ length: hostile }, counted.connected));
    await waitUntil(() => counted.accepted === hostile + 1);
    const responses = crowd.map(responseOn);
    for (const socket of crowd) sendGet(socket, 'hostile');
    sendGet(known, 'known');
    await responseOn(known);
    expect(answered.indexOf('known')).toBeLessThan(hostile / 5);
    // A later one does not wait for all of them.
    const late = await counted.connected();
    sendGet(late, 'late');
    await responseOn(late);
    expect(answered.indexOf('late')).toBeLessThan(hostile / 2);
    await Promise.all(responses);
    expect(answered.filter((name) => name === 'hostile')).toHaveLength(hostile);
  });

  it('are read although they are the earliest and new ones keep arriving', async () => {
    const early = await counted.connected();
    await waitUntil(() => counted.accepted === 1);
    let isOver = false;
    let attacked = 0;
    /** Connects, sends, and starts the next: the number of waiting connections stays the same. */
    const attack = async (): Promise<void> => {
      const socket = await counted.connected();
      sendGet(socket, 'hostile');
      await Promise.race([responseOn(socket), once(socket, 'close')]);
      socket.destroy();
      attacked += 1;
      if (!isOver) await attack();
    };
    const attacks = Array.from({ length: hostile }, attack);
    // Turns have begun: the early connection waits for one before it sends its request.
    await waitUntil(() => attacked > 10);
    sendGet(early, 'early');
    const since = answered.length;
    await responseOn(early);
    expect(answered.indexOf('early') - since).toBeLessThan(2 * hostile);
    isOver = true;
    await Promise.all(attacks);
  });

  it('are read soon when their credential turns out to be an accepted one, although requests of others fill each turn', async () => {
    const busy = await Promise.all(Array.from({ length: hostile }, counted.connected));
    for (const socket of busy) sendGet(socket, 'accept');
    await Promise.all(busy.map(responseOn));
    const crowd = await Promise.all(Array.from({ length: 2 * hostile }, counted.connected));
    await waitUntil(() => counted.accepted === busy.length + crowd.length);
    let isOver = false;
    const load = busy.map(async (socket) => {
      while (!isOver) {
        sendGet(socket, 'busy');
        await responseOn(socket);
      }
    });
    await waitUntil(() => answered.length > 4 * busy.length);
    answered.length = 0;
    const responses = crowd.map(responseOn);
    for (const socket of crowd) sendGet(socket, 'new');
    await Promise.all(responses);
    isOver = true;
    await Promise.all(load);
    const turns = answered.filter((name) => name === 'busy').length / busy.length;
    expect(turns).toBeLessThan(crowd.length / 10);
  });
});

describe('an upgrade in a turn of the loop that is already long', () => {
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
    await using counted = await startCounted(server);
    const [busy, upgrading] = [await counted.connected(), await counted.connected()];
    await waitUntil(() => counted.accepted === 2);
    // Both have arrived when the loop reads next; the request occupies a long turn.
    busy.write(busyText);
    upgrading.write(upgradingText);
    await waitUntil(() => sockets.clients.size > 0);
    // A text of four letters, masked with zeros.
    upgrading.write(Buffer.concat([Buffer.from([0x81, 0x84, 0, 0, 0, 0]), Buffer.from('read')]));
    await waitUntil(() => messages.length > 0);
    expect(messages).toEqual(['read']);
  });
});

describe('bodies of accepted credentials', () => {
  const bodyBytes = 400_000;
  let answered: string[];
  let server: Server;
  let counted: CountedServer;

  beforeEach(async () => {
    answered = [];
    server = createServer({ IncomingMessage: HttpRequest }, (request, response) => {
      const name = request.url?.slice(1) ?? '';
      readAs(request.socket, name, '127.0.0.1');
      request.resume().once('end', () => {
        // What parsing a large body takes.
        if (request.method === 'POST') for (const until = performance.now() + workMs; performance.now() < until; );
        answered.push(name);
        response.end();
      });
    });
    new ReadTurns(server);
    counted = await startCounted(server);
  });
  afterEach(() => counted[Symbol.asyncDispose]());

  const ask = async (socket: Socket, name: string) => {
    sendGet(socket, name);
    await once(socket, 'data');
  };
  const post = async (socket: Socket, name: string) => {
    socket.write(`POST /${name} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bodyBytes}\r\n\r\n`);
    socket.write(Buffer.alloc(bodyBytes));
    await once(socket, 'data');
  };

  it('take turns by credential: a small request and a large body of others wait for only a few of a hundred', async () => {
    const crowd = await Promise.all(Array.from({ length: hostile }, counted.connected));
    const small = await counted.connected();
    const large = await counted.connected();
    await waitUntil(() => counted.accepted === hostile + 2);
    await Promise.all([...crowd.map((socket) => ask(socket, 'edward')), ask(small, 'ada'), ask(large, 'grace')]);
    answered.length = 0;
    const edwards = (socket: Socket) => post(socket, 'edward');
    const bodies = crowd.slice(0, hostile / 2).map(edwards);
    const own = post(large, 'grace');
    bodies.push(...crowd.slice(hostile / 2).map(edwards));
    // Five times: without turns, all bodies would be read during these few turns of the loop.
    for (let time = 0; time < 5; time++) await ask(small, 'ada');
    expect(answered.filter((name) => name === 'edward').length).toBeLessThan(hostile / 2);
    await own;
    expect(answered.filter((name) => name === 'edward').length).toBeLessThan(hostile / 2);
    await Promise.all(bodies);
    expect(answered.filter((name) => name === 'edward')).toHaveLength(hostile);
  });

  it('are not read further once the connection is stopped, although it was resumed in the same tick', async () => {
    const client = await counted.connected();
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
    // Other connections are read after it.
    const other = await counted.connected();
    for (let time = 0; time < 3; time++)
      await new Promise((resolve) => other.write('GET /ada HTTP/1.1\r\nhost: x\r\n\r\n', resolve));
    await once(server, 'request');
    expect(stopped?.bytesRead).toBe(read);
  });

  it('are dropped after a rejection without a callback for each chunk', async () => {
    const client = await counted.connected();
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
