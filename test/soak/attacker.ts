/**
 * One client that means ill, in a process of its own so that its work is not the gateway's: the inputs of old outages, over
 * and over until it is ended. Loopback only.
 */
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { hostileShapes } from '../support/hostile-shapes.ts';

interface Target {
  readonly url: string;
  /** How many connections it may use. */
  readonly connections: number;
}

type Attack = (target: Target) => Promise<unknown>;

const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index));
const inParallel = (count: number, work: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const unknown = (name: string) => `Basic ${Buffer.from(`${name}:none`).toString('base64')}`;
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** One operation; whatever becomes of it. */
function send(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(`${url}/graphql`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...headers },
    });
    sent.on('response', (response) => response.resume().on('close', resolve));
    sent.on('error', () => void pause(50).then(resolve));
    sent.end(body);
  });
}

async function again(work: () => Promise<unknown>): Promise<never> {
  for (;;) await work();
}

function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.resume();
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)).once('close', () => resolve(socket)));
}

const opened = (socket: WebSocket) =>
  new Promise((resolve) =>
    socket
      .on('error', () => {})
      .once('open', resolve)
      .once('close', resolve),
  );
const closed = (socket: { once(event: 'close', listener: () => void): unknown }) =>
  Promise.race([new Promise<void>((resolve) => socket.once('close', resolve)), pause(10_000)]);

const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const oneByteChunks = Buffer.from('1\r\nx\r\n'.repeat(16_384));
const groups = times(500, () => `Group:${crypto.randomUUID()}`);
const variable = 'x'.repeat(1_000_000);
const sameFields = (mark: string) =>
  `{ ${times(120, (index) => `...F${index}`).join(' ')} } # ${mark}\n${times(120, (index) => `fragment F${index} on Query { me { organizations { name } } }`).join(' ')}`;
/** Just within what is looked at, and invalid. */
const invalid = (mark: string) =>
  `{ ${times(45, (index) => `...F${index}`).join(' ')} } # ${mark}\n${times(45, (index) => `fragment F${index} on Query { me { organizations { name nothing } } }`).join(' ')}`;

async function acknowledged(url: string, authorization?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await opened(socket);
  if (socket.readyState === socket.OPEN) {
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: authorization === undefined ? {} : { authorization } }),
    );
  }
  return socket;
}

/** The account whose reads of mutes fail at the upstream. */
export const failing = 'clara';
const basic = (name: string) => `Basic ${Buffer.from(`${name}:demo`).toString('base64')}`;

/**
 * By the line of the list of faults each comes from. A8, an outage that looks like a rejected credential, and A9 to A11 are answers of
 * the upstream: no connection of a client makes them.
 */
export const attacks = {
  'A1 documents of hostile shapes': ({ url, connections }) => {
    const texts = Object.values(hostileShapes).flatMap((shape) => [1_500, 3_000, 65_536].map(shape));
    return inParallel(connections, async (index) => {
      for (let turn = index * 7; ; turn += 1) await send(url, JSON.stringify({ query: texts[turn % texts.length] }));
    });
  },
  'A2 bodies in chunks of one byte': ({ url, connections }) =>
    inParallel(connections, () =>
      again(async () => {
        const socket = await dial(url);
        socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
        for (let part = 0; part < 60 && socket.writable; part++) {
          if (!socket.write(oneByteChunks))
            await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed(socket)]);
        }
        await pause(1_000);
        socket.destroy();
      }),
    ),
  'A2 messages in fragments of one byte': ({ url, connections }) =>
    inParallel(connections, () =>
      again(async () => {
        const socket = await acknowledged(url, unknown('fragments'));
        for (let part = 0; part < 10_000 && socket.readyState === socket.OPEN; part++) {
          socket.send('x', { fin: false });
          if (part % 500 === 0) await pause(5);
        }
        socket.terminate();
      }),
    ),
  'A3 messages whose event is over the limit': ({ url, connections }) => {
    const query =
      'mutation ($body: String!) { sendMessage(input: { recipient: "alan@example.org", body: $body }) { message { id } } }';
    const body = JSON.stringify({ query, variables: { body: 'x'.repeat(1_048_300) } });
    return inParallel(connections, () => again(() => send(url, body, { authorization: basic('edward') })));
  },
  'A4 an account whose reads fail': ({ url, connections }) => {
    const body = JSON.stringify({ query: '{ mutes { mutedUntil } }' });
    return inParallel(connections, () => again(() => send(url, body, { authorization: basic(failing) })));
  },
  'A5 credentials that are none': ({ url, connections }) => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { name } } }';
    const body = JSON.stringify({ query, variables: { ids: groups } });
    return inParallel(connections, (index) =>
      again(() => send(url, body, { authorization: unknown(index % 2 === 0 ? 'same' : crypto.randomUUID()) })),
    );
  },
  'A6 long variables that are not declared': ({ url, connections }) =>
    inParallel(connections, (index) =>
      again(() => {
        const query = '{ user(id: "grace@example.org") { displayName } }';
        return send(url, JSON.stringify({ query, variables: { variable } }), {
          authorization: unknown(`long${index}`),
        });
      }),
    ),
  'A6 long variables': ({ url, connections }) =>
    inParallel(connections, (index) =>
      again(() => {
        const query =
          'query ($variable: ID!) { user(id: "grace@example.org") { displayName } other: user(id: $variable) { id } }';
        return send(url, JSON.stringify({ query, variables: { variable } }), {
          authorization: unknown(`long${index}`),
        });
      }),
    ),
  'A6 bodies that never end': ({ url, connections }) =>
    inParallel(connections, () =>
      again(async () => {
        const socket = await dial(url);
        socket.write(`${head}content-length: 1000100\r\n\r\n${variable}`);
        await closed(socket);
        socket.destroy();
      }),
    ),
  'A6 sockets without a credential': ({ url, connections }) =>
    inParallel(connections, (index) =>
      again(async () => {
        const socket =
          index % 2 === 0
            ? await acknowledged(url)
            : new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
        if (index % 2 !== 0) await opened(socket);
        if (socket.readyState === socket.OPEN) socket.send(variable, { fin: false });
        await closed(socket);
        socket.terminate();
      }),
    ),
  'A7 one invalid document again and again': ({ url, connections }) => {
    const bodies = [sameFields('one'), invalid('one')].map((query) => JSON.stringify({ query }));
    return inParallel(connections, (index) => again(() => send(url, bodies[index % 2] ?? '')));
  },
  'A7 ever new invalid documents': ({ url, connections }) =>
    inParallel(connections, () => again(() => send(url, JSON.stringify({ query: invalid(crypto.randomUUID()) })))),
  'A7 subscriptions begun and ended': ({ url, connections }) =>
    inParallel(connections, () =>
      again(async () => {
        const socket = await acknowledged(url, basic('ada'));
        const payload = { query: 'subscription { events { id } }' };
        for (let turn = 0; turn < 3_000 && socket.readyState === socket.OPEN; turn++) {
          socket.send(JSON.stringify({ type: 'subscribe', id: `${turn}`, payload }));
          socket.send(JSON.stringify({ type: 'complete', id: `${turn}` }));
        }
        const until = performance.now() + 10_000;
        while (socket.bufferedAmount > 0 && socket.readyState === socket.OPEN && performance.now() < until)
          await pause(20);
        await pause(500);
        socket.terminate();
      }),
    ),
  'A13 malformed frames': ({ url, connections }) =>
    inParallel(connections, () =>
      again(async () => {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
        await opened(socket);
        if (socket.readyState === socket.OPEN) socket.send('{"type":');
        await closed(socket);
        socket.terminate();
      }),
    ),
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;

/** What the process is sent to begin. */
export interface AttackOrder extends Target {
  readonly name: AttackName;
  /** The process ends after that time. */
  readonly seconds: number;
}

if (process.argv[2] === 'attack') {
  // Ends with the process that started it.
  process.on('disconnect', () => process.exit());
  process.on('uncaughtException', () => {}); // sockets that the gateway closed
  process.once('message', (message) => {
    const { name, seconds, ...target } = message as AttackOrder; // as `runAttack` sends it
    setTimeout(() => process.exit(), seconds * 1000);
    process.send?.('begins');
    void attacks[name](target);
  });
}
