/** What every event of a subscription has, and the names of all of them. */
import type { Extra, GatewayEvent } from '../../gateway-event.ts';
import { builder } from '../builder.ts';
import { orNull } from '../refs.ts';

/** Stands in the stream where events may be missing. */
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

/** An event as subscriptions give it; `Type` narrows it to one kind. */
export type EventNode<Type extends EventType = EventType> = Received<Extract<AnyEvent, { readonly type: Type }>>;

/** GraphQL names of the events. */
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
  description: 'What can happen. Each has an object type of its own.',
  values: {
    MESSAGE_RECEIVED: { description: 'A message arrived, or was sent by the caller from elsewhere.' },
    MESSAGE_STATUS_CHANGED: { description: 'A recipient got, opened or confirmed a message.' },
    MESSAGE_RECALLED: { description: 'A message was taken back by its sender.' },
    MESSAGE_DATA_CHANGED: { description: 'The structured data of a message changed.' },
    TYPING_CHANGED: { description: 'Somebody began or stopped typing. Never stored.' },
    PRESENCE_CHANGED: { description: 'Somebody came or went. Never stored.' },
    ROSTER_CHANGED: { description: 'A conversation was added to or removed from the roster.' },
    ENTITY_CHANGED: { description: 'Users, groups or distribution lists changed.' },
    CONVERSATION_NOTICE: { description: 'Something to show inside a conversation, such as a new member.' },
    ACCOUNT_SETTINGS_CHANGED: { description: 'The caller’s own account changed.' },
    USER_PREFERENCES_CHANGED: { description: 'The caller’s preferences changed.' },
    ORGANIZATION_PREFERENCES_CHANGED: { description: 'An organization’s preferences changed.' },
    ORGANIZATION_SETTINGS_CHANGED: { description: 'An organization’s settings changed.' },
    TAG_CHANGED: { description: 'A tag changed.' },
    TEAM_REQUEST_CHANGED: { description: 'A request to a team changed.' },
    WAITING_ROOM_CHANGED: { description: 'A virtual waiting room changed.' },
    MUTE_CHANGED: { description: 'A conversation was silenced or heard again.' },
    ESCALATION_CHANGED: { description: 'An escalation changed.' },
    REMOTE_WIPED: { description: 'The account was signed out everywhere. The last event of a subscription.' },
    SESSION_HIBERNATED: { description: 'The session sleeps until the next sign-in. Never stored.' },
    PUSH_CREDENTIALS_CHANGED: { description: 'Credentials for push notices changed. Never stored.' },
    PHONE_NUMBER_VALIDATED: { description: 'A phone number of the caller was verified.' },
    PROCESSING_CHANGED: { description: 'A long-running work of the upstream began or ended. Never stored.' },
    CALL_CHANGED: { description: 'A voice or video call came, was answered or ended. Never stored.' },
    PUSH_NOTICE: { description: 'What a phone would show as a push notice.' },
    UNKNOWN: { description: 'Something this version of the gateway has no type for.' },
    SUBSCRIPTION_GAP: { description: 'Events may be missing before the next one.' },
  } satisfies Record<EventType, object>,
});

export const EventRef = builder.interfaceRef<EventNode>('Event').implement({
  description:
    'Something that happened. Stored events come again until they are acknowledged; never twice on one subscription.',
  resolveType: ({ event }) => eventTypeNames[event.type],
  fields: (t) => ({
    id: t.exposeID('id', {
      nullable: false,
      description: 'Names the event: what `acknowledgeEvents` and `after` take. No global id.',
    }),
    type: t.field({
      type: EventTypeRef,
      nullable: false,
      description: 'What happened.',
      resolve: ({ event }) => event.type,
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the gateway received it.',
    }),
    extra: t.field({
      type: 'JSON',
      description: 'What the upstream sent beyond the fields of the type, under its own names; null when nothing.',
      resolve: ({ event }): Extra | null => orNull(event.extra),
    }),
  }),
});

builder.objectRef<EventNode<'UNKNOWN'>>(eventTypeNames.UNKNOWN).implement({
  interfaces: [EventRef],
  description:
    'An event this version of the gateway has no type for, or one that breaks the upstream’s contract; whole, as it came.',
  fields: (t) => ({
    upstreamType: t.string({
      nullable: false,
      description: 'The upstream’s name of the type.',
      resolve: ({ event }) => event.name,
    }),
    payload: t.field({
      type: 'JSON',
      description: 'All the upstream said, under its own names; null when it said null.',
      resolve: ({ event }) => event.payload ?? null,
    }),
  }),
});

const GapReasonRef = builder.enumType('GapReason', {
  description: 'Why events may be missing.',
  values: {
    UNKNOWN_POSITION: {
      description: 'The event resumed after is not, or no longer, known here: too old, or received by another gateway.',
    },
    EVICTED: { description: 'The event resumed after is known, but some after it had to make room.' },
    HOLD_EXCEEDED: {
      description:
        'More events than MANUAL_HOLD_EVENTS were not named by MANUAL subscriptions; the oldest, up to the one whose id this has, may have been acknowledged.',
    },
    TOO_LARGE: {
      description:
        'An event is longer than the gateway reads (`STREAM_MAX_FRAME`) and was skipped. `id` is its own, to be acknowledged like any other.',
    },
  } satisfies Record<GapEvent['reason'], object>,
});

builder.objectRef<EventNode<'SUBSCRIPTION_GAP'>>(eventTypeNames.SUBSCRIPTION_GAP).implement({
  interfaces: [EventRef],
  description:
    'Events between the one resumed after and the next one may be missing; read again what has to be right. What is unacknowledged follows. Its `id` is the `after` that was asked for, or with HOLD_EXCEEDED the latest event that was let go, or with TOO_LARGE that of the event that was skipped.',
  fields: (t) => ({
    gapReason: t.field({
      type: GapReasonRef,
      nullable: false,
      description: 'Why.',
      resolve: ({ event }) => event.reason,
    }),
  }),
});
