/** Live events through a real nginx, with the settings the README names and no others. */
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { sendFrom } from '../support/send-from.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const subscription = 'subscription { messageReceived { message { body } } }';

async function say(stack: Stack, body: string): Promise<void> {
  const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
  const { errors } = await stack.query(send, { input: { recipient: 'ada@example.org', body } }, 'grace');
  expect(errors).toBeUndefined();
}

const isSubscribed = (stack: Stack) =>
  expect.poll(async () => (await controlOf(stack.sandbox).openStreams())['ada'] ?? 0).toBeGreaterThan(0);

/** nginx with the configuration of the README, in front of this gateway. */
function startReadmeNginx(gatewayUrl: string): Promise<Nginx> {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, around = '', location = ''] = /^([\s\S]*)server \{\n {2}location \/ \{([\s\S]*?)\n {2}\}/m.exec(block) ?? [];
  expect(around).toContain('server 127.0.0.1:4000;');
  return startNginx(location, around.replace('127.0.0.1:4000', new URL(gatewayUrl).host));
}

describe('behind nginx', () => {
  it.each(['GET', 'POST'])('events by %s arrive one by one with proxy_pass alone', async (method) => {
    await using stack = await startStack();
    await using nginx = await startNginx(`proxy_pass ${stack.gateway.url};`);
    const abort = new AbortController();
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json', authorization: basic('ada') };
    const response =
      method === 'GET'
        ? await fetch(`${nginx.url}/graphql?${new URLSearchParams({ query: subscription })}`, {
            headers,
            signal: abort.signal,
          })
        : await fetch(`${nginx.url}/graphql`, {
            method,
            headers,
            body: JSON.stringify({ query: subscription }),
            signal: abort.signal,
          });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await isSubscribed(stack);
    for (const body of ['first', 'second']) {
      await say(stack, body);
      // Held back, it would come when the buffer is full or the answer ends.
      await waitUntil(() => text.includes(`"body":"${body}"`));
    }
    abort.abort();
    await reading;
  });

  it('with the configuration of the README, clients have their own address', async () => {
    const config = { trustedProxies: ['127.0.0.1'], rateLimit: 1 };
    await using stack = await startStack({ config });
    await using nginx = await startReadmeNginx(stack.gateway.url);
    const send = (localAddress: string, forwarded?: string) =>
      sendFrom(localAddress, `${nginx.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
        },
        body: '{"query":"{ __typename }"}',
      });
    const isLimited = async (...request: Parameters<typeof send>) => (await send(...request)).includes('RATE_LIMITED');
    expect(await isLimited('127.0.0.2')).toBe(false);
    expect(await isLimited('127.0.0.2')).toBe(true);
    // What the client writes is left of the address that nginx appends.
    expect(await isLimited('127.0.0.2', '198.51.100.4')).toBe(true);
    expect(await isLimited('127.0.0.3', '127.0.0.2')).toBe(false);
    expect(await isLimited('127.0.0.3')).toBe(true);
  });

  it('with the configuration of the README, requests share kept connections to the gateway', async () => {
    await using stack = await startStack();
    let connections = 0;
    const { port } = new URL(stack.gateway.url);
    const counter = createServer((socket) => {
      connections += 1;
      const target = connect(Number(port), '127.0.0.1');
      for (const [one, other] of [
        [socket, target],
        [target, socket],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      socket.pipe(target).pipe(socket);
    });
    await new Promise<void>((resolve) => counter.listen(0, '127.0.0.1', resolve));
    const { port: counterPort } = counter.address() as AddressInfo; // a TCP server's address is one
    {
      await using nginx = await startReadmeNginx(`http://127.0.0.1:${counterPort}`);
      for (let request = 0; request < 20; request++) {
        const body = await sendFrom('127.0.0.1', `${nginx.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: basic('ada') },
          body: '{"query":"{ me { displayName } }"}',
        });
        expect(body).toContain('Ada Lovelace');
      }
    }
    // One for the request that finds nginx up.
    expect(connections).toBeLessThanOrEqual(2);
    counter.close();
  });

  it('WebSockets work with the configuration of the README', async () => {
    await using stack = await startStack();
    await using nginx = await startReadmeNginx(stack.gateway.url);
    const socket = await openAcknowledged(nginx.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    await isSubscribed(stack);
    for (const body of ['first', 'second']) {
      await say(stack, body);
      await waitUntil(() => JSON.stringify(socket.messages).includes(`"body":"${body}"`));
    }
    socket.socket.close();
    // Requests go the same way: without Upgrade there is nothing to upgrade.
    const response = await fetch(`${nginx.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic('ada'), origin: nginx.url },
      body: '{"query":"{ me { displayName } }"}',
    });
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });
  });
});
