/**
 * Simultaneous requests of clients without an accepted credential do not delay the others. All of them have arrived before the
 * gateway reads any: the process is stopped while they are sent. The order of the responses then shows which waited for which.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { toolCall } from '../support/mcp-request.ts';
import { openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const head = (headers: string) =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n`;

function operation(query: string, authorization?: string): string {
  const body = JSON.stringify({ query });
  const credential = authorization === undefined ? '' : `authorization: ${authorization}\r\n`;
  return head(`content-length: ${Buffer.byteLength(body)}\r\n${credential}`) + body;
}

/** Within the limits, invalid, and different for each mark. */
const invalid = (mark: number) => {
  const fragment = (index: number) => `fragment F${index} on Query { me { organizations { name nothing } } }`;
  const names = Array.from({ length: 45 }, (_, index) => index);
  return `{ ${names.map((index) => `...F${index}`).join(' ')} } # ${mark}\n${names.map(fragment).join(' ')}`;
};

const ask = operation('{ me { displayName } }', basic('ada'));

let sandbox: Sandbox;
let gateway: GatewayProcess;
const sockets: Socket[] = [];

/** A connection; its answers are counted as soon as they begin. */
async function open(onAnswer: () => void): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  sockets.push(socket);
  socket.on('data', onAnswer);
  await once(socket, 'connect');
  return socket;
}

const ada = `authorization: ${basic('ada')}\r\n`;
const meByGet = `GET /graphql?query=${encodeURIComponent('{ me { displayName } }')} HTTP/1.1\r\nhost: x\r\n${ada}`;
const call = JSON.stringify(toolCall('User', { id: 'ada@example.org' }));
/** The same over other transports than POST. */
const otherAsks = {
  GET: `${meByGet}\r\n`,
  SSE: `${meByGet}accept: text/event-stream\r\n\r\n`,
  MCP: `POST /mcp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${ada}content-length: ${call.length}\r\n\r\n${call}`,
};

/** The answer for Ada, which may come in pieces. */
async function answerOn(socket: Socket): Promise<void> {
  for (let text = ''; !text.includes('Ada Lovelace'); ) {
    const [data]: Buffer[] = await once(socket, 'data');
    text += String(data);
  }
}

/** A connection on which a request of an accepted credential has been answered. */
async function openGood(own = ask): Promise<Socket> {
  const socket = await open(() => {});
  socket.write(own);
  await answerOn(socket);
  return socket;
}

/** @returns Answers to the others before the third to the good caller. */
async function answersBefore(count: number, text: (index: number) => string, own = ask): Promise<number> {
  let answers = 0;
  const good = await openGood(own);
  const others = await Promise.all(Array.from({ length: count }, () => open(() => answers++)));
  // The gateway accepts one in each turn of its loop: an answer says that it has.
  for (const other of others) other.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  await expect.poll(() => answers).toBeGreaterThanOrEqual(count);
  answers = 0;
  gateway.child.kill('SIGSTOP');
  for (const [index, other] of others.entries()) other.write(text(index));
  good.write(own);
  // All of it has left this process for the buffers of the system.
  await waitUntil(() => [good, ...others].every(({ writableLength }) => writableLength === 0));
  const answered = answerOn(good);
  gateway.child.kill('SIGCONT');
  await answered;
  // Twice more: each answer takes some turns of the event loop, in one of which all the others would be answered.
  for (let time = 0; time < 2; time++) {
    good.write(own);
    await answerOn(good);
  }
  return answers;
}

beforeEach(async () => {
  await build();
  sandbox = await startSandbox();
  gateway = await startGatewayProcess(sandbox.url, {
    env: { ENTITY_CACHE_MS: '0', SHARED_QUERY_MS: '0', HTTP_GET: 'true', MCP: 'true' },
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway[Symbol.asyncDispose]();
  await sandbox.close();
});

describe('a caller whose credential is accepted', () => {
  it('waits for only a few of the bodies in tiny chunks that arrive with its request', async () => {
    const body = `${head('transfer-encoding: chunked\r\n')}${'1\r\nx\r\n'.repeat(10_000)}`;
    expect(await answersBefore(30, () => body)).toBeLessThan(20);
  });

  it('waits for only a few of the documents that arrive with its request', async () => {
    expect(await answersBefore(60, (mark) => operation(invalid(mark)))).toBeLessThan(40);
  });

  it.each(Object.entries(otherAsks))('waits for only a few of them over %s', async (_transport, own) => {
    expect(await answersBefore(60, (mark) => operation(invalid(mark)), own)).toBeLessThan(40);
  });

  it('has permits that no invented credentials hold while the upstream is slow', async () => {
    await controlOf(sandbox).fault({ kind: 'delay', operationId: 'getUser', delayMs: 3_000 });
    const slow = (index: number) => {
      const invented = `Basic ${Buffer.from(`invented${index}:none`).toString('base64')}`;
      return operation('{ user(id: "grace@example.org") { displayName } }', invented);
    };
    // Without a separate share of permits, they would hold all 128, and as many of them would be answered before.
    expect(await answersBefore(300, slow)).toBeLessThan(20);
    // Some of them have reached the upstream, which rejects each of their credentials.
    await expect.poll(() => sandbox.requests.count('getUser'), { timeout: 20_000 }).toBeGreaterThan(0);
  });
});

it('a caller whose credential is accepted waits for only a few of the messages of sockets without one', async () => {
  const count = 300;
  let pongs = 0;
  const webSockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const { send, message, socket } = await openSocket(gateway.url);
      send({ type: 'connection_init' });
      await message('connection_ack');
      socket.removeAllListeners('message').on('message', () => pongs++);
      return socket;
    }),
  );
  const good = await openGood();
  const ping = JSON.stringify({ type: 'ping', payload: { list: Array.from({ length: 6_000 }, () => 'abcdef') } });
  gateway.child.kill('SIGSTOP');
  for (const socket of webSockets) for (let time = 0; time < 2; time++) socket.send(ping);
  good.write(ask);
  // The buffers of the system have one of the two messages, at least.
  const isSent = ({ bufferedAmount }: WebSocket) => bufferedAmount <= ping.length + 100;
  await waitUntil(() => webSockets.every(isSent) && good.writableLength === 0);
  const answered = answerOn(good);
  gateway.child.kill('SIGCONT');
  await answered;
  expect(pongs).toBeLessThan(count / 2);
  // All of them are read in the end.
  await waitUntil(() => pongs === 2 * count);
  const closed = webSockets.map((socket) => once(socket, 'close'));
  for (const socket of webSockets) socket.terminate();
  await Promise.all(closed);
});

describe('a connection', () => {
  it('that the gateway does not read yet is not closed because its request has not arrived', async () => {
    await using impatient = await startGatewayProcess(sandbox.url, {
      env: { HEADERS_TIMEOUT_MS: '100', UNPROVEN_WORK_PERCENT: '0' },
    });
    const { hostname, port } = new URL(impatient.url);
    impatient.child.kill('SIGSTOP');
    const silent = Array.from({ length: 10 }, async () => {
      const socket = connect(Number(port), hostname).on('error', () => {});
      sockets.push(socket);
      const [data]: Buffer[] = await once(socket, 'data');
      expect(String(data)).toContain('408 Request Timeout');
    });
    const heads = Array.from({ length: 300 }, async (_, mark) => {
      const socket = connect(Number(port), hostname).on('error', () => {});
      sockets.push(socket);
      socket.write(operation(invalid(mark)));
      const [data]: Buffer[] = await once(socket, 'data');
      return String(data).slice(0, 'HTTP/1.1 200'.length);
    });
    await waitUntil(() => sockets.filter(({ bytesWritten }) => bytesWritten > 0).length === heads.length);
    await pause(100);
    impatient.child.kill('SIGCONT');
    expect(new Set(await Promise.all(heads))).toEqual(new Set(['HTTP/1.1 200']));
    // One that sends nothing has its time once it is read.
    await Promise.all(silent);
  });

  it('is accepted by the system while a thousand others wait for the gateway', async () => {
    gateway.child.kill('SIGSTOP');
    const opened = Promise.all(Array.from({ length: 1_000 }, () => open(() => {})));
    // Its timer outlives the test without keeping the process alive.
    await expect(Promise.race([opened, pause(20_000, 'some are dropped', { ref: false })])).resolves.toHaveLength(
      1_000,
    );
    gateway.child.kill('SIGCONT');
    await openGood();
  });

  it('is accepted before accepted callers get many responses', async () => {
    // Each takes far more processor time in the gateway than in this process.
    const busy = Array.from(
      { length: 40 },
      (_, index) => `a${index}: me { displayName firstName lastName username title }`,
    );
    const long = operation(`{ ${busy.join(' ')} }`, basic('ada'));
    const newcomers = 60;
    let answers = 0;
    let isOver = false;
    const known = await Promise.all(Array.from({ length: 32 }, openGood));
    for (const socket of known) {
      socket.on('data', (data: Buffer) => {
        if (!data.includes('HTTP/1.1 200')) return;
        answers += 1;
        if (!isOver) socket.write(long);
      });
      socket.write(long);
    }
    await expect.poll(() => answers).toBeGreaterThan(100);
    // Requests are deferred for a limited time. On a busy machine, other processes use some of it, which only adds answers.
    const answersInRounds: number[] = [];
    for (let round = 0; round < 5; round++) {
      gateway.child.kill('SIGSTOP');
      let accepted = 0;
      const opened = await Promise.all(Array.from({ length: newcomers }, () => open(() => accepted++)));
      for (const socket of opened) socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
      answers = 0;
      gateway.child.kill('SIGCONT');
      await expect.poll(() => accepted, { interval: 1 }).toBe(newcomers);
      answersInRounds.push(answers);
    }
    isOver = true;
    // With one accepted connection and a response to each known caller in a turn of the loop, there would be 1,600.
    expect(Math.min(...answersInRounds)).toBeLessThan(8 * known.length);
  });
});
