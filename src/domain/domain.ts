/**
 * Types of the messaging domain, with the gateway's names. Wire names are used in `upstream/` only; this file imports types alone.
 *
 * A property that the schema exposes unchanged has the name of its field there, so that it needs no resolver: in a long list,
 * resolvers cost more than the rest of the execution.
 *
 * `undefined` means that the upstream sent no value. A `token` is the upstream's opaque id of a user, group, list or message.
 */

import type { GatewayError } from '../errors.ts';
import type { Escalation, RoleProfile } from './duty.ts';
import type { Team } from './team.ts';

/** Kind of the entity that a token identifies. `LIST` is a distribution list. */
export type EntityKind = 'USER' | 'GROUP' | 'LIST';

/** In ascending order; a message never returns to an earlier status. */
export type DeliveryStatus = 'NEW' | 'DELIVERED' | 'READ' | 'CONFIRMED';

/** Strings by name, attached to a user or group in one organization; at most 11. */
export type Metadata = Readonly<Record<string, string>>;

export interface EmailAddress {
  readonly address: string;
  readonly isVerified: boolean | undefined;
}

export interface PhoneNumber {
  readonly number: string;
  readonly isVerified: boolean | undefined;
}

/** An account of a person, a role or a bot. A reference that has not been read has only `kind` and `token`. */
export interface User {
  readonly kind: 'USER';
  readonly token: string;
  readonly displayName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly username?: string | undefined;
  /** Text set by the user; unrelated to presence. */
  readonly statusText?: string | undefined;
  /** Depends on the organization in which the user was read, as `department` and the do-not-disturb properties do. */
  readonly title?: string | undefined;
  readonly department?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly isDoNotDisturb?: boolean | undefined;
  readonly doNotDisturbText?: string | undefined;
  /** Token of the user who receives forwarded messages while do-not-disturb is on. */
  readonly autoForwardTo?: string | undefined;
  readonly emails?: readonly EmailAddress[] | undefined;
  readonly phones?: readonly PhoneNumber[] | undefined;
  /** Organization in which the user was read. */
  readonly organizationKey?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** Set for an account that represents the person on duty, when it was read with its metadata. */
  readonly role?: RoleProfile | undefined;
}

/** A user in one organization. */
export interface Membership {
  readonly kind: 'MEMBERSHIP';
  readonly organizationKey: string;
  /** As read in that organization. A reference that has not been read has only `kind` and `token`. */
  readonly user: User;
}

/** A conversation with members. A reference that has not been read has only `kind` and `token`. */
export interface Group {
  readonly kind: 'GROUP';
  readonly token: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly isPublic?: boolean | undefined;
  /** New members receive older messages. */
  readonly replayHistory?: boolean | undefined;
  /** Undefined for public groups, whose members need a separate request. */
  readonly memberTokens?: readonly string[] | undefined;
  readonly memberCount?: number | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt?: string | undefined;
  /** Token of the creator. */
  readonly createdBy?: string | undefined;
  readonly organizationKey?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** Set on the group of a team that a search has found. */
  readonly team?: Team | undefined;
  /** Set on the group of an escalation's back-ups; an error when it breaks the contract. */
  readonly escalation?: Escalation | GatewayError | undefined;
}

/** A list whose members receive direct messages. A reference that has not been read has only `kind` and `token`. */
export interface DistributionList {
  readonly kind: 'LIST';
  readonly token: string;
  readonly name?: string | undefined;
  readonly organizationKey?: string | undefined;
  readonly memberCount?: number | undefined;
}

/** The other side of a conversation. */
export type Counterpart = User | Group | DistributionList;

export interface Attachment {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

/** One item of structured data in a message; `payload` is JSON text. */
export interface MessageDatum {
  readonly mimeType: string;
  readonly namespace: string;
  readonly payload: string;
}

/** The original of a forwarded message. */
export interface Forwarded {
  readonly sender: string | undefined;
  readonly senderName: string | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt: string | undefined;
  readonly message: string | undefined;
  readonly data: readonly MessageDatum[];
}

/** Upstream priorities -1, 0 and 1. */
export type Priority = 'LOW' | 'NORMAL' | 'HIGH';

/** A reference that has not been read has only `kind` and `token`. */
export interface Message {
  readonly kind: 'MESSAGE';
  readonly token: string;
  readonly body?: string | undefined;
  readonly sender?: string | undefined;
  readonly senderName?: string | undefined;
  /** Token of the receiving user or list; undefined for group messages. */
  readonly recipient?: string | undefined;
  /** Token of the receiving group. */
  readonly group?: string | undefined;
  readonly senderOrganizationKey?: string | undefined;
  readonly recipientOrganizationKey?: string | undefined;
  /** Status sent with the message; the statuses of single recipients need a separate request. */
  readonly status?: DeliveryStatus | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt?: string | undefined;
  /** Minutes from creation to expiry; -1 means that it does not expire. */
  readonly ttl?: number | undefined;
  /** Seconds until expiry, counted from when the upstream sent the message. */
  readonly expireIn?: number | undefined;
  readonly deleteOnRead?: boolean | undefined;
  readonly priority?: Priority | undefined;
  /** Position in the conversation. */
  readonly sortNumber?: number | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly data?: readonly MessageDatum[] | undefined;
  readonly subType?: string | undefined;
  readonly forwardedFrom?: Forwarded | undefined;
  /** Request-ID of the client that sent the message, if the upstream returns it. */
  readonly idempotencyKey?: string | undefined;
  /** Set on an escalated message and on its copy for the back-ups; an error when it breaks the contract. */
  readonly escalation?: Escalation | GatewayError | undefined;
  /** Received by the caller and not read yet; only v5 of the upstream has it. */
  readonly isUnread?: boolean | undefined;
  /** The upstream's id of the conversation; only v5 has it. */
  readonly conversationId?: string | undefined;
  /** The conversation it was read from. */
  readonly conversation?: ConversationKey | undefined;
}

/** The identity of a conversation of the caller, on every version of the upstream. */
export interface ConversationKey {
  readonly organization: string;
  /** Token of the counterpart. */
  readonly counterpart: string;
  /** Undefined until the counterpart was read: a token does not reveal it. */
  readonly kind?: EntityKind | undefined;
}

export interface RecipientStatus {
  /** Token of the recipient. */
  readonly user: string;
  readonly status: DeliveryStatus;
  /** Time of the status. ISO 8601, UTC. */
  readonly at: string;
}

/** Delivery statuses of one message, one entry per recipient. */
export interface MessageStatus {
  readonly message: string;
  readonly isRecalled: boolean;
  readonly recipients: readonly RecipientStatus[];
}

/** One entry of the caller's list of recent conversations. */
export interface RosterEntry {
  readonly counterpart: Counterpart;
  readonly organizationKey: string | undefined;
}

/** A conversation or organization that the caller has muted. */
export interface Mute {
  readonly kind: 'USER' | 'GROUP' | 'ORGANIZATION';
  /** Token of a user or group, or key of an organization. */
  readonly token: string;
  readonly organization: string | undefined;
  /** ISO 8601, UTC. */
  readonly mutedUntil: string;
}

export interface OrganizationSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: string | undefined;
  readonly isLocked: boolean | undefined;
}

export interface Organization {
  readonly key: string;
  readonly name: string | undefined;
  readonly memberCount: number | undefined;
  readonly isPaid: boolean | undefined;
  readonly isPending: boolean | undefined;
  /** Permission of the organization itself; a setting of the same subject can still forbid it. */
  readonly allowsForwarding: boolean | undefined;
  readonly allowsPublicGroups: boolean | undefined;
  readonly hasRoles: boolean | undefined;
  readonly settings: readonly OrganizationSetting[];
}

/** One page of a list; `continuation` requests the next page and is undefined on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly continuation: string | undefined;
  /** Number of items on all pages, if the upstream sends it. */
  readonly total: number | undefined;
}

/** An API key pair, as returned by a sign-in. */
export interface ApiKey {
  readonly key: string;
  readonly secret: string;
  readonly user: User;
  /** The pair's event stream condenses replays (v5), as requested when signing in. */
  readonly hasCondensedReplays: boolean;
}

/** Format of the tokens of users, groups, messages and lists (contract, Uuid). Bulk reads accept tokens only. */
export const tokenPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
