/** Sums of costs, and of what a list costs, some of which only the variables of a request tell. */
import { BREAK, type FieldNode, type ValueNode, valueFromASTUntyped, visit } from 'graphql';
import type { FieldCost } from '../../schema/field-cost.ts';

type Variables = Readonly<Record<string, unknown>>;

/** In upstream calls: a number when no variable changes it. */
export type OperationCost = number | ((variables: Variables) => number);

/** One number of several: now where they are known, else as soon as the variables are. */
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
  /** How many there are at most. */
  readonly count: OperationCost;
  /** What they cost, each by what names it. */
  readonly sum: (costOfItem: (named: unknown) => number) => OperationCost;
}

/** @param parent The field around this one. */
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

function pageSize(node: FieldNode, whenLeftOut: number): OperationCost {
  const values = ['first', 'last'].map((name) => argumentOf(node, name));
  return nowOrPerRequest(values, (variables) => {
    const sizes = values
      .map((value) => value && valueFromASTUntyped(value, variables))
      .filter((size) => typeof size === 'number');
    return sizes.length === 0 ? whenLeftOut : Math.max(0, Math.min(...sizes));
  });
}

/** What is reckoned from values in the document: now, unless a variable stands in one of them. */
function nowOrPerRequest(
  values: readonly (ValueNode | undefined)[],
  compute: (variables: Variables) => number,
): OperationCost {
  return values.some((value) => value !== undefined && hasVariable(value)) ? compute : compute({});
}

function argumentOf(node: FieldNode | undefined, name: string | undefined): ValueNode | undefined {
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

/** The list in an argument, or in a field of one; a single value counts as a list of it (GraphQL, "Input Coercion"). */
function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const found = path.reduce<unknown>(
    (around, name) => (typeof around === 'object' && around !== null ? Reflect.get(around, name) : undefined),
    value,
  );
  return Array.isArray(found) ? found : found == null ? [] : [found];
}
