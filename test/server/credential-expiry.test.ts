/** Subscriptions and sockets at the expiry of the credential with which they began. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionKey, signInWithSession } from '../support/browser-session.ts';
import { acceptParts, PartsReader } from '../support/multipart-parts.ts';
import { openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { within } from '../support/wait.ts';

const origin = 'https://chat.example.org';
const status = 'subscription { connectionStatus { state } }';

describe.concurrent('at the end of a session', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { sessionKeys: [sessionKey()], sessionTtlMs: 4_000, corsOrigins: [origin] } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  async function subscribe() {
    const { cookie } = await signInWithSession(stack.gateway.url, origin);
    const socket = await openSocket(stack.gateway.url, 'graphql-transport-ws', { cookie, origin });
    socket.send({ type: 'connection_init' });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: 'live', payload: { query: status } });
    await socket.message('next', 'live');
    return socket;
  }

  it('a socket closes with 4403 and completes nothing, so that clients subscribe again by themselves', async () => {
    const socket = await subscribe();
    expect(await within(socket.closed)).toEqual([4403, 'Credential expired']);
    expect(socket.messages.filter(({ type }) => type === 'complete' || type === 'error')).toEqual([]);
  });

  it('a mutation that runs on the socket is answered before it closes, and further ones are rejected', async () => {
    const control = controlOf(stack.sandbox);
    const socket = await subscribe();
    await control.fault({ kind: 'delay', operationId: 'updateUserSettings', count: 1, delayMs: 5_000 });
    const query = 'mutation { updateMe(input: { statusText: "In theatre" }) { me { id } } }';
    socket.send({ type: 'subscribe', id: 'write', payload: { query } });
    const answer = await socket.message('next', 'write');
    expect(answer).toMatchObject({ payload: { data: { updateMe: { me: { id: expect.any(String) } } } } });
    expect(await within(socket.closed)).toEqual([4403, 'Credential expired']);
  });

  it.each([
    ['SSE', 'text/event-stream'],
    ['multipart', acceptParts],
  ])('a subscription over %s ends with UNAUTHENTICATED as its last result', async (name, accept) => {
    const { cookie } = await signInWithSession(stack.gateway.url, origin);
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { accept, cookie, origin, 'content-type': 'application/json' },
      body: JSON.stringify({ query: status }),
    });
    const text = await within(response.text());
    const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    const results = name === 'SSE' ? events : new PartsReader().read(text);
    expect(results.at(-1)).toMatchObject({
      errors: [
        {
          message: 'The credential has expired; sign in again.',
          extensions: { code: 'UNAUTHENTICATED', retryable: false },
        },
      ],
    });
    expect(results.length).toBeGreaterThan(1);
  });
});
