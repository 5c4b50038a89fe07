import { badRequest } from '../http/http-error.ts';
import { freshToken, seededToken } from '../token.ts';
import { messageEvent } from '../wire/event.ts';
import { newConversationEvent } from '../wire/v5/event.ts';
import { type Addressed, address, type Outgoing, recipientsOf, speakingAs } from './addressing.ts';
import { keepItem, nextSortNumber, targetConversation } from './conversation.ts';
import type { Conversation } from './conversation-types.ts';
import { isListed } from './conversation-view.ts';
import { keepMessage } from './message.ts';
import { deliver } from './outbox.ts';
import { automaticReply } from './role.ts';
import { touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, Message, MessageDatum } from './world-types.ts';

/**
 * Stores a message and delivers its events to the author and the recipients.
 * @throws HttpError 400, 403 or 404 for recipients and organizations the caller may not use.
 */
export function sendMessage(world: World, author: Account, outgoing: Outgoing): Message {
  const sender = speakingAs(world, author, outgoing.sender);
  const addressed = address(world, author, outgoing);
  const message = storeMessage(
    world,
    author,
    sender,
    outgoing,
    addressed,
    recipientsOf(world, author, addressed.target),
    {
      id: outgoing.id,
    },
  );
  if (addressed.target.kind === 'list') sendListCopies(world, author, sender, outgoing, message);
  if (addressed.target.kind === 'account') forwardWhileAway(world, author, sender, outgoing, message);
  answerForRole(world, message);
  for (const listener of world.messageListeners) listener(message);
  return message;
}

/** Sends the automatic reply of a role: into the conversation, or to the writer when the message was sent to its account. */
function answerForRole(world: World, message: Message): void {
  const reply = automaticReply(world, message);
  if (reply === undefined) return;
  const { target, author, senderOrganization, recipientOrganization } = message;
  const isGroup = target.kind === 'group';
  const addressed = {
    target: isGroup ? target : ({ kind: 'account', token: author } as const),
    senderOrganization: recipientOrganization,
    recipientOrganization: senderOrganization,
  };
  const { role, body, subType } = reply;
  const recipients = isGroup ? recipientsOf(world, role, target) : [author];
  storeMessage(world, role, role.token, { recipient: addressed.target.token, body, subType }, addressed, recipients);
}

interface Making {
  readonly id?: string | undefined;
  readonly body?: string;
  readonly listMessageId?: string;
  readonly autoForwardedFrom?: string;
}

function storeMessage(
  world: World,
  author: Account,
  sender: string,
  outgoing: Outgoing,
  { target, senderOrganization, recipientOrganization }: Addressed,
  recipients: readonly string[],
  making: Making = {},
): Message {
  const createdAt = outgoing.createdAt ?? world.clock.now();
  const home = world.organizations.get(senderOrganization);
  const ttl = outgoing.ttl ?? home?.ttl ?? -1;
  const { file } = outgoing;
  const conversation = targetConversation(world, sender, target, recipientOrganization);
  if (conversation !== undefined) announceConversation(world, conversation, author, recipients, outgoing);
  const message: Message = {
    id: making.id ?? freshToken(),
    author: author.token,
    sender,
    target,
    senderOrganization,
    recipientOrganization,
    body: making.body ?? outgoing.body,
    createdAt,
    ttl,
    deleteOnRead: outgoing.deleteOnRead ?? home?.deleteOnRead ?? false,
    priority: outgoing.priority ?? 0,
    sortNumber: nextSortNumber(world, createdAt),
    conversationId: conversation?.id,
    attachment: file && { fileName: file.fileName, contentType: file.contentType, size: file.bytes.length },
    data: [...(outgoing.data ?? []), ...personBehind(author, sender)],
    subType: outgoing.subType,
    origin: outgoing.origin,
    requestId: outgoing.requestId,
    autoForwardedFrom: making.autoForwardedFrom,
    listMessageId: making.listMessageId,
    recipients: new Map(recipients.map((token) => [token, { status: 'New', at: createdAt }])),
    expiresAt: ttl === -1 ? Number.POSITIVE_INFINITY : createdAt + ttl * 60_000,
    recalled: false,
    erasedFor: new Set(),
  };
  if (conversation !== undefined) keepItem(world, conversation, message);
  keepMessage(world, message);
  if (file !== undefined) world.files.put(message.id, file);
  const group = target.kind === 'group' ? world.groups.get(target.token) : undefined;
  if (group !== undefined) group.messageCount += 1;
  announce(world, message, outgoing);
  return message;
}

/** "Readers learn the person behind it": of a message that is sent as a role. */
function personBehind({ token, displayName }: Account, sender: string): MessageDatum[] {
  if (sender === token) return [];
  const payload = JSON.stringify({ token, display_name: displayName });
  return [{ mimetype: 'application/json', namespace: 'tigertext:message:role:owner', payload }];
}

/**
 * Announces a conversation before its first message to the devices whose v5 roster lacks it. The device that creates it is left
 * out: the event would clear the timeline that it already shows (EVENTS-v5.md §3).
 */
function announceConversation(
  world: World,
  conversation: Conversation,
  author: Account,
  recipients: readonly string[],
  { cause }: Outgoing,
): void {
  if (world.sessions.size === 0) return;
  const parties = conversation.kind === 'list' ? [author.token] : [author.token, ...recipients];
  for (const token of new Set(conversation.kind === 'group' ? [] : parties)) {
    const account = world.accounts.get(token);
    if (account === undefined || isListed(world, account, conversation)) continue;
    deliver(world, token, newConversationEvent(world, conversation), conversation.organization, cause);
  }
}

/** Moves the conversation to the front of the rosters of author and recipients, and delivers the message event to them. */
function announce(world: World, message: Message, { cause }: Outgoing): void {
  const { target, author, sender, createdAt, senderOrganization, recipientOrganization } = message;
  const isAutomatic = world.accounts.get(author)?.kind === 'role';
  const recipients = [...message.recipients.keys()].filter((recipient) => recipient !== author);
  // The copies of a list message add no roster lines for the sender: the list has one.
  if (message.listMessageId === undefined && !isAutomatic) {
    touchRoster(world, author, { ...target, organization: recipientOrganization }, createdAt);
  }
  if (target.kind !== 'list') {
    // Both sides are members of the organization; the sender's may be unknown to the recipient.
    const from = target.kind === 'group' ? target : ({ kind: 'account', token: sender } as const);
    const line = { ...from, organization: recipientOrganization };
    for (const recipient of recipients) {
      for (const reader of [recipient, ...(world.accounts.get(recipient)?.owners ?? [])]) {
        touchRoster(world, reader, line, createdAt);
      }
    }
  }
  // No sessions exist while the demo data is seeded: their events were half the time of a start.
  if (world.sessions.size === 0) return;
  // The sender's own devices receive the event too (EVENTS.md §7). A role has no devices: those of its owners receive its
  // automatic reply as members of the group.
  if (!isAutomatic) deliver(world, author, messageEvent(world, message, author), senderOrganization, cause);
  const [other] = recipients;
  if (target.kind === 'list' || other === undefined) return;
  const event = messageEvent(world, message, other);
  for (const recipient of recipients) deliver(world, recipient, event, recipientOrganization);
}

/** "A message to a list reaches members as a direct message; its body starts with the list name" (NOTES.md). */
function sendListCopies(world: World, author: Account, sender: string, outgoing: Outgoing, message: Message): void {
  const list = world.lists.get(message.target.token);
  if (list === undefined) throw badRequest('recipient: expected a distribution list');
  const { senderOrganization, recipientOrganization } = message;
  for (const member of message.recipients.keys()) {
    const addressed = {
      target: { kind: 'account', token: member } as const,
      senderOrganization,
      recipientOrganization,
    };
    storeMessage(world, author, sender, outgoing, addressed, [member], {
      id: derivedId(outgoing, member),
      body: `[${list.displayName}]: ${message.body}`,
      listMessageId: message.id,
    });
  }
}

/** Copies a direct message to the deputy of a recipient in do-not-disturb mode. */
function forwardWhileAway(world: World, author: Account, sender: string, outgoing: Outgoing, message: Message): void {
  const { recipientOrganization, senderOrganization, target } = message;
  const membership = world.accounts.get(target.token)?.memberships.get(recipientOrganization);
  const deputy = membership?.dnd === true ? membership.autoForwardTo : null;
  if (deputy === null || deputy === author.token || !world.accounts.has(deputy)) return;
  const addressed = { target: { kind: 'account', token: deputy } as const, senderOrganization, recipientOrganization };
  storeMessage(world, author, sender, outgoing, addressed, [deputy], {
    id: derivedId(outgoing, deputy),
    autoForwardedFrom: target.token,
  });
}

/** Copies of a seeded message also have the same ids on every start. */
function derivedId({ id }: Outgoing, reader: string): string | undefined {
  return id === undefined ? undefined : seededToken(id, reader);
}
