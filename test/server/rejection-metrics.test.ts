import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

describe('a rejection before an operation exists', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      config: {
        graphiql: false,
        httpGet: false,
        maxBodyBytes: 2_048,
        maxHeaderBytes: 4_096,
        maxConnectionsPerAddress: 100,
      },
    });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const json = { 'content-type': 'application/json', authorization: basic('ada') };
  const me = '{"query":"{ me { id } }"}';
  const send = async (init: RequestInit, path = '/graphql') => {
    await (await fetch(`${stack.gateway.url}${path}`, init)).text();
  };
  const posted = (body: string, headers: Record<string, string> = {}) =>
    send({ method: 'POST', body, headers: { ...json, ...headers } });
  const sse = { accept: 'text/event-stream' };
  const form = (operations: string) => {
    const data = new FormData();
    data.set('operations', operations);
    return send({ method: 'POST', body: data, headers: { authorization: basic('ada') } });
  };
  /** Bytes as they are; resolves with the end of the connection. */
  const raw = async (text: string, to = stack) => {
    const { hostname, port } = new URL(to.gateway.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {}); // it is the other side that ends it
    socket.resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(text);
    await closed;
  };
  const upgrade = (path: string, headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`${stack.gateway.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', {
      headers,
    });
    return once(socket, 'error');
  };
  const closing = async (
    frames: readonly (object | string)[],
    isAcknowledged = false,
    protocol: string | null = 'graphql-transport-ws',
  ) => {
    const socket = isAcknowledged
      ? await openAcknowledged(stack.gateway.url)
      : await openSocket(stack.gateway.url, protocol);
    for (const frame of frames) socket.send(frame);
    await socket.closed;
  };
  const init = { type: 'connection_init' };
  const subscribe = { type: 'subscribe', id: '1', payload: { query: 'subscription { events { id } }' } };

  const cases: readonly (readonly [string, string, string, () => Promise<unknown>])[] = [
    ['no JSON', 'http', 'body', () => posted('{')],
    ['no JSON, over SSE', 'http', 'body', () => posted('{', sse)],
    ['a batch', 'http', 'body', () => posted(`[${me}]`)],
    ['a form without parts', 'http', 'body', () => send({ method: 'POST', body: new FormData(), headers: json })],
    ['a form without a map', 'http', 'body', () => form(me)],
    ['a body over the limit', 'http', 'too_large', () => posted('x'.repeat(4_000))],
    ['a body over the limit, over SSE', 'http', 'too_large', () => posted('x'.repeat(4_000), sse)],
    ['a part over the limit', 'http', 'too_large', () => form('x'.repeat(4_000))],
    ['headers over the limit', 'http', 'too_large', () => posted(me, { 'x-long': 'x'.repeat(8_000) })],
    ['a form of a browser', 'http', 'media_type', () => posted('query=x', { 'content-type': 'text/plain' })],
    ['PUT', 'http', 'method', () => send({ method: 'PUT', body: me, headers: json })],
    ['GET, switched off', 'http', 'method', () => send({ headers: json }, '/graphql?query={me{id}}')],
    ['the page, switched off', 'http', 'path', () => send({ headers: { accept: 'text/html' } })],
    ['another path', 'http', 'path', () => send({}, '/canary')],
    ['a foreign origin', 'http', 'foreign_origin', () => posted(me, { origin: 'https://canary.example.org' })],
    ['a malformed credential', 'http', 'credential', () => posted(me, { authorization: 'Basic canary' })],
    ['a malformed credential, over SSE', 'http', 'credential', () => posted(me, { ...sse, authorization: 'canary' })],
    ['no HTTP', 'http', 'malformed', () => raw('canary\r\n\r\n')],
    ['a WebSocket to another path', 'websocket', 'path', () => upgrade('/canary')],
    [
      'a WebSocket of a foreign origin',
      'websocket',
      'foreign_origin',
      () => upgrade('/graphql', { origin: 'https://canary.example.org' }),
    ],
    [
      'a WebSocket without its headers',
      'websocket',
      'handshake',
      () => raw('GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    ],
    ['no subprotocol', 'websocket', 'subprotocol', () => closing([], false, null)],
    [
      'connection_init with a malformed credential',
      'websocket',
      'credential',
      () => closing([{ ...init, payload: { authorization: 'canary' } }]),
    ],
    ['an operation before connection_init', 'websocket', 'credential', () => closing([subscribe])],
    ['connection_init twice', 'websocket', 'message', () => closing([init], true)],
    ['a message that is none', 'websocket', 'message', () => closing(['canary'], true)],
    ['an id twice', 'websocket', 'message', () => closing([subscribe, subscribe], true)],
    ['a message over the limit', 'websocket', 'too_large', () => closing(['x'.repeat(4_000)], true)],
  ];

  const counts = async (of = stack) => {
    const text = await (await fetch(`${of.gateway.url}/metrics`)).text();
    const series = text.matchAll(/^tigerconnect_requests_rejected_total\{transport="(\w+)",reason="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries(
      [...series].map(([, transport, reason, count]) => [`${transport} ${reason}`, Number(count)]),
    );
  };

  it.each(cases)('is counted: %s', async (_name, transport, reason, run) => {
    const before = await counts();
    await run();
    const key = `${transport} ${reason}`;
    await expect.poll(() => counts()).toEqual({ ...before, [key]: (before[key] ?? 0) + 1 });
  });

  // In a gateway with short timeouts, which the requests of the other tests would exceed on a busy machine.
  it('is counted: headers that never end, and no connection_init', async () => {
    await using hurried = await startStack({ config: { headersTimeoutMs: 300, webSocketInitTimeoutMs: 300 } });
    await raw('GET / HTTP/1.1\r\nhost: x\r\n', hurried);
    await (await openSocket(hurried.gateway.url)).closed;
    await expect.poll(() => counts(hurried)).toMatchObject({ 'http timeout': 1, 'websocket timeout': 1 });
  });

  it('is not counted as an operation, and an operation not as a rejection', async () => {
    const before = await counts();
    await posted('{"query":"{ canary }"}');
    await posted(me);
    await closing([{ type: 'complete', id: '1' }, subscribe, { type: 'complete', id: '1' }, 'end'], true);
    expect(await counts()).toEqual({ ...before, 'websocket message': (before['websocket message'] ?? 0) + 1 });
    const metrics = await (await fetch(`${stack.gateway.url}/metrics`)).text();
    expect(metrics).not.toContain('canary');
    const operations = metrics.matchAll(/^tigerconnect_operations_total\{type="(\w+)".*\} (\d+)$/gm);
    expect([...operations].map(([, type, count]) => [type, count])).toEqual(
      expect.arrayContaining([
        ['unknown', '1'],
        ['query', '1'],
      ]),
    );
  });

  it('at the limit of connections is counted', async () => {
    await using crowded = await startStack({ config: { maxConnectionsPerAddress: 1 } });
    const { hostname, port } = new URL(crowded.gateway.url);
    const first = connect(Number(port), hostname);
    await once(first, 'connect');
    const second = connect(Number(port), hostname);
    await new Promise((resolve) => second.once('close', resolve));
    first.write('GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of first) text += String(chunk);
    expect(text).toContain('tigerconnect_requests_rejected_total{transport="http",reason="connections"} 1');
  });
});
