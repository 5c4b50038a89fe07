/** A gateway that is behind does nothing for clients that have given up before it handles their requests, and responds to the others. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AcceptTurns } from '../../src/server/http/connection/accept-turns.ts';
import { GoneClients } from '../../src/server/http/connection/gone-clients.ts';
import { ReadTurns, readAs } from '../../src/server/http/connection/read-turns.ts';
import { type CountedServer, sendGet, startCounted } from '../support/counted-server.ts';
import { basicOf } from '../support/sandbox-caller.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

interface Crowd {
  readonly port: number;
  readonly request: string;
  readonly gone: number;
  readonly patient: number;
  readonly state: Int32Array;
}

/**
 * Connects and sends a request on each connection; then those that are to be gone end theirs, and 1 is written to `state`. When 2 is
 * written there, posts the number of responses on the others once each has one.
 */
const clients = `
const { connect } = require('node:net');
const { once } = require('node:events');
const { parentPort, workerData: { port, request, gone, patient, state } } = require('node:worker_threads');
const connected = async () => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(request, resolve));
  return socket;
};
(async () => {
  const leaving = [];
  for (let index = 0; index < gone; index++) leaving.push(await connected());
  const staying = [];
  for (let index = 0; index < patient; index++) staying.push(await connected());
  const responses = Promise.all(staying.map((socket) => once(socket, 'data')));
  await Promise.all(leaving.map((socket) => { socket.destroy(); return once(socket, 'close'); }));
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
  parentPort.postMessage((await responses).map(([data]) => String(data)));
  for (const socket of staying) socket.destroy();
})();
`;

/** Blocks the event loop, as a long turn does, until the clients that are to be gone have disconnected. @returns The responses of the others. */
async function behind(crowd: Omit<Crowd, 'state'>): Promise<string[]> {
  const state = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(clients, { eval: true, workerData: { ...crowd, state } satisfies Crowd });
  const responses = once(worker, 'message');
  await once(worker, 'online');
  Atomics.wait(state, 0, 0);
  const [received] = await responses;
  await worker.terminate();
  return received;
}

describe('clients that disconnect before the gateway has accepted their connection', () => {
  const body = JSON.stringify({ query: '{ me { displayName } }' });

  it('cause no upstream request, and the others have their responses', async () => {
    // Each operation reads the upstream, so that requests count operations.
    await using stack = await startStack({ config: { entityCacheMs: 0, sharedQueryMs: 0 } });
    const request = [
      'POST /graphql HTTP/1.1',
      'host: localhost',
      'content-type: application/json',
      `authorization: ${basicOf('ada')}`,
      `content-length: ${body.length}`,
      `\r\n${body}`,
    ].join('\r\n');
    const responses = await behind({ port: Number(new URL(stack.gateway.url).port), request, gone: 100, patient: 5 });
    for (const response of responses) expect(response).toContain('Ada Lovelace');
    expect(responses).toHaveLength(5);
    expect(stack.sandbox.requests.count('getMe')).toBe(5);
  });
});

describe('requests of connections that are new, while others arrive', () => {
  const workMs = 4;
  const crowdSize = 100;
  let answered: string[];
  let counted: CountedServer;
  let server: Server;

  beforeEach(async () => {
    answered = [];
    server = createServer((request, response) => {
      const name = request.url?.slice(1) ?? '';
      if (name === 'accept') readAs(request.socket, 'ada', '127.0.0.1');
      const handle = () => {
        for (const until = performance.now() + (name === 'crowd' ? workMs : 0); performance.now() < until; );
        answered.push(name);
        response.end();
      };
      if (goneClients.mustDefer(request)) goneClients.defer(request, request.socket.remoteAddress ?? '', handle);
      else handle();
    });
    const acceptTurns = new AcceptTurns(server);
    const goneClients = new GoneClients(() => acceptTurns.isAcceptingMany);
    new ReadTurns(server);
    counted = await startCounted(server);
  });
  afterEach(() => counted[Symbol.asyncDispose]());

  const crowdOf = (size: number) => Promise.all(Array.from({ length: size }, () => counted.connected()));

  /** Calls back in the turn in which requests are deferred. @returns Further connections, of which the callback is during the second. */
  const whenDeferring = (callback: () => void) => {
    let arrived = 0;
    server.on('connection', () => {
      arrived += 1;
      if (arrived === 2) callback();
    });
    return crowdOf(2);
  };

  it('begin a few per turn of the loop, so that a known caller does not wait for them, and all begin in the end', async () => {
    const known = await counted.connected();
    sendGet(known, 'accept');
    await once(known, 'data');
    const crowd = await crowdOf(crowdSize);
    await waitUntil(() => counted.accepted === crowdSize + 1);
    const responses = crowd.map((socket) => once(socket, 'data'));
    const late = whenDeferring(() => {
      for (const socket of crowd) sendGet(socket, 'crowd');
    });
    await waitUntil(() => answered.length > 1);
    sendGet(known, 'known');
    await once(known, 'data');
    expect(answered.indexOf('known')).toBeLessThan(crowdSize / 2);
    await Promise.all(responses);
    expect(answered).toHaveLength(crowdSize + 2);
    await late;
  });

  it('begin in turns: another address waits for none of the many that came before, another connection for one of each', async () => {
    const many = 100;
    const crowd = await crowdOf(10);
    const same = await counted.connected();
    const other = await counted.connected('127.0.0.2');
    await waitUntil(() => counted.accepted === crowd.length + 2);
    const late = whenDeferring(() => {
      for (const socket of crowd) for (let index = 0; index < many; index++) sendGet(socket, 'many');
      sendGet(same, 'same');
      sendGet(other, 'other');
    });
    await waitUntil(() => answered.length === crowd.length * many + 2);
    // Some begin before those that are read last.
    expect(answered.indexOf('other')).toBeLessThan((crowd.length * many) / 2);
    expect(answered.indexOf('same')).toBeLessThan((crowd.length * many) / 2);
    await late;
  });

  it('are bounded: the address that has most of them loses connections, and no other does', async () => {
    const many = 2_000;
    const crowd = await crowdOf(10);
    const other = await counted.connected('127.0.0.2');
    await waitUntil(() => counted.accepted === crowd.length + 1);
    const late = whenDeferring(() => {
      sendGet(other, 'other');
      for (const socket of crowd)
        socket
          .on('error', () => {})
          .resume()
          .write('GET /many HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(many));
    });
    const response = once(other, 'data');
    await waitUntil(() => crowd.some(({ destroyed }) => destroyed));
    expect(String(await response)).toContain('200 OK');
    await waitUntil(() => crowd.every(({ destroyed, bytesRead }) => destroyed || bytesRead > 100 * many));
    expect(crowd.filter(({ destroyed }) => destroyed).length).toBeLessThan(crowd.length);
    await late;
  });

  it('of one connection are answered in order', async () => {
    const sockets = await crowdOf(20);
    const bodies = sockets.map(async (socket) => {
      let responses = 0;
      socket.on('data', (data) => (responses += String(data).split('HTTP/1.1 200').length - 1));
      for (const name of ['a', 'b', 'c']) sendGet(socket, name);
      await waitUntil(() => responses === 3);
    });
    await Promise.all(bodies);
    expect(answered).toHaveLength(60);
  });
});
