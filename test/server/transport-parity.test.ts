import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { transports } from '../support/one-answer.ts';
import { type Stack, startStack } from '../support/stack.ts';

interface Guard {
  readonly config?: Partial<Config>;
  readonly query: string;
  readonly variables?: object;
  readonly code: string;
  readonly field?: string;
  readonly says?: string;
}

const repeat = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => item(n)).join(' ');

const guards: Readonly<Record<string, Guard>> = {
  'a syntax error': { query: '{ me { id }', code: 'GRAPHQL_PARSE_FAILED' },
  'an unknown field': { query: '{ me { canary } }', code: 'GRAPHQL_VALIDATION_FAILED' },
  'a deferred fragment': {
    query: '{ me { id ... @defer { displayName } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: '"@defer" is not supported: results are sent whole.',
  },
  'introspection, switched off': {
    config: { introspection: false },
    query: '{ __schema { types { name } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'too many levels': {
    config: { maxDepth: 2 },
    query: '{ me { organizations { name } } }',
    code: 'OPERATION_TOO_COMPLEX',
  },
  'too many aliases': { query: `{ ${repeat(60, (n) => `a${n}: __typename`)} }`, code: 'OPERATION_TOO_COMPLEX' },
  'one field too often': { query: `{ me { ${repeat(60, () => 'id')} } }`, code: 'OPERATION_TOO_COMPLEX' },
  'too many directives': {
    query: `{ ${repeat(60, () => '__typename @include(if: true)')} }`,
    code: 'OPERATION_TOO_COMPLEX',
  },
  'too many root fields': { query: `{ ${repeat(31, (n) => `a${n}: me { id }`)} }`, code: 'OPERATION_TOO_COMPLEX' },
  'a text that is too long': {
    config: { maxDocumentCharacters: 1_000 },
    query: `{ me { id } } # ${'x'.repeat(1_000)}`,
    code: 'OPERATION_TOO_COMPLEX',
  },
  'too many tokens': {
    config: { maxTokens: 100 },
    query: `{ me { ${repeat(120, () => 'id')} } }`,
    code: 'OPERATION_TOO_COMPLEX',
  },
  'too many upstream calls': {
    config: { maxUpstreamCalls: 2 },
    query: 'query ($ids: [ID!]!) { messages(ids: $ids) { body } }',
    variables: { ids: ['a', 'b', 'c'] },
    code: 'OPERATION_TOO_COMPLEX',
  },
  'an operation that is not registered': {
    config: { persistedOperations: 'only' },
    query: '{ me { id } }',
    code: 'OPERATION_NOT_PERSISTED',
  },
  'variables that nest too deep': {
    query: 'query ($id: ID!) { user(id: $id) { id } }',
    variables: { id: 'x', unused: JSON.parse('['.repeat(500) + ']'.repeat(500)) },
    code: 'BAD_USER_INPUT',
    field: 'variables',
  },
  'a variable of a wrong type': {
    query: 'query ($first: Int) { roster { entries(first: $first) { totalCount } } }',
    variables: { first: 'canary' },
    code: 'BAD_USER_INPUT',
    field: 'first',
  },
  'a list that is too long': {
    config: { maxUpstreamCalls: 10_000 },
    query: 'query ($ids: [ID!]!) { users(ids: $ids) { id } }',
    variables: {
      ids: Array.from({ length: 501 }, () => 'a'),
    },
    code: 'BAD_USER_INPUT',
    field: 'ids',
  },
};

describe.each(Object.entries(guards))('%s', (_name, { config, query, variables = {}, code, field, says = '' }) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { ...config } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('is rejected equally over every transport, before an upstream call', async () => {
    const answers = new Map<string, unknown>();
    for (const [name, transport] of Object.entries(transports)) {
      const { errors } = await transport(stack, query, variables);
      const extensions: Readonly<Record<string, unknown>> = errors?.[0]?.extensions ?? {};
      expect(extensions, name).toMatchObject({ code, retryable: false, requestId: expect.any(String) });
      expect(errors?.[0]?.message, name).toContain(says);
      if (code.startsWith('GRAPHQL_')) expect(errors?.[0], name).toHaveProperty('locations');
      if (field !== undefined) expect(extensions['field'], name).toBe(field);
      expect(JSON.stringify(errors), name).not.toContain('"canary"');
      answers.set(
        name,
        errors?.map(({ extensions: { requestId: _requestId, ...extensions }, ...rest }) => ({ ...rest, extensions })),
      );
    }
    const [first, ...others] = answers.values();
    for (const other of others) expect(other).toEqual(first);
    expect(stack.sandbox.requests.count()).toBe(0);
  });
});

describe('the rate limit', () => {
  it('counts a credential’s operations over all transports together', async () => {
    await using stack = await startStack({ config: { rateLimit: Object.keys(transports).length } });
    for (const transport of Object.values(transports)) {
      expect((await transport(stack, '{ me { id } }', {})).errors).toBeUndefined();
    }
    for (const [name, transport] of Object.entries(transports)) {
      const { errors } = await transport(stack, '{ me { id } }', {});
      expect(errors?.[0]?.extensions, name).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      });
    }
  });
});
