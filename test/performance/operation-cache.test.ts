import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, type Prepared } from '../../src/server/operation/prepare.ts';
import { greedyOperations, measureOperationMemory } from '../support/operation-memory.ts';

describe('the cache of prepared operations', () => {
  const cacheBytes = 2 * 1024 * 1024;
  let grown: Readonly<Record<string, number>>;
  beforeAll(async () => {
    grown = await measureOperationMemory(cacheBytes);
  });

  it.each(Object.keys(greedyOperations))('takes no more memory than its bound: %s', (name) => {
    expect(grown[name]).toBeLessThan(2 * cacheBytes);
  });

  it('prepares an operation once while it is cached, and again after its eviction', () => {
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 40_000,
      maxCharacters: 200_000,
      maxTokens: 2_000,
      compileAfter: 0,
    });
    const serial = (text: string) => (prepare(text, undefined) as Prepared).id; // they are all valid
    const first = serial('{ me { id } }');
    expect(serial('{ me { id } }')).toBe(first);
    for (let form = 0; form < 10; form++) serial(`{ me { id } } # ${form}`);
    expect(serial('{ me { id } }')).toBeGreaterThan(first);
  });

  it('compiles no operation before it runs', () => {
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 1e6,
      maxCharacters: 200_000,
      maxTokens: 2_000,
      compileAfter: 0,
    });
    const prepared = prepare(greedyOperations['fields of many types']?.(0) ?? '', undefined) as Prepared; // it is valid
    expect(prepared.isCompiledFor({})).toBe(false);
    prepared.compile();
    expect(prepared.isCompiledFor({})).toBe(true);
  });
});
