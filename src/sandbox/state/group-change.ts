/** Changes of a group, and the events they cause (EVENTS.md, "What has no event of its own"). */

import { limits } from '../bounds.ts';
import { badRequest, HttpError } from '../http-error.ts';
import { freshToken } from '../token.ts';
import { bangEvent, friendsEvent, groupImage, type MemberChange, updateEvent } from '../wire/entity-event.ts';
import { messageEvent } from '../wire/event.ts';
import { findAccount } from './account.ts';
import { isExpired } from './message.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import { dropFromRoster, touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, Group, Message } from './world-types.ts';

export interface NewGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly organization: string;
  readonly isPublic: boolean;
  readonly replayHistory: boolean;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly avatar: string | null;
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

/** @throws HttpError 429 when the sandbox holds `limits.groups` groups. */
export function createGroup(world: World, creator: Account, { members, ...details }: NewGroup): Group {
  if (world.groups.size >= limits.groups) throw new HttpError(429, 'Too many groups in this sandbox');
  const group: Group = {
    ...details,
    token: freshToken(),
    members: new Set(members),
    createdBy: creator.token,
    createdAt: world.clock.now(),
    deleted: false,
    messageCount: 0,
  };
  world.groups.set(group.token, group);
  for (const member of group.members) {
    welcome(world, group, member);
    noticeTo(world, [member], {
      event: 'added',
      by: creator,
      subject: accountOf(world, member),
      group,
      at: group.createdAt,
    });
  }
  return group;
}

function accountOf(world: World, token: string): Account {
  const account = world.accounts.get(token);
  if (account === undefined) throw new Error('a member without an account');
  return account;
}

function welcome(world: World, group: Group, member: string): void {
  touchRoster(world, member, { kind: 'group', token: group.token, organization: group.organization });
  deliver(world, member, friendsEvent('add', groupImage(world, group)), group.organization);
}

function noticeTo(world: World, readers: Iterable<string>, change: MemberChange): void {
  const event = bangEvent(change);
  for (const reader of readers) deliver(world, reader, event, change.group.organization);
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
  for (const { token } of joining) group.members.add(token);
  for (const { token } of joining) {
    welcome(world, group, token);
    if (group.replayHistory) replayHistory(world, group, token);
  }
  for (const subject of joining) {
    noticeTo(world, group.members, { event: 'added', by, subject, group, at: world.clock.now() });
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
  for (const { token } of leaving) group.members.delete(token);
  const messageIds = new Set(messagesOf(world, group).map(({ id }) => id));
  for (const { token } of leaving) {
    dropFromRoster(world, token, group.token);
    forgetMessageEvents(world, messageIds, token);
    deliver(world, token, friendsEvent('del', groupImage(world, group)), group.organization);
  }
  const { isNoticed, reason } = removal;
  for (const subject of isNoticed ? leaving : []) {
    const change = { event: 'removed', by, subject, group, at: world.clock.now() } as const;
    noticeTo(world, group.members, reason === undefined ? change : { ...change, reason });
  }
  announceGroup(world, group);
}

/** Members receive `friends` del (NOTES.md, open question 6). Deleting again has no effect. */
export function deleteGroup(world: World, group: Group): void {
  if (group.deleted) return;
  group.deleted = true;
  const event = friendsEvent('del', groupImage(world, group));
  const messageIds = new Set(messagesOf(world, group).map(({ id }) => id));
  for (const member of group.members) {
    dropFromRoster(world, member, group.token);
    deliver(world, member, event, group.organization);
  }
  forgetMessageEvents(world, messageIds);
}
