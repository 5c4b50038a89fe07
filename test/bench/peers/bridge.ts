/** The least a relay can be: one event stream for each credential, its frames sent to that credential's sockets as they are. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { Client } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import { listening, upstreamUrl } from './peer.ts';

const audiences = new Map<string, Set<WebSocket>>();

async function relay(authorization: string, audience: Set<WebSocket>): Promise<void> {
  const client = new Client(upstreamUrl, { bodyTimeout: 0 });
  const { body } = await client.request({ method: 'GET', path: '/v2/events', headers: { authorization } });
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data.includes('client_advisory') || data.includes('sse:heartbeat')) return;
      for (const socket of audience) socket.send(data);
    },
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of body) {
    parser.feed(decoder.write(chunk as Buffer));
    // As much back-pressure as one line buys: nothing is read while the slowest socket is a megabyte behind.
    while ([...audience].some((socket) => socket.bufferedAmount > 1_048_576)) await new Promise(setImmediate);
  }
}

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, { headers }) => {
  const authorization = headers.authorization ?? '';
  let audience = audiences.get(authorization);
  if (audience === undefined) {
    audience = new Set();
    audiences.set(authorization, audience);
    void relay(authorization, audience);
  }
  audience.add(socket);
  socket.on('close', () => audience.delete(socket));
});
server.listen(0, '127.0.0.1', () => listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
