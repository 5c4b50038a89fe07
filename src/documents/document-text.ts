/**
 * The text of a typed document. graphql's `print` does the same for any document, with ten times the code; these documents use a
 * small part of the language, and a test compares the two for each of them.
 */

/** Properties that a node of such a tree may have. */
export interface Node {
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
  readonly selectionSet?: Node;
  readonly selections?: readonly Node[];
  readonly definitions?: readonly Node[];
}

/** The order of definitions, of variables, and of selections. */
export type Order = (nodes: readonly Node[]) => readonly Node[];

/** Length of a field with its arguments above which graphql's `print` writes each argument on a separate line. */
const maxLineLength = 80;

const texts = new WeakMap<object, string>();

/** The text of one of these documents, as GraphQL over HTTP, SSE and WebSockets sends it. */
export function textOf(document: object): string {
  let text = texts.get(document);
  if (text === undefined) {
    text = printDocument(document, (nodes) => nodes);
    texts.set(document, text);
  }
  return text;
}

/** On one line; the ids of registered operations are hashes of this form, in their own order. */
export function printDocument(document: object, order: Order): string {
  const all = (nodes: readonly Node[] = []) => nodes.map(print);

  function field(alias: string, name: string, given: readonly string[], set: string): string {
    const head = alias === '' ? name : `${alias}: ${name}`;
    const call = given.length === 0 ? head : `${head}(${given.join(', ')})`;
    return `${call.length > maxLineLength ? `${head}( ${given.join(' ')} )` : call}${set}`;
  }

  function print(node: Node | string | undefined): string {
    if (node === undefined || typeof node === 'string') return node ?? '';
    const [name, type, condition] = [print(node.name), print(node.type), print(node.typeCondition)];
    const set = node.selectionSet === undefined ? '' : ` ${print(node.selectionSet)}`;
    switch (node.kind) {
      case 'Document':
        return all(order(node.definitions ?? [])).join(' ');
      case 'OperationDefinition': {
        const variables = all(order(node.variableDefinitions ?? [])).join(', ');
        return `${node.operation} ${name}${variables === '' ? '' : `(${variables})`}${set}`;
      }
      case 'FragmentDefinition':
        return `fragment ${name} on ${condition}${set}`;
      case 'VariableDefinition': {
        const preset = node.defaultValue === undefined ? '' : ` = ${print(node.defaultValue)}`;
        return `${print(node.variable)}: ${type}${preset}`;
      }
      case 'SelectionSet':
        return `{ ${all(order(node.selections ?? [])).join(' ')} }`;
      case 'Field':
        return field(print(node.alias), name, all(node.arguments), set);
      case 'Argument':
        return `${name}: ${print(node.value)}`;
      case 'FragmentSpread':
        return `...${name}`;
      case 'InlineFragment':
        return `... on ${condition}${set}`;
      case 'Variable':
        return `$${name}`;
      case 'NonNullType':
        return `${type}!`;
      case 'ListType':
        return `[${type}]`;
      case 'NamedType':
        return name;
      default:
        return print(node.value);
    }
  }

  return print(document as Node); // a tree by the specification of typed documents
}
