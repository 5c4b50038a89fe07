/** An event upstream in a separate process, so that its time and memory are not the gateway's. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { frame } from '../support/event-upstream.ts';

export type UpstreamOrder =
  | { readonly kind: 'flood'; readonly events: number }
  /** Messages that expire after a second, with a mark in their body that only this process knows. */
  | { readonly kind: 'expiring'; readonly events: number }
  | { readonly kind: 'tick'; readonly events: number; readonly everyMs: number }
  /** Each event goes to one stream, in turn; with `burst`, as many events at once. */
  | { readonly kind: 'spread'; readonly events: number; readonly perSecond: number; readonly burst?: number };

export interface UpstreamProcess extends AsyncDisposable {
  readonly url: string;
  /** Sends events to all streams, unless the order is `spread`. */
  order(order: UpstreamOrder): void;
}

export async function startUpstreamProcess(): Promise<UpstreamProcess> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: ['--import', 'tsx'] });
  const url = await new Promise<string>((resolve) => child.once('message', (message) => resolve(String(message))));
  return {
    url,
    order: (order) => child.send(order),
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

const body = 'The patient in room four is stable and asks for water. '.repeat(3);

/** A message as in the contract, with marks for its id and body. Built once: building each one would slow down the flood. */
const pattern = frame('{id}', 'tigertext:iq:message', {
  xmlns: 'tigertext:iq:message',
  client_id: '{id}',
  body: '{body}',
  sender_token: '8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10',
  sender_display_name: 'Grace Hopper',
  recipient_token: 'f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21',
  sender_organization: 'exampleOrg0000000000aaaa',
  recipient_organization: 'exampleOrg0000000000aaaa',
  status: 'New',
  created_time: new Date().toISOString(),
  ttl: 1440,
  dor: false,
  priority: 0,
  sort_number: 1_552_587_725_123,
  attachments: [],
  data: [],
});

/** @param text Body; by default it begins with the time of writing, in milliseconds since 1970. */
function message(number: number, text = `${performance.timeOrigin + performance.now()} ${body}`): string {
  const id = `${String(number).padStart(8, '0')}-3e0a-4d7a-9a57-6f1f5b1f9a01`;
  return pattern.replaceAll('{id}', id).replace('{body}', text);
}

function serve(): void {
  const streams = new Set<ServerResponse>();
  let number = 0;
  const heartbeat = frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:sse:heartbeat', { frequency: 5 });
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/ack') === true) {
      request.resume();
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(heartbeat);
    streams.add(response);
    // A timer for each stream: heartbeats are spread over time, as those of clients that connected one after the other.
    const timer = setInterval(() => response.write(heartbeat), 5_000);
    response.on('close', () => {
      clearInterval(timer);
      streams.delete(response);
    });
  });
  const flood = (response: ServerResponse, left: number) => {
    let rest = left;
    while (rest > 0) {
      let text = '';
      for (let index = 0; index < 50 && rest > 0; index += 1, rest -= 1) text += message(number++);
      if (!response.write(text)) {
        response.once('drain', () => flood(response, rest));
        return;
      }
    }
  };
  let turn = 0;
  const spread = (events: number, perSecond: number, burst: number) => {
    const order = [...streams];
    const startedAt = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      for (
        const due = ((performance.now() - startedAt) / 1_000) * perSecond;
        sent < due && sent < events;
        sent += burst
      ) {
        const texts = Array.from({ length: burst }, () => message(number++));
        order[turn % order.length]?.write(texts.join(''));
        turn += 1;
      }
      if (sent >= events) clearInterval(timer);
    }, 2);
  };
  process.on('message', (order: UpstreamOrder) => {
    if (order.kind === 'spread') spread(order.events, order.perSecond, order.burst ?? 1);
    else if (order.kind === 'flood') for (const stream of streams) flood(stream, order.events);
    else if (order.kind === 'expiring') {
      for (const stream of streams) {
        for (let index = 0; index < order.events; index += 1) {
          const text = message(number++, `canary-${randomBytes(8).toString('hex')}`);
          stream.write(text.replace('"ttl":1440', '"ttl":1440,"expire_in":1'));
        }
        stream.write(heartbeat);
      }
    } else {
      let left = order.events;
      const timer = setInterval(() => {
        left -= 1;
        if (left === 0) clearInterval(timer);
        for (const stream of streams) stream.write(message(number++));
      }, order.everyMs);
    }
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // listens
  });
}

if (process.argv[2] === 'serve' && process.send !== undefined) serve();
