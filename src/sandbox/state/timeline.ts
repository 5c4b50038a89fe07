/** Pages of a conversation's history (EVENTS-v5.md §9). */

import { badRequest } from '../http/http-error.ts';
import type { Conversation, Item } from './conversation-types.ts';
import { isNotice } from './conversation-types.ts';
import { isUnread, visibleItems } from './conversation-view.ts';
import type { World } from './world.ts';

export interface TimelinePosition {
  readonly anchor: 'conversation_end' | 'first_unread_item' | 'continuation';
  /** With `continuation`: exactly one of the two. */
  readonly lower?: string | undefined;
  readonly higher?: string | undefined;
}

interface TimelinePage {
  readonly direction: 'Initial' | 'Lower' | 'Higher';
  /** Ascending. */
  readonly items: readonly Item[];
  /** Set for Initial and Lower. Stays usable when nothing is older. */
  readonly lower?: string;
  /** Set for Initial and Higher. Stays usable when nothing is newer: it then selects later items. */
  readonly higher?: string;
}

/**
 * A continuation is a position in the order, so that items that appear or disappear between two pages shift nothing.
 * @throws HttpError 400 for an invalid continuation, or one of another conversation.
 */
export function timelinePage(
  world: World,
  account: string,
  conversation: Conversation,
  { anchor, lower, higher }: TimelinePosition,
  size: number,
): TimelinePage {
  const take = (from: Parameters<typeof visibleItems>[3]): Item[] => {
    const taken: Item[] = [];
    for (const item of visibleItems(world, account, conversation, from)) {
      if (taken.push(item) === size) break;
    }
    return 'below' in from ? taken.reverse() : taken;
  };
  const placeOf = (item: Item | undefined, otherwise: number) => pack(conversation, item?.sortNumber ?? otherwise);
  if (anchor === 'continuation' && lower !== undefined) {
    const place = unpack(conversation, lower);
    const items = take({ below: place });
    return { direction: 'Lower', items, lower: placeOf(items[0], place) };
  }
  if (anchor === 'continuation' && higher !== undefined) {
    const place = unpack(conversation, higher);
    const items = take({ above: place });
    return { direction: 'Higher', items, higher: placeOf(items.at(-1), place) };
  }
  if (anchor === 'continuation') throw badRequest('continuation is required with this anchor_point');
  const unread = anchor === 'first_unread_item' ? firstUnread(world, account, conversation) : undefined;
  const items = take(unread === undefined ? { below: Number.POSITIVE_INFINITY } : { above: unread.sortNumber - 1 });
  const now = world.lastSortNumber;
  return { direction: 'Initial', items, lower: placeOf(items[0], now), higher: placeOf(items.at(-1), now) };
}

function firstUnread(world: World, account: string, conversation: Conversation): Item | undefined {
  for (const item of visibleItems(world, account, conversation, { above: 0 })) {
    if (!isNotice(item) && isUnread(world, account, item)) return item;
  }
  return undefined;
}

function pack({ id }: Conversation, sortNumber: number): string {
  return Buffer.from(`${id} ${sortNumber}`).toString('base64url');
}

function unpack({ id }: Conversation, continuation: string): number {
  const text = Buffer.from(continuation, 'base64url').toString('utf8');
  const digits = text.startsWith(`${id} `) ? /^\d{1,16}$/.exec(text.slice(id.length + 1))?.[0] : undefined;
  if (digits === undefined) throw badRequest('continuation: expected one from an earlier page of this conversation');
  return Number(digits);
}
