/**
 * The text of a typed document. `print` of graphql does the same for any document, with ten times the code; these use a small
 * part of the language, and a test compares the two for each of them.
 */

/** What a node of such a tree may have. */
interface Node {
  readonly kind: string;
  readonly value?: string | Node;
  readonly name?: Node;
  readonly alias?: Node;
  readonly type?: Node;
  readonly variable?: Node;
  readonly defaultValue?: Node;
  readonly operation?: string;
  readonly arguments?: readonly Node[];
  readonly typeCondition?: Node;
  readonly variableDefinitions?: readonly Node[];
  readonly selectionSet?: { readonly selections: readonly Node[] };
  readonly definitions?: readonly Node[];
}

const texts = new WeakMap<object, string>();

/** The text of one of these documents, as GraphQL over HTTP, SSE and WebSockets sends it. */
export function textOf(document: object): string {
  let text = texts.get(document);
  if (text === undefined) {
    text = print(document as Node); // a tree by the specification of typed documents
    texts.set(document, text);
  }
  return text;
}

const list = (nodes: readonly Node[] = []) => (nodes.length > 0 ? `(${nodes.map(print).join(' ')})` : '');

function print(node: Node): string {
  const { kind, alias, selectionSet } = node;
  const value = typeof node.value === 'object' ? print(node.value) : node.value;
  const name = node.name && print(node.name);
  const typeCondition = node.typeCondition && print(node.typeCondition);
  const type = node.type && print(node.type);
  const set = selectionSet === undefined ? '' : `{${selectionSet.selections.map(print).join(' ')}}`;
  switch (kind) {
    case 'Document':
      return (node.definitions ?? []).map(print).join(' ');
    case 'OperationDefinition':
      return `${node.operation} ${name}${list(node.variableDefinitions)}${set}`;
    case 'FragmentDefinition':
      return `fragment ${name} on ${typeCondition}${set}`;
    case 'VariableDefinition':
      return `${print(node.variable ?? node)}:${type}${node.defaultValue ? `=${print(node.defaultValue)}` : ''}`;
    case 'Variable':
      return `$${name}`;
    case 'NonNullType':
      return `${type}!`;
    case 'ListType':
      return `[${type}]`;
    case 'NamedType':
      return name ?? '';
    case 'Field':
      return `${alias === undefined ? '' : `${print(alias)}:`}${name}${list(node.arguments)}${set}`;
    case 'Argument':
      return `${name}:${value}`;
    case 'FragmentSpread':
      return `...${name}`;
    case 'InlineFragment':
      return `...on ${typeCondition}${set}`;
    default:
      return value ?? '';
  }
}
