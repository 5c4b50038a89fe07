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
  isEnumType,
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
/** A name close to those of fields, with the closest: a misspelling. Any other name may be of a patient, in an object of the client's own. */
const misspeltField = /^Field "(\w+)" is not defined by type "\w+"\. Did you mean ("\w+")/;
/** Maximum values of an enum in a message. */
const maxValues = 20;

/** Thrown to end the coercion of a value. */
const enough = new Error('enough errors');

/**
 * The errors of the variables of a request, at most `maxErrors`; empty if all match.
 * @param suggest Name the fields and values that were probably meant, beside the types.
 */
export function variableErrors(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  variables: Variables,
  suggest: boolean,
): readonly VariableError[] {
  const found: VariableError[] = [];
  try {
    for (const node of definitions) {
      const add = (field: string, expected: string) => {
        if (found.push({ field, expected, node }) === maxErrors) throw enough;
      };
      checkVariable(schema, node, variables, { add, suggest });
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
  { add, suggest }: { readonly add: (field: string, expected: string) => void; readonly suggest: boolean },
): void {
  const type = typeFromAST(schema, declared);
  // Validation has rejected other types.
  if (!isInputType(type)) return;
  const name = variable.name.value;
  if (!Object.hasOwn(variables, name)) {
    if (defaultValue === undefined && isNonNullType(type)) add(name, valueOfType(type));
    return;
  }
  coerceInputValue(
    variables[name],
    type,
    (path, _value, { message }) => {
      const own = typeAt(type, path);
      const field = [name, ...path].join('.');
      const missing = missingField.exec(message)?.[1];
      const [, misspelt, closest] = misspeltField.exec(message) ?? [];
      if (missing !== undefined) add(`${field}.${missing}`, valueOfType(typeAt(own, [missing])));
      else if (misspelt !== undefined)
        add(`${field}.${misspelt}`, `a field of type "${getNamedType(own)}", such as ${closest}`);
      else if (unknownField.test(message)) add(field, `only fields of type "${getNamedType(own)}"`);
      else add(field, valueOfType(own) + (suggest ? valuesOf(own) : ''));
    },
    !suggest,
  );
}

function valueOfType(type: GraphQLInputType): string {
  return `a value of type "${type}"`;
}

/** The values of an enum, for the end of a message; empty for other types. */
export function valuesOf(type: GraphQLInputType): string {
  const named = getNamedType(type);
  if (!isEnumType(named)) return '';
  const names = named.getValues().map(({ name }) => name);
  const rest = names.length > maxValues ? ', …' : '';
  return ` (${names.slice(0, maxValues).join(', ')}${rest})`;
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
