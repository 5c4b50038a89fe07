/**
 * Conversations: their ids, and finding one by its id. An id is derived from the parties of the conversation, so it is known before
 * the first message and the same after a restart.
 */
import { limits } from '../bounds.ts';
import { forbidden, notFound } from '../http/http-error.ts';
import { seededToken } from '../token.ts';
import { type Conversation, type Item, isNotice } from './conversation-types.ts';
import type { World } from './world.ts';
import type { Account, DistributionList, Group, Message, Target } from './world-types.ts';

type Between = Pick<Conversation, 'kind' | 'organization' | 'parties'>;

/** The conversation with its items, or an empty one that becomes part of the world with its first item. */
function conversationOf(world: World, between: Between): Conversation {
  const { kind, organization, parties } = between;
  const id = seededToken('conversation', kind, ...(kind === 'account' ? [organization] : []), ...parties);
  const known = world.conversations.get(id);
  if (known !== undefined) return known;
  world.conversationIds.set(id, between);
  return { id, ...between, items: [] };
}

/** The conversation of a group. */
export function groupConversation(world: World, { token, organization }: Group): Conversation {
  return conversationOf(world, { kind: 'group', organization, parties: [token] });
}

/** The conversation with a distribution list. */
export function listConversation(world: World, { token, organization }: DistributionList): Conversation {
  return conversationOf(world, { kind: 'list', organization, parties: [token] });
}

/** @returns Undefined with oneself and with a role. */
export function directConversation(
  world: World,
  one: string,
  other: string,
  organization: string,
): Conversation | undefined {
  if (one === other) return undefined;
  if ([one, other].some((token) => world.accounts.get(token)?.kind === 'role')) return undefined;
  return conversationOf(world, { kind: 'account', organization, parties: [one, other].sort() });
}

/** @param organization The recipient's, which both sides of a direct message are members of. */
export function targetConversation(
  world: World,
  sender: string,
  { kind, token }: Target,
  organization: string,
): Conversation | undefined {
  if (kind === 'account') return directConversation(world, sender, token, organization);
  return conversationOf(world, { kind, organization, parties: [token] });
}

/** The other account of a direct conversation, the group, or the list. */
export function counterpartOf({ kind, parties }: Conversation, account: string): Target {
  return { kind, token: parties.find((token) => token !== account) ?? '' };
}

/** Whether the account is one of those in the conversation. */
export function isParticipant(world: World, account: Account, { kind, organization, parties }: Between): boolean {
  const [token = ''] = parties;
  if (kind === 'account') return parties.includes(account.token) && account.memberships.has(organization);
  if (kind === 'list') return world.lists.has(token) && account.memberships.has(organization);
  const group = world.groups.get(token);
  return group !== undefined && !group.deleted && group.members.has(account.token);
}

/** @throws HttpError 404 unknown, 403 when the caller takes no part in it. */
export function findConversation(world: World, caller: Account, id: string): Conversation {
  const between = world.conversations.get(id) ?? world.conversationIds.get(id) ?? derivedFor(world, caller, id);
  if (between === undefined) throw notFound('Conversation');
  if (!isParticipant(world, caller, between)) throw forbidden();
  return conversationOf(world, between);
}

/** For an id from before a restart, or one evicted from the cache: derives the ids of all possible counterparts of the caller. */
function derivedFor(world: World, caller: Account, id: string): Between | undefined {
  for (const group of world.groups.values()) {
    if (!group.deleted && group.members.has(caller.token)) {
      const conversation = groupConversation(world, group);
      if (conversation.id === id) return conversation;
    }
  }
  for (const list of world.lists.values()) {
    const conversation = listConversation(world, list);
    if (conversation.id === id) return conversation;
  }
  for (const account of world.accounts.values()) {
    for (const organization of account.memberships.keys()) {
      if (!caller.memberships.has(organization)) continue;
      const conversation = directConversation(world, caller.token, account.token, organization);
      if (conversation?.id === id) return conversation;
    }
  }
  return undefined;
}

/** Adds an item to its conversation, and drops the oldest notice beyond the limit. */
export function keepItem(world: World, conversation: Conversation, item: Item): void {
  world.conversations.set(conversation.id, conversation);
  conversation.items.push(item);
  if (!isNotice(item)) return;
  const notices = conversation.items.filter(isNotice);
  const [oldest] = notices;
  if (oldest !== undefined && notices.length > limits.noticesPerGroup) {
    conversation.items.splice(conversation.items.indexOf(oldest), 1);
  }
}

/** Removes messages for all participants. An empty conversation is dropped; its id stays the same. */
export function dropItems(world: World, messages: readonly Message[]): void {
  const byConversation = new Map<string, Set<Item>>();
  for (const message of messages) {
    if (message.conversationId === undefined) continue;
    const gone = byConversation.get(message.conversationId) ?? new Set();
    byConversation.set(message.conversationId, gone.add(message));
  }
  for (const [id, gone] of byConversation) {
    const conversation = world.conversations.get(id);
    if (conversation === undefined) continue;
    const left = conversation.items.filter((item) => !gone.has(item));
    if (left.length === 0) world.conversations.delete(id);
    conversation.items.splice(0, conversation.items.length, ...left);
  }
}

/** One order for messages and notices of all conversations: strictly increasing, about the time in milliseconds. */
export function nextSortNumber(world: World, at: number): number {
  world.lastSortNumber = Math.max(at, world.lastSortNumber + 1);
  return world.lastSortNumber;
}
