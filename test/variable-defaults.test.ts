import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withDefaults } from '../src/server/variable-defaults.ts';
import { startStack } from './support/stack.ts';

describe('a required variable with a default', () => {
  const operation = getOperationAST(
    parse('query ($a: Int! = 1, $b: Int = 2, $c: Kind! = LIST, $d: [In!]! = [{ e: "f", g: null }], $h: Int!) { a }'),
  );
  if (operation == null) throw new Error('there is one');

  it('gets the default when it is left out', () => {
    expect(withDefaults(operation, {})).toEqual({ a: 1, c: 'LIST', d: [{ e: 'f', g: null }] });
  });

  it('keeps what is given, null included', () => {
    const given = { a: null, c: 'USER', d: [], h: 3 };
    expect(withDefaults(operation, given)).toBe(given);
  });

  it('may be left out of an operation', async () => {
    await using stack = await startStack();
    const query = 'query ($first: Int! = 2) { roster { entries(first: $first) { nodes { __typename } } } }';
    const omitted = await stack.query(query);
    expect(omitted.errors).toBeUndefined();
    expect(omitted.data).toMatchObject({ roster: { entries: { nodes: { length: 2 } } } });
    expect((await stack.query(query, { first: 1 })).data).toMatchObject({
      roster: { entries: { nodes: { length: 1 } } },
    });
    expect((await stack.query(query, { first: null })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
