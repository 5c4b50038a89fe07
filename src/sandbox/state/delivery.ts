import { forbidden, notFound } from '../http/http-error.ts';
import { recallEvent, statusEvent } from '../wire/event.ts';
import { changedConversationEvent } from '../wire/v5/event.ts';
import { identitiesOf } from './account.ts';
import type { Conversation } from './conversation-types.ts';
import { lastMessageOf } from './conversation-view.ts';
import { isExpired, isFurther, isInConversation } from './message.ts';
import { deliver, forgetMessageEvents } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, Delivery, DeliveryStatus, EventDraft, Message } from './world-types.ts';

/** A recipient's state of a message that has advanced. */
interface Move {
  readonly message: Message;
  readonly account: string;
  readonly delivery: Delivery;
}

/**
 * Advances the caller's delivery status of a message and sends a status event to its author, and to the caller's own v5
 * streams. Messages the caller may not mark and backward changes are ignored (contract, updateMessageStatusPost).
 */
export function markMessage(world: World, caller: Account, id: string, status: DeliveryStatus): void {
  const message = world.messages.get(id);
  if (message === undefined || message.recalled || isExpired(world, message) || message.erasedFor.has(caller.token))
    return;
  if (!isInConversation(world, caller.token, message)) return;
  announceMoves(
    world,
    [...identitiesOf(world, caller)].flatMap((identity) => advance(world, message, identity, status)),
  );
}

/**
 * Advances all given messages of a conversation. The events of all of them carry the counts after the last. Clients take counts
 * only from the status of a message they know, and the newest is the one they know: when its state does not change, such as that of
 * an own message, the reader's v5 streams also receive the conversation (EVENTS-v5.md §8.6).
 */
export function markConversation(
  world: World,
  caller: Account,
  conversation: Conversation,
  messages: readonly Message[],
  status: DeliveryStatus,
): void {
  const moves = messages.flatMap((message) => advance(world, message, caller.token, status));
  announceMoves(world, moves);
  const newest = lastMessageOf(world, caller.token, conversation);
  if (moves.length === 0 || moves.some(({ message }) => message === newest)) return;
  deliver(world, caller.token, changedConversationEvent(world, conversation), conversation.organization);
}

/** Advances several messages, of any conversations. The events of all of them carry the counts after the last. */
export function markMessages(
  world: World,
  caller: Account,
  messages: readonly Message[],
  status: DeliveryStatus,
): void {
  announceMoves(
    world,
    messages.flatMap((message) => advance(world, message, caller.token, status)),
  );
}

/** @returns The moves: of the message, and of the list message it is a copy of. */
function advance(world: World, message: Message, account: string, status: DeliveryStatus): Move[] {
  const known = message.recipients.get(account);
  if (known === undefined || !isFurther(status, known.status)) return [];
  const delivery = { status, at: world.clock.now() };
  message.recipients.set(account, delivery);
  if (message.deleteOnRead && message.target.kind === 'account' && isFurther(status, 'Delivered')) {
    // "In a direct conversation the reader's client drops the message 60 s after Read"; here the server expires it for
    // both sides. A group message expires by its ttl only: the contract does not define when its last reader is done.
    message.expiresAt = Math.min(message.expiresAt, delivery.at + world.deleteOnReadMs);
  }
  const listMessage = message.listMessageId === undefined ? undefined : world.messages.get(message.listMessageId);
  const ofList = listMessage === undefined ? [] : advance(world, listMessage, account, status);
  return [{ message, account, delivery }, ...ofList];
}

/** Notifies the author and every v5 device of the reader: the marking one gets its counts only from the event. */
function announceMoves(world: World, moves: readonly Move[]): void {
  for (const { message, account, delivery } of moves) {
    const event = statusEvent(world, message, account, delivery);
    if (isInConversation(world, message.author, message)) {
      deliver(world, message.author, forReader(event, message, message.author), message.senderOrganization);
    }
    if (account === message.author || message.target.kind === 'list') continue;
    const { needs: _needs, ...own } = event;
    deliver(world, account, { ...forReader(own, message, account), isV5Only: true }, message.recipientOrganization);
  }
}

/** An account that has erased the conversation is not notified on v5 streams, where the event would bring it back. */
function forReader(event: EventDraft, { erasedFor }: Message, account: string): EventDraft {
  return erasedFor.has(account) ? { ...event, v5: null } : event;
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
  const event = recallEvent(world, message, world.clock.now());
  const isThere = (account: string) => isInConversation(world, account, message);
  const tell = (account: string, organization: string, isV5Only = false) => {
    const own = forReader(event, message, account);
    if (isThere(account)) deliver(world, account, isV5Only ? { ...own, isV5Only } : own, organization);
  };
  tell(message.author, message.senderOrganization);
  if (message.target.kind === 'list') return;
  const recipients = new Set(message.recipients.keys());
  for (const recipient of recipients) if (recipient !== message.author) tell(recipient, message.recipientOrganization);
  // Members who joined later see it in a group with history, without having received it.
  const group = message.target.kind === 'group' ? world.groups.get(message.target.token) : undefined;
  for (const member of group?.replayHistory === true ? group.members : []) {
    if (member !== message.author && !recipients.has(member)) tell(member, message.recipientOrganization, true);
  }
}
