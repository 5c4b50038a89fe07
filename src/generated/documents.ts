// Generated from schema/ by `npm run generate`; do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DateTime, EmailAddress, Upload, Json, NonNegativeInt, PhoneNumber, Url } from '../documents/document-scalars.ts';
import type { EventId, Ref, ConversationId, GroupId, DistributionListId, Token, MembershipId, MessageId, RoleId, UserId } from '../documents/document-ids.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The events to acknowledge upstream. */
export type AcknowledgeEventsInput = {
  /** Ids of events, from `Event.id`; at most 1000. Repeated and unknown ids cause no error. */
  readonly eventIds: ReadonlyArray<Ref<'Event'>>;
};

/** Condition under which an event is acknowledged upstream. The upstream sends unacknowledged events again. */
export type AcknowledgeMode =
  /** Acknowledged once the event is written to this client’s connection. */
  | 'AUTO'
  /** Acknowledged once the client sends the id to `acknowledgeEvents`, even when AUTO subscriptions of the same caller received it. A disconnected client that subscribes again with the same `types`, with or without `after`, receives the events it did not acknowledge, for as long as the gateway holds them (MANUAL_HOLD_MS, two minutes by default). After that time it receives only events that no AUTO subscription received. */
  | 'MANUAL';

/** A group and its new members. */
export type AddGroupMembersInput = {
  /** Global id or token of the group. */
  readonly group: Ref<'Group'>;
  /** The users who join; a user who already is a member causes no error. Each is a global id, token, e-mail address, phone number or login name; at most 500. */
  readonly members: ReadonlyArray<Ref<'User'>>;
};

/** A conversation to start without a message. */
export type AddRosterEntryInput = {
  /** A user or distribution list: global id, token, e-mail address, phone number or login name. */
  readonly counterpart: Ref<'User' | 'DistributionList'>;
  /** Key of the organization the conversation belongs to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
};

/** A request to join a team, and the answer to it. */
export type AnswerTeamRequestInput = {
  /** Whether the user becomes a member. */
  readonly accept: boolean;
  /** Key of the organization of the team; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
  /** The upstream’s id of the request, from the event TeamRequestChanged. */
  readonly requestId: string;
  /** The upstream’s id of the team: `teamId`. */
  readonly teamId: string;
};

/** Kind of an entry of the call log. */
export type CallLogKind =
  /** The call was answered, and has ended. */
  | 'ENDED'
  /** The call was not answered. */
  | 'MISSED'
  /** A kind that this version of the gateway has no value for; see `kindName`. */
  | 'OTHER';

/** Stage of a call, from ringing to ended. */
export type CallStage =
  /** The call was answered. */
  | 'ANSWERED'
  /** The call has ended. */
  | 'ENDED'
  /** The call is ringing. */
  | 'INCOMING'
  /** A call of a waiting room can be joined. */
  | 'JOINABLE'
  /** A call through the service’s own number rings. */
  | 'PROXY_INCOMING'
  /** Some other state of the call changed. */
  | 'STATE';

/** The message whose escalation to end. */
export type CancelEscalationInput = {
  /** The original message, not its copy: global id or token. */
  readonly message: Ref<'Message'>;
};

/** The user or group to clear. */
export type ClearMetadataInput = {
  /** A user or group: global id, token, e-mail address, phone number or login name. */
  readonly entity: Ref<'User' | 'Group'>;
  /** Key of the organization the entries belong to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
};

/** The role whose automatic reply to switch off. */
export type ClearRoleAwayInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
};

/** The escalation that the caller takes care of. */
export type ConfirmEscalationInput = {
  /** `escalationId` of the escalation. When it is left out, it is that of the message, which the caller then has to be allowed to read. */
  readonly escalationId?: string | null | undefined;
  /** The original message, not its copy: global id or token. */
  readonly message: Ref<'Message'>;
};

/** State of the connection between gateway and upstream. */
export type ConnectionState =
  /** The connection has ended for good; subscribe again. */
  | 'CLOSED'
  /** The first connection is being opened. */
  | 'CONNECTING'
  /** Connected; events arrive as they happen. */
  | 'LIVE'
  /** The connection was lost and is being reopened; stored events are not lost. */
  | 'RECONNECTING'
  /** Connected; stored events are arriving. */
  | 'REPLAYING';

/** Delivery status that a whole conversation can be marked with. */
export type ConversationMark =
  /** The messages are on a device of the caller. */
  | 'DELIVERED'
  /** The caller has opened the messages; those that delete on read are deleted. */
  | 'READ';

/** A conversation, by its id or by its counterpart: exactly one of the two. */
export type ConversationTargetInput =
  {   /** Global id of the conversation. */
  readonly conversation: Ref<'Conversation'>; readonly counterpart?: never; }
  |  { readonly conversation?: never;   /** The other side of the conversation. */
  readonly counterpart: CounterpartInput; };

/** The other side of a conversation, in one organization. */
export type CounterpartInput = {
  /** A user, group or distribution list: global id, token, e-mail address, phone number or login name. */
  readonly id: Ref<'User' | 'Group' | 'DistributionList'>;
  /** Key of the organization the conversation belongs to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
};

/** Kind of a user, a group or a distribution list. */
export type CounterpartKind =
  /** The list of users on duty for a role. Messages are not sent to it. */
  | 'DUTY_LIST'
  /** The conversation about an escalated message. */
  | 'ESCALATION'
  /** A group that anyone in the organization may join. */
  | 'FORUM'
  /** A group with its members, by invitation. */
  | 'GROUP'
  /** A distribution list of users. */
  | 'LIST'
  /** A kind that this version of the gateway has no value for; see `kindName`. */
  | 'OTHER'
  /** The conversation of a patient’s care team. */
  | 'PATIENT_CARE'
  /** A conversation with a patient or a contact of a patient. */
  | 'PATIENT_CONVERSATION'
  /** An account of a person, or of a bot. */
  | 'PERSON'
  /** An account that represents the user on duty, by the mark `feature_service: role` in its metadata. The mark is no proof: any user who may write the metadata of an account can set it; see `Role`. */
  | 'ROLE'
  /** A conversation of one person with a role. */
  | 'ROLE_CONVERSATION'
  /** A conversation of a team, or with a team. */
  | 'TEAM'
  /** A visitor of a virtual waiting room. */
  | 'WAITING_ROOM_VISITOR';

/** Number and lifetime of download tokens, for links and pictures, which browsers fetch without an `Authorization` header. */
export type CreateAttachmentTokensInput = {
  /** Number of tokens, 1 to 20. */
  readonly count: number;
  /** Lifetime of an unused token in seconds; 43200 when left out. A used token stays valid for 5 more seconds. */
  readonly lifetimeSeconds?: number | null | undefined;
};

/** A new group. The caller becomes its creator and, unless `excludeCreator` is true, a member. */
export type CreateGroupInput = {
  /** Picture, sent by the GraphQL multipart request specification. */
  readonly avatar?: Upload | null | undefined;
  /** Purpose of the group; none when left out. */
  readonly description?: string | null | undefined;
  /** Whether the caller does not become a member, and so cannot see the group; false when left out. */
  readonly excludeCreator?: boolean | null | undefined;
  /** Whether anyone in the organization may join; false when left out. */
  readonly isPublic?: boolean | null | undefined;
  /** The other members. Each is a global id, token, e-mail address, phone number or login name; at most 500. */
  readonly members: ReadonlyArray<Ref<'User'>>;
  /** Key and value pairs; at most 11. */
  readonly metadata?: ReadonlyArray<MetadataEntryInput> | null | undefined;
  /** Name of the group; not blank. */
  readonly name: string;
  /** Key of the organization the group belongs to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
  /** Whether members who join later receive older messages; false when left out. */
  readonly replayHistory?: boolean | null | undefined;
};

/** The group to delete. */
export type DeleteGroupInput = {
  /** Global id or token of the group. */
  readonly group: Ref<'Group'>;
};

/** Delivery status of a message for one recipient. It never moves backwards. */
export type DeliveryStatus =
  /** The recipient has acknowledged the message explicitly. */
  | 'CONFIRMED'
  /** The message is on the recipient’s device. */
  | 'DELIVERED'
  /** The message is sent; the recipient’s device has not fetched it. */
  | 'NEW'
  /** The recipient has opened the message. */
  | 'READ';

/** Kind of the other side of a conversation. */
export type EntityKind =
  /** A group with its members. */
  | 'GROUP'
  /** A distribution list of users. */
  | 'LIST'
  /** A person, a role or a bot. */
  | 'USER';

/** An unanswered message to a role. */
export type EscalateMessageInput = {
  /** The original message, not its copy: global id or token. */
  readonly message: Ref<'Message'>;
};

/** Status of an escalation. All but IN_PROGRESS are final. */
export type EscalationStatus =
  /** The sender ended the escalation. */
  | 'CANCELLED'
  /** A user has confirmed the escalation. */
  | 'CONFIRMED'
  /** The target, or a step of the path, is asked. */
  | 'IN_PROGRESS'
  /** A status that this version of the gateway has no value for; see `statusName`. */
  | 'OTHER'
  /** Not confirmed, and the last step is over. */
  | 'UNANSWERED';

/** Types of events. Each has an object type. */
export type EventType =
  /** The caller’s own account changed. */
  | 'ACCOUNT_SETTINGS_CHANGED'
  /** A voice or video call rang, was answered or ended. Never stored. */
  | 'CALL_CHANGED'
  /** A notice inside a conversation, such as a new member. */
  | 'CONVERSATION_NOTICE'
  /** Users, groups or distribution lists changed. */
  | 'ENTITY_CHANGED'
  /** An escalation of a message changed. */
  | 'ESCALATION_CHANGED'
  /** The structured data of a message changed. */
  | 'MESSAGE_DATA_CHANGED'
  /** The sender recalled a message. */
  | 'MESSAGE_RECALLED'
  /** A message arrived, or the caller sent one from another device. */
  | 'MESSAGE_RECEIVED'
  /** A recipient received, opened or confirmed a message. */
  | 'MESSAGE_STATUS_CHANGED'
  /** A conversation was muted or unmuted. */
  | 'MUTE_CHANGED'
  /** An organization’s preferences changed. */
  | 'ORGANIZATION_PREFERENCES_CHANGED'
  /** An organization’s settings changed. */
  | 'ORGANIZATION_SETTINGS_CHANGED'
  /** A phone number of the caller was verified. */
  | 'PHONE_NUMBER_VALIDATED'
  /** The presence of a user changed. Never stored. */
  | 'PRESENCE_CHANGED'
  /** A long-running task of the upstream began or ended. Never stored. */
  | 'PROCESSING_CHANGED'
  /** Credentials for push notifications changed. Never stored. */
  | 'PUSH_CREDENTIALS_CHANGED'
  /** A push notification for a mobile device. */
  | 'PUSH_NOTICE'
  /** The account was signed out everywhere. This is the last event of a subscription. */
  | 'REMOTE_WIPED'
  /** A conversation was added to or removed from the roster. */
  | 'ROSTER_CHANGED'
  /** The session is suspended until the next sign-in. Never stored. */
  | 'SESSION_HIBERNATED'
  /** Events may be missing before the next one. */
  | 'SUBSCRIPTION_GAP'
  /** A tag of an organization changed. */
  | 'TAG_CHANGED'
  /** A request to a team changed. */
  | 'TEAM_REQUEST_CHANGED'
  /** A user started or stopped typing. Never stored. */
  | 'TYPING_CHANGED'
  /** An event that this version of the gateway has no type for. */
  | 'UNKNOWN'
  /** The caller’s preferences changed. */
  | 'USER_PREFERENCES_CHANGED'
  /** A virtual waiting room changed. */
  | 'WAITING_ROOM_CHANGED';

/** The address of the account to find or create. */
export type FindOrCreateUserInput = {
  /** An e-mail address, or a phone number with plus and country code. */
  readonly address: string;
};

/** A message to forward to one recipient or conversation. */
export type ForwardMessageInput = {
  /** Global id of the conversation to forward into, in place of `recipient` and the organizations. */
  readonly conversation?: Ref<'Conversation'> | null | undefined;
  /** Structured data for programs; at most 100 items. */
  readonly data?: ReadonlyArray<MessageDatumInput> | null | undefined;
  /** A UUID chosen by the client. Requests with the same key store the message only once. When it is left out, an error with an unknown outcome has the key that was used in `extensions.idempotencyKey`. */
  readonly idempotencyKey?: string | null | undefined;
  /** Global id or token of the message to forward. */
  readonly message: Ref<'Message'>;
  /** Priority of the message; the upstream decides when left out. */
  readonly priority?: MessagePriority | null | undefined;
  /** A user, group or distribution list: global id, token, e-mail address, phone number or login name; or a role: the global id of a Role, whereas the id of its account as a User reaches the account itself. The upstream creates an account for an e-mail address or phone number that has none. Required without `conversation`. */
  readonly recipient?: Ref<'User' | 'Group' | 'DistributionList' | 'Role'> | null | undefined;
  /** Key of the recipient’s organization; the same as `senderOrganization` when left out. */
  readonly recipientOrganization?: string | null | undefined;
  /** Key of the sender’s organization; the caller’s default organization when left out. */
  readonly senderOrganization?: string | null | undefined;
  /** Whether to send to a role with no user on duty: the next user on duty reads the message. When false or left out, the error is NOBODY_ON_DUTY with the role’s own text in `extensions.notice`. */
  readonly toUnstaffedRole?: boolean | null | undefined;
};

/** Reason why events may be missing. */
export type GapReason =
  /** The event in `after` is known, but some later events have left the resume buffer. */
  | 'EVICTED'
  /** MANUAL subscriptions left more than MANUAL_HOLD_EVENTS events unacknowledged. The oldest, up to the one with this `id`, may have been acknowledged. */
  | 'HOLD_EXCEEDED'
  /** An event exceeds `STREAM_MAX_FRAME` and was skipped. `id` is the id of that event, which can be acknowledged. */
  | 'TOO_LARGE'
  /** The gateway does not know the event in `after`: it is too old, or another gateway received it. Or the upstream repeated it after newer events, which the client may lack. */
  | 'UNKNOWN_POSITION';

/** Kind of change to a group. */
export type GroupChange =
  /** The caller became a member of the group. */
  | 'ADDED'
  /** The caller is no longer a member, or the group was deleted. */
  | 'REMOVED'
  /** Name, members, picture or metadata changed. */
  | 'UPDATED';

/** The forum to become a member of. */
export type JoinForumInput = {
  /** The forum: its global id or token. */
  readonly group: Ref<'Group'>;
};

/** The forum to leave. */
export type LeaveForumInput = {
  /** The forum: its global id or token. */
  readonly group: Ref<'Group'>;
};

/** The organization to leave. */
export type LeaveOrganizationInput = {
  /** Key of the organization. */
  readonly organization: string;
};

/** The team to leave. */
export type LeaveTeamInput = {
  /** Key of the organization of the team; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
  /** The upstream’s id of the team: `teamId`. */
  readonly teamId: string;
};

/** The part of a conversation to mark. */
export type MarkConversationInput = {
  /** Global id of the conversation. */
  readonly conversation: Ref<'Conversation'>;
  /** Status of the messages after the change; a status never moves backwards. */
  readonly status: ConversationMark;
  /** The last message to mark: its global id, its token, or its `sortNumber`. A sort number costs no read; a message is read for it, and BAD_USER_INPUT when it is in another conversation. */
  readonly through: Ref<'Message'>;
};

/** One item of structured data to send. */
export type MessageDatumInput = {
  /** Name of the payload’s format, such as `acme:bed`. */
  readonly namespace: string;
  /** The JSON document; the gateway sends it as text. */
  readonly payload: Json;
};

/** Priority of a message for its recipient. */
export type MessagePriority =
  /** Higher than normal; clients show it first (upstream 1). */
  | 'HIGH'
  /** Lower than normal (upstream -1). */
  | 'LOW'
  /** The default priority (upstream 0). */
  | 'NORMAL';

/** One key and its value. */
export type MetadataEntryInput = {
  /** Name of the entry. */
  readonly key: string;
  /** Text of the entry. */
  readonly value: string;
};

/** Kind of change to a mute. */
export type MuteChange =
  /** All mutes of the caller ended. */
  | 'CLEARED'
  /** A mute was set. */
  | 'MUTED'
  /** A mute was ended. */
  | 'UNMUTED';

/** The conversation or organization to mute, and the duration. */
export type MuteInput = {
  /**
   * Global id of the conversation, in place of its counterpart and organization.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly conversation?: Ref<'Conversation'> | null | undefined;
  /**
   * A user or group: global id, token, e-mail address, phone number or login name.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly counterpart?: Ref<'User' | 'Group'> | null | undefined;
  /** Duration in minutes, from now; 1 to 525600. */
  readonly minutes: number;
  /**
   * Key of the organization the conversation belongs to; without `counterpart`, the organization to mute.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly organization?: string | null | undefined;
  /** The conversation or organization to mute. */
  readonly target?: MuteTargetInput | null | undefined;
};

/** Kinds of targets that can be muted. */
export type MuteKind =
  /** A group conversation with its members. */
  | 'GROUP'
  /** All conversations of an organization. */
  | 'ORGANIZATION'
  /** A direct conversation with a user. */
  | 'USER';

/** A conversation, by its id or by its counterpart, or a whole organization: exactly one of the three. */
export type MuteTargetInput =
  {   /** Global id of the conversation. */
  readonly conversation: Ref<'Conversation'>; readonly counterpart?: never; readonly organization?: never; }
  |  { readonly conversation?: never;   /** The user or group on the other side. */
  readonly counterpart: CounterpartInput; readonly organization?: never; }
  |  { readonly conversation?: never; readonly counterpart?: never;   /** Key of the organization. */
  readonly organization: string; };

/** The role, and the user to put on duty. */
export type OptIntoRoleInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
  /** The user to put on duty: global id or address; the caller when left out. */
  readonly user?: Ref<'User'> | null | undefined;
};

/** The role, and the user to take off duty. */
export type OptOutOfRoleInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
  /** The user to take off duty: global id or address; the caller when left out. */
  readonly user?: Ref<'User'> | null | undefined;
};

/** Presence of one user. */
export type PresenceState =
  /** The user is connected and active. */
  | 'AVAILABLE'
  /** The user is connected but not active. */
  | 'AWAY'
  /** The user is not connected. */
  | 'UNAVAILABLE';

/** Presence that the caller’s contacts see while the caller has a live subscription. */
export type PresenceStatus =
  /** The caller is not active. */
  | 'AWAY'
  /** The caller is active. */
  | 'ONLINE';

/** Subject of a push notification. */
export type PushNoticeKind =
  /** A contact in the caller’s address book has an account. */
  | 'ADDRESS_BOOK_MATCH'
  /** An e-mail address must be verified. */
  | 'EMAIL_VERIFICATION'
  /** A user the caller knows has joined. */
  | 'NEW_USER'
  /** A reminder of an unread message. */
  | 'REPEAT';

/** The message to recall. */
export type RecallMessageInput = {
  /** Global id or token of a message the caller sent. */
  readonly message: Ref<'Message'>;
};

/** A group and the members who leave it. */
export type RemoveGroupMembersInput = {
  /** Global id or token of the group. */
  readonly group: Ref<'Group'>;
  /** The users to remove. The caller’s own address makes the caller leave the group; a user who is not a member causes no error. Each is a global id, token, e-mail address, phone number or login name; at most 500. */
  readonly members: ReadonlyArray<Ref<'User'>>;
  /** Whether the conversation shows a notice of the change; true when left out. */
  readonly notify?: boolean | null | undefined;
};

/** A conversation to remove from the roster. */
export type RemoveRosterEntryInput = {
  /**
   * Global id of the conversation, in place of its counterpart and organization.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly conversation?: Ref<'Conversation'> | null | undefined;
  /**
   * The user, group or distribution list: global id, token, e-mail address, phone number or login name. Required without `conversation`.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly counterpart?: Ref<'User' | 'Group' | 'DistributionList'> | null | undefined;
  /**
   * Key of the organization the conversation belongs to; the caller’s default organization when left out.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly organization?: string | null | undefined;
  /** The conversation to remove. */
  readonly target?: ConversationTargetInput | null | undefined;
};

/** The team that the caller wants to join. */
export type RequestToJoinTeamInput = {
  /** Key of the organization of the team; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
  /** The upstream’s id of the team: `teamId`. */
  readonly teamId: string;
};

/** Kind of change to the roster. */
export type RosterChange =
  /** The conversation was added to the roster. */
  | 'ADDED'
  /** The conversation was removed from the roster; a group was left or deleted. */
  | 'REMOVED'
  /** Counts, the last message or delivery states changed while the event stream was closed; only on the event stream of v5. */
  | 'UPDATED';

/** The role to save. */
export type SaveRoleInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
};

/** Fields to find a text in, and to sort by. */
export type SearchField =
  /** Department of a user in the organization. */
  | 'DEPARTMENT'
  /** Displayed name of the user, group or list. */
  | 'NAME'
  /** Job title of a user in the organization. */
  | 'TITLE';

/** Kinds of objects to find. */
export type SearchKind =
  /** Public groups, which anyone in the organization may join. */
  | 'FORUM'
  /** Groups, including public groups. */
  | 'GROUP'
  /** Distribution lists of users. */
  | 'LIST'
  /** Accounts that represent the user on duty, and no others; alone, or beside USER. */
  | 'ROLE'
  /** Teams, each in `team` of its edge. `node` is the group that has the messages of the team, and null when it has none. */
  | 'TEAM'
  /** People, roles and bots. */
  | 'USER';

/** The order of hits. */
export type SearchSortInput = {
  /** Field that decides the order. */
  readonly by: SearchField;
  /** Whether the order is descending; ascending when left out. */
  readonly descending?: boolean | null | undefined;
};

/** A message to one recipient or conversation. It requires a body, an attachment or data. */
export type SendMessageInput = {
  /** One file, sent by the GraphQL multipart request specification. */
  readonly attachment?: Upload | null | undefined;
  /** Text of the message; none when left out. */
  readonly body?: string | null | undefined;
  /** Global id of the conversation to send into, in place of `recipient` and the organizations. */
  readonly conversation?: Ref<'Conversation'> | null | undefined;
  /** Structured data for programs; at most 100 items. */
  readonly data?: ReadonlyArray<MessageDatumInput> | null | undefined;
  /** Whether the message is deleted once it is read; the organization’s default when left out. */
  readonly deleteOnRead?: boolean | null | undefined;
  /** Whether the message starts the escalation configured for its recipient; the upstream decides when left out. */
  readonly escalate?: boolean | null | undefined;
  /** A UUID chosen by the client. Requests with the same key store the message only once. When it is left out, an error with an unknown outcome has the key that was used in `extensions.idempotencyKey`. */
  readonly idempotencyKey?: string | null | undefined;
  /** Priority of the message; NORMAL when left out. */
  readonly priority?: MessagePriority | null | undefined;
  /** A user, group or distribution list: global id, token, e-mail address, phone number or login name; or a role: the global id of a Role, whereas the id of its account as a User reaches the account itself. The upstream creates an account for an e-mail address or phone number that has none. Required without `conversation`. */
  readonly recipient?: Ref<'User' | 'Group' | 'DistributionList' | 'Role'> | null | undefined;
  /** Key of the recipient’s organization; the same as `senderOrganization` when left out. */
  readonly recipientOrganization?: string | null | undefined;
  /** Key of the sender’s organization; the caller’s default organization when left out. */
  readonly senderOrganization?: string | null | undefined;
  /** Global id or token of a role of the caller to write as; the caller’s own account when left out. */
  readonly speakAs?: Ref<'Role' | 'User'> | null | undefined;
  /** Whether to send to a role with no user on duty: the next user on duty reads the message. When false or left out, the error is NOBODY_ON_DUTY with the role’s own text in `extensions.notice`. */
  readonly toUnstaffedRole?: boolean | null | undefined;
  /** Lifetime in minutes, 1 or more; -1 means no end. The organization’s default when left out. */
  readonly ttl?: number | null | undefined;
};

/** The complete new set of entries, which replaces the old one. */
export type SetMetadataInput = {
  /** A user or group: global id, token, e-mail address, phone number or login name. */
  readonly entity: Ref<'User' | 'Group'>;
  /** The entries; at most 11. */
  readonly metadata: ReadonlyArray<MetadataEntryInput>;
  /** Key of the organization the entries belong to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
};

/** The presence to show. */
export type SetPresenceInput = {
  /** Presence that contacts see. */
  readonly status: PresenceStatus;
};

/** The quick replies that replace the former ones. */
export type SetQuickRepliesInput = {
  /** Key of the organization whose quick replies to replace, for its administrators; the caller’s own when left out. */
  readonly organization?: string | null | undefined;
  /** Texts in the order to show; at most 100, none of them blank. An empty list removes all. */
  readonly quickReplies: ReadonlyArray<string>;
};

/** The role, and the text of its automatic reply. */
export type SetRoleAwayInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
  /** Text that users who write to the role receive; not blank. */
  readonly text: string;
};

/** The user id and password. */
export type SignInInput = {
  /** Password of the user’s account. */
  readonly password: string;
  /** For browsers: true keeps the key pair in a sealed cookie that no script can read, in place of `key` and `secret`, which must not be selected. Over HTTP only, from a page on an allowed origin, and only where the gateway offers it (`SESSION_KEYS`). Null means false. */
  readonly session?: boolean | null | undefined;
  /** Login name, e-mail address or phone number. */
  readonly userId: string;
};

/** The escalation that the caller passes on. */
export type SkipEscalationInput = {
  /** `escalationId` of the escalation. When it is left out, it is that of the message, which the caller then has to be allowed to read. */
  readonly escalationId?: string | null | undefined;
  /** The original message, not its copy: global id or token. */
  readonly message: Ref<'Message'>;
};

/** Status of a request to join a team. */
export type TeamRequestStatus =
  /** The user is a member of the team now. */
  | 'ACCEPTED'
  /** The request was declined. */
  | 'DECLINED'
  /** A status that this version of the gateway has no value for; see `statusName`. */
  | 'OTHER'
  /** The request waits for an answer. The word for it is assumed. */
  | 'PENDING';

/** Start of a page of a conversation’s history that has no cursor. */
export type TimelineAnchor =
  /** The page ends with the newest item. Older pages follow with `last` and `before`. */
  | 'END'
  /** The page begins with the first unread message; with nothing unread, it is the newest page. Further pages follow with `first` and `after`, older ones with `last` and `before`. */
  | 'FIRST_UNREAD';

/** The conversation the caller is typing in. */
export type TypingInput = {
  /** Key of the organization the conversation belongs to; the caller’s default organization when left out. */
  readonly organization?: string | null | undefined;
  /** The user, group or distribution list: global id, token, e-mail address, phone number or login name. */
  readonly recipient: Ref<'User' | 'Group' | 'DistributionList'>;
  /** Global id or token of a role of the caller to write as; the caller’s own account when left out. */
  readonly speakAs?: Ref<'Role' | 'User'> | null | undefined;
};

/** The conversation or organization to unmute. */
export type UnmuteInput = {
  /**
   * Global id of the conversation, in place of its counterpart and organization.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly conversation?: Ref<'Conversation'> | null | undefined;
  /**
   * A user or group: global id, token, e-mail address, phone number or login name.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly counterpart?: Ref<'User' | 'Group'> | null | undefined;
  /**
   * Key of the organization the conversation belongs to; without `counterpart`, the organization to unmute.
   * @deprecated Excludes other fields of the input: use `target`. Removal on 2027-12-01.
   */
  readonly organization?: string | null | undefined;
  /** The conversation or organization to unmute. */
  readonly target?: MuteTargetInput | null | undefined;
};

/** The role to remove from the saved ones. */
export type UnsaveRoleInput = {
  /** Key of the organization to act in; the organization of the role when left out. */
  readonly organization?: string | null | undefined;
  /** The role: its global id or token, or the global id of its account. */
  readonly role: Ref<'Role' | 'User'>;
};

/** Changes to a group. Values that are left out stay the same. */
export type UpdateGroupInput = {
  /** New picture, sent by the GraphQL multipart request specification. */
  readonly avatar?: Upload | null | undefined;
  /** Global id or token of the group. */
  readonly group: Ref<'Group'>;
  /** The complete new member list, which replaces the old one. Each is a global id, token, e-mail address, phone number or login name; at most 500. */
  readonly members?: ReadonlyArray<Ref<'User'>> | null | undefined;
  /** New name of the group; not blank. */
  readonly name?: string | null | undefined;
  /** Whether members who join later receive older messages. */
  readonly replayHistory?: boolean | null | undefined;
};

/** Changes to the caller’s own account. Values that are left out stay the same. */
export type UpdateMeInput = {
  /** Picture, sent by the GraphQL multipart request specification. */
  readonly avatar?: Upload | null | undefined;
  /** Name that other users see. */
  readonly displayName?: string | null | undefined;
  /** Text shown to others while do-not-disturb is on; an empty string removes it. */
  readonly doNotDisturbText?: string | null | undefined;
  /** Given name of the caller. */
  readonly firstName?: string | null | undefined;
  /** Whether do-not-disturb is on. */
  readonly isDoNotDisturb?: boolean | null | undefined;
  /** Family name of the caller. */
  readonly lastName?: string | null | undefined;
  /** Status text that other users see; an empty string removes it. */
  readonly statusText?: string | null | undefined;
};

/** Messages the caller received and read. The upstream ignores ids the caller may not mark. */
export type UpdateMessageStatusInput = {
  /** Global ids or tokens of messages now on the caller’s device; at most 500. */
  readonly delivered?: ReadonlyArray<Ref<'Message'>> | null | undefined;
  /** Global ids or tokens of messages the caller has opened; at most 500. */
  readonly read?: ReadonlyArray<Ref<'Message'>> | null | undefined;
};

/** Changes to the caller’s values in one organization. Values that are left out stay the same. */
export type UpdateMyOrganizationInput = {
  /** Whether the caller accepts the organization’s terms. */
  readonly acceptLicence?: boolean | null | undefined;
  /** Global id or token of the user who receives the caller’s messages while do-not-disturb is on; null ends the forwarding. */
  readonly autoForwardTo?: Ref<'User'> | null | undefined;
  /** Whether do-not-disturb is on in the organization. */
  readonly isDoNotDisturb?: boolean | null | undefined;
  /** Key of the organization. */
  readonly organization: string;
};

/** The account to sign out everywhere. */
export type WipeUserInput = {
  /** Global id or token of the account. */
  readonly user: Ref<'User'>;
};

export type CreateAttachmentTokensMutationVariables = Exact<{
  input: CreateAttachmentTokensInput;
}>;


export type CreateAttachmentTokensMutation = { readonly __typename: 'Mutation', readonly createAttachmentTokens: { readonly __typename: 'CreateAttachmentTokensPayload', readonly tokens: ReadonlyArray<string> } | null };

export type CallLogQueryVariables = Exact<{
  organization?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type CallLogQuery = { readonly __typename: 'Query', readonly callLog: { readonly __typename: 'CallLogConnection', readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly __typename: 'CallLogEntry', readonly entryId: string, readonly kind: CallLogKind, readonly at: DateTime | null, readonly durationSeconds: NonNegativeInt | null, readonly isVideo: boolean | null, readonly caller: (
        { readonly __typename: 'User' }
        & UserCardFragment
      ) | null, readonly target:
        | (
          { readonly __typename: 'DistributionList' }
          & CounterpartCard_DistributionList_Fragment
        )
        | (
          { readonly __typename: 'Group' }
          & CounterpartCard_Group_Fragment
        )
        | (
          { readonly __typename: 'User' }
          & CounterpartCard_User_Fragment
        )
       | null } | null> } | null };

export type ConversationRowFragment = { readonly __typename: 'Conversation', readonly id: ConversationId, readonly organizationKey: string | null, readonly isHistoryAvailable: boolean | null, readonly mutedUntil: DateTime | null, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null, readonly firstExpiringUnread: { readonly __typename: 'FirstExpiringUnread', readonly expiresAt: DateTime } | null, readonly counterpart:
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartCard_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group', readonly kind: CounterpartKind | null, readonly role: { readonly __typename: 'Role', readonly id: RoleId, readonly onDutyNames: ReadonlyArray<string | null> } | null }
      & CounterpartCard_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartCard_User_Fragment
    )
   | null, readonly membership: { readonly __typename: 'Membership', readonly id: MembershipId, readonly title: string | null, readonly department: string | null } | null, readonly lastMessage: { readonly __typename: 'Message', readonly id: MessageId, readonly body: string | null, readonly createdAt: DateTime | null, readonly expiresAt: DateTime | null, readonly deleteOnRead: boolean | null, readonly priority: MessagePriority | null, readonly senderName: string | null, readonly sender: { readonly __typename: 'User', readonly id: UserId } | null, readonly attachments: ReadonlyArray<{ readonly __typename: 'Attachment', readonly fileName: string | null, readonly contentType: string | null }> } | null };

export type HistoryMessageFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly token: Token<'Message'>, readonly body: string | null, readonly createdAt: DateTime | null, readonly expiresAt: DateTime | null, readonly ttl: number | null, readonly deleteOnRead: boolean | null, readonly priority: MessagePriority | null, readonly status: DeliveryStatus | null, readonly isUnread: boolean | null, readonly subType: string | null, readonly sortNumber: number | null, readonly idempotencyKey: string | null, readonly senderName: string | null, readonly sender: { readonly __typename: 'User', readonly id: UserId } | null, readonly attachments: ReadonlyArray<{ readonly __typename: 'Attachment', readonly fileName: string | null, readonly contentType: string | null, readonly size: NonNegativeInt | null, readonly url: string }>, readonly data: ReadonlyArray<{ readonly __typename: 'MessageDatum', readonly mimeType: string, readonly namespace: string, readonly payload: Json | null }>, readonly forwardedFrom: { readonly __typename: 'ForwardedFrom', readonly senderName: string | null, readonly createdAt: DateTime | null } | null, readonly escalation: (
    { readonly __typename: 'Escalation' }
    & EscalationCardFragment
  ) | null };

export type HistoryNoticeFragment = { readonly __typename: 'ConversationNotice', readonly noticeId: string | null, readonly notice: string, readonly at: DateTime | null, readonly sortNumber: number | null, readonly reason: string | null, readonly actor: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null, readonly subject: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null };

export type ConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  organization?: string | null | undefined;
  unreadOnly?: boolean | null | undefined;
}>;


export type ConversationsQuery = { readonly __typename: 'Query', readonly conversations: { readonly __typename: 'ConversationsConnection', readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
      { readonly __typename: 'Conversation' }
      & ConversationRowFragment
    ) | null> } | null };

export type ConversationQueryVariables = Exact<{
  id: Ref<'Conversation'>;
}>;


export type ConversationQuery = { readonly __typename: 'Query', readonly conversation: (
    { readonly __typename: 'Conversation' }
    & ConversationRowFragment
  ) | null };

export type TimelineQueryVariables = Exact<{
  id: Ref<'Conversation'>;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  anchor?: TimelineAnchor | null | undefined;
}>;


export type TimelineQuery = { readonly __typename: 'Query', readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly timeline: { readonly __typename: 'ConversationTimelineConnection', readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<
        | (
          { readonly __typename: 'ConversationNotice' }
          & HistoryNoticeFragment
        )
        | (
          { readonly __typename: 'Message' }
          & HistoryMessageFragment
        )
       | null> } | null } | null };

export type MarkConversationMutationVariables = Exact<{
  input: MarkConversationInput;
}>;


export type MarkConversationMutation = { readonly __typename: 'Mutation', readonly markConversation: { readonly __typename: 'MarkConversationPayload', readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null } | null } | null };

export type ConversationChangedSubscriptionVariables = Exact<{
  conversation: Ref<'Conversation'>;
}>;


export type ConversationChangedSubscription = { readonly conversationChanged: { readonly __typename: 'ConversationChanged', readonly id: EventId, readonly receivedAt: DateTime, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null }, readonly event:
      | { readonly __typename: 'AccountSettingsChanged' }
      | { readonly __typename: 'CallChanged' }
      | (
        { readonly __typename: 'ConversationNotice' }
        & HistoryNoticeFragment
      )
      | { readonly __typename: 'EntityChanged' }
      | { readonly __typename: 'EscalationChanged' }
      | { readonly __typename: 'MessageDataChanged' }
      | { readonly __typename: 'MessageRecalled', readonly recalledMessageId: MessageId }
      | { readonly __typename: 'MessageReceived', readonly message: (
          { readonly __typename: 'Message' }
          & HistoryMessageFragment
        ) | null }
      | { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null }
      | { readonly __typename: 'MuteChanged', readonly mutedUntil: DateTime | null }
      | { readonly __typename: 'OrganizationPreferencesChanged' }
      | { readonly __typename: 'OrganizationSettingsChanged' }
      | { readonly __typename: 'PhoneNumberValidated' }
      | { readonly __typename: 'PresenceChanged' }
      | { readonly __typename: 'ProcessingChanged' }
      | { readonly __typename: 'PushCredentialsChanged' }
      | { readonly __typename: 'PushNotice' }
      | { readonly __typename: 'RemoteWiped' }
      | { readonly __typename: 'RosterChanged' }
      | { readonly __typename: 'SessionHibernated' }
      | { readonly __typename: 'SubscriptionGap' }
      | { readonly __typename: 'TagChanged' }
      | { readonly __typename: 'TeamRequestChanged' }
      | { readonly __typename: 'TypingChanged' }
      | { readonly __typename: 'UnknownEvent' }
      | { readonly __typename: 'UserPreferencesChanged' }
      | { readonly __typename: 'WaitingRoomChanged' }
     } };

export type ConversationEventsSubscriptionVariables = Exact<{
  acknowledge?: AcknowledgeMode;
  after?: Ref<'Event'> | null | undefined;
}>;


export type ConversationEventsSubscription = { readonly events:
    | { readonly __typename: 'AccountSettingsChanged', readonly id: EventId }
    | { readonly __typename: 'CallChanged', readonly id: EventId }
    | (
      { readonly __typename: 'ConversationNotice', readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
      & HistoryNoticeFragment
    )
    | { readonly __typename: 'EntityChanged', readonly id: EventId }
    | { readonly __typename: 'EscalationChanged', readonly id: EventId, readonly changedEscalation: (
        { readonly __typename: 'Escalation' }
        & EscalationCardFragment
      ) | null }
    | { readonly __typename: 'MessageDataChanged', readonly id: EventId }
    | { readonly __typename: 'MessageRecalled', readonly recalledMessageId: MessageId, readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'MessageReceived', readonly id: EventId, readonly message: (
        { readonly __typename: 'Message' }
        & HistoryMessageFragment
      ) | null, readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly user: { readonly __typename: 'User', readonly id: UserId } | null }>, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null } | null }
    | { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly id: EventId, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'MuteChanged', readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'OrganizationPreferencesChanged', readonly id: EventId }
    | { readonly __typename: 'OrganizationSettingsChanged', readonly id: EventId }
    | { readonly __typename: 'PhoneNumberValidated', readonly id: EventId }
    | { readonly __typename: 'PresenceChanged', readonly presence: PresenceState, readonly id: EventId, readonly user: { readonly __typename: 'User', readonly id: UserId } | null }
    | { readonly __typename: 'ProcessingChanged', readonly id: EventId }
    | { readonly __typename: 'PushCredentialsChanged', readonly id: EventId }
    | { readonly __typename: 'PushNotice', readonly id: EventId }
    | { readonly __typename: 'RemoteWiped', readonly id: EventId }
    | { readonly __typename: 'RosterChanged', readonly change: RosterChange, readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'SessionHibernated', readonly id: EventId }
    | { readonly __typename: 'SubscriptionGap', readonly gapReason: GapReason, readonly id: EventId }
    | { readonly __typename: 'TagChanged', readonly id: EventId }
    | { readonly __typename: 'TeamRequestChanged', readonly id: EventId }
    | { readonly __typename: 'TypingChanged', readonly isTyping: boolean, readonly id: EventId, readonly user: { readonly __typename: 'User', readonly id: UserId } | null, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'UnknownEvent', readonly id: EventId }
    | { readonly __typename: 'UserPreferencesChanged', readonly id: EventId }
    | { readonly __typename: 'WaitingRoomChanged', readonly id: EventId }
   };

type CounterpartCard_DistributionList_Fragment = (
  { readonly __typename: 'DistributionList' }
  & DistributionListCardFragment
);

type CounterpartCard_Group_Fragment = (
  { readonly __typename: 'Group' }
  & GroupCardFragment
);

type CounterpartCard_User_Fragment = (
  { readonly __typename: 'User' }
  & UserCardFragment
);

export type CounterpartCardFragment =
  | CounterpartCard_DistributionList_Fragment
  | CounterpartCard_Group_Fragment
  | CounterpartCard_User_Fragment
;

type CounterpartId_DistributionList_Fragment = { readonly __typename: 'DistributionList', readonly id: DistributionListId };

type CounterpartId_Group_Fragment = { readonly __typename: 'Group', readonly id: GroupId };

type CounterpartId_User_Fragment = { readonly __typename: 'User', readonly id: UserId };

export type CounterpartIdFragment =
  | CounterpartId_DistributionList_Fragment
  | CounterpartId_Group_Fragment
  | CounterpartId_User_Fragment
;

export type DistributionListCardFragment = { readonly __typename: 'DistributionList', readonly id: DistributionListId, readonly token: Token<'DistributionList'>, readonly name: string | null, readonly memberCount: NonNegativeInt | null, readonly organizationKey: string | null };

export type EscalationCardFragment = { readonly __typename: 'Escalation', readonly escalationId: string, readonly name: string, readonly status: EscalationStatus, readonly level: number | null, readonly changedAt: DateTime | null, readonly keptUntil: DateTime | null, readonly targetMinutes: number | null, readonly target: { readonly __typename: 'EscalationTarget', readonly token: string } | null, readonly steps: ReadonlyArray<{ readonly __typename: 'EscalationStep', readonly durationMinutes: number | null, readonly targets: ReadonlyArray<{ readonly __typename: 'EscalationTarget', readonly token: string, readonly name: string | null }> }>, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null };

export type EscalateMessageMutationVariables = Exact<{
  input: EscalateMessageInput;
}>;


export type EscalateMessageMutation = { readonly __typename: 'Mutation', readonly escalateMessage: { readonly __typename: 'EscalateMessagePayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } | null };

export type ConfirmEscalationMutationVariables = Exact<{
  input: ConfirmEscalationInput;
}>;


export type ConfirmEscalationMutation = { readonly __typename: 'Mutation', readonly confirmEscalation: { readonly __typename: 'ConfirmEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } | null };

export type SkipEscalationMutationVariables = Exact<{
  input: SkipEscalationInput;
}>;


export type SkipEscalationMutation = { readonly __typename: 'Mutation', readonly skipEscalation: { readonly __typename: 'SkipEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } | null };

export type CancelEscalationMutationVariables = Exact<{
  input: CancelEscalationInput;
}>;


export type CancelEscalationMutation = { readonly __typename: 'Mutation', readonly cancelEscalation: { readonly __typename: 'CancelEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } | null };

export type EscalationChangedSubscriptionVariables = Exact<{
  message?: Ref<'Message'> | null | undefined;
}>;


export type EscalationChangedSubscription = { readonly escalationChanged: { readonly __typename: 'EscalationChanged', readonly id: EventId, readonly changedEscalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } };

type EventDetails_AccountSettingsChanged_Fragment = { readonly __typename: 'AccountSettingsChanged', readonly services: ReadonlyArray<string>, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null };

type EventDetails_CallChanged_Fragment = { readonly __typename: 'CallChanged', readonly stage: CallStage, readonly callId: string | null, readonly roomName: string | null, readonly reason: string | null, readonly isVideo: boolean | null, readonly state: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly caller: { readonly __typename: 'User', readonly id: UserId } | null, readonly participants: ReadonlyArray<{ readonly __typename: 'User', readonly id: UserId } | null>, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null, readonly disabledParticipants: ReadonlyArray<{ readonly __typename: 'User', readonly id: UserId } | null>, readonly roles: ReadonlyArray<{ readonly __typename: 'Role', readonly id: RoleId } | null> };

type EventDetails_ConversationNotice_Fragment = { readonly __typename: 'ConversationNotice', readonly noticeId: string | null, readonly notice: string, readonly at: DateTime | null, readonly reason: string | null, readonly reasonSubjectToken: string | null, readonly sortNumber: number | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly actor: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null, readonly subject: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null, readonly target: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null };

type EventDetails_EntityChanged_Fragment = { readonly __typename: 'EntityChanged', readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly entities: ReadonlyArray<
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartId_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & CounterpartId_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartId_User_Fragment
    )
   | null> };

type EventDetails_EscalationChanged_Fragment = { readonly __typename: 'EscalationChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly changedEscalation: (
    { readonly __typename: 'Escalation' }
    & EscalationCardFragment
  ) | null };

type EventDetails_MessageDataChanged_Fragment = { readonly __typename: 'MessageDataChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly data: ReadonlyArray<{ readonly __typename: 'MessageDatum', readonly mimeType: string, readonly namespace: string, readonly payload: Json | null }> };

type EventDetails_MessageRecalled_Fragment = { readonly __typename: 'MessageRecalled', readonly recalledMessageId: MessageId, readonly at: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly recalledBy: { readonly __typename: 'User', readonly id: UserId } | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null };

type EventDetails_MessageReceived_Fragment = { readonly __typename: 'MessageReceived', readonly isHistory: boolean, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly message: (
    { readonly __typename: 'Message' }
    & MessageBubbleFragment
  ) | null, readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly at: DateTime, readonly user: { readonly __typename: 'User', readonly id: UserId } | null }> };

type EventDetails_MessageStatusChanged_Fragment = { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly at: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null };

type EventDetails_MuteChanged_Fragment = { readonly __typename: 'MuteChanged', readonly muteChange: MuteChange, readonly organizationKey: string | null, readonly mutedAt: DateTime | null, readonly mutedUntil: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly counterpart:
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartId_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & CounterpartId_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartId_User_Fragment
    )
   | null, readonly mutedBy: { readonly __typename: 'User', readonly id: UserId } | null };

type EventDetails_OrganizationPreferencesChanged_Fragment = { readonly __typename: 'OrganizationPreferencesChanged', readonly quickReplies: ReadonlyArray<string> | null, readonly organizationKey: string | null, readonly preferences: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_OrganizationSettingsChanged_Fragment = { readonly __typename: 'OrganizationSettingsChanged', readonly settings: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_PhoneNumberValidated_Fragment = { readonly __typename: 'PhoneNumberValidated', readonly phoneNumber: PhoneNumber | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_PresenceChanged_Fragment = { readonly __typename: 'PresenceChanged', readonly presence: PresenceState, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null };

type EventDetails_ProcessingChanged_Fragment = { readonly __typename: 'ProcessingChanged', readonly isRunning: boolean, readonly action: string | null, readonly conversationId: string | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly subject: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null };

type EventDetails_PushCredentialsChanged_Fragment = { readonly __typename: 'PushCredentialsChanged', readonly credentials: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_PushNotice_Fragment = { readonly __typename: 'PushNotice', readonly kind: PushNoticeKind, readonly alert: string | null, readonly badge: number | null, readonly sound: string | null, readonly word: string | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null };

type EventDetails_RemoteWiped_Fragment = { readonly __typename: 'RemoteWiped', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_RosterChanged_Fragment = { readonly __typename: 'RosterChanged', readonly change: RosterChange, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly counterpart:
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartId_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & CounterpartId_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartId_User_Fragment
    )
   | null };

type EventDetails_SessionHibernated_Fragment = { readonly __typename: 'SessionHibernated', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_SubscriptionGap_Fragment = { readonly __typename: 'SubscriptionGap', readonly gapReason: GapReason, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_TagChanged_Fragment = { readonly __typename: 'TagChanged', readonly token: string, readonly name: string | null, readonly organizationKey: string | null, readonly colorId: string | null, readonly colorValue: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_TeamRequestChanged_Fragment = { readonly __typename: 'TeamRequestChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null, readonly request: { readonly __typename: 'TeamRequest', readonly requestId: string, readonly status: TeamRequestStatus | null, readonly teamId: string | null, readonly reason: string | null, readonly createdBy: { readonly __typename: 'User', readonly id: UserId } | null } | null, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null };

type EventDetails_TypingChanged_Fragment = (
  { readonly __typename: 'TypingChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null }
  & TypingDetailsFragment
);

type EventDetails_UnknownEvent_Fragment = { readonly __typename: 'UnknownEvent', readonly upstreamType: string, readonly payload: Json | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_UserPreferencesChanged_Fragment = { readonly __typename: 'UserPreferencesChanged', readonly quickReplies: ReadonlyArray<string> | null, readonly preferences: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

type EventDetails_WaitingRoomChanged_Fragment = { readonly __typename: 'WaitingRoomChanged', readonly waitingRoom: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json | null };

export type EventDetailsFragment =
  | EventDetails_AccountSettingsChanged_Fragment
  | EventDetails_CallChanged_Fragment
  | EventDetails_ConversationNotice_Fragment
  | EventDetails_EntityChanged_Fragment
  | EventDetails_EscalationChanged_Fragment
  | EventDetails_MessageDataChanged_Fragment
  | EventDetails_MessageRecalled_Fragment
  | EventDetails_MessageReceived_Fragment
  | EventDetails_MessageStatusChanged_Fragment
  | EventDetails_MuteChanged_Fragment
  | EventDetails_OrganizationPreferencesChanged_Fragment
  | EventDetails_OrganizationSettingsChanged_Fragment
  | EventDetails_PhoneNumberValidated_Fragment
  | EventDetails_PresenceChanged_Fragment
  | EventDetails_ProcessingChanged_Fragment
  | EventDetails_PushCredentialsChanged_Fragment
  | EventDetails_PushNotice_Fragment
  | EventDetails_RemoteWiped_Fragment
  | EventDetails_RosterChanged_Fragment
  | EventDetails_SessionHibernated_Fragment
  | EventDetails_SubscriptionGap_Fragment
  | EventDetails_TagChanged_Fragment
  | EventDetails_TeamRequestChanged_Fragment
  | EventDetails_TypingChanged_Fragment
  | EventDetails_UnknownEvent_Fragment
  | EventDetails_UserPreferencesChanged_Fragment
  | EventDetails_WaitingRoomChanged_Fragment
;

export type TypingDetailsFragment = { readonly __typename: 'TypingChanged', readonly isTyping: boolean, readonly organizationKey: string | null, readonly user: { readonly __typename: 'User', readonly id: UserId } | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null, readonly speaksAs: { readonly __typename: 'User', readonly id: UserId } | null };

export type EventsSubscriptionVariables = Exact<{
  types?: ReadonlyArray<EventType> | EventType | null | undefined;
  acknowledge?: AcknowledgeMode;
  after?: Ref<'Event'> | null | undefined;
}>;


export type EventsSubscription = { readonly events:
    | (
      { readonly __typename: 'AccountSettingsChanged' }
      & EventDetails_AccountSettingsChanged_Fragment
    )
    | (
      { readonly __typename: 'CallChanged' }
      & EventDetails_CallChanged_Fragment
    )
    | (
      { readonly __typename: 'ConversationNotice' }
      & EventDetails_ConversationNotice_Fragment
    )
    | (
      { readonly __typename: 'EntityChanged' }
      & EventDetails_EntityChanged_Fragment
    )
    | (
      { readonly __typename: 'EscalationChanged' }
      & EventDetails_EscalationChanged_Fragment
    )
    | (
      { readonly __typename: 'MessageDataChanged' }
      & EventDetails_MessageDataChanged_Fragment
    )
    | (
      { readonly __typename: 'MessageRecalled' }
      & EventDetails_MessageRecalled_Fragment
    )
    | (
      { readonly __typename: 'MessageReceived' }
      & EventDetails_MessageReceived_Fragment
    )
    | (
      { readonly __typename: 'MessageStatusChanged' }
      & EventDetails_MessageStatusChanged_Fragment
    )
    | (
      { readonly __typename: 'MuteChanged' }
      & EventDetails_MuteChanged_Fragment
    )
    | (
      { readonly __typename: 'OrganizationPreferencesChanged' }
      & EventDetails_OrganizationPreferencesChanged_Fragment
    )
    | (
      { readonly __typename: 'OrganizationSettingsChanged' }
      & EventDetails_OrganizationSettingsChanged_Fragment
    )
    | (
      { readonly __typename: 'PhoneNumberValidated' }
      & EventDetails_PhoneNumberValidated_Fragment
    )
    | (
      { readonly __typename: 'PresenceChanged' }
      & EventDetails_PresenceChanged_Fragment
    )
    | (
      { readonly __typename: 'ProcessingChanged' }
      & EventDetails_ProcessingChanged_Fragment
    )
    | (
      { readonly __typename: 'PushCredentialsChanged' }
      & EventDetails_PushCredentialsChanged_Fragment
    )
    | (
      { readonly __typename: 'PushNotice' }
      & EventDetails_PushNotice_Fragment
    )
    | (
      { readonly __typename: 'RemoteWiped' }
      & EventDetails_RemoteWiped_Fragment
    )
    | (
      { readonly __typename: 'RosterChanged' }
      & EventDetails_RosterChanged_Fragment
    )
    | (
      { readonly __typename: 'SessionHibernated' }
      & EventDetails_SessionHibernated_Fragment
    )
    | (
      { readonly __typename: 'SubscriptionGap' }
      & EventDetails_SubscriptionGap_Fragment
    )
    | (
      { readonly __typename: 'TagChanged' }
      & EventDetails_TagChanged_Fragment
    )
    | (
      { readonly __typename: 'TeamRequestChanged' }
      & EventDetails_TeamRequestChanged_Fragment
    )
    | (
      { readonly __typename: 'TypingChanged' }
      & EventDetails_TypingChanged_Fragment
    )
    | (
      { readonly __typename: 'UnknownEvent' }
      & EventDetails_UnknownEvent_Fragment
    )
    | (
      { readonly __typename: 'UserPreferencesChanged' }
      & EventDetails_UserPreferencesChanged_Fragment
    )
    | (
      { readonly __typename: 'WaitingRoomChanged' }
      & EventDetails_WaitingRoomChanged_Fragment
    )
   };

export type MessageReceivedSubscriptionVariables = Exact<{
  from?: Ref<'User' | 'Group'> | null | undefined;
}>;


export type MessageReceivedSubscription = { readonly messageReceived: { readonly __typename: 'MessageReceived', readonly id: EventId, readonly receivedAt: DateTime, readonly isHistory: boolean, readonly message: (
      { readonly __typename: 'Message' }
      & MessageBubbleFragment
    ) | null } };

export type MessageStatusChangedSubscriptionVariables = Exact<{
  message?: Ref<'Message'> | null | undefined;
}>;


export type MessageStatusChangedSubscription = { readonly messageStatusChanged: { readonly __typename: 'MessageStatusChanged', readonly id: EventId, readonly status: DeliveryStatus, readonly at: DateTime | null, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId, readonly displayName: string | null } | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null } };

export type MessageRecalledSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MessageRecalledSubscription = { readonly messageRecalled: { readonly __typename: 'MessageRecalled', readonly id: EventId, readonly recalledMessageId: MessageId, readonly at: DateTime | null, readonly recalledBy: { readonly __typename: 'User', readonly id: UserId } | null } };

export type TypingSubscriptionVariables = Exact<{
  in?: Ref<'User' | 'Group'> | null | undefined;
}>;


export type TypingSubscription = { readonly typing: (
    { readonly __typename: 'TypingChanged', readonly id: EventId }
    & TypingDetailsFragment
  ) };

export type GroupChangedSubscriptionVariables = Exact<{
  group?: Ref<'Group'> | null | undefined;
}>;


export type GroupChangedSubscription = { readonly groupChanged: { readonly __typename: 'GroupChanged', readonly id: EventId, readonly change: GroupChange, readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) | null } };

export type RosterChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type RosterChangedSubscription = { readonly rosterChanged: { readonly __typename: 'RosterChanged', readonly id: EventId, readonly change: RosterChange, readonly organizationKey: string | null, readonly counterpart:
      | (
        { readonly __typename: 'DistributionList' }
        & CounterpartCard_DistributionList_Fragment
      )
      | (
        { readonly __typename: 'Group' }
        & CounterpartCard_Group_Fragment
      )
      | (
        { readonly __typename: 'User' }
        & CounterpartCard_User_Fragment
      )
     | null } };

export type UserChangedSubscriptionVariables = Exact<{
  user?: Ref<'User'> | null | undefined;
}>;


export type UserChangedSubscription = { readonly userChanged: { readonly __typename: 'UserChanged', readonly id: EventId, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) | null } };

export type PresenceChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type PresenceChangedSubscription = { readonly presenceChanged: { readonly __typename: 'PresenceChanged', readonly id: EventId, readonly presence: PresenceState, readonly user: { readonly __typename: 'User', readonly id: UserId } | null } };

export type ConnectionStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ConnectionStatusSubscription = { readonly connectionStatus: { readonly __typename: 'ConnectionStatus', readonly state: ConnectionState, readonly attempt: number, readonly since: DateTime, readonly replayCount: number | null } };

export type AcknowledgeEventsMutationVariables = Exact<{
  input: AcknowledgeEventsInput;
}>;


export type AcknowledgeEventsMutation = { readonly __typename: 'Mutation', readonly acknowledgeEvents: { readonly __typename: 'AcknowledgeEventsPayload', readonly acknowledgedEventIds: ReadonlyArray<EventId> } | null };

export type DropEventConnectionsMutationVariables = Exact<{ [key: string]: never; }>;


export type DropEventConnectionsMutation = { readonly __typename: 'Mutation', readonly dropEventConnections: { readonly __typename: 'DropEventConnectionsPayload', readonly count: number } | null };

export type GroupCardFragment = { readonly __typename: 'Group', readonly id: GroupId, readonly token: Token<'Group'>, readonly name: string | null, readonly description: string | null, readonly avatarUrl: Url | null, readonly memberCount: NonNegativeInt | null, readonly isPublic: boolean | null, readonly organizationKey: string | null };

export type GroupDetailFragment = (
  { readonly __typename: 'Group', readonly replayHistory: boolean | null, readonly createdAt: DateTime | null, readonly createdBy: (
    { readonly __typename: 'User' }
    & UserCardFragment
  ) | null, readonly metadata: ReadonlyArray<(
    { readonly __typename: 'MetadataEntry' }
    & MetadataRowFragment
  )> | null }
  & GroupCardFragment
);

export type GroupQueryVariables = Exact<{
  id: Ref<'Group'>;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type GroupQuery = { readonly __typename: 'Query', readonly group: (
    { readonly __typename: 'Group', readonly members: { readonly __typename: 'GroupMembersConnection', readonly totalCount: number | null, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
        { readonly __typename: 'User' }
        & UserCardFragment
      ) | null> } | null }
    & GroupDetailFragment
  ) | null };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
}>;


export type CreateGroupMutation = { readonly __typename: 'Mutation', readonly createGroup: { readonly __typename: 'CreateGroupPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupDetailFragment
    ) } | null };

export type UpdateGroupMutationVariables = Exact<{
  input: UpdateGroupInput;
}>;


export type UpdateGroupMutation = { readonly __typename: 'Mutation', readonly updateGroup: { readonly __typename: 'UpdateGroupPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupDetailFragment
    ) } | null };

export type DeleteGroupMutationVariables = Exact<{
  input: DeleteGroupInput;
}>;


export type DeleteGroupMutation = { readonly __typename: 'Mutation', readonly deleteGroup: { readonly __typename: 'DeleteGroupPayload', readonly deletedGroupId: GroupId } | null };

export type AddGroupMembersMutationVariables = Exact<{
  input: AddGroupMembersInput;
}>;


export type AddGroupMembersMutation = { readonly __typename: 'Mutation', readonly addGroupMembers: { readonly __typename: 'AddGroupMembersPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) } | null };

export type RemoveGroupMembersMutationVariables = Exact<{
  input: RemoveGroupMembersInput;
}>;


export type RemoveGroupMembersMutation = { readonly __typename: 'Mutation', readonly removeGroupMembers: { readonly __typename: 'RemoveGroupMembersPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) | null } | null };

export type JoinForumMutationVariables = Exact<{
  input: JoinForumInput;
}>;


export type JoinForumMutation = { readonly __typename: 'Mutation', readonly joinForum: { readonly __typename: 'JoinForumPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) | null } | null };

export type LeaveForumMutationVariables = Exact<{
  input: LeaveForumInput;
}>;


export type LeaveForumMutation = { readonly __typename: 'Mutation', readonly leaveForum: { readonly __typename: 'LeaveForumPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) | null } | null };

export type MembershipCardFragment = { readonly __typename: 'Membership', readonly id: MembershipId, readonly organizationKey: string | null, readonly title: string | null, readonly department: string | null, readonly statusText: string | null, readonly isDoNotDisturb: boolean | null, readonly doNotDisturbText: string | null };

export type MembershipProfileFragment = (
  { readonly __typename: 'Membership', readonly autoForwardTo: (
    { readonly __typename: 'User' }
    & UserCardFragment
  ) | null, readonly metadata: ReadonlyArray<(
    { readonly __typename: 'MetadataEntry' }
    & MetadataRowFragment
  )> | null }
  & MembershipCardFragment
);

export type MessageBubbleFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly token: Token<'Message'>, readonly body: string | null, readonly createdAt: DateTime | null, readonly expiresAt: DateTime | null, readonly ttl: number | null, readonly deleteOnRead: boolean | null, readonly priority: MessagePriority | null, readonly status: DeliveryStatus | null, readonly subType: string | null, readonly sortNumber: number | null, readonly idempotencyKey: string | null, readonly senderName: string | null, readonly sender: { readonly __typename: 'User', readonly id: UserId } | null, readonly recipient:
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartId_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & CounterpartId_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartId_User_Fragment
    )
   | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null, readonly attachments: ReadonlyArray<{ readonly __typename: 'Attachment', readonly fileName: string | null, readonly contentType: string | null, readonly size: NonNegativeInt | null, readonly url: string }>, readonly data: ReadonlyArray<{ readonly __typename: 'MessageDatum', readonly mimeType: string, readonly namespace: string, readonly payload: Json | null }>, readonly forwardedFrom: { readonly __typename: 'ForwardedFrom', readonly senderName: string | null, readonly createdAt: DateTime | null } | null, readonly escalation: (
    { readonly __typename: 'Escalation' }
    & EscalationCardFragment
  ) | null };

export type MessageProgressFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly status: DeliveryStatus | null, readonly isRecalled: boolean | null, readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly at: DateTime, readonly user: { readonly __typename: 'User', readonly id: UserId } | null }> | null };

export type MessageQueryVariables = Exact<{
  id: Ref<'Message'>;
}>;


export type MessageQuery = { readonly __typename: 'Query', readonly message: (
    { readonly __typename: 'Message' }
    & MessageBubbleFragment
    & MessageProgressFragment
  ) | null };

export type MessagesQueryVariables = Exact<{
  ids: ReadonlyArray<Ref<'Message'>> | Ref<'Message'>;
}>;


export type MessagesQuery = { readonly __typename: 'Query', readonly messages: ReadonlyArray<(
    { readonly __typename: 'Message' }
    & MessageBubbleFragment
    & MessageProgressFragment
  ) | null> };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { readonly __typename: 'Mutation', readonly sendMessage: { readonly __typename: 'SendMessagePayload', readonly wasAlreadyStored: boolean, readonly recipientWasCreated: boolean, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null, readonly message: (
      { readonly __typename: 'Message' }
      & MessageBubbleFragment
    ) | null } | null };

export type ForwardMessageMutationVariables = Exact<{
  input: ForwardMessageInput;
}>;


export type ForwardMessageMutation = { readonly __typename: 'Mutation', readonly forwardMessage: { readonly __typename: 'ForwardMessagePayload', readonly wasAlreadyStored: boolean, readonly recipientWasCreated: boolean, readonly message: (
      { readonly __typename: 'Message' }
      & MessageBubbleFragment
    ) | null } | null };

export type RecallMessageMutationVariables = Exact<{
  input: RecallMessageInput;
}>;


export type RecallMessageMutation = { readonly __typename: 'Mutation', readonly recallMessage: { readonly __typename: 'RecallMessagePayload', readonly recalledMessageId: MessageId } | null };

export type UpdateMessageStatusMutationVariables = Exact<{
  input: UpdateMessageStatusInput;
}>;


export type UpdateMessageStatusMutation = { readonly __typename: 'Mutation', readonly updateMessageStatus: { readonly __typename: 'UpdateMessageStatusPayload', readonly delivered: ReadonlyArray<{ readonly __typename: 'Message', readonly id: MessageId } | null>, readonly read: ReadonlyArray<{ readonly __typename: 'Message', readonly id: MessageId } | null> } | null };

export type MetadataRowFragment = { readonly __typename: 'MetadataEntry', readonly key: string, readonly value: string };

export type SetMetadataMutationVariables = Exact<{
  input: SetMetadataInput;
}>;


export type SetMetadataMutation = { readonly __typename: 'Mutation', readonly setMetadata: { readonly __typename: 'SetMetadataPayload', readonly metadata: ReadonlyArray<(
      { readonly __typename: 'MetadataEntry' }
      & MetadataRowFragment
    )> } | null };

export type ClearMetadataMutationVariables = Exact<{
  input: ClearMetadataInput;
}>;


export type ClearMetadataMutation = { readonly __typename: 'Mutation', readonly clearMetadata: { readonly __typename: 'ClearMetadataPayload', readonly metadata: ReadonlyArray<(
      { readonly __typename: 'MetadataEntry' }
      & MetadataRowFragment
    )> } | null };

export type MuteRowFragment = { readonly __typename: 'Mute', readonly kind: MuteKind, readonly token: string, readonly organizationKey: string | null, readonly mutedUntil: DateTime };

export type MutesQueryVariables = Exact<{ [key: string]: never; }>;


export type MutesQuery = { readonly __typename: 'Query', readonly mutes: ReadonlyArray<(
    { readonly __typename: 'Mute' }
    & MuteRowFragment
  )> | null };

export type MuteMutationVariables = Exact<{
  input: MuteInput;
}>;


export type MuteMutation = { readonly __typename: 'Mutation', readonly mute: { readonly __typename: 'MutePayload', readonly mutedUntil: DateTime } | null };

export type UnmuteMutationVariables = Exact<{
  input: UnmuteInput;
}>;


export type UnmuteMutation = { readonly __typename: 'Mutation', readonly unmute: { readonly __typename: 'UnmutePayload', readonly wasMuted: boolean } | null };

export type UnmuteAllMutationVariables = Exact<{ [key: string]: never; }>;


export type UnmuteAllMutation = { readonly __typename: 'Mutation', readonly unmuteAll: { readonly __typename: 'UnmuteAllPayload', readonly count: number } | null };

type NodeCard_Conversation_Fragment = { readonly __typename: 'Conversation', readonly id: ConversationId };

type NodeCard_DistributionList_Fragment = (
  { readonly __typename: 'DistributionList', readonly id: DistributionListId }
  & DistributionListCardFragment
);

type NodeCard_Group_Fragment = (
  { readonly __typename: 'Group', readonly id: GroupId }
  & GroupCardFragment
);

type NodeCard_Membership_Fragment = (
  { readonly __typename: 'Membership', readonly id: MembershipId, readonly user: (
    { readonly __typename: 'User' }
    & UserCardFragment
  ) }
  & MembershipCardFragment
);

type NodeCard_Message_Fragment = (
  { readonly __typename: 'Message', readonly id: MessageId }
  & MessageBubbleFragment
);

type NodeCard_Role_Fragment = { readonly __typename: 'Role', readonly id: RoleId };

type NodeCard_User_Fragment = (
  { readonly __typename: 'User', readonly id: UserId }
  & UserCardFragment
);

export type NodeCardFragment =
  | NodeCard_Conversation_Fragment
  | NodeCard_DistributionList_Fragment
  | NodeCard_Group_Fragment
  | NodeCard_Membership_Fragment
  | NodeCard_Message_Fragment
  | NodeCard_Role_Fragment
  | NodeCard_User_Fragment
;

export type NodeQueryVariables = Exact<{
  id: Ref<'Conversation' | 'DistributionList' | 'Group' | 'Membership' | 'Message' | 'Role' | 'User'>;
}>;


export type NodeQuery = { readonly __typename: 'Query', readonly node:
    | (
      { readonly __typename: 'Conversation' }
      & NodeCard_Conversation_Fragment
    )
    | (
      { readonly __typename: 'DistributionList' }
      & NodeCard_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & NodeCard_Group_Fragment
    )
    | (
      { readonly __typename: 'Membership' }
      & NodeCard_Membership_Fragment
    )
    | (
      { readonly __typename: 'Message' }
      & NodeCard_Message_Fragment
    )
    | (
      { readonly __typename: 'Role' }
      & NodeCard_Role_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & NodeCard_User_Fragment
    )
   | null };

export type NodesQueryVariables = Exact<{
  ids: ReadonlyArray<Ref<'Conversation' | 'DistributionList' | 'Group' | 'Membership' | 'Message' | 'Role' | 'User'>> | Ref<'Conversation' | 'DistributionList' | 'Group' | 'Membership' | 'Message' | 'Role' | 'User'>;
}>;


export type NodesQuery = { readonly __typename: 'Query', readonly nodes: ReadonlyArray<
    | (
      { readonly __typename: 'Conversation' }
      & NodeCard_Conversation_Fragment
    )
    | (
      { readonly __typename: 'DistributionList' }
      & NodeCard_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & NodeCard_Group_Fragment
    )
    | (
      { readonly __typename: 'Membership' }
      & NodeCard_Membership_Fragment
    )
    | (
      { readonly __typename: 'Message' }
      & NodeCard_Message_Fragment
    )
    | (
      { readonly __typename: 'Role' }
      & NodeCard_Role_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & NodeCard_User_Fragment
    )
   | null> };

export type OrganizationCardFragment = { readonly __typename: 'Organization', readonly key: string, readonly name: string | null, readonly memberCount: NonNegativeInt | null, readonly isPaid: boolean | null, readonly isPending: boolean | null, readonly settings: ReadonlyArray<{ readonly __typename: 'OrganizationSetting', readonly name: string, readonly value: Json | null, readonly isLocked: boolean | null, readonly source: string | null }> };

export type UpdateMyOrganizationMutationVariables = Exact<{
  input: UpdateMyOrganizationInput;
}>;


export type UpdateMyOrganizationMutation = { readonly __typename: 'Mutation', readonly updateMyOrganization: { readonly __typename: 'UpdateMyOrganizationPayload', readonly me: (
      { readonly __typename: 'User' }
      & UserProfileFragment
    ), readonly membership: (
      { readonly __typename: 'Membership' }
      & MembershipProfileFragment
    ) | null, readonly organization: (
      { readonly __typename: 'Organization' }
      & OrganizationCardFragment
    ) | null } | null };

export type LeaveOrganizationMutationVariables = Exact<{
  input: LeaveOrganizationInput;
}>;


export type LeaveOrganizationMutation = { readonly __typename: 'Mutation', readonly leaveOrganization: { readonly __typename: 'LeaveOrganizationPayload', readonly leftOrganizationKey: string } | null };

export type SetPresenceMutationVariables = Exact<{
  input: SetPresenceInput;
}>;


export type SetPresenceMutation = { readonly __typename: 'Mutation', readonly setPresence: { readonly __typename: 'SetPresencePayload', readonly status: PresenceStatus } | null };

export type QuickRepliesQueryVariables = Exact<{ [key: string]: never; }>;


export type QuickRepliesQuery = { readonly __typename: 'Query', readonly quickReplies: ReadonlyArray<string> | null, readonly me: { readonly __typename: 'User', readonly id: UserId, readonly organizations: ReadonlyArray<{ readonly __typename: 'Organization', readonly key: string, readonly quickReplies: ReadonlyArray<string> | null } | null> | null } | null };

export type SetQuickRepliesMutationVariables = Exact<{
  input: SetQuickRepliesInput;
}>;


export type SetQuickRepliesMutation = { readonly __typename: 'Mutation', readonly setQuickReplies: { readonly __typename: 'SetQuickRepliesPayload', readonly quickReplies: ReadonlyArray<string>, readonly organization: { readonly __typename: 'Organization', readonly key: string } | null } | null };

export type RoleCardFragment = { readonly __typename: 'Role', readonly id: RoleId, readonly token: Token<'Role'>, readonly name: string | null, readonly description: string | null, readonly isStaffed: boolean, readonly organizationKey: string | null, readonly tag: { readonly __typename: 'RoleTag', readonly tagId: string, readonly name: string | null, readonly color: string | null } | null, readonly onDuty: ReadonlyArray<(
    { readonly __typename: 'User' }
    & UserCardFragment
  ) | null> };

export type RoleQueryVariables = Exact<{
  id: Ref<'Role'>;
}>;


export type RoleQuery = { readonly __typename: 'Query', readonly role: (
    { readonly __typename: 'Role', readonly isOpen: boolean | null, readonly isOwnerRequired: boolean | null, readonly noOwnersMessage: string | null, readonly escalationPolicy: { readonly __typename: 'EscalationPolicy', readonly isAutomatic: boolean | null, readonly targetMinutes: number | null, readonly keptMinutes: number | null, readonly steps: ReadonlyArray<{ readonly __typename: 'EscalationStep', readonly durationMinutes: number | null, readonly targets: ReadonlyArray<{ readonly __typename: 'EscalationTarget', readonly token: string, readonly name: string | null, readonly user: (
            { readonly __typename: 'User' }
            & UserCardFragment
          ) | null }> }> } | null }
    & RoleCardFragment
  ) | null };

export type RolesQueryVariables = Exact<{
  organization?: string | null | undefined;
  onDuty?: boolean | null | undefined;
  tag?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RolesQuery = { readonly __typename: 'Query', readonly roles: { readonly __typename: 'RolesConnection', readonly totalCount: number | null, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null> } | null };

export type RoleTagsQueryVariables = Exact<{
  organization?: string | null | undefined;
}>;


export type RoleTagsQuery = { readonly __typename: 'Query', readonly roleTags: ReadonlyArray<{ readonly __typename: 'RoleTag', readonly tagId: string, readonly name: string | null, readonly color: string | null } | null> | null };

export type MyRolesQueryVariables = Exact<{
  organization?: string | null | undefined;
}>;


export type MyRolesQuery = { readonly __typename: 'Query', readonly me: { readonly __typename: 'User', readonly id: UserId, readonly roles: ReadonlyArray<(
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null> | null, readonly savedRoles: ReadonlyArray<(
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null> | null } | null };

export type OptIntoRoleMutationVariables = Exact<{
  input: OptIntoRoleInput;
}>;


export type OptIntoRoleMutation = { readonly __typename: 'Mutation', readonly optIntoRole: { readonly __typename: 'OptIntoRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type OptOutOfRoleMutationVariables = Exact<{
  input: OptOutOfRoleInput;
}>;


export type OptOutOfRoleMutation = { readonly __typename: 'Mutation', readonly optOutOfRole: { readonly __typename: 'OptOutOfRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type SetRoleAwayMutationVariables = Exact<{
  input: SetRoleAwayInput;
}>;


export type SetRoleAwayMutation = { readonly __typename: 'Mutation', readonly setRoleAway: { readonly __typename: 'SetRoleAwayPayload', readonly text: string, readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type ClearRoleAwayMutationVariables = Exact<{
  input: ClearRoleAwayInput;
}>;


export type ClearRoleAwayMutation = { readonly __typename: 'Mutation', readonly clearRoleAway: { readonly __typename: 'ClearRoleAwayPayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type SaveRoleMutationVariables = Exact<{
  input: SaveRoleInput;
}>;


export type SaveRoleMutation = { readonly __typename: 'Mutation', readonly saveRole: { readonly __typename: 'SaveRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type UnsaveRoleMutationVariables = Exact<{
  input: UnsaveRoleInput;
}>;


export type UnsaveRoleMutation = { readonly __typename: 'Mutation', readonly unsaveRole: { readonly __typename: 'UnsaveRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) | null } | null };

export type RosterRowFragment = { readonly __typename: 'RosterEntry', readonly organizationKey: string | null, readonly mutedUntil: DateTime | null, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null, readonly membership: (
    { readonly __typename: 'Membership' }
    & MembershipCardFragment
  ) | null, readonly counterpart:
    | (
      { readonly __typename: 'DistributionList' }
      & CounterpartCard_DistributionList_Fragment
    )
    | (
      { readonly __typename: 'Group' }
      & CounterpartCard_Group_Fragment
    )
    | (
      { readonly __typename: 'User' }
      & CounterpartCard_User_Fragment
    )
   | null };

export type RosterQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  kinds?: ReadonlyArray<EntityKind> | EntityKind | null | undefined;
}>;


export type RosterQuery = { readonly __typename: 'Query', readonly roster: { readonly __typename: 'Roster', readonly entries: { readonly __typename: 'RosterEntriesConnection', readonly totalCount: number | null, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
        { readonly __typename: 'RosterEntry' }
        & RosterRowFragment
      ) | null> } | null } };

export type AddRosterEntryMutationVariables = Exact<{
  input: AddRosterEntryInput;
}>;


export type AddRosterEntryMutation = { readonly __typename: 'Mutation', readonly addRosterEntry: { readonly __typename: 'AddRosterEntryPayload', readonly counterpart:
      | (
        { readonly __typename: 'DistributionList' }
        & CounterpartCard_DistributionList_Fragment
      )
      | (
        { readonly __typename: 'Group' }
        & CounterpartCard_Group_Fragment
      )
      | (
        { readonly __typename: 'User' }
        & CounterpartCard_User_Fragment
      )
     } | null };

export type RemoveRosterEntryMutationVariables = Exact<{
  input: RemoveRosterEntryInput;
}>;


export type RemoveRosterEntryMutation = { readonly __typename: 'Mutation', readonly removeRosterEntry: { readonly __typename: 'RemoveRosterEntryPayload', readonly counterpart:
      | (
        { readonly __typename: 'DistributionList' }
        & CounterpartId_DistributionList_Fragment
      )
      | (
        { readonly __typename: 'Group' }
        & CounterpartId_Group_Fragment
      )
      | (
        { readonly __typename: 'User' }
        & CounterpartId_User_Fragment
      )
     } | null };

export type SearchQueryVariables = Exact<{
  query: string;
  kinds?: ReadonlyArray<SearchKind> | SearchKind | null | undefined;
  fields?: ReadonlyArray<SearchField> | SearchField | null | undefined;
  sort?: SearchSortInput | null | undefined;
  onlyOnRoster?: boolean | null | undefined;
  organization?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchQuery = { readonly __typename: 'Query', readonly search: { readonly __typename: 'SearchConnection', readonly totalCount: number | null, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly __typename: 'SearchEdge', readonly organizationKey: string | null, readonly node:
        | (
          { readonly __typename: 'DistributionList' }
          & CounterpartCard_DistributionList_Fragment
        )
        | (
          { readonly __typename: 'Group' }
          & CounterpartCard_Group_Fragment
        )
        | (
          { readonly __typename: 'User' }
          & CounterpartCard_User_Fragment
        )
       | null, readonly membership: (
        { readonly __typename: 'Membership' }
        & MembershipCardFragment
      ) | null, readonly team: { readonly __typename: 'Team', readonly teamId: string, readonly name: string | null, readonly memberCount: NonNegativeInt | null } | null }> } | null };

export type IsUpstreamReachableQueryVariables = Exact<{ [key: string]: never; }>;


export type IsUpstreamReachableQuery = { readonly __typename: 'Query', readonly isUpstreamReachable: boolean };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { readonly __typename: 'Mutation', readonly signIn: { readonly __typename: 'SignInPayload', readonly key: string, readonly secret: string, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) } | null };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { readonly __typename: 'Mutation', readonly signOut: { readonly __typename: 'SignOutPayload', readonly externalLogoutUrl: Url | null } | null };

export type StartSessionMutationVariables = Exact<{
  input: SignInInput;
}>;


export type StartSessionMutation = { readonly __typename: 'Mutation', readonly signIn: { readonly __typename: 'SignInPayload', readonly session: { readonly __typename: 'Session', readonly expiresAt: DateTime } | null, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) } | null };

export type TeamCardFragment = { readonly __typename: 'Team', readonly teamId: string, readonly name: string | null, readonly description: string | null, readonly avatarUrl: Url | null, readonly memberCount: NonNegativeInt | null, readonly canMembersLeave: boolean | null, readonly canRequestToJoin: boolean | null, readonly organizationKey: string | null };

export type TeamsQueryVariables = Exact<{
  query?: string | null | undefined;
  organization?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TeamsQuery = { readonly __typename: 'Query', readonly teams: { readonly __typename: 'TeamsConnection', readonly totalCount: number | null, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) | null> } | null };

export type TeamQueryVariables = Exact<{
  teamId: string;
  organization?: string | null | undefined;
}>;


export type TeamQuery = { readonly __typename: 'Query', readonly team: (
    { readonly __typename: 'Team', readonly members: ReadonlyArray<(
      { readonly __typename: 'User' }
      & UserCardFragment
    ) | null> | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null }
    & TeamCardFragment
  ) | null };

export type LeaveTeamMutationVariables = Exact<{
  input: LeaveTeamInput;
}>;


export type LeaveTeamMutation = { readonly __typename: 'Mutation', readonly leaveTeam: { readonly __typename: 'LeaveTeamPayload', readonly team: (
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) | null } | null };

export type RequestToJoinTeamMutationVariables = Exact<{
  input: RequestToJoinTeamInput;
}>;


export type RequestToJoinTeamMutation = { readonly __typename: 'Mutation', readonly requestToJoinTeam: { readonly __typename: 'RequestToJoinTeamPayload', readonly team: (
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) | null } | null };

export type AnswerTeamRequestMutationVariables = Exact<{
  input: AnswerTeamRequestInput;
}>;


export type AnswerTeamRequestMutation = { readonly __typename: 'Mutation', readonly answerTeamRequest: { readonly __typename: 'AnswerTeamRequestPayload', readonly team: (
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) | null } | null };

export type StartTypingMutationVariables = Exact<{
  input: TypingInput;
}>;


export type StartTypingMutation = { readonly __typename: 'Mutation', readonly startTyping: { readonly __typename: 'StartTypingPayload', readonly isTyping: boolean } | null };

export type StopTypingMutationVariables = Exact<{
  input: TypingInput;
}>;


export type StopTypingMutation = { readonly __typename: 'Mutation', readonly stopTyping: { readonly __typename: 'StopTypingPayload', readonly isTyping: boolean } | null };

export type UserCardFragment = { readonly __typename: 'User', readonly id: UserId, readonly token: Token<'User'>, readonly displayName: string | null, readonly avatarUrl: Url | null };

export type UserProfileFragment = (
  { readonly __typename: 'User', readonly firstName: string | null, readonly lastName: string | null, readonly username: string | null, readonly emails: ReadonlyArray<{ readonly __typename: 'Email', readonly address: EmailAddress, readonly isVerified: boolean | null }> | null, readonly phones: ReadonlyArray<{ readonly __typename: 'Phone', readonly number: PhoneNumber, readonly isVerified: boolean | null }> | null }
  & UserCardFragment
);

export type MeQueryVariables = Exact<{
  organization?: string | null | undefined;
}>;


export type MeQuery = { readonly __typename: 'Query', readonly me: (
    { readonly __typename: 'User', readonly membership: (
      { readonly __typename: 'Membership' }
      & MembershipProfileFragment
    ) | null, readonly organizations: ReadonlyArray<(
      { readonly __typename: 'Organization' }
      & OrganizationCardFragment
    ) | null> | null }
    & UserProfileFragment
  ) | null };

export type UserQueryVariables = Exact<{
  id: Ref<'User'>;
  organization?: string | null | undefined;
}>;


export type UserQuery = { readonly __typename: 'Query', readonly user: (
    { readonly __typename: 'User', readonly membership: (
      { readonly __typename: 'Membership' }
      & MembershipProfileFragment
    ) | null }
    & UserProfileFragment
  ) | null };

export type UsersQueryVariables = Exact<{
  ids: ReadonlyArray<Ref<'User'>> | Ref<'User'>;
  organization?: string | null | undefined;
}>;


export type UsersQuery = { readonly __typename: 'Query', readonly users: ReadonlyArray<(
    { readonly __typename: 'User', readonly membership: (
      { readonly __typename: 'Membership' }
      & MembershipCardFragment
    ) | null }
    & UserCardFragment
  ) | null> };

export type FindOrCreateUserMutationVariables = Exact<{
  input: FindOrCreateUserInput;
}>;


export type FindOrCreateUserMutation = { readonly __typename: 'Mutation', readonly findOrCreateUser: { readonly __typename: 'FindOrCreateUserPayload', readonly wasCreated: boolean, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) | null } | null };

export type UpdateMeMutationVariables = Exact<{
  input: UpdateMeInput;
}>;


export type UpdateMeMutation = { readonly __typename: 'Mutation', readonly updateMe: { readonly __typename: 'UpdateMePayload', readonly me: (
      { readonly __typename: 'User', readonly membership: (
        { readonly __typename: 'Membership' }
        & MembershipProfileFragment
      ) | null }
      & UserProfileFragment
    ) } | null };

export type WipeUserMutationVariables = Exact<{
  input: WipeUserInput;
}>;


export type WipeUserMutation = { readonly __typename: 'Mutation', readonly wipeUser: { readonly __typename: 'WipeUserPayload', readonly wipedUserId: UserId } | null };

import { type Definition, expand } from '../documents/compact-document.ts';
const fragmentUserCard: Definition = ["fragment UserCard on User",{},["id","token","displayName","avatarUrl"]];
const fragmentGroupCard: Definition = ["fragment GroupCard on Group",{},["id","token","name","description","avatarUrl","memberCount","isPublic","organizationKey"]];
const fragmentDistributionListCard: Definition = ["fragment DistributionListCard on DistributionList",{},["id","token","name","memberCount","organizationKey"]];
const fragmentCounterpartCard: Definition = ["fragment CounterpartCard on Counterpart",{},["... on User",["...UserCard"],"... on Group",["...GroupCard"],"... on DistributionList",["...DistributionListCard"]]];
const fragmentConversationRow: Definition = ["fragment ConversationRow on Conversation",{},["id","organizationKey","isHistoryAvailable","mutedUntil","unreadCount","unreadPriorityCount","firstExpiringUnread",["expiresAt"],"counterpart",["...CounterpartCard","... on Group",["kind","role",["id","onDutyNames"]]],"membership",["id","title","department"],"lastMessage",["id","body","createdAt","expiresAt","deleteOnRead","priority","senderName","sender",["id"],"attachments",["fileName","contentType"]]]];
const fragmentEscalationCard: Definition = ["fragment EscalationCard on Escalation",{},["escalationId","name","status","level","changedAt","keptUntil","targetMinutes","target",["token"],"steps",["durationMinutes","targets",["token","name"]],"message",["id"]]];
const fragmentHistoryMessage: Definition = ["fragment HistoryMessage on Message",{},["id","token","body","createdAt","expiresAt","ttl","deleteOnRead","priority","status","isUnread","subType","sortNumber","idempotencyKey","senderName","sender",["id"],"attachments",["fileName","contentType","size","url"],"data",["mimeType","namespace","payload"],"forwardedFrom",["senderName","createdAt"],"escalation",["...EscalationCard"]]];
const fragmentHistoryNotice: Definition = ["fragment HistoryNotice on ConversationNotice",{},["noticeId","notice","at","sortNumber","reason","actor",["token","name"],"subject",["token","name"]]];
const fragmentCounterpartId: Definition = ["fragment CounterpartId on Counterpart",{},["... on User",["id"],"... on Group",["id"],"... on DistributionList",["id"]]];
const fragmentMessageBubble: Definition = ["fragment MessageBubble on Message",{},["id","token","body","createdAt","expiresAt","ttl","deleteOnRead","priority","status","subType","sortNumber","idempotencyKey","senderName","sender",["id"],"recipient",["...CounterpartId"],"group",["id"],"attachments",["fileName","contentType","size","url"],"data",["mimeType","namespace","payload"],"forwardedFrom",["senderName","createdAt"],"escalation",["...EscalationCard"]]];
const fragmentTypingDetails: Definition = ["fragment TypingDetails on TypingChanged",{},["isTyping","organizationKey","user",["id"],"group",["id"],"speaksAs",["id"]]];
const fragmentEventDetails: Definition = ["fragment EventDetails on Event",{},["id","type","receivedAt","extra","... on MessageReceived",["isHistory","message",["...MessageBubble"],"recipientStatuses",["status","at","user",["id"]]],"... on MessageStatusChanged",["status","at","message",["id"],"user",["id"],"group",["id"]],"... on MessageRecalled",["recalledMessageId","at","recalledBy",["id"],"group",["id"]],"... on MessageDataChanged",["message",["id"],"data",["mimeType","namespace","payload"]],"... on TypingChanged",["...TypingDetails"],"... on PresenceChanged",["presence","user",["id"]],"... on RosterChanged",["change","organizationKey","counterpart",["...CounterpartId"]],"... on EntityChanged",["organizationKey","entities",["...CounterpartId"]],"... on ConversationNotice",["noticeId","notice","at","reason","reasonSubjectToken","sortNumber","organizationKey","actor",["token","name"],"subject",["token","name"],"target",["token","name"]],"... on AccountSettingsChanged",["services","user",["id"]],"... on UserPreferencesChanged",["quickReplies","preferences"],"... on OrganizationPreferencesChanged",["quickReplies","organizationKey","preferences"],"... on OrganizationSettingsChanged",["settings"],"... on TagChanged",["token","name","organizationKey","colorId","colorValue"],"... on TeamRequestChanged",["request",["requestId","status","teamId","reason","createdBy",["id"]],"message",["id"]],"... on WaitingRoomChanged",["waitingRoom"],"... on MuteChanged",["muteChange","organizationKey","mutedAt","mutedUntil","counterpart",["...CounterpartId"],"mutedBy",["id"]],"... on EscalationChanged",["changedEscalation",["...EscalationCard"]],"... on PushCredentialsChanged",["credentials"],"... on PhoneNumberValidated",["phoneNumber"],"... on ProcessingChanged",["isRunning","action","conversationId","organizationKey","subject",["token","name"]],"... on CallChanged",["stage","callId","roomName","reason","isVideo","caller",["id"],"participants",["id"],"group",["id"],"disabledParticipants",["id"],"roles",["id"],"state"],"... on PushNotice",["kind","alert","badge","sound","word","organizationKey","user",["id"]],"... on UnknownEvent",["upstreamType","payload"],"... on SubscriptionGap",["gapReason"]]];
const fragmentMetadataRow: Definition = ["fragment MetadataRow on MetadataEntry",{},["key","value"]];
const fragmentGroupDetail: Definition = ["fragment GroupDetail on Group",{},["...GroupCard","replayHistory","createdAt","createdBy",["...UserCard"],"metadata",["...MetadataRow"]]];
const fragmentMembershipCard: Definition = ["fragment MembershipCard on Membership",{},["id","organizationKey","title","department","statusText","isDoNotDisturb","doNotDisturbText"]];
const fragmentMembershipProfile: Definition = ["fragment MembershipProfile on Membership",{},["...MembershipCard","autoForwardTo",["...UserCard"],"metadata",["...MetadataRow"]]];
const fragmentMessageProgress: Definition = ["fragment MessageProgress on Message",{},["id","status","isRecalled","recipientStatuses",["status","at","user",["id"]]]];
const fragmentMuteRow: Definition = ["fragment MuteRow on Mute",{},["kind","token","organizationKey","mutedUntil"]];
const fragmentNodeCard: Definition = ["fragment NodeCard on Node",{},["id","... on User",["...UserCard"],"... on Membership",["...MembershipCard","user",["...UserCard"]],"... on Group",["...GroupCard"],"... on DistributionList",["...DistributionListCard"],"... on Message",["...MessageBubble"]]];
const fragmentOrganizationCard: Definition = ["fragment OrganizationCard on Organization",{},["key","name","memberCount","isPaid","isPending","settings",["name","value","isLocked","source"]]];
const fragmentRoleCard: Definition = ["fragment RoleCard on Role",{},["id","token","name","description","isStaffed","organizationKey","tag",["tagId","name","color"],"onDuty",["...UserCard"]]];
const fragmentRosterRow: Definition = ["fragment RosterRow on RosterEntry",{},["organizationKey","mutedUntil","conversation",["id"],"membership",["...MembershipCard"],"counterpart",["...CounterpartCard"]]];
const fragmentTeamCard: Definition = ["fragment TeamCard on Team",{},["teamId","name","description","avatarUrl","memberCount","canMembersLeave","canRequestToJoin","organizationKey"]];
const fragmentUserProfile: Definition = ["fragment UserProfile on User",{},["...UserCard","firstName","lastName","username","emails",["address","isVerified"],"phones",["number","isVerified"]]];
export const UserCardFragmentDoc: DocumentNode<UserCardFragment, unknown> = /*#__PURE__*/ expand([fragmentUserCard]);
export const GroupCardFragmentDoc: DocumentNode<GroupCardFragment, unknown> = /*#__PURE__*/ expand([fragmentGroupCard]);
export const DistributionListCardFragmentDoc: DocumentNode<DistributionListCardFragment, unknown> = /*#__PURE__*/ expand([fragmentDistributionListCard]);
export const CounterpartCardFragmentDoc: DocumentNode<CounterpartCardFragment, unknown> = /*#__PURE__*/ expand([fragmentCounterpartCard, fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard]);
export const ConversationRowFragmentDoc: DocumentNode<ConversationRowFragment, unknown> = /*#__PURE__*/ expand([fragmentConversationRow, fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard]);
export const EscalationCardFragmentDoc: DocumentNode<EscalationCardFragment, unknown> = /*#__PURE__*/ expand([fragmentEscalationCard]);
export const HistoryMessageFragmentDoc: DocumentNode<HistoryMessageFragment, unknown> = /*#__PURE__*/ expand([fragmentHistoryMessage, fragmentEscalationCard]);
export const HistoryNoticeFragmentDoc: DocumentNode<HistoryNoticeFragment, unknown> = /*#__PURE__*/ expand([fragmentHistoryNotice]);
export const CounterpartIdFragmentDoc: DocumentNode<CounterpartIdFragment, unknown> = /*#__PURE__*/ expand([fragmentCounterpartId]);
export const MessageBubbleFragmentDoc: DocumentNode<MessageBubbleFragment, unknown> = /*#__PURE__*/ expand([fragmentMessageBubble, fragmentCounterpartId, fragmentEscalationCard]);
export const TypingDetailsFragmentDoc: DocumentNode<TypingDetailsFragment, unknown> = /*#__PURE__*/ expand([fragmentTypingDetails]);
export const EventDetailsFragmentDoc: DocumentNode<EventDetailsFragment, unknown> = /*#__PURE__*/ expand([fragmentEventDetails, fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentTypingDetails]);
export const MetadataRowFragmentDoc: DocumentNode<MetadataRowFragment, unknown> = /*#__PURE__*/ expand([fragmentMetadataRow]);
export const GroupDetailFragmentDoc: DocumentNode<GroupDetailFragment, unknown> = /*#__PURE__*/ expand([fragmentGroupDetail, fragmentGroupCard, fragmentUserCard, fragmentMetadataRow]);
export const MembershipCardFragmentDoc: DocumentNode<MembershipCardFragment, unknown> = /*#__PURE__*/ expand([fragmentMembershipCard]);
export const MembershipProfileFragmentDoc: DocumentNode<MembershipProfileFragment, unknown> = /*#__PURE__*/ expand([fragmentMembershipProfile, fragmentMembershipCard, fragmentUserCard, fragmentMetadataRow]);
export const MessageProgressFragmentDoc: DocumentNode<MessageProgressFragment, unknown> = /*#__PURE__*/ expand([fragmentMessageProgress]);
export const MuteRowFragmentDoc: DocumentNode<MuteRowFragment, unknown> = /*#__PURE__*/ expand([fragmentMuteRow]);
export const NodeCardFragmentDoc: DocumentNode<NodeCardFragment, unknown> = /*#__PURE__*/ expand([fragmentNodeCard, fragmentCounterpartId, fragmentEscalationCard, fragmentUserCard, fragmentMembershipCard, fragmentGroupCard, fragmentDistributionListCard, fragmentMessageBubble]);
export const OrganizationCardFragmentDoc: DocumentNode<OrganizationCardFragment, unknown> = /*#__PURE__*/ expand([fragmentOrganizationCard]);
export const RoleCardFragmentDoc: DocumentNode<RoleCardFragment, unknown> = /*#__PURE__*/ expand([fragmentRoleCard, fragmentUserCard]);
export const RosterRowFragmentDoc: DocumentNode<RosterRowFragment, unknown> = /*#__PURE__*/ expand([fragmentRosterRow, fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentMembershipCard, fragmentCounterpartCard]);
export const TeamCardFragmentDoc: DocumentNode<TeamCardFragment, unknown> = /*#__PURE__*/ expand([fragmentTeamCard]);
export const UserProfileFragmentDoc: DocumentNode<UserProfileFragment, unknown> = /*#__PURE__*/ expand([fragmentUserProfile, fragmentUserCard]);
export const CreateAttachmentTokensDocument: DocumentNode<CreateAttachmentTokensMutation, CreateAttachmentTokensMutationVariables> = /*#__PURE__*/ expand([["mutation CreateAttachmentTokens",{"input":"CreateAttachmentTokensInput!"},["createAttachmentTokens",{"input":"$input"},["tokens"]]]], "sha256:e1660a3bf46ebb7571820bd57f32100729c078fc120cba372c799801f8a4b6f8");
export const CallLogDocument: DocumentNode<CallLogQuery, CallLogQueryVariables> = /*#__PURE__*/ expand([["query CallLog",{"organization":"String","first":"Int","after":"String"},["callLog",{"organization":"$organization","first":"$first","after":"$after"},["pageInfo",["hasNextPage","endCursor"],"nodes",["entryId","kind","caller",["...UserCard"],"target",["...CounterpartCard"],"at","durationSeconds","isVideo"]]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard], "sha256:f532d76478bf1893d1fd13720a69baac7794ec42d80976fc93e4d53481809d1f");
export const ConversationsDocument: DocumentNode<ConversationsQuery, ConversationsQueryVariables> = /*#__PURE__*/ expand([["query Conversations",{"first":"Int = 50","after":"String","organization":"String","unreadOnly":"Boolean"},["conversations",{"first":"$first","after":"$after","organization":"$organization","unreadOnly":"$unreadOnly"},["pageInfo",["hasNextPage","endCursor"],"nodes",["...ConversationRow"]]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard, fragmentConversationRow], "sha256:620814c9d242f59e2333fae1d0867629e3cc51d517c88570ee7bf7aa1973018c");
export const ConversationDocument: DocumentNode<ConversationQuery, ConversationQueryVariables> = /*#__PURE__*/ expand([["query Conversation",{"id":"ID!"},["conversation",{"id":"$id"},["...ConversationRow"]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard, fragmentConversationRow], "sha256:20cc69d7156b3ccd2b4b78655d9c0e8a11289ae3955784eb3c38e68d7a2d4393");
export const TimelineDocument: DocumentNode<TimelineQuery, TimelineQueryVariables> = /*#__PURE__*/ expand([["query Timeline",{"id":"ID!","first":"Int","after":"String","last":"Int","before":"String","anchor":"TimelineAnchor"},["conversation",{"id":"$id"},["id","timeline",{"first":"$first","after":"$after","last":"$last","before":"$before","anchor":"$anchor"},["pageInfo",["hasPreviousPage","startCursor","hasNextPage","endCursor"],"nodes",["...HistoryMessage","...HistoryNotice"]]]]], fragmentEscalationCard, fragmentHistoryMessage, fragmentHistoryNotice], "sha256:c32d72106a12d2996faf7625960d43b0c441b5e6e9590a41eaec53a7b847075c");
export const MarkConversationDocument: DocumentNode<MarkConversationMutation, MarkConversationMutationVariables> = /*#__PURE__*/ expand([["mutation MarkConversation",{"input":"MarkConversationInput!"},["markConversation",{"input":"$input"},["conversation",["id","unreadCount","unreadPriorityCount"]]]]], "sha256:fe933665049ee1868208043b0abd2f4afbe09c1ceadec1173667198ab6599bc6");
export const ConversationChangedDocument: DocumentNode<ConversationChangedSubscription, ConversationChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription ConversationChanged",{"conversation":"ID!"},["conversationChanged",{"conversation":"$conversation"},["id","receivedAt","conversation",["id","unreadCount","unreadPriorityCount"],"event",["... on MessageReceived",["message",["...HistoryMessage"]],"... on MessageStatusChanged",["status","message",["id"],"user",["id"]],"... on MessageRecalled",["recalledMessageId"],"... on ConversationNotice",["...HistoryNotice"],"... on MuteChanged",["mutedUntil"]]]]], fragmentEscalationCard, fragmentHistoryMessage, fragmentHistoryNotice], "sha256:e07a4b4b1c107842659349273355e27ca843a6ad52570cc204ee692b7098d4c4");
export const ConversationEventsDocument: DocumentNode<ConversationEventsSubscription, ConversationEventsSubscriptionVariables> = /*#__PURE__*/ expand([["subscription ConversationEvents",{"acknowledge":"AcknowledgeMode! = AUTO","after":"ID"},["events",{"acknowledge":"$acknowledge","after":"$after"},["id","... on MessageReceived",["message",["...HistoryMessage"],"recipientStatuses",["status","user",["id"]],"conversation",["id","unreadCount","unreadPriorityCount"]],"... on MessageStatusChanged",["status","message",["id"],"user",["id"],"conversation",["id"]],"... on MessageRecalled",["recalledMessageId","conversation",["id"]],"... on ConversationNotice",["...HistoryNotice","conversation",["id"]],"... on MuteChanged",["conversation",["id"]],"... on RosterChanged",["change","conversation",["id"]],"... on TypingChanged",["isTyping","user",["id"],"conversation",["id"]],"... on PresenceChanged",["presence","user",["id"]],"... on EscalationChanged",["changedEscalation",["...EscalationCard"]],"... on SubscriptionGap",["gapReason"]]]], fragmentEscalationCard, fragmentHistoryMessage, fragmentHistoryNotice], "sha256:77d339c351551acc4e8c19a5388c8c1ed2d1a744eabfc6497e2fd577a3a021bd");
export const EscalateMessageDocument: DocumentNode<EscalateMessageMutation, EscalateMessageMutationVariables> = /*#__PURE__*/ expand([["mutation EscalateMessage",{"input":"EscalateMessageInput!"},["escalateMessage",{"input":"$input"},["escalation",["...EscalationCard"]]]], fragmentEscalationCard], "sha256:84ce6b253724a34b7744f7b937d188015ffe7601f4625b72e46bbfb2a2038344");
export const ConfirmEscalationDocument: DocumentNode<ConfirmEscalationMutation, ConfirmEscalationMutationVariables> = /*#__PURE__*/ expand([["mutation ConfirmEscalation",{"input":"ConfirmEscalationInput!"},["confirmEscalation",{"input":"$input"},["escalation",["...EscalationCard"]]]], fragmentEscalationCard], "sha256:2fd2cb562712017abd71aa94e3c8261b84f507447c9628772da2fbec80b14bb1");
export const SkipEscalationDocument: DocumentNode<SkipEscalationMutation, SkipEscalationMutationVariables> = /*#__PURE__*/ expand([["mutation SkipEscalation",{"input":"SkipEscalationInput!"},["skipEscalation",{"input":"$input"},["escalation",["...EscalationCard"]]]], fragmentEscalationCard], "sha256:c6a9663dcc6d98de23be86e227ddd556911b9e54a91e7cf5b9582666ceaf119c");
export const CancelEscalationDocument: DocumentNode<CancelEscalationMutation, CancelEscalationMutationVariables> = /*#__PURE__*/ expand([["mutation CancelEscalation",{"input":"CancelEscalationInput!"},["cancelEscalation",{"input":"$input"},["escalation",["...EscalationCard"]]]], fragmentEscalationCard], "sha256:bb5db06e8694688ea76ffc33f6d768c6b2174dfd817c866403a499328b10be6c");
export const EscalationChangedDocument: DocumentNode<EscalationChangedSubscription, EscalationChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription EscalationChanged",{"message":"ID"},["escalationChanged",{"message":"$message"},["id","changedEscalation",["...EscalationCard"]]]], fragmentEscalationCard], "sha256:d273bfd8b24bff028f8fafff71b813d916eff30a7b39297f0437054ac66de45f");
export const EventsDocument: DocumentNode<EventsSubscription, EventsSubscriptionVariables> = /*#__PURE__*/ expand([["subscription Events",{"types":"[EventType!]","acknowledge":"AcknowledgeMode! = AUTO","after":"ID"},["events",{"types":"$types","acknowledge":"$acknowledge","after":"$after"},["...EventDetails"]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentTypingDetails, fragmentEventDetails], "sha256:6aa784e7e51ee62f8d14f4a2d7c37b0b8eecb493dbcfa2b091d2cb837389b1f2");
export const MessageReceivedDocument: DocumentNode<MessageReceivedSubscription, MessageReceivedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription MessageReceived",{"from":"ID"},["messageReceived",{"from":"$from"},["id","receivedAt","isHistory","message",["...MessageBubble"]]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble], "sha256:3e199eff82c2ff7633bbf7445efeea88f00be8e71dda7bc5e740ef51429080e1");
export const MessageStatusChangedDocument: DocumentNode<MessageStatusChangedSubscription, MessageStatusChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription MessageStatusChanged",{"message":"ID"},["messageStatusChanged",{"message":"$message"},["id","status","at","message",["id"],"user",["id","displayName"],"group",["id"]]]]], "sha256:0587b30e2b7fe06adfa78216f94d8d202f3640a79c3ac96fa12ed903a4a55007");
export const MessageRecalledDocument: DocumentNode<MessageRecalledSubscription, MessageRecalledSubscriptionVariables> = /*#__PURE__*/ expand([["subscription MessageRecalled",{},["messageRecalled",["id","recalledMessageId","at","recalledBy",["id"]]]]], "sha256:9f946eac5612e75870bc862303836a34400de2126633364c5dcb4eaea7187c6a");
export const TypingDocument: DocumentNode<TypingSubscription, TypingSubscriptionVariables> = /*#__PURE__*/ expand([["subscription Typing",{"in":"ID"},["typing",{"in":"$in"},["id","...TypingDetails"]]], fragmentTypingDetails], "sha256:62a9b2a5c7c7eb3e642b567a3951f00edae8a8554d872fab07542b46a6ea166e");
export const GroupChangedDocument: DocumentNode<GroupChangedSubscription, GroupChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription GroupChanged",{"group":"ID"},["groupChanged",{"group":"$group"},["id","change","group",["...GroupCard"]]]], fragmentGroupCard], "sha256:7e385cdccb4bb351b1677feccf09d74bd883468e20461217422c49e96d23a158");
export const RosterChangedDocument: DocumentNode<RosterChangedSubscription, RosterChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription RosterChanged",{},["rosterChanged",["id","change","organizationKey","counterpart",["...CounterpartCard"]]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard], "sha256:ec140dd36221725b96fa80b2ffb8a6dfe2a728b4905d445278117d6a2c5e3800");
export const UserChangedDocument: DocumentNode<UserChangedSubscription, UserChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription UserChanged",{"user":"ID"},["userChanged",{"user":"$user"},["id","user",["...UserCard"]]]], fragmentUserCard], "sha256:811954b0106c26e071ab5e861689f3468244c0f76a105de855009c906b394370");
export const PresenceChangedDocument: DocumentNode<PresenceChangedSubscription, PresenceChangedSubscriptionVariables> = /*#__PURE__*/ expand([["subscription PresenceChanged",{},["presenceChanged",["id","presence","user",["id"]]]]], "sha256:4a45cd0be17d3d638f4be32261a42f8523d073c3a6a64f2c818a6d14ba149825");
export const ConnectionStatusDocument: DocumentNode<ConnectionStatusSubscription, ConnectionStatusSubscriptionVariables> = /*#__PURE__*/ expand([["subscription ConnectionStatus",{},["connectionStatus",["state","attempt","since","replayCount"]]]], "sha256:941ebdcdf388537742ab85a27f20bb22e4057419d7bb0a8d82a072f6576350ac");
export const AcknowledgeEventsDocument: DocumentNode<AcknowledgeEventsMutation, AcknowledgeEventsMutationVariables> = /*#__PURE__*/ expand([["mutation AcknowledgeEvents",{"input":"AcknowledgeEventsInput!"},["acknowledgeEvents",{"input":"$input"},["acknowledgedEventIds"]]]], "sha256:077c1d35c5264f5934a5629b47805c90be3700cb4a99e054acc72656ac40c211");
export const DropEventConnectionsDocument: DocumentNode<DropEventConnectionsMutation, DropEventConnectionsMutationVariables> = /*#__PURE__*/ expand([["mutation DropEventConnections",{},["dropEventConnections",["count"]]]], "sha256:eff48bd892c98969f8863e5a12856d17f35a6dbe6923afd2eb98beb600c5961d");
export const GroupDocument: DocumentNode<GroupQuery, GroupQueryVariables> = /*#__PURE__*/ expand([["query Group",{"id":"ID!","first":"Int = 50","after":"String"},["group",{"id":"$id"},["...GroupDetail","members",{"first":"$first","after":"$after"},["totalCount","pageInfo",["hasNextPage","endCursor"],"nodes",["...UserCard"]]]]], fragmentGroupCard, fragmentUserCard, fragmentMetadataRow, fragmentGroupDetail], "sha256:20f57383d5906e370906d0c4177bdb03b2266503684227ea82d8d201b56e45eb");
export const CreateGroupDocument: DocumentNode<CreateGroupMutation, CreateGroupMutationVariables> = /*#__PURE__*/ expand([["mutation CreateGroup",{"input":"CreateGroupInput!"},["createGroup",{"input":"$input"},["group",["...GroupDetail"]]]], fragmentGroupCard, fragmentUserCard, fragmentMetadataRow, fragmentGroupDetail], "sha256:c7beeb481373ef3bbd2532dd94a3f02b9a42926e3ea950548189ac88cf8cdad4");
export const UpdateGroupDocument: DocumentNode<UpdateGroupMutation, UpdateGroupMutationVariables> = /*#__PURE__*/ expand([["mutation UpdateGroup",{"input":"UpdateGroupInput!"},["updateGroup",{"input":"$input"},["group",["...GroupDetail"]]]], fragmentGroupCard, fragmentUserCard, fragmentMetadataRow, fragmentGroupDetail], "sha256:4210267e9bfa3bfd04349d1e351b049290049c43611b73ced9a82c9d3ebe716e");
export const DeleteGroupDocument: DocumentNode<DeleteGroupMutation, DeleteGroupMutationVariables> = /*#__PURE__*/ expand([["mutation DeleteGroup",{"input":"DeleteGroupInput!"},["deleteGroup",{"input":"$input"},["deletedGroupId"]]]], "sha256:e6c0ac0b09b2756e334f7a1d13647f44d8642165e3944a9d10b47a85010bfe62");
export const AddGroupMembersDocument: DocumentNode<AddGroupMembersMutation, AddGroupMembersMutationVariables> = /*#__PURE__*/ expand([["mutation AddGroupMembers",{"input":"AddGroupMembersInput!"},["addGroupMembers",{"input":"$input"},["group",["...GroupCard"]]]], fragmentGroupCard], "sha256:2fa1d24510dac82e3c3363c2256e3d995b1ffb2e089e2c915347441b82d37b20");
export const RemoveGroupMembersDocument: DocumentNode<RemoveGroupMembersMutation, RemoveGroupMembersMutationVariables> = /*#__PURE__*/ expand([["mutation RemoveGroupMembers",{"input":"RemoveGroupMembersInput!"},["removeGroupMembers",{"input":"$input"},["group",["...GroupCard"]]]], fragmentGroupCard], "sha256:cda133c93ef4aaee26019d7c46092d06ab5af9384bcac7d935845430dee929aa");
export const JoinForumDocument: DocumentNode<JoinForumMutation, JoinForumMutationVariables> = /*#__PURE__*/ expand([["mutation JoinForum",{"input":"JoinForumInput!"},["joinForum",{"input":"$input"},["group",["...GroupCard"]]]], fragmentGroupCard], "sha256:d51256113a0611aac1c4d5e11d65a96c821800d921332cc96afea2808914e63e");
export const LeaveForumDocument: DocumentNode<LeaveForumMutation, LeaveForumMutationVariables> = /*#__PURE__*/ expand([["mutation LeaveForum",{"input":"LeaveForumInput!"},["leaveForum",{"input":"$input"},["group",["...GroupCard"]]]], fragmentGroupCard], "sha256:6a443882ef7254e9e972d8ed6a81138a834b9ca9d3de36219790057d8d1a8614");
export const MessageDocument: DocumentNode<MessageQuery, MessageQueryVariables> = /*#__PURE__*/ expand([["query Message",{"id":"ID!"},["message",{"id":"$id"},["...MessageBubble","...MessageProgress"]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentMessageProgress], "sha256:f1f7dcaf06b75f07f3e30c631e856c39ee7ac93bccfa858f354c9527c1dc08b0");
export const MessagesDocument: DocumentNode<MessagesQuery, MessagesQueryVariables> = /*#__PURE__*/ expand([["query Messages",{"ids":"[ID!]!"},["messages",{"ids":"$ids"},["...MessageBubble","...MessageProgress"]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentMessageProgress], "sha256:1262da1ae59db8811d13979ff0050d96b1e9a1e23ad711afe249a1071c09ed78");
export const SendMessageDocument: DocumentNode<SendMessageMutation, SendMessageMutationVariables> = /*#__PURE__*/ expand([["mutation SendMessage",{"input":"SendMessageInput!"},["sendMessage",{"input":"$input"},["wasAlreadyStored","recipientWasCreated","conversation",["id"],"message",["...MessageBubble"]]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble], "sha256:df81bbbe7594c538f6b8a648954685dfd990b7c3db6c8cea66b41cb56fddd0ea");
export const ForwardMessageDocument: DocumentNode<ForwardMessageMutation, ForwardMessageMutationVariables> = /*#__PURE__*/ expand([["mutation ForwardMessage",{"input":"ForwardMessageInput!"},["forwardMessage",{"input":"$input"},["wasAlreadyStored","recipientWasCreated","message",["...MessageBubble"]]]], fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble], "sha256:fbb09960fd6b68a5d57e39d8529e2d263e33e8a6b23698db124e9b90a7a42a92");
export const RecallMessageDocument: DocumentNode<RecallMessageMutation, RecallMessageMutationVariables> = /*#__PURE__*/ expand([["mutation RecallMessage",{"input":"RecallMessageInput!"},["recallMessage",{"input":"$input"},["recalledMessageId"]]]], "sha256:78eedf9830a86c25e6c8ebf89bb6454bb7fd409532fce210acc4e585001841a3");
export const UpdateMessageStatusDocument: DocumentNode<UpdateMessageStatusMutation, UpdateMessageStatusMutationVariables> = /*#__PURE__*/ expand([["mutation UpdateMessageStatus",{"input":"UpdateMessageStatusInput!"},["updateMessageStatus",{"input":"$input"},["delivered",["id"],"read",["id"]]]]], "sha256:8cccbaff4333fe5c37342d27596ef581a2e3dd35dae0ad578c74d001257389fb");
export const SetMetadataDocument: DocumentNode<SetMetadataMutation, SetMetadataMutationVariables> = /*#__PURE__*/ expand([["mutation SetMetadata",{"input":"SetMetadataInput!"},["setMetadata",{"input":"$input"},["metadata",["...MetadataRow"]]]], fragmentMetadataRow], "sha256:625b6c3aee39ec5412680125453d6b247a8aa6dd3be91e17284505af8f89b7a4");
export const ClearMetadataDocument: DocumentNode<ClearMetadataMutation, ClearMetadataMutationVariables> = /*#__PURE__*/ expand([["mutation ClearMetadata",{"input":"ClearMetadataInput!"},["clearMetadata",{"input":"$input"},["metadata",["...MetadataRow"]]]], fragmentMetadataRow], "sha256:9c3c05ece62fd7bbfc91831baf64c7ee22a87322fc33e9482a54edff49d3800b");
export const MutesDocument: DocumentNode<MutesQuery, MutesQueryVariables> = /*#__PURE__*/ expand([["query Mutes",{},["mutes",["...MuteRow"]]], fragmentMuteRow], "sha256:234db4bb4cd6748dc0f62981f180b687ecc963ed5708e8c22d2dd0d0e01bc72b");
export const MuteDocument: DocumentNode<MuteMutation, MuteMutationVariables> = /*#__PURE__*/ expand([["mutation Mute",{"input":"MuteInput!"},["mute",{"input":"$input"},["mutedUntil"]]]], "sha256:1dd262362a8744137c661ab9ba8fd032ff22cbc8d356fe72bf72c62fba47da7d");
export const UnmuteDocument: DocumentNode<UnmuteMutation, UnmuteMutationVariables> = /*#__PURE__*/ expand([["mutation Unmute",{"input":"UnmuteInput!"},["unmute",{"input":"$input"},["wasMuted"]]]], "sha256:e205d207d11bc604260e541717253001d3d28b9b39e491ee30c50f031175478b");
export const UnmuteAllDocument: DocumentNode<UnmuteAllMutation, UnmuteAllMutationVariables> = /*#__PURE__*/ expand([["mutation UnmuteAll",{},["unmuteAll",["count"]]]], "sha256:9308cd56362f24b128c37b35a57640582293d466f5125fd2153a454902b8309c");
export const NodeDocument: DocumentNode<NodeQuery, NodeQueryVariables> = /*#__PURE__*/ expand([["query Node",{"id":"ID!"},["node",{"id":"$id"},["...NodeCard"]]], fragmentUserCard, fragmentMembershipCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentNodeCard], "sha256:ceeb1e5085571964330d57b7e08b4503079d656b33d0df2aee917c8a5ae4229b");
export const NodesDocument: DocumentNode<NodesQuery, NodesQueryVariables> = /*#__PURE__*/ expand([["query Nodes",{"ids":"[ID!]!"},["nodes",{"ids":"$ids"},["...NodeCard"]]], fragmentUserCard, fragmentMembershipCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartId, fragmentEscalationCard, fragmentMessageBubble, fragmentNodeCard], "sha256:2f78b06301da85c89d2def7421eec185e9599c02447f575812262794f6a548d9");
export const UpdateMyOrganizationDocument: DocumentNode<UpdateMyOrganizationMutation, UpdateMyOrganizationMutationVariables> = /*#__PURE__*/ expand([["mutation UpdateMyOrganization",{"input":"UpdateMyOrganizationInput!"},["updateMyOrganization",{"input":"$input"},["me",["...UserProfile"],"membership",["...MembershipProfile"],"organization",["...OrganizationCard"]]]], fragmentUserCard, fragmentMembershipCard, fragmentMetadataRow, fragmentUserProfile, fragmentMembershipProfile, fragmentOrganizationCard], "sha256:46326ce194ebcc31048c49eb32810c3a7d1603a78d99d215423fe9738b975c23");
export const LeaveOrganizationDocument: DocumentNode<LeaveOrganizationMutation, LeaveOrganizationMutationVariables> = /*#__PURE__*/ expand([["mutation LeaveOrganization",{"input":"LeaveOrganizationInput!"},["leaveOrganization",{"input":"$input"},["leftOrganizationKey"]]]], "sha256:64ffa04fa6985bbf59dd87e79d0cab59698f60b3336f4efe3bc18bfbf8abb764");
export const SetPresenceDocument: DocumentNode<SetPresenceMutation, SetPresenceMutationVariables> = /*#__PURE__*/ expand([["mutation SetPresence",{"input":"SetPresenceInput!"},["setPresence",{"input":"$input"},["status"]]]], "sha256:70ce2d79e04792fcb971395c5b5725f3c5f53f74b622fdf3de44aac6d23eb0ef");
export const QuickRepliesDocument: DocumentNode<QuickRepliesQuery, QuickRepliesQueryVariables> = /*#__PURE__*/ expand([["query QuickReplies",{},["quickReplies","me",["id","organizations",["key","quickReplies"]]]]], "sha256:89025672133869a942ffec5b5fb3e44d76b1dc3ac730019ca1195bbd95ef3e6d");
export const SetQuickRepliesDocument: DocumentNode<SetQuickRepliesMutation, SetQuickRepliesMutationVariables> = /*#__PURE__*/ expand([["mutation SetQuickReplies",{"input":"SetQuickRepliesInput!"},["setQuickReplies",{"input":"$input"},["quickReplies","organization",["key"]]]]], "sha256:50293a55ccdee74111278830483ea959cc30665d4a18a33e0479bede31a4d5b8");
export const RoleDocument: DocumentNode<RoleQuery, RoleQueryVariables> = /*#__PURE__*/ expand([["query Role",{"id":"ID!"},["role",{"id":"$id"},["...RoleCard","isOpen","isOwnerRequired","noOwnersMessage","escalationPolicy",["isAutomatic","targetMinutes","keptMinutes","steps",["durationMinutes","targets",["token","name","user",["...UserCard"]]]]]]], fragmentUserCard, fragmentRoleCard], "sha256:f5bc7a6ebb0465eae8e7742a317a0c324d163d7adb233cc4251a67696f1eb231");
export const RolesDocument: DocumentNode<RolesQuery, RolesQueryVariables> = /*#__PURE__*/ expand([["query Roles",{"organization":"String","onDuty":"Boolean","tag":"String","first":"Int","after":"String"},["roles",{"organization":"$organization","onDuty":"$onDuty","tag":"$tag","first":"$first","after":"$after"},["totalCount","pageInfo",["hasNextPage","endCursor"],"nodes",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:c20ba5cc77d3d068b77efcf92a444554686e722826809e95885f74b363f7bf5b");
export const RoleTagsDocument: DocumentNode<RoleTagsQuery, RoleTagsQueryVariables> = /*#__PURE__*/ expand([["query RoleTags",{"organization":"String"},["roleTags",{"organization":"$organization"},["tagId","name","color"]]]], "sha256:15ab12c99790cda7575c5ec68bce08491d592ebf414d8d2896c11f8048accfab");
export const MyRolesDocument: DocumentNode<MyRolesQuery, MyRolesQueryVariables> = /*#__PURE__*/ expand([["query MyRoles",{"organization":"String"},["me",["id","roles",{"organization":"$organization"},["...RoleCard"],"savedRoles",{"organization":"$organization"},["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:e17605ca1495973888d99ae5006e8cff6c0f63c478df3272e325d2b4a72ae200");
export const OptIntoRoleDocument: DocumentNode<OptIntoRoleMutation, OptIntoRoleMutationVariables> = /*#__PURE__*/ expand([["mutation OptIntoRole",{"input":"OptIntoRoleInput!"},["optIntoRole",{"input":"$input"},["role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:2cf97c5b42f0769ed3743d4321a13ccac0257fa2d15dcaedb060ed0511ae64b0");
export const OptOutOfRoleDocument: DocumentNode<OptOutOfRoleMutation, OptOutOfRoleMutationVariables> = /*#__PURE__*/ expand([["mutation OptOutOfRole",{"input":"OptOutOfRoleInput!"},["optOutOfRole",{"input":"$input"},["role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:c5823bfbe085931f1e3c0d51c793052b6b8ae5be8e5fdaeca9d4387d3e7ac824");
export const SetRoleAwayDocument: DocumentNode<SetRoleAwayMutation, SetRoleAwayMutationVariables> = /*#__PURE__*/ expand([["mutation SetRoleAway",{"input":"SetRoleAwayInput!"},["setRoleAway",{"input":"$input"},["text","role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:e7845ca65c3d7317fec5e3e289b6db506432c0413ae255b73069f061d7c5220e");
export const ClearRoleAwayDocument: DocumentNode<ClearRoleAwayMutation, ClearRoleAwayMutationVariables> = /*#__PURE__*/ expand([["mutation ClearRoleAway",{"input":"ClearRoleAwayInput!"},["clearRoleAway",{"input":"$input"},["role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:cd7f14743b9f61c2e79952adac3ae0481a535257f611c0e7abff6e1bd3382b50");
export const SaveRoleDocument: DocumentNode<SaveRoleMutation, SaveRoleMutationVariables> = /*#__PURE__*/ expand([["mutation SaveRole",{"input":"SaveRoleInput!"},["saveRole",{"input":"$input"},["role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:7b00c204af8eb4694f52e614384ba7dd7b385e8dd5468ec3a6267fee9ac003cd");
export const UnsaveRoleDocument: DocumentNode<UnsaveRoleMutation, UnsaveRoleMutationVariables> = /*#__PURE__*/ expand([["mutation UnsaveRole",{"input":"UnsaveRoleInput!"},["unsaveRole",{"input":"$input"},["role",["...RoleCard"]]]], fragmentUserCard, fragmentRoleCard], "sha256:fbb3cbad45cc6f7e043221111f836c239f7bdf575a5bb36734460ab1f3e89a77");
export const RosterDocument: DocumentNode<RosterQuery, RosterQueryVariables> = /*#__PURE__*/ expand([["query Roster",{"first":"Int = 100","after":"String","kinds":"[EntityKind!]"},["roster",["entries",{"first":"$first","after":"$after","kinds":"$kinds"},["totalCount","pageInfo",["hasNextPage","endCursor"],"nodes",["...RosterRow"]]]]], fragmentMembershipCard, fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard, fragmentRosterRow], "sha256:d54eaf9243dbde21030ff3f694a7f253560dec7ccdb1f27b2b3d850b80355732");
export const AddRosterEntryDocument: DocumentNode<AddRosterEntryMutation, AddRosterEntryMutationVariables> = /*#__PURE__*/ expand([["mutation AddRosterEntry",{"input":"AddRosterEntryInput!"},["addRosterEntry",{"input":"$input"},["counterpart",["...CounterpartCard"]]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard], "sha256:4ee13c214e4b91ea9788943bd672a3b398d06d9972dab907ef3209874917532f");
export const RemoveRosterEntryDocument: DocumentNode<RemoveRosterEntryMutation, RemoveRosterEntryMutationVariables> = /*#__PURE__*/ expand([["mutation RemoveRosterEntry",{"input":"RemoveRosterEntryInput!"},["removeRosterEntry",{"input":"$input"},["counterpart",["...CounterpartId"]]]], fragmentCounterpartId], "sha256:25f922d2a9c01f854fc988fc65474f487ec42d02db433d93173e7447b09c09cf");
export const SearchDocument: DocumentNode<SearchQuery, SearchQueryVariables> = /*#__PURE__*/ expand([["query Search",{"query":"String!","kinds":"[SearchKind!]","fields":"[SearchField!]","sort":"SearchSortInput","onlyOnRoster":"Boolean","organization":"String","first":"Int = 20","after":"String"},["search",{"query":"$query","kinds":"$kinds","fields":"$fields","sort":"$sort","onlyOnRoster":"$onlyOnRoster","organization":"$organization","first":"$first","after":"$after"},["totalCount","pageInfo",["hasNextPage","endCursor"],"edges",["organizationKey","node",["...CounterpartCard"],"membership",["...MembershipCard"],"team",["teamId","name","memberCount"]]]]], fragmentUserCard, fragmentGroupCard, fragmentDistributionListCard, fragmentCounterpartCard, fragmentMembershipCard], "sha256:2d19c23fe3749a774b1bb4259f968ec933fde19d0bb462791c764b1c34d16d50");
export const IsUpstreamReachableDocument: DocumentNode<IsUpstreamReachableQuery, IsUpstreamReachableQueryVariables> = /*#__PURE__*/ expand([["query IsUpstreamReachable",{},["isUpstreamReachable"]]], "sha256:422fa4576a1c9b1ebc2900a3a66d917b7d5d2f26eb32c2e385a547553d59cfaa");
export const SignInDocument: DocumentNode<SignInMutation, SignInMutationVariables> = /*#__PURE__*/ expand([["mutation SignIn",{"input":"SignInInput!"},["signIn",{"input":"$input"},["key","secret","user",["...UserCard"]]]], fragmentUserCard], "sha256:5725e25c7fa8a2b97600e42df66649d9a862d6c42f85ce8241f95f25a6133817");
export const SignOutDocument: DocumentNode<SignOutMutation, SignOutMutationVariables> = /*#__PURE__*/ expand([["mutation SignOut",{},["signOut",["externalLogoutUrl"]]]], "sha256:0d77cb7358f33d986396f81cfaf19b1692c780411c47702c7f3829cc364369e0");
export const StartSessionDocument: DocumentNode<StartSessionMutation, StartSessionMutationVariables> = /*#__PURE__*/ expand([["mutation StartSession",{"input":"SignInInput!"},["signIn",{"input":"$input"},["session",["expiresAt"],"user",["...UserCard"]]]], fragmentUserCard], "sha256:16d2bdfe4e51a696323604b72a592f551d7eef290bc368e264f7d7de8b628fb9");
export const TeamsDocument: DocumentNode<TeamsQuery, TeamsQueryVariables> = /*#__PURE__*/ expand([["query Teams",{"query":"String","organization":"String","first":"Int","after":"String"},["teams",{"query":"$query","organization":"$organization","first":"$first","after":"$after"},["totalCount","pageInfo",["hasNextPage","endCursor"],"nodes",["...TeamCard"]]]], fragmentTeamCard], "sha256:1d02138ff404bad9b07ea31074547a75ee532fe652402a05ce74e05b0eea3df7");
export const TeamDocument: DocumentNode<TeamQuery, TeamQueryVariables> = /*#__PURE__*/ expand([["query Team",{"teamId":"String!","organization":"String"},["team",{"teamId":"$teamId","organization":"$organization"},["...TeamCard","members",["...UserCard"],"group",["id"]]]], fragmentTeamCard, fragmentUserCard], "sha256:e2cb7d88f07cde8cb9ecc10c536656c9e4a3764cb50d93a60be519ef59adc124");
export const LeaveTeamDocument: DocumentNode<LeaveTeamMutation, LeaveTeamMutationVariables> = /*#__PURE__*/ expand([["mutation LeaveTeam",{"input":"LeaveTeamInput!"},["leaveTeam",{"input":"$input"},["team",["...TeamCard"]]]], fragmentTeamCard], "sha256:32e32bc236811027241992b20b80ad65edccfa5527eaa6daa59f971a2bb5c801");
export const RequestToJoinTeamDocument: DocumentNode<RequestToJoinTeamMutation, RequestToJoinTeamMutationVariables> = /*#__PURE__*/ expand([["mutation RequestToJoinTeam",{"input":"RequestToJoinTeamInput!"},["requestToJoinTeam",{"input":"$input"},["team",["...TeamCard"]]]], fragmentTeamCard], "sha256:74a20375d47c8e1944e0e668c502fb88d8b1889b45c9b0d41842c1af9332a725");
export const AnswerTeamRequestDocument: DocumentNode<AnswerTeamRequestMutation, AnswerTeamRequestMutationVariables> = /*#__PURE__*/ expand([["mutation AnswerTeamRequest",{"input":"AnswerTeamRequestInput!"},["answerTeamRequest",{"input":"$input"},["team",["...TeamCard"]]]], fragmentTeamCard], "sha256:ea178ffa366c98ad5f55726caa6aa11ddd780ac7dcfe00b8d86c1fa205f30269");
export const StartTypingDocument: DocumentNode<StartTypingMutation, StartTypingMutationVariables> = /*#__PURE__*/ expand([["mutation StartTyping",{"input":"TypingInput!"},["startTyping",{"input":"$input"},["isTyping"]]]], "sha256:35a5af289dbc5ab2507cd7ff0859d37f1b5b23b5009b3147b8330f44cf136747");
export const StopTypingDocument: DocumentNode<StopTypingMutation, StopTypingMutationVariables> = /*#__PURE__*/ expand([["mutation StopTyping",{"input":"TypingInput!"},["stopTyping",{"input":"$input"},["isTyping"]]]], "sha256:ee694c5e269f05b67e9b679f6f4f76e4083934ca485482f9a57261f66947f634");
export const MeDocument: DocumentNode<MeQuery, MeQueryVariables> = /*#__PURE__*/ expand([["query Me",{"organization":"String"},["me",{"organization":"$organization"},["...UserProfile","membership",{"organization":"$organization"},["...MembershipProfile"],"organizations",["...OrganizationCard"]]]], fragmentUserCard, fragmentMembershipCard, fragmentMetadataRow, fragmentUserProfile, fragmentMembershipProfile, fragmentOrganizationCard], "sha256:f4f11bb3dc4e98cec0e2300d20040f4c696d99cdd7e16641b11d589f2c239ac8");
export const UserDocument: DocumentNode<UserQuery, UserQueryVariables> = /*#__PURE__*/ expand([["query User",{"id":"ID!","organization":"String"},["user",{"id":"$id","organization":"$organization"},["...UserProfile","membership",{"organization":"$organization"},["...MembershipProfile"]]]], fragmentUserCard, fragmentMembershipCard, fragmentMetadataRow, fragmentUserProfile, fragmentMembershipProfile], "sha256:fbe3d7d2bdb9d8027c650284bce42b3bb39f5683ab615796cad527d9ffd75195");
export const UsersDocument: DocumentNode<UsersQuery, UsersQueryVariables> = /*#__PURE__*/ expand([["query Users",{"ids":"[ID!]!","organization":"String"},["users",{"ids":"$ids","organization":"$organization"},["...UserCard","membership",{"organization":"$organization"},["...MembershipCard"]]]], fragmentUserCard, fragmentMembershipCard], "sha256:9e0978b0999f276acd95ba39df981ade55582661681ecea809cd639027ad934f");
export const FindOrCreateUserDocument: DocumentNode<FindOrCreateUserMutation, FindOrCreateUserMutationVariables> = /*#__PURE__*/ expand([["mutation FindOrCreateUser",{"input":"FindOrCreateUserInput!"},["findOrCreateUser",{"input":"$input"},["wasCreated","user",["...UserCard"]]]], fragmentUserCard], "sha256:7745064b63279ec26b121fe3034c0a2a1a1b8b3614ff65ae8a0cb08451bedcd2");
export const UpdateMeDocument: DocumentNode<UpdateMeMutation, UpdateMeMutationVariables> = /*#__PURE__*/ expand([["mutation UpdateMe",{"input":"UpdateMeInput!"},["updateMe",{"input":"$input"},["me",["...UserProfile","membership",["...MembershipProfile"]]]]], fragmentUserCard, fragmentMembershipCard, fragmentMetadataRow, fragmentUserProfile, fragmentMembershipProfile], "sha256:9e8d60c28b3afba2a698df8a778a9ef26e05bccccf7c94ddca2887bd00d3cfed");
export const WipeUserDocument: DocumentNode<WipeUserMutation, WipeUserMutationVariables> = /*#__PURE__*/ expand([["mutation WipeUser",{"input":"WipeUserInput!"},["wipeUser",{"input":"$input"},["wipedUserId"]]]], "sha256:d3d50da837f3b6ddda1101be1bace91723581c621e69108b3406b16f1dbc6f16");

/** The object types of each union and interface: an option of the cache of Apollo Client. */
export const possibleTypes = {
  "Counterpart": [
    "DistributionList",
    "Group",
    "User"
  ],
  "Event": [
    "AccountSettingsChanged",
    "CallChanged",
    "ConversationNotice",
    "EntityChanged",
    "EscalationChanged",
    "MessageDataChanged",
    "MessageRecalled",
    "MessageReceived",
    "MessageStatusChanged",
    "MuteChanged",
    "OrganizationPreferencesChanged",
    "OrganizationSettingsChanged",
    "PhoneNumberValidated",
    "PresenceChanged",
    "ProcessingChanged",
    "PushCredentialsChanged",
    "PushNotice",
    "RemoteWiped",
    "RosterChanged",
    "SessionHibernated",
    "SubscriptionGap",
    "TagChanged",
    "TeamRequestChanged",
    "TypingChanged",
    "UnknownEvent",
    "UserPreferencesChanged",
    "WaitingRoomChanged"
  ],
  "Node": [
    "Conversation",
    "DistributionList",
    "Group",
    "Membership",
    "Message",
    "Role",
    "User"
  ],
  "TimelineItem": [
    "ConversationNotice",
    "Message"
  ]
};
