/**
 * Every limit of the sandbox. Bulk limits are the batch sizes of the official clients (NOTES.md, "True batching"). No
 * server limit is known; a longer list answers 400 here, which exposes a client with a wrong batch size.
 */
export const limits = {
  /** Bytes of one request body. */
  bodyBytes: 32 * 1024 * 1024,
  /** Parts of one multipart body. */
  bodyParts: 64,
  /** Total bytes of attachments and pictures; the oldest are evicted first. */
  storedFileBytes: 256 * 1024 * 1024,
  /** Stored messages; the oldest are evicted first. */
  messages: 20_000,
  accounts: 5_000,
  groups: 5_000,
  groupMembers: 1_000,
  savedRoles: 500,
  /** Requests to join one team that wait for an answer. */
  teamRequests: 100,
  /** Calls in the log; the oldest are evicted first. */
  calls: 1_000,
  /** Entries on a page of the call log; a larger number is lowered. */
  callLogPage: 50,
  /** Notices in one group's conversation; the oldest are evicted first. */
  noticesPerGroup: 1_000,
  /** Remembered ids of conversations, least recently used evicted first; they can be derived again. */
  conversationIds: 20_000,
  /** Unacknowledged events of one session, and of one conversation in it; the oldest are evicted first. */
  queuedEvents: 1_000,
  /** Open streams of one session; one more closes the oldest. */
  streamsPerSession: 128,
  /** Sessions of one account from logins and devices; one more ends the oldest. */
  sessionsPerAccount: 64,
  /** Bytes buffered for an event stream whose client does not read; above it the connection is reset. */
  streamBacklogBytes: 8 * 1024 * 1024,
  /** Remembered Request-IDs, least recently used evicted first. */
  requestIds: 10_000,
  attachmentTokens: 5_000,
  mutesPerAccount: 1_000,
  /** Quick replies of one person or organization; no limit of the service is known. */
  quickReplies: 100,
  metadataKeys: 11,
  /** Entries of the request log that tests read. */
  loggedRequests: 20_000,
  /** Active faults. */
  faults: 100,
  bulkUsers: 20,
  bulkEntitiesWithUsers: 10,
  bulkMetadata: 20,
  bulkStatuses: 20,
  bulkMarks: 500,
  /** Equal to `queuedEvents`: Android and Java acknowledge all ids in one call, JavaScript at most 50. */
  bulkAcknowledgements: 1_000,
  bulkAttachmentTokens: 20,
  /** Members per page; smaller than the largest seeded group, so that clients have to page. */
  memberPage: 25,
  /** Conversations per page of the v5 roster. */
  rosterPage: 50,
  /** Maximum number of items on a page of a timeline; the default is 15. A larger number is lowered (contract, TimelineRequest). */
  timelinePage: 50,
  /** Maximum page size of a search; the default is 25. */
  searchPage: 100,
  /** Older messages replayed to a new member of a group with `replay_history`. */
  replayedHistory: 50,
} as const;
