// Generated from src/schema by `npm run generate`; do not edit.
/** The first item is there. */
type List<Item> = readonly [Item, ...Item[]];

/** An object of JSON; its values are compared as a whole. */
type JsonData = Readonly<Record<string, unknown>>;

interface Query {
  readonly __typename: string;
  readonly callLog: CallLogConnection;
  readonly conversation: Conversation;
  readonly conversations: ConversationsConnection;
  readonly group: Group;
  readonly isUpstreamReachable: boolean;
  readonly me: User;
  readonly message: Message;
  readonly messages: List<Message>;
  readonly mutes: List<Mute>;
  readonly node: Node;
  readonly nodes: List<Node>;
  readonly quickReplies: List<string>;
  readonly role: Role;
  readonly roleTags: List<RoleTag>;
  readonly roles: RolesConnection;
  readonly roster: Roster;
  readonly search: SearchConnection;
  readonly team: Team;
  readonly teams: TeamsConnection;
  readonly user: User;
  readonly users: List<User>;
}

interface Mutation {
  readonly __typename: string;
  readonly acknowledgeEvents: AcknowledgeEventsPayload;
  readonly addGroupMembers: AddGroupMembersPayload;
  readonly addRosterEntry: AddRosterEntryPayload;
  readonly answerTeamRequest: AnswerTeamRequestPayload;
  readonly cancelEscalation: CancelEscalationPayload;
  readonly clearMetadata: ClearMetadataPayload;
  readonly clearRoleAway: ClearRoleAwayPayload;
  readonly confirmEscalation: ConfirmEscalationPayload;
  readonly createAttachmentTokens: CreateAttachmentTokensPayload;
  readonly createGroup: CreateGroupPayload;
  readonly deleteGroup: DeleteGroupPayload;
  readonly dropEventConnections: DropEventConnectionsPayload;
  readonly escalateMessage: EscalateMessagePayload;
  readonly findOrCreateUser: FindOrCreateUserPayload;
  readonly forwardMessage: ForwardMessagePayload;
  readonly joinForum: JoinForumPayload;
  readonly leaveForum: LeaveForumPayload;
  readonly leaveOrganization: LeaveOrganizationPayload;
  readonly leaveTeam: LeaveTeamPayload;
  readonly markConversation: MarkConversationPayload;
  readonly mute: MutePayload;
  readonly optIntoRole: OptIntoRolePayload;
  readonly optOutOfRole: OptOutOfRolePayload;
  readonly recallMessage: RecallMessagePayload;
  readonly removeGroupMembers: RemoveGroupMembersPayload;
  readonly removeRosterEntry: RemoveRosterEntryPayload;
  readonly requestToJoinTeam: RequestToJoinTeamPayload;
  readonly saveRole: SaveRolePayload;
  readonly sendMessage: SendMessagePayload;
  readonly setMetadata: SetMetadataPayload;
  readonly setPresence: SetPresencePayload;
  readonly setQuickReplies: SetQuickRepliesPayload;
  readonly setRoleAway: SetRoleAwayPayload;
  readonly signIn: SignInPayload;
  readonly signOut: SignOutPayload;
  readonly skipEscalation: SkipEscalationPayload;
  readonly startTyping: StartTypingPayload;
  readonly stopTyping: StopTypingPayload;
  readonly unmute: UnmutePayload;
  readonly unmuteAll: UnmuteAllPayload;
  readonly unsaveRole: UnsaveRolePayload;
  readonly updateGroup: UpdateGroupPayload;
  readonly updateMe: UpdateMePayload;
  readonly updateMessageStatus: UpdateMessageStatusPayload;
  readonly updateMyOrganization: UpdateMyOrganizationPayload;
  readonly wipeUser: WipeUserPayload;
}

interface Subscription {
  readonly __typename: string;
  readonly connectionStatus: ConnectionStatus;
  readonly conversationChanged: ConversationChanged;
  readonly escalationChanged: EscalationChanged;
  readonly events: Event;
  readonly groupChanged: GroupChanged;
  readonly messageRecalled: MessageRecalled;
  readonly messageReceived: MessageReceived;
  readonly messageStatusChanged: MessageStatusChanged;
  readonly presenceChanged: PresenceChanged;
  readonly rosterChanged: RosterChanged;
  readonly typing: TypingChanged;
  readonly userChanged: UserChanged;
}

interface CallLogConnection {
  readonly __typename: string;
  readonly edges: List<CallLogEdge>;
  readonly nodes: List<CallLogEntry>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface Conversation {
  readonly __typename: string;
  readonly counterpart: Counterpart;
  readonly escalationCount: number;
  readonly firstExpiringUnread: FirstExpiringUnread;
  readonly id: string;
  readonly isHistoryAvailable: boolean;
  readonly lastMessage: Message;
  readonly membership: Membership;
  readonly messages: ConversationMessagesConnection;
  readonly mutedUntil: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly timeline: ConversationTimelineConnection;
  readonly unreadCount: number;
  readonly unreadPriorityCount: number;
}

interface ConversationsConnection {
  readonly __typename: string;
  readonly edges: List<ConversationsEdge>;
  readonly nodes: List<Conversation>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface Group {
  readonly __typename: string;
  readonly avatarPath: string;
  readonly avatarUrl: string;
  readonly conversation: Conversation;
  readonly createdAt: string;
  readonly createdBy: User;
  readonly description: string;
  readonly escalation: Escalation;
  readonly id: string;
  readonly isPublic: boolean;
  readonly kind: string;
  readonly kindName: string;
  readonly memberCount: number;
  readonly members: GroupMembersConnection;
  readonly metadata: List<MetadataEntry>;
  readonly name: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly replayHistory: boolean;
  readonly role: Role;
  readonly token: string;
}

interface User {
  readonly __typename: string;
  readonly autoForwardTo: User;
  readonly avatarPath: string;
  readonly avatarUrl: string;
  readonly conversation: Conversation;
  readonly department: string;
  readonly displayName: string;
  readonly doNotDisturbText: string;
  readonly emails: List<Email>;
  readonly firstName: string;
  readonly id: string;
  readonly isDoNotDisturb: boolean;
  readonly kind: string;
  readonly kindName: string;
  readonly lastName: string;
  readonly membership: Membership;
  readonly metadata: List<MetadataEntry>;
  readonly organizationKey: string;
  readonly organizations: List<Organization>;
  readonly phones: List<Phone>;
  readonly role: Role;
  readonly roles: List<Role>;
  readonly savedRoles: List<Role>;
  readonly statusText: string;
  readonly title: string;
  readonly token: string;
  readonly username: string;
}

interface Message {
  readonly __typename: string;
  readonly attachments: List<Attachment>;
  readonly body: string;
  readonly conversation: Conversation;
  readonly createdAt: string;
  readonly data: List<MessageDatum>;
  readonly deleteOnRead: boolean;
  readonly escalation: Escalation;
  readonly expiresAt: string;
  readonly forwardedFrom: ForwardedFrom;
  readonly group: Group;
  readonly id: string;
  readonly idempotencyKey: string;
  readonly isRecalled: boolean;
  readonly isUnread: boolean;
  readonly kind: string;
  readonly priority: string;
  readonly recipient: Counterpart;
  readonly recipientOrganization: Organization;
  readonly recipientOrganizationKey: string;
  readonly recipientStatuses: List<RecipientStatus>;
  readonly sender: User;
  readonly senderName: string;
  readonly senderOrganization: Organization;
  readonly senderOrganizationKey: string;
  readonly sortNumber: number;
  readonly status: string;
  readonly subType: string;
  readonly token: string;
  readonly ttl: number;
  readonly writtenAs: Role;
  readonly writtenBy: User;
}

interface Mute {
  readonly __typename: string;
  readonly counterpart: Counterpart;
  readonly kind: string;
  readonly mutedUntil: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly token: string;
}

interface Node {
  readonly __typename: string;
  readonly account: User;
  readonly attachments: List<Attachment>;
  readonly autoForwardTo: User;
  readonly avatarPath: string;
  readonly avatarUrl: string;
  readonly body: string;
  readonly conversation: Conversation;
  readonly counterpart: Counterpart;
  readonly createdAt: string;
  readonly createdBy: User;
  readonly data: List<MessageDatum>;
  readonly deleteOnRead: boolean;
  readonly department: string;
  readonly description: string;
  readonly displayName: string;
  readonly doNotDisturbText: string;
  readonly emails: List<Email>;
  readonly escalation: Escalation;
  readonly escalationCount: number;
  readonly escalationPolicy: EscalationPolicy;
  readonly expiresAt: string;
  readonly firstExpiringUnread: FirstExpiringUnread;
  readonly firstName: string;
  readonly forwardedFrom: ForwardedFrom;
  readonly group: Group;
  readonly id: string;
  readonly idempotencyKey: string;
  readonly isDoNotDisturb: boolean;
  readonly isHistoryAvailable: boolean;
  readonly isOpen: boolean;
  readonly isOwnerRequired: boolean;
  readonly isPublic: boolean;
  readonly isRecalled: boolean;
  readonly isStaffed: boolean;
  readonly isUnread: boolean;
  readonly kind: string;
  readonly kindName: string;
  readonly lastMessage: Message;
  readonly lastName: string;
  readonly memberCount: number;
  readonly members: DistributionListMembersConnection | GroupMembersConnection;
  readonly membership: Membership;
  readonly messages: ConversationMessagesConnection;
  readonly metadata: List<MetadataEntry>;
  readonly mutedUntil: string;
  readonly name: string;
  readonly noOwnersMessage: string;
  readonly onDuty: List<User>;
  readonly onDutyNames: List<string>;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly organizations: List<Organization>;
  readonly phones: List<Phone>;
  readonly priority: string;
  readonly recipient: Counterpart;
  readonly recipientOrganization: Organization;
  readonly recipientOrganizationKey: string;
  readonly recipientStatuses: List<RecipientStatus>;
  readonly replayHistory: boolean;
  readonly role: Role;
  readonly roles: List<Role>;
  readonly savedRoles: List<Role>;
  readonly sender: User;
  readonly senderName: string;
  readonly senderOrganization: Organization;
  readonly senderOrganizationKey: string;
  readonly sortNumber: number;
  readonly status: string;
  readonly statusText: string;
  readonly subType: string;
  readonly tag: RoleTag;
  readonly timeline: ConversationTimelineConnection;
  readonly title: string;
  readonly token: string;
  readonly ttl: number;
  readonly unreadCount: number;
  readonly unreadPriorityCount: number;
  readonly user: User;
  readonly username: string;
  readonly writtenAs: Role;
  readonly writtenBy: User;
}

interface Role {
  readonly __typename: string;
  readonly account: User;
  readonly description: string;
  readonly escalationPolicy: EscalationPolicy;
  readonly id: string;
  readonly isOpen: boolean;
  readonly isOwnerRequired: boolean;
  readonly isStaffed: boolean;
  readonly name: string;
  readonly noOwnersMessage: string;
  readonly onDuty: List<User>;
  readonly onDutyNames: List<string>;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly tag: RoleTag;
  readonly token: string;
}

interface RoleTag {
  readonly __typename: string;
  readonly color: string;
  readonly name: string;
  readonly tagId: string;
}

interface RolesConnection {
  readonly __typename: string;
  readonly edges: List<RolesEdge>;
  readonly nodes: List<Role>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface Roster {
  readonly __typename: string;
  readonly entries: RosterEntriesConnection;
}

interface SearchConnection {
  readonly __typename: string;
  readonly edges: List<SearchEdge>;
  readonly nodes: List<Counterpart>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface Team {
  readonly __typename: string;
  readonly avatarUrl: string;
  readonly canMembersLeave: boolean;
  readonly canRequestToJoin: boolean;
  readonly description: string;
  readonly group: Group;
  readonly memberCount: number;
  readonly members: List<User>;
  readonly name: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly teamId: string;
}

interface TeamsConnection {
  readonly __typename: string;
  readonly edges: List<TeamsEdge>;
  readonly nodes: List<Team>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface AcknowledgeEventsPayload {
  readonly __typename: string;
  readonly acknowledgedEventIds: List<string>;
}

interface AddGroupMembersPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface AddRosterEntryPayload {
  readonly __typename: string;
  readonly counterpart: Counterpart;
}

interface AnswerTeamRequestPayload {
  readonly __typename: string;
  readonly team: Team;
}

interface CancelEscalationPayload {
  readonly __typename: string;
  readonly escalation: Escalation;
  readonly message: Message;
}

interface ClearMetadataPayload {
  readonly __typename: string;
  readonly metadata: List<MetadataEntry>;
}

interface ClearRoleAwayPayload {
  readonly __typename: string;
  readonly role: Role;
}

interface ConfirmEscalationPayload {
  readonly __typename: string;
  readonly escalation: Escalation;
  readonly message: Message;
}

interface CreateAttachmentTokensPayload {
  readonly __typename: string;
  readonly tokens: List<string>;
}

interface CreateGroupPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface DeleteGroupPayload {
  readonly __typename: string;
  readonly deletedGroupId: string;
}

interface DropEventConnectionsPayload {
  readonly __typename: string;
  readonly count: number;
}

interface EscalateMessagePayload {
  readonly __typename: string;
  readonly escalation: Escalation;
  readonly message: Message;
}

interface FindOrCreateUserPayload {
  readonly __typename: string;
  readonly user: User;
  readonly wasCreated: boolean;
}

interface ForwardMessagePayload {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly message: Message;
  readonly recipientWasCreated: boolean;
  readonly wasAlreadyStored: boolean;
}

interface JoinForumPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface LeaveForumPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface LeaveOrganizationPayload {
  readonly __typename: string;
  readonly leftOrganizationKey: string;
}

interface LeaveTeamPayload {
  readonly __typename: string;
  readonly team: Team;
}

interface MarkConversationPayload {
  readonly __typename: string;
  readonly conversation: Conversation;
}

interface MutePayload {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly mutedUntil: string;
}

interface OptIntoRolePayload {
  readonly __typename: string;
  readonly role: Role;
  readonly user: User;
}

interface OptOutOfRolePayload {
  readonly __typename: string;
  readonly role: Role;
  readonly user: User;
}

interface RecallMessagePayload {
  readonly __typename: string;
  readonly recalledMessageId: string;
}

interface RemoveGroupMembersPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface RemoveRosterEntryPayload {
  readonly __typename: string;
  readonly counterpart: Counterpart;
  readonly removedConversationId: string;
}

interface RequestToJoinTeamPayload {
  readonly __typename: string;
  readonly team: Team;
}

interface SaveRolePayload {
  readonly __typename: string;
  readonly role: Role;
}

interface SendMessagePayload {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly message: Message;
  readonly recipientWasCreated: boolean;
  readonly wasAlreadyStored: boolean;
}

interface SetMetadataPayload {
  readonly __typename: string;
  readonly metadata: List<MetadataEntry>;
}

interface SetPresencePayload {
  readonly __typename: string;
  readonly status: string;
}

interface SetQuickRepliesPayload {
  readonly __typename: string;
  readonly organization: Organization;
  readonly quickReplies: List<string>;
}

interface SetRoleAwayPayload {
  readonly __typename: string;
  readonly role: Role;
  readonly text: string;
}

interface SignInPayload {
  readonly __typename: string;
  readonly key: string;
  readonly secret: string;
  readonly session: Session;
  readonly user: User;
}

interface SignOutPayload {
  readonly __typename: string;
  readonly externalLogoutUrl: string;
}

interface SkipEscalationPayload {
  readonly __typename: string;
  readonly escalation: Escalation;
  readonly message: Message;
}

interface StartTypingPayload {
  readonly __typename: string;
  readonly isTyping: boolean;
}

interface StopTypingPayload {
  readonly __typename: string;
  readonly isTyping: boolean;
}

interface UnmutePayload {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly wasMuted: boolean;
}

interface UnmuteAllPayload {
  readonly __typename: string;
  readonly count: number;
}

interface UnsaveRolePayload {
  readonly __typename: string;
  readonly role: Role;
}

interface UpdateGroupPayload {
  readonly __typename: string;
  readonly group: Group;
}

interface UpdateMePayload {
  readonly __typename: string;
  readonly me: User;
}

interface UpdateMessageStatusPayload {
  readonly __typename: string;
  readonly delivered: List<Message>;
  readonly read: List<Message>;
}

interface UpdateMyOrganizationPayload {
  readonly __typename: string;
  readonly me: User;
  readonly membership: Membership;
  readonly organization: Organization;
}

interface WipeUserPayload {
  readonly __typename: string;
  readonly wipedUserId: string;
}

interface ConnectionStatus {
  readonly __typename: string;
  readonly attempt: number;
  readonly replayCount: number;
  readonly since: string;
  readonly state: string;
}

interface ConversationChanged {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly event: Event;
  readonly id: string;
  readonly receivedAt: string;
}

interface EscalationChanged {
  readonly __typename: string;
  readonly changedEscalation: Escalation;
  readonly escalation: JsonData;
  readonly extra: JsonData;
  readonly id: string;
  readonly receivedAt: string;
  readonly type: string;
}

interface Event {
  readonly __typename: string;
  readonly actedAt: string;
  readonly actedBy: NoticeParty;
  readonly action: string;
  readonly actor: NoticeParty;
  readonly alert: string;
  readonly at: string;
  readonly badge: number;
  readonly call: JsonData;
  readonly callId: string;
  readonly callType: string;
  readonly caller: User;
  readonly change: string;
  readonly changedEscalation: Escalation;
  readonly colorId: string;
  readonly colorValue: string;
  readonly conversation: Conversation;
  readonly conversationId: string;
  readonly counterpart: Counterpart;
  readonly credentials: JsonData;
  readonly data: List<MessageDatum>;
  readonly disabledParticipants: List<User>;
  readonly entities: List<Counterpart>;
  readonly entity: JsonData;
  readonly escalation: JsonData;
  readonly extra: JsonData;
  readonly gapReason: string;
  readonly group: Group;
  readonly id: string;
  readonly isHistory: boolean;
  readonly isRunning: boolean;
  readonly isTyping: boolean;
  readonly isVideo: boolean;
  readonly kind: string;
  readonly member: NoticeParty;
  readonly message: Message;
  readonly muteChange: string;
  readonly mutedAt: string;
  readonly mutedBy: User;
  readonly mutedUntil: string;
  readonly name: string;
  readonly network: string;
  readonly notice: string;
  readonly noticeId: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly participants: List<User>;
  readonly payload: JsonData;
  readonly phoneNumber: string;
  readonly preferences: JsonData;
  readonly presence: string;
  readonly quickReplies: List<string>;
  readonly reason: string;
  readonly reasonSubjectToken: string;
  readonly recalledBy: User;
  readonly recalledMessageId: string;
  readonly receivedAt: string;
  readonly recipientStatuses: List<RecipientStatus>;
  readonly request: TeamRequest;
  readonly roles: List<Role>;
  readonly roomName: string;
  readonly services: List<string>;
  readonly settings: JsonData;
  readonly sortNumber: number;
  readonly sound: string;
  readonly speaksAs: User;
  readonly stage: string;
  readonly state: string;
  readonly status: string;
  readonly subject: NoticeParty;
  readonly target: NoticeParty;
  readonly teamRequest: JsonData;
  readonly token: string;
  readonly type: string;
  readonly upstreamType: string;
  readonly user: User;
  readonly waitingRoom: JsonData;
  readonly word: string;
}

interface GroupChanged {
  readonly __typename: string;
  readonly change: string;
  readonly group: Group;
  readonly id: string;
  readonly receivedAt: string;
}

interface MessageRecalled {
  readonly __typename: string;
  readonly at: string;
  readonly conversation: Conversation;
  readonly extra: JsonData;
  readonly group: Group;
  readonly id: string;
  readonly recalledBy: User;
  readonly recalledMessageId: string;
  readonly receivedAt: string;
  readonly type: string;
}

interface MessageReceived {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly extra: JsonData;
  readonly id: string;
  readonly isHistory: boolean;
  readonly message: Message;
  readonly receivedAt: string;
  readonly recipientStatuses: List<RecipientStatus>;
  readonly type: string;
}

interface MessageStatusChanged {
  readonly __typename: string;
  readonly at: string;
  readonly conversation: Conversation;
  readonly extra: JsonData;
  readonly group: Group;
  readonly id: string;
  readonly message: Message;
  readonly receivedAt: string;
  readonly status: string;
  readonly type: string;
  readonly user: User;
}

interface PresenceChanged {
  readonly __typename: string;
  readonly extra: JsonData;
  readonly id: string;
  readonly presence: string;
  readonly receivedAt: string;
  readonly type: string;
  readonly user: User;
}

interface RosterChanged {
  readonly __typename: string;
  readonly change: string;
  readonly conversation: Conversation;
  readonly counterpart: Counterpart;
  readonly extra: JsonData;
  readonly id: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly receivedAt: string;
  readonly type: string;
}

interface TypingChanged {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly extra: JsonData;
  readonly group: Group;
  readonly id: string;
  readonly isTyping: boolean;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly receivedAt: string;
  readonly speaksAs: User;
  readonly type: string;
  readonly user: User;
}

interface UserChanged {
  readonly __typename: string;
  readonly id: string;
  readonly receivedAt: string;
  readonly user: User;
}

interface CallLogEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: CallLogEntry;
}

interface CallLogEntry {
  readonly __typename: string;
  readonly at: string;
  readonly caller: User;
  readonly durationSeconds: number;
  readonly entryId: string;
  readonly isVideo: boolean;
  readonly kind: string;
  readonly kindName: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly target: Counterpart;
}

interface PageInfo {
  readonly __typename: string;
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string;
}

interface Counterpart {
  readonly __typename: string;
  readonly autoForwardTo: User;
  readonly avatarPath: string;
  readonly avatarUrl: string;
  readonly conversation: Conversation;
  readonly createdAt: string;
  readonly createdBy: User;
  readonly department: string;
  readonly description: string;
  readonly displayName: string;
  readonly doNotDisturbText: string;
  readonly emails: List<Email>;
  readonly escalation: Escalation;
  readonly firstName: string;
  readonly id: string;
  readonly isDoNotDisturb: boolean;
  readonly isPublic: boolean;
  readonly kind: string;
  readonly kindName: string;
  readonly lastName: string;
  readonly memberCount: number;
  readonly members: DistributionListMembersConnection | GroupMembersConnection;
  readonly membership: Membership;
  readonly metadata: List<MetadataEntry>;
  readonly name: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly organizations: List<Organization>;
  readonly phones: List<Phone>;
  readonly replayHistory: boolean;
  readonly role: Role;
  readonly roles: List<Role>;
  readonly savedRoles: List<Role>;
  readonly statusText: string;
  readonly title: string;
  readonly token: string;
  readonly username: string;
}

interface FirstExpiringUnread {
  readonly __typename: string;
  readonly expiresAt: string;
  readonly message: Message;
  readonly sender: User;
}

interface Membership {
  readonly __typename: string;
  readonly autoForwardTo: User;
  readonly department: string;
  readonly doNotDisturbText: string;
  readonly id: string;
  readonly isDoNotDisturb: boolean;
  readonly metadata: List<MetadataEntry>;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly statusText: string;
  readonly title: string;
  readonly user: User;
}

interface ConversationMessagesConnection {
  readonly __typename: string;
  readonly edges: List<ConversationMessagesEdge>;
  readonly nodes: List<Message>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface Organization {
  readonly __typename: string;
  readonly arePublicGroupsAllowed: boolean;
  readonly hasRoles: boolean;
  readonly isDeleteOnReadDefault: boolean;
  readonly isForwardAllowed: boolean;
  readonly isLicenceAccepted: boolean;
  readonly isPaid: boolean;
  readonly isPending: boolean;
  readonly isPriorityAllowed: boolean;
  readonly key: string;
  readonly memberCount: number;
  readonly messageLifetimeMinutes: number;
  readonly name: string;
  readonly quickReplies: List<string>;
  readonly roles: List<string>;
  readonly settings: List<OrganizationSetting>;
  readonly signOutAfterMinutes: number;
}

interface ConversationTimelineConnection {
  readonly __typename: string;
  readonly edges: List<ConversationTimelineEdge>;
  readonly nodes: List<TimelineItem>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface ConversationsEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: Conversation;
}

interface Escalation {
  readonly __typename: string;
  readonly changedAt: string;
  readonly conversationId: string;
  readonly copy: Message;
  readonly escalationId: string;
  readonly group: Group;
  readonly keptMinutes: number;
  readonly keptUntil: string;
  readonly level: number;
  readonly message: Message;
  readonly name: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly status: string;
  readonly statusName: string;
  readonly steps: List<EscalationStep>;
  readonly target: EscalationTarget;
  readonly targetMinutes: number;
}

interface GroupMembersConnection {
  readonly __typename: string;
  readonly edges: List<GroupMembersEdge>;
  readonly nodes: List<User>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface MetadataEntry {
  readonly __typename: string;
  readonly key: string;
  readonly value: string;
}

interface Email {
  readonly __typename: string;
  readonly address: string;
  readonly isVerified: boolean;
}

interface Phone {
  readonly __typename: string;
  readonly isVerified: boolean;
  readonly number: string;
}

interface Attachment {
  readonly __typename: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly size: number;
  readonly url: string;
}

interface MessageDatum {
  readonly __typename: string;
  readonly mimeType: string;
  readonly namespace: string;
  readonly payload: JsonData;
}

interface ForwardedFrom {
  readonly __typename: string;
  readonly createdAt: string;
  readonly message: Message;
  readonly sender: User;
  readonly senderName: string;
}

interface RecipientStatus {
  readonly __typename: string;
  readonly at: string;
  readonly status: string;
  readonly user: User;
}

interface DistributionListMembersConnection {
  readonly __typename: string;
  readonly edges: List<DistributionListMembersEdge>;
  readonly nodes: List<User>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface EscalationPolicy {
  readonly __typename: string;
  readonly isAutomatic: boolean;
  readonly keptMinutes: number;
  readonly steps: List<EscalationStep>;
  readonly targetMinutes: number;
}

interface RolesEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: Role;
}

interface RosterEntriesConnection {
  readonly __typename: string;
  readonly edges: List<RosterEntriesEdge>;
  readonly nodes: List<RosterEntry>;
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

interface SearchEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly membership: Membership;
  readonly node: Counterpart;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly team: Team;
}

interface TeamsEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: Team;
}

interface Session {
  readonly __typename: string;
  readonly expiresAt: string;
}

interface NoticeParty {
  readonly __typename: string;
  readonly counterpart: Counterpart;
  readonly name: string;
  readonly token: string;
}

interface TeamRequest {
  readonly __typename: string;
  readonly createdBy: User;
  readonly reason: string;
  readonly requestId: string;
  readonly status: string;
  readonly statusName: string;
  readonly teamId: string;
}

interface ConversationMessagesEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: Message;
}

interface OrganizationSetting {
  readonly __typename: string;
  readonly isLocked: boolean;
  readonly name: string;
  readonly source: string;
  readonly value: JsonData;
}

interface ConversationTimelineEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: TimelineItem;
}

interface TimelineItem {
  readonly __typename: string;
  readonly actedAt: string;
  readonly actedBy: NoticeParty;
  readonly actor: NoticeParty;
  readonly at: string;
  readonly attachments: List<Attachment>;
  readonly body: string;
  readonly conversation: Conversation;
  readonly createdAt: string;
  readonly data: List<MessageDatum>;
  readonly deleteOnRead: boolean;
  readonly escalation: Escalation;
  readonly expiresAt: string;
  readonly extra: JsonData;
  readonly forwardedFrom: ForwardedFrom;
  readonly group: Group;
  readonly id: string;
  readonly idempotencyKey: string;
  readonly isRecalled: boolean;
  readonly isUnread: boolean;
  readonly kind: string;
  readonly member: NoticeParty;
  readonly notice: string;
  readonly noticeId: string;
  readonly organization: Organization;
  readonly organizationKey: string;
  readonly priority: string;
  readonly reason: string;
  readonly reasonSubjectToken: string;
  readonly receivedAt: string;
  readonly recipient: Counterpart;
  readonly recipientOrganization: Organization;
  readonly recipientOrganizationKey: string;
  readonly recipientStatuses: List<RecipientStatus>;
  readonly sender: User;
  readonly senderName: string;
  readonly senderOrganization: Organization;
  readonly senderOrganizationKey: string;
  readonly sortNumber: number;
  readonly status: string;
  readonly subType: string;
  readonly subject: NoticeParty;
  readonly target: NoticeParty;
  readonly token: string;
  readonly ttl: number;
  readonly type: string;
  readonly writtenAs: Role;
  readonly writtenBy: User;
}

interface EscalationStep {
  readonly __typename: string;
  readonly durationMinutes: number;
  readonly targets: List<EscalationTarget>;
}

interface EscalationTarget {
  readonly __typename: string;
  readonly name: string;
  readonly token: string;
  readonly user: User;
}

interface GroupMembersEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: User;
}

interface DistributionListMembersEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: User;
}

interface RosterEntriesEdge {
  readonly __typename: string;
  readonly cursor: string;
  readonly node: RosterEntry;
}

interface RosterEntry {
  readonly __typename: string;
  readonly conversation: Conversation;
  readonly counterpart: Counterpart;
  readonly membership: Membership;
  readonly mutedUntil: string;
  readonly organization: Organization;
  readonly organizationKey: string;
}

export type SchemaData = Query & Mutation & Subscription;
