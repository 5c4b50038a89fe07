/** Decodes messages and delivery states; replies and events use the same objects. */
import type {
  Attachment,
  DeliveryStatus,
  Forwarded,
  Message,
  MessageDatum,
  MessageStatus,
  Priority,
} from '../../domain/domain.ts';
import type { components } from '../../generated/contract.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema, invalidReply } from './contract-check.ts';
import { escalationIn, withoutBrokenEscalation } from './escalation.ts';
import { nonEmpty, readString } from './read.ts';
import { optionalTimestamp, timestamp } from './timestamp.ts';

type WireMessage = components['schemas']['Message'];
type WireStatus = components['schemas']['DeliveryStatus'];

const statuses = {
  New: 'NEW',
  Delivered: 'DELIVERED',
  Read: 'READ',
  Confirmed: 'CONFIRMED',
} as const satisfies Record<WireStatus, DeliveryStatus>;

/**
 * Decodes the contract's Message in all its spellings: `message_id` (replies) or `client_id` (events), `sender_token` or
 * `sender`, `recipient_token` or `recipient`. In replies a group message repeats the group as recipient; the
 * result names it only in `group`.
 * @param isToGroup True forces a group message, regardless of the object's own fields.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeMessage(value: unknown, isToGroup = false): Message {
  const wire = assertSchema('Message', withoutBrokenEscalation(value));
  const token = nonEmpty(wire.message_id) ?? nonEmpty(wire.client_id);
  if (token === undefined) throw invalidReply('Message.message_id');
  const recipient = nonEmpty(wire.recipient_token) ?? nonEmpty(wire.recipient);
  const toGroup = isToGroup || wire.is_group === true || wire.xmlns === 'tigertext:iq:group_message';
  const group = nonEmpty(wire.group_token) ?? (toGroup ? recipient : undefined);
  return {
    kind: 'MESSAGE',
    token,
    // A message with only an attachment or data has an empty body.
    body: wire.body === '' ? undefined : wire.body,
    sender: nonEmpty(wire.sender_token) ?? nonEmpty(wire.sender),
    senderName: wire.sender_display_name ?? wire.sender_name,
    recipient: group === undefined ? recipient : undefined,
    group,
    senderOrganizationKey: nonEmpty(wire.sender_organization),
    recipientOrganizationKey: nonEmpty(wire.recipient_organization),
    // As the official client reads a message without one (contract, Message.status).
    status: statuses[wire.status ?? 'New'],
    createdAt: optionalTimestamp(wire.created_time, 'Message.created_time'),
    ttl: wire.ttl,
    expireIn: wire.expire_in,
    deleteOnRead: wire.dor,
    priority: wire.priority === undefined ? undefined : decodePriority(wire.priority),
    sortNumber: wire.sort_number,
    attachments: wire.attachments === undefined ? undefined : decodeAttachments(wire.attachments, wire.attachment_name),
    data: wire.data === undefined ? undefined : decodeData(wire.data),
    subType: wire.sub_type,
    forwardedFrom: decodeForwarded(wire),
    idempotencyKey: wire.request_id,
    ...rareFields(value),
  };
}

/** Values that only v5 has, and the escalation; omitted from other messages, whose objects stay small. */
function rareFields(value: unknown): Pick<Message, 'isUnread' | 'conversationId' | 'escalation'> | undefined {
  if (!isRecord(value)) return undefined;
  const escalation = escalationIn(value);
  if (value.conversation_id === undefined && value.is_unread === undefined && escalation === undefined)
    return undefined;
  return {
    ...(escalation === undefined ? {} : { escalation }),
    isUnread: typeof value.is_unread === 'boolean' ? value.is_unread : undefined,
    conversationId: readString(value, 'conversation_id'),
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeMessageStatus(value: unknown): MessageStatus {
  const wire = assertSchema('MessageStatusReply', value);
  return {
    message: wire.client_id,
    isRecalled: wire.is_recalled,
    recipients: wire.statuses.map((row) => ({
      user: row.account_id,
      status: statuses[row.status],
      at: timestamp(row.timestamp, 'MessageStatusReply.statuses.timestamp'),
    })),
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming `field` when `word` is not a delivery state. */
export function decodeDeliveryStatus(word: unknown, field: string): DeliveryStatus {
  if (typeof word !== 'string' || !Object.hasOwn(statuses, word)) throw invalidReply(field);
  return statuses[word as WireStatus]; // a key, by the line above
}

/** Tolerates values other than the contract's -1, 0 and 1: above 0 is high, below 0 is low. */
function decodePriority(priority: number): Priority {
  if (priority > 0) return 'HIGH';
  return priority < 0 ? 'LOW' : 'NORMAL';
}

/** The file name is a field next to the list, which has at most one item (contract, Message.attachments). */
function decodeAttachments(
  rows: readonly components['schemas']['Attachment'][],
  fileName: string | undefined,
): Attachment[] {
  return rows.map((row) => ({ fileName, contentType: row['content-type'], size: row.size }));
}

function decodeData(rows: readonly components['schemas']['MessageDatum'][]): MessageDatum[] {
  return rows.map((row) => ({
    mimeType: row.mimetype ?? 'application/json',
    namespace: row.namespace,
    payload: row.payload,
  }));
}

function decodeForwarded(wire: WireMessage): Forwarded | undefined {
  const sender = nonEmpty(wire.original_sender);
  const message = nonEmpty(wire.original_msg_id);
  if (wire.is_forwarded !== true && message === undefined && sender === undefined) return undefined;
  return {
    sender,
    senderName: wire.original_sender_display_name ?? wire.original_sender_name,
    createdAt: optionalTimestamp(wire.original_timestamp, 'Message.original_timestamp'),
    message,
    data: wire.original_data === undefined ? [] : decodeData(wire.original_data),
  };
}
