/**
 * The strict schema: a field marked as null only with an error never violates that, for any selection and any failure upstream. The
 * operations run on the gateway's schema with resolvers that turn such a null into an error.
 */
import { readFileSync } from 'node:fs';
import { filterSchema, MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  buildSchema,
  defaultFieldResolver,
  execute,
  type GraphQLSchema,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { isSemanticNonNull, strictSchema } from '../../schema/codegen/semantic-non-null.ts';
import { thenOrNow } from '../../src/loaders/promise-or-value.ts';
import { schema } from '../../src/schema/index.ts';
import { type FaultyWorld, startFaultyWorld } from '../support/faulty-world.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { randomDelivery } from '../support/random-event.ts';
import { randomNumbers, randomOperation } from '../support/random-operation.ts';
import { type WorldIds, worldIds } from '../support/world-ids.ts';

const runs = fuzzRuns(1_000);
const firstSeed = fuzzSeed(20261128);
/** Operations executed at the same time: each waits for the sandbox most of its time. */
const atOnce = 8;
/** Operations after which new worlds are started. */
const perWorld = 1_000;
const sparsePrefix = 'sparse-';
const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');

const nullFound = 'Null without an error in';

/** The value of a field, or an error for a null that the strict types exclude. */
function checked(value: unknown, type: string, field: string): unknown {
  const rejected = (place: string) => new Error(`${nullFound} ${type}.${field}${place}`);
  if (value == null) return isSemanticNonNull(type, field, 0) ? rejected('') : value;
  if (!Array.isArray(value) || !isSemanticNonNull(type, field, 1)) return value;
  return value.map((item: unknown) => thenOrNow(item, (one) => one ?? rejected('[]')));
}

/** The gateway's schema with its resolvers; a null in a marked field becomes an error that the test finds. */
const strict: GraphQLSchema = mapSchema(schema, {
  [MapperKind.OBJECT_FIELD]: ({ resolve = defaultFieldResolver, ...field }, name, type) => ({
    ...field,
    resolve: (...args) => thenOrNow<unknown, unknown>(resolve(...args), (value) => checked(value, type, name)),
  }),
});

/** The same schema with `events` as its only subscription: most types of events come in no other one. */
const onlyEvents = filterSchema({
  schema: strict,
  rootFieldFilter: (operation, field) => operation !== 'Subscription' || field === 'events',
});

/** Nulls without an error, of operations and events with these seeds. */
interface Outcome {
  readonly found: string[];
  ran: number;
  failed: number;
}

const kinds = ['query', 'mutation', 'query', 'subscription'] as const;

interface Worlds extends AsyncDisposable {
  /** One with permanent faults, and two whose replies omit optional fields, one of these without v5. */
  readonly all: readonly FaultyWorld[];
  readonly ids: WorldIds;
}

const isSparse = (requestId: string) => requestId.startsWith(sparsePrefix);

async function startWorlds(): Promise<Worlds> {
  const withHistory = await startFaultyWorld({ isSparse });
  const ids = await worldIds(() => withHistory.contextOf());
  const all = [withHistory, await startFaultyWorld({ isSparse, api: 'v2' }), await startFaultyWorld()];
  return {
    all,
    ids,
    async [Symbol.asyncDispose]() {
      for (const world of all) await world[Symbol.asyncDispose]();
    },
  };
}

async function runOne(seed: number, { all, ids }: Worlds, outcome: Outcome): Promise<void> {
  const world = all[seed % all.length] as FaultyWorld; // the index is within the array
  const kind = kinds[seed % kinds.length] ?? 'query';
  const from = seed % 8 === 3 ? onlyEvents : strict;
  const { query, variables } = randomOperation(from, { seed, kind, texts: world.texts, textsOf: ids.textsOf });
  const isEvent = kind === 'subscription';
  const rootValue = isEvent ? randomDelivery(strict, query, randomNumbers(seed), ids.tokens) : undefined;
  if (isEvent && rootValue === undefined) return; // the subscription does not deliver the event
  const { errors = [] } = await execute({
    schema: strict,
    document: parse(query),
    rootValue,
    contextValue: world.contextOf('ada', `${sparsePrefix}${seed}`),
    variableValues: JSON.parse(JSON.stringify(variables)),
  });
  outcome.ran += 1;
  if (errors.length > 0) outcome.failed += 1;
  for (const { message, path } of errors)
    if (message.startsWith(nullFound)) outcome.found.push(`${message} (${path?.join('.')}, FUZZ_SEED=${seed})`);
}

/** Mutations delete ever more of the worlds, so new ones are started after `perWorld` operations. */
async function nullsOf(count: number): Promise<Outcome> {
  const outcome: Outcome = { found: [], ran: 0, failed: 0 };
  const end = firstSeed + count;
  for (let start = firstSeed; start < end; start += perWorld) {
    await using worlds = await startWorlds();
    let seed = start;
    const work = async () => {
      while (seed < Math.min(start + perWorld, end)) await runOne(seed++, worlds, outcome);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }
  return outcome;
}

describe('a field that is semantically non-null', () => {
  it('is null only with an error', { timeout: Math.max(300_000, runs * 100) }, async () => {
    const { found, ran, failed } = await nullsOf(runs);
    expect([...new Set(found)]).toEqual([]);
    expect(ran).toBeGreaterThan(runs * 0.9);
    expect(failed).toBeGreaterThan(runs / 20); // some operations met faults
  });
});

/** Numbers of output fields: all, those that are not deprecated, and nullable ones. */
function fieldsOf(of: GraphQLSchema): { readonly all: number; readonly current: number; readonly nullable: number } {
  const fields = Object.values(of.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && (isObjectType(type) || isInterfaceType(type)))
    .flatMap((type) => Object.values(isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}));
  return {
    all: fields.length,
    current: fields.filter(({ deprecationReason }) => deprecationReason == null).length,
    nullable: fields.filter(({ type }) => !isNonNullType(type)).length,
  };
}

describe('the strict schema', () => {
  it('has fewer nullable fields', () => {
    const plain = fieldsOf(buildSchema(sdl));
    const own = fieldsOf(strictSchema(sdl));
    expect(own.all).toBe(plain.current);
    // The others may be null without an error, most of them because they are optional in the contract.
    expect(own.nullable / own.all).toBeLessThan(0.396);
    expect(own.nullable).toBeLessThan(plain.nullable - 130);
  });

  it('is only in the SDL for code generators', () => {
    const text = readFileSync(new URL('../../schema/schema.strict.graphql', import.meta.url), 'utf8');
    expect(text).toContain('directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION');
    expect(text).toMatch(/organizations: \[Organization\] @semanticNonNull\(levels: \[0, 1\]\)/);
    expect(() => buildSchema(text)).not.toThrow();
    expect(sdl).not.toContain('@semanticNonNull');
  });
});
