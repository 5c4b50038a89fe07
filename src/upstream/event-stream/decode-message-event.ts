/** Events about messages (EVENTS §6): arrival, delivery states, recall, structured data, typing. */
import type { MessageDatum, RecipientStatus } from '../../domain/domain.ts';
import type {
  MessageDataChanged,
  MessageRecalled,
  MessageReceived,
  MessageStatusChanged,
  TypingChanged,
} from '../../domain/gateway-event.ts';
import { GatewayError } from '../../errors.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { escalationFields } from '../wire/escalation.ts';
import { decodeDeliveryStatus, decodeMessage } from '../wire/message.ts';
import { readEventConversation } from './decode-event-conversation.ts';
import { type EventFields, fieldsOf } from './event-fields.ts';

/** Field names that decodeMessage reads, except nested values. */
const messageFields: ReadonlySet<string> = new Set([
  'message_id',
  'client_id',
  'body',
  'sender_token',
  'sender',
  'sender_display_name',
  'sender_name',
  'recipient_token',
  'recipient',
  'group_token',
  'is_group',
  'sender_organization',
  'recipient_organization',
  'status',
  'created_time',
  'ttl',
  'expire_in',
  'dor',
  'priority',
  'sort_number',
  'attachment_name',
  'sub_type',
  'is_forwarded',
  'original_msg_id',
  'original_sender',
  'original_sender_display_name',
  'original_sender_name',
  'original_timestamp',
  'request_id',
]);

const attachmentFields = new Set(['content-type', 'size']);
const datumFields = new Set(['mimetype', 'namespace', 'payload']);
const recipientStatusFields = new Set(['account_id', 'status', 'timestamp']);

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeDirectMessage(fields: EventFields): MessageReceived {
  return received(fields, false);
}

/**
 * A group message names its group in `group_token`; without that field the recipient is the group.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeGroupMessage(fields: EventFields): MessageReceived {
  return received(fields, true);
}

function received(fields: EventFields, isToGroup: boolean): MessageReceived {
  const message = decodeMessage(fields.payload, isToGroup);
  fields.markRead(messageFields);
  fields.markNestedRead('attachments', attachmentFields);
  fields.markNestedRead('data', datumFields);
  fields.markNestedRead('original_data', datumFields);
  if (message.escalation !== undefined && !(message.escalation instanceof GatewayError)) {
    fields.markNestedRead('escalation', escalationFields);
    fields.text('escalation_exec_id'); // repeats its id
  }
  const isHistory = fields.flag('is_group_replay') ?? false;
  const recipientStatuses = decodeRecipientStatuses(fields);
  const inConversation = readEventConversation(fields);
  fields.flag('is_unread'); // the message has it
  return { type: 'MESSAGE_RECEIVED', message, isHistory, recipientStatuses, inConversation, extra: fields.extra() };
}

function decodeRecipientStatuses(fields: EventFields): RecipientStatus[] {
  const rows = fields.list('recipient_status');
  if (rows === undefined) return [];
  fields.markNestedRead('recipient_status', recipientStatusFields);
  return rows.map((row) => {
    const status = fieldsOf(row);
    if (status === undefined) throw invalidReply('event.recipient_status');
    const at = status.time('timestamp');
    if (at === undefined) throw invalidReply('event.recipient_status.timestamp');
    return {
      user: status.requiredText('account_id'),
      status: decodeDeliveryStatus(status.payload.status, 'event.recipient_status.status'),
      at,
    };
  });
}

/**
 * A recall arrives as a status event with `is_recalled` (EVENTS §6, "What has no event of its own").
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeMessageStatusEvent(fields: EventFields): MessageStatusChanged | MessageRecalled {
  const message = fields.requiredText('client_id');
  const user = fields.text('account_id');
  const group = fields.text('group_token');
  const at = fields.time('timestamp');
  const requestId = fields.text('request_id');
  const inConversation = readEventConversation(fields);
  if (inConversation !== undefined) fields.flag('is_unread'); // follows from the counts
  if (fields.flag('is_recalled') === true) {
    fields.json('status'); // repeats the last delivery state, which a recall makes irrelevant
    return {
      type: 'MESSAGE_RECALLED',
      message,
      group,
      at,
      requestId,
      recalledBy: user,
      inConversation,
      extra: fields.extra(),
    };
  }
  if (user === undefined) throw invalidReply('event.account_id');
  const status = decodeDeliveryStatus(fields.json('status'), 'event.status');
  return {
    type: 'MESSAGE_STATUS_CHANGED',
    message,
    group,
    at,
    requestId,
    user,
    status,
    inConversation,
    extra: fields.extra(),
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeMessageData(fields: EventFields): MessageDataChanged {
  const message = fields.requiredText('message_id');
  const rows = fields.list('data') ?? [];
  fields.markNestedRead('data', datumFields);
  const data = rows.map((row): MessageDatum => {
    const datum = fieldsOf(row);
    if (datum === undefined) throw invalidReply('event.data');
    return {
      mimeType: datum.text('mimetype') ?? 'application/json',
      namespace: datum.requiredText('namespace'),
      payload: payloadText(datum.payload.payload),
    };
  });
  return { type: 'MESSAGE_DATA_CHANGED', message, data, extra: fields.extra() };
}

/** JSON text in the contract; an inline JSON value is serialised. */
function payloadText(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload ?? null);
}

/**
 * Any `status` other than `typing` means stopped (EVENTS §7).
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeTyping(fields: EventFields): TypingChanged {
  fields.flag('is_group'); // follows from the group
  return {
    type: 'TYPING_CHANGED',
    user: fields.requiredText('sender_token'),
    isTyping: fields.text('status') === 'typing',
    group: fields.text('group_token'),
    organization: fields.text('org_token'),
    proxy: fields.text('proxy_token'),
    extra: fields.extra(),
  };
}
