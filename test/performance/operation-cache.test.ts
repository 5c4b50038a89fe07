import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, type Prepared } from '../../src/server/operation/prepare.ts';
import { greedyOperations, measureOperationMemory } from '../support/operation-memory.ts';

describe('operations that are kept prepared', () => {
  const cacheBytes = 2 * 1024 * 1024;
  let grown: Readonly<Record<string, number>>;
  beforeAll(async () => {
    grown = await measureOperationMemory(cacheBytes);
  });

  it.each(Object.keys(greedyOperations))('take no more memory than they may: %s', (name) => {
    expect(grown[name]).toBeLessThan(2 * cacheBytes);
  });

  it('are prepared once while they are cached, and again after their eviction', () => {
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 40_000,
      maxCharacters: 200_000,
      maxTokens: 2_000,
    });
    const serial = (text: string) => (prepare(text, undefined) as Prepared).id; // they are all valid
    const first = serial('{ me { id } }');
    expect(serial('{ me { id } }')).toBe(first);
    for (let form = 0; form < 10; form++) serial(`{ me { id } } # ${form}`);
    expect(serial('{ me { id } }')).toBeGreaterThan(first);
  });

  it('are not compiled before they run', () => {
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 1e6,
      maxCharacters: 200_000,
      maxTokens: 2_000,
    });
    const prepared = prepare(greedyOperations['fields of many types']?.(0) ?? '', undefined) as Prepared; // it is valid
    expect(Object.getOwnPropertyDescriptor(prepared, 'execute')?.get).toBeDefined();
    expect(prepared.execute).toBe(prepared.execute);
  });
});
