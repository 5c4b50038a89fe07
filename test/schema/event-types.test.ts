import { isNonNullType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { eventTypeNames } from '../../src/schema/event/event.ts';
import { schema } from '../../src/schema/index.ts';

const event = schema.getType('Event');
if (event === undefined || !('getInterfaces' in event) || !('resolveType' in event))
  throw new Error('Event is an interface');
const types = schema.getPossibleTypes(event);

describe('the types of events', () => {
  it('are complete', () => {
    expect(types.map(({ name }) => name).sort()).toEqual(Object.values(eventTypeNames).sort());
  });

  it('have one type per field name, so that a client can select them together', () => {
    const typesByField = new Map<string, Set<string>>();
    for (const type of types) {
      for (const field of Object.values(type.getFields())) {
        const seen = typesByField.get(field.name) ?? new Set();
        typesByField.set(field.name, seen.add(String(field.type)));
      }
    }
    expect([...typesByField].filter(([, seen]) => seen.size > 1)).toEqual([]);
  });

  it('are nullable where a read can fail', () => {
    const promised = types.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => field.extensions.cost !== undefined && isNonNullType(field.type))
        .filter((field) => !String(field.type).startsWith('['))
        .map((field) => `${type.name}.${field.name}`),
    );
    expect(promised).toEqual([]);
  });
});
