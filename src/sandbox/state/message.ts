import type { components } from '../../generated/contract.ts';
import { limits } from '../bounds.ts';
import { forbidden, notFound } from '../http-error.ts';
import { type Account, identitiesOf } from './account.ts';
import { forgetMessageEvents } from './outbox.ts';
import type { World } from './world.ts';

export type DeliveryStatus = components['schemas']['DeliveryStatus'];
export type MessageDatum = components['schemas']['MessageDatum'];

export interface Delivery {
  status: DeliveryStatus;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Target {
  readonly kind: 'account' | 'group' | 'list';
  readonly token: string;
}

interface MessageAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
}

export interface Origin {
  readonly messageId: string;
  readonly sender: string;
  readonly senderName: string;
  readonly createdAt: number;
  readonly data: readonly MessageDatum[];
}

export interface Message {
  readonly id: string;
  /** Account that wrote it; the only one who may recall it. */
  readonly author: string;
  /** The author, or the role the author spoke as. */
  readonly sender: string;
  readonly target: Target;
  readonly senderOrganization: string;
  readonly recipientOrganization: string;
  readonly body: string;
  readonly createdAt: number;
  /** Minutes; -1 never ends. */
  readonly ttl: number;
  readonly deleteOnRead: boolean;
  readonly priority: number;
  readonly sortNumber: number;
  readonly attachment: MessageAttachment | undefined;
  readonly data: readonly MessageDatum[];
  readonly subType: string | undefined;
  readonly origin: Origin | undefined;
  readonly requestId: string | undefined;
  /** Account for whom this copy was made while it does not want to be disturbed. */
  readonly autoForwardedFrom: string | undefined;
  /** For a member's copy: the message to the list. */
  readonly listMessageId: string | undefined;
  readonly recipients: Map<string, Delivery>;
  /** Milliseconds since 1970, or Infinity; moved closer by a read of a delete-on-read message. */
  expiresAt: number;
  recalled: boolean;
  /** Accounts that erased the conversation. */
  readonly erasedFor: Set<string>;
}

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
 * @throws Refusal 404 unknown, expired or erased by the caller; 403 of a conversation the caller is not in.
 */
export function knownMessage(world: World, caller: Account, id: string): Message {
  const message = world.messages.get(id);
  if (message === undefined || isExpired(world, message) || message.erasedFor.has(caller.token))
    throw notFound('Message');
  if (!isParty(world, caller, message)) throw forbidden();
  return message;
}

/** @throws Refusal as `knownMessage`, and 404 for a recalled one (NOTES.md, open question 7). */
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
