/** Events about conversations and their counterparts (EVENTS §6): roster, changed entities, notices, mutes, tags. */
import type { Counterpart, EntityKind } from '../../domain.ts';
import type {
  ConversationNotice,
  EntityChanged,
  MuteChanged,
  NoticeParty,
  RosterChanged,
  TagChanged,
} from '../../gateway-event.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeCounterpart, entityKind } from '../wire/entity.ts';
import { fromUnixSeconds } from '../wire/timestamp.ts';
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
  ]),
  LIST: new Set([...commonFields, 'num_members']),
};

/** Events name the organization `organization_id`, entities `organization_key`; the event's name takes precedence. */
function organizationOf(fields: EventFields): string | undefined {
  return fields.text('organization_id') ?? fields.text('organization_key');
}

/** Actions of a `friends` event; the official clients know add and del. */
function rosterChange(word: string | undefined, field: string): 'ADDED' | 'REMOVED' {
  if (word === 'add') return 'ADDED';
  if (word === 'del') return 'REMOVED';
  throw invalidReply(field);
}

/**
 * Reads both forms: a short `friend` with its entity type in `xmlns`, or a complete `entity` next to the action.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeFriends(fields: EventFields): RosterChanged {
  const name = fields.payload.friend === undefined ? 'entity' : 'friend';
  const entity = fieldsOf(fields.payload[name]);
  if (entity === undefined) throw invalidReply('event.friend');
  const action = entity.text('action') ?? fields.text('action');
  const kind = entity.kind('type') ?? entity.kind('xmlns');
  if (kind === undefined) throw invalidReply(`event.${name}.type`);
  const counterpart = decodeCounterpart(kind, { ...entity.payload, organization_key: organizationOf(entity) });
  fields.markNestedRead(name, new Set([...entityFields[kind], 'action']));
  return {
    type: 'ROSTER_CHANGED',
    change: rosterChange(action, `event.${name}.action`),
    counterpart,
    organization: organizationOf(entity) ?? organizationOf(fields),
    extra: fields.extra(),
  };
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
    const names = known.flatMap(({ kind }) => [...entityFields[kind]]);
    if (known.length === rows.length) fields.markNestedRead(name, new Set(names));
  }
  if (entities.length === 0) throw invalidReply('event.type');
  return { type: 'ENTITY_CHANGED', entities, organization, extra: fields.extra() };
}

function knownEntity(row: unknown): { kind: EntityKind; counterpart: Counterpart }[] {
  const type = fieldsOf(row)?.text('type');
  const kind = entityKind(type);
  return kind === undefined ? [] : [{ kind, counterpart: decodeCounterpart(kind, row) }];
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
    extra: fields.extra(),
  };
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

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeTag(fields: EventFields): TagChanged {
  const color = fieldsOf(fields.payload.color);
  fields.markNestedRead('color', colorFields);
  const colorId = color?.payload.color_id;
  return {
    type: 'TAG_CHANGED',
    token: fields.requiredText('token'),
    name: fields.text('display_name'),
    organization: fields.text('organization_key'),
    colorId: colorId === undefined ? undefined : String(colorId), // number or text; the contract does not say
    colorValue: color?.text('color_value'),
    extra: fields.extra(),
  };
}
