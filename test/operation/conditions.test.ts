/** Operations with conditions run as the equivalent operations without directives for the sent values. */
import {
  buildSchema,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getOperationAST,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GatewayContext } from '../../src/context.ts';
import { Conditions } from '../../src/server/operation/document/conditions.ts';
import { Executor } from '../../src/server/operation/executor.ts';

function parsed(text: string) {
  const document = parse(text);
  const operation = getOperationAST(document, undefined) as OperationDefinitionNode; // each text has one
  return { document, operation };
}

function conditionsOf(text: string): Conditions {
  const { document, operation } = parsed(text);
  const conditions = Conditions.of(document, operation);
  if (conditions === undefined) throw new Error('no conditions');
  return conditions;
}

/** The text of the operation for these variables; undefined when it is not specialized. */
function specialized(text: string, variables: Readonly<Record<string, unknown>>): string | undefined {
  const conditions = conditionsOf(text);
  const values = conditions.valuesIn(variables);
  const found = values === undefined ? undefined : conditions.specialize(values);
  return found === undefined ? undefined : print(found.document).replaceAll(/\s+/g, ' ');
}

describe('an operation with conditions', () => {
  const text =
    'query Page($id: ID!, $more: Boolean! = false) { user(id: $id) { a ...More @include(if: $more) b @skip(if: $more) c @skip(if: false) } } ' +
    'fragment More on User { d(isFull: $more) e @include(if: $more) @skip(if: true) }';

  it('has only the included selections, and the variables that these use or that no condition uses', () => {
    expect(specialized(text, {})).toBe('query Page($id: ID!) { user(id: $id) { a b c } }');
    expect(specialized(text, { more: true })).toBe(
      'query Page($id: ID!, $more: Boolean! = false) { user(id: $id) { a ...More c } } fragment More on User { d(isFull: $more) }',
    );
    expect(
      specialized('query ($id: ID, $more: Boolean!) { user(id: $id) @include(if: $more) { a } b }', { more: false }),
    ).toBe('query ($id: ID) { b }');
  });

  it('is executed by graphql-js when a value is not a Boolean, and when a selection set becomes empty', () => {
    expect(specialized(text, { more: 'yes' })).toBeUndefined();
    expect(specialized(text, { more: null })).toBeUndefined();
    expect(specialized('query ($more: Boolean!) { a @include(if: $more) }', {})).toBeUndefined();
    expect(specialized('query ($more: Boolean!) { a @include(if: $more) }', { more: false })).toBeUndefined();
  });

  it('is found among many operations in time that grows with their number, not with its square', () => {
    const count = 8_000;
    const others = Array.from(
      { length: count },
      (_, index) => `query Q${index} { ...F${index} } fragment F${index} on Query { a }`,
    );
    const document = parse(`${text} ${others.join(' ')}`);
    const operation = getOperationAST(document, 'Page') as OperationDefinitionNode; // the text has it
    let least = Number.POSITIVE_INFINITY;
    // The minimum of three rounds: a garbage collection adds to it.
    for (let round = 0; round < 3 && least >= 1_000; round += 1) {
      const since = process.cpuUsage();
      expect(Conditions.of(document, operation)?.combinations).toBe(2);
      least = Math.min(least, process.cpuUsage(since).user / 1_000);
    }
    // Separating each operation from the others would take 3.6 s of processor time.
    expect(least).toBeLessThan(1_000);
  });

  it('is not specialized without directives, with others, or as a mutation', () => {
    const mutation = 'mutation ($more: Boolean!) { a @include(if: $more) }';
    for (const without of [
      '{ a }',
      '{ a @other }',
      'query ($more: Boolean!) { a @include(if: $more) b @other }',
      mutation,
    ]) {
      const { document, operation } = parsed(without);
      expect(Conditions.of(document, operation)).toBeUndefined();
    }
  });
});

describe('the executor', () => {
  const context = {} as GatewayContext; // no resolver of this schema reads it
  let infos: GraphQLResolveInfo[] = [];

  /** Each field is the text of its name. */
  function schemaOf(definitions: string): GraphQLSchema {
    const schema = buildSchema(definitions);
    const query = schema.getQueryType();
    if (!isObjectType(query)) throw new Error('no queries');
    for (const field of Object.values(query.getFields())) {
      field.resolve = (_source, _args, _context, info) => {
        infos.push(info);
        return field.name;
      };
    }
    return schema;
  }

  it('compiles at most four forms, and gives each combination its own result', async () => {
    const schema = schemaOf('type Query { a: String b: String c: String d: String }');
    const { document, operation } = parsed(
      'query ($a: Boolean!, $b: Boolean!, $c: Boolean!) { a @include(if: $a) b @include(if: $b) c @include(if: $c) d }',
    );
    const conditions = Conditions.of(document, operation);
    const executor = new Executor({ schema, document, operation, conditions, compileAfter: 0 });
    expect(executor.maxForms).toBe(4);
    const conditional: boolean[] = [];
    for (let form = 0; form < 8; form++) {
      infos = [];
      const variables = { a: (form & 1) > 0, b: (form & 2) > 0, c: (form & 4) > 0 };
      expect(executor.isCompiledFor(variables)).toBe(form >= 4);
      const { data } = await executor.execute(undefined, context, variables);
      expect(executor.isCompiledFor(variables)).toBe(true);
      const included = Object.entries(variables).filter(([, isIncluded]) => isIncluded);
      expect(data).toEqual({ ...Object.fromEntries(included.map(([name]) => [name, name])), d: 'd' });
      conditional.push(infos.some(({ fieldNodes }) => fieldNodes.some(({ directives = [] }) => directives.length > 0)));
    }
    // Only graphql-js gets the directives: it executes the operations after the fourth.
    expect(conditional).toEqual([false, false, false, false, true, true, true, true]);
  });

  it('reports the variable of a condition whose value is not a Boolean', async () => {
    const schema = schemaOf('type Query { a: String }');
    const { document, operation } = parsed('query ($more: Boolean!) { a @include(if: $more) }');
    const conditions = Conditions.of(document, operation);
    const executor = new Executor({ schema, document, operation, conditions, compileAfter: 0 });
    const { errors } = await executor.execute(undefined, context, { more: 'yes' });
    expect(errors?.map(({ message }) => message)).toEqual([expect.stringContaining('$more')]);
  });
});
