/** Arithmetic on costs that are numbers, or functions of the variables of a request. */
import { BREAK, type FieldNode, type ValueNode, valueFromASTUntyped, visit } from 'graphql';
import type { FieldCost } from '../../../schema/field-cost.ts';
import type { Variables } from '../document/variable-defaults.ts';

/** In upstream calls: a number if it does not depend on variables. */
export type OperationCost = number | ((variables: Variables) => number);

/** Combines costs: immediately if all are numbers, otherwise once the variables are known. */
export function foldCosts(
  parts: readonly OperationCost[],
  fold: (numbers: readonly number[]) => number,
): OperationCost {
  const constant = parts.filter((part) => typeof part === 'number');
  if (constant.length === parts.length) return fold(constant);
  return (variables) => fold(parts.map((part) => (typeof part === 'number' ? part : part(variables))));
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
export const productOf = (numbers: readonly number[]): number => numbers.reduce((all, number) => all * number, 1);

export interface CountedItems {
  /** Maximum number of items. */
  readonly count: OperationCost;
  /** Cost of all items; `costOfItem` gets the list entry that identifies the item, undefined for pages and estimates. */
  readonly sum: (costOfItem: (entry: unknown) => number) => OperationCost;
}

/** @param parent The enclosing field. */
export function itemsOf(
  node: FieldNode,
  parent: FieldNode | undefined,
  items: NonNullable<FieldCost['items']>,
): CountedItems {
  if (items.by === 'list') {
    const [name, ...path] = items.argument.split('.');
    const value = argumentOf(items.of === 'parent' ? parent : node, name);
    const list = (variables: Variables) => listAt(value && valueFromASTUntyped(value, variables), path);
    return {
      count: nowOrPerRequest([value], (variables) => list(variables).length),
      sum: (costOfItem) => nowOrPerRequest([value], (variables) => sumOf(list(variables).map(costOfItem))),
    };
  }
  const count = items.by === 'guess' ? items.count : pageSize(node, items.default);
  return { count, sum: (costOfItem) => foldCosts([count, costOfItem(undefined)], productOf) };
}

function pageSize(node: FieldNode, defaultSize: number): OperationCost {
  const values = ['first', 'last'].map((name) => argumentOf(node, name));
  return nowOrPerRequest(values, (variables) => {
    const sizes = values
      .map((value) => value && valueFromASTUntyped(value, variables))
      .filter((size) => typeof size === 'number');
    return sizes.length === 0 ? defaultSize : Math.max(0, Math.min(...sizes));
  });
}

/** Computes a cost from argument values: immediately, unless one of them contains a variable. */
function nowOrPerRequest(
  values: readonly (ValueNode | undefined)[],
  compute: (variables: Variables) => number,
): OperationCost {
  return values.some((value) => value !== undefined && hasVariable(value)) ? compute : compute({});
}

/** The value of an argument as the document writes it. */
export function argumentOf(node: FieldNode | undefined, name: string | undefined): ValueNode | undefined {
  return node?.arguments?.find((argument) => argument.name.value === name)?.value;
}

function hasVariable(value: ValueNode): boolean {
  let found = false;
  visit(value, {
    Variable() {
      found = true;
      return BREAK;
    },
  });
  return found;
}

/** The list in an argument, or in a field of it. A single value counts as a list of one (GraphQL, "Input Coercion"). */
function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const found = path.reduce<unknown>(
    (object, name) => (typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined),
    value,
  );
  return Array.isArray(found) ? found : found == null ? [] : [found];
}
