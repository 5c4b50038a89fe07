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


export type CreateAttachmentTokensMutation = { readonly __typename: 'Mutation', readonly createAttachmentTokens: { readonly __typename: 'CreateAttachmentTokensPayload', readonly tokens: ReadonlyArray<string> } };

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
       | null }> } };

export type ConversationRowFragment = { readonly __typename: 'Conversation', readonly id: ConversationId, readonly organizationKey: string, readonly isHistoryAvailable: boolean, readonly mutedUntil: DateTime | null, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null, readonly firstExpiringUnread: { readonly __typename: 'FirstExpiringUnread', readonly expiresAt: DateTime } | null, readonly counterpart:
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

export type HistoryMessageFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly token: Token<'Message'>, readonly body: string | null, readonly createdAt: DateTime | null, readonly expiresAt: DateTime | null, readonly ttl: number | null, readonly deleteOnRead: boolean | null, readonly priority: MessagePriority | null, readonly status: DeliveryStatus, readonly isUnread: boolean | null, readonly subType: string | null, readonly sortNumber: number | null, readonly idempotencyKey: string | null, readonly senderName: string | null, readonly sender: { readonly __typename: 'User', readonly id: UserId } | null, readonly attachments: ReadonlyArray<{ readonly __typename: 'Attachment', readonly fileName: string | null, readonly contentType: string | null, readonly size: NonNegativeInt | null, readonly url: string }>, readonly data: ReadonlyArray<{ readonly __typename: 'MessageDatum', readonly mimeType: string, readonly namespace: string, readonly payload: Json | null }>, readonly forwardedFrom: { readonly __typename: 'ForwardedFrom', readonly senderName: string | null, readonly createdAt: DateTime | null } | null, readonly escalation: (
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
    )> } | null };

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
      > } | null } | null };

export type MarkConversationMutationVariables = Exact<{
  input: MarkConversationInput;
}>;


export type MarkConversationMutation = { readonly __typename: 'Mutation', readonly markConversation: { readonly __typename: 'MarkConversationPayload', readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null } } };

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
        ) }
      | { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId } }
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
      ) }
    | { readonly __typename: 'MessageDataChanged', readonly id: EventId }
    | { readonly __typename: 'MessageRecalled', readonly recalledMessageId: MessageId, readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'MessageReceived', readonly id: EventId, readonly message: (
        { readonly __typename: 'Message' }
        & HistoryMessageFragment
      ), readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly user: { readonly __typename: 'User', readonly id: UserId } }>, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId, readonly unreadCount: NonNegativeInt | null, readonly unreadPriorityCount: NonNegativeInt | null } | null }
    | { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly id: EventId, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId }, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'MuteChanged', readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'OrganizationPreferencesChanged', readonly id: EventId }
    | { readonly __typename: 'OrganizationSettingsChanged', readonly id: EventId }
    | { readonly __typename: 'PhoneNumberValidated', readonly id: EventId }
    | { readonly __typename: 'PresenceChanged', readonly presence: PresenceState, readonly id: EventId, readonly user: { readonly __typename: 'User', readonly id: UserId } }
    | { readonly __typename: 'ProcessingChanged', readonly id: EventId }
    | { readonly __typename: 'PushCredentialsChanged', readonly id: EventId }
    | { readonly __typename: 'PushNotice', readonly id: EventId }
    | { readonly __typename: 'RemoteWiped', readonly id: EventId }
    | { readonly __typename: 'RosterChanged', readonly change: RosterChange, readonly id: EventId, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
    | { readonly __typename: 'SessionHibernated', readonly id: EventId }
    | { readonly __typename: 'SubscriptionGap', readonly gapReason: GapReason, readonly id: EventId }
    | { readonly __typename: 'TagChanged', readonly id: EventId }
    | { readonly __typename: 'TeamRequestChanged', readonly id: EventId }
    | { readonly __typename: 'TypingChanged', readonly isTyping: boolean, readonly id: EventId, readonly user: { readonly __typename: 'User', readonly id: UserId }, readonly conversation: { readonly __typename: 'Conversation', readonly id: ConversationId } | null }
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

export type EscalationCardFragment = { readonly __typename: 'Escalation', readonly escalationId: string, readonly name: string, readonly status: EscalationStatus, readonly level: number | null, readonly changedAt: DateTime | null, readonly keptUntil: DateTime | null, readonly targetMinutes: number | null, readonly target: { readonly __typename: 'EscalationTarget', readonly token: string } | null, readonly steps: ReadonlyArray<{ readonly __typename: 'EscalationStep', readonly durationMinutes: number, readonly targets: ReadonlyArray<{ readonly __typename: 'EscalationTarget', readonly token: string, readonly name: string | null }> }>, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null };

export type EscalateMessageMutationVariables = Exact<{
  input: EscalateMessageInput;
}>;


export type EscalateMessageMutation = { readonly __typename: 'Mutation', readonly escalateMessage: { readonly __typename: 'EscalateMessagePayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) } };

export type ConfirmEscalationMutationVariables = Exact<{
  input: ConfirmEscalationInput;
}>;


export type ConfirmEscalationMutation = { readonly __typename: 'Mutation', readonly confirmEscalation: { readonly __typename: 'ConfirmEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) } };

export type SkipEscalationMutationVariables = Exact<{
  input: SkipEscalationInput;
}>;


export type SkipEscalationMutation = { readonly __typename: 'Mutation', readonly skipEscalation: { readonly __typename: 'SkipEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) } };

export type CancelEscalationMutationVariables = Exact<{
  input: CancelEscalationInput;
}>;


export type CancelEscalationMutation = { readonly __typename: 'Mutation', readonly cancelEscalation: { readonly __typename: 'CancelEscalationPayload', readonly escalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) | null } };

export type EscalationChangedSubscriptionVariables = Exact<{
  message?: Ref<'Message'> | null | undefined;
}>;


export type EscalationChangedSubscription = { readonly escalationChanged: { readonly __typename: 'EscalationChanged', readonly id: EventId, readonly changedEscalation: (
      { readonly __typename: 'Escalation' }
      & EscalationCardFragment
    ) } };

type EventDetails_AccountSettingsChanged_Fragment = { readonly __typename: 'AccountSettingsChanged', readonly services: ReadonlyArray<string>, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly user: { readonly __typename: 'User', readonly id: UserId } };

type EventDetails_CallChanged_Fragment = { readonly __typename: 'CallChanged', readonly stage: CallStage, readonly callId: string | null, readonly roomName: string | null, readonly reason: string | null, readonly isVideo: boolean | null, readonly state: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly caller: { readonly __typename: 'User', readonly id: UserId } | null, readonly participants: ReadonlyArray<{ readonly __typename: 'User', readonly id: UserId }>, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null, readonly disabledParticipants: ReadonlyArray<{ readonly __typename: 'User', readonly id: UserId }>, readonly roles: ReadonlyArray<{ readonly __typename: 'Role', readonly id: RoleId } | null> };

type EventDetails_ConversationNotice_Fragment = { readonly __typename: 'ConversationNotice', readonly noticeId: string | null, readonly notice: string, readonly at: DateTime | null, readonly reason: string | null, readonly reasonSubjectToken: string | null, readonly sortNumber: number | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly actor: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null, readonly subject: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null, readonly target: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } | null };

type EventDetails_EntityChanged_Fragment = { readonly __typename: 'EntityChanged', readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly entities: ReadonlyArray<
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

type EventDetails_EscalationChanged_Fragment = { readonly __typename: 'EscalationChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly changedEscalation: (
    { readonly __typename: 'Escalation' }
    & EscalationCardFragment
  ) };

type EventDetails_MessageDataChanged_Fragment = { readonly __typename: 'MessageDataChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly data: ReadonlyArray<{ readonly __typename: 'MessageDatum', readonly mimeType: string, readonly namespace: string, readonly payload: Json | null }> };

type EventDetails_MessageRecalled_Fragment = { readonly __typename: 'MessageRecalled', readonly recalledMessageId: MessageId, readonly at: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly recalledBy: { readonly __typename: 'User', readonly id: UserId } | null, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null };

type EventDetails_MessageReceived_Fragment = { readonly __typename: 'MessageReceived', readonly isHistory: boolean, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly message: (
    { readonly __typename: 'Message' }
    & MessageBubbleFragment
  ), readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly at: DateTime, readonly user: { readonly __typename: 'User', readonly id: UserId } }> };

type EventDetails_MessageStatusChanged_Fragment = { readonly __typename: 'MessageStatusChanged', readonly status: DeliveryStatus, readonly at: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId }, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null };

type EventDetails_MuteChanged_Fragment = { readonly __typename: 'MuteChanged', readonly muteChange: MuteChange, readonly organizationKey: string | null, readonly mutedAt: DateTime | null, readonly mutedUntil: DateTime | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly counterpart:
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

type EventDetails_OrganizationPreferencesChanged_Fragment = { readonly __typename: 'OrganizationPreferencesChanged', readonly quickReplies: ReadonlyArray<string> | null, readonly organizationKey: string | null, readonly preferences: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_OrganizationSettingsChanged_Fragment = { readonly __typename: 'OrganizationSettingsChanged', readonly settings: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_PhoneNumberValidated_Fragment = { readonly __typename: 'PhoneNumberValidated', readonly phoneNumber: PhoneNumber | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_PresenceChanged_Fragment = { readonly __typename: 'PresenceChanged', readonly presence: PresenceState, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly user: { readonly __typename: 'User', readonly id: UserId } };

type EventDetails_ProcessingChanged_Fragment = { readonly __typename: 'ProcessingChanged', readonly isRunning: boolean, readonly action: string | null, readonly conversationId: string | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly subject: { readonly __typename: 'NoticeParty', readonly token: string, readonly name: string | null } };

type EventDetails_PushCredentialsChanged_Fragment = { readonly __typename: 'PushCredentialsChanged', readonly credentials: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_PushNotice_Fragment = { readonly __typename: 'PushNotice', readonly kind: PushNoticeKind, readonly alert: string | null, readonly badge: number | null, readonly sound: string | null, readonly word: string | null, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly user: { readonly __typename: 'User', readonly id: UserId } | null };

type EventDetails_RemoteWiped_Fragment = { readonly __typename: 'RemoteWiped', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_RosterChanged_Fragment = { readonly __typename: 'RosterChanged', readonly change: RosterChange, readonly organizationKey: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly counterpart:
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
   };

type EventDetails_SessionHibernated_Fragment = { readonly __typename: 'SessionHibernated', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_SubscriptionGap_Fragment = { readonly __typename: 'SubscriptionGap', readonly gapReason: GapReason, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_TagChanged_Fragment = { readonly __typename: 'TagChanged', readonly token: string, readonly name: string | null, readonly organizationKey: string | null, readonly colorId: string | null, readonly colorValue: string | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_TeamRequestChanged_Fragment = { readonly __typename: 'TeamRequestChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json, readonly request: { readonly __typename: 'TeamRequest', readonly requestId: string, readonly status: TeamRequestStatus | null, readonly teamId: string | null, readonly reason: string | null, readonly createdBy: { readonly __typename: 'User', readonly id: UserId } | null }, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null };

type EventDetails_TypingChanged_Fragment = (
  { readonly __typename: 'TypingChanged', readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json }
  & TypingDetailsFragment
);

type EventDetails_UnknownEvent_Fragment = { readonly __typename: 'UnknownEvent', readonly upstreamType: string, readonly payload: Json | null, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_UserPreferencesChanged_Fragment = { readonly __typename: 'UserPreferencesChanged', readonly quickReplies: ReadonlyArray<string> | null, readonly preferences: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

type EventDetails_WaitingRoomChanged_Fragment = { readonly __typename: 'WaitingRoomChanged', readonly waitingRoom: Json, readonly id: EventId, readonly type: EventType, readonly receivedAt: DateTime, readonly extra: Json };

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

export type TypingDetailsFragment = { readonly __typename: 'TypingChanged', readonly isTyping: boolean, readonly organizationKey: string | null, readonly user: { readonly __typename: 'User', readonly id: UserId }, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null, readonly speaksAs: { readonly __typename: 'User', readonly id: UserId } | null };

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
    ) } };

export type MessageStatusChangedSubscriptionVariables = Exact<{
  message?: Ref<'Message'> | null | undefined;
}>;


export type MessageStatusChangedSubscription = { readonly messageStatusChanged: { readonly __typename: 'MessageStatusChanged', readonly id: EventId, readonly status: DeliveryStatus, readonly at: DateTime | null, readonly message: { readonly __typename: 'Message', readonly id: MessageId } | null, readonly user: { readonly __typename: 'User', readonly id: UserId, readonly displayName: string | null }, readonly group: { readonly __typename: 'Group', readonly id: GroupId } | null } };

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
    ) } };

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
     } };

export type UserChangedSubscriptionVariables = Exact<{
  user?: Ref<'User'> | null | undefined;
}>;


export type UserChangedSubscription = { readonly userChanged: { readonly __typename: 'UserChanged', readonly id: EventId, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) } };

export type PresenceChangedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type PresenceChangedSubscription = { readonly presenceChanged: { readonly __typename: 'PresenceChanged', readonly id: EventId, readonly presence: PresenceState, readonly user: { readonly __typename: 'User', readonly id: UserId } } };

export type ConnectionStatusSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ConnectionStatusSubscription = { readonly connectionStatus: { readonly __typename: 'ConnectionStatus', readonly state: ConnectionState, readonly attempt: number, readonly since: DateTime, readonly replayCount: number | null } };

export type AcknowledgeEventsMutationVariables = Exact<{
  input: AcknowledgeEventsInput;
}>;


export type AcknowledgeEventsMutation = { readonly __typename: 'Mutation', readonly acknowledgeEvents: { readonly __typename: 'AcknowledgeEventsPayload', readonly acknowledgedEventIds: ReadonlyArray<EventId> } };

export type DropEventConnectionsMutationVariables = Exact<{ [key: string]: never; }>;


export type DropEventConnectionsMutation = { readonly __typename: 'Mutation', readonly dropEventConnections: { readonly __typename: 'DropEventConnectionsPayload', readonly count: number } };

export type GroupCardFragment = { readonly __typename: 'Group', readonly id: GroupId, readonly token: Token<'Group'>, readonly name: string | null, readonly description: string | null, readonly avatarUrl: Url | null, readonly memberCount: NonNegativeInt | null, readonly isPublic: boolean | null, readonly organizationKey: string | null };

export type GroupDetailFragment = (
  { readonly __typename: 'Group', readonly replayHistory: boolean | null, readonly createdAt: DateTime | null, readonly createdBy: (
    { readonly __typename: 'User' }
    & UserCardFragment
  ) | null, readonly metadata: ReadonlyArray<(
    { readonly __typename: 'MetadataEntry' }
    & MetadataRowFragment
  )> }
  & GroupCardFragment
);

export type GroupQueryVariables = Exact<{
  id: Ref<'Group'>;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type GroupQuery = { readonly __typename: 'Query', readonly group: (
    { readonly __typename: 'Group', readonly members: { readonly __typename: 'GroupMembersConnection', readonly totalCount: number, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
        { readonly __typename: 'User' }
        & UserCardFragment
      )> } | null }
    & GroupDetailFragment
  ) | null };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
}>;


export type CreateGroupMutation = { readonly __typename: 'Mutation', readonly createGroup: { readonly __typename: 'CreateGroupPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupDetailFragment
    ) } };

export type UpdateGroupMutationVariables = Exact<{
  input: UpdateGroupInput;
}>;


export type UpdateGroupMutation = { readonly __typename: 'Mutation', readonly updateGroup: { readonly __typename: 'UpdateGroupPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupDetailFragment
    ) } };

export type DeleteGroupMutationVariables = Exact<{
  input: DeleteGroupInput;
}>;


export type DeleteGroupMutation = { readonly __typename: 'Mutation', readonly deleteGroup: { readonly __typename: 'DeleteGroupPayload', readonly deletedGroupId: GroupId } };

export type AddGroupMembersMutationVariables = Exact<{
  input: AddGroupMembersInput;
}>;


export type AddGroupMembersMutation = { readonly __typename: 'Mutation', readonly addGroupMembers: { readonly __typename: 'AddGroupMembersPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) } };

export type RemoveGroupMembersMutationVariables = Exact<{
  input: RemoveGroupMembersInput;
}>;


export type RemoveGroupMembersMutation = { readonly __typename: 'Mutation', readonly removeGroupMembers: { readonly __typename: 'RemoveGroupMembersPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) } };

export type JoinForumMutationVariables = Exact<{
  input: JoinForumInput;
}>;


export type JoinForumMutation = { readonly __typename: 'Mutation', readonly joinForum: { readonly __typename: 'JoinForumPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) } };

export type LeaveForumMutationVariables = Exact<{
  input: LeaveForumInput;
}>;


export type LeaveForumMutation = { readonly __typename: 'Mutation', readonly leaveForum: { readonly __typename: 'LeaveForumPayload', readonly group: (
      { readonly __typename: 'Group' }
      & GroupCardFragment
    ) } };

export type MembershipCardFragment = { readonly __typename: 'Membership', readonly id: MembershipId, readonly organizationKey: string, readonly title: string | null, readonly department: string | null, readonly statusText: string | null, readonly isDoNotDisturb: boolean | null, readonly doNotDisturbText: string | null };

export type MembershipProfileFragment = (
  { readonly __typename: 'Membership', readonly autoForwardTo: (
    { readonly __typename: 'User' }
    & UserCardFragment
  ) | null, readonly metadata: ReadonlyArray<(
    { readonly __typename: 'MetadataEntry' }
    & MetadataRowFragment
  )> }
  & MembershipCardFragment
);

export type MessageBubbleFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly token: Token<'Message'>, readonly body: string | null, readonly createdAt: DateTime | null, readonly expiresAt: DateTime | null, readonly ttl: number | null, readonly deleteOnRead: boolean | null, readonly priority: MessagePriority | null, readonly status: DeliveryStatus, readonly subType: string | null, readonly sortNumber: number | null, readonly idempotencyKey: string | null, readonly senderName: string | null, readonly sender: { readonly __typename: 'User', readonly id: UserId } | null, readonly recipient:
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

export type MessageProgressFragment = { readonly __typename: 'Message', readonly id: MessageId, readonly status: DeliveryStatus, readonly isRecalled: boolean | null, readonly recipientStatuses: ReadonlyArray<{ readonly __typename: 'RecipientStatus', readonly status: DeliveryStatus, readonly at: DateTime, readonly user: { readonly __typename: 'User', readonly id: UserId } }> | null };

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
    ) | null } };

export type ForwardMessageMutationVariables = Exact<{
  input: ForwardMessageInput;
}>;


export type ForwardMessageMutation = { readonly __typename: 'Mutation', readonly forwardMessage: { readonly __typename: 'ForwardMessagePayload', readonly wasAlreadyStored: boolean, readonly recipientWasCreated: boolean, readonly message: (
      { readonly __typename: 'Message' }
      & MessageBubbleFragment
    ) | null } };

export type RecallMessageMutationVariables = Exact<{
  input: RecallMessageInput;
}>;


export type RecallMessageMutation = { readonly __typename: 'Mutation', readonly recallMessage: { readonly __typename: 'RecallMessagePayload', readonly recalledMessageId: MessageId } };

export type UpdateMessageStatusMutationVariables = Exact<{
  input: UpdateMessageStatusInput;
}>;


export type UpdateMessageStatusMutation = { readonly __typename: 'Mutation', readonly updateMessageStatus: { readonly __typename: 'UpdateMessageStatusPayload', readonly delivered: ReadonlyArray<{ readonly __typename: 'Message', readonly id: MessageId } | null>, readonly read: ReadonlyArray<{ readonly __typename: 'Message', readonly id: MessageId } | null> } };

export type MetadataRowFragment = { readonly __typename: 'MetadataEntry', readonly key: string, readonly value: string };

export type SetMetadataMutationVariables = Exact<{
  input: SetMetadataInput;
}>;


export type SetMetadataMutation = { readonly __typename: 'Mutation', readonly setMetadata: { readonly __typename: 'SetMetadataPayload', readonly metadata: ReadonlyArray<(
      { readonly __typename: 'MetadataEntry' }
      & MetadataRowFragment
    )> } };

export type ClearMetadataMutationVariables = Exact<{
  input: ClearMetadataInput;
}>;


export type ClearMetadataMutation = { readonly __typename: 'Mutation', readonly clearMetadata: { readonly __typename: 'ClearMetadataPayload', readonly metadata: ReadonlyArray<(
      { readonly __typename: 'MetadataEntry' }
      & MetadataRowFragment
    )> } };

export type MuteRowFragment = { readonly __typename: 'Mute', readonly kind: MuteKind, readonly token: string, readonly organizationKey: string | null, readonly mutedUntil: DateTime };

export type MutesQueryVariables = Exact<{ [key: string]: never; }>;


export type MutesQuery = { readonly __typename: 'Query', readonly mutes: ReadonlyArray<(
    { readonly __typename: 'Mute' }
    & MuteRowFragment
  )> };

export type MuteMutationVariables = Exact<{
  input: MuteInput;
}>;


export type MuteMutation = { readonly __typename: 'Mutation', readonly mute: { readonly __typename: 'MutePayload', readonly mutedUntil: DateTime } };

export type UnmuteMutationVariables = Exact<{
  input: UnmuteInput;
}>;


export type UnmuteMutation = { readonly __typename: 'Mutation', readonly unmute: { readonly __typename: 'UnmutePayload', readonly wasMuted: boolean } };

export type UnmuteAllMutationVariables = Exact<{ [key: string]: never; }>;


export type UnmuteAllMutation = { readonly __typename: 'Mutation', readonly unmuteAll: { readonly __typename: 'UnmuteAllPayload', readonly count: number } };

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
    ), readonly organization: (
      { readonly __typename: 'Organization' }
      & OrganizationCardFragment
    ) } };

export type LeaveOrganizationMutationVariables = Exact<{
  input: LeaveOrganizationInput;
}>;


export type LeaveOrganizationMutation = { readonly __typename: 'Mutation', readonly leaveOrganization: { readonly __typename: 'LeaveOrganizationPayload', readonly leftOrganizationKey: string } };

export type SetPresenceMutationVariables = Exact<{
  input: SetPresenceInput;
}>;


export type SetPresenceMutation = { readonly __typename: 'Mutation', readonly setPresence: { readonly __typename: 'SetPresencePayload', readonly status: PresenceStatus } };

export type QuickRepliesQueryVariables = Exact<{ [key: string]: never; }>;


export type QuickRepliesQuery = { readonly __typename: 'Query', readonly quickReplies: ReadonlyArray<string>, readonly me: { readonly __typename: 'User', readonly id: UserId, readonly organizations: ReadonlyArray<{ readonly __typename: 'Organization', readonly key: string, readonly quickReplies: ReadonlyArray<string> }> } };

export type SetQuickRepliesMutationVariables = Exact<{
  input: SetQuickRepliesInput;
}>;


export type SetQuickRepliesMutation = { readonly __typename: 'Mutation', readonly setQuickReplies: { readonly __typename: 'SetQuickRepliesPayload', readonly quickReplies: ReadonlyArray<string>, readonly organization: { readonly __typename: 'Organization', readonly key: string } | null } };

export type RoleCardFragment = { readonly __typename: 'Role', readonly id: RoleId, readonly token: Token<'Role'>, readonly name: string | null, readonly description: string | null, readonly isStaffed: boolean, readonly organizationKey: string | null, readonly tag: { readonly __typename: 'RoleTag', readonly tagId: string, readonly name: string | null, readonly color: string | null } | null, readonly onDuty: ReadonlyArray<(
    { readonly __typename: 'User' }
    & UserCardFragment
  )> };

export type RoleQueryVariables = Exact<{
  id: Ref<'Role'>;
}>;


export type RoleQuery = { readonly __typename: 'Query', readonly role: (
    { readonly __typename: 'Role', readonly isOpen: boolean | null, readonly isOwnerRequired: boolean | null, readonly noOwnersMessage: string | null, readonly escalationPolicy: { readonly __typename: 'EscalationPolicy', readonly isAutomatic: boolean | null, readonly targetMinutes: number | null, readonly keptMinutes: number | null, readonly steps: ReadonlyArray<{ readonly __typename: 'EscalationStep', readonly durationMinutes: number, readonly targets: ReadonlyArray<{ readonly __typename: 'EscalationTarget', readonly token: string, readonly name: string | null, readonly user: (
            { readonly __typename: 'User' }
            & UserCardFragment
          ) }> }> } | null }
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
    )> } };

export type RoleTagsQueryVariables = Exact<{
  organization?: string | null | undefined;
}>;


export type RoleTagsQuery = { readonly __typename: 'Query', readonly roleTags: ReadonlyArray<{ readonly __typename: 'RoleTag', readonly tagId: string, readonly name: string | null, readonly color: string | null }> };

export type MyRolesQueryVariables = Exact<{
  organization?: string | null | undefined;
}>;


export type MyRolesQuery = { readonly __typename: 'Query', readonly me: { readonly __typename: 'User', readonly id: UserId, readonly roles: ReadonlyArray<(
      { readonly __typename: 'Role' }
      & RoleCardFragment
    )>, readonly savedRoles: ReadonlyArray<(
      { readonly __typename: 'Role' }
      & RoleCardFragment
    )> } };

export type OptIntoRoleMutationVariables = Exact<{
  input: OptIntoRoleInput;
}>;


export type OptIntoRoleMutation = { readonly __typename: 'Mutation', readonly optIntoRole: { readonly __typename: 'OptIntoRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

export type OptOutOfRoleMutationVariables = Exact<{
  input: OptOutOfRoleInput;
}>;


export type OptOutOfRoleMutation = { readonly __typename: 'Mutation', readonly optOutOfRole: { readonly __typename: 'OptOutOfRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

export type SetRoleAwayMutationVariables = Exact<{
  input: SetRoleAwayInput;
}>;


export type SetRoleAwayMutation = { readonly __typename: 'Mutation', readonly setRoleAway: { readonly __typename: 'SetRoleAwayPayload', readonly text: string, readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

export type ClearRoleAwayMutationVariables = Exact<{
  input: ClearRoleAwayInput;
}>;


export type ClearRoleAwayMutation = { readonly __typename: 'Mutation', readonly clearRoleAway: { readonly __typename: 'ClearRoleAwayPayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

export type SaveRoleMutationVariables = Exact<{
  input: SaveRoleInput;
}>;


export type SaveRoleMutation = { readonly __typename: 'Mutation', readonly saveRole: { readonly __typename: 'SaveRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

export type UnsaveRoleMutationVariables = Exact<{
  input: UnsaveRoleInput;
}>;


export type UnsaveRoleMutation = { readonly __typename: 'Mutation', readonly unsaveRole: { readonly __typename: 'UnsaveRolePayload', readonly role: (
      { readonly __typename: 'Role' }
      & RoleCardFragment
    ) } };

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
   };

export type RosterQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  kinds?: ReadonlyArray<EntityKind> | EntityKind | null | undefined;
}>;


export type RosterQuery = { readonly __typename: 'Query', readonly roster: { readonly __typename: 'Roster', readonly entries: { readonly __typename: 'RosterEntriesConnection', readonly totalCount: number, readonly pageInfo: { readonly __typename: 'PageInfo', readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<(
        { readonly __typename: 'RosterEntry' }
        & RosterRowFragment
      )> } } };

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
     } };

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
     } };

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
      ) | null, readonly team: { readonly __typename: 'Team', readonly teamId: string, readonly name: string | null, readonly memberCount: NonNegativeInt | null } | null }> } };

export type IsUpstreamReachableQueryVariables = Exact<{ [key: string]: never; }>;


export type IsUpstreamReachableQuery = { readonly __typename: 'Query', readonly isUpstreamReachable: boolean };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { readonly __typename: 'Mutation', readonly signIn: { readonly __typename: 'SignInPayload', readonly key: string, readonly secret: string, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { readonly __typename: 'Mutation', readonly signOut: { readonly __typename: 'SignOutPayload', readonly externalLogoutUrl: Url | null } };

export type StartSessionMutationVariables = Exact<{
  input: SignInInput;
}>;


export type StartSessionMutation = { readonly __typename: 'Mutation', readonly signIn: { readonly __typename: 'SignInPayload', readonly session: { readonly __typename: 'Session', readonly expiresAt: DateTime } | null, readonly user: (
      { readonly __typename: 'User' }
      & UserCardFragment
    ) } };

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
    )> } };

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
    ) } };

export type RequestToJoinTeamMutationVariables = Exact<{
  input: RequestToJoinTeamInput;
}>;


export type RequestToJoinTeamMutation = { readonly __typename: 'Mutation', readonly requestToJoinTeam: { readonly __typename: 'RequestToJoinTeamPayload', readonly team: (
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) } };

export type AnswerTeamRequestMutationVariables = Exact<{
  input: AnswerTeamRequestInput;
}>;


export type AnswerTeamRequestMutation = { readonly __typename: 'Mutation', readonly answerTeamRequest: { readonly __typename: 'AnswerTeamRequestPayload', readonly team: (
      { readonly __typename: 'Team' }
      & TeamCardFragment
    ) } };

export type StartTypingMutationVariables = Exact<{
  input: TypingInput;
}>;


export type StartTypingMutation = { readonly __typename: 'Mutation', readonly startTyping: { readonly __typename: 'StartTypingPayload', readonly isTyping: boolean } };

export type StopTypingMutationVariables = Exact<{
  input: TypingInput;
}>;


export type StopTypingMutation = { readonly __typename: 'Mutation', readonly stopTyping: { readonly __typename: 'StopTypingPayload', readonly isTyping: boolean } };

export type UserCardFragment = { readonly __typename: 'User', readonly id: UserId, readonly token: Token<'User'>, readonly displayName: string | null, readonly avatarUrl: Url | null };

export type UserProfileFragment = (
  { readonly __typename: 'User', readonly firstName: string | null, readonly lastName: string | null, readonly username: string | null, readonly emails: ReadonlyArray<{ readonly __typename: 'Email', readonly address: EmailAddress, readonly isVerified: boolean | null }>, readonly phones: ReadonlyArray<{ readonly __typename: 'Phone', readonly number: PhoneNumber, readonly isVerified: boolean | null }> }
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
    )> }
    & UserProfileFragment
  ) };

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
    ) } };

export type UpdateMeMutationVariables = Exact<{
  input: UpdateMeInput;
}>;


export type UpdateMeMutation = { readonly __typename: 'Mutation', readonly updateMe: { readonly __typename: 'UpdateMePayload', readonly me: (
      { readonly __typename: 'User', readonly membership: (
        { readonly __typename: 'Membership' }
        & MembershipProfileFragment
      ) | null }
      & UserProfileFragment
    ) } };

export type WipeUserMutationVariables = Exact<{
  input: WipeUserInput;
}>;


export type WipeUserMutation = { readonly __typename: 'Mutation', readonly wipeUser: { readonly __typename: 'WipeUserPayload', readonly wipedUserId: UserId } };

import * as plain from './documents.ts';
export const UserCardFragmentDoc: DocumentNode<UserCardFragment, unknown> = plain.UserCardFragmentDoc as object as DocumentNode<UserCardFragment, unknown>;
export const GroupCardFragmentDoc: DocumentNode<GroupCardFragment, unknown> = plain.GroupCardFragmentDoc as object as DocumentNode<GroupCardFragment, unknown>;
export const DistributionListCardFragmentDoc: DocumentNode<DistributionListCardFragment, unknown> = plain.DistributionListCardFragmentDoc as object as DocumentNode<DistributionListCardFragment, unknown>;
export const CounterpartCardFragmentDoc: DocumentNode<CounterpartCardFragment, unknown> = plain.CounterpartCardFragmentDoc as object as DocumentNode<CounterpartCardFragment, unknown>;
export const ConversationRowFragmentDoc: DocumentNode<ConversationRowFragment, unknown> = plain.ConversationRowFragmentDoc as object as DocumentNode<ConversationRowFragment, unknown>;
export const EscalationCardFragmentDoc: DocumentNode<EscalationCardFragment, unknown> = plain.EscalationCardFragmentDoc as object as DocumentNode<EscalationCardFragment, unknown>;
export const HistoryMessageFragmentDoc: DocumentNode<HistoryMessageFragment, unknown> = plain.HistoryMessageFragmentDoc as object as DocumentNode<HistoryMessageFragment, unknown>;
export const HistoryNoticeFragmentDoc: DocumentNode<HistoryNoticeFragment, unknown> = plain.HistoryNoticeFragmentDoc as object as DocumentNode<HistoryNoticeFragment, unknown>;
export const CounterpartIdFragmentDoc: DocumentNode<CounterpartIdFragment, unknown> = plain.CounterpartIdFragmentDoc as object as DocumentNode<CounterpartIdFragment, unknown>;
export const MessageBubbleFragmentDoc: DocumentNode<MessageBubbleFragment, unknown> = plain.MessageBubbleFragmentDoc as object as DocumentNode<MessageBubbleFragment, unknown>;
export const TypingDetailsFragmentDoc: DocumentNode<TypingDetailsFragment, unknown> = plain.TypingDetailsFragmentDoc as object as DocumentNode<TypingDetailsFragment, unknown>;
export const EventDetailsFragmentDoc: DocumentNode<EventDetailsFragment, unknown> = plain.EventDetailsFragmentDoc as object as DocumentNode<EventDetailsFragment, unknown>;
export const MetadataRowFragmentDoc: DocumentNode<MetadataRowFragment, unknown> = plain.MetadataRowFragmentDoc as object as DocumentNode<MetadataRowFragment, unknown>;
export const GroupDetailFragmentDoc: DocumentNode<GroupDetailFragment, unknown> = plain.GroupDetailFragmentDoc as object as DocumentNode<GroupDetailFragment, unknown>;
export const MembershipCardFragmentDoc: DocumentNode<MembershipCardFragment, unknown> = plain.MembershipCardFragmentDoc as object as DocumentNode<MembershipCardFragment, unknown>;
export const MembershipProfileFragmentDoc: DocumentNode<MembershipProfileFragment, unknown> = plain.MembershipProfileFragmentDoc as object as DocumentNode<MembershipProfileFragment, unknown>;
export const MessageProgressFragmentDoc: DocumentNode<MessageProgressFragment, unknown> = plain.MessageProgressFragmentDoc as object as DocumentNode<MessageProgressFragment, unknown>;
export const MuteRowFragmentDoc: DocumentNode<MuteRowFragment, unknown> = plain.MuteRowFragmentDoc as object as DocumentNode<MuteRowFragment, unknown>;
export const NodeCardFragmentDoc: DocumentNode<NodeCardFragment, unknown> = plain.NodeCardFragmentDoc as object as DocumentNode<NodeCardFragment, unknown>;
export const OrganizationCardFragmentDoc: DocumentNode<OrganizationCardFragment, unknown> = plain.OrganizationCardFragmentDoc as object as DocumentNode<OrganizationCardFragment, unknown>;
export const RoleCardFragmentDoc: DocumentNode<RoleCardFragment, unknown> = plain.RoleCardFragmentDoc as object as DocumentNode<RoleCardFragment, unknown>;
export const RosterRowFragmentDoc: DocumentNode<RosterRowFragment, unknown> = plain.RosterRowFragmentDoc as object as DocumentNode<RosterRowFragment, unknown>;
export const TeamCardFragmentDoc: DocumentNode<TeamCardFragment, unknown> = plain.TeamCardFragmentDoc as object as DocumentNode<TeamCardFragment, unknown>;
export const UserProfileFragmentDoc: DocumentNode<UserProfileFragment, unknown> = plain.UserProfileFragmentDoc as object as DocumentNode<UserProfileFragment, unknown>;
export const CreateAttachmentTokensDocument: DocumentNode<CreateAttachmentTokensMutation, CreateAttachmentTokensMutationVariables> = plain.CreateAttachmentTokensDocument as object as DocumentNode<CreateAttachmentTokensMutation, CreateAttachmentTokensMutationVariables>;
export const CallLogDocument: DocumentNode<CallLogQuery, CallLogQueryVariables> = plain.CallLogDocument as object as DocumentNode<CallLogQuery, CallLogQueryVariables>;
export const ConversationsDocument: DocumentNode<ConversationsQuery, ConversationsQueryVariables> = plain.ConversationsDocument as object as DocumentNode<ConversationsQuery, ConversationsQueryVariables>;
export const ConversationDocument: DocumentNode<ConversationQuery, ConversationQueryVariables> = plain.ConversationDocument as object as DocumentNode<ConversationQuery, ConversationQueryVariables>;
export const TimelineDocument: DocumentNode<TimelineQuery, TimelineQueryVariables> = plain.TimelineDocument as object as DocumentNode<TimelineQuery, TimelineQueryVariables>;
export const MarkConversationDocument: DocumentNode<MarkConversationMutation, MarkConversationMutationVariables> = plain.MarkConversationDocument as object as DocumentNode<MarkConversationMutation, MarkConversationMutationVariables>;
export const ConversationChangedDocument: DocumentNode<ConversationChangedSubscription, ConversationChangedSubscriptionVariables> = plain.ConversationChangedDocument as object as DocumentNode<ConversationChangedSubscription, ConversationChangedSubscriptionVariables>;
export const ConversationEventsDocument: DocumentNode<ConversationEventsSubscription, ConversationEventsSubscriptionVariables> = plain.ConversationEventsDocument as object as DocumentNode<ConversationEventsSubscription, ConversationEventsSubscriptionVariables>;
export const EscalateMessageDocument: DocumentNode<EscalateMessageMutation, EscalateMessageMutationVariables> = plain.EscalateMessageDocument as object as DocumentNode<EscalateMessageMutation, EscalateMessageMutationVariables>;
export const ConfirmEscalationDocument: DocumentNode<ConfirmEscalationMutation, ConfirmEscalationMutationVariables> = plain.ConfirmEscalationDocument as object as DocumentNode<ConfirmEscalationMutation, ConfirmEscalationMutationVariables>;
export const SkipEscalationDocument: DocumentNode<SkipEscalationMutation, SkipEscalationMutationVariables> = plain.SkipEscalationDocument as object as DocumentNode<SkipEscalationMutation, SkipEscalationMutationVariables>;
export const CancelEscalationDocument: DocumentNode<CancelEscalationMutation, CancelEscalationMutationVariables> = plain.CancelEscalationDocument as object as DocumentNode<CancelEscalationMutation, CancelEscalationMutationVariables>;
export const EscalationChangedDocument: DocumentNode<EscalationChangedSubscription, EscalationChangedSubscriptionVariables> = plain.EscalationChangedDocument as object as DocumentNode<EscalationChangedSubscription, EscalationChangedSubscriptionVariables>;
export const EventsDocument: DocumentNode<EventsSubscription, EventsSubscriptionVariables> = plain.EventsDocument as object as DocumentNode<EventsSubscription, EventsSubscriptionVariables>;
export const MessageReceivedDocument: DocumentNode<MessageReceivedSubscription, MessageReceivedSubscriptionVariables> = plain.MessageReceivedDocument as object as DocumentNode<MessageReceivedSubscription, MessageReceivedSubscriptionVariables>;
export const MessageStatusChangedDocument: DocumentNode<MessageStatusChangedSubscription, MessageStatusChangedSubscriptionVariables> = plain.MessageStatusChangedDocument as object as DocumentNode<MessageStatusChangedSubscription, MessageStatusChangedSubscriptionVariables>;
export const MessageRecalledDocument: DocumentNode<MessageRecalledSubscription, MessageRecalledSubscriptionVariables> = plain.MessageRecalledDocument as object as DocumentNode<MessageRecalledSubscription, MessageRecalledSubscriptionVariables>;
export const TypingDocument: DocumentNode<TypingSubscription, TypingSubscriptionVariables> = plain.TypingDocument as object as DocumentNode<TypingSubscription, TypingSubscriptionVariables>;
export const GroupChangedDocument: DocumentNode<GroupChangedSubscription, GroupChangedSubscriptionVariables> = plain.GroupChangedDocument as object as DocumentNode<GroupChangedSubscription, GroupChangedSubscriptionVariables>;
export const RosterChangedDocument: DocumentNode<RosterChangedSubscription, RosterChangedSubscriptionVariables> = plain.RosterChangedDocument as object as DocumentNode<RosterChangedSubscription, RosterChangedSubscriptionVariables>;
export const UserChangedDocument: DocumentNode<UserChangedSubscription, UserChangedSubscriptionVariables> = plain.UserChangedDocument as object as DocumentNode<UserChangedSubscription, UserChangedSubscriptionVariables>;
export const PresenceChangedDocument: DocumentNode<PresenceChangedSubscription, PresenceChangedSubscriptionVariables> = plain.PresenceChangedDocument as object as DocumentNode<PresenceChangedSubscription, PresenceChangedSubscriptionVariables>;
export const ConnectionStatusDocument: DocumentNode<ConnectionStatusSubscription, ConnectionStatusSubscriptionVariables> = plain.ConnectionStatusDocument as object as DocumentNode<ConnectionStatusSubscription, ConnectionStatusSubscriptionVariables>;
export const AcknowledgeEventsDocument: DocumentNode<AcknowledgeEventsMutation, AcknowledgeEventsMutationVariables> = plain.AcknowledgeEventsDocument as object as DocumentNode<AcknowledgeEventsMutation, AcknowledgeEventsMutationVariables>;
export const DropEventConnectionsDocument: DocumentNode<DropEventConnectionsMutation, DropEventConnectionsMutationVariables> = plain.DropEventConnectionsDocument as object as DocumentNode<DropEventConnectionsMutation, DropEventConnectionsMutationVariables>;
export const GroupDocument: DocumentNode<GroupQuery, GroupQueryVariables> = plain.GroupDocument as object as DocumentNode<GroupQuery, GroupQueryVariables>;
export const CreateGroupDocument: DocumentNode<CreateGroupMutation, CreateGroupMutationVariables> = plain.CreateGroupDocument as object as DocumentNode<CreateGroupMutation, CreateGroupMutationVariables>;
export const UpdateGroupDocument: DocumentNode<UpdateGroupMutation, UpdateGroupMutationVariables> = plain.UpdateGroupDocument as object as DocumentNode<UpdateGroupMutation, UpdateGroupMutationVariables>;
export const DeleteGroupDocument: DocumentNode<DeleteGroupMutation, DeleteGroupMutationVariables> = plain.DeleteGroupDocument as object as DocumentNode<DeleteGroupMutation, DeleteGroupMutationVariables>;
export const AddGroupMembersDocument: DocumentNode<AddGroupMembersMutation, AddGroupMembersMutationVariables> = plain.AddGroupMembersDocument as object as DocumentNode<AddGroupMembersMutation, AddGroupMembersMutationVariables>;
export const RemoveGroupMembersDocument: DocumentNode<RemoveGroupMembersMutation, RemoveGroupMembersMutationVariables> = plain.RemoveGroupMembersDocument as object as DocumentNode<RemoveGroupMembersMutation, RemoveGroupMembersMutationVariables>;
export const JoinForumDocument: DocumentNode<JoinForumMutation, JoinForumMutationVariables> = plain.JoinForumDocument as object as DocumentNode<JoinForumMutation, JoinForumMutationVariables>;
export const LeaveForumDocument: DocumentNode<LeaveForumMutation, LeaveForumMutationVariables> = plain.LeaveForumDocument as object as DocumentNode<LeaveForumMutation, LeaveForumMutationVariables>;
export const MessageDocument: DocumentNode<MessageQuery, MessageQueryVariables> = plain.MessageDocument as object as DocumentNode<MessageQuery, MessageQueryVariables>;
export const MessagesDocument: DocumentNode<MessagesQuery, MessagesQueryVariables> = plain.MessagesDocument as object as DocumentNode<MessagesQuery, MessagesQueryVariables>;
export const SendMessageDocument: DocumentNode<SendMessageMutation, SendMessageMutationVariables> = plain.SendMessageDocument as object as DocumentNode<SendMessageMutation, SendMessageMutationVariables>;
export const ForwardMessageDocument: DocumentNode<ForwardMessageMutation, ForwardMessageMutationVariables> = plain.ForwardMessageDocument as object as DocumentNode<ForwardMessageMutation, ForwardMessageMutationVariables>;
export const RecallMessageDocument: DocumentNode<RecallMessageMutation, RecallMessageMutationVariables> = plain.RecallMessageDocument as object as DocumentNode<RecallMessageMutation, RecallMessageMutationVariables>;
export const UpdateMessageStatusDocument: DocumentNode<UpdateMessageStatusMutation, UpdateMessageStatusMutationVariables> = plain.UpdateMessageStatusDocument as object as DocumentNode<UpdateMessageStatusMutation, UpdateMessageStatusMutationVariables>;
export const SetMetadataDocument: DocumentNode<SetMetadataMutation, SetMetadataMutationVariables> = plain.SetMetadataDocument as object as DocumentNode<SetMetadataMutation, SetMetadataMutationVariables>;
export const ClearMetadataDocument: DocumentNode<ClearMetadataMutation, ClearMetadataMutationVariables> = plain.ClearMetadataDocument as object as DocumentNode<ClearMetadataMutation, ClearMetadataMutationVariables>;
export const MutesDocument: DocumentNode<MutesQuery, MutesQueryVariables> = plain.MutesDocument as object as DocumentNode<MutesQuery, MutesQueryVariables>;
export const MuteDocument: DocumentNode<MuteMutation, MuteMutationVariables> = plain.MuteDocument as object as DocumentNode<MuteMutation, MuteMutationVariables>;
export const UnmuteDocument: DocumentNode<UnmuteMutation, UnmuteMutationVariables> = plain.UnmuteDocument as object as DocumentNode<UnmuteMutation, UnmuteMutationVariables>;
export const UnmuteAllDocument: DocumentNode<UnmuteAllMutation, UnmuteAllMutationVariables> = plain.UnmuteAllDocument as object as DocumentNode<UnmuteAllMutation, UnmuteAllMutationVariables>;
export const NodeDocument: DocumentNode<NodeQuery, NodeQueryVariables> = plain.NodeDocument as object as DocumentNode<NodeQuery, NodeQueryVariables>;
export const NodesDocument: DocumentNode<NodesQuery, NodesQueryVariables> = plain.NodesDocument as object as DocumentNode<NodesQuery, NodesQueryVariables>;
export const UpdateMyOrganizationDocument: DocumentNode<UpdateMyOrganizationMutation, UpdateMyOrganizationMutationVariables> = plain.UpdateMyOrganizationDocument as object as DocumentNode<UpdateMyOrganizationMutation, UpdateMyOrganizationMutationVariables>;
export const LeaveOrganizationDocument: DocumentNode<LeaveOrganizationMutation, LeaveOrganizationMutationVariables> = plain.LeaveOrganizationDocument as object as DocumentNode<LeaveOrganizationMutation, LeaveOrganizationMutationVariables>;
export const SetPresenceDocument: DocumentNode<SetPresenceMutation, SetPresenceMutationVariables> = plain.SetPresenceDocument as object as DocumentNode<SetPresenceMutation, SetPresenceMutationVariables>;
export const QuickRepliesDocument: DocumentNode<QuickRepliesQuery, QuickRepliesQueryVariables> = plain.QuickRepliesDocument as object as DocumentNode<QuickRepliesQuery, QuickRepliesQueryVariables>;
export const SetQuickRepliesDocument: DocumentNode<SetQuickRepliesMutation, SetQuickRepliesMutationVariables> = plain.SetQuickRepliesDocument as object as DocumentNode<SetQuickRepliesMutation, SetQuickRepliesMutationVariables>;
export const RoleDocument: DocumentNode<RoleQuery, RoleQueryVariables> = plain.RoleDocument as object as DocumentNode<RoleQuery, RoleQueryVariables>;
export const RolesDocument: DocumentNode<RolesQuery, RolesQueryVariables> = plain.RolesDocument as object as DocumentNode<RolesQuery, RolesQueryVariables>;
export const RoleTagsDocument: DocumentNode<RoleTagsQuery, RoleTagsQueryVariables> = plain.RoleTagsDocument as object as DocumentNode<RoleTagsQuery, RoleTagsQueryVariables>;
export const MyRolesDocument: DocumentNode<MyRolesQuery, MyRolesQueryVariables> = plain.MyRolesDocument as object as DocumentNode<MyRolesQuery, MyRolesQueryVariables>;
export const OptIntoRoleDocument: DocumentNode<OptIntoRoleMutation, OptIntoRoleMutationVariables> = plain.OptIntoRoleDocument as object as DocumentNode<OptIntoRoleMutation, OptIntoRoleMutationVariables>;
export const OptOutOfRoleDocument: DocumentNode<OptOutOfRoleMutation, OptOutOfRoleMutationVariables> = plain.OptOutOfRoleDocument as object as DocumentNode<OptOutOfRoleMutation, OptOutOfRoleMutationVariables>;
export const SetRoleAwayDocument: DocumentNode<SetRoleAwayMutation, SetRoleAwayMutationVariables> = plain.SetRoleAwayDocument as object as DocumentNode<SetRoleAwayMutation, SetRoleAwayMutationVariables>;
export const ClearRoleAwayDocument: DocumentNode<ClearRoleAwayMutation, ClearRoleAwayMutationVariables> = plain.ClearRoleAwayDocument as object as DocumentNode<ClearRoleAwayMutation, ClearRoleAwayMutationVariables>;
export const SaveRoleDocument: DocumentNode<SaveRoleMutation, SaveRoleMutationVariables> = plain.SaveRoleDocument as object as DocumentNode<SaveRoleMutation, SaveRoleMutationVariables>;
export const UnsaveRoleDocument: DocumentNode<UnsaveRoleMutation, UnsaveRoleMutationVariables> = plain.UnsaveRoleDocument as object as DocumentNode<UnsaveRoleMutation, UnsaveRoleMutationVariables>;
export const RosterDocument: DocumentNode<RosterQuery, RosterQueryVariables> = plain.RosterDocument as object as DocumentNode<RosterQuery, RosterQueryVariables>;
export const AddRosterEntryDocument: DocumentNode<AddRosterEntryMutation, AddRosterEntryMutationVariables> = plain.AddRosterEntryDocument as object as DocumentNode<AddRosterEntryMutation, AddRosterEntryMutationVariables>;
export const RemoveRosterEntryDocument: DocumentNode<RemoveRosterEntryMutation, RemoveRosterEntryMutationVariables> = plain.RemoveRosterEntryDocument as object as DocumentNode<RemoveRosterEntryMutation, RemoveRosterEntryMutationVariables>;
export const SearchDocument: DocumentNode<SearchQuery, SearchQueryVariables> = plain.SearchDocument as object as DocumentNode<SearchQuery, SearchQueryVariables>;
export const IsUpstreamReachableDocument: DocumentNode<IsUpstreamReachableQuery, IsUpstreamReachableQueryVariables> = plain.IsUpstreamReachableDocument as object as DocumentNode<IsUpstreamReachableQuery, IsUpstreamReachableQueryVariables>;
export const SignInDocument: DocumentNode<SignInMutation, SignInMutationVariables> = plain.SignInDocument as object as DocumentNode<SignInMutation, SignInMutationVariables>;
export const SignOutDocument: DocumentNode<SignOutMutation, SignOutMutationVariables> = plain.SignOutDocument as object as DocumentNode<SignOutMutation, SignOutMutationVariables>;
export const StartSessionDocument: DocumentNode<StartSessionMutation, StartSessionMutationVariables> = plain.StartSessionDocument as object as DocumentNode<StartSessionMutation, StartSessionMutationVariables>;
export const TeamsDocument: DocumentNode<TeamsQuery, TeamsQueryVariables> = plain.TeamsDocument as object as DocumentNode<TeamsQuery, TeamsQueryVariables>;
export const TeamDocument: DocumentNode<TeamQuery, TeamQueryVariables> = plain.TeamDocument as object as DocumentNode<TeamQuery, TeamQueryVariables>;
export const LeaveTeamDocument: DocumentNode<LeaveTeamMutation, LeaveTeamMutationVariables> = plain.LeaveTeamDocument as object as DocumentNode<LeaveTeamMutation, LeaveTeamMutationVariables>;
export const RequestToJoinTeamDocument: DocumentNode<RequestToJoinTeamMutation, RequestToJoinTeamMutationVariables> = plain.RequestToJoinTeamDocument as object as DocumentNode<RequestToJoinTeamMutation, RequestToJoinTeamMutationVariables>;
export const AnswerTeamRequestDocument: DocumentNode<AnswerTeamRequestMutation, AnswerTeamRequestMutationVariables> = plain.AnswerTeamRequestDocument as object as DocumentNode<AnswerTeamRequestMutation, AnswerTeamRequestMutationVariables>;
export const StartTypingDocument: DocumentNode<StartTypingMutation, StartTypingMutationVariables> = plain.StartTypingDocument as object as DocumentNode<StartTypingMutation, StartTypingMutationVariables>;
export const StopTypingDocument: DocumentNode<StopTypingMutation, StopTypingMutationVariables> = plain.StopTypingDocument as object as DocumentNode<StopTypingMutation, StopTypingMutationVariables>;
export const MeDocument: DocumentNode<MeQuery, MeQueryVariables> = plain.MeDocument as object as DocumentNode<MeQuery, MeQueryVariables>;
export const UserDocument: DocumentNode<UserQuery, UserQueryVariables> = plain.UserDocument as object as DocumentNode<UserQuery, UserQueryVariables>;
export const UsersDocument: DocumentNode<UsersQuery, UsersQueryVariables> = plain.UsersDocument as object as DocumentNode<UsersQuery, UsersQueryVariables>;
export const FindOrCreateUserDocument: DocumentNode<FindOrCreateUserMutation, FindOrCreateUserMutationVariables> = plain.FindOrCreateUserDocument as object as DocumentNode<FindOrCreateUserMutation, FindOrCreateUserMutationVariables>;
export const UpdateMeDocument: DocumentNode<UpdateMeMutation, UpdateMeMutationVariables> = plain.UpdateMeDocument as object as DocumentNode<UpdateMeMutation, UpdateMeMutationVariables>;
export const WipeUserDocument: DocumentNode<WipeUserMutation, WipeUserMutationVariables> = plain.WipeUserDocument as object as DocumentNode<WipeUserMutation, WipeUserMutationVariables>;
export { possibleTypes } from './documents.ts';