/** Says which field of an operation contributes most to its cost, and which argument to lower: for the error of one above the limit. */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Variables } from '../document/variable-defaults.ts';
import { placesOf } from './cost.ts';
import { argumentOf, type OperationCost } from './cost-expression.ts';
import { type CostPlace, CostPlaces, TooManyPlaces } from './cost-places.ts';

/** @returns A sentence; undefined for an operation of very many fields. It has names of the schema and numbers, no other value of the client. */
export function explainCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): string | undefined {
  const places = new CostPlaces();
  try {
    placesOf(schema, document, operation, variables, places);
  } catch (error) {
    if (error instanceof TooManyPlaces) return undefined;
    throw error;
  }
  const numberOf = (cost: OperationCost) => (typeof cost === 'number' ? cost : cost(variables));
  // Fields that are selected several times, under aliases, count together.
  const byPath = new Map<string, { readonly place: CostPlace; calls: number; times: number }>();
  for (const place of places.all) {
    const perOperation = (place.cost.perOperation ?? 0) + (place.cost.perValue?.calls ?? 0);
    const calls = numberOf(place.own) * chainOf(place.above).reduce((all, { count }) => all * numberOf(count), 1);
    const path = chainOf(place)
      .map(({ type, node }) => `${type.name}.${node.name.value}`)
      .join('/');
    const known = byPath.get(path);
    if (known === undefined) byPath.set(path, { place, calls: calls + perOperation, times: 1 });
    else {
      known.calls += calls;
      known.times += 1;
    }
  }
  const [most] = [...byPath.values()].sort((one, other) => other.calls - one.calls);
  if (most === undefined || most.calls === 0) return undefined;
  const sizes = chainOf(most.place).flatMap((place) => sizeOf(place, numberOf(place.count)));
  const lower = sizes.length > 0 ? `lower ${sizes.join(' or ')}` : 'select it in operations of their own';
  const times = most.times === 1 ? '' : `, selected ${most.times} times`;
  return `Most of them, ${Math.ceil(most.calls - 1e-6)}, are for ${nameOf(most.place)}${times}: ${lower}.`;
}

/** A field and those that it is in, outermost first. */
function chainOf(place: CostPlace | undefined): CostPlace[] {
  const chain: CostPlace[] = [];
  for (let each = place; each !== undefined; each = each.above) chain.unshift(each);
  return chain;
}

function nameOf(place: CostPlace | undefined): string {
  return chainOf(place)
    .map(({ node }) => node.name.value)
    .join('.');
}

/** The argument that bounds the items of a field, with its value; none for one item, and where no argument does. */
function sizeOf(place: CostPlace, count: number): string[] {
  const { items } = place.cost;
  if (items === undefined || items.by === 'guess' || count <= 1) return [];
  if (items.by === 'list') {
    return [`${nameOf(items.of === 'parent' ? place.above : place)}(${items.argument}: [${count} items])`];
  }
  const name =
    argumentOf(place.node, 'first') === undefined && argumentOf(place.node, 'last') !== undefined ? 'last' : 'first';
  return [`${nameOf(place)}(${name}: ${count})`];
}
