/**
 * The events of the event stream, with the gateway's names. Plain JSON data, so that an event can be sent to another process.
 * Wire names are used in `upstream/` only.
 *
 * `undefined` means that the upstream sent no value. Times are ISO 8601, UTC. `extra` holds fields under their wire names that
 * no property covers: fields unknown to this version, and known ones with a value of another type.
 */
import type { Counterpart, DeliveryStatus, Message, MessageDatum, RecipientStatus } from './domain.ts';
import type { FirstExpiring, Notice } from './conversation.ts';

export type Extra = Readonly<Record<string, unknown>>;

/**
 * What an event of v5 says of its conversation: the state after the change it reports. Events of v2 say nothing of it. A value
 * that the event does not carry is undefined; `null` means that there is none.
 */
export interface EventConversation {
  /** The upstream's id. */
  readonly id: string;
  readonly organization: string | undefined;
  readonly unreadCount: number | undefined;
  readonly unreadPriorityCount: number | undefined;
  /** Token of the newest message. */
  readonly lastMessage: string | null | undefined;
  readonly firstExpiringUnread: FirstExpiring | null | undefined;
}

interface EventOf<Type extends string> {
  readonly type: Type;
  readonly extra?: Extra | undefined;
  /** Only in events of v5 about a conversation. */
  readonly inConversation?: EventConversation | undefined;
}

/** A direct or group message arrived, or the caller sent one from another device. */
export interface MessageReceived extends EventOf<'MESSAGE_RECEIVED'> {
  readonly message: Message;
  /** An older message, delivered to a new member of a group that replays its history. */
  readonly isHistory: boolean;
  /** Empty except for some group messages. */
  readonly recipientStatuses: readonly RecipientStatus[];
}

interface MessageProgress {
  /** Token of the message. */
  readonly message: string;
  /** Token of the receiving group; undefined for direct messages. */
  readonly group: string | undefined;
  readonly at: string | undefined;
  readonly requestId: string | undefined;
}

/** A message reached `status` for the recipient `user`. */
export interface MessageStatusChanged extends EventOf<'MESSAGE_STATUS_CHANGED'>, MessageProgress {
  readonly user: string;
  readonly status: DeliveryStatus;
}

/** The sender recalled a message; clients no longer show it. */
export interface MessageRecalled extends EventOf<'MESSAGE_RECALLED'>, MessageProgress {
  readonly recalledBy: string | undefined;
}

/** The structured data of a message changed. */
export interface MessageDataChanged extends EventOf<'MESSAGE_DATA_CHANGED'> {
  readonly message: string;
  readonly data: readonly MessageDatum[];
}

export interface TypingChanged extends EventOf<'TYPING_CHANGED'> {
  /** Token of the typing user. */
  readonly user: string;
  readonly isTyping: boolean;
  /** Token of the group; undefined for a direct conversation. */
  readonly group: string | undefined;
  readonly organization: string | undefined;
  /** Token of the role on whose behalf the user types. */
  readonly proxy: string | undefined;
}

export type Presence = 'AVAILABLE' | 'UNAVAILABLE' | 'AWAY';

export interface PresenceChanged extends EventOf<'PRESENCE_CHANGED'> {
  readonly user: string;
  readonly presence: Presence;
}

/** A conversation was added to or removed from the caller's roster; a group is also REMOVED when it is deleted. */
export interface RosterChanged extends EventOf<'ROSTER_CHANGED'> {
  /** UPDATED: counts, delivery states or the last message changed while the stream was closed (v5). */
  readonly change: 'ADDED' | 'UPDATED' | 'REMOVED';
  /** Partial: only the fields in the event. */
  readonly counterpart: Counterpart;
  readonly organization: string | undefined;
}

/** Users, groups or lists changed. Absent fields are unchanged. */
export interface EntityChanged extends EventOf<'ENTITY_CHANGED'> {
  /** At least one, with the fields in the event. */
  readonly entities: readonly Counterpart[];
  readonly organization: string | undefined;
}

/** A notice inside a conversation: a member joined, left, called or escalated. */
export interface ConversationNotice extends EventOf<'CONVERSATION_NOTICE'>, Notice {}

/** The caller's own account changed. */
export interface AccountSettingsChanged extends EventOf<'ACCOUNT_SETTINGS_CHANGED'> {
  readonly user: string | undefined;
  /** The upstream's names of the parts that changed. */
  readonly services: readonly string[];
}

/** `preferences` holds the upstream's fields under their wire names. */
export interface UserPreferencesChanged extends EventOf<'USER_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
}
export interface OrganizationPreferencesChanged extends EventOf<'ORGANIZATION_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
}
/** The settings changed; `settings` is often empty, so clients read the organization again. */
export interface OrganizationSettingsChanged extends EventOf<'ORGANIZATION_SETTINGS_CHANGED'> {
  readonly settings: Extra;
}

export interface TagChanged extends EventOf<'TAG_CHANGED'> {
  readonly token: string;
  readonly name: string | undefined;
  readonly organization: string | undefined;
  readonly colorId: string | undefined;
  readonly colorValue: string | undefined;
}

export interface TeamRequestChanged extends EventOf<'TEAM_REQUEST_CHANGED'> {
  readonly message: string | undefined;
  readonly teamRequest: unknown;
}

export interface WaitingRoomChanged extends EventOf<'WAITING_ROOM_CHANGED'> {
  readonly waitingRoom: Extra;
}

/** A conversation was muted or unmuted, by the caller or on another device of the caller. */
export interface MuteChanged extends EventOf<'MUTE_CHANGED'> {
  readonly change: 'MUTED' | 'UNMUTED' | 'CLEARED';
  /** Token of the account that muted; official clients ignore an event without it. */
  readonly mutedBy: string | undefined;
  /** Kind of the entity in `token`; for ORGANIZATION, `organization` has the key. */
  readonly kind: 'USER' | 'GROUP' | 'ORGANIZATION' | undefined;
  readonly token: string | undefined;
  readonly organization: string | undefined;
  readonly mutedAt: string | undefined;
  readonly durationMinutes: number | undefined;
  readonly mutedUntil: string | undefined;
}

export interface EscalationChanged extends EventOf<'ESCALATION_CHANGED'> {
  readonly escalation: unknown;
}

/** Clients sign out and erase local data. The last event of a subscription. */
export type RemoteWiped = EventOf<'REMOTE_WIPED'>;

/** The session is suspended until the next sign-in. */
export type SessionHibernated = EventOf<'SESSION_HIBERNATED'>;

export interface PushCredentialsChanged extends EventOf<'PUSH_CREDENTIALS_CHANGED'> {
  readonly credentials: Extra;
}

export interface PhoneNumberValidated extends EventOf<'PHONE_NUMBER_VALIDATED'> {
  readonly phoneNumber: string | undefined;
}

/** A long-running task of the upstream began or ended. */
export interface ProcessingChanged extends EventOf<'PROCESSING_CHANGED'> {
  readonly isRunning: boolean;
  /** The upstream's name of the task, such as `message_replay`. */
  readonly action: string | undefined;
  readonly conversation: string | undefined;
  readonly organization: string | undefined;
  readonly entity: unknown;
}

export type CallStage = 'INCOMING' | 'ANSWERED' | 'ENDED' | 'STATE' | 'PROXY_INCOMING' | 'JOINABLE';

export interface CallChanged extends EventOf<'CALL_CHANGED'> {
  readonly stage: CallStage;
  readonly call: Extra;
}

export type PushNoticeKind = 'REPEAT' | 'NEW_USER' | 'EMAIL_VERIFICATION' | 'ADDRESS_BOOK_MATCH';

export interface PushNotice extends EventOf<'PUSH_NOTICE'> {
  readonly notice: PushNoticeKind;
  readonly alert: string | undefined;
  readonly badge: number | undefined;
  readonly sound: string | undefined;
  readonly organization: string | undefined;
  readonly user: string | undefined;
  /** The upstream's name of the notice. */
  readonly word: string | undefined;
}

/** An event of an unknown type, or of a known type with a payload that violates the contract. The payload is complete. */
export interface UnknownEvent extends EventOf<'UNKNOWN'> {
  /** The upstream's name of the type. */
  readonly name: string;
  readonly payload: unknown;
}

/** Replaces an event whose frame exceeded the length limit. */
export interface EventSkipped extends EventOf<'SUBSCRIPTION_GAP'> {
  readonly reason: 'TOO_LARGE';
}

export type GatewayEvent =
  | EventSkipped
  | MessageReceived
  | MessageStatusChanged
  | MessageRecalled
  | MessageDataChanged
  | TypingChanged
  | PresenceChanged
  | RosterChanged
  | EntityChanged
  | ConversationNotice
  | AccountSettingsChanged
  | UserPreferencesChanged
  | OrganizationPreferencesChanged
  | OrganizationSettingsChanged
  | TagChanged
  | TeamRequestChanged
  | WaitingRoomChanged
  | MuteChanged
  | EscalationChanged
  | RemoteWiped
  | SessionHibernated
  | PushCredentialsChanged
  | PhoneNumberValidated
  | ProcessingChanged
  | CallChanged
  | PushNotice
  | UnknownEvent;

/** What a call of the caller made: a message that was sent, or a conversation that is there now. */
export type OwnChange = MessageReceived | RosterChanged;

export type GatewayEventType = GatewayEvent['type'];
