import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { anyCharacter } from '../support/any-character.ts';
import { sessionKey } from '../support/browser-session.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { postText } from '../support/http-post.ts';
import { ownTime } from '../support/own-time.ts';
import { randomOperation } from '../support/random-operation.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { basic, keeping, type Stack, startStack } from '../support/stack.ts';
import { worldTexts } from '../support/world-texts.ts';

/** Sum of the numbers of runs below, with those of several inputs counted as often. */
const whole = 10_000;
const scale = fuzzRuns(whole) / whole;
const options = (runs: number) => ({
  numRuns: Math.ceil(runs * scale),
  seed: fuzzSeed(7),
  endOnFailure: true,
});
const timeoutMs = 300_000 * Math.max(1, scale);
const longestMs = 1_000;
/** The response waits for an acknowledgement, and one call is sent per second. */
const longestWithAcknowledgementsMs = 2_500;
/** An input that hangs does so at every try, one that coincided with a garbage collection does not. */
const longestTries = 5;

describe('whatever clients send', () => {
  let stack: Stack;
  let texts: readonly string[];
  beforeAll(async () => {
    stack = await startStack({
      config: {
        ...keeping,
        logLevel: 'error',
        maxUpstreamCalls: 100,
        shutdownTimeoutMs: 5_000,
        sessionKeys: [sessionKey()],
      },
    });
    texts = (await worldTexts(stack.sandbox.url)).texts;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  /** Sends a body in several requests at once, as clients do: the answers must be GraphQL's, in time, and no INTERNAL. */
  async function check(
    bodies: readonly string[],
    headers: Readonly<Record<string, string>> = {},
    bound = longestMs,
  ): Promise<void> {
    const ask = () =>
      Promise.all(
        bodies.map(async (body) => {
          const all = { 'content-type': 'application/json', authorization: basic('ada'), ...headers };
          const { status, text } = await postText(`${stack.gateway.url}/graphql`, all, body);
          return { body, status, text };
        }),
      );
    let answers: Awaited<ReturnType<typeof ask>> = [];
    let fastest = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < longestTries && fastest >= bound; tries++) {
      const startedAt = ownTime();
      answers = await ask();
      fastest = Math.min(fastest, ownTime() - startedAt);
    }
    expect(fastest, bodies.join('\n')).toBeLessThan(bound);
    for (const { body, status, text } of answers) {
      expect(status, body).toBeLessThan(500);
      expect(text, body).not.toContain('"INTERNAL"');
      const answer = JSON.parse(text);
      expect(answer.data !== undefined || answer.errors?.length > 0, body).toBe(true);
    }
  }

  it(
    'as random queries of the schema is answered',
    async () => {
      const query = fc
        .integer()
        .map((seed) => JSON.stringify(randomOperation(schema, { seed, kind: 'query', texts, depth: 4 })));
      await fc.assert(
        fc.asyncProperty(fc.array(query, { minLength: 10, maxLength: 10 }), (bodies) => check(bodies)),
        options(50),
      );
    },
    timeoutMs,
  );

  it(
    'as random mutations of the schema is answered',
    async () => {
      const mutation = fc
        .integer()
        .map((seed) => JSON.stringify(randomOperation(schema, { seed, kind: 'mutation', texts, depth: 3 })));
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 10, maxLength: 10 }), (bodies) =>
          check(bodies, {}, longestWithAcknowledgementsMs),
        ),
        options(50),
      );
    },
    timeoutMs,
  );

  it(
    'as damaged documents is rejected or answered',
    async () => {
      const damaged = fc
        .tuple(
          fc.integer(),
          fc.array(
            fc.tuple(
              fc.nat(),
              fc.constantFrom(
                '',
                '{',
                '}',
                '(',
                '"',
                '"""',
                '$',
                '@',
                '...',
                '\u0000',
                '\ud800',
                '#',
                '[',
                ':',
                '!',
                'é',
                ' on ',
              ),
            ),
            { minLength: 1, maxLength: 4 },
          ),
        )
        .map(([seed, damages]) => {
          const { query, variables } = randomOperation(schema, { seed, kind: 'query', texts, depth: 3 });
          const text = damages.reduce((whole, [at, piece]) => {
            const place = at % (whole.length + 1);
            return whole.slice(0, place) + piece + whole.slice(place + (at % 3));
          }, query);
          return JSON.stringify({ query: text, variables });
        });
      await fc.assert(
        fc.asyncProperty(fc.array(damaged, { minLength: 10, maxLength: 10 }), (bodies) => check(bodies)),
        options(350),
      );
    },
    timeoutMs,
  );

  it(
    'as JSON of any shape is rejected or answered',
    async () => {
      const body = fc.oneof(
        fc.json(),
        fc.string({ unit: anyCharacter, maxLength: 200 }),
        fc
          .record(
            {
              query: fc.oneof(fc.constant('query ($id: ID!) { user(id: $id) { id } }'), fc.jsonValue()),
              variables: fc.jsonValue(),
              operationName: fc.jsonValue(),
              extensions: fc.jsonValue(),
              documentId: fc.jsonValue(),
            },
            { requiredKeys: [] },
          )
          .map((value) => JSON.stringify(value)),
        fc
          .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
          .map((variables) =>
            JSON.stringify({ query: 'query ($__proto__: ID, $id: ID = "x") { user(id: $id) { id } }', variables }),
          ),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(body, { minLength: 10, maxLength: 10 }), (bodies) => check(bodies)),
        options(350),
      );
    },
    timeoutMs,
  );

  it(
    'as damaged forms is rejected or answered',
    async () => {
      const part = (name: string, content: string) =>
        `--b\r\ncontent-disposition: form-data; name="${name}"${name === '0' ? '; filename="x.txt"' : ''}\r\n\r\n${content}\r\n`;
      const operations = JSON.stringify({
        query:
          'mutation ($file: File) { sendMessage(input: { recipient: "grace@example.org", body: "x", attachment: $file }) { message { id } } }',
        variables: { file: null },
      });
      const whole = `${part('operations', operations)}${part('map', '{"0":["variables.file"]}')}${part('0', 'content')}--b--\r\n`;
      const piece = fc.constantFrom(
        '',
        '--b',
        '--b--',
        '\r\n',
        '\r',
        '"',
        '\u0000',
        '{',
        '.',
        'variables',
        '=',
        ';',
        'é',
        '--b\r\n\r\n',
      );
      const form = fc
        .array(fc.tuple(fc.nat(), piece, fc.nat({ max: 40 })), { minLength: 1, maxLength: 3 })
        .map((damages) =>
          damages.reduce((text, [at, inserted, cut]) => {
            const place = at % (text.length + 1);
            return text.slice(0, place) + inserted + text.slice(place + cut);
          }, whole),
        );
      await fc.assert(
        fc.asyncProperty(fc.array(form, { minLength: 10, maxLength: 10 }), (bodies) =>
          check(bodies, { 'content-type': 'multipart/form-data; boundary=b' }),
        ),
        options(60),
      );
    },
    timeoutMs,
  );

  it(
    'as ids and addresses is rejected or answered',
    async () => {
      const query =
        'query ($id: ID!, $ids: [ID!]!, $text: String!) { user(id: $id) { displayName } group(id: $id) { name } message(id: $id) { body } node(id: $id) { id } nodes(ids: $ids) { id } users(ids: $ids) { id } search(query: $text, first: 2) { totalCount } }';
      const text = fc.oneof(
        fc.string({ unit: anyCharacter, maxLength: 60 }),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc
          .tuple(
            fc.constantFrom('User:', 'Group:', 'Message:', 'DistributionList:', 'Query:', '__proto__:'),
            fc.string({ maxLength: 40 }),
          )
          .map(([type, rest]) => type + rest),
        fc.constantFrom(
          '../../me',
          '%2e%2e%2f',
          'a\r\nx-header: y',
          'a?x=1#y',
          '..',
          '.',
          '\u202e',
          '\ud800',
          'ﬀ@example.org',
        ),
      );
      const body = fc
        .record({ id: text, ids: fc.array(text, { maxLength: 3 }), text })
        .map((variables) => JSON.stringify({ query, variables }));
      await fc.assert(
        fc.asyncProperty(fc.array(body, { minLength: 5, maxLength: 5 }), (bodies) => check(bodies)),
        options(80),
      );
    },
    timeoutMs,
  );

  it(
    'as headers is rejected or answered',
    async () => {
      const value = fc
        .string({ unit: fc.constantFrom(...'abcXYZ019 :=,;/+-._~()[]{}<>@!#$%&*"\'\\|'), maxLength: 80 })
        .map((header) => header.trim());
      const sealed = fc.array(value, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.').slice(0, 300));
      const headers = fc.record(
        {
          authorization: fc.oneof(value, fc.constant('')),
          cookie: fc.oneof(
            value,
            fc.oneof(value, sealed).map((text) => `__Host-tigerconnect-session=${text}`),
          ),
          'x-request-id': value,
          traceparent: value,
          'x-device-id': value,
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(headers, (sent) => check(['{"query":"{ me { id } }"}'], sent)),
        options(300),
      );
    },
    timeoutMs,
  );

  it(
    'as WebSocket frames is rejected with a close code or answered, and the next client is served',
    async () => {
      const message = fc.oneof(
        { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 50 }) },
        { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
        {
          weight: 4,
          arbitrary: fc
            .record(
              {
                type: fc.constantFrom('subscribe', 'complete', 'ping', 'pong', 'connection_init', 'next', 'error', 'x'),
                id: fc.oneof(fc.constantFrom('1', '2', '__proto__', 'constructor', ''), fc.jsonValue()),
                payload: fc.oneof(
                  fc.integer().map((seed) =>
                    randomOperation(schema, {
                      seed,
                      kind: seed % 3 === 0 ? 'subscription' : 'query',
                      texts,
                      depth: 2,
                    }),
                  ),
                  fc.record({
                    query: fc.constant('{ me { id } }'),
                    extensions: fc.record({ headers: fc.jsonValue() }),
                    variables: fc.jsonValue(),
                  }),
                  fc.jsonValue(),
                ),
              },
              { requiredKeys: ['type'] },
            )
            .map((value) => JSON.stringify(value)),
        },
      );
      const codes = new Set<number>();
      await fc.assert(
        fc.asyncProperty(
          fc.boolean(),
          fc.array(message, { minLength: 1, maxLength: 8 }),
          async (isInitialised, frames) => {
            const socket = isInitialised
              ? await openAcknowledged(stack.gateway.url)
              : await openSocket(stack.gateway.url);
            for (const frame of frames) socket.send(frame);
            socket.socket.close();
            const [code] = await socket.closed;
            codes.add(code);
            expect(JSON.stringify(socket.messages)).not.toContain('"INTERNAL"');
          },
        ),
        options(300),
      );
      for (const code of codes) expect([1000, 1005, 4400, 4401, 4403, 4408, 4409, 4429]).toContain(code);
      const next = await openAcknowledged(stack.gateway.url);
      next.send({ type: 'subscribe', id: '1', payload: { query: '{ me { displayName } }' } });
      expect(await next.message('next', '1')).toMatchObject({
        payload: { data: { me: { displayName: expect.any(String) } } },
      });
      next.socket.close();
    },
    timeoutMs,
  );

  it('leaves no error of the gateway in the log', () => {
    expect(stack.logLines.filter((line) => line.includes('"level":"error"') || line.includes('unexpected'))).toEqual(
      [],
    );
  });
});
