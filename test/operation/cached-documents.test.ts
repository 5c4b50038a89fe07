/** Texts that are prepared once, and those that are rejected: one client's text is not taken for that of another. */
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, isInvalid, type Prepare } from '../../src/server/operation/prepare.ts';
import { post, startStack } from '../support/stack.ts';

const text = 'query Mine { me { token } }';
const lines = '{\n  me { token }\n}';
const long = `${text} #${'x'.repeat(2_000)}`;

interface Request {
  readonly query: string;
  readonly operationName?: string;
}

/** A valid request, and an invalid one whose key could be the same. */
const pairs: readonly (readonly [string, Request, Request])[] = [
  ['with the name of an operation', { query: text, operationName: 'Mine' }, { query: `Mine\n${text}` }],
  ['whose first line is no name', { query: lines }, { query: '  me { token }\n}', operationName: '{' }],
  ['that is long', { query: long }, { query: `sha512-256:${hash('sha512-256', long, 'base64url')}` }],
  ['that is long', { query: long }, { query: hash('sha512-256', long, 'base64url') }],
  [
    'of two names',
    { query: `${text} query a { me { id } }`, operationName: 'a' },
    { query: `a${text} query a { me { id } }`, operationName: '' },
  ],
];

function fresh(): Prepare {
  const sizes = { cacheBytes: 1e6, maxCharacters: 65_536, maxTokens: 2_000 };
  return createPrepare(schema, { introspection: false, ...sizes, compileAfter: 1 });
}

describe('a document', () => {
  it.each(pairs)('%s is not rejected for an invalid one that looks like its key', async (_what, valid, invalid) => {
    await using stack = await startStack();
    expect((await post(stack.gateway.url, invalid, null)).errors?.[0]?.extensions).toHaveProperty('code');
    const answer = await post(stack.gateway.url, valid);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toHaveProperty('me');
  });

  it('is prepared by itself, whatever is put together of its text and its name', () => {
    const names = [undefined, 'Mine', 'query', '{', '1 a', `Mine\n${text}`];
    const texts = [text, lines, `Mine\n${text}`, `\u{0}4 Mine${text}`, `text ${text}`, long];
    const expected = (source: string, name: string | undefined) => isInvalid(fresh()(source, name));
    const prepare = fresh();
    for (const name of names)
      for (const source of [...texts, ...texts.map((one) => `${name}${one}`), ...texts.map((one) => `${name}\n${one}`)])
        for (const operationName of names)
          expect(isInvalid(prepare(source, operationName)), JSON.stringify([source.slice(0, 60), operationName])).toBe(
            expected(source, operationName),
          );
  });

  it('is prepared once with its name and without it', () => {
    const prepare = fresh();
    expect(prepare(text, 'Mine')).toBe(prepare(text, 'Mine'));
    expect(prepare(text, undefined)).toBe(prepare(text, undefined));
  });
});
