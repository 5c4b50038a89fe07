import { forbidden, notFound } from '../http-error.ts';
import { recallEvent, statusEvent } from '../wire/event.ts';
import { identitiesOf } from './account.ts';
import { isExpired, isFurther, isInConversation } from './message.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, DeliveryStatus, Message } from './world-types.ts';

/**
 * Advances the caller's delivery status of a message and sends a status event to its author. Messages the caller may not
 * mark and backward changes are ignored (contract, updateMessageStatusPost).
 */
export function markMessage(world: World, caller: Account, id: string, status: DeliveryStatus): void {
  const message = world.messages.get(id);
  if (message === undefined || message.recalled || isExpired(world, message) || message.erasedFor.has(caller.token))
    return;
  if (!isInConversation(world, caller.token, message)) return;
  for (const identity of identitiesOf(world, caller)) markFor(world, message, identity, status);
}

function markFor(world: World, message: Message, account: string, status: DeliveryStatus): void {
  const known = message.recipients.get(account);
  if (known === undefined || !isFurther(status, known.status)) return;
  const delivery = { status, at: world.clock.now() };
  message.recipients.set(account, delivery);
  if (isInConversation(world, message.author, message)) {
    deliver(world, message.author, statusEvent(message, account, delivery), message.senderOrganization);
  }
  if (message.deleteOnRead && message.target.kind === 'account' && isFurther(status, 'Delivered')) {
    // "In a direct conversation the reader's client drops the message 60 s after Read"; here the server expires it for
    // both sides. A group message expires by its ttl only: the contract does not define when its last reader is done.
    message.expiresAt = Math.min(message.expiresAt, delivery.at + world.deleteOnReadMs);
  }
  const listMessage = message.listMessageId === undefined ? undefined : world.messages.get(message.listMessageId);
  if (listMessage !== undefined) markFor(world, listMessage, account, status);
}

/**
 * Recalls a message. Recalling it again has no effect.
 * @throws HttpError 404 unknown or expired, 403 when the caller is not its author.
 */
export function recallMessage(world: World, caller: Account, id: string): void {
  const message = world.messages.get(id);
  if (message === undefined || isExpired(world, message) || message.erasedFor.has(caller.token))
    throw notFound('Message');
  if (message.author !== caller.token) throw forbidden();
  if (message.recalled) return;
  const copies = [...world.messages.values()].filter(({ listMessageId }) => listMessageId === id);
  for (const each of [message, ...copies]) recallOne(world, each);
}

function recallOne(world: World, message: Message): void {
  message.recalled = true;
  world.files.delete(message.id);
  forgetMessageEvents(world, new Set([message.id]));
  const event = recallEvent(message, world.clock.now());
  const isThere = (account: string) => isInConversation(world, account, message);
  if (isThere(message.author)) deliver(world, message.author, event, message.senderOrganization);
  if (message.target.kind === 'list') return;
  for (const recipient of message.recipients.keys()) {
    if (recipient !== message.author && isThere(recipient)) {
      deliver(world, recipient, event, message.recipientOrganization);
    }
  }
}
