/** Rewrites the documents of graphql-codegen in the compact form of `src/documents/compact-document.ts`. */
import { isDeepStrictEqual } from 'node:util';
import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { type Arguments, type Definition, expand, type Selections } from '../../src/documents/compact-document.ts';

/** A document as graphql-codegen writes it, with its id in the manifest. */
type WrittenDocument = DocumentNode & { readonly __meta__?: { readonly hash: string } };

function variablesOf(variables: readonly VariableDefinitionNode[] = []): Arguments {
  return Object.fromEntries(
    variables.map(({ variable, type, defaultValue }) => [
      variable.name.value,
      defaultValue === undefined ? print(type) : `${print(type)} = ${print(defaultValue)}`,
    ]),
  );
}

function selectionsOf({ selections }: SelectionSetNode): Selections {
  return selections.flatMap((selection): Selections => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [`...${selection.name.value}`];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return [`... on ${selection.typeCondition?.name.value}`, selectionsOf(selection.selectionSet)];
    const { alias, name, arguments: given = [], selectionSet } = selection;
    if (name.value === '__typename') return [];
    return [
      alias === undefined ? name.value : `${alias.value}: ${name.value}`,
      ...(given.length === 0 ? [] : [Object.fromEntries(given.map((one) => [one.name.value, print(one.value)]))]),
      ...(selectionSet === undefined ? [] : [selectionsOf(selectionSet)]),
    ];
  });
}

const isOperation = (definition: DefinitionNode): definition is OperationDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION;

function compactOf(definition: DefinitionNode): Definition {
  if (isOperation(definition)) {
    const head = `${definition.operation} ${definition.name?.value}`;
    return [head, variablesOf(definition.variableDefinitions), selectionsOf(definition.selectionSet)];
  }
  if (definition.kind !== Kind.FRAGMENT_DEFINITION) throw new Error(`a document has a ${definition.kind}`);
  const head = `fragment ${definition.name.value} on ${definition.typeCondition.name.value}`;
  return [head, {}, selectionsOf(definition.selectionSet)];
}

const line = /^export const (\w+) = (\{.*\}) as unknown as (DocumentNode<.+>);$/gm;

/**
 * The module's text with every document in the compact form, and each fragment once.
 * @throws when the compact form does not say all that a document does, such as a directive or a text in an argument.
 */
export function compact(text: string): string {
  const fragments = new Map<string, Definition>();
  const documents = [...text.matchAll(line)].map(([, exported = '', json = '', type = '']) => {
    const document: WrittenDocument = JSON.parse(json);
    const definitions = document.definitions.map(compactOf);
    const hash = document.__meta__?.hash;
    if (!isDeepStrictEqual(expand(definitions, hash), document))
      throw new Error(`${exported} says more than src/documents/compact-document.ts can write.`);
    const parts = definitions.map((definition) => {
      const [word, name = ''] = definition[0].split(' ');
      if (word !== 'fragment') return JSON.stringify(definition);
      fragments.set(`fragment${name}`, definition);
      return `fragment${name}`;
    });
    // Bundlers leave out what is not used: the call has no effect besides its result.
    const given = [`[${parts.join(', ')}]`, ...(hash === undefined ? [] : [JSON.stringify(hash)])].join(', ');
    return `export const ${exported}: ${type} = /*#__PURE__*/ expand(${given});`;
  });
  return [
    "import { type Definition, expand } from '../documents/compact-document.ts';",
    ...[...fragments].map(([name, definition]) => `const ${name}: Definition = ${JSON.stringify(definition)};`),
    ...documents,
  ].join('\n');
}

/** The module's text with the documents of `documents.ts` in the place of its own, which differ only in their types. */
export function sameDocuments(text: string): string {
  const documents = [...text.matchAll(line)].map(
    ([, exported = '', _json, type = '']) =>
      `export const ${exported}: ${type} = plain.${exported} as object as ${type};`,
  );
  return [
    "import * as plain from './documents.ts';",
    ...documents,
    "export { possibleTypes } from './documents.ts';",
  ].join('\n');
}
