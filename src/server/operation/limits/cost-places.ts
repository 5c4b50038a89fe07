/** The fields of one operation with their costs, for an explanation of its cost. */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { FieldCost } from '../../../schema/field-cost.ts';
import type { OperationCost } from './cost-expression.ts';

/** A selected field, with its part of the cost. */
export interface CostPlace {
  readonly node: FieldNode;
  readonly type: GraphQLObjectType;
  readonly cost: FieldCost;
  readonly above: CostPlace | undefined;
  /** Calls for one object with the field, without those for the fields in it. */
  own: OperationCost;
  /** Number of items: the fields in it are read for each. */
  count: OperationCost;
}

/** Maximum fields that are examined: a field of an interface is examined for each of its types, and each request would be charged for all. */
const maxPlaces = 5_000;

/** The fields of one operation, as the computation of the cost visits them. */
export class CostPlaces {
  readonly all: CostPlace[] = [];
  #current: CostPlace | undefined;

  /** The fields visited until `leave` are in this one. */
  enter(node: FieldNode, type: GraphQLObjectType, cost: FieldCost): CostPlace {
    const place = { node, type, cost, above: this.#current, own: 0, count: 1 };
    this.#current = place;
    if (this.all.push(place) > maxPlaces) throw new TooManyPlaces();
    return place;
  }

  leave({ above }: CostPlace): void {
    this.#current = above;
  }
}

/** The operation has more fields than are examined. */
export class TooManyPlaces extends Error {}
