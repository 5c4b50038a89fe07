/**
 * The records of the sandbox's state, without the rules that change them. The world holds maps of these, and the rules
 * take the world; both import from here, so that neither imports the other.
 */
import type { components } from '../../generated/contract.ts';

/** Fields of an account that belong to one organization (NOTES.md: "Organization-bound user fields"). */
export interface Membership {
  readonly organization: string;
  title: string;
  department: string;
  dnd: boolean;
  dndText: string;
  /** Token of the deputy that receives copies of messages while do-not-disturb is on. */
  autoForwardTo: string | null;
  metadata: Readonly<Record<string, string>>;
  /** Administrative rights, such as `admin`; unrelated to role accounts. */
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
  /** `outside`: created for an unknown address, without access to the API. */
  readonly kind: 'person' | 'role' | 'outside';
  /** Tokens of the accounts that are on duty for a role: they send and read for it. */
  owners: readonly string[];
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
  /** Roles that are shown as members: their devices are those of the people on duty, who are members themselves. */
  readonly roleMembers?: readonly string[] | undefined;
  /** Members who joined later → sort number of the last item before. Without `replayHistory` they see later items only. */
  readonly joinedAt: Map<string, number>;
  readonly organization: string;
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  metadata: Readonly<Record<string, string>>;
  /** A deleted group is kept, so that deleting it again succeeds. */
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
  /** Token of the account that sent it; only this account may recall it. */
  readonly author: string;
  /** The author, or the role the author sent as. */
  readonly sender: string;
  readonly target: Target;
  readonly senderOrganization: string;
  readonly recipientOrganization: string;
  readonly body: string;
  readonly createdAt: number;
  /** Minutes; -1 for no expiry. */
  readonly ttl: number;
  readonly deleteOnRead: boolean;
  readonly priority: number;
  readonly sortNumber: number;
  /** Undefined in a note to oneself, and to or from a role: these have no conversation in v5. */
  readonly conversationId: string | undefined;
  readonly attachment: MessageAttachment | undefined;
  readonly data: readonly MessageDatum[];
  readonly subType: string | undefined;
  readonly origin: Origin | undefined;
  readonly requestId: string | undefined;
  /** Token of the recipient in do-not-disturb mode, on the copy to that recipient's deputy. */
  readonly autoForwardedFrom: string | undefined;
  /** On a copy to a list member: id of the message to the list. */
  readonly listMessageId: string | undefined;
  readonly recipients: Map<string, Delivery>;
  /** Milliseconds since 1970, or Infinity. Reading a delete-on-read message brings it forward. */
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

/** A muted sender or organization of one account. */
export interface Mute {
  readonly kind: 'account' | 'group' | 'organization';
  readonly token: string;
  readonly senderOrganization: string | undefined;
  readonly organization: string;
  /** Unix time in seconds. */
  readonly start: number;
  readonly minutes: number;
}

/** A short-lived token for attachment links. It authorizes downloads as its owner. */
export interface AttachmentToken {
  readonly account: string;
  /** Milliseconds since 1970. The first use brings it forward. */
  expiresAt: number;
  readonly expireAfterUsedMs: number;
}

/** The form of an event on v5 streams (EVENTS-v5.md §2). */
export interface V5Form {
  /**
   * @param reader The account of the stream.
   * @returns Undefined when the account does not receive the event.
   */
  readonly payload: (features: ReadonlySet<string>, reader: string) => object | undefined;
  readonly conversationId?: string;
  /** What it changes about the conversation. Undefined: the event itself is replayed after an absence. */
  readonly change?: 'content' | 'state' | 'gone';
}

/** An event before it has an id and recipients. */
export interface EventDraft {
  /** Full name, such as `tigertext:iq:message`. */
  readonly type: string;
  /** Whether it is queued until acknowledged (EVENTS.md §6, column "Stored"). */
  readonly stored: boolean;
  /** The event leaves the queue when this message expires or is recalled. */
  readonly messageId?: string;
  /** Only streams with this feature receive it. */
  readonly needs?: string;
  /** The payload for a stream with these features; deterministic. */
  readonly payload: (features: ReadonlySet<string>) => object;
  /** Undefined: v5 streams receive the same payload. Null: they do not receive the event. */
  readonly v5?: V5Form | null;
  /** v2 streams do not receive it. */
  readonly isV5Only?: boolean;
}

export interface SandboxEvent extends EventDraft {
  readonly id: string;
  /** Streams without `multi-org` receive only events of the default organization. Undefined: all streams receive it. */
  readonly organization: string | undefined;
  /** The session whose call caused it: its v5 streams do not receive it (EVENTS-v5.md §3). */
  readonly cause: Session | undefined;
}

/** Unacknowledged changes of a session's v5 streams; pending-changes.ts holds the rules. */
export interface PendingChanges {
  /** Conversation id → id of an unacknowledged event → kind of its change. The conversation changed first is first. */
  readonly conversations: Map<string, Map<string, 'content' | 'state'>>;
  /** Events that belong to no conversation, and those that end one; oldest first. */
  others: SandboxEvent[];
  /** Id of a condensed frame → the events folded into it. */
  readonly frames: Map<string, { readonly conversation: string; readonly events: readonly string[] }>;
}

/** An open event stream. */
export interface EventStream {
  readonly features: ReadonlySet<string>;
  /** Writes an event, unless the stream's features exclude it. */
  offer(event: SandboxEvent): void;
  /** Ends the response. */
  close(): void;
  /** Keeps the stream open but writes nothing more, heartbeats included. */
  stall(): void;
  /** Resets the connection. */
  destroy(): void;
  /** Writes the last event again, with the same id. */
  repeatLast(): void;
  /** Writes text unchanged, for malformed frames. */
  writeRaw(text: string): void;
}

/** One key pair, or one device of a bearer token. Each session acknowledges events on its own (EVENTS.md §4.8). */
export interface Session {
  /** Key in `World.sessions`: the API key, with the device id for a device session. */
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  /** Name of the device session. */
  readonly resource: string;
  /** `portal`: the demo key pair, which stays valid after logout and wipe; the other kinds end. */
  readonly kind: 'portal' | 'login' | 'device';
  /** Unacknowledged stored events of v2, oldest first. */
  queue: SandboxEvent[];
  /** The same for v5. */
  readonly pending: PendingChanges;
  readonly streams: Set<EventStream>;
  /** Presence set last by this session. */
  presence: 'available' | 'away';
}
