/**
 * Memory of prepared operations in the operation cache, measured in a separate process: other objects of a test process are larger
 * than the measured ones, and make every collection slow.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { GatewayContext } from '../../src/context.ts';
import { schema } from '../../src/schema/index.ts';
import { createPrepare, isInvalid } from '../../src/server/operation/prepare.ts';

const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');

/** Operations that take much memory for their length, each in as many forms as wanted. */
export const greedyOperations: Readonly<Record<string, (form: number) => string>> = {
  'many tokens': (form) => `{ users(ids: [${times(1_900, () => '1')}]) { id } } # ${form}`,
  'many fields': (form) => `{ me { ${times(45, (n) => `a${n}: organizations { key name }`)} } } # ${form}`,
  'a fragment in many places': (form) =>
    `{ me { ${times(40, (n) => `a${n}: organizations { ...F }`)} } } fragment F on Organization { id key name } # ${form}`,
  'fields of many types': (form) => `subscription { events { ${times(45, (n) => `a${n}: extra`)} } } # ${form}`,
  'fields on conditions': (form) =>
    `query ($a: Boolean!, $b: Boolean!) { me { ${times(20, (n) => `a${n}: organizations @include(if: $a) { key name } b${n}: organizations @skip(if: $b) { key name }`)} id } } # ${form}`,
  'a long text': (form) => `{ me { id } } # ${'x'.repeat(100_000)} ${form}`,
  'an unknown field, many times': (form) => `{ ${times(1_900, () => 'a')} } # ${form}`,
};

/**
 * Bytes by which the heap grows, by name of the operation, when 24 forms of it are prepared and compiled: the least of three
 * processes, because in one of three or four V8 keeps some 6 MB of discarded code through the collections.
 */
export async function measureOperationMemory(cacheBytes: number): Promise<Readonly<Record<string, number>>> {
  const all = await Promise.all(Array.from({ length: 3 }, () => measureOnce(cacheBytes)));
  const least = (name: string) => Math.min(...all.map((grown) => grown[name] ?? Number.POSITIVE_INFINITY));
  return Object.fromEntries(Object.keys(greedyOperations).map((name) => [name, least(name)]));
}

async function measureOnce(cacheBytes: number): Promise<Readonly<Record<string, number>>> {
  const child = fork(fileURLToPath(import.meta.url), ['measure', String(cacheBytes)], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const [grown] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the measuring process ended with ${code}`))),
  ]);
  return grown;
}

function heapUsed(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function grownBy(text: (form: number) => string, cacheBytes: number): number {
  const prepare = createPrepare(schema, {
    introspection: false,
    cacheBytes,
    maxCharacters: 200_000,
    maxTokens: 2_000,
    compileAfter: 0,
  });
  const look = (form: number) => {
    const outcome = prepare(text(form), undefined);
    if (isInvalid(outcome)) return outcome.errors.length;
    const { execute } = outcome;
    // Conditions are compiled for each combination of their values. Without a context, the fields have errors.
    if (outcome.operation.variableDefinitions?.length === 2)
      for (const combination of [0, 1, 2, 3])
        void execute(undefined, {} as GatewayContext, { a: combination > 1, b: combination % 2 > 0 }); // it is not read
    outcome.compile();
    return 0;
  };
  for (let form = -3; form < 0; form++) look(form);
  const before = heapUsed();
  for (let form = 0; form < 24; form++) look(form);
  const grown = heapUsed() - before;
  look(0); // the cache itself is in use until here
  return grown;
}

const [, , order, cacheBytes] = process.argv;
if (order === 'measure' && process.send !== undefined) {
  const measured = Object.entries(greedyOperations).map(([name, text]) => [name, grownBy(text, Number(cacheBytes))]);
  process.send(Object.fromEntries(measured));
  process.disconnect();
}
