import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { applyVariableDefaults } from '../../src/server/operation/document/variable-defaults.ts';
import { startStack } from '../support/stack.ts';

const schema = buildSchema(
  'enum Kind { LIST USER } input In { e: String, g: Int = 3 } type Query { a(kind: Kind, in: In, id: ID): Int }',
);

function defaultsOf(definitions: string) {
  const operation = getOperationAST(parse(`query (${definitions}) { a }`));
  if (operation == null) throw new Error('there is one');
  return applyVariableDefaults(schema, operation);
}

describe('a variable with a default', () => {
  const complete = defaultsOf(
    '$a: Int! = 1, $b: Int = 2, $c: Kind! = LIST, $d: [In!]! = [{ e: "f" }], $h: Int!, $i: ID = 12345678901234567890123',
  );

  it('gets the default, coerced to its type, when it is omitted', () => {
    const { d, ...others } = complete({});
    expect(others).toEqual({ a: 1, b: 2, c: 'LIST', i: '12345678901234567890123' });
    expect(JSON.stringify(d)).toBe('[{"e":"f","g":3}]');
  });

  it('keeps a given value, null included', () => {
    const given = { a: null, b: null, c: 'USER', d: [], h: 3, i: 'x' };
    expect(complete(given)).toEqual(given);
  });

  it('leaves variables unchanged when none has a default', () => {
    const given = { a: 1, z: 2 };
    expect(defaultsOf('$a: Int')(given)).toBe(given);
  });

  it('is not a property of every object', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(defaultsOf(`$${name}: Int`)({})[name]).toBeUndefined();
    }
  });

  it('may be omitted from an operation', async () => {
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
