/**
 * The form in which the generated documents are written: a tenth of the size of their syntax trees. `expand` converts it to the
 * syntax tree that GraphQL clients take. `schema/codegen/compact.ts` writes this form, and compares it with the result of `expand`.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/**
 * A selection set, in order. A text is a field, such as `id` or `alias: name`, a fragment spread such as `...UserCard`, or a type
 * condition such as `... on User`. An object holds the arguments of the field before it, a list its selections. `__typename` is the
 * first field of every selection set and is omitted here, except in a subscription's root, which has none.
 */
export type Selections = readonly (string | Arguments | Selections)[];

/** Values by argument, or types by variable with their default: `{ first: '$first' }`, `{ first: 'Int = 50' }`. */
export type Arguments = Readonly<Record<string, string>>;

/** An operation or a fragment: its head, its variables, its selections. */
export type Definition = readonly [head: string, variables: Arguments, selections: Selections];

/** A node of the syntax tree; graphql's own types name its kinds by an enum, which is code that pages need not load. */
type Node = Readonly<Record<string, unknown>>;

const name = (value: string): Node => ({ kind: 'Name', value });

const namedType = (value: string): Node => ({ kind: 'NamedType', name: name(value) });

function type(text: string): Node {
  if (text.endsWith('!')) return { kind: 'NonNullType', type: type(text.slice(0, -1)) };
  return text.startsWith('[') ? { kind: 'ListType', type: type(text.slice(1, -1)) } : namedType(text);
}

const variable = (text: string): Node => ({ kind: 'Variable', name: name(text) });

function value(text: string): Node {
  if (text.startsWith('$')) return variable(text.slice(1));
  return { kind: /^\d/.test(text) ? 'IntValue' : 'EnumValue', value: text };
}

function variableDefinition([key, text]: readonly [string, string]): Node {
  const [typeText = '', defaultText] = text.split(' = ');
  return {
    kind: 'VariableDefinition',
    variable: variable(key),
    type: type(typeText),
    ...(defaultText === undefined ? {} : { defaultValue: value(defaultText) }),
  };
}

const argument = ([key, text]: readonly [string, string]): Node => ({
  kind: 'Argument',
  name: name(key),
  value: value(text),
});

function selection(text: string): Node {
  const [, condition, spread] = /^\.\.\.(?: on (.+)|(.+))/.exec(text) ?? [];
  if (condition !== undefined) return { kind: 'InlineFragment', typeCondition: namedType(condition) };
  if (spread !== undefined) return { kind: 'FragmentSpread', name: name(spread) };
  const [first = '', second] = text.split(': ');
  return second === undefined
    ? { kind: 'Field', name: name(first) }
    : { kind: 'Field', alias: name(first), name: name(second) };
}

function selectionSet(parts: Selections, isSubscription = false): Node {
  const selections: Node[] = isSubscription ? [] : [selection('__typename')];
  for (const part of parts) {
    if (typeof part === 'string') {
      selections.push(selection(part));
      continue;
    }
    const last = selections.pop();
    selections.push({
      ...last,
      ...(isSelections(part)
        ? { selectionSet: selectionSet(part) }
        : { arguments: Object.entries(part).map(argument) }),
    });
  }
  return { kind: 'SelectionSet', selections };
}

function isSelections(part: Arguments | Selections): part is Selections {
  return Array.isArray(part);
}

function definition([head, variables, selections]: Definition): Node {
  const [word = '', named = '', , condition] = head.split(' ');
  if (condition !== undefined)
    return {
      kind: 'FragmentDefinition',
      name: name(named),
      typeCondition: namedType(condition),
      selectionSet: selectionSet(selections),
    };
  const entries = Object.entries(variables);
  return {
    kind: 'OperationDefinition',
    operation: word,
    name: name(named),
    ...(entries.length === 0 ? {} : { variableDefinitions: entries.map(variableDefinition) }),
    selectionSet: selectionSet(selections, word === 'subscription'),
  };
}

/**
 * The syntax tree of these definitions.
 * @param hash Id of the document in the manifest; none for a fragment.
 */
export function expand<Data, Variables>(
  definitions: readonly Definition[],
  hash?: string,
): TypedDocumentNode<Data, Variables> {
  const document: unknown = {
    ...(hash === undefined ? {} : { __meta__: { hash } }),
    kind: 'Document',
    definitions: definitions.map(definition),
  };
  return document as TypedDocumentNode<Data, Variables>; // the writer compares the compact form with the tree
}
