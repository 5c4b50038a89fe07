import { badRequest, forbidden, notFound } from '../http-error.ts';
import { freshToken, seededToken } from '../token.ts';
import { messageEvent } from '../wire/event.ts';
import { createOutsideAccount, findAccount, isContactAddress, organizationsOf, sight } from './account.ts';
import { findGroup, visibleList } from './group.ts';
import { keepMessage } from './message.ts';
import { deliver } from './outbox.ts';
import { touchRoster } from './roster.ts';
import type { World } from './world.ts';
import type { Account, Message, MessageDatum, Origin, Target } from './world-types.ts';

/** A message to send or forward. Undefined fields take the organization's default. */
export interface Outgoing {
  readonly recipient: string;
  readonly body: string;
  /** Role to send as. */
  readonly sender?: string | undefined;
  readonly senderOrganization?: string | undefined;
  readonly recipientOrganization?: string | undefined;
  readonly ttl?: number | undefined;
  readonly deleteOnRead?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly data?: readonly MessageDatum[] | undefined;
  readonly file?: { readonly fileName: string; readonly contentType: string; readonly bytes: Buffer } | undefined;
  readonly subType?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly requestId?: string | undefined;
  /** Milliseconds since 1970; only the seed sets it, for older messages. */
  readonly createdAt?: number | undefined;
  /** Only the seed sets it, for the same ids on every start. */
  readonly id?: string | undefined;
}

interface Addressed {
  readonly target: Target;
  readonly senderOrganization: string;
  readonly recipientOrganization: string;
}

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
  for (const listener of world.messageListeners) listener(message);
  return message;
}

/** @throws HttpError 403 for a role the author does not own. */
function speakingAs(world: World, author: Account, sender: string | undefined): string {
  if (sender === undefined || sender === author.token) return author.token;
  if (world.roles.get(author.token)?.includes(sender) !== true)
    throw forbidden('sender: expected a role of the caller');
  return sender;
}

/** Finds the recipient and the two organizations. Creates an account for an unknown e-mail address or phone number. */
function address(world: World, author: Account, outgoing: Outgoing): Addressed {
  const { recipient, recipientOrganization } = outgoing;
  const named = outgoing.senderOrganization;
  if (named !== undefined && !author.memberships.has(named))
    throw forbidden('sender_organization: caller is no member');
  const senderOrganization = named ?? author.defaultOrganization;
  const group = world.groups.get(recipient);
  if (group !== undefined) {
    if (!findGroup(world, recipient).members.has(author.token)) throw forbidden();
    const home = group.organization;
    return {
      target: { kind: 'group', token: group.token },
      senderOrganization: named ?? home,
      recipientOrganization: home,
    };
  }
  if (world.lists.has(recipient)) {
    const { token, organization } = visibleList(world, author, recipient);
    return {
      target: { kind: 'list', token },
      senderOrganization: named ?? organization,
      recipientOrganization: organization,
    };
  }
  const account = findAccount(world, recipient);
  if (account === undefined) {
    if (!isContactAddress(recipient)) throw notFound('Recipient');
    const organization = recipientOrganization ?? senderOrganization;
    if (!author.memberships.has(organization)) throw notFound('Recipient');
    const created = createOutsideAccount(world, recipient, organization);
    return {
      target: { kind: 'account', token: created.token },
      senderOrganization,
      recipientOrganization: organization,
    };
  }
  // Clients send their own organization by default. When the recipient is not a member of it, a shared one is used.
  const wanted =
    recipientOrganization ??
    [senderOrganization, ...organizationsOf(author)].find((key) => account.memberships.has(key));
  if (wanted === undefined || sight(world, author, account, wanted) === undefined) throw notFound('Recipient');
  return {
    target: { kind: 'account', token: account.token },
    senderOrganization: named ?? wanted,
    recipientOrganization: wanted,
  };
}

function recipientsOf(world: World, author: Account, target: Target): string[] {
  const tokens =
    target.kind === 'group'
      ? [...(world.groups.get(target.token)?.members ?? [])]
      : target.kind === 'list'
        ? (world.lists.get(target.token)?.members ?? [])
        : [target.token];
  // In a note to self the author is the recipient.
  return target.kind === 'account' ? [...tokens] : tokens.filter((token) => token !== author.token);
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
  // Strictly increasing, so that messages within one millisecond keep their order.
  world.lastSortNumber = outgoing.createdAt ?? Math.max(createdAt, world.lastSortNumber + 1);
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
    sortNumber: world.lastSortNumber,
    attachment: file && { fileName: file.fileName, contentType: file.contentType, size: file.bytes.length },
    data: outgoing.data ?? [],
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
  keepMessage(world, message);
  if (file !== undefined) world.files.put(message.id, file);
  const group = target.kind === 'group' ? world.groups.get(target.token) : undefined;
  if (group !== undefined) group.messageCount += 1;
  announce(world, message);
  return message;
}

/** Moves the conversation to the front of the rosters of author and recipients, and delivers the message event to them. */
function announce(world: World, message: Message): void {
  const { target, author, sender, createdAt, senderOrganization, recipientOrganization } = message;
  // The sender's own devices receive the event too (EVENTS.md §7). The copies of a list message add no roster lines for
  // the sender: the list has one.
  if (message.listMessageId === undefined) {
    touchRoster(world, author, { ...target, organization: recipientOrganization }, createdAt);
  }
  deliver(world, author, messageEvent(world, message, author), senderOrganization);
  if (target.kind === 'list') return;
  const [other] = [...message.recipients.keys()].filter((recipient) => recipient !== author);
  if (other === undefined) return;
  const event = messageEvent(world, message, other);
  for (const recipient of message.recipients.keys()) {
    if (recipient === author) continue;
    const line = target.kind === 'group' ? target : ({ kind: 'account', token: sender } as const);
    const organization = target.kind === 'group' ? recipientOrganization : senderOrganization;
    for (const reader of [recipient, ...(world.accounts.get(recipient)?.owners ?? [])]) {
      touchRoster(world, reader, { ...line, organization }, createdAt);
    }
    deliver(world, recipient, event, recipientOrganization);
  }
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
