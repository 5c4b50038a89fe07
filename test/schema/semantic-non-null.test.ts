/**
 * The strict schema: a field marked as never null without an error is not, whatever is asked and whatever fails upstream. The
 * operations run on a schema in which these fields are non-null: graphql-js itself then finds a null that has no error.
 */
import { readFileSync } from 'node:fs';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  buildSchema,
  execute,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSemanticNonNull, strictSchema } from '../../schema/codegen/semantic-non-null.ts';
import { schema } from '../../src/schema/index.ts';
import { type FaultyWorld, startFaultyWorld } from '../support/faulty-world.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { randomOperation } from '../support/random-operation.ts';

const runs = fuzzRuns(1_000);
const firstSeed = fuzzSeed(20261128);
/** Operations under way at a time: they wait for the sandbox most of the time. */
const atOnce = 8;
const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');

function nonNull(type: GraphQLOutputType, isMarked: (level: number) => boolean, level = 0): GraphQLOutputType {
  if (isNonNullType(type)) {
    const inner = nonNull(type.ofType, isMarked, level);
    return isNonNullType(inner) ? inner : new GraphQLNonNull(inner);
  }
  const inner = isListType(type) ? new GraphQLList(nonNull(type.ofType, isMarked, level + 1)) : type;
  return isMarked(level) ? new GraphQLNonNull(inner) : inner;
}

/** The gateway's schema with its resolvers, where the marked fields are non-null. */
const strict: GraphQLSchema = mapSchema(schema, {
  [MapperKind.OBJECT_FIELD]: (field, name, type) => ({
    ...field,
    type: nonNull(field.type, (level) => isSemanticNonNull(type, name, level)),
  }),
});

/** Nulls without an error, of queries and mutations with these seeds. */
async function nullsOf(world: FaultyWorld, count: number): Promise<{ found: string[]; ran: number; failed: number }> {
  const found: string[] = [];
  let [seed, ran, failed] = [firstSeed, 0, 0];
  const work = async () => {
    while (seed < firstSeed + count) {
      const own = seed++;
      const kind = own % 4 === 0 ? 'mutation' : 'query';
      const { query, variables } = randomOperation(strict, { seed: own, kind, texts: world.texts });
      const contextValue = world.contextOf();
      const variableValues = JSON.parse(JSON.stringify(variables));
      const { errors = [] } = await execute({ schema: strict, document: parse(query), contextValue, variableValues });
      ran += 1;
      if (errors.length > 0) failed += 1;
      for (const { message, path } of errors)
        if (message.startsWith('Cannot return null')) found.push(`${message} (${path?.join('.')}, FUZZ_SEED=${own})`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { found, ran, failed };
}

describe('a field that is semantically non-null', () => {
  let world: FaultyWorld;
  beforeAll(async () => {
    world = await startFaultyWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('is null only with an error', { timeout: Math.max(120_000, runs * 100) }, async () => {
    const { found, ran, failed } = await nullsOf(world, runs);
    expect([...new Set(found)]).toEqual([]);
    expect(ran).toBe(runs);
    expect(failed).toBeGreaterThan(runs / 20); // faults were met
  });
});

/** Output fields, deprecated ones too, and those of them whose value or whose items may be null. */
function nullable(of: GraphQLSchema): { readonly all: number; readonly nullable: number } {
  const fields = Object.values(of.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && (isObjectType(type) || isInterfaceType(type)))
    .flatMap((type) => Object.values(isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}));
  return { all: fields.length, nullable: fields.filter(({ type }) => !isNonNullType(type)).length };
}

describe('the strict schema', () => {
  it('has fewer fields that may be null', () => {
    const plain = nullable(buildSchema(sdl));
    const own = nullable(strictSchema(sdl));
    expect(own.all).toBe(plain.all);
    // Of escalations and calls the upstream may leave most values out.
    expect(own.nullable / own.all).toBeLessThan(0.5);
    expect(own.nullable).toBeLessThan(plain.nullable - 50);
  });

  it('is in the SDL for code generators, and in nothing that clients see otherwise', () => {
    const text = readFileSync(new URL('../../schema/schema.strict.graphql', import.meta.url), 'utf8');
    expect(text).toContain('directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION');
    expect(text).toMatch(/organizations: \[Organization\] @semanticNonNull\(levels: \[0, 1\]\)/);
    expect(() => buildSchema(text)).not.toThrow();
    expect(sdl).not.toContain('@semanticNonNull');
  });
});
