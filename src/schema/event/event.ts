/** The `Event` interface, its common fields, and the names of all event types. */

import type { Extra } from '../../domain/event-base.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { builder } from '../builder.ts';

/** Marks a position in the stream where events may be missing. */
export interface GapEvent {
  readonly type: 'SUBSCRIPTION_GAP';
  readonly reason: 'UNKNOWN_POSITION' | 'EVICTED' | 'HOLD_EXCEEDED' | 'TOO_LARGE';
  readonly extra?: undefined;
}

type AnyEvent = GatewayEvent | GapEvent;
export type EventType = AnyEvent['type'];

interface Received<Happened> {
  readonly id: string;
  readonly receivedAt: string;
  readonly event: Happened;
}

/** An event as delivered to subscriptions; `Type` narrows it to one kind. */
export type EventNode<Type extends EventType = EventType> = Received<Extract<AnyEvent, { readonly type: Type }>>;

/** GraphQL type names of the events. */
export const eventTypeNames = {
  MESSAGE_RECEIVED: 'MessageReceived',
  MESSAGE_STATUS_CHANGED: 'MessageStatusChanged',
  MESSAGE_RECALLED: 'MessageRecalled',
  MESSAGE_DATA_CHANGED: 'MessageDataChanged',
  TYPING_CHANGED: 'TypingChanged',
  PRESENCE_CHANGED: 'PresenceChanged',
  ROSTER_CHANGED: 'RosterChanged',
  ENTITY_CHANGED: 'EntityChanged',
  CONVERSATION_NOTICE: 'ConversationNotice',
  ACCOUNT_SETTINGS_CHANGED: 'AccountSettingsChanged',
  USER_PREFERENCES_CHANGED: 'UserPreferencesChanged',
  ORGANIZATION_PREFERENCES_CHANGED: 'OrganizationPreferencesChanged',
  ORGANIZATION_SETTINGS_CHANGED: 'OrganizationSettingsChanged',
  TAG_CHANGED: 'TagChanged',
  TEAM_REQUEST_CHANGED: 'TeamRequestChanged',
  WAITING_ROOM_CHANGED: 'WaitingRoomChanged',
  MUTE_CHANGED: 'MuteChanged',
  ESCALATION_CHANGED: 'EscalationChanged',
  REMOTE_WIPED: 'RemoteWiped',
  SESSION_HIBERNATED: 'SessionHibernated',
  PUSH_CREDENTIALS_CHANGED: 'PushCredentialsChanged',
  PHONE_NUMBER_VALIDATED: 'PhoneNumberValidated',
  PROCESSING_CHANGED: 'ProcessingChanged',
  CALL_CHANGED: 'CallChanged',
  PUSH_NOTICE: 'PushNotice',
  UNKNOWN: 'UnknownEvent',
  SUBSCRIPTION_GAP: 'SubscriptionGap',
} as const satisfies Record<EventType, string>;

export const EventTypeRef = builder.enumType('EventType', {
  description: 'Types of events. Each has an object type.',
  values: {
    MESSAGE_RECEIVED: { description: 'A message arrived, or the caller sent one from another device.' },
    MESSAGE_STATUS_CHANGED: { description: 'A recipient received, opened or confirmed a message.' },
    MESSAGE_RECALLED: { description: 'The sender recalled a message.' },
    MESSAGE_DATA_CHANGED: { description: 'The structured data of a message changed.' },
    TYPING_CHANGED: { description: 'A user started or stopped typing. Never stored.' },
    PRESENCE_CHANGED: { description: 'The presence of a user changed. Never stored.' },
    ROSTER_CHANGED: { description: 'A conversation was added to or removed from the roster.' },
    ENTITY_CHANGED: { description: 'Users, groups or distribution lists changed.' },
    CONVERSATION_NOTICE: { description: 'A notice inside a conversation, such as a new member.' },
    ACCOUNT_SETTINGS_CHANGED: { description: 'The caller’s own account changed.' },
    USER_PREFERENCES_CHANGED: { description: 'The caller’s preferences changed.' },
    ORGANIZATION_PREFERENCES_CHANGED: { description: 'An organization’s preferences changed.' },
    ORGANIZATION_SETTINGS_CHANGED: { description: 'An organization’s settings changed.' },
    TAG_CHANGED: { description: 'A tag of an organization changed.' },
    TEAM_REQUEST_CHANGED: { description: 'A request to a team changed.' },
    WAITING_ROOM_CHANGED: { description: 'A virtual waiting room changed.' },
    MUTE_CHANGED: { description: 'A conversation was muted or unmuted.' },
    ESCALATION_CHANGED: { description: 'An escalation of a message changed.' },
    REMOTE_WIPED: { description: 'The account was signed out everywhere. This is the last event of a subscription.' },
    SESSION_HIBERNATED: { description: 'The session is suspended until the next sign-in. Never stored.' },
    PUSH_CREDENTIALS_CHANGED: { description: 'Credentials for push notifications changed. Never stored.' },
    PHONE_NUMBER_VALIDATED: { description: 'A phone number of the caller was verified.' },
    PROCESSING_CHANGED: { description: 'A long-running task of the upstream began or ended. Never stored.' },
    CALL_CHANGED: { description: 'A voice or video call rang, was answered or ended. Never stored.' },
    PUSH_NOTICE: { description: 'A push notification for a mobile device.' },
    UNKNOWN: { description: 'An event that this version of the gateway has no type for.' },
    SUBSCRIPTION_GAP: { description: 'Events may be missing before the next one.' },
  } satisfies Record<EventType, object>,
});

const noExtra: Extra = {};

export const EventRef = builder.interfaceRef<EventNode>('Event').implement({
  description:
    'An event of the caller’s stream. The upstream sends stored events again until they are acknowledged; one subscription never delivers an event twice.',
  resolveType: ({ event }) => eventTypeNames[event.type],
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: false,
      description: 'Id of the event, for `acknowledgeEvents` and `after`; not a global id.',
    }),
    type: t.field({
      type: EventTypeRef,
      nullable: false,
      description: 'Type of this event.',
      resolve: ({ event }) => event.type,
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'Time the gateway received the event.',
    }),
    extra: t.field({
      type: 'JSON',
      description: 'Further values the upstream sent, under the upstream’s names; an empty object when there are none.',
      resolve: ({ event }): Extra => event.extra ?? noExtra,
    }),
  }),
});

builder.objectRef<EventNode<'UNKNOWN'>>(eventTypeNames.UNKNOWN).implement({
  interfaces: [EventRef],
  description:
    'An event that this version of the gateway has no type for, or that violates the upstream’s contract, unchanged.',
  fields: (t) => ({
    upstreamType: t.string({
      nullable: false,
      description: 'The upstream’s name of the event type.',
      resolve: ({ event }) => event.name,
    }),
    payload: t.field({
      type: 'JSON',
      description: 'The complete payload, under the upstream’s names; null when the payload is null.',
      resolve: ({ event }) => event.payload ?? null,
    }),
  }),
});

const GapReasonRef = builder.enumType('GapReason', {
  description: 'Reason why events may be missing.',
  values: {
    UNKNOWN_POSITION: {
      description:
        'The gateway does not know the event in `after`: it is too old, or another gateway received it. Or the upstream repeated it after newer events, which the client may lack.',
    },
    EVICTED: { description: 'The event in `after` is known, but some later events have left the resume buffer.' },
    HOLD_EXCEEDED: {
      description:
        'MANUAL subscriptions left more than MANUAL_HOLD_EVENTS events unacknowledged. The oldest, up to the one with this `id`, may have been acknowledged.',
    },
    TOO_LARGE: {
      description:
        'An event exceeds `STREAM_MAX_FRAME` and was skipped. `id` is the id of that event, which can be acknowledged.',
    },
  } satisfies Record<GapEvent['reason'], object>,
});

builder.objectRef<EventNode<'SUBSCRIPTION_GAP'>>(eventTypeNames.SUBSCRIPTION_GAP).implement({
  interfaces: [EventRef],
  description:
    'Events before the next one may be missing; read again all data that must be current. Unacknowledged events follow. `id` is the last event before it or the requested `after`, 00000000-0000-0000-0000-000000000001 without either; with HOLD_EXCEEDED, the latest released event; with TOO_LARGE, the skipped event.',
  fields: (t) => ({
    gapReason: t.field({
      type: GapReasonRef,
      nullable: false,
      description: 'Reason for the gap in the stream.',
      resolve: ({ event }) => event.reason,
    }),
  }),
});
