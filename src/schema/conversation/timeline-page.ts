/** Reads one page of a conversation's history as a connection, over as many upstream pages as it takes. */

import type { TimelineItem } from '../../domain/conversation.ts';
import type { ConversationKey } from '../../domain/domain.ts';
import { badUserInput, type GatewayError } from '../../errors.ts';
import type { ConversationLoaders, HistoryPage } from '../../loaders/conversation-loaders.ts';
import { maxTimelineItems, type TimelinePlace } from '../../upstream/endpoints/conversation.ts';
import { attributeErrorTo } from '../argument-error.ts';
import type { PageArguments } from '../pagination.ts';
import { decodeCursor, encodeCursor, listTag, type TimelineCursor } from './timeline-cursor.ts';

/** Default and maximum number of items of a page. */
export const defaultTimelinePage = maxTimelineItems;
export const maxTimelinePage = 200;

/**
 * Maximum upstream pages of one field beyond those that its size takes: the upstream may lower the page size, and `messages` omits
 * notices. A page that is short for this reason has a cursor to continue from.
 */
export const extraTimelinePages = 3;

export type TimelineAnchor = 'END' | 'FIRST_UNREAD';

export interface TimelineArguments extends PageArguments {
  readonly anchor?: TimelineAnchor | null | undefined;
}

/** The items of a conversation that a field lists. */
export interface TimelineList {
  readonly loaders: ConversationLoaders;
  readonly key: ConversationKey;
  /** Name of the field; its cursors are not valid for others. */
  readonly field: string;
  readonly includes: (item: TimelineItem | GatewayError) => boolean;
}

interface Entry {
  readonly cursor: TimelineCursor;
  readonly item: TimelineItem | GatewayError;
}

/** What to read: from a place in one direction, up to a bound. */
interface Reading {
  readonly direction: 'BEFORE' | 'AFTER';
  readonly start: TimelinePlace;
  /** Number of items that are read first and dropped. */
  readonly excess: number;
  /** Only items before and after these. */
  readonly before: TimelineCursor | undefined;
  readonly after: TimelineCursor | undefined;
  readonly size: number;
}

/** @returns Null when the conversation has no history, or is absent for the caller. */
export async function readTimelinePage(list: TimelineList, args: TimelineArguments) {
  const tag = listTag(list.key, list.field);
  const reading = readingOf(tag, args);
  const named = reading.start.at === 'BEFORE' ? 'before' : reading.start.at === 'AFTER' ? 'after' : undefined;
  const collecting = collect(list, reading);
  const found = await (named === undefined
    ? collecting
    : attributeErrorTo(named, 'a cursor of this field of the same conversation', collecting));
  if (found === undefined) return null;
  const { entries, hasMore, hasOlder, reached } = found;
  const isBackward = reading.direction === 'BEFORE';
  const onward = hasMore && reached !== undefined ? encodeCursor(tag, reached) : null;
  const edges = entries.map(({ cursor, item }) => ({ cursor: encodeCursor(tag, cursor), node: item }));
  return {
    totalCount: null,
    pageInfo: {
      hasPreviousPage: isBackward ? hasMore : reading.start.at !== 'FIRST_UNREAD' || hasOlder,
      hasNextPage: isBackward ? reading.start.at !== 'END' : hasMore,
      // A page without a match still has a cursor to continue from.
      startCursor: edges[0]?.cursor ?? (isBackward ? onward : null),
      endCursor: edges.at(-1)?.cursor ?? (isBackward ? null : onward),
    },
    edges,
  };
}

/** @throws GatewayError `BAD_USER_INPUT` for an invalid combination of arguments. */
function readingOf(tag: string, { first, after, last, before, anchor }: TimelineArguments): Reading {
  const cursors = {
    after: after == null ? undefined : decodeCursor(tag, after, 'after'),
    before: before == null ? undefined : decodeCursor(tag, before, 'before'),
  };
  if (first != null && last != null) throw badUserInput('last', 'first or last, not both');
  if (anchor === 'FIRST_UNREAD') {
    if (after != null || before != null) throw badUserInput('anchor', 'no anchor together with after or before');
    if (last != null) throw badUserInput('last', 'first, with anchor FIRST_UNREAD');
    return { direction: 'AFTER', start: { at: 'FIRST_UNREAD' }, excess: 0, ...cursors, size: sizeOf('first', first) };
  }
  if (first != null || (last == null && cursors.after !== undefined)) {
    if (cursors.after === undefined)
      throw badUserInput('first', 'last, or first with after or with anchor FIRST_UNREAD');
    const { place, excess } = cursors.after.after;
    return { direction: 'AFTER', start: { at: 'AFTER', place }, excess, ...cursors, size: sizeOf('first', first) };
  }
  const { place, excess } = cursors.before?.before ?? { place: undefined, excess: 0 };
  const start: TimelinePlace = place === undefined ? { at: 'END' } : { at: 'BEFORE', place };
  return { direction: 'BEFORE', start, excess, ...cursors, size: sizeOf('last', last) };
}

function sizeOf(field: 'first' | 'last', size: number | null | undefined): number {
  const wanted = size ?? defaultTimelinePage;
  if (wanted < 1 || wanted > maxTimelinePage) throw badUserInput(field, `a number from 1 to ${maxTimelinePage}`);
  return wanted;
}

async function collect({ loaders, key, includes }: TimelineList, reading: Reading) {
  const { direction, before, after, excess, size } = reading;
  const isBackward = direction === 'BEFORE';
  const limit = isBackward ? after : before;
  let entries: Entry[] = [];
  let read = 0;
  let hasOlder = false;
  let hasMore = true;
  let reached: TimelineCursor | undefined;
  let place: TimelinePlace | undefined = reading.start;
  const maxPages = Math.ceil(size / maxTimelineItems) + extraTimelinePages;
  for (let pages = 0; place !== undefined && pages < maxPages; pages++) {
    const wanted = (read < size ? size - read : size) + (pages === 0 ? excess : 0);
    const page: HistoryPage | undefined = await loaders.timeline(key, place, Math.min(wanted, maxTimelineItems));
    if (page === undefined) return undefined;
    // With nothing unread the upstream returns its last page.
    const isNewest = place.at === 'FIRST_UNREAD' && !page.items.some(({ item }) => 'isUnread' in item && item.isUnread);
    if (pages === 0) hasOlder = !isNewest || page.isFull;
    const isEnd = !page.isFull || isNewest;
    const isPastLimit = page.items.some(
      ({ sortNumber }) => limit !== undefined && isPast(limit, sortNumber, direction),
    );
    const isInside = (sortNumber: number) =>
      (before === undefined || sortNumber < before.sortNumber) &&
      (after === undefined || sortNumber > after.sortNumber);
    const inside = entriesOf(page, place, includes).filter(({ cursor }) => isInside(cursor.sortNumber));
    entries = isBackward ? [...inside, ...entries] : [...entries, ...inside];
    read += page.items.filter(({ sortNumber }) => isInside(sortNumber)).length;
    hasMore = isPastLimit || !isEnd;
    // Items that `includes` drops count as read, so that a page costs the same whatever it holds.
    if (isEnd || isPastLimit || (read >= size && entries.length > 0)) break;
    const next = isBackward ? page.lower : page.higher;
    const edge = (isBackward ? page.items[0] : page.items.at(-1)) ?? reached;
    const sortNumber = edge?.sortNumber ?? (isBackward ? Number.MAX_SAFE_INTEGER : 0);
    if (next !== undefined) {
      const exact = { place: next, excess: 0 };
      reached = { sortNumber, before: exact, after: exact };
    }
    place = next === undefined ? undefined : { at: direction, place: next };
  }
  if (entries.length <= size) return { entries, hasMore, hasOlder, reached };
  return { entries: isBackward ? entries.slice(-size) : entries.slice(0, size), hasMore: true, hasOlder, reached };
}

function isPast(limit: TimelineCursor, sortNumber: number, direction: Reading['direction']): boolean {
  return direction === 'BEFORE' ? sortNumber <= limit.sortNumber : sortNumber >= limit.sortNumber;
}

/**
 * The items of a page with their cursors. A place that the upstream returned for the page is exact at its edge. Elsewhere the place
 * at the other side of the item is used, and the items in between are read again and dropped: a place may be at an item, which is
 * neither before nor after it.
 */
function entriesOf(
  { items, lower, higher }: HistoryPage,
  from: TimelinePlace,
  includes: TimelineList['includes'],
): Entry[] {
  // A page in one direction has the place of its far end only; the place it was read from is beyond its near end.
  const near = 'place' in from ? from.place : '';
  // A place of the page is assumed to be at its outermost item: a message that is read beyond the page is marked too.
  const above = { place: higher ?? near, outermost: higher === undefined ? 0 : 1 };
  const below = { place: lower ?? near, outermost: lower === undefined ? 0 : 1 };
  const listed = items.flatMap(({ sortNumber, item }, index) => (includes(item) ? [{ sortNumber, item, index }] : []));
  return listed.map(({ sortNumber, item, index }, at) => ({
    cursor: {
      sortNumber,
      before:
        at === 0 && lower !== undefined
          ? { place: lower, excess: 0 }
          : { place: above.place, excess: items.length - index - above.outermost },
      after:
        at === listed.length - 1 && higher !== undefined
          ? { place: higher, excess: 0 }
          : { place: below.place, excess: index + 1 - below.outermost },
    },
    item,
  }));
}
