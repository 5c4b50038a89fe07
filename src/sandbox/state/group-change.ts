/** Changes of a group, and the events they cause (EVENTS.md, "What has no event of its own"). */

import { limits } from '../bounds.ts';
import { badRequest, HttpError } from '../http/http-error.ts';
import { freshToken } from '../token.ts';
import { bangEvent, friendsEvent, groupImage, updateEvent } from '../wire/entity-event.ts';
import { messageEvent } from '../wire/event.ts';
import { findAccount } from './account.ts';
import { groupConversation, keepItem, nextSortNumber } from './conversation.ts';
import type { Notice } from './conversation-types.ts';
import { isExpired } from './message.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import { dropFromRoster, touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, Group, Message, Session } from './world-types.ts';

export interface NewGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly organization: string;
  readonly isPublic: boolean;
  readonly replayHistory: boolean;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly avatar: string | null;
  readonly roleMembers?: readonly string[];
}

/**
 * Accounts of the organization, in the order of `addresses`.
 * @throws HttpError 400 when one is unknown or not in the organization; the message contains no address.
 */
export function resolveMembers(world: World, organization: string, addresses: readonly string[]): Account[] {
  if (addresses.length > limits.groupMembers)
    throw badRequest(`members: expected at most ${limits.groupMembers} items`);
  const accounts = addresses.map((address) => findAccount(world, address));
  const known = accounts.filter((account) => account?.memberships.has(organization) === true) as Account[]; // found
  if (known.length < accounts.length) throw badRequest('members: expected accounts of the organization');
  return [...new Set(known)];
}

/**
 * @param cause The session that creates it: its v5 streams get the conversation from the reply.
 * @throws HttpError 429 when the sandbox holds `limits.groups` groups.
 */
export function createGroup(world: World, creator: Account, { members, ...details }: NewGroup, cause?: Session): Group {
  if (world.groups.size >= limits.groups) throw new HttpError(429, 'Too many groups in this sandbox');
  const group: Group = {
    ...details,
    token: freshToken(),
    members: new Set(members),
    joinedAt: new Map(),
    createdBy: creator.token,
    createdAt: world.clock.now(),
    deleted: false,
    messageCount: 0,
  };
  world.groups.set(group.token, group);
  for (const member of group.members) {
    welcome(world, group, member, cause);
    notifyGroup(world, group, { event: 'added', by: creator.token, subject: member, reader: member });
  }
  return group;
}

function welcome(world: World, group: Group, member: string, cause?: Session): void {
  touchRoster(world, member, { kind: 'group', token: group.token, organization: group.organization });
  const event = friendsEvent(world, 'add', groupImage(world, group), groupConversation(world, group));
  deliver(world, member, event, group.organization, cause);
}

type MemberChange = Pick<Notice, 'event' | 'by' | 'subject'> &
  Partial<Pick<Notice, 'reader' | 'reason' | 'createdAt' | 'escalation'>>;

/** Stores a notice in the conversation of the group. */
export function keepNotice(world: World, group: Group, change: MemberChange): Notice {
  const createdAt = change.createdAt ?? world.clock.now();
  const notice: Notice = {
    reader: undefined,
    reason: undefined,
    ...change,
    id: freshToken(),
    group: group.token,
    createdAt,
    sortNumber: nextSortNumber(world, createdAt),
  };
  keepItem(world, groupConversation(world, group), notice);
  return notice;
}

/** Stores a notice and delivers it to the members who see it. */
export function notifyGroup(world: World, group: Group, change: MemberChange): void {
  const notice = keepNotice(world, group, change);
  const event = bangEvent(world, notice, groupConversation(world, group));
  const readers = notice.reader === undefined ? group.members : [notice.reader];
  for (const reader of readers) deliver(world, reader, event, group.organization);
}

/** Sends all members an update event with the current state of the group. */
export function announceGroup(world: World, group: Group, isMetadataOnly = false): void {
  const event = updateEvent(groupImage(world, group), isMetadataOnly);
  for (const member of group.members) deliver(world, member, event, group.organization);
}

/** Accounts that are already members are skipped. Without new members no event is sent. */
export function addMembers(world: World, by: Account, group: Group, accounts: readonly Account[]): void {
  const joining = accounts.filter(({ token }) => !group.members.has(token));
  if (group.members.size + joining.length > limits.groupMembers) {
    throw badRequest(`members: expected at most ${limits.groupMembers} in all`);
  }
  for (const { token } of joining) {
    group.members.add(token);
    group.joinedAt.set(token, world.lastSortNumber);
  }
  for (const { token } of joining) {
    welcome(world, group, token);
    if (group.replayHistory) replayHistory(world, group, token);
  }
  for (const subject of joining) {
    notifyGroup(world, group, { event: 'added', by: by.token, subject: subject.token });
  }
  if (joining.length > 0) announceGroup(world, group);
}

function messagesOf(world: World, group: Group): Message[] {
  return [...world.messages.values()].filter(({ target }) => target.kind === 'group' && target.token === group.token);
}

/** "New members get older messages": the member becomes a recipient, and the events are marked as a replay. */
function replayHistory(world: World, group: Group, member: string): void {
  const older = messagesOf(world, group)
    .filter((message) => !message.recalled && !isExpired(world, message))
    .slice(-limits.replayedHistory);
  for (const message of older) {
    if (message.author !== member && !message.recipients.has(member)) {
      message.recipients.set(member, { status: 'New', at: world.clock.now() });
    }
    deliver(world, member, messageEvent(world, message, member, { isReplay: true }), group.organization);
  }
}

export interface Removal {
  /** Whether the remaining members receive a notice in the conversation. */
  readonly isNoticed: boolean;
  readonly reason?: 'leave_org';
}

/** Accounts that are not members are skipped. Queued messages of the group are withdrawn from the removed members. */
export function removeMembers(
  world: World,
  by: Account,
  group: Group,
  accounts: readonly Account[],
  removal: Removal,
): void {
  const leaving = accounts.filter(({ token }) => group.members.has(token));
  if (leaving.length === 0) return;
  for (const { token } of leaving) {
    group.members.delete(token);
    group.joinedAt.delete(token);
  }
  const messageIds = new Set(messagesOf(world, group).map(({ id }) => id));
  for (const { token } of leaving) {
    dropFromRoster(world, token, group.token);
    forgetMessageEvents(world, messageIds, token);
    const gone = friendsEvent(world, 'del', groupImage(world, group), groupConversation(world, group));
    deliver(world, token, gone, group.organization);
  }
  const { isNoticed, reason } = removal;
  for (const subject of isNoticed ? leaving : []) {
    notifyGroup(world, group, { event: 'removed', by: by.token, subject: subject.token, reason });
  }
  announceGroup(world, group);
}

/** Members receive `friends` del (NOTES.md, open question 6). Deleting again has no effect. */
export function deleteGroup(world: World, group: Group): void {
  if (group.deleted) return;
  group.deleted = true;
  const event = friendsEvent(world, 'del', groupImage(world, group), groupConversation(world, group));
  const messageIds = new Set(messagesOf(world, group).map(({ id }) => id));
  for (const member of group.members) {
    dropFromRoster(world, member, group.token);
    deliver(world, member, event, group.organization);
  }
  forgetMessageEvents(world, messageIds);
  world.conversations.delete(groupConversation(world, group).id);
}
