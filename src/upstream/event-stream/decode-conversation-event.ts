/** Events about conversations and their counterparts (EVENTS §6): roster, changed entities, notices, mutes, tags. */

import type { TagChanged } from '../../domain/account-event.ts';
import type { NoticeParty } from '../../domain/conversation.ts';
import type { Counterpart, EntityKind } from '../../domain/domain.ts';
import type { ConversationNotice, EntityChanged, MuteChanged, RosterChanged } from '../../domain/gateway-event.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeAction, withFlatMetadata } from '../wire/conversation.ts';
import { decodeCounterpart } from '../wire/entity.ts';
import { fromUnixSeconds } from '../wire/timestamp.ts';
import { readEventConversation } from './decode-event-conversation.ts';
import { type EventFields, fieldsOf } from './event-fields.ts';

/** Field names that decodeCounterpart reads for each kind, including names of the envelope. */
const commonFields = [
  'type',
  'xmlns',
  'token',
  'organization_id',
  'organization_key',
  'metadata',
  'display_name',
  'name',
];
const entityFields: Readonly<Record<EntityKind, ReadonlySet<string>>> = {
  USER: new Set([
    ...commonFields,
    'first_name',
    'last_name',
    'username',
    'status',
    'title',
    'department',
    'avatar',
    'dnd',
    'dnd_text',
    'dnd_auto_forward_receiver',
    'emails',
    'phones',
    'organization_token',
  ]),
  GROUP: new Set([
    ...commonFields,
    'description',
    'avatar',
    'is_public',
    'replay_history',
    'members',
    'num_members',
    'created_time',
    'created_by',
    'escalation',
  ]),
  LIST: new Set([...commonFields, 'num_members']),
};

/** Events name the organization `organization_id`, entities `organization_key`; the event's name takes precedence. */
function organizationOf(fields: EventFields): string | undefined {
  return fields.text('organization_id') ?? fields.text('organization_key');
}

const rosterChanges = { add: 'ADDED', update: 'UPDATED', del: 'REMOVED' } as const;

/**
 * Reads all forms: a short `friend` with its entity type in `xmlns` (v2), a complete `entity` next to the action, and `entity`
 * with only the name of its type (v5, del).
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeFriends(fields: EventFields): RosterChanged {
  const name = fields.payload.friend === undefined ? 'entity' : 'friend';
  const entity = fieldsOf(fields.payload[name]) ?? flatEntity(fields);
  if (entity === undefined) throw invalidReply('event.friend');
  const change = lookUpWord(rosterChanges, entity.text('action') ?? fields.text('action'));
  if (change === undefined) throw invalidReply(`event.${name}.action`);
  const kind = entity.kind('type') ?? entity.kind('xmlns');
  if (kind === undefined) throw invalidReply(`event.${name}.type`);
  const organization = organizationOf(entity) ?? organizationOf(fields);
  const counterpart = decodeCounterpart(kind, {
    ...withFlatMetadata(identified(entity.payload), undefined),
    organization_key: organization,
  });
  fields.markNestedRead(name, new Set([...fieldsOfEntity(kind, entity.payload), 'action']));
  const inConversation = readEventConversation(fields);
  if (inConversation !== undefined) fields.markRead(itemFields);
  return { type: 'ROSTER_CHANGED', change, counterpart, organization, inConversation, extra: fields.extra() };
}

/** Further fields of a conversation in an event: ignored, because they are read with the conversation. */
const itemFields: ReadonlySet<string> = new Set(['muted', 'in_progress_escalation_count', 'lowest_sort_number']);

function flatEntity(fields: EventFields): EventFields | undefined {
  const { entity, token } = fields.payload;
  if (typeof entity !== 'string' || typeof token !== 'string') return undefined;
  fields.text('entity');
  fields.text('token');
  return fieldsOf({ type: entity, token });
}

/**
 * Reads a flat entity, an `entity` or a list of `entities`. Entities of kinds without a gateway type (tags) stay in `extra`;
 * an event with only such entities is rejected, and so becomes UNKNOWN.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeUpdate(fields: EventFields): EntityChanged {
  const organization = organizationOf(fields);
  const entities: Counterpart[] = [];
  const flat = fields.kind('type');
  if (flat !== undefined) {
    entities.push(decodeCounterpart(flat, fields.payload));
    fields.markRead(entityFields[flat]);
  }
  for (const name of ['entity', 'entities']) {
    const value = fields.payload[name];
    const rows: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const known = rows.flatMap((row) => knownEntity(row));
    entities.push(...known.map(({ counterpart }) => counterpart));
    const names = known.flatMap(({ kind, payload }) => fieldsOfEntity(kind, payload));
    if (known.length === rows.length) fields.markNestedRead(name, new Set(names));
  }
  if (entities.length === 0) throw invalidReply('event.type');
  return { type: 'ENTITY_CHANGED', entities, organization, extra: fields.extra() };
}

interface KnownEntity {
  readonly kind: EntityKind;
  readonly counterpart: Counterpart;
  readonly payload: Entity;
}

function knownEntity(row: unknown): KnownEntity[] {
  const entity = fieldsOf(row);
  const kind = entity?.kind('type');
  if (entity === undefined || kind === undefined) return [];
  const { payload } = entity;
  return [{ kind, counterpart: decodeCounterpart(kind, withFlatMetadata(identified(payload), undefined)), payload }];
}

type Entity = EventFields['payload'];

/** Of roles and their duty lists official clients read `id`, which repeats the token (EVENTS-v5 §4). */
function identified(payload: Entity): Entity {
  const { id, token } = payload;
  return (token === undefined || token === '') && typeof id === 'string' ? { ...payload, token: id } : payload;
}

function fieldsOfEntity(kind: EntityKind, payload: Entity): string[] {
  return [...entityFields[kind], ...(identified(payload).token === payload.id ? ['id'] : [])];
}

const partyFields = new Set(['type', 'token', 'display_name', 'name']);

function party(fields: EventFields, name: string): NoticeParty | undefined {
  const entity = fieldsOf(fields.payload[name]);
  const token = entity?.text('token');
  if (entity === undefined || token === undefined) return undefined;
  const kind = entity.kind('type');
  // `extra` keeps an entity of a type unknown to the gateway.
  if (kind !== undefined) fields.markNestedRead(name, partyFields);
  return { kind, token, name: entity.text('display_name') ?? entity.text('name') };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeBang(fields: EventFields): ConversationNotice {
  return {
    type: 'CONVERSATION_NOTICE',
    inConversation: readEventConversation(fields),
    noticeId: fields.text('bang_id'),
    word: fields.requiredText('event'),
    at: fields.time('created_on'),
    organization: fields.text('organization_id'),
    actor: party(fields, 'caller_entity'),
    subject: party(fields, 'subject_entity'),
    target: party(fields, 'target_entity'),
    reason: fields.text('reason'),
    reasonSubject: fields.text('reason_subject_token'),
    sortNumber: fields.number('sort_number'),
    ...actionOf(fields),
    extra: fields.extra(),
  };
}

/** The action on an escalation; an invalid time is omitted, and the event remains. */
function actionOf(fields: EventFields): ReturnType<typeof decodeAction> {
  const at = fields.time('action_time');
  for (const name of ['action_user_id', 'action_user_name', 'member_id', 'member_name']) fields.text(name);
  return decodeAction({ ...fields.payload, action_time: at });
}

const muteChanges = { add: 'MUTED', del: 'UNMUTED', clear: 'CLEARED' } as const;
const muteKinds = { account: 'USER', user: 'USER', group: 'GROUP', organization: 'ORGANIZATION' } as const;

function lookUpWord<Words extends Readonly<Record<string, string>>>(words: Words, word: string | undefined) {
  return word !== undefined && Object.hasOwn(words, word) ? (words[word] as Words[keyof Words]) : undefined;
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeMute(fields: EventFields): MuteChanged {
  const change = lookUpWord(muteChanges, fields.text('action'));
  if (change === undefined) throw invalidReply('event.action');
  const senderType = fields.payload.sender_type;
  const kind = lookUpWord(
    muteKinds,
    typeof senderType === 'string' ? senderType.replace('tigertext:entity:', '') : undefined,
  );
  if (kind !== undefined) fields.text('sender_type');
  const start = fields.number('mute_start');
  const durationMinutes = fields.number('mute_duration');
  return {
    type: 'MUTE_CHANGED',
    inConversation: readEventConversation(fields),
    change,
    mutedBy: fields.text('token'),
    kind,
    token: fields.text('sender_token'),
    organization: fields.text('organization_id') ?? fields.text('caller_organization'),
    mutedAt: start === undefined ? undefined : fromUnixSeconds(start, 'event.mute_start'),
    durationMinutes,
    mutedUntil:
      start === undefined || durationMinutes === undefined
        ? undefined
        : fromUnixSeconds(start + durationMinutes * 60, 'event.mute_duration'),
    extra: fields.extra(),
  };
}

const colorFields = new Set(['color_id', 'color_value']);

/** Reads the flat form of v2 and the `entity` of v5. @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeTag(fields: EventFields): TagChanged {
  const entity = fieldsOf(fields.payload.entity);
  const tag = entity ?? fields;
  const color = fieldsOf(tag.payload.color);
  if (entity === undefined) fields.markNestedRead('color', colorFields);
  else fields.markNestedRead('entity', tagFields);
  const colorId = color?.payload.color_id;
  return {
    type: 'TAG_CHANGED',
    token: tag.requiredText('token'),
    name: tag.text('display_name'),
    organization: fields.text('organization_key') ?? fields.text('organization_id'),
    colorId: colorId === undefined ? undefined : String(colorId), // number or text; the contract does not say
    colorValue: color?.text('color_value'),
    extra: fields.extra(),
  };
}

const tagFields = new Set(['token', 'display_name', 'color', 'organization_key']);
