/** Small documents of expensive shapes: their cost is in proportion to their length. */
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { schema } from '../../src/schema/index.ts';
import { createDocumentCheck } from '../../src/server/operation/limits/document-limits.ts';
import { createPrepare, isInvalid, type Prepare } from '../../src/server/operation/prepare.ts';
import { hostileShapes } from '../support/hostile-shapes.ts';
import { postText } from '../support/http-post.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { basic, post, type Stack, startStack } from '../support/stack.ts';

const shapes = Object.entries(hostileShapes);
const defaults = parseConfig({});
const characters = 65_536;

function prepareWith(maxTokens: number): Prepare {
  return createPrepare(schema, {
    introspection: false,
    cacheBytes: 0,
    maxCharacters: 2 * characters,
    maxTokens,
    compileAfter: 1,
    check: createDocumentCheck(defaults),
  });
}

/** Milliseconds of processor time, the minimum of up to eight runs: other programs on the machine only add to it. */
function leastMs(prepare: Prepare, text: string, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 8 && least > enough; run++) {
    const before = process.cpuUsage();
    const outcome = prepare(text, undefined);
    if (!isInvalid(outcome) && typeof outcome.cost === 'function') outcome.cost({});
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe('a document of a hostile shape', () => {
  // Warms up, as a gateway in use is: the first runs of a program are slower.
  beforeAll(() => {
    const prepare = prepareWith(100_000);
    for (const [, shape] of shapes) for (const length of [1_000, 4_000]) prepare(shape(length), undefined);
  });

  it.each(shapes)('takes at most 50 ms to prepare, at every length that is allowed: %s', (_name, shape) => {
    const prepare = prepareWith(defaults.maxTokens);
    for (const length of [1_500, 2_500, 4_000, 6_000, 10_000, characters]) {
      expect(leastMs(prepare, shape(length), 40), `${length} characters`).toBeLessThan(50);
    }
  });

  // Settings may allow many tokens. For sixteen times the length, four times the time per character is allowed, because of processor
  // caches and garbage collections on other threads, which count. Quadratic time would be sixteen times as much, and exponential
  // time would not end.
  it.each(shapes)('takes time in proportion to its length, however many tokens are allowed: %s', (_name, shape) => {
    const prepare = prepareWith(100_000);
    const short = leastMs(prepare, shape(characters / 16), 0);
    const most = 64 * Math.max(short, 1.25);
    const long = leastMs(prepare, shape(characters), most - 1);
    expect(long).toBeLessThan(500);
    expect(long).toBeLessThan(most);
  });
});

describe('documents of hostile shapes', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { introspection: false } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const credentials = [null, 'ada'] as const;
  const codes = [
    'OPERATION_TOO_COMPLEX',
    'GRAPHQL_VALIDATION_FAILED',
    'GRAPHQL_PARSE_FAILED',
    'OPERATION_RESOLUTION_FAILURE',
    'UNAUTHENTICATED',
    'BAD_USER_INPUT',
    'NOT_FOUND',
  ];
  const lengths = [1_500, 4_000, characters];

  function expectAnswer(answer: { data?: unknown; errors?: readonly { extensions?: unknown }[] | undefined }): void {
    if (answer.errors === undefined) expect(answer.data).toBeDefined();
    else for (const { extensions } of answer.errors) expect(codes).toContain(Reflect.get(extensions ?? {}, 'code'));
  }

  it.each(credentials)('are answered over POST, as %s', { timeout: 300_000 }, async (as) => {
    for (const [, shape] of shapes) {
      for (const length of lengths) expectAnswer(await post(stack.gateway.url, { query: shape(length) }, as));
    }
  });

  it.each(credentials)('are answered over GET, as %s', { timeout: 300_000 }, async (as) => {
    const headers: Record<string, string> = as === null ? {} : { authorization: basic(as) };
    for (const [, shape] of shapes) {
      const url = `${stack.gateway.url}/graphql?query=${encodeURIComponent(shape(3_000))}`;
      const response = await fetch(url, { headers });
      // With all characters percent-encoded, the text exceeds the limit of headers.
      if (response.status === 431) await response.text();
      else expectAnswer((await response.json()) as object);
    }
  });

  it.each(credentials)('are answered over SSE, as %s', { timeout: 300_000 }, async (as) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(as === null ? {} : { authorization: basic(as) }),
    };
    for (const [name, shape] of shapes) {
      for (const length of lengths) {
        const query = shape(length);
        if (as !== null && query.startsWith('subscription')) continue; // a stream that would not end
        const { text } = await postText(`${stack.gateway.url}/graphql`, headers, JSON.stringify({ query }));
        const data = /^data: (\{.*)$/m.exec(text)?.[1];
        expect(data, name).toBeDefined();
        expectAnswer(JSON.parse(data ?? ''));
      }
    }
  });

  it.each(credentials)('are answered over a WebSocket, as %s', { timeout: 300_000 }, async (as) => {
    const socket = as === null ? await openSocket(stack.gateway.url) : await openAcknowledged(stack.gateway.url, as);
    if (as === null) {
      socket.send({ type: 'connection_init' });
      await socket.message('connection_ack');
    }
    for (const [name, shape] of shapes) {
      for (const length of lengths) {
        const query = shape(length);
        if (as !== null && query.startsWith('subscription')) continue;
        const id = `${name} ${length}`;
        socket.send({ type: 'subscribe', id, payload: { query } });
        const answer = await socket.answer(id);
        expectAnswer(answer.type === 'error' ? { errors: answer.payload as [] } : ((answer.payload ?? {}) as object));
      }
    }
    socket.socket.close();
  });

  it('rejects thirty fragments that spread the next one twice in a few milliseconds, with a specific code', async () => {
    const fragments = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query{...F${n + 1} ...F${n + 1}}`);
    const query = `query{...F0} ${fragments.join(' ')} fragment F30 on Query{...X}`;
    const { errors, status } = await stack.query(query, {}, null);
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }]);
  });

  it('reports the cycle of fragments that spread themselves, with the position of each', async () => {
    const query = '{\n me { ...A }\n}\nfragment A on User { ...B }\r\nfragment B on User {\r id ...A }';
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: 'Cannot spread fragment "A" within itself via "B".',
          locations: [
            { line: 4, column: 22 },
            { line: 6, column: 5 },
          ],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
  });

  it('still answers the whole introspection query when it is allowed', async () => {
    await using open = await startStack();
    const { data } = await open.query(getIntrospectionQuery(), {}, null);
    expect(buildClientSchema(data as never).getType('Query')).toBeDefined();
  });
});
