/** Decodes what only v5 of the upstream has: conversations with their counts, timelines and notices. */

import type {
  ConversationState,
  FirstExpiring,
  Notice,
  NoticeParty,
  TimelineItem,
  TimelinePage,
} from '../../domain/conversation.ts';
import type { Counterpart, EntityKind, Message, Page } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema, invalidReply } from './contract-check.ts';
import { decodeCounterpart, entityKind } from './entity.ts';
import { decodeMessage } from './message.ts';
import { decodeOrError, nonEmpty, readString, requireArray, requireObject } from './read.ts';
import { roleMetadataOf, textsOf } from './role.ts';
import { fromUnixSeconds, optionalTimestamp } from './timestamp.ts';

/** v5 names the kinds with short words; the long names of v2 occur too (contract, ConversationEntity). */
const shortKinds: Readonly<Record<string, EntityKind>> = {
  account: 'USER',
  group: 'GROUP',
  list: 'LIST',
  team: 'GROUP',
};

/** Undefined for words that cannot be a counterpart. */
export function entityKindV5(type: string | undefined): EntityKind | undefined {
  return type !== undefined && Object.hasOwn(shortKinds, type) ? shortKinds[type] : entityKind(type);
}

/**
 * A user, group or list of v5. Metadata may hold objects (contract, RoleMetadata), so only texts are kept; those of a role are
 * decoded with the role.
 * @param organization Organization of the conversation, for an entity that names none.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
function decodeEntityV5(value: unknown, organization: string | undefined): Counterpart {
  const entity = requireObject(value, 'ConversationItem.entity');
  const kind = entityKindV5(readString(entity, 'type'));
  if (kind === undefined) throw invalidReply('ConversationItem.entity.type');
  return decodeCounterpart(kind, withFlatMetadata(entity, organization));
}

/** The entity with the texts of its metadata alone, and with the organization when it names none. */
export function withFlatMetadata(
  entity: Readonly<Record<string, unknown>>,
  organization: string | undefined,
): Readonly<Record<string, unknown>> {
  const { metadata } = entity;
  const flat = roleMetadataOf(entity) ?? (isRecord(metadata) ? textsOf(metadata) : undefined);
  const { metadata: _metadata, ...rest } = entity;
  const missing = organization !== undefined && readString(entity, 'organization_key') === undefined;
  // Assigned: a spread followed by more properties makes a hidden class of its own for every object (Node 20), and takes 2 µs.
  return Object.assign(
    rest,
    flat === undefined ? undefined : { metadata: flat },
    missing ? { organization_key: organization } : undefined,
  );
}

/**
 * One conversation of the roster.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeConversation(value: unknown): ConversationState {
  const item = requireObject(value, 'ConversationItem');
  const id = requiredText(item, 'conversation_id');
  const organization = readString(item, 'organization_id') ?? requiredText(item, 'organization_key');
  const counterpart = decodeEntityV5(item.entity, organization);
  const counts = assertSchema('UnreadCounts', item);
  const key = { organization, counterpart: counterpart.token, kind: counterpart.kind };
  return {
    key,
    id,
    counterpart,
    lastMessage: isNothing(item.last_message)
      ? undefined
      : { conversation: key, ...decodeLastMessage(item.last_message) },
    unreadCount: counts.unread_message_count,
    unreadPriorityCount: counts.unread_priority_message_count,
    firstExpiringUnread: decodeFirstExpiring(item.first_expiring_unread_message),
    mutedUntil: decodeMuted(item.muted),
    escalationCount: countIn(item.in_progress_escalation_count),
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeConversationPage(reply: unknown): Page<ConversationState | GatewayError> {
  // The SDK takes a bare list too (contract, listConversations).
  if (Array.isArray(reply)) return { items: reply.map(decodeRow), continuation: undefined, total: undefined };
  const page = requireObject(reply, 'listConversations.reply');
  const items = requireArray(page.items, 'listConversations.items').map(decodeRow);
  return { items, continuation: readString(page, 'continuation'), total: undefined };
}

function decodeRow(row: unknown): ConversationState | GatewayError {
  return decodeOrError(row, decodeConversation);
}

/** The upstream's id in a reply about a user, group or list, wrapped or flat; undefined for oneself and for roles. */
export function decodeConversationId(reply: unknown): string | undefined {
  return (
    readString(reply, 'conversation_id') ?? readString(isRecord(reply) ? reply.entity : undefined, 'conversation_id')
  );
}

/** The whole message, or only its token and place (contract, MessageReference). */
function decodeLastMessage(value: unknown): Message {
  const row = requireObject(value, 'ConversationItem.last_message');
  if (row.body !== undefined || row.xmlns !== undefined) return decodeMessage(row);
  const sortNumber = row.sort_number;
  return {
    kind: 'MESSAGE',
    token: requiredText(row, 'message_id'),
    sortNumber: typeof sortNumber === 'number' ? sortNumber : undefined,
  };
}

function decodeFirstExpiring(value: unknown): FirstExpiring | undefined {
  if (isNothing(value)) return undefined;
  const wire = assertSchema('FirstExpiringMessage', value);
  return {
    message: wire.message_id,
    sender: nonEmpty(wire.sender_token),
    expiresAtMs: Date.now() + wire.expire_in * 1_000,
  };
}

/**
 * End of a mute that is not over. An empty object counts as muted in the official client, without a time; there is none to
 * show.
 */
function decodeMuted(value: unknown): string | undefined {
  if (isNothing(value) || (isRecord(value) && Object.keys(value).length === 0)) return undefined;
  const { mute_start: start, mute_duration: minutes } = assertSchema('MuteState', value);
  const until = fromUnixSeconds(start + minutes * 60, 'MuteState.mute_start');
  return Date.parse(until) > Date.now() ? until : undefined;
}

/**
 * A page of a timeline. Items of unknown kinds are left out, as in the official client; an item that breaks the contract
 * yields its error.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeTimelinePage(reply: unknown): TimelinePage<TimelineItem | GatewayError> {
  const page = requireObject(reply, 'readTimeline.reply');
  const rows = requireArray(page.timeline, 'readTimeline.timeline');
  const maxItems = page.max_items;
  if (typeof maxItems !== 'number' || maxItems < 1) throw invalidReply('readTimeline.max_items');
  const items = rows.flatMap((row) => {
    const decode = decoderOf(readString(row, 'xmlns'));
    if (decode === undefined) return [];
    const sortNumber = isRecord(row) ? row.sort_number : undefined;
    if (typeof sortNumber !== 'number' || !Number.isFinite(sortNumber)) throw invalidReply('readTimeline.sort_number');
    return [{ sortNumber, item: decodeOrError(row, decode) }];
  });
  items.sort((one, other) => one.sortNumber - other.sortNumber); // ascending by the contract, and by nothing else here
  return {
    items,
    isFull: rows.length >= maxItems,
    lower: readString(page, 'lower_continuation'),
    higher: readString(page, 'higher_continuation'),
  };
}

function decoderOf(xmlns: string | undefined): ((row: unknown) => TimelineItem) | undefined {
  if (xmlns === 'tigertext:iq:message' || xmlns === 'tigertext:iq:group_message') return (row) => decodeMessage(row);
  return xmlns === 'tigertext:iq:bang' ? decodeNotice : undefined;
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
function decodeNotice(value: unknown): Notice {
  const wire = assertSchema('Notice', value);
  return {
    noticeId: nonEmpty(wire.bang_id),
    word: wire.event,
    at: optionalTimestamp(wire.created_on, 'Notice.created_on'),
    organization: nonEmpty(wire.organization_id),
    actor: decodeParty(wire.caller_entity),
    subject: decodeParty(wire.subject_entity),
    target: decodeParty(wire.target_entity),
    reason: nonEmpty(wire.reason),
    reasonSubject: nonEmpty(wire.reason_subject_token),
    sortNumber: wire.sort_number,
    ...decodeAction(value),
  };
}

/** Of a notice about an escalation; absent from others. Events have the same fields. */
export function decodeAction(notice: unknown): Pick<Notice, 'acted'> | undefined {
  const [by, at, member] = ['action_user_id', 'action_time', 'member_id'].map((name) => readString(notice, name));
  if (by === undefined && at === undefined && member === undefined) return undefined;
  const person = (token: string | undefined, name: string): NoticeParty | undefined =>
    token === undefined ? undefined : { kind: 'USER', token, name: readString(notice, name) };
  return {
    acted: {
      by: person(by, 'action_user_name'),
      at: optionalTimestamp(at, 'Notice.action_time'),
      member: person(member, 'member_name'),
    },
  };
}

function decodeParty(entity: unknown): NoticeParty | undefined {
  const token = readString(entity, 'token');
  if (token === undefined) return undefined;
  return { kind: entityKindV5(readString(entity, 'type')), token, name: readString(entity, 'display_name') };
}

function requiredText(row: Readonly<Record<string, unknown>>, name: string): string {
  const value = readString(row, name);
  if (value === undefined) throw invalidReply(`ConversationItem.${name}`);
  return value;
}

function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
