/**
 * Every bound of the sandbox. Bulk sizes are those the official clients keep to (NOTES.md, "True batching"): no server
 * limit is known, so a longer list answers 400 here, which shows a client that slices wrongly at once.
 */
export const limits = {
  /** Bytes of one request body. */
  bodyBytes: 32 * 1024 * 1024,
  /** Parts of one multipart body. */
  bodyParts: 64,
  /** Bytes of all attachments and pictures together; the oldest go first. */
  storedFileBytes: 256 * 1024 * 1024,
  /** Messages kept; the oldest are forgotten first. */
  messages: 20_000,
  accounts: 5_000,
  groups: 5_000,
  groupMembers: 1_000,
  /** Never acknowledged events kept for one session; the oldest are forgotten first. */
  queuedEvents: 1_000,
  /** Open streams of one session; one more closes the oldest. */
  streamsPerSession: 128,
  /** Sessions of one account from logins and devices; one more ends the oldest. */
  sessionsPerAccount: 64,
  /** Bytes waiting in the socket of a stream whose client does not read; then it is cut. */
  streamBacklogBytes: 8 * 1024 * 1024,
  /** Request-IDs remembered per process. */
  requestIds: 10_000,
  attachmentTokens: 5_000,
  mutesPerAccount: 1_000,
  metadataKeys: 11,
  /** Requests kept in the log that tests read. */
  loggedRequests: 20_000,
  /** Orders that stand at once on the control port. */
  faults: 100,
  bulkUsers: 20,
  bulkEntitiesWithUsers: 10,
  bulkMetadata: 20,
  bulkStatuses: 20,
  bulkMarks: 500,
  /** All that a queue can hold: Android and Java name whatever they have in one call, JavaScript at most 50. */
  bulkAcknowledgements: 1_000,
  bulkAttachmentTokens: 20,
  /** Members on one page; below the largest seeded group, so that paging shows. */
  memberPage: 25,
  /** Most hits on one page of a search; the default is 25. */
  searchPage: 100,
  /** Older messages sent to a new member of a group with history. */
  replayedHistory: 50,
} as const;
