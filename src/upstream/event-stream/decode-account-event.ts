/** Events about the caller's own account, its organizations, sessions and push notices (EVENTS §6). */

import type {
  AccountSettingsChanged,
  EscalationChanged,
  OrganizationPreferencesChanged,
  PhoneNumberValidated,
  PushNotice,
  PushNoticeKind,
  UserPreferencesChanged,
} from '../../domain/account-event.ts';
import type { Extra } from '../../domain/event-base.ts';
import type { Presence, PresenceChanged } from '../../domain/gateway-event.ts';
import { GatewayError } from '../../errors.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { escalationFields, escalationIn, messagesOf } from '../wire/escalation.ts';
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

/** Settings of the account that changed, by the names of their services. */
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

/** The caller's preferences, as a whole. */
export function decodeUserPreferences(fields: EventFields): UserPreferencesChanged {
  return { type: 'USER_PREFERENCES_CHANGED', quickReplies: quickRepliesIn(fields), preferences: wholePayload(fields) };
}

/** Preferences of an organization, as a whole. */
export function decodeOrganizationPreferences(fields: EventFields): OrganizationPreferencesChanged {
  const patient = fieldsOf(fieldsOf(fields.payload.network)?.payload.patient);
  return {
    type: 'ORGANIZATION_PREFERENCES_CHANGED',
    // They are written under `network.patient`, and may come from there too.
    quickReplies: quickRepliesIn(fields) ?? (patient && quickRepliesIn(patient)),
    organization: fields.text('organization') ?? fields.text('organization_id') ?? fields.text('organization_key'),
    preferences: wholePayload(fields),
  };
}

/** Undefined unless it is a list of texts. */
function quickRepliesIn(fields: EventFields): readonly string[] | undefined {
  const replies = fields.list('quick_replies');
  const isText = (reply: unknown): reply is string => typeof reply === 'string';
  return replies?.every(isText) === true ? replies : undefined;
}

/** A change of an escalation; its value is an error when it violates the contract. */
export function decodeEscalation(fields: EventFields): EscalationChanged {
  const changed = escalationIn(fields.payload) ?? invalidReply('event.escalation');
  if (!(changed instanceof GatewayError)) fields.markNestedRead('escalation', escalationFields);
  const { escalation } = fields.payload;
  return { type: 'ESCALATION_CHANGED', escalation, changed, messages: messagesOf(escalation), extra: fields.extra() };
}

/** A phone number that was validated. */
export function decodeValidated(fields: EventFields): PhoneNumberValidated {
  return { type: 'PHONE_NUMBER_VALIDATED', phoneNumber: fields.text('phone_number'), extra: fields.extra() };
}

/** The text of a push notification. */
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
