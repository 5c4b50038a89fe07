import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { waitUntil, within } from '../support/wait.ts';

/** For sockets that must time out; those of other tests need more time on a busy machine. */
const hurry = { config: { webSocketInitTimeoutMs: 300 } };

/** The server's part of the graphql-transport-ws protocol, message by message. */
describe('graphql-transport-ws', () => {
  let stack: Stack;
  let url: string;
  beforeAll(async () => {
    stack = await startStack();
    url = stack.gateway.url;
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  const init = { type: 'connection_init', payload: { authorization: basic('ada') } };
  const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });
  const me = '{ me { displayName } }';
  const messages = 'subscription { messageReceived { message { body } } }';

  it.each([null, 'chat'])('closes with 4406 when the subprotocol is %s', async (protocol) => {
    const socket = await openSocket(url, protocol);
    // A client that asked for a subprotocol drops the connection by itself when none is chosen.
    expect((await socket.closed)[0]).toBe(protocol === null ? 4406 : 1006);
  });

  /** The messages of subscriptions-transport-ws 0.11 and Apollo Kotlin 4, in the order they send them. */
  it('rejects the old subprotocol in its own messages, and keeps the socket, which such clients would reopen', async () => {
    const socket = await openSocket(url, 'graphql-ws');
    const words = { message: expect.stringContaining('Use graphql-transport-ws') };
    socket.send({ type: 'connection_init', payload: { authorization: basic('ada') } });
    expect(await socket.message('connection_error')).toMatchObject({ payload: words });
    for (const id of ['1', '2']) {
      socket.send({ type: 'start', id, payload: { query: messages } });
      expect(await socket.message('error', id)).toMatchObject({ payload: words });
    }
    socket.send({ type: 'stop', id: '1' });
    socket.send({ type: 'start', id: '3', payload: { query: me } });
    await socket.message('error', '3');
    expect(socket.messages).toHaveLength(4);
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
    socket.send({ type: 'connection_terminate' });
    expect(await socket.closed).toEqual([4406, 'Subprotocol not acceptable: use graphql-transport-ws']);
  });

  it('closes a client of the old subprotocol that sends nothing, or unknown messages', async () => {
    await using hurried = await startStack(hurry);
    const silent = await openSocket(hurried.gateway.url, 'graphql-ws');
    expect((await silent.closed)[0]).toBe(4406);
    for (const text of ['canary', 'null', '[]', '{"type":"start","id":1}']) {
      const socket = await openSocket(url, 'graphql-ws');
      socket.send(text);
      expect((await socket.closed)[0], text).toBe(4406);
    }
  });

  it('closes clients of the old subprotocol when the gateway stops', async () => {
    await using stopping = await startStack();
    const socket = await openSocket(stopping.gateway.url, 'graphql-ws');
    socket.send(init);
    await socket.message('connection_error');
    await stopping.gateway.close();
    expect(await socket.closed).toEqual([1001, 'Going away']);
  });

  it('chooses the new subprotocol when a client offers both', async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, ['graphql-ws', 'graphql-transport-ws']);
    await new Promise((resolve) => socket.once('open', resolve));
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.close();
  });

  it('chooses its subprotocol among several', async () => {
    const { socket } = await openSocket(url, 'graphql-transport-ws');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.close();
  });

  it('acknowledges connection_init', async () => {
    const socket = await openSocket(url);
    socket.send(init);
    expect(await socket.message('connection_ack')).toEqual({ type: 'connection_ack' });
    socket.socket.close();
  });

  it('closes with 4408 when no connection_init arrives in time', async () => {
    await using hurried = await startStack(hurry);
    const socket = await openSocket(hurried.gateway.url);
    expect(await socket.closed).toEqual([4408, 'Connection initialisation timeout']);
  });

  it.each([
    ['no connection_init arrives', Buffer.alloc(0)],
    // A text of two letters, masked with zeros.
    ['a message is none of the protocol', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d])],
  ])('ends the connection of a client that does not answer the close frame, when %s', async (_reason, frame) => {
    await using brief = await startStack(hurry);
    const { hostname, port } = new URL(brief.gateway.url);
    const client = connect(Number(port), hostname);
    const upgrade = `connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws`;
    client.write(
      `GET /graphql HTTP/1.1\r\nhost: x\r\n${upgrade}\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n`,
    );
    await once(client, 'data');
    client.resume().write(frame);
    // Half of the time that \`ws\` waits by default.
    await within(once(client, 'end'), 15_000);
  });

  it('closes with 4429 at a second connection_init', async () => {
    const socket = await openSocket(url);
    socket.send(init);
    socket.send(init);
    expect(await socket.closed).toEqual([4429, 'Too many initialisation requests']);
  });

  it('closes with 4401 when an operation arrives before the acknowledgement', async () => {
    const socket = await openSocket(url);
    socket.send(subscribe('1', me));
    expect(await socket.closed).toEqual([4401, 'Unauthorized']);
  });

  it('closes with 4403 when the credential is invalid', async () => {
    const socket = await openSocket(url);
    socket.send({ type: 'connection_init', payload: { authorization: 'Basic canary' } });
    const reason = 'Authorization: expected Basic with base64 of key:secret, or Bearer with a token.';
    expect(await socket.closed).toEqual([4403, reason]);
  });

  it('closes with 4409 when an id is used twice at the same time', async () => {
    const socket = await openAcknowledged(url);
    socket.send(subscribe('same', messages));
    socket.send(subscribe('same', messages));
    expect(await socket.closed).toEqual([4409, 'Subscriber for same already exists']);
  });

  it.each([
    ['no JSON', 'canary'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"canary"}'],
    ['a number for a type', '{"type":1}'],
    ['a subscribe without id', '{"type":"subscribe","payload":{"query":"{ me { id } }"}}'],
    ['a subscribe with an empty id', '{"type":"subscribe","id":"","payload":{"query":"{ me { id } }"}}'],
    ['a subscribe without payload', '{"type":"subscribe","id":"1"}'],
    ['a subscribe without query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['a subscribe with a number for a query', '{"type":"subscribe","id":"1","payload":{"query":1}}'],
    [
      'variables that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{ me { id } }","variables":"x"}}',
    ],
    ['a complete without id', '{"type":"complete"}'],
    ['a ping with a text for a payload', '{"type":"ping","payload":"x"}'],
    ['a message only servers send: next without payload', '{"type":"next","id":"1"}'],
    ['a message only servers send: next', '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['a message only servers send: error', '{"type":"error","id":"1","payload":[{"message":"canary"}]}'],
    ['a message only servers send: connection_ack', '{"type":"connection_ack"}'],
  ])('closes with 4400 at a message that is %s', async (_name, text) => {
    // A long message is checked by its outline.
    for (const sent of [text, text.padEnd(20_000)]) {
      const socket = await openAcknowledged(url);
      socket.send(sent);
      const [code, reason] = await socket.closed;
      expect(code).toBe(4400);
      expect(reason).not.toContain('canary');
    }
  });

  it('answers ping with pong and its payload, before the acknowledgement too, and accepts an unsolicited pong', async () => {
    const socket = await openSocket(url);
    socket.send({ type: 'pong' });
    socket.send({ type: 'ping' });
    expect(await socket.message('pong')).toEqual({ type: 'pong' });
    socket.send(init);
    await socket.message('connection_ack');
    socket.send({ type: 'ping', payload: { n: 1 } });
    await waitUntil(() => socket.messages.filter(({ type }) => type === 'pong').length === 2);
    expect(socket.messages.at(-1)).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.socket.close();
  });

  it('answers an operation with next and complete under its id, several at a time', async () => {
    const socket = await openAcknowledged(url);
    socket.send(subscribe('a', me));
    socket.send(subscribe('b', '{ me { firstName } }'));
    await Promise.all([socket.message('complete', 'a'), socket.message('complete', 'b')]);
    expect(socket.messages.filter(({ id }) => id === 'a')).toEqual([
      { id: 'a', type: 'next', payload: { data: { me: { displayName: 'Ada Lovelace' } } } },
      { id: 'a', type: 'complete' },
    ]);
    expect(await socket.message('next', 'b')).toMatchObject({ payload: { data: { me: { firstName: 'Ada' } } } });
    socket.socket.close();
  });

  it('answers long operations like short ones, with all their content', async () => {
    const socket = await openAcknowledged(url);
    const long = ' '.repeat(20_000);
    const payload = (extra: object) => ({
      query: `query Q($id: ID!) { user(id: $id) { firstName } }${long}`,
      ...extra,
    });
    const variables = { id: 'grace@example.org' };
    socket.send({ type: 'subscribe', id: 'a', payload: payload({ variables, operationName: 'Q' }) });
    expect(await socket.answer('a')).toMatchObject({ payload: { data: { user: { firstName: 'Grace' } } } });
    const extensions = { headers: { Authorization: basic('nobody', 'wrong') } };
    socket.send({ type: 'subscribe', id: 'b', payload: payload({ variables, extensions }) });
    expect(await socket.answer('b')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    socket.send({ type: 'subscribe', id: 'c', payload: payload({ operationName: 'canary' }) });
    expect(await socket.answer('c')).toMatchObject({
      payload: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
    socket.send({ type: 'subscribe', id: 'd', payload: { query: `{ canary }${long}` } });
    expect(await socket.answer('d')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    socket.socket.close();
  });

  it('answers an operation that cannot run with error, ends it with that, and keeps the socket', async () => {
    const socket = await openAcknowledged(url);
    socket.send(subscribe('a', '{ canary }'));
    expect(await socket.message('error', 'a')).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false } }],
    });
    socket.send(subscribe('a', me));
    await socket.message('complete', 'a');
    expect(socket.messages.filter(({ id }) => id === 'a').map(({ type }) => type)).toEqual([
      'error',
      'next',
      'complete',
    ]);
    socket.socket.close();
  });

  it('accepts complete for an unknown id', async () => {
    const socket = await openAcknowledged(url);
    socket.send({ type: 'complete', id: 'unknown' });
    socket.send(subscribe('a', me));
    await socket.message('complete', 'a');
    socket.socket.close();
  });

  it('sends nothing of a query that its client completed, and aborts its upstream calls', async () => {
    await using slow = await startStack();
    const control = controlOf(slow.sandbox);
    await control.fault({ kind: 'stall', operationId: 'getMe', count: 1 });
    const socket = await openAcknowledged(slow.gateway.url);
    socket.send(subscribe('a', me));
    await waitUntil(() => slow.sandbox.requests.count('getMe') === 1);
    socket.send({ type: 'complete', id: 'a' });
    const aborted = async () =>
      (await (await fetch(`${slow.gateway.url}/metrics`)).text()).includes('operation_id="getMe",outcome="ABORTED"} 1');
    await expect.poll(aborted).toBe(true);
    socket.send(subscribe('b', '{ me { firstName } }'));
    await socket.message('complete', 'b');
    expect(socket.messages.filter(({ id }) => id === 'a')).toEqual([]);
    socket.socket.close();
  });

  it('distinguishes the end of a completed operation from that of the next one under the same id', async () => {
    await using slow = await startStack();
    await controlOf(slow.sandbox).fault({ kind: 'stall', operationId: 'getMe', count: 1 });
    const socket = await openAcknowledged(slow.gateway.url);
    socket.send(subscribe('a', me));
    await waitUntil(() => slow.sandbox.requests.count('getMe') === 1);
    // In one write, as a client under load would send them.
    socket.send({ type: 'complete', id: 'a' });
    socket.send(subscribe('a', '{ me { firstName } }'));
    await socket.message('complete', 'a');
    expect(socket.messages.filter(({ id }) => id === 'a')).toEqual([
      { id: 'a', type: 'next', payload: { data: { me: { firstName: 'Ada' } } } },
      { id: 'a', type: 'complete' },
    ]);

    socket.send(subscribe('s', messages));
    await waitUntil(() => slow.sandbox.requests.count('createEvents') === 1);
    socket.send({ type: 'complete', id: 's' });
    socket.send(subscribe('s', messages));
    await slow.query(
      'mutation { sendMessage(input: { recipient: "ada@example.org", body: "Room 4?" }) { message { id } } }',
      {},
      'grace',
    );
    await waitUntil(() => JSON.stringify(socket.messages).includes('"body":"Room 4?"'));
    expect(socket.messages.filter(({ id, type }) => id === 's' && type === 'complete')).toEqual([]);
    socket.socket.close();
  });

  it('ends every subscription of a socket that closes, and its upstream stream soon after', async () => {
    const socket = await openAcknowledged(url, 'alan');
    socket.send(subscribe('1', messages));
    socket.send(subscribe('2', messages));
    await expect.poll(async () => (await controlOf(stack.sandbox).openStreams())['alan']).toBe(1);
    socket.socket.terminate();
    await expect.poll(async () => (await controlOf(stack.sandbox).openStreams())['alan']).toBeUndefined();
  });

  it.each([
    ['completes it in other letters', ['live', '{"id":"1","type":"\\u0063omplete"}', 'live']],
    ['completes one that is rejected', ['wrong', '{"id":"1","type":"complete"}', 'live']],
    ['completes one that is answered', ['answered', '{"id":"1","type":"complete"}', 'live']],
  ])('ends the operations of a client that reuses an id and %s with the socket', async (_how, messagesSent) => {
    const socket = await openAcknowledged(url, 'alan');
    const texts: Readonly<Record<string, string>> = { live: messages, wrong: '{ wrong }', answered: '{ __typename }' };
    // Sent at once, so that no asynchronous step is between them.
    for (const text of messagesSent) socket.send(texts[text] === undefined ? text : subscribe('1', texts[text]));
    const streams = async () => (await controlOf(stack.sandbox).openStreams())['alan'];
    socket.send(subscribe('other', messages));
    await expect.poll(streams).toBe(1);
    socket.socket.terminate();
    await expect.poll(streams).toBeUndefined();
  });

  it('cuts off a client that leaves pings unanswered, and no other', async () => {
    await using pinging = await startStack({ config: { webSocketPingMs: 200 } });
    const live = await openAcknowledged(pinging.gateway.url);
    const dead = new WebSocket(`${pinging.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      autoPong: false,
    });
    dead.on('open', () => dead.send(JSON.stringify(init)));
    expect(await new Promise((resolve) => dead.once('close', resolve))).toBe(1006);
    live.send(subscribe('1', me));
    await live.message('complete', '1');
    live.socket.close();
  });

  it('stops reading from a client that does not read its responses', async () => {
    // Acknowledged, because other sockets are closed after some seconds in any case.
    const socket = await openAcknowledged(url);
    socket.socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { filler: 'x'.repeat(500_000) } });
    let sent = 0;
    for (; sent < 200 && socket.socket.bufferedAmount < 20_000_000; sent++) {
      socket.socket.send(ping);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => socket.socket.bufferedAmount, { interval: 200 }).toBeGreaterThan(10_000_000);
    socket.socket.terminate();
  });
});
