import type { components } from '../../generated/contract.ts';
import { timestamp } from '../clock.ts';
import { escalationOf } from '../state/escalation-index.ts';
import { overallStatus, recipientOf } from '../state/message.ts';
import type { World } from '../state/world.ts';
import type { Account, DeliveryStatus, Message } from '../state/world-types.ts';
import { escalationWire } from './escalation.ts';
import { avatarUrl } from './user.ts';

type Schemas = components['schemas'];

/** Clients without the feature `can-confirm` receive Read in place of Confirmed (EVENTS.md §2). */
export function statusWire(status: DeliveryStatus, features: ReadonlySet<string>): DeliveryStatus {
  return status === 'Confirmed' && !features.has('can-confirm') ? 'Read' : status;
}

/** Fields common to the REST form and the event form. */
export function messageFields(world: World, message: Message) {
  const sender = world.accounts.get(message.sender);
  const group = message.target.kind === 'group' ? world.groups.get(message.target.token) : undefined;
  const senderAvatar = avatarUrl(world, sender?.avatar ?? null);
  const groupAvatar = avatarUrl(world, group?.avatar ?? null);
  return {
    xmlns: message.target.kind === 'group' ? 'tigertext:iq:group_message' : 'tigertext:iq:message',
    body: message.body,
    sender_token: message.sender,
    sender_display_name: sender?.displayName ?? '',
    ...(senderAvatar === null ? {} : { sender_avatar: senderAvatar }),
    sender_organization: message.senderOrganization,
    recipient_organization: message.recipientOrganization,
    ...(group === undefined
      ? {}
      : { group_token: group.token, group_name: group.name, public_group: group.isPublic, is_group: true }),
    ...(groupAvatar === null ? {} : { group_avatar: groupAvatar }),
    created_time: timestamp(message.createdAt),
    ttl: message.ttl,
    dor: message.deleteOnRead,
    priority: message.priority,
    sort_number: message.sortNumber,
    attachments: message.attachment === undefined ? [] : [attachmentWire(message.attachment)],
    ...(message.attachment === undefined ? {} : { attachment_name: message.attachment.fileName }),
    data: message.data,
    ...(message.subType === undefined ? {} : { sub_type: message.subType }),
    ...(message.origin === undefined ? {} : originWire(message.origin)),
    ...escalationFields(world, message),
    ...(message.autoForwardedFrom === undefined ? {} : { dnd_auto_forwarded_from: message.autoForwardedFrom }),
  } as const;
}

/** On the original message and on its copy: a client that was away learns the end from them. */
function escalationFields(world: World, { id }: Message) {
  const escalation = escalationOf(world, id);
  if (escalation === undefined) return {};
  // The generated types of the two files differ: that of v2 is an object without properties. This fits both.
  return { escalation_exec_id: escalation.id, escalation: escalationWire(world, escalation) as never };
}

function attachmentWire({ contentType, size }: NonNullable<Message['attachment']>): Schemas['Attachment'] {
  return { 'content-type': contentType, size, attachment_id: '1' };
}

function originWire(origin: NonNullable<Message['origin']>) {
  return {
    is_forwarded: true,
    original_sender: origin.sender,
    original_sender_display_name: origin.senderName,
    original_sender_name: origin.senderName,
    original_timestamp: timestamp(origin.createdAt),
    original_msg_id: origin.messageId,
    original_data: origin.data,
  };
}

/**
 * The REST form. A group message has the group in `recipient_token` too, because the JavaScript SDK cannot read it
 * otherwise (NOTES.md, open question 13). A recipient sees its own delivery status, a sender the least advanced one.
 */
export function messageWire(
  world: World,
  caller: Account,
  message: Message,
  features: ReadonlySet<string>,
): Schemas['Message'] {
  const recipient = recipientOf(world, caller, message);
  const own = recipient === undefined ? undefined : message.recipients.get(recipient)?.status;
  const left = Math.max(0, Math.ceil((message.expiresAt - world.clock.now()) / 1000));
  return {
    message_id: message.id,
    ...messageFields(world, message),
    sender: message.sender,
    recipient_token: message.target.token,
    recipient: message.target.token,
    status: statusWire(own ?? overallStatus(message), features),
    ...(Number.isFinite(left) ? { expire_in: left } : {}),
    ...(message.requestId === undefined || message.author !== caller.token ? {} : { request_id: message.requestId }),
  };
}

/**
 * The status of a message at each recipient.
 * @param features Of the client: some know no `Confirmed`.
 */
export function messageStatusWire(message: Message, features: ReadonlySet<string>): Schemas['MessageStatusReply'] {
  return {
    client_id: message.id,
    is_recalled: message.recalled,
    statuses: [...message.recipients].map(([account, { status, at }]) => ({
      account_id: account,
      status: statusWire(status, features),
      timestamp: timestamp(at),
    })),
  };
}
