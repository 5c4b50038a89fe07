import { readFileSync } from 'node:fs';
import { assertObjectType, buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { breakingChanges, schemaProblems } from '../../schema/quality.ts';
import { schema } from '../../src/schema/index.ts';

const released = buildSchema(readFileSync(new URL('../../schema/released.graphql', import.meta.url), 'utf8'));

describe('the schema of the gateway', () => {
  it('has descriptions and names according to the rules', () => {
    expect(schemaProblems(schema)).toEqual([]);
  });

  it.each([
    ['Query', 'callLog', 'first', '1 to 100; 10 when left out'],
    ['Query', 'conversations', 'first', '1 to 200; 50 when left out'],
    ['Query', 'search', 'last', 'Rejected'],
    ['Conversation', 'timeline', 'last', '1 to 200; 50 when left out'],
    ['Roster', 'entries', 'last', '0 to 500'],
  ])('describes the limits of the pages of %s.%s at %s', (type, field, argument, limits) => {
    const { args = [] } = assertObjectType(schema.getType(type)).getFields()[field] ?? {};
    expect(args.find(({ name }) => name === argument)?.description).toContain(limits);
  });

  it('breaks no client of the released one', async () => {
    expect(await breakingChanges(released, schema)).toEqual([]);
  });
});

describe('the rules', () => {
  const problems = (sdl: string) => schemaProblems(buildSchema(sdl, { assumeValidSDL: true }));

  it('find missing descriptions', () => {
    expect(problems('type A { b(c: Int): D } enum D { E } input FInput { g: Int }')).toEqual([
      'A: has no description',
      'D: has no description',
      'FInput: has no description',
      'A.b: has no description',
      'A.b(c:): has no description',
      'D.E: has no description',
      'FInput.g: has no description',
    ]);
  });

  it('find descriptions that are too short or a question', () => {
    const sdl = `
      "A call between two users." type A {
        "How far it is." stage: Int
        "Its stage." short: Int
        "Where." place(
          "Until when it lasts, in minutes." until: Int
        ): Int
        "Stage of the call, from ringing to ended." good: Int
        "Whether the call has ended." isOver: Boolean
      }`;
    expect(problems(sdl)).toEqual([
      'A.stage: its description starts with a question word',
      'A.short: its description has fewer than 4 words',
      'A.place: its description has fewer than 4 words',
      'A.place: its description starts with a question word',
      'A.place(until:): its description starts with a question word',
    ]);
  });

  it('find scalars without a specification', () => {
    expect(problems('"A thing with a description." scalar DateTime')).toEqual(['DateTime: has no @specifiedBy']);
  });

  it('find names of the wrong form', () => {
    const sdl = `
      "A thing with a description." scalar DateTime @specifiedBy(url: "https://example.org")
      "A thing with a description." type snake_type { "A thing with a description." Field: Int "A thing with a description." created: DateTime "A thing with a description." createdAt: DateTime }
      "A thing with a description." enum Kind { "A thing with a description." lower }
      "A thing with a description." input Options { "A thing with a description." a: Int }`;
    expect(problems(sdl)).toEqual([
      'snake_type: type names are PascalCase',
      'Options: input types, and they alone, end in Input',
      'snake_type.Field: names are camelCase',
      'snake_type.created: names of moments end in At, Until or Since',
      'Kind.lower: enum values are UPPER_CASE',
    ]);
  });

  it('find mutations of another shape', () => {
    const sdl = `
      "A thing with a description." type Mutation { "A thing with a description." send("A thing with a description." text: String): Boolean "A thing with a description." recall("A thing with a description." input: Int): RecallPayload! }
      "A thing with a description." type RecallPayload { "A thing with a description." id: ID }`;
    expect(problems(sdl)).toEqual([
      'Mutation.send: answers a nullable SendPayload',
      'Mutation.send: takes one argument, input',
      'Mutation.recall: answers a nullable RecallPayload',
    ]);
  });

  it('require the date of removal in a deprecation', () => {
    const sdl = `"A thing with a description." type A {
      "A thing with a description." old: Int @deprecated(reason: "Use new.")
      "A thing with a description." older: Int @deprecated(reason: "Use new. Removal on 2027-01-31.")
    }`;
    expect(problems(sdl)).toEqual(['A.old: is deprecated without "Removal on <date>" in its reason']);
  });
});

describe('breaking changes', () => {
  const before = buildSchema(`
    type Query { kept: Int, gone: Int, old(a: Int): Int @deprecated(reason: "Removal on 2027-01-31.") }
    enum Kind { A B }`);
  const after = buildSchema('type Query { kept(must: Int!): String } enum Kind { A }');

  it('are listed', async () => {
    expect((await breakingChanges(before, after, new Date('2027-01-30'))).sort()).toEqual([
      "Kind.B: Enum value 'B' was removed from enum 'Kind'",
      "Query.gone: Field 'gone' was removed from object type 'Query'",
      "Query.kept.must: Argument 'must: Int!' added to field 'Query.kept'",
      "Query.kept: Field 'Query.kept' changed type from 'Int' to 'String'",
      "Query.old: Field 'old' (deprecated) was removed from object type 'Query'",
    ]);
  });

  it('exclude removals that are due', async () => {
    const late = await breakingChanges(before, after, new Date('2027-01-31'));
    expect(late.some((line) => line.startsWith('Query.old'))).toBe(false);
  });

  it('exclude additions', async () => {
    expect(
      await breakingChanges(after, buildSchema('type Query { kept(must: Int!): String, more: Int } enum Kind { A C }')),
    ).toEqual([]);
  });
});
