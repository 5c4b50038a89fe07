/**
 * What a field may cost, in upstream calls; it stands in the field's `extensions.cost` and `server/operation/cost.ts` adds it up.
 * Things read in bulk cost a share of a call. Calls that failed and are made again are not counted.
 */
import { bulkSize } from '../loaders/batch-loader.ts';

export interface FieldCost {
  /** Calls of an operation, however often the field stands in it: what is read once and shared. */
  readonly perOperation?: number;
  /** Calls for each parent the field is resolved on. */
  readonly perParent?: number;
  /** Names what `perParent` reads, where other fields of the same parent read it too: it is read once for all of them. */
  readonly sharedKey?: string;
  /** Calls for each item the field gives; a function of what names it where items are not read alike. */
  readonly perItem?: number | ((named: unknown) => number);
  /**
   * How many items it gives at most: a page (`first` or `last`, else this default), the length of a list in an argument of
   * the field or of the one around it (such as `input.read`), or a guess.
   */
  readonly items?:
    | { readonly by: 'page'; readonly default: number }
    | { readonly by: 'list'; readonly argument: string; readonly of?: 'parent' }
    | { readonly by: 'guess'; readonly count: number };
  /** What it gives is not read when nothing but `id`, `token` and `__typename` is selected: `perItem`, else `perParent`, is nothing then. */
  readonly isReference?: true;
}

/** One item's share of a bulk read. */
export const bulkShare = 1 / bulkSize;

/** For a field's `extensions`. */
export function costs(cost: FieldCost): { readonly cost: FieldCost } {
  return { cost };
}
