/**
 * The manifest of registered operations, id to text, built from the typed documents: as a file it would be a quarter of the
 * documents' package. The texts are those that graphql-codegen hashes: on one line, selections sorted.
 */

import * as documents from '../generated/documents.ts';
import { type Node, type Order, printDocument } from './document-text.ts';

const nameOf = (node: Node | undefined): string => String(node?.name?.value ?? '');

/** Fields first, then fragments by name, then fragments by type; variables and definitions by name. */
function keyOf(node: Node): string {
  switch (node.kind) {
    case 'Field':
      return `0${nameOf(node)}`;
    case 'FragmentSpread':
      return `1${nameOf(node)}`;
    case 'InlineFragment':
      return `2${nameOf(node.typeCondition)}`;
    case 'VariableDefinition':
      return nameOf(node.variable);
    default:
      return `${node.kind} ${nameOf(node)}`;
  }
}

const sorted: Order = (nodes) =>
  nodes
    .map((node) => [keyOf(node), node] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, node]) => node);

/** Text of each registered operation by its id, such as `sha256:0d77…`; equal to `persisted-operations.json` of the gateway. */
export const persistedOperations: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values<object>(documents).flatMap((document) => {
    const { __meta__: meta }: { readonly __meta__?: { readonly hash?: string } } = document;
    return meta?.hash === undefined ? [] : [[meta.hash, printDocument(document, sorted)]];
  }),
);
