/**
 * The events of the event stream, with the gateway's names: those about messages and conversations, and the union of all. Plain
 * JSON data, so that an event can be sent to another process. Wire names are used in `upstream/` only.
 *
 * `undefined` means that the upstream sent no value. Times are ISO 8601, UTC.
 */
import type { AccountEvent } from './account-event.ts';
import type { Notice } from './conversation.ts';
import type { Counterpart, DeliveryStatus, Message, MessageDatum, RecipientStatus } from './domain.ts';
import type { EventOf } from './event-base.ts';

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
  | MuteChanged
  | AccountEvent
  | UnknownEvent;

/** A change made by a call of the caller: a sent message, or a new conversation. */
export type OwnChange = MessageReceived | RosterChanged;

export type GatewayEventType = GatewayEvent['type'];
