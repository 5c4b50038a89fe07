import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, type Prepared } from '../../src/server/operation/prepare.ts';
import { startFaultyWorld } from '../support/faulty-world.ts';
import { startStack } from '../support/stack.ts';

const query = `{
  me { id displayName }
  roster { entries(first: 50) { totalCount nodes { counterpart { __typename ... on Group { name members(first: 5) { nodes { displayName } } } } } } }
}`;

describe('a document', () => {
  it('is executed by graphql-js COMPILE_AFTER times, and then compiled', async () => {
    await using world = await startFaultyWorld();
    const sizes = { cacheBytes: 1e6, maxCharacters: 65_536, maxTokens: 2_000 };
    const prepare = createPrepare(schema, { introspection: false, ...sizes, compileAfter: 2 });
    const prepared = prepare(query, undefined) as Prepared; // it is valid
    const results: unknown[] = [];
    const wasCompiled: boolean[] = [];
    for (let execution = 0; execution < 4; execution++) {
      wasCompiled.push(prepared.isCompiledFor({}));
      const { data } = await prepared.execute(undefined, world.contextOf(), {});
      results.push(JSON.stringify(data));
    }
    expect(wasCompiled).toEqual([false, false, false, true]);
    expect(results).toEqual([results[0], results[0], results[0], results[0]]);
  });

  it('has the same response and makes the same upstream calls before it is compiled', async () => {
    await using stack = await startStack({ config: { compileAfter: 1 } });
    const send = async () => {
      const before = stack.sandbox.requests.count();
      const { data, errors } = await stack.query(query);
      return { data, errors, calls: stack.sandbox.requests.count() - before };
    };
    await stack.query('{ me { id } }'); // connections and credential are known
    const first = await send();
    expect(first.errors).toBeUndefined();
    expect(first.calls).toBeGreaterThan(2);
    for (let time = 0; time < 3; time++) expect(await send()).toEqual(first);
  });
});
