import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, isInvalid, type Prepared } from '../../src/server/operation/prepare.ts';

const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');

/** Operations that take much memory for their length, each in as many forms as wanted. */
const greedy: Readonly<Record<string, (form: number) => string>> = {
  'many tokens': (form) => `{ users(ids: [${times(1_900, () => '1')}]) { id } } # ${form}`,
  'many fields': (form) => `{ me { ${times(45, (n) => `a${n}: organizations { key name }`)} } } # ${form}`,
  'a fragment in many places': (form) =>
    `{ me { ${times(40, (n) => `a${n}: organizations { ...F }`)} } } fragment F on Organization { id key name } # ${form}`,
  'fields of many types': (form) => `subscription { events { ${times(45, (n) => `a${n}: extra`)} } } # ${form}`,
  'a long text': (form) => `{ me { id } } # ${'x'.repeat(100_000)} ${form}`,
  'an unknown field, many times': (form) => `{ ${times(1_900, () => 'a')} } # ${form}`,
};

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapUsed(): number {
  for (let round = 0; round < 3; round++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('operations that are kept prepared', () => {
  it.each(Object.entries(greedy))('take no more memory than they may: %s', (_name, text) => {
    const cacheBytes = 2 * 1024 * 1024;
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes,
      maxCharacters: 200_000,
      maxTokens: 2_000,
    });
    const look = (form: number) => {
      const outcome = prepare(text(form), undefined);
      return isInvalid(outcome) ? outcome.errors.length : outcome.execute.name;
    };
    for (let form = -3; form < 0; form++) look(form);
    const before = heapUsed();
    for (let form = 0; form < 24; form++) look(form);
    const grown = heapUsed() - before;
    expect(grown).toBeLessThan(2 * cacheBytes);
    expect(isInvalid(prepare(text(0), undefined))).toBeDefined(); // the cache itself is in use until here
  });

  it('are prepared once while there is room, and anew when they had to make room', () => {
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
    const prepared = prepare(greedy['fields of many types']?.(0) ?? '', undefined) as Prepared; // it is valid
    expect(Object.getOwnPropertyDescriptor(prepared, 'execute')?.get).toBeDefined();
    expect(prepared.execute).toBe(prepared.execute);
  });
});
