/**
 * Errors of variables that do not match their declared types. The messages of graphql-js quote values; these name the path in the variables
 * and the type that the schema has there.
 */
import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { Variables } from './variable-defaults.ts';

/** A variable, or a part of one, with the wrong value. */
export interface VariableError {
  /** Path such as `input.members.0`. */
  readonly field: string;
  /** What belongs there. */
  readonly expected: string;
  /** Declaration of the variable. */
  readonly node: VariableDefinitionNode;
}

/** Maximum errors of one response: a list of a megabyte may have a wrong item every five bytes. */
const maxErrors = 20;

// Messages of graphql-js about the fields of an object. The first has names of the schema only; the second quotes the unknown name.
const missingField = /^Field "(\w+)" of required type "/;
const unknownField = /^Field ".*" is not defined by type "/s;

/** Thrown to end the coercion of a value. */
const enough = new Error('enough errors');

/** The errors of the variables of a request, at most `maxErrors`; empty if all match. */
export function variableErrors(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Variables,
): readonly VariableError[] {
  const found: VariableError[] = [];
  try {
    for (const node of definitions) {
      checkVariable(schema, node, variables, (field, expected) => {
        if (found.push({ field, expected, node }) === maxErrors) throw enough;
      });
    }
  } catch (error) {
    if (error !== enough) throw error;
  }
  return found;
}

function checkVariable(
  schema: GraphQLSchema,
  { variable, type: declared, defaultValue }: VariableDefinitionNode,
  variables: Variables,
  add: (field: string, expected: string) => void,
): void {
  const type = typeFromAST(schema, declared);
  // Validation has rejected other types.
  if (!isInputType(type)) return;
  const name = variable.name.value;
  if (!Object.hasOwn(variables, name)) {
    if (defaultValue === undefined && isNonNullType(type)) add(name, valueOfType(type));
    return;
  }
  coerceInputValue(variables[name], type, (path, _value, { message }) => {
    const own = typeAt(type, path);
    const field = [name, ...path].join('.');
    const missing = missingField.exec(message)?.[1];
    if (missing !== undefined) add(`${field}.${missing}`, valueOfType(typeAt(own, [missing])));
    else if (unknownField.test(message)) add(field, `only fields of type "${getNamedType(own)}"`);
    else add(field, valueOfType(own));
  });
}

function valueOfType(type: GraphQLInputType): string {
  return `a value of type "${type}"`;
}

/** The type at a path that graphql-js has followed: fields of input objects, and indices of lists. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let found = type;
  for (const part of path) {
    let nullable = getNullableType(found);
    // A list accepts a single value in place of a list of one, without an index in the path.
    while (typeof part === 'string' && isListType(nullable)) nullable = getNullableType(nullable.ofType);
    if (isListType(nullable)) found = nullable.ofType;
    else if (isInputObjectType(nullable)) found = nullable.getFields()[part]?.type ?? found;
  }
  return found;
}
