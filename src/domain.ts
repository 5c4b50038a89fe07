/**
 * The messaging domain in the gateway's own words. Wire names stay in `upstream/`; this file imports nothing.
 *
 * What the schema shows as it is has the name of its field there, so that it is read without a resolver of its own: in a long
 * list those cost more than all the rest of the execution.
 *
 * `undefined` means "the upstream did not say". A `token` is the upstream's opaque id of a thing, usually a lower-case UUID.
 */

/** What the upstream keeps under a token. `LIST` is a distribution list. */
export type EntityKind = 'USER' | 'GROUP' | 'LIST';

/** Never moves backwards: New, Delivered, Read, Confirmed. */
export type DeliveryStatus = 'NEW' | 'DELIVERED' | 'READ' | 'CONFIRMED';

/** Flat map of strings attached to a user or group inside one organization; at most 11 keys. */
export type Metadata = Readonly<Record<string, string>>;

export interface EmailAddress {
  readonly address: string;
  readonly isVerified: boolean | undefined;
}

export interface PhoneNumber {
  readonly number: string;
  readonly isVerified: boolean | undefined;
}

/** An account: a person, a role or a bot. A reference that was not read holds only its token. */
export interface User {
  readonly kind: 'USER';
  readonly token: string;
  readonly displayName?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly username?: string | undefined;
  /** Free text line set by the user; not a presence. */
  readonly statusText?: string | undefined;
  /** Bound to the organization the user was read in, like `department` and `doNotDisturb`. */
  readonly title?: string | undefined;
  readonly department?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly isDoNotDisturb?: boolean | undefined;
  readonly doNotDisturbText?: string | undefined;
  /** Token of the user who receives forwarded messages while do-not-disturb is on. */
  readonly autoForwardTo?: string | undefined;
  readonly emails?: readonly EmailAddress[] | undefined;
  readonly phones?: readonly PhoneNumber[] | undefined;
  /** Organization the organization-bound fields belong to. */
  readonly organizationKey?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** What a user is in one organization. */
export interface Membership {
  readonly kind: 'MEMBERSHIP';
  readonly organizationKey: string;
  /** As read in that organization; a reference that was not read holds only its token. */
  readonly user: User;
}

/** A conversation with a name and members. A reference that was not read holds only its token. */
export interface Group {
  readonly kind: 'GROUP';
  readonly token: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly isPublic?: boolean | undefined;
  /** New members get older messages. */
  readonly replayHistory?: boolean | undefined;
  /** Missing for public groups; their members are listed apart. */
  readonly memberTokens?: readonly string[] | undefined;
  readonly memberCount?: number | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt?: string | undefined;
  /** Token of the creator. */
  readonly createdBy?: string | undefined;
  readonly organizationKey?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** Reaches its members as direct messages. A reference that was not read holds only its token. */
export interface DistributionList {
  readonly kind: 'LIST';
  readonly token: string;
  readonly name?: string | undefined;
  readonly organizationKey?: string | undefined;
  readonly memberCount?: number | undefined;
}

/** What can stand at the other end of a conversation. */
export type Counterpart = User | Group | DistributionList;

export interface Attachment {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

/** One item of structured data carried by a message; `payload` is a JSON document as a string. */
export interface MessageDatum {
  readonly mimeType: string;
  readonly namespace: string;
  readonly payload: string;
}

/** Where a forwarded message came from. */
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

/** A reference that was not read holds only its token. */
export interface Message {
  readonly kind: 'MESSAGE';
  readonly token: string;
  readonly body?: string | undefined;
  readonly sender?: string | undefined;
  readonly senderName?: string | undefined;
  /** Token of the user or list it went to; undefined for group messages. */
  readonly recipient?: string | undefined;
  /** Token of the group it went to. */
  readonly group?: string | undefined;
  readonly senderOrganizationKey?: string | undefined;
  readonly recipientOrganizationKey?: string | undefined;
  /** The state the upstream gave with the message; per-recipient states are read apart. */
  readonly status?: DeliveryStatus | undefined;
  /** ISO 8601, UTC. */
  readonly createdAt?: string | undefined;
  /** Minutes until it expires, counted from creation; -1 never. */
  readonly ttl?: number | undefined;
  /** Seconds left at `readAt`, as the upstream said. */
  readonly expireIn?: number | undefined;
  readonly deleteOnRead?: boolean | undefined;
  readonly priority?: Priority | undefined;
  /** Orders a conversation. */
  readonly sortNumber?: number | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly data?: readonly MessageDatum[] | undefined;
  readonly subType?: string | undefined;
  readonly forwardedFrom?: Forwarded | undefined;
  /** The client's own Request-ID, when the upstream echoes it. */
  readonly idempotencyKey?: string | undefined;
}

export interface RecipientStatus {
  /** Token of the recipient. */
  readonly user: string;
  readonly status: DeliveryStatus;
  /** ISO 8601, UTC: when the recipient reached it. */
  readonly at: string;
}

/** Delivery states of one message, one entry per recipient. */
export interface MessageStatus {
  readonly message: string;
  readonly isRecalled: boolean;
  readonly recipients: readonly RecipientStatus[];
}

/** One line of the caller's list of recent conversations. */
export interface RosterEntry {
  readonly counterpart: Counterpart;
  readonly organizationKey: string | undefined;
}

/** A silenced conversation or organization of the caller. */
export interface Mute {
  readonly kind: 'USER' | 'GROUP' | 'ORGANIZATION';
  /** Token of the user or group; for organizations their key. */
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
  readonly settings: readonly OrganizationSetting[];
}

/** One page of a listing the upstream cuts; `continuation` asks for the next one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly continuation: string | undefined;
  /** Of the whole listing, when the upstream says. */
  readonly total: number | undefined;
}

/** An API key pair, as signing in hands it out. */
export interface ApiKey {
  readonly key: string;
  readonly secret: string;
  readonly user: User;
}

/** The form of every user, group, message and list token (contract, Uuid); other user addresses are read one by one. */
export const tokenPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
