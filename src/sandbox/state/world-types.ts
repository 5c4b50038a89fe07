/**
 * The records of the sandbox's state, without the rules that change them. The world holds maps of these, and the rules
 * take the world; both import from here, so that neither imports the other.
 */
import type { components } from '../../generated/contract.ts';

/** What an account is inside one organization (NOTES.md: "Organization-bound user fields"). */
export interface Membership {
  readonly organization: string;
  title: string;
  department: string;
  dnd: boolean;
  dndText: string;
  /** Token of the account that gets messages while do-not-disturb is on. */
  autoForwardTo: string | null;
  metadata: Readonly<Record<string, string>>;
  /** Administrative rights, such as `admin`; nothing to do with role accounts. */
  readonly rights: readonly string[];
}

export interface Account {
  readonly token: string;
  displayName: string;
  firstName: string;
  lastName: string;
  /** Login name, lower case; the demo people's API key. */
  readonly username: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** Path of the picture on this server. */
  avatar: string | null;
  /** Free text line. */
  status: string;
  defaultOrganization: string;
  readonly memberships: Map<string, Membership>;
  /** `outside`: made from an unknown address, reached there and not by the app. */
  readonly kind: 'person' | 'role' | 'outside';
  /** Accounts that speak and read for a role. */
  readonly owners: readonly string[];
  failedLogins: number;
}

export interface Group {
  readonly token: string;
  name: string;
  description: string;
  /** Path of the picture on this server. */
  avatar: string | null;
  readonly isPublic: boolean;
  replayHistory: boolean;
  /** Account tokens in the order they joined. */
  readonly members: Set<string>;
  readonly organization: string;
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  metadata: Readonly<Record<string, string>>;
  /** Kept so that deleting again is no error. */
  deleted: boolean;
  messageCount: number;
}

export interface DistributionList {
  readonly token: string;
  readonly displayName: string;
  readonly organization: string;
  readonly members: readonly string[];
}

export type DeliveryStatus = components['schemas']['DeliveryStatus'];
export type MessageDatum = components['schemas']['MessageDatum'];

export interface Delivery {
  status: DeliveryStatus;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Target {
  readonly kind: 'account' | 'group' | 'list';
  readonly token: string;
}

interface MessageAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
}

export interface Origin {
  readonly messageId: string;
  readonly sender: string;
  readonly senderName: string;
  readonly createdAt: number;
  readonly data: readonly MessageDatum[];
}

export interface Message {
  readonly id: string;
  /** Account that wrote it; the only one who may recall it. */
  readonly author: string;
  /** The author, or the role the author spoke as. */
  readonly sender: string;
  readonly target: Target;
  readonly senderOrganization: string;
  readonly recipientOrganization: string;
  readonly body: string;
  readonly createdAt: number;
  /** Minutes; -1 never ends. */
  readonly ttl: number;
  readonly deleteOnRead: boolean;
  readonly priority: number;
  readonly sortNumber: number;
  readonly attachment: MessageAttachment | undefined;
  readonly data: readonly MessageDatum[];
  readonly subType: string | undefined;
  readonly origin: Origin | undefined;
  readonly requestId: string | undefined;
  /** Account for whom this copy was made while it does not want to be disturbed. */
  readonly autoForwardedFrom: string | undefined;
  /** For a member's copy: the message to the list. */
  readonly listMessageId: string | undefined;
  readonly recipients: Map<string, Delivery>;
  /** Milliseconds since 1970, or Infinity; moved closer by a read of a delete-on-read message. */
  expiresAt: number;
  recalled: boolean;
  /** Accounts that erased the conversation. */
  readonly erasedFor: Set<string>;
}

export interface RosterLine {
  readonly kind: 'account' | 'group' | 'list';
  readonly token: string;
  readonly organization: string;
  /** Milliseconds since 1970. */
  lastTrafficAt: number;
}

/** A silenced sender or organization of one account. */
export interface Mute {
  readonly kind: 'account' | 'group' | 'organization';
  readonly token: string;
  readonly senderOrganization: string | undefined;
  readonly organization: string;
  /** Unix time in seconds. */
  readonly start: number;
  readonly minutes: number;
}

/** A short-lived pass for attachment links, good for whatever its owner may download. */
export interface AttachmentToken {
  readonly account: string;
  /** Milliseconds since 1970; moves closer once the pass was used. */
  expiresAt: number;
  readonly expireAfterUsedMs: number;
}

/** What a change wants told, before it is addressed. */
export interface EventDraft {
  /** Full name, such as `tigertext:iq:message`. */
  readonly type: string;
  /** Whether it is kept until acknowledged (EVENTS.md §6, column "Stored"). */
  readonly stored: boolean;
  /** The message whose end takes the event out of the queue. */
  readonly messageId?: string;
  /** Only streams with this feature get it. */
  readonly needs?: string;
  /** The payload in the form a stream with these features asked for; gives the same value every time. */
  readonly payload: (features: ReadonlySet<string>) => object;
}

export interface SandboxEvent extends EventDraft {
  readonly id: string;
  /** Streams without `multi-org` see their account's default organization only; undefined concerns all. */
  readonly organization: string | undefined;
}

/** An open event stream, as the rest of the sandbox sees it. */
export interface EventStream {
  readonly features: ReadonlySet<string>;
  /** Takes an event for this stream; what the stream did not ask for is passed over. */
  offer(event: SandboxEvent): void;
  /** Ends the response in order. */
  close(): void;
  /** Sends nothing more, heartbeats included, and stays open. */
  stall(): void;
  /** Resets the connection. */
  destroy(): void;
  /** Writes the last event again, with the same id. */
  repeatLast(): void;
  /** Writes bytes as they are, for frames that break the rules. */
  writeRaw(text: string): void;
}

/** One key pair, or one device of a bearer token: the unit of acknowledgement (EVENTS.md §4.8). */
export interface Session {
  /** Under which it is kept in the world. */
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  /** Name of the device session. */
  readonly resource: string;
  /** `portal`: the demo pair, which outlives logout and wipe; the others end with them. */
  readonly kind: 'portal' | 'login' | 'device';
  /** Stored events, never acknowledged, oldest first. */
  queue: SandboxEvent[];
  readonly streams: Set<EventStream>;
  /** Presence announced last: `available` or `away`. */
  presence: 'available' | 'away';
}
