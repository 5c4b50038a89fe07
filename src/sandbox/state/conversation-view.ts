/** What one account sees of a conversation: its items, its last message, its counts (EVENTS-v5.md §8 and §9). */

import { groupConversation, isParticipant } from './conversation.ts';
import { type Conversation, type Item, isNotice } from './conversation-types.ts';
import { isExpired, isFurther } from './message.ts';
import type { World } from './world.ts';
import type { Account, Group, Message } from './world-types.ts';

/** Sort number after which a member sees a group's items. 0: all of them. */
function visibleAfter({ replayHistory, joinedAt }: Group, account: string): number {
  return replayHistory ? 0 : (joinedAt.get(account) ?? 0);
}

/** Tests the items of one conversation; the rules that do not depend on the item are evaluated once. */
function visibility(world: World, account: string, { kind, parties }: Conversation): (item: Item) => boolean {
  const group = kind === 'group' ? world.groups.get(parties[0] ?? '') : undefined;
  const after = group === undefined ? 0 : visibleAfter(group, account);
  return (item) => {
    if (item.sortNumber <= after) return false;
    if (isNotice(item)) return item.reader === undefined || item.reader === account;
    if (item.recalled || isExpired(world, item) || item.erasedFor.has(account)) return false;
    return kind !== 'list' || item.author === account;
  };
}

/** Items before or after a place, next to it first, without an end. */
export function* visibleItems(
  world: World,
  account: string,
  conversation: Conversation,
  from: { readonly below: number } | { readonly above: number },
): Generator<Item> {
  const isVisible = visibility(world, account, conversation);
  const { items } = conversation;
  if ('below' in from) {
    for (let index = firstAbove(items, from.below - 1) - 1; index >= 0; index -= 1) {
      const item = items[index];
      if (item !== undefined && isVisible(item)) yield item;
    }
    return;
  }
  for (let index = firstAbove(items, from.above); index < items.length; index += 1) {
    const item = items[index];
    if (item !== undefined && isVisible(item)) yield item;
  }
}

/** Index of the first item with a greater sort number. */
function firstAbove(items: readonly Item[], sortNumber: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.sortNumber ?? 0) > sortNumber) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The newest message that the account sees. */
export function lastMessageOf(world: World, account: string, conversation: Conversation): Message | undefined {
  for (const item of visibleItems(world, account, conversation, { below: Number.POSITIVE_INFINITY })) {
    if (!isNotice(item)) return item;
  }
  return undefined;
}

/** Received by the account, below Read, and not from before it joined. Messages to a list are read as direct copies. */
export function isUnread(world: World, account: string, message: Message): boolean {
  const { target, recipients, sortNumber, author } = message;
  const status = recipients.get(account)?.status;
  if (status === undefined || isFurther(status, 'Delivered') || author === account || target.kind === 'list')
    return false;
  const group = target.kind === 'group' ? world.groups.get(target.token) : undefined;
  return sortNumber > (group?.joinedAt.get(account) ?? 0);
}

export interface Summary {
  readonly lastMessage: Message | undefined;
  readonly unread: number;
  /** The part of `unread` with priority 1. */
  readonly unreadPriority: number;
  /** Of the unread messages, the one that expires first; undefined when none expires. */
  readonly firstExpiring: Message | undefined;
  /** Sort number of the oldest message that is not delivered; 0 when all are. */
  readonly lowestUndelivered: number;
}

/** All values from one reading of the state. */
export function summaryOf(world: World, account: string, conversation: Conversation): Summary {
  let [unread, unreadPriority, lowestUndelivered] = [0, 0, 0];
  let lastMessage: Message | undefined;
  let firstExpiring: Message | undefined;
  for (const item of visibleItems(world, account, conversation, { above: 0 })) {
    if (isNotice(item)) continue;
    lastMessage = item;
    if (!isUnread(world, account, item)) continue;
    unread += 1;
    if (item.priority === 1) unreadPriority += 1;
    if (lowestUndelivered === 0 && item.recipients.get(account)?.status === 'New') lowestUndelivered = item.sortNumber;
    if (item.expiresAt < (firstExpiring?.expiresAt ?? Number.POSITIVE_INFINITY)) firstExpiring = item;
  }
  return { lastMessage, unread, unreadPriority, firstExpiring, lowestUndelivered };
}

/** Whether the conversation is on the account's v5 roster: "those with something in them, groups always". */
export function isListed(world: World, account: Account, conversation: Conversation): boolean {
  if (!isParticipant(world, account, conversation)) return false;
  return conversation.kind === 'group' || lastMessageOf(world, account.token, conversation) !== undefined;
}

export interface Listed {
  readonly conversation: Conversation;
  /** Sort number of the last message; for a group without one, the time of joining or creation. */
  readonly at: number;
}

/** The account's v5 roster, newest first. @param organization Only conversations of this one. */
export function listedConversations(world: World, account: Account, organization: string | undefined): Listed[] {
  const groups = [...world.groups.values()].filter(({ members }) => members.has(account.token));
  const others = [...world.conversations.values()].filter(({ kind }) => kind !== 'group');
  return [...groups.map((group) => groupConversation(world, group)), ...others]
    .filter((conversation) => organization === undefined || conversation.organization === organization)
    .filter((conversation) => isListed(world, account, conversation))
    .map((conversation) => ({ conversation, at: trafficAt(world, account.token, conversation) }))
    .sort(byTraffic);
}

function trafficAt(world: World, account: string, conversation: Conversation): number {
  const last = lastMessageOf(world, account, conversation);
  if (last !== undefined) return last.sortNumber;
  const group = world.groups.get(conversation.parties[0] ?? '');
  return group?.joinedAt.get(account) ?? group?.createdAt ?? 0;
}

/** Orders conversations by their newest item, then by id. */
export function byTraffic(one: Pick<Listed, 'at'> & { conversation: { id: string } }, other: typeof one): number {
  if (one.at !== other.at) return other.at - one.at;
  return one.conversation.id < other.conversation.id ? -1 : 1;
}
