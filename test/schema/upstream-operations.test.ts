/**
 * The GraphQL fields of each upstream operation, found by running every field, and their tests. schema/README.md has the result;
 * UPDATE_README=true updates it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { examples, setScene } from '../support/operation-examples.ts';
import { type RecordingProxy, repeatedHeaders, startRecordingProxy } from '../support/recording-proxy.ts';
import { contractOperations, contractOperationsV5 } from '../support/sandbox-contract.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Spellings of one call that differ in their path or verb only; the gateway uses the one its official clients do. */
const otherSpellings: Readonly<Record<string, string>> = {
  updateMessageStatus: 'updateMessageStatusPost',
  typingMessage: 'typingMessagePost',
};
const operations = [...contractOperations, ...contractOperationsV5];

/** Twins in v2 of operations of v5 that say no more than they do (`src/README.md`, "Versions of the upstream"). */
function twinOf(operationId: string): string | undefined {
  const named: Readonly<Record<string, string>> = {
    addGroupMembersV5: 'addGroupMember',
    createGroupV5: 'createNewGroup',
  };
  if (named[operationId] !== undefined) return named[operationId];
  const twin = operationId.replace(/V5$/, '');
  return operations.some((operation) => operation.operationId === twin) && twin !== operationId ? twin : undefined;
}

/** Most fields named for one operation: those that do the least besides it. */
const mostFields = 3;

const readmeUrl = new URL('../../schema/README.md', import.meta.url);
const section = /(<!-- operations -->\n)[\s\S]*?(<!-- \/operations -->)/;
const testFolder = new URL('../', import.meta.url);
const tests = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) =>
    /^(schema\/(?!event-|quality|upstream-operations)|server\/(attachment|uploads)).*\.test\.ts$/.test(name),
  )
  .map((name) => ({ name, text: readFileSync(new URL(name, testFolder), 'utf8') }));

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

/** How often each test file names the field, and for a field of an entity its type too; most first. */
function mentions(field: string): { readonly name: string; readonly count: number }[] {
  const [type = '', name = ''] = field.split('.');
  return tests
    .filter(({ text }) => rootTypes.has(type) || text.includes(type))
    .map((test) => ({ name: test.name, count: test.text.split(new RegExp(`\\b${name}\\b`)).length - 1 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
}

/** Test files of the fields: those schema/README.md names already, as long as they do; else for each field the one that names it most. */
function testsOf(fields: readonly string[], named: readonly string[]): readonly string[] {
  const isGood =
    named.length > 0 &&
    named.every((file) => fields.some((field) => mentions(field).some(({ name }) => name === file)));
  return isGood ? named : [...new Set(fields.flatMap((field) => mentions(field)[0]?.name ?? []))];
}

describe('every operation of the upstream', () => {
  let stack: Stack;
  let proxy: RecordingProxy;
  const reached = new Map<string, readonly string[]>();
  beforeAll(async () => {
    stack = await startStack({
      config: { streamLingerMs: 0 },
      between: async (sandboxUrl) => {
        proxy = await startRecordingProxy(sandboxUrl);
        return proxy;
      },
    });
    const scene = await setScene(stack);
    for (const [field, example] of Object.entries(examples)) reached.set(field, await example(scene));
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** Fields that reach the operation, those first that do the least besides. */
  const fieldsOf = (operationId: string) =>
    [...reached]
      .filter(([, operations]) => operations.includes(operationId))
      .sort(([, one], [, other]) => one.length - other.length)
      .map(([field]) => field);

  /** The operation that is called in place of this one; undefined when it is called itself. */
  const spellingOf = (operationId: string) => {
    const spelling = otherSpellings[operationId];
    if (spelling !== undefined || fieldsOf(operationId).length > 0) return spelling;
    const twin = twinOf(operationId);
    return twin === undefined ? undefined : (otherSpellings[twin] ?? twin);
  };

  it('is found by running every field of the three root types', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`));
    expect(fields.filter((field) => !reached.has(field))).toEqual([]);
    expect([...reached].filter(([, operations]) => operations.length === 0)).toEqual([]);
  });

  it('is reached by a GraphQL field that has a test', () => {
    const lost = operations.filter(({ operationId }) => {
      const fields = fieldsOf(spellingOf(operationId) ?? operationId);
      return testsOf(fields, []).length === 0;
    });
    expect(lost.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('is called with one Authorization header, and with no header twice', () => {
    expect(proxy.requests.length).toBeGreaterThan(contractOperations.length);
    for (const { method, path, headers } of proxy.requests) {
      const request = `${method} ${path}`;
      expect([request, repeatedHeaders(headers)]).toEqual([request, []]);
      expect([request, headers.filter(([name]) => name === 'authorization').length]).toEqual([request, 1]);
    }
  });

  it('is listed in schema/README.md with its field and its test', () => {
    const readme = readFileSync(readmeUrl, 'utf8');
    expect(readme).toMatch(section);
    const namedFor = (operationId: string) => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${operationId}\` |`)) ?? '';
      return [...row.matchAll(/\]\(\.\.\/test\/([^)]+)\)/g)].map(([, name = '']) => name);
    };
    const rows = operations.map(({ operationId, method, path }) => {
      const spelling = spellingOf(operationId);
      const fields = fieldsOf(spelling ?? operationId).slice(0, mostFields);
      return [
        `\`${operationId}\``,
        `\`${method} ${path}\``,
        spelling === undefined ? fields.map((field) => `\`${field}\``).join(', ') : `as \`${spelling}\``,
        testsOf(fields, namedFor(operationId))
          .map((name) => `[${name}](../test/${name})`)
          .join(', '),
      ];
    });
    const header = ['Upstream operation', 'Request', 'GraphQL field', 'Test'];
    const table = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    const wanted = readme.replace(section, (_all, open: string, close: string) => `${open}${table}\n${close}`);
    if (process.env['UPDATE_README'] === 'true') writeFileSync(readmeUrl, wanted);
    else expect(readme).toBe(wanted);
  });
});
