/** Decides whether a selection needs more fields than a reference holds. */
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { isIncluded } from './conditions.ts';

/** Inputs of the decision besides the field itself. */
export type SelectionScope = Pick<GraphQLResolveInfo, 'fragments' | 'variableValues'>;

/** Fields that a reference holds, or that need only its token: `membership` performs its own read. */
const knownFields = new Set(['__typename', 'id', 'token', 'membership']);

/** A user's conversation in a named organization needs only the token; other conversations need their object. */
function isKnown({ name, arguments: given }: FieldNode): boolean {
  if (name.value === 'conversation') return given?.some((argument) => argument.name.value === 'organization') === true;
  return knownFields.has(name.value);
}

function someField(
  selections: SelectionSetNode | undefined,
  scope: SelectionScope,
  test: (field: FieldNode) => boolean,
): boolean {
  if (selections === undefined) return false;
  return selections.selections.some((selection) => {
    if (!isIncluded(selection, scope.variableValues)) return false;
    if (selection.kind === 'Field') return test(selection);
    if (selection.kind === 'InlineFragment') return someField(selection.selectionSet, scope, test);
    return someField(scope.fragments[selection.name.value]?.selectionSet, scope, test);
  });
}

/** Whether a field that returns an object, or a list of objects, selects more than references hold. */
export function nodeNeedsRead(node: FieldNode, scope: SelectionScope): boolean {
  return someField(node.selectionSet, scope, (field) => !isKnown(field));
}

/** The same for a field that gives a connection. */
export function connectionNeedsRead(connection: FieldNode, scope: SelectionScope): boolean {
  return someField(connection.selectionSet, scope, (field) => {
    if (field.name.value === 'nodes') return nodeNeedsRead(field, scope);
    if (field.name.value !== 'edges') return false;
    return someField(field.selectionSet, scope, (part) => part.name.value === 'node' && nodeNeedsRead(part, scope));
  });
}

// A compiled operation passes the same list of nodes to every execution and has no conditions; graphql-js creates a list
// per execution, whose variables do not change.
const nodeReads = new WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>();
const connectionReads = new WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>();

function remembered(
  results: WeakMap<GraphQLResolveInfo['fieldNodes'], boolean>,
  info: GraphQLResolveInfo,
  test: (node: FieldNode, scope: SelectionScope) => boolean,
): boolean {
  let result = results.get(info.fieldNodes);
  if (result === undefined) {
    result = info.fieldNodes.some((node) => test(node, info));
    results.set(info.fieldNodes, result);
  }
  return result;
}

/**
 * False when the field selects only `id`, `token`, `__typename` and `membership`, not counting skipped selections: the
 * reference then resolves it without an upstream call.
 */
export function needsRead(info: GraphQLResolveInfo): boolean {
  return remembered(nodeReads, info, nodeNeedsRead);
}

/** The same for the nodes of a connection. */
export function nodesNeedRead(info: GraphQLResolveInfo): boolean {
  return remembered(connectionReads, info, connectionNeedsRead);
}

/** Whether the field selects one of `names` on its object. */
export function selectsSome(info: GraphQLResolveInfo, names: ReadonlySet<string>): boolean {
  return info.fieldNodes.some((node) => someField(node.selectionSet, info, (field) => names.has(field.name.value)));
}
