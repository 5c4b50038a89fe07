/** Events about the caller's own account, its organizations, sessions, calls and push notices (EVENTS §6). */

import type {
  AccountSettingsChanged,
  CallChanged,
  CallStage,
  EscalationChanged,
  PhoneNumberValidated,
  ProcessingChanged,
  PushNotice,
  PushNoticeKind,
  TeamRequestChanged,
} from '../../account-event.ts';
import type { Extra } from '../../event-base.ts';
import type { Presence, PresenceChanged } from '../../gateway-event.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { type EventFields, fieldsOf } from './event-fields.ts';

/** A payload without a fixed shape. Leaves out `xmlns`, which repeats the event type. */
export function wholePayload(fields: EventFields): Extra {
  const { xmlns: _repeatsTheType, ...rest } = fields.payload;
  return rest;
}

const presences: Readonly<Record<string, Presence>> = {
  available: 'AVAILABLE',
  unavailable: 'UNAVAILABLE',
  away: 'AWAY',
};

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodePresence(fields: EventFields): PresenceChanged {
  const word = fields.requiredText('type');
  const presence = Object.hasOwn(presences, word) ? presences[word] : undefined;
  if (presence === undefined) throw invalidReply('event.type');
  return { type: 'PRESENCE_CHANGED', user: fields.requiredText('from'), presence, extra: fields.extra() };
}

const serviceFields = new Set(['xmlns']);

export function decodeAccountSettings(fields: EventFields): AccountSettingsChanged {
  const rows = fields.list('services') ?? [];
  fields.markNestedRead('services', serviceFields);
  return {
    type: 'ACCOUNT_SETTINGS_CHANGED',
    user: fields.text('token'),
    services: rows.flatMap((row) => fieldsOf(row)?.text('xmlns') ?? []),
    extra: fields.extra(),
  };
}

export function decodeTeamRequest(fields: EventFields): TeamRequestChanged {
  return {
    type: 'TEAM_REQUEST_CHANGED',
    message: fields.text('message_id'),
    teamRequest: fields.json('team_request'),
    extra: fields.extra(),
  };
}

export function decodeEscalation(fields: EventFields): EscalationChanged {
  return { type: 'ESCALATION_CHANGED', escalation: fields.json('escalation'), extra: fields.extra() };
}

export function decodeValidated(fields: EventFields): PhoneNumberValidated {
  return { type: 'PHONE_NUMBER_VALIDATED', phoneNumber: fields.text('phone_number'), extra: fields.extra() };
}

export function decodeProcessing(fields: EventFields, isRunning: boolean): ProcessingChanged {
  return {
    type: 'PROCESSING_CHANGED',
    isRunning,
    action: fields.text('action_type'),
    conversation: fields.text('conversation_id'),
    organization: fields.text('organization_id'),
    entity: fields.json('entity'),
    extra: fields.extra(),
  };
}

export function decodeCall(fields: EventFields, stage: CallStage): CallChanged {
  return { type: 'CALL_CHANGED', stage, call: wholePayload(fields) };
}

export function decodePushNotice(fields: EventFields, notice: PushNoticeKind): PushNotice {
  return {
    type: 'PUSH_NOTICE',
    notice,
    alert: fields.text('alert'),
    badge: fields.number('badge'),
    sound: fields.text('sound'),
    organization: fields.text('organization'),
    user: fields.text('user_id'),
    word: fields.text('type'),
    extra: fields.extra(),
  };
}
