/** `X-Forwarded-For` of a trusted proxy, and of a client that is none, over every transport. */
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { toolCall } from '../support/mcp-request.ts';
import { acceptParts } from '../support/multipart-parts.ts';
import { sendFrom } from '../support/send-from.ts';
import { basic, startStack } from '../support/stack.ts';

const query = '{ __typename }';
const signIn = 'mutation { signIn(input: { userId: "ada@example.org", password: "demo" }) { user { displayName } } }';
const form = [
  ['operations', JSON.stringify({ query })],
  ['map', '{}'],
]
  .map(([name, content]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`)
  .join('');

const mcpHeaders = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

/** Sends an operation without a credential. @returns The response. */
type Send = (url: string, localAddress: string, forwarded: string) => Promise<string>;

const post =
  (operation: string, headers: Readonly<Record<string, string>> = {}): Send =>
  (url, localAddress, forwarded) =>
    sendFrom(localAddress, `${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, 'x-forwarded-for': forwarded },
      body: JSON.stringify({ query: operation }),
    });
const get =
  (headers: Readonly<Record<string, string>> = {}): Send =>
  (url, localAddress, forwarded) =>
    sendFrom(localAddress, `${url}/graphql?${new URLSearchParams({ query })}`, {
      headers: { ...headers, 'x-forwarded-for': forwarded },
    });

const transports: Readonly<Record<string, Send>> = {
  POST: post(query),
  'signing in': post(signIn),
  GET: get(),
  SSE: post(query, { accept: 'text/event-stream' }),
  'SSE by GET': get({ accept: 'text/event-stream' }),
  'multipart subscriptions': post(query, { accept: acceptParts }),
  'multipart subscriptions by GET': get({ accept: acceptParts }),
  uploads: (url, localAddress, forwarded) =>
    sendFrom(localAddress, `${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'x-forwarded-for': forwarded },
      body: `${form}--b--\r\n`,
    }),
  WebSocket: (url, localAddress, forwarded) =>
    new Promise((resolve, reject) => {
      const headers = { 'x-forwarded-for': forwarded };
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers,
        localAddress,
      });
      socket.on('error', reject);
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data) => {
        const { type } = JSON.parse(String(data));
        if (type === 'connection_ack') socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
        else if (type === 'next' || type === 'error') {
          socket.close();
          resolve(String(data));
        }
      });
    }),
};

describe.each(Object.entries(transports))('over %s', (_name, send) => {
  it('counts a client by the address that a trusted proxy gives, and any other by its own', async () => {
    await using stack = await startStack({ config: { rateLimit: 1, trustedProxies: ['127.0.0.2', '10.0.0.0/8'] } });
    const isLimited = async (localAddress: string, forwarded: string) => {
      const text = await send(stack.gateway.url, localAddress, forwarded);
      expect(text).toMatch(/RATE_LIMITED|"__typename":"Query"|Ada Lovelace/);
      return text.includes('RATE_LIMITED');
    };
    expect(await isLimited('127.0.0.2', '198.51.100.4')).toBe(false);
    expect(await isLimited('127.0.0.2', '203.0.113.9, 198.51.100.4, 10.1.1.1')).toBe(true);
    expect(await isLimited('127.0.0.2', '198.51.100.4, 203.0.113.9')).toBe(false);
    // Both are in one /64.
    expect(await isLimited('127.0.0.2', '2001:db8::1')).toBe(false);
    expect(await isLimited('127.0.0.2', '2001:db8::2')).toBe(true);
    // Not a trusted proxy: neither the addresses of others nor new ones help it.
    expect(await isLimited('127.0.0.3', '198.51.100.5')).toBe(false);
    expect(await isLimited('127.0.0.3', '198.51.100.6')).toBe(true);
    expect(await isLimited('127.0.0.2', '198.51.100.5')).toBe(false);
  });
});

it('over MCP the work of credentials that are not accepted counts for the address that a trusted proxy gives', async () => {
  const config = { mcp: true, unprovenWorkPercent: 1, trustedProxies: ['127.0.0.2'] };
  await using stack = await startStack({ config });
  const ids = Array.from({ length: 400 }, () => `Message:${crypto.randomUUID()}`);
  let count = 0;
  const isLimited = async (localAddress: string, forwarded: string) => {
    const text = await sendFrom(localAddress, `${stack.gateway.url}/mcp`, {
      method: 'POST',
      // Another one each time: the rejection of a credential is cached.
      headers: { ...mcpHeaders, authorization: basic(`invented-${count++}`), 'x-forwarded-for': forwarded },
      body: JSON.stringify(toolCall('Messages', { ids })),
    });
    expect(text).toMatch(/RATE_LIMITED|UNAUTHENTICATED/);
    return text.includes('RATE_LIMITED');
  };
  // A second of work, of which each call is charged 16 ms.
  while (!(await isLimited('127.0.0.2', '198.51.100.4'))) expect(count).toBeLessThan(100);
  expect(await isLimited('127.0.0.2', '203.0.113.9, 198.51.100.4')).toBe(true);
  expect(await isLimited('127.0.0.2', '198.51.100.4, 203.0.113.9')).toBe(false);
  // Not a trusted proxy: it counts by its own address.
  expect(await isLimited('127.0.0.3', '198.51.100.4')).toBe(false);
});

it('MAX_CONNECTIONS_PER_ADDRESS does not count the connections of a trusted proxy', async () => {
  const config = { maxConnectionsPerAddress: 1, trustedProxies: ['127.0.0.2'] };
  await using stack = await startStack({ config });
  const open = (localAddress: string) =>
    new Promise<WebSocket | undefined>((resolve) => {
      const socket = new WebSocket(`${stack.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        localAddress,
      });
      socket.on('error', () => resolve(undefined));
      socket.on('open', () => resolve(socket));
    });
  const ofClient = [await open('127.0.0.3'), await open('127.0.0.3')];
  const ofProxy = [await open('127.0.0.2'), await open('127.0.0.2'), await open('127.0.0.2')];
  expect(ofClient.map((socket) => socket !== undefined)).toEqual([true, false]);
  expect(ofProxy.every((socket) => socket !== undefined)).toBe(true);
  for (const socket of [...ofClient, ...ofProxy]) socket?.terminate();
});
