/** Adds up what an operation may cost, in upstream calls, before any is made. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { bulkShare, type FieldCost } from '../schema/cost.ts';
import { connectionNeedsRead, nodeNeedsRead } from '../schema/selection.ts';
import { combine, itemsOf, type OperationCost, productOf, sumOf } from './cost-sum.ts';

/** Goes through a document once, when it is prepared; requests only put their variables in. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const walk = new CostWalk(schema, document);
  const root = schema.getRootType(operation.operation);
  const calls = root == null ? 0 : walk.selections(operation.selectionSet, root, undefined);
  // The shares of bulk reads are no binary fractions: without the grain of sand, 31 calls could become 32.
  return combine([calls, ...walk.once.values()], (parts) => Math.ceil(sumOf(parts) - 1e-6));
}

class CostWalk {
  /** Calls that come once in the operation: of reads that are shared, and where the last call of a bulk read is not full. */
  readonly once = new Map<FieldCost | FieldNode, number>();
  readonly #schema: GraphQLSchema;
  readonly #fragments: Readonly<Record<string, FragmentDefinitionNode>>;

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#fragments = Object.fromEntries(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  /** What is selected on one thing of this type; where it can be of several types, on the dearest. */
  selections(set: SelectionSetNode, type: GraphQLNamedType, parent: FieldNode | undefined): OperationCost {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return combine(
      types.map((one) => this.#object(set, one, parent, new Set())),
      (costs) => Math.max(0, ...costs),
    );
  }

  /** @param read What fields of the same thing read already. */
  #object(
    set: SelectionSetNode,
    type: GraphQLObjectType,
    parent: FieldNode | undefined,
    read: Set<string>,
  ): OperationCost {
    const parts = set.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return this.#field(selection, type, parent, read);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments[selection.name.value];
      if (fragment === undefined || !this.#isFor(type, fragment)) return 0;
      return this.#object(fragment.selectionSet, type, parent, read);
    });
    return combine(parts, sumOf);
  }

  #isFor(type: GraphQLObjectType, { typeCondition }: FragmentDefinitionNode | InlineFragmentNode): boolean {
    const named = typeCondition === undefined ? type : this.#schema.getType(typeCondition.name.value);
    return named === type || (isAbstractType(named) && this.#schema.isSubType(named, type));
  }

  #field(node: FieldNode, type: GraphQLObjectType, parent: FieldNode | undefined, read: Set<string>): OperationCost {
    const field = type.getFields()[node.name.value];
    if (field === undefined) return 0;
    const cost = (field.extensions.cost ?? {}) as FieldCost; // put there by schema/cost.ts only
    if (cost.once !== undefined) this.once.set(cost, cost.once);
    const inner =
      node.selectionSet === undefined ? 0 : this.selections(node.selectionSet, getNamedType(field.type), node);
    const isRead = cost.isReference !== true || this.#needsRead(node, cost);
    if (cost.items === undefined) return combine([isRead ? this.#each(node, cost, read) : 0, inner], sumOf);

    const { count, sum } = itemsOf(node, parent, cost.items);
    const item = isRead ? (cost.item ?? 0) : 0;
    this.#fillUp(node, typeof item === 'number' ? item : bulkShare);
    const items = typeof item === 'number' ? combine([count, item], productOf) : sum(item);
    return combine([this.#each(node, cost, read), items, combine([count, inner], productOf)], sumOf);
  }

  #each(node: FieldNode, { each = 0, shared }: FieldCost, read: Set<string>): number {
    if (shared !== undefined) {
      if (read.has(shared)) return 0;
      read.add(shared);
    }
    this.#fillUp(node, each);
    return each;
  }

  /** Whether more is selected than the reference knows that the field gives. */
  #needsRead(node: FieldNode, { items }: FieldCost): boolean {
    return items?.by === 'page' ? connectionNeedsRead(node, this.#fragments) : nodeNeedsRead(node, this.#fragments);
  }

  /** The last call of a bulk read is a whole one too, however little there is left to read. */
  #fillUp(node: FieldNode, calls: number): void {
    const rest = Math.ceil(calls) - calls;
    if (rest > 0) this.once.set(node, rest);
  }
}
