/** Tells whether a selection asks for more than a reference already knows. */
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';

type Fragments = GraphQLResolveInfo['fragments'];

/** What a reference holds, and what is read of its token alone: a membership reads itself. */
const knownFields = new Set(['__typename', 'id', 'token', 'membership']);

function someField(
  selections: SelectionSetNode | undefined,
  fragments: Fragments,
  test: (field: FieldNode) => boolean,
): boolean {
  if (selections === undefined) return false;
  return selections.selections.some((selection) => {
    if (selection.kind === 'Field') return test(selection);
    if (selection.kind === 'InlineFragment') return someField(selection.selectionSet, fragments, test);
    return someField(fragments[selection.name.value]?.selectionSet, fragments, test);
  });
}

/** Whether a field that gives one thing, or a list of things, asks for more than references know. */
export function nodeNeedsRead(node: FieldNode, fragments: Fragments): boolean {
  return someField(node.selectionSet, fragments, (field) => !knownFields.has(field.name.value));
}

/** The same for a field that gives a connection. */
export function connectionNeedsRead(connection: FieldNode, fragments: Fragments): boolean {
  return someField(connection.selectionSet, fragments, (field) => {
    if (field.name.value === 'nodes') return nodeNeedsRead(field, fragments);
    if (field.name.value !== 'edges') return false;
    return someField(
      field.selectionSet,
      fragments,
      (part) => part.name.value === 'node' && nodeNeedsRead(part, fragments),
    );
  });
}

// The answer belongs to the document, which is parsed once and executed many times.
const nodeAnswers = new WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>();
const connectionAnswers = new WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>();

function remembered(
  answers: WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>,
  info: GraphQLResolveInfo,
  test: (node: FieldNode, fragments: Fragments) => boolean,
): boolean {
  let answer = answers.get(info.fieldNodes);
  if (answer === undefined) {
    answer = info.fieldNodes.some((node) => test(node, info.fragments));
    answers.set(info.fieldNodes, answer);
  }
  return answer;
}

/**
 * False when the field's selection holds nothing but `id`, `token`, `__typename` and `membership`: then the reference answers it and no
 * upstream call is made. Directives are not looked at; a skipped field at worst costs the read it would have needed.
 */
export function needsRead(info: GraphQLResolveInfo): boolean {
  return remembered(nodeAnswers, info, nodeNeedsRead);
}

/** The same for the nodes of a connection. */
export function nodesNeedRead(info: GraphQLResolveInfo): boolean {
  return remembered(connectionAnswers, info, connectionNeedsRead);
}
