/** Live events through a real nginx, with the settings the README names and no others. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startNginx } from '../support/nginx.ts';
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

function readmeLocation(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? [];
  return /location \/ \{([\s\S]*?)\n\}/.exec(block)?.[1] ?? '';
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
    await using nginx = await startNginx(readmeLocation().replace('http://127.0.0.1:4000', stack.gateway.url));
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

  it('WebSockets work with the configuration of the README', async () => {
    const location = readmeLocation();
    expect(location).toContain('proxy_pass http://127.0.0.1:4000;');
    await using stack = await startStack();
    await using nginx = await startNginx(location.replace('http://127.0.0.1:4000', stack.gateway.url));
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
