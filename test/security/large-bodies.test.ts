/** Large bodies and messages of one accepted credential, on many connections at once, take turns with the requests of others. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

const connections = 60;
/** What the system holds of it before the gateway reads any. */
const padding = 400_000;
const query = '{ me { displayName } }';
const payload = { query, variables: { padding: 'x'.repeat(padding) } };

let stack: Stack;
const open: Socket[] = [];

async function dial(): Promise<Socket> {
  const { hostname, port } = new URL(stack.gateway.url);
  const socket = connect(Number(port), hostname);
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function post(socket: Socket, name: string, accept: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: ${accept}\r\n`;
  socket.write(`${head}authorization: ${basic(name)}\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  for (let answer = ''; !answer.includes('"displayName"'); answer += String((await once(socket, 'data'))[0]));
}

beforeEach(async () => {
  stack = await startStack();
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await stack[Symbol.asyncDispose]();
});

describe('large bodies of another accepted credential delay a small request by only a few of them', () => {
  /** Answers to the large ones before the third to the good caller: without turns, a few turns of the loop read all of them. */
  async function answersBefore(works: readonly (() => Promise<unknown>)[]): Promise<number> {
    const good = await dial();
    await post(good, 'ada', '*/*', { query });
    let answers = 0;
    const all = works.map((work) => work().then(() => void answers++));
    for (let time = 0; time < 3; time++) await post(good, 'ada', '*/*', { query });
    const before = answers;
    await Promise.all(all);
    return before;
  }

  it.each(['application/json', 'text/event-stream'])('over HTTP: %s', async (accept) => {
    const sockets = await Promise.all(Array.from({ length: connections }, dial));
    await Promise.all(sockets.map((socket) => post(socket, 'edward', '*/*', { query })));
    const before = await answersBefore(sockets.map((socket) => () => post(socket, 'edward', accept, payload)));
    expect(before).toBeLessThan(connections / 2);
  });

  it('over WebSocket', async () => {
    const all = await Promise.all(
      Array.from({ length: connections }, () => openAcknowledged(stack.gateway.url, 'edward')),
    );
    const work = all.map((raw) => () => {
      raw.send({ id: '1', type: 'subscribe', payload });
      return Promise.race([raw.answer('1'), raw.closed]);
    });
    const before = await answersBefore(work);
    expect(before).toBeLessThan(connections / 2);
    for (const { socket } of all) socket.terminate();
  });
});
