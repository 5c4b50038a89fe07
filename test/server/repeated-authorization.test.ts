/** Two values of `authorization`, in headers or in two spellings of a payload: none of them is used, over any transport. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptParts } from '../support/multipart-parts.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ config: { mcp: true, httpGet: true } });
});
afterAll(() => stack[Symbol.asyncDispose]());

const query = '{ me { displayName } }';

async function answerTo(requestLine: string, lines: readonly string[], body: string): Promise<string> {
  const { hostname, port } = new URL(stack.gateway.url);
  const socket = connect(Number(port), hostname);
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const credentials = [`Authorization: ${basic('ada')}`, `authorization: ${basic('grace')}`];
  const head = [`${requestLine} HTTP/1.1`, 'Host: gateway', ...credentials, ...lines, ...length, '', ''];
  socket.write(head.join('\r\n') + body);
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  return text;
}

const json = 'Content-Type: application/json';
const body = JSON.stringify({ query });

describe('two credentials', () => {
  it.each([
    ['POST', 'POST /graphql', [json], body],
    ['GET', `GET /graphql?${new URLSearchParams({ query })}`, [], ''],
    ['SSE', 'POST /graphql', [json, 'Accept: text/event-stream'], body],
    ['multipart subscriptions', 'POST /graphql', [json, `Accept: ${acceptParts}`], body],
    ['uploads', 'POST /graphql', ['Content-Type: multipart/form-data; boundary=b'], '--b--\r\n'],
    ['downloads', 'GET /attachments/00000000-0000-0000-0000-000000000000/1', [], ''],
    ['MCP', 'POST /mcp', [json, 'Accept: application/json'], '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    [
      'the handshake of a WebSocket',
      'GET /graphql',
      [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Protocol: graphql-transport-ws',
      ],
      '',
    ],
  ])('in headers are rejected over %s', async (_, requestLine, lines, sent) => {
    expect(await answerTo(requestLine, lines, sent)).toMatch(/^HTTP\/1.1 400 /);
  });

  it.each([
    ['application/json', 'POST /graphql', ''],
    ['application/json', 'POST http://gateway.example.org/graphql', ''],
    ['application/graphql-response+json', 'POST /graphql', 'Accept: application/graphql-response+json'],
    ['application/json', 'GET /attachments/00000000-0000-0000-0000-000000000000/1', 'Accept: image/*'],
  ])('in headers have an error in %s for %s, with its request id', async (type, requestLine, accept) => {
    const lines = [json, 'X-Request-Id: asked-1', ...(accept === '' ? [] : [accept])];
    const answer = await answerTo(requestLine, lines, body);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.toLowerCase()).toContain(`content-type: ${type}; charset=utf-8\r\n`);
    expect(answer.toLowerCase()).toContain('x-request-id: asked-1\r\n');
    expect(answer.toLowerCase()).toContain('connection: close\r\n');
    expect(JSON.parse(/\{.*\}/s.exec(answer)?.[0] ?? '')).toEqual({
      errors: [
        {
          message: 'Expected a request with a path, one host and at most one Authorization header.',
          extensions: { code: 'BAD_USER_INPUT', retryable: false, requestId: 'asked-1' },
        },
      ],
    });
  });

  const both = [
    { Authorization: basic('ada'), authorization: basic('grace') },
    { authorization: basic('ada'), Authorization: basic('grace') },
    { Authorization: basic('ada'), authorization: basic('ada') },
    { AUTHORIZATION: '', authorization: basic('ada') },
  ];

  it.each(both)('in connection_init are rejected: %o', async (payload) => {
    const socket = await openSocket(stack.gateway.url);
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toEqual([4400, 'connection_init: expected at most one authorization.']);
    expect(socket.messages).toEqual([]);
  });

  it.each(both)('in the headers of an operation are rejected: %o', async (headers) => {
    const socket = await openAcknowledged(stack.gateway.url, 'alan');
    socket.send({ type: 'subscribe', id: '1', payload: { query, extensions: { headers } } });
    expect(await socket.answer('1')).toMatchObject({
      type: 'error',
      payload: [
        {
          message: 'extensions.headers: expected at most one authorization.',
          extensions: { code: 'BAD_USER_INPUT', field: 'extensions.headers', requestId: expect.any(String) },
        },
      ],
    });
    // The connection goes on, and a single spelling is used.
    const single = { extensions: { headers: { AUTHORIZATION: basic('grace'), authorization: null } } };
    socket.send({ type: 'subscribe', id: '2', payload: { query, ...single } });
    expect((await socket.answer('2')).payload).toEqual({ data: { me: { displayName: 'Grace Hopper' } } });
    socket.socket.close();
  });

  it('of one spelling in connection_init is used, whatever is no text', async () => {
    const socket = await openSocket(stack.gateway.url);
    socket.send({ type: 'connection_init', payload: { authorization: 7, Authorization: basic('grace') } });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    expect((await socket.answer('1')).payload).toEqual({ data: { me: { displayName: 'Grace Hopper' } } });
    socket.socket.close();
  });
});
