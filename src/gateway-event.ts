/**
 * What the event stream tells, in the gateway's own words. Plain JSON data throughout, so that an event can cross a
 * process boundary as it is. Wire names stay in `upstream/`.
 *
 * `undefined` means "the upstream did not say". Times are ISO 8601, UTC. `extra` holds what the upstream sent beyond the
 * typed fields, under its own names: fields this version does not know, and known ones whose value was of another kind.
 */
import type { Counterpart, DeliveryStatus, EntityKind, Message, MessageDatum, RecipientStatus } from './domain.ts';

export type Extra = Readonly<Record<string, unknown>>;

interface EventOf<Type extends string> {
  readonly type: Type;
  readonly extra?: Extra | undefined;
}

/** A direct or group message arrived, or one the caller sent from another device. */
export interface MessageReceived extends EventOf<'MESSAGE_RECEIVED'> {
  readonly message: Message;
  /** An older message, given to a new member of a group that replays its history. */
  readonly isHistory: boolean;
  /** Only in some group messages; empty otherwise. */
  readonly recipientStatuses: readonly RecipientStatus[];
}

interface MessageProgress {
  /** Token of the message. */
  readonly message: string;
  /** Token of the group it went to; undefined for direct messages. */
  readonly group: string | undefined;
  readonly at: string | undefined;
  readonly requestId: string | undefined;
}

/** `user`, a recipient, reached `status`. */
export interface MessageStatusChanged extends EventOf<'MESSAGE_STATUS_CHANGED'>, MessageProgress {
  readonly user: string;
  readonly status: DeliveryStatus;
}

/** The sender took a message back: show it no longer. */
export interface MessageRecalled extends EventOf<'MESSAGE_RECALLED'>, MessageProgress {
  readonly recalledBy: string | undefined;
}

/** The structured data of a message changed. */
export interface MessageDataChanged extends EventOf<'MESSAGE_DATA_CHANGED'> {
  readonly message: string;
  readonly data: readonly MessageDatum[];
}

export interface TypingChanged extends EventOf<'TYPING_CHANGED'> {
  /** Token of who is typing. */
  readonly user: string;
  readonly isTyping: boolean;
  /** Token of the group typed in; undefined in a direct conversation. */
  readonly group: string | undefined;
  readonly organization: string | undefined;
  /** Token of the role the user speaks as. */
  readonly proxy: string | undefined;
}

export type Presence = 'AVAILABLE' | 'UNAVAILABLE' | 'AWAY';

export interface PresenceChanged extends EventOf<'PRESENCE_CHANGED'> {
  readonly user: string;
  readonly presence: Presence;
}

/** A conversation came into or left the caller's list; REMOVED with a group also means that it was deleted. */
export interface RosterChanged extends EventOf<'ROSTER_CHANGED'> {
  readonly change: 'ADDED' | 'REMOVED';
  /** What the event itself says about it: partial. */
  readonly counterpart: Counterpart;
  readonly organization: string | undefined;
}

/** Users, groups or lists changed. Fields left out stayed as they were. */
export interface EntityChanged extends EventOf<'ENTITY_CHANGED'> {
  /** At least one; as much of each as the event itself says. */
  readonly entities: readonly Counterpart[];
  readonly organization: string | undefined;
}

/** The person or thing a notice is about. */
export interface NoticeParty {
  /** Undefined for things that are no user, group or list. */
  readonly kind: EntityKind | undefined;
  readonly token: string;
  readonly name: string | undefined;
}

/** A notice inside a conversation: a member joined, left, called or escalated. */
export interface ConversationNotice extends EventOf<'CONVERSATION_NOTICE'> {
  readonly noticeId: string | undefined;
  /** The upstream's word for what happened, such as `added`. */
  readonly word: string;
  readonly at: string | undefined;
  readonly organization: string | undefined;
  /** Who did it, to whom, where. */
  readonly actor: NoticeParty | undefined;
  readonly subject: NoticeParty | undefined;
  readonly target: NoticeParty | undefined;
  readonly reason: string | undefined;
  readonly reasonSubject: string | undefined;
  readonly sortNumber: number | undefined;
}

/** The caller's own account changed. */
export interface AccountSettingsChanged extends EventOf<'ACCOUNT_SETTINGS_CHANGED'> {
  readonly user: string | undefined;
  /** The upstream's names of the parts that changed. */
  readonly services: readonly string[];
}

/** `preferences` is what the upstream sent, under its own names. */
export interface UserPreferencesChanged extends EventOf<'USER_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
}
export interface OrganizationPreferencesChanged extends EventOf<'ORGANIZATION_PREFERENCES_CHANGED'> {
  readonly preferences: Extra;
}
/** Read the organization again; `settings` is what the event itself says, often nothing. */
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

/** A conversation was silenced or heard again, by the caller or on another device of the caller. */
export interface MuteChanged extends EventOf<'MUTE_CHANGED'> {
  readonly change: 'MUTED' | 'UNMUTED' | 'CLEARED';
  /** Token of the account that muted; official clients pass over an event without it. */
  readonly mutedBy: string | undefined;
  /** What kind of thing `token` names; ORGANIZATION has its key instead. */
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

/** Sign out and erase local data: the last thing a subscription hears. */
export type RemoteWiped = EventOf<'REMOTE_WIPED'>;

/** This session sleeps until the next sign-in. */
export type SessionHibernated = EventOf<'SESSION_HIBERNATED'>;

export interface PushCredentialsChanged extends EventOf<'PUSH_CREDENTIALS_CHANGED'> {
  readonly credentials: Extra;
}

export interface PhoneNumberValidated extends EventOf<'PHONE_NUMBER_VALIDATED'> {
  readonly phoneNumber: string | undefined;
}

/** A long-running work of the upstream began or ended. */
export interface ProcessingChanged extends EventOf<'PROCESSING_CHANGED'> {
  readonly isRunning: boolean;
  /** The upstream's word, such as `message_replay`. */
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
  /** The upstream's own word for the notice. */
  readonly word: string | undefined;
}

/** A type this version does not know, or a known one whose payload breaks the contract. Nothing of it is lost. */
export interface UnknownEvent extends EventOf<'UNKNOWN'> {
  /** The upstream's name of the type. */
  readonly name: string;
  readonly payload: unknown;
}

/** An event whose frame was too long to be read: only its id is known, if that. */
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

export type GatewayEventType = GatewayEvent['type'];

/** State of the upstream stream behind a subscription. */
export interface ConnectionStatus {
  /**
   * CONNECTING: the first connection is being made. REPLAYING: stored events are coming. LIVE: new events as they happen.
   * RECONNECTING: the connection was lost and is being made again. CLOSED: it will not come back.
   */
  readonly state: 'CONNECTING' | 'REPLAYING' | 'LIVE' | 'RECONNECTING' | 'CLOSED';
  /** Connection attempts since the stream last worked, the running one included; 0 while it works. */
  readonly attempt: number;
  /** When this state began. */
  readonly since: string;
  /** Stored events the upstream announced; undefined outside REPLAYING or when it did not say. */
  readonly replayCount: number | undefined;
}
