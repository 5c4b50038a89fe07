import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { rejectWith, startWireServer, type WireServer } from '../support/wire-server.ts';

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

describe('the request id', () => {
  let upstream: WireServer;
  let stack: Stack;
  beforeAll(async () => {
    upstream = await startWireServer((_request, response) => rejectWith(response, 500));
    stack = await startStack({
      upstreamUrl: upstream.origin,
      config: { upstreamRetries: 0, upstreamBreakerFailures: 1000 },
    });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  const body = JSON.stringify({ query: '{ me { id } }' });
  const post = (headers: Readonly<Record<string, string>>) =>
    fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic('ada'), ...headers },
      body,
    });
  const sentUpstream = () => upstream.requests.at(-1)?.headers['x-request-id'];

  it.each([{}, { accept: 'text/event-stream' }, { accept: 'application/graphql-response+json' }])(
    'is the client’s, in the response header, its errors, the log, and the upstream call, with %j',
    async (headers) => {
      const response = await post({ ...headers, 'x-request-id': 'client-7' });
      expect(response.headers.get('x-request-id')).toBe('client-7');
      expect(await response.text()).toContain('"requestId":"client-7"');
      expect(sentUpstream()).toBe('client-7');
      expect(stack.logLines.at(-1)).toContain('"requestId":"client-7"');
    },
  );

  it('is generated when the client sends none, or one with invalid characters', async () => {
    for (const sent of [undefined, '', 'x'.repeat(200), 'John Doe', 'a,b', '<script>']) {
      const response = await post(sent === undefined ? {} : { 'x-request-id': sent });
      const id = response.headers.get('x-request-id');
      expect(id).toMatch(uuid);
      expect(await response.text()).toContain(`"requestId":"${id}"`);
      expect(sentUpstream()).toBe(id);
    }
  });

  it('is that of each operation on a WebSocket, or generated for it', async () => {
    const socket = await openAcknowledged(stack.gateway.url);
    const query = '{ me { id } }';
    const headers = { 'X-Request-Id': 'socket-7', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
    socket.send({ type: 'subscribe', id: 'a', payload: { query, extensions: { headers } } });
    expect(JSON.stringify(await socket.message('next', 'a'))).toContain('"requestId":"socket-7"');
    expect(upstream.requests.at(-1)?.headers).toMatchObject({
      'x-request-id': 'socket-7',
      traceparent: headers.traceparent,
    });
    socket.send({ type: 'subscribe', id: 'b', payload: { query } });
    const answer = JSON.stringify(await socket.message('next', 'b'));
    expect(answer).toContain(`"requestId":"${sentUpstream()}"`);
    expect(sentUpstream()).toMatch(uuid);
    socket.socket.close();
  });

  it('is in rejections of every kind', async () => {
    const { url } = stack.gateway;
    const requests: Readonly<Record<string, [string, RequestInit]>> = {
      'no JSON': ['/graphql', { method: 'POST', body: '{' }],
      'no credential': ['/graphql', { method: 'POST', body, headers: { authorization: '' } }],
      'a wrong credential': ['/graphql', { method: 'POST', body, headers: { authorization: 'Digest x' } }],
      'an unknown operation': ['/graphql', { method: 'POST', body: '{"query":"{ me { id } }","operationName":"x"}' }],
      'an attachment': ['/attachments/00000000-0000-4000-8000-000000000000/1', {}],
      'a foreign origin': ['/graphql', { method: 'POST', body, headers: { origin: 'https://evil.example.org' } }],
      'a mutation with GET': ['/graphql?query=mutation{signOut{externalLogoutUrl}}', {}],
    };
    for (const [name, [path, init]] of Object.entries(requests)) {
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: {
          'content-type': 'application/json',
          authorization: basic('ada'),
          'x-request-id': 'rejected-7',
          ...init.headers,
        },
      });
      expect(response.headers.get('x-request-id'), name).toBe('rejected-7');
      expect(response.headers.get('cache-control'), name).toBe('no-store');
      const answer = await response.json();
      expect(answer.errors[0].extensions.requestId, name).toBe('rejected-7');
      expect(Object.keys(answer.errors[0].extensions), name).toEqual(expect.arrayContaining(['code', 'retryable']));
    }
  });
});
