/**
 * The manifest of registered operations, id to text, made from the typed documents: as a file it would be a quarter of the package
 * of the documents. The texts are those that graphql-codegen hashes: on one line, selections sorted.
 */
import * as documents from './generated/documents.ts';

/** A node of a syntax tree, with the properties that the documents of this package have. */
interface Node {
  readonly kind: string;
  readonly operation?: string;
  readonly name?: Node;
  readonly alias?: Node;
  readonly value?: Node | string;
  readonly type?: Node;
  readonly typeCondition?: Node;
  readonly variable?: Node;
  readonly defaultValue?: Node;
  readonly definitions?: readonly Node[];
  readonly variableDefinitions?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly selections?: readonly Node[];
  readonly selectionSet?: Node;
}

/** Characters of a field with its arguments above which GraphQL's printer writes each argument on a line of its own. */
const maxLineLength = 80;

function byKey(nodes: readonly Node[] = [], key: (node: Node) => string): Node[] {
  return [...nodes].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

const nameOf = (node: Node): string => String(node.name?.value ?? '');
/** Fields first, then fragments by name, then fragments by type. */
const selectionKey = (node: Node): string => {
  if (node.kind === 'Field') return `0${nameOf(node)}`;
  return node.kind === 'FragmentSpread' ? `1${nameOf(node)}` : `2${print(node.typeCondition)}`;
};

function field(node: Node): string {
  const head = node.alias === undefined ? nameOf(node) : `${print(node.alias)}: ${nameOf(node)}`;
  const given = (node.arguments ?? []).map((one) => `${nameOf(one)}: ${print(one.value)}`);
  const oneLine = given.length === 0 ? head : `${head}(${given.join(', ')})`;
  const call = oneLine.length > maxLineLength ? `${head}( ${given.join(' ')} )` : oneLine;
  return node.selectionSet === undefined ? call : `${call} ${print(node.selectionSet)}`;
}

function operation(node: Node): string {
  const variables = byKey(node.variableDefinitions, ({ variable }) => nameOf(variable ?? node)).map(print);
  const head = `${node.operation} ${nameOf(node)}`;
  return `${variables.length === 0 ? head : `${head}(${variables.join(', ')})`} ${print(node.selectionSet)}`;
}

function print(node: Node | string | undefined): string {
  if (node === undefined || typeof node === 'string') return node ?? '';
  switch (node.kind) {
    case 'Document':
      return byKey(node.definitions, (one) => `${one.kind} ${nameOf(one)}`)
        .map(print)
        .join(' ');
    case 'OperationDefinition':
      return operation(node);
    case 'FragmentDefinition':
      return `fragment ${nameOf(node)} on ${print(node.typeCondition)} ${print(node.selectionSet)}`;
    case 'VariableDefinition': {
      const typed = `${print(node.variable)}: ${print(node.type)}`;
      return node.defaultValue === undefined ? typed : `${typed} = ${print(node.defaultValue)}`;
    }
    case 'SelectionSet':
      return `{ ${byKey(node.selections, selectionKey).map(print).join(' ')} }`;
    case 'Field':
      return field(node);
    case 'FragmentSpread':
      return `...${nameOf(node)}`;
    case 'InlineFragment':
      return `... on ${print(node.typeCondition)} ${print(node.selectionSet)}`;
    case 'Variable':
      return `$${nameOf(node)}`;
    case 'NonNullType':
      return `${print(node.type)}!`;
    case 'ListType':
      return `[${print(node.type)}]`;
    case 'NamedType':
      return nameOf(node);
    default:
      return print(node.value);
  }
}

/** Text of each registered operation by its id, such as `sha256:0d77…`; equal to `persisted-operations.json` of the gateway. */
export const persistedOperations: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values<object>(documents).flatMap((document) => {
    const { __meta__: meta }: { readonly __meta__?: { readonly hash?: string } } = document;
    // Plain nodes, whose types graphql knows by an enum.
    return meta?.hash === undefined ? [] : [[meta.hash, print(document as unknown as Node)]];
  }),
);
