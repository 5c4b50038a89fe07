/** Reads the state of its conversation from an event of v5 (EVENTS-v5 §2): id, counts and last message after the change. */
import type { FirstExpiring } from '../../domain/conversation.ts';
import type { EventConversation } from '../../domain/event-base.ts';
import { isRecord } from '../../util/is-record.ts';
import { readString } from '../wire/read.ts';
import type { EventFields } from './event-fields.ts';

/** Undefined for an event of v2, which names no conversation. */
export function readEventConversation(fields: EventFields): EventConversation | undefined {
  const id = fields.text('conversation_id');
  if (id === undefined) return undefined;
  return {
    id,
    organization: fields.text('organization_id'),
    unreadCount: count(fields, 'unread_message_count'),
    unreadPriorityCount: count(fields, 'unread_priority_message_count'),
    lastMessage: orNothing(fields, 'last_message', (row) => readString(row, 'message_id')),
    firstExpiringUnread: orNothing(fields, 'first_expiring_unread_message', firstExpiring),
  };
}

function count(fields: EventFields, name: string): number | undefined {
  const value = fields.number(name);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Null when the event states that there is none; undefined when the field is absent or invalid. */
function orNothing<Value>(
  fields: EventFields,
  name: string,
  read: (row: Readonly<Record<string, unknown>>) => Value | undefined,
): Value | null | undefined {
  const value = fields.json(name);
  if (value === null) return null;
  return isRecord(value) ? read(value) : undefined;
}

function firstExpiring(row: Readonly<Record<string, unknown>>): FirstExpiring | undefined {
  const message = readString(row, 'message_id');
  const seconds = row.expire_in;
  if (message === undefined || typeof seconds !== 'number') return undefined;
  return { message, sender: readString(row, 'sender_token'), expiresAtMs: Date.now() + seconds * 1_000 };
}
