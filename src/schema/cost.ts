/**
 * What a field may cost, in upstream calls; it stands in the field's `extensions.cost` and `server/cost.ts` adds it up.
 * Things read in bulk cost a share of a call.
 */
import { bulkSize } from '../loaders/bulk.ts';

export interface FieldCost {
  /** Calls of an operation, however often the field stands in it: what is read once and shared. */
  readonly once?: number;
  /** Calls for each parent the field is resolved on. */
  readonly each?: number;
  /** Calls for each item the field gives. */
  readonly item?: number;
  /** How many items it gives at most: a page (`first` or `last`, else this default), the length of a list argument, or a guess. */
  readonly items?:
    | { readonly by: 'page'; readonly default: number }
    | { readonly by: 'list'; readonly argument: string }
    | { readonly by: 'guess'; readonly count: number };
}

/** One item's share of a bulk read. */
export const bulkShare = 1 / bulkSize;

/** For a field's `extensions`. */
export function costs(cost: FieldCost): { readonly cost: FieldCost } {
  return { cost };
}
