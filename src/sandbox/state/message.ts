import { limits } from '../bounds.ts';
import { forbidden, notFound } from '../http/http-error.ts';
import { identitiesOf } from './account.ts';
import { dropItems } from './conversation.ts';
import { forgetMessageEvents } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, DeliveryStatus, Message } from './world-types.ts';

const order: readonly DeliveryStatus[] = ['New', 'Delivered', 'Read', 'Confirmed'];

/** Whether `status` is after `than` in the order New, Delivered, Read, Confirmed. */
export function isFurther(status: DeliveryStatus, than: DeliveryStatus): boolean {
  return order.indexOf(status) > order.indexOf(than);
}

/** The least advanced status of all recipients, which a sender sees on the message itself. */
export function overallStatus(message: Message): DeliveryStatus {
  const reached = [...message.recipients.values()].map(({ status }) => order.indexOf(status));
  return order[Math.min(...reached)] ?? 'New';
}

/** Whether the message is past its ttl, or deleted after Read. Reads, attachments and replay then exclude it. */
export function isExpired(world: World, message: Message): boolean {
  return world.clock.now() >= message.expiresAt;
}

/** False for former members of a group, even for their own messages, and for all accounts when the group is deleted. */
export function isInConversation(world: World, account: string, { target }: Message): boolean {
  if (target.kind !== 'group') return true;
  const group = world.groups.get(target.token);
  return group !== undefined && !group.deleted && group.members.has(account);
}

function isParty(world: World, caller: Account, message: Message): boolean {
  // The persons asked in its escalation may read it.
  if (world.escalations.get(message.id)?.asked.has(caller.token) === true) return true;
  if (!isInConversation(world, caller.token, message)) return false;
  // A member of a group with history may read all of it.
  if (message.target.kind === 'group' && world.groups.get(message.target.token)?.replayHistory === true) return true;
  const identities = identitiesOf(world, caller);
  return (
    identities.has(message.author) ||
    identities.has(message.sender) ||
    recipientOf(world, caller, message) !== undefined
  );
}

/** Token of the caller or of a role the caller owns, when it is a recipient. */
export function recipientOf(world: World, caller: Account, message: Message): string | undefined {
  return [...identitiesOf(world, caller)].find((identity) => message.recipients.has(identity));
}

/**
 * A message of one of the caller's conversations, recalled or not.
 * @throws HttpError 404 unknown, expired or erased by the caller; 403 in a conversation of others.
 */
export function knownMessage(world: World, caller: Account, id: string): Message {
  const message = world.messages.get(id);
  if (message === undefined || isExpired(world, message) || message.erasedFor.has(caller.token))
    throw notFound('Message');
  if (!isParty(world, caller, message)) throw forbidden();
  return message;
}

/** @throws HttpError as `knownMessage`, and 404 when recalled (NOTES.md, open question 7). */
export function readableMessage(world: World, caller: Account, id: string): Message {
  const message = knownMessage(world, caller, id);
  if (message.recalled) throw notFound('Message');
  return message;
}

/** The sender may read the statuses, and in groups every member (NOTES.md, open question 8). */
export function mayReadStatuses(world: World, caller: Account, message: Message): boolean {
  const identities = identitiesOf(world, caller);
  return identities.has(message.author) || identities.has(message.sender) || message.target.kind === 'group';
}

/** Stores a message, and drops the oldest ones beyond the limit. */
export function keepMessage(world: World, message: Message): void {
  world.messages.set(message.id, message);
  for (const oldest of world.messages.keys()) {
    if (world.messages.size <= limits.messages) break;
    dropMessages(world, new Set([oldest]));
  }
}

function dropMessages(world: World, ids: ReadonlySet<string>): void {
  const dropped = [...ids].flatMap((id) => world.messages.get(id) ?? []);
  dropItems(world, dropped);
  for (const id of ids) {
    world.messages.delete(id);
    world.files.delete(id);
  }
  forgetMessageEvents(world, ids);
}

/** Frees expired messages. Reads do not depend on it: they check `isExpired`. */
export function sweepMessages(world: World): void {
  const expired = [...world.messages.values()].filter((message) => isExpired(world, message));
  if (expired.length > 0) dropMessages(world, new Set(expired.map(({ id }) => id)));
}
