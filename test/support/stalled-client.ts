/** A client that subscribes and reads nothing until it resumes; then it receives the bytes that the system buffered. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { acceptParts, PartsReader } from './multipart-parts.ts';
import { waitUntil } from './wait.ts';

export interface StalledClient {
  /** Reads on until the server closes. @returns The results that arrived whole. */
  readToTheEnd(): Promise<string[]>;
}

interface Wire {
  readonly socket: Socket;
  /** Waits for a text from the server; what came before it is forgotten with it. */
  received(text: string): Promise<void>;
  /** What came since, until the server closed. */
  rest(): Promise<Buffer>;
}

async function dial(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {}); // a reset, after all that was read
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return {
    socket,
    async received(text) {
      await waitUntil(() => Buffer.concat(chunks).includes(text));
      chunks.length = 0;
    },
    async rest() {
      await closed;
      return Buffer.concat(chunks);
    },
  };
}

function stall({ socket, rest }: Wire, resultsIn: (bytes: Buffer) => string[]): StalledClient {
  socket.pause();
  return {
    async readToTheEnd() {
      socket.resume();
      return resultsIn(await rest());
    },
  };
}

const head = (first: string, lines: readonly string[]) => [first, 'Host: gateway', ...lines, '\r\n'].join('\r\n');

/** A masked text frame (RFC 6455, 5.2); a mask of zeros leaves the payload as it is. */
function frameOf(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]),
    payload,
  ]);
}

function textFramesIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 10 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const [length, from] =
      short < 126
        ? [short, at + 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
    if (from + length > bytes.length) break;
    if (bytes.readUInt8(at) === 0x81) texts.push(bytes.toString('utf8', from, from + length));
    at = from + length;
  }
  return texts;
}

async function overWebSocket(url: string, authorization: string, query: string): Promise<StalledClient> {
  const wire = await dial(url);
  wire.socket.write(
    head('GET /graphql HTTP/1.1', [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
      'Sec-WebSocket-Protocol: graphql-transport-ws',
    ]),
  );
  await wire.received('\r\n\r\n');
  wire.socket.write(frameOf({ type: 'connection_init', payload: { authorization } }));
  await wire.received('connection_ack');
  wire.socket.write(frameOf({ type: 'subscribe', id: '1', payload: { query } }));
  return stall(wire, (bytes) => textFramesIn(bytes).map((text) => JSON.stringify(JSON.parse(text).payload)));
}

/** @param opening The first bytes of the body. */
async function postTo(
  url: string,
  authorization: string,
  query: string,
  { accept, opening }: { readonly accept: string; readonly opening: string },
): Promise<Wire> {
  const wire = await dial(url);
  const body = JSON.stringify({ query });
  const lines = [
    'Connection: close',
    `Accept: ${accept}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  wire.socket.write(head('POST /graphql HTTP/1.1', [...lines, `Authorization: ${authorization}`]) + body);
  await wire.received(`${opening}\r\n`);
  return wire;
}

async function overSse(url: string, authorization: string, query: string): Promise<StalledClient> {
  const wire = await postTo(url, authorization, query, { accept: 'text/event-stream', opening: ':\n\n' });
  // No line of the stream ends in CR LF: those are the lengths of the answer's chunks.
  return stall(wire, (bytes) =>
    [
      ...String(bytes)
        .replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n|\r\n$/g, '')
        .matchAll(/^data: (\{.*)\n\n/gm),
    ].map(([, data]) => String(data)),
  );
}

/** The bodies of the whole chunks of an answer (RFC 9112, 7.1), and what has come of the last. */
function chunksIn(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const from = lineEnd + 2;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    text += bytes.toString('utf8', from, Math.min(bytes.length, from + length));
    at = from + length + 2;
  }
  return text;
}

async function overMultipart(url: string, authorization: string, query: string): Promise<StalledClient> {
  const opening = '\r\n--graphql';
  const wire = await postTo(url, authorization, query, { accept: acceptParts, opening });
  return stall(wire, (bytes) =>
    new PartsReader().read(opening + chunksIn(bytes)).map((result) => JSON.stringify(result)),
  );
}

export const stalledClients = { WebSocket: overWebSocket, SSE: overSse, multipart: overMultipart };
