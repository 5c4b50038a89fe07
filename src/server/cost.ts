/** Adds up what an operation may cost, in upstream calls, before any is made. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { FieldCost } from '../schema/cost.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Cost of an operation, in upstream calls, rounded up: a number when no variable changes it. */
export type OperationCost = number | ((variables: Variables) => number);

export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationCost {
  const walk = new CostWalk(schema, document, operation);
  // Summed once without variables; only when one was asked for does the sum have to be made again for each request.
  const cost = walk.sum({});
  return walk.usesVariables ? (variables) => walk.sum(variables) : cost;
}

class CostWalk {
  usesVariables = false;
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #operation: OperationDefinitionNode;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  sum(variables: Variables): number {
    const once = new Map<FieldCost, number>();
    const root = this.#schema.getRootType(this.#operation.operation);
    const calls = root == null ? 0 : this.#selections(this.#operation.selectionSet, root, 1, variables, once);
    return Math.ceil([...once.values()].reduce((total, cost) => total + cost, calls));
  }

  /** @param parents How many objects the selection is resolved on. */
  #selections(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    parents: number,
    variables: Variables,
    once: Map<FieldCost, number>,
  ): number {
    let calls = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) calls += this.#field(selection, type, parents, variables, once);
      else {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
        const named = fragment?.typeCondition?.name.value;
        const inner = named === undefined ? type : this.#schema.getType(named);
        if (fragment !== undefined && isCompositeType(inner)) {
          calls += this.#selections(fragment.selectionSet, inner, parents, variables, once);
        }
      }
    }
    return calls;
  }

  #field(
    node: FieldNode,
    type: GraphQLCompositeType,
    parents: number,
    variables: Variables,
    once: Map<FieldCost, number>,
  ): number {
    if (isAbstractType(type) && !isInterfaceType(type)) return 0;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    if (field === undefined) return 0;
    const cost = field.extensions['cost'] as FieldCost | undefined; // put there by schema/cost.ts only
    const items = cost?.items === undefined ? 1 : this.#items(cost.items, node, field, variables);
    if (cost?.once !== undefined) once.set(cost, cost.once);
    const own = parents * ((cost?.each ?? 0) + (cost?.item ?? 0) * items);
    const inner = getNamedType(field.type);
    if (node.selectionSet === undefined || !isCompositeType(inner)) return own;
    return own + this.#selections(node.selectionSet, inner, parents * items, variables, once);
  }

  #items(
    items: NonNullable<FieldCost['items']>,
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    variables: Variables,
  ): number {
    if (items.by === 'guess') return items.count;
    if (items.by === 'list') return this.#length(this.#argument(node, items.argument, variables));
    const sizes = ['first', 'last']
      .filter((name) => field.args.some((argument) => argument.name === name))
      .map((name) => this.#argument(node, name, variables))
      .filter((size) => typeof size === 'number');
    return sizes.length === 0 ? items.default : Math.max(0, Math.min(...sizes));
  }

  #length(value: unknown): number {
    return Array.isArray(value) ? value.length : 1;
  }

  /** A number, a list whose length counts, or undefined. */
  #argument(node: FieldNode, name: string, variables: Variables): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    return value === undefined ? undefined : this.#value(value, variables);
  }

  #value(value: ValueNode, variables: Variables): unknown {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind === Kind.LIST) return value.values;
    if (value.kind !== Kind.VARIABLE) return undefined;
    this.usesVariables = true;
    const name = value.name.value;
    if (Object.hasOwn(variables, name)) return variables[name];
    const definition = this.#operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue === undefined ? undefined : this.#value(definition.defaultValue, variables);
  }
}
