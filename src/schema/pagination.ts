/**
 * Relay connections over lists that the upstream returns whole. A cursor is the item's key, so it stays valid when the list
 * is reordered.
 */
import { badUserInput } from '../errors.ts';

/** Default page size, without `first` and `last`, and maximum page size, in items. */
export const defaultPageSize = 100;
export const maxPageSize = 500;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

function checkSize(name: 'first' | 'last', size: number | null | undefined): void {
  if (size == null) return;
  if (size < 0 || size > maxPageSize) throw badUserInput(name, `a number from 0 to ${maxPageSize}`);
}

function positionOf(keys: readonly string[], name: 'after' | 'before', cursor: string): number {
  const position = keys.indexOf(cursor);
  if (position < 0) throw badUserInput(name, 'the cursor of an item that is in the list');
  return position;
}

export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly totalCount: number;
}

/**
 * Bounds of the page within a list with these keys (Relay cursor connections, "Pagination algorithm").
 * @throws GatewayError `BAD_USER_INPUT` for a size out of bounds, or a cursor that is not in the list.
 */
export function slicePage(keys: readonly string[], { first, after, last, before }: PageArguments): Slice {
  checkSize('first', first);
  checkSize('last', last);
  let start = after == null ? 0 : positionOf(keys, 'after', after) + 1;
  let end = before == null ? keys.length : positionOf(keys, 'before', before);
  end = Math.max(start, end);
  if (first != null) end = Math.min(end, start + first);
  if (last != null) start = Math.max(start, end - last);
  if (first == null && last == null) end = Math.min(end, start + defaultPageSize);
  return { start, end, totalCount: keys.length };
}

/**
 * A connection of the page of `items` that `slice` bounds. `null` items keep their position, so one missing item does not
 * remove the others.
 */
export function connectionOf<Item>(keys: readonly string[], { start, end, totalCount }: Slice, items: readonly Item[]) {
  const edges = items.map((node, index) => ({ cursor: keys[start + index] ?? '', node }));
  return {
    totalCount,
    pageInfo: {
      hasNextPage: end < keys.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    edges,
  };
}
