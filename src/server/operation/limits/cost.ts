/** Computes the maximum number of upstream calls of an operation before it runs. */
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
  print,
  type SelectionSetNode,
} from 'graphql';
import { isConditionalOnVariables, isIncluded } from '../../../schema/conditions.ts';
import type { FieldCost } from '../../../schema/field-cost.ts';
import { connectionNeedsRead, nodeNeedsRead, type SelectionScope } from '../../../schema/selection.ts';
import { fragmentsIn } from '../document/document-fragments.ts';
import { argumentOf, foldCosts, itemsOf, type OperationCost, productOf, sumOf } from './cost-expression.ts';
import type { CostPlaces } from './cost-places.ts';

/**
 * The cost of an operation, as a number or as a function of its variables (defaults included). The document is visited once,
 * at preparation, and each request only evaluates the function. If `@skip` or `@include` depend on variables, the document
 * is visited for each request.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const fragments = fragmentsIn(document);
  const root = schema.getRootType(operation.operation);
  if (root == null) return 0;
  const costWith = (variableValues: Readonly<Record<string, unknown>>): OperationCost => {
    const visitor = new CostVisitor(schema, { fragments, variableValues });
    const calls = visitor.selections([operation.selectionSet], root, undefined);
    // Epsilon against rounding errors of 1/20 shares: without it, 31 calls could become 32.
    return foldCosts([calls, ...visitor.callsPerOperation()], (parts) => Math.ceil(sumOf(parts) - 1e-6));
  };
  const sets = [operation.selectionSet, ...Object.values(fragments).map(({ selectionSet }) => selectionSet)];
  if (!isConditionalOnVariables(sets)) return costWith({});
  return (variables) => {
    const cost = costWith(variables);
    return typeof cost === 'number' ? cost : cost(variables);
  };
}

/** Visits the fields of an operation once more, for an explanation of its cost. @param variables Defaults included. */
export function placesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  places: CostPlaces,
): void {
  const root = schema.getRootType(operation.operation);
  if (root == null) return;
  const visitor = new CostVisitor(schema, { fragments: fragmentsIn(document), variableValues: variables }, places);
  visitor.selections([operation.selectionSet], root, undefined);
}

/** The form of id that is read in bulk where there is a bulk read. */
const bareToken = '00000000-0000-4000-8000-000000000000';

const partsOfConnection: ReadonlySet<string> = new Set(['edges', 'nodes', 'node']);

class CostVisitor {
  /** Calls made once per operation: shared reads, and the unused part of the last call of a bulk read. */
  readonly #perOperation = new Map<FieldCost | FieldNode, number>();
  /** The same for each value of an argument, by its text in the document: two variables may have two values. */
  readonly #perValue = new Map<FieldCost, Map<string, number>>();
  readonly #schema: GraphQLSchema;
  readonly #scope: SelectionScope;
  readonly #places: CostPlaces | undefined;

  /** @param places Gets the fields, for an explanation. */
  constructor(schema: GraphQLSchema, scope: SelectionScope, places?: CostPlaces) {
    this.#schema = schema;
    this.#scope = scope;
    this.#places = places;
  }

  /** Of all selections that were visited. */
  callsPerOperation(): readonly number[] {
    const byValue = Array.from(this.#perValue.values(), (values) => [...values.values()]);
    return [...this.#perOperation.values(), ...byValue.flat()];
  }

  /**
   * Cost of the selections on one object; for an abstract type, the maximum over its possible types.
   * @param provided Shared keys whose reads came with the object.
   */
  selections(
    sets: readonly SelectionSetNode[],
    type: GraphQLNamedType,
    parent: FieldNode | undefined,
    provided: readonly string[] = [],
  ): OperationCost {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    return foldCosts(
      types.map((one) => this.#object(sets, one, parent, provided)),
      (costs) => Math.max(0, ...costs),
    );
  }

  #object(
    sets: readonly SelectionSetNode[],
    type: GraphQLObjectType,
    parent: FieldNode | undefined,
    provided: readonly string[],
  ): OperationCost {
    const fields = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const set of sets) this.#collect(set, type, fields, visited);
    const read = new Set<string>(provided);
    return foldCosts(
      Array.from(fields.values(), (nodes) => this.#field(nodes, type, parent, read, provided)),
      sumOf,
    );
  }

  /** Groups fields by response name, as in execution (GraphQL, "CollectFields"): merged fields are resolved once. */
  #collect(
    set: SelectionSetNode,
    type: GraphQLObjectType,
    fields: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const selection of set.selections) {
      if (!isIncluded(selection, this.#scope.variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(name);
        if (nodes === undefined) fields.set(name, [selection]);
        else nodes.push(selection);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#scope.fragments[selection.name.value];
      if (fragment !== undefined && this.#applies(type, fragment)) {
        this.#collect(fragment.selectionSet, type, fields, visited);
      }
    }
  }

  #applies(type: GraphQLObjectType, { typeCondition }: FragmentDefinitionNode | InlineFragmentNode): boolean {
    const named = typeCondition === undefined ? type : this.#schema.getType(typeCondition.name.value);
    return named === type || (isAbstractType(named) && this.#schema.isSubType(named, type));
  }

  /**
   * @param nodes Fields of one response name, at least one.
   * @param read Shared keys that other fields of the same object have read already.
   */
  #field(
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    parent: FieldNode | undefined,
    read: Set<string>,
    provided: readonly string[],
  ): OperationCost {
    const [node] = nodes;
    const field = node === undefined ? undefined : type.getFields()[node.name.value];
    if (node === undefined || field === undefined) return 0;
    const cost = (field.extensions.cost ?? {}) as FieldCost; // set by schema/field-cost.ts only
    if (cost.perOperation !== undefined) this.#perOperation.set(cost, cost.perOperation);
    this.#addValue(node, cost);
    const place = this.#places?.enter(node, type, cost);
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    // The edges and nodes of a connection have what the connection provides.
    const passed = cost.provides ?? (partsOfConnection.has(node.name.value) ? provided : []);
    const inner = sets.length === 0 ? 0 : this.selections(sets, getNamedType(field.type), node, passed);
    const isRead = cost.isReference !== true || nodes.some((one) => this.#needsRead(one, cost));
    if (place !== undefined) this.#places?.leave(place);
    if (cost.items === undefined) {
      const own = isRead ? this.#perParent(node, cost, read) : 0;
      if (place !== undefined) place.own = own;
      return foldCosts([own, inner], sumOf);
    }

    const { count, sum } = itemsOf(node, parent, cost.items);
    const item = isRead ? (cost.perItem ?? 0) : 0;
    this.#roundUpBatch(node, typeof item === 'number' ? item : item(bareToken));
    const items = typeof item === 'number' ? foldCosts([count, item], productOf) : sum(item);
    const own = foldCosts([this.#perParent(node, cost, read), items], sumOf);
    if (place !== undefined) Object.assign(place, { own, count });
    return foldCosts([own, foldCosts([count, inner], productOf)], sumOf);
  }

  #addValue(node: FieldNode, cost: FieldCost): void {
    if (cost.perValue === undefined) return;
    const { argument, calls } = cost.perValue;
    const value = argumentOf(node, argument);
    const known = this.#perValue.get(cost) ?? new Map<string, number>();
    this.#perValue.set(cost, known.set(value === undefined ? '' : print(value), calls));
  }

  #perParent(node: FieldNode, { perParent = 0, sharedKey, perField = 0 }: FieldCost, read: Set<string>): number {
    if (sharedKey !== undefined) {
      if (read.has(sharedKey)) return perField;
      read.add(sharedKey);
    }
    this.#roundUpBatch(node, perParent);
    return perParent + perField;
  }

  /** Whether the selection needs more than the reference itself contains. */
  #needsRead(node: FieldNode, { items }: FieldCost): boolean {
    return items?.by === 'page' ? connectionNeedsRead(node, this.#scope) : nodeNeedsRead(node, this.#scope);
  }

  /** Rounds a partly filled last batch up to one call. */
  #roundUpBatch(node: FieldNode, calls: number): void {
    const rest = Math.ceil(calls) - calls;
    if (rest > 0) this.#perOperation.set(node, rest);
  }
}
