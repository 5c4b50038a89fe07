/** An upstream in a process of its own that knows one account and answers at once, so that its time is not the gateway's. */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { frame } from '../support/event-upstream.ts';

export interface PlainUpstream extends AsyncDisposable {
  readonly url: string;
}

export async function startPlainUpstream(): Promise<PlainUpstream> {
  const child = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: ['--import', 'tsx'] });
  const url = await new Promise<string>((resolve) => child.once('message', (message) => resolve(String(message))));
  return {
    url,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

const account = { token: '8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10', display_name: 'Ada Lovelace' };
const answers = {
  GET: JSON.stringify({ status: 'success', reply: account }),
  POST: JSON.stringify({ status: 'success', reply: {} }),
} as const;
const heartbeat = frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:sse:heartbeat', { frequency: 5 });

function serve(): void {
  const server = createServer((request, response) => {
    const { method, url = '' } = request;
    request.resume();
    if (method === 'GET' && url.includes('/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(heartbeat);
      const timer = setInterval(() => response.write(heartbeat), 5_000);
      response.on('close', () => clearInterval(timer));
      return;
    }
    const body = method === 'GET' ? answers.GET : answers.POST;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // listens
  });
}

if (process.argv[2] === 'serve' && process.send !== undefined) serve();
