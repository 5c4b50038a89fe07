import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

/** Operations are compiled to JavaScript: what a client writes into one must never become code. */
describe('a literal', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const send = async (body: string, variables = {}) => {
    const parameters = Object.keys(variables).length === 0 ? '' : '($body: String!) ';
    const query = `mutation ${parameters}{ sendMessage(input: { recipient: "grace@example.org", body: ${body} }) { message { body } } }`;
    const { data, errors } = await stack.query(query, variables);
    expect(errors, body).toBeUndefined();
    // The shape of the operation above.
    return (data as unknown as { sendMessage: { message: { body: string } } }).sendMessage.message.body;
  };

  const nasty = [
    '"',
    "'",
    '`',
    '\\',
    '${',
    '}',
    ')',
    ';',
    '//',
    '/*',
    '\u2028',
    '\u2029',
    '\r\n',
    '$1',
    '$&',
    'new Date(0)',
  ];

  it('arrives as written, whatever its content', async () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 4 })), {
        minLength: 1,
        maxLength: 12,
      })
      .map((pieces) => `-${pieces.join('').toWellFormed()}-`);
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        expect(await send(JSON.stringify(body))).toBe(body);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  const library = createRequire(import.meta.url).resolve('graphql-jit');
  const source = readFileSync(library.replace('index.js', 'execution.js'), 'utf8');
  const marks = [...source.matchAll(/"(__MAGIC_\w+)"/g)].map(([, mark = '']) => mark);

  it('is compiled only without a marker of the compiler, all of which are known', () => {
    expect(marks).toHaveLength(4);
    // The compiler replaces nothing but these marks in the code that it generates.
    expect(source.match(/\.replace\(/g)).toHaveLength(marks.length);
    expect(source.match(/new RegExp\(`"\$\{MAGIC_\w+\}/g)).toHaveLength(marks.length);
  });

  it.each(marks)('with the marker %s is an ordinary text, and not executed', async (mark) => {
    const code = `${mark}globalThis.hostile=true,0`;
    const name = `${mark}hostile`;
    const escaped = code.replace('_', '\\u005f').replace('M', '\\u{4D}');
    const documents = [
      `{ user(id: "${code}") { id } }`,
      `{ user(id: "${escaped}") { id } }`,
      `{ user(id: """${code}""") { id } }`,
      `{ user(id: "\\"${code}") { id } }`,
      `{ users(ids: ["a", "${code}"]) { id } }`,
      `{ me { ... on User { organizations { key } } } user(id: "${code}") { id } }`,
      `query ($id: ID! = "${code}") { user(id: $id) { id } }`,
      `mutation { sendMessage(input: { recipient: "x", data: [{ namespace: "a", payload: { b: "${code}" } }] }) { __typename } }`,
      `mutation { sendMessage(input: { recipient: "x", data: [{ namespace: "a", payload: { ${name}: 1 } }] }) { __typename } }`,
      `mutation { sendMessage(input: { recipient: "x", data: [{ namespace: "a", payload: ${name} }] }) { __typename } }`,
      `subscription { events(after: "${code}") { id } }`,
    ];
    for (const query of documents) {
      const { text } = await stack.query(query);
      expect(text, query).not.toContain('"INTERNAL"');
      expect('hostile' in globalThis, query).toBe(false);
    }
    expect(await send(JSON.stringify(code))).toBe(code);
    expect(await send(`"${escaped}"`)).toBe(code);
    expect('hostile' in globalThis).toBe(false);
    expect(await send('$body', { body: code })).toBe(code);
    expect('hostile' in globalThis).toBe(false);
  });
});
