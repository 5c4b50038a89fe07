import { limits } from '../bounds.ts';
import { forbidden, notFound } from '../http-error.ts';
import { identitiesOf } from './account.ts';
import { forgetMessageEvents } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, DeliveryStatus, Message } from './world-types.ts';

const order: readonly DeliveryStatus[] = ['New', 'Delivered', 'Read', 'Confirmed'];

/** New, Delivered, Read, Confirmed: never backwards. */
export function isFurther(status: DeliveryStatus, than: DeliveryStatus): boolean {
  return order.indexOf(status) > order.indexOf(than);
}

/** The least advanced of all recipients, what a sender sees on the message itself. */
export function overallStatus(message: Message): DeliveryStatus {
  const reached = [...message.recipients.values()].map(({ status }) => order.indexOf(status));
  return order[Math.min(...reached)] ?? 'New';
}

/** Expired, or deleted after reading: gone from reads, attachments and replay from this moment on. */
export function isExpired(world: World, message: Message): boolean {
  return world.clock.now() >= message.expiresAt;
}

/** Whoever left a group gets nothing from it any more, their own messages included; nor does anybody once it is deleted. */
export function isInConversation(world: World, account: string, { target }: Message): boolean {
  if (target.kind !== 'group') return true;
  const group = world.groups.get(target.token);
  return group !== undefined && !group.deleted && group.members.has(account);
}

function isParty(world: World, caller: Account, message: Message): boolean {
  if (!isInConversation(world, caller.token, message)) return false;
  const identities = identitiesOf(world, caller);
  return (
    identities.has(message.author) ||
    identities.has(message.sender) ||
    recipientOf(world, caller, message) !== undefined
  );
}

/** The caller, or the caller's role, when the message went to it. */
export function recipientOf(world: World, caller: Account, message: Message): string | undefined {
  return [...identitiesOf(world, caller)].find((identity) => message.recipients.has(identity));
}

/**
 * A message the caller may know of, recalled or not.
 * @throws HttpError 404 unknown, expired or erased by the caller; 403 of a conversation the caller is not in.
 */
export function knownMessage(world: World, caller: Account, id: string): Message {
  const message = world.messages.get(id);
  if (message === undefined || isExpired(world, message) || message.erasedFor.has(caller.token))
    throw notFound('Message');
  if (!isParty(world, caller, message)) throw forbidden();
  return message;
}

/** @throws HttpError as `knownMessage`, and 404 for a recalled one (NOTES.md, open question 7). */
export function readableMessage(world: World, caller: Account, id: string): Message {
  const message = knownMessage(world, caller, id);
  if (message.recalled) throw notFound('Message');
  return message;
}

/** Who may read the statuses: the sender, and in groups the members (NOTES.md, open question 8). */
export function mayReadStatuses(world: World, caller: Account, message: Message): boolean {
  const identities = identitiesOf(world, caller);
  return identities.has(message.author) || identities.has(message.sender) || message.target.kind === 'group';
}

export function keepMessage(world: World, message: Message): void {
  world.messages.set(message.id, message);
  for (const oldest of world.messages.keys()) {
    if (world.messages.size <= limits.messages) break;
    dropMessages(world, new Set([oldest]));
  }
}

function dropMessages(world: World, ids: ReadonlySet<string>): void {
  for (const id of ids) {
    world.messages.delete(id);
    world.files.delete(id);
  }
  forgetMessageEvents(world, ids);
}

/** Frees what expired. Reads do not wait for it: they ask `isExpired` themselves. */
export function sweepMessages(world: World): void {
  const expired = [...world.messages.values()].filter((message) => isExpired(world, message));
  if (expired.length > 0) dropMessages(world, new Set(expired.map(({ id }) => id)));
}
