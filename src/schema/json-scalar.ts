/** The JSON scalar of graphql-scalars, rejecting input that JSON cannot hold: it would be stored as null, or not at all. */
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { JSONResolver } from 'graphql-scalars';
import { GatewayError } from '../errors.ts';

const expected = 'Expected JSON: finite numbers, no enum values, no files.';

function rejected(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { message: expected });
}

/** @throws GatewayError `BAD_USER_INPUT` for a number outside the range of a double, and for an uploaded file. */
function requireJson(value: unknown): void {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const item = pending.pop();
    if (typeof item === 'number' && !Number.isFinite(item)) throw rejected();
    if (typeof item !== 'object' || item === null) continue;
    // A promise in variables is an upload (`File`).
    if (item instanceof Promise) throw rejected();
    for (const inner of Object.values(item)) pending.push(inner);
  }
}

/** @throws GatewayError `BAD_USER_INPUT` for an enum value inside the literal, which the library drops. */
function requireNoEnum(literal: ValueNode): void {
  const pending: ValueNode[] = [literal];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === Kind.ENUM) throw rejected();
    if (node.kind === Kind.LIST) pending.push(...node.values);
    else if (node.kind === Kind.OBJECT) for (const field of node.fields) pending.push(field.value);
  }
}

export const json = new GraphQLScalarType<unknown, unknown>({
  ...JSONResolver.toConfig(),
  description:
    'A JSON value ([ECMA-404](https://ecma-international.org/publications-and-standards/standards/ecma-404/)). Numbers are IEEE 754 doubles: integers beyond ±9007199254740991 lose digits.',
  parseValue(value) {
    requireJson(value);
    return value;
  },
  parseLiteral(literal, variables) {
    requireNoEnum(literal);
    const value: unknown = JSONResolver.parseLiteral(literal, variables);
    requireJson(value);
    return value;
  },
});
