/** Live events through a real nginx, with the settings the README names and no others. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startNginx } from '../support/nginx.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
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

  it('WebSockets work with the configuration of the README', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(readme) ?? [];
    const [, location = ''] = /location \/ \{([\s\S]*?)\n\}/.exec(block) ?? [];
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
