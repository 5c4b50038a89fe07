/**
 * Maximum cost of a field in upstream calls, in the field's `extensions.cost`; `server/operation/limits/cost.ts` sums it.
 * Objects read in bulk cost a fraction of a call. Retries are not counted.
 */
import { bulkSize } from '../loaders/batch-loader.ts';

export interface FieldCost {
  /** Calls per operation, independent of the number of selections: the result is read once and shared. */
  readonly perOperation?: number;
  /** Further calls of each operation for each distinct value of an argument, absence included: such results are shared by value. */
  readonly perValue?: { readonly argument: string; readonly calls: number };
  /** Calls for each parent object of the field. */
  readonly perParent?: number;
  /** Key of the read behind `perParent`. Fields of one parent with the same key share one read, whatever their arguments. */
  readonly sharedKey?: string;
  /** Further calls for each parent object, not shared by `sharedKey`. */
  readonly perField?: number;
  /** Keys of shared reads (`sharedKey`) whose results come with the items of this field. */
  readonly provides?: readonly string[];
  /** Calls for each item the field returns; a function of the item's id where the cost depends on the kind of id. */
  readonly perItem?: number | ((named: unknown) => number);
  /**
   * Maximum number of items: a page (`first` or `last`, otherwise this default), the length of a list argument of the
   * field or of its parent field (such as `input.read`), or an estimate.
   */
  readonly items?:
    | { readonly by: 'page'; readonly default: number }
    | { readonly by: 'list'; readonly argument: string; readonly of?: 'parent' }
    | { readonly by: 'guess'; readonly count: number };
  /** A selection of only `id`, `token` and `__typename` needs no read: `perItem`, otherwise `perParent`, is then zero. */
  readonly isReference?: true;
}

/** One item's share of a bulk read. */
export const bulkShare = 1 / bulkSize;

/** The cost as a field's `extensions`. */
export function costs(cost: FieldCost): { readonly cost: FieldCost } {
  return { cost };
}
