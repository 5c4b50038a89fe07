import { once } from 'node:events';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preferredEncoding } from '../../src/server/http/graphql/compression.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

const long =
  '{ roster { entries { nodes { counterpart { __typename ... on User { id displayName } ... on Group { id name } } } } } }';

interface Answer {
  readonly encoding: string | undefined;
  readonly vary: string | undefined;
  readonly length: number;
  readonly text: string;
}

const decoders = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes } as const;

/** By `node:http`, which shows what is sent. */
async function ask(stack: Stack, accepted: string | undefined, query = long, headers = {}): Promise<Answer> {
  const sent = request(`${stack.gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: basic('ada'),
      ...(accepted === undefined ? {} : { 'accept-encoding': accepted }),
      ...headers,
    },
  });
  sent.end(JSON.stringify({ query }));
  const [response] = await once(sent, 'response');
  const bytes = await buffer(response);
  const { 'content-encoding': encoding, vary, 'content-length': length } = response.headers;
  expect(Number(length)).toBe(bytes.length);
  const text = decoders[(encoding ?? 'identity') as keyof typeof decoders](bytes).toString();
  return { encoding, vary, length: bytes.length, text };
}

describe('responses with COMPRESSION=true', () => {
  let stack: Stack;
  let plain: Answer;
  beforeAll(async () => {
    const config = {
      compression: true,
      maxCompressions: 2,
      sharedQueryMs: 10_000,
      corsOrigins: ['https://app.example.org'],
    };
    stack = await startStack({ config });
    plain = await ask(stack, undefined);
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['deflate', undefined],
    ['br;q=0, gzip;q=0', undefined],
  ])('for a client that accepts %s are in %s', async (accepted, encoding) => {
    const answer = await ask(stack, accepted);
    expect(answer.encoding).toBe(encoding);
    expect(answer.text).toBe(plain.text);
    if (encoding !== undefined) expect(answer.length).toBeLessThan(plain.length / 2);
  });

  it('name the request header that they depend on, beside the origin', async () => {
    for (const query of [long, '{ me { id } }'])
      expect((await ask(stack, 'br', query, { origin: 'https://app.example.org' })).vary).toBe(
        'origin, accept-encoding',
      );
  });

  it('are uncompressed when they are short', async () => {
    expect((await ask(stack, 'br', '{ me { id } }')).encoding).toBeUndefined();
  });

  it('are uncompressed while MAX_COMPRESSIONS are compressed', async () => {
    // They wait for one upstream call, so that all are answered in the same moment.
    await controlOf(stack.sandbox).fault({ kind: 'delay', operationId: 'getRoster', delayMs: 1_000, count: 1 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(stack, 'br')));
    expect(new Set(answers.map(({ encoding }) => encoding))).toEqual(new Set(['br', undefined]));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([plain.text]));
  });
});

it('no response is compressed by default', async () => {
  await using stack = await startStack();
  expect(await ask(stack, 'br, gzip')).toMatchObject({ encoding: undefined, vary: undefined });
});

it('a weight of 0 and * are understood', () => {
  const preferences = ['*', '*;q=0', 'br;q=0, *', 'x-gzip', 'identity', '', 'gzip;q=0.5, br;q=0.5', 'gzip;q=x'];
  expect(preferences.map(preferredEncoding)).toEqual([
    'br',
    undefined,
    'gzip',
    'gzip',
    undefined,
    undefined,
    'br',
    undefined,
  ]);
});
