import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { countFromHere, waitUntil } from '../support/wait.ts';

async function dial(stack: Stack): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
  const { hostname, port } = new URL(stack.gateway.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += String(chunk);
  });
  socket.on('error', () => {}); // a reset is what some of these tests want
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

/** The response to another client, which retries: on a busy machine, half a second may be too short for its connection too. */
async function served(stack: Stack): Promise<Awaited<ReturnType<Stack['query']>>> {
  for (;;) {
    const answer = await stack.query('{ me { id } }').catch(() => undefined);
    if (answer !== undefined) return answer;
  }
}

const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${basic('ada')}\r\ncontent-type: application/json\r\n`;

describe.concurrent('slow and oversized requests', () => {
  it('are cut off when the headers do not arrive in time', async () => {
    await using stack = await startStack({ config: { headersTimeoutMs: 300 } });
    const slow = await Promise.all(Array.from({ length: 50 }, () => dial(stack)));
    const drips = slow.map(({ socket }) => {
      socket.write('GET /graphql HTTP/1.1\r\n');
      return setInterval(() => socket.writable && socket.write('x-drip: 1\r\n'), 50);
    });
    // Other clients are served at the same time.
    expect((await served(stack)).errors).toBeUndefined();
    await Promise.all(slow.map(({ closed }) => closed));
    for (const drip of drips) clearInterval(drip);
    // A reset may come before the client has read the answer.
    for (const { received } of slow) expect(received()).toMatch(/408|^$/);
    expect(slow.some(({ received }) => received().includes('408'))).toBe(true);
  });

  it('are cut off when the body does not arrive in time', async () => {
    await using stack = await startStack({ config: { requestTimeoutMs: 500 } });
    const { socket, received, closed } = await dial(stack);
    socket.write(`${head}content-length: 1000\r\n\r\n{"query"`);
    const drip = setInterval(() => socket.writable && socket.write(' '), 50);
    await closed;
    clearInterval(drip);
    expect(received()).toMatch(/408|^$/);
    expect((await served(stack)).errors).toBeUndefined();
  });

  it('are cut off when the file of an upload stalls', async () => {
    await using stack = await startStack({ config: { requestTimeoutMs: 500 } });
    const { socket, closed } = await dial(stack);
    const operations = JSON.stringify({
      query:
        'mutation ($file: File!) { sendMessage(input: { recipient: "grace@example.org", attachment: $file }) { message { id } } }',
      variables: { file: null },
    });
    const part = (name: string, content: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"${name === '0' ? '; filename="x.txt"' : ''}\r\n\r\n${content}`;
    const start = [
      part('operations', `${operations}\r\n`),
      part('map', '{"0":["variables.file"]}\r\n'),
      part('0', 'half'),
    ];
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${basic('ada')}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n${start.join('')}`,
    );
    await closed;
    expect((await served(stack)).errors).toBeUndefined();
  });

  it('are rejected with 431 when the headers are too large', async () => {
    await using stack = await startStack({ config: { maxHeaderBytes: 4096 } });
    const response = await fetch(`${stack.gateway.url}/graphql`, { headers: { 'x-long': 'x'.repeat(8000) } });
    expect(response.status).toBe(431);
    const long = await fetch(`${stack.gateway.url}/graphql?query=${'x'.repeat(8000)}`);
    expect(long.status).toBe(431);
  });

  it('are rejected with 400 when they are not HTTP, without an echo', async () => {
    await using stack = await startStack();
    for (const text of ['canary\r\n\r\n', `${head}content-length: canary\r\n\r\n`]) {
      const { socket, received, closed } = await dial(stack);
      socket.write(text);
      await closed;
      expect(received()).toContain('400 Bad Request');
      expect(received()).not.toContain('canary');
    }
    expect(stack.logLines.join('')).not.toContain('canary');
  });

  it('end the connection of a client that does not read its response', async () => {
    await using stack = await startStack({ config: { requestTimeoutMs: 500, keepAliveMs: 500 } });
    // Its credential is accepted from here on, so that its operations do not wait behind those of the other client.
    expect((await served(stack)).errors).toBeUndefined();
    const { socket } = await dial(stack);
    socket.pause();
    // Many answers on one connection, none of them read: the socket's buffers fill.
    const body = JSON.stringify({ query: '{ __schema { types { name description fields { name description } } } }' });
    for (let sent = 0; sent < 400; sent++) socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    // A paused socket hears of its end only when it writes.
    await waitUntil(() => {
      if (!socket.destroyed) socket.write('\r\n');
      return socket.destroyed;
    });
    expect((await served(stack)).errors).toBeUndefined();
  });

  it('are bounded per connection, and end with it, when a client sends many before it has responses', async () => {
    await using stack = await startStack({ config: { entityCacheMs: 0 } });
    await stack.query('{ me { id } }');
    const delay = { kind: 'delay', operationId: 'getMe', delayMs: 20_000 } as const;
    await controlOf(stack.sandbox).fault(delay);
    await countFromHere(stack);
    const { socket } = await dial(stack);
    const ask = (index: number) => {
      const body = JSON.stringify({ query: `query Q${index} { me { id } }` });
      return `${head}content-length: ${body.length}\r\n\r\n${body}`;
    };
    // Apart, so that they are not read at once.
    for (let index = 0; index < 200; index++) {
      socket.write(ask(index));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await waitUntil(() => stack.sandbox.requests.count('getMe') >= 32);
    expect(stack.sandbox.requests.count('getMe')).toBeLessThan(64);
    socket.destroy();
    const running = async () =>
      /tigerconnect_upstream_calls_running (\d+)/.exec(await (await fetch(`${stack.gateway.url}/metrics`)).text())?.[1];
    while ((await running()) !== '0') await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
