/**
 * Writes of one mutation operation that may have taken effect upstream, and whether a repetition could apply them twice.
 *
 * A write counts from the moment its request starts to be written. From then on only a rejection by the upstream, or a file that
 * ends the request before it is complete, proves that nothing changed. A write that waits for a permit, meets an open circuit breaker
 * or gets no connection does not count.
 */
import type { UpstreamRequest } from '../request.ts';

type WriteRequest = Pick<UpstreamRequest, 'operationId' | 'method' | 'idempotencyKey'>;

/**
 * Effect of repeating a write. KEY: none with the same Request-ID (contract, RequestId: only sending and forwarding accept
 * one). SAME: sets the same state again. TWICE: creates a second entity.
 */
export type Repetition = 'KEY' | 'SAME' | 'TWICE';

/** Every operation of the contract that changes something, by operationId. */
export const repetitions: ReadonlyMap<string, Repetition> = new Map(
  Object.entries({
    sendMessage: 'KEY',
    sendMessageV5: 'KEY',
    forwardMessage: 'KEY',
    forwardMessageV5: 'KEY',
    createNewGroup: 'TWICE',
    createGroupV5: 'TWICE',
    // That a second call gives the same group is assumed (contract).
    createRoleGroup: 'TWICE',
    createRoleGroupV5: 'TWICE',
    // Creates an account for a new address. A second call finds that account, but the contract does not guarantee it.
    lookupOrCreateUser: 'TWICE',
    // Each call creates a new key pair and a new session.
    loginV5: 'TWICE',
    loginV2: 'TWICE',
    createAttachmentTokens: 'TWICE',
    // Whether a second start answers the first escalation is unknown.
    escalateMessage: 'TWICE',
    escalateMessageV5: 'TWICE',
    // A second skip skips the next step too.
    skipEscalation: 'TWICE',
    skipEscalationV5: 'TWICE',
    // Whether a second request is one more is unknown.
    requestToJoinTeam: 'TWICE',
    answerTeamRequest: 'SAME',
    ackEvents: 'SAME',
    ackEventsV5: 'SAME',
    addGroupMember: 'SAME',
    addMetadata: 'SAME',
    addRosterEntry: 'SAME',
    cancelEscalation: 'SAME',
    cancelEscalationV5: 'SAME',
    clearMutes: 'SAME',
    clearRoleAway: 'SAME',
    confirmEscalation: 'SAME',
    confirmEscalationV5: 'SAME',
    deleteGroup: 'SAME',
    deleteMessage: 'SAME',
    deleteMessageTyping: 'SAME',
    deleteMessageTypingAs: 'SAME',
    deleteMetadata: 'SAME',
    deleteUserOrganizationSetting: 'SAME',
    dropConnect: 'SAME',
    dropConnectV5: 'SAME',
    leaveOrganization: 'SAME',
    leaveTeam: 'SAME',
    logout: 'SAME',
    markConversation: 'SAME',
    muteGroup: 'SAME',
    muteOrganization: 'SAME',
    muteUser: 'SAME',
    optIntoRole: 'SAME',
    optOutOfRole: 'SAME',
    removeMemberFromGroup: 'SAME',
    removeRoster: 'SAME',
    removeSavedRole: 'SAME',
    saveRole: 'SAME',
    setRoleAway: 'SAME',
    typingMessage: 'SAME',
    typingMessagePost: 'SAME',
    unmuteGroup: 'SAME',
    unmuteOrganization: 'SAME',
    unmuteUser: 'SAME',
    updateGroup: 'SAME',
    updateMessageStatus: 'SAME',
    updateMessageStatusPost: 'SAME',
    updateOrganizationPreferences: 'SAME',
    updatePresence: 'SAME',
    updateUserPreferences: 'SAME',
    updateUserOrganization: 'SAME',
    updateUserSettings: 'SAME',
    wipeUser: 'SAME',
  } as const satisfies Record<string, Repetition>),
);

/** Operations that read although their method is not GET. */
export const readsByPost: ReadonlySet<string> = new Set([
  'search',
  'lookupUsersBulk',
  'getEntitiesBulk',
  'getBulkMessageStatus',
  'readTimeline',
]);

/** One request that changes something. It counts from `sent` on, until the upstream proves that it changed nothing. */
export class Write {
  /** Response name of the mutation field that caused the write. */
  readonly field: string;
  readonly repetition: Repetition;
  /** The Request-ID of the request. */
  readonly idempotencyKey: string | undefined;
  /** Writes that count. */
  readonly #counted: Set<Write>;
  /** The upstream may have processed an earlier attempt. */
  #isUncertain = false;

  constructor(counted: Set<Write>, field: string, { operationId, idempotencyKey }: WriteRequest) {
    this.#counted = counted;
    this.field = field;
    this.repetition = repetitions.get(operationId) ?? 'TWICE';
    this.idempotencyKey = idempotencyKey;
  }

  /** An attempt starts to be written. */
  sent(): void {
    this.#counted.add(this);
  }

  /** @param hasNoEffect The API rejected the attempt or did not get all of it: nothing was changed. */
  attemptFailed(hasNoEffect: boolean): void {
    if (!hasNoEffect) this.#isUncertain = this.#counted.has(this);
    else if (!this.#isUncertain) this.#counted.delete(this);
  }
}

/** The writes of one operation. */
export class WriteLog {
  readonly #writes = new Set<Write>();
  readonly #freshKeys = new Set<string>();
  #field = '';

  /** A mutation field starts. The fields of a mutation run serially (GraphQL §6.2.2). */
  enter(field: string): void {
    this.#field = field;
  }

  /** Registers a generated Request-ID: a repetition of the operation would get a different one. */
  addFreshKey(key: string): void {
    this.#freshKeys.add(key);
  }

  /** The write of one request, which counts from its `sent` on; undefined for a read. */
  track(request: WriteRequest): Write | undefined {
    if (request.method === 'GET' || readsByPost.has(request.operationId)) return undefined;
    return new Write(this.#writes, this.#field, request);
  }

  /** Writes that may have taken effect. @param field Of this mutation field only; undefined: of all. */
  of(field: string | undefined): Write[] {
    return [...this.#writes].filter((write) => field === undefined || write.field === field);
  }

  /** The operation can be repeated unchanged without applying a write twice. */
  get isSafeToRepeat(): boolean {
    for (const { repetition, idempotencyKey } of this.#writes) {
      if (repetition === 'TWICE') return false;
      if (repetition === 'KEY' && (idempotencyKey === undefined || this.#freshKeys.has(idempotencyKey))) return false;
    }
    return true;
  }
}
