/**
 * Writes of one mutation operation that may have taken effect upstream, and whether a repetition could apply them twice.
 *
 * A write counts from the moment its request starts to be written. From then on only a rejection by the upstream proves that
 * nothing changed. A write that waits for a permit, meets an open circuit breaker or gets no connection does not count.
 */
import type { UpstreamRequest } from '../request.ts';

/**
 * Effect of repeating a write. KEY: none with the same Request-ID (contract, RequestId: only sending and forwarding accept
 * one). SAME: sets the same state again. TWICE: creates a second entity.
 */
export type Repetition = 'KEY' | 'SAME' | 'TWICE';

/** Every operation of the contract that changes something, by operationId. */
export const repetitions: ReadonlyMap<string, Repetition> = new Map(
  Object.entries({
    sendMessage: 'KEY',
    forwardMessage: 'KEY',
    createNewGroup: 'TWICE',
    // Creates an account for a new address. A second call finds that account, but the contract does not guarantee it.
    lookupOrCreateUser: 'TWICE',
    // Each call creates a new key pair and a new session.
    loginV5: 'TWICE',
    loginV2: 'TWICE',
    createAttachmentTokens: 'TWICE',
    ackEvents: 'SAME',
    addGroupMember: 'SAME',
    addMetadata: 'SAME',
    addRosterEntry: 'SAME',
    clearMutes: 'SAME',
    deleteGroup: 'SAME',
    deleteMessage: 'SAME',
    deleteMessageTyping: 'SAME',
    deleteMessageTypingAs: 'SAME',
    deleteMetadata: 'SAME',
    deleteUserOrganizationSetting: 'SAME',
    dropConnect: 'SAME',
    leaveOrganization: 'SAME',
    logout: 'SAME',
    muteGroup: 'SAME',
    muteOrganization: 'SAME',
    muteUser: 'SAME',
    removeMemberFromGroup: 'SAME',
    removeRoster: 'SAME',
    typingMessage: 'SAME',
    typingMessagePost: 'SAME',
    unmuteGroup: 'SAME',
    unmuteOrganization: 'SAME',
    unmuteUser: 'SAME',
    updateGroup: 'SAME',
    updateMessageStatus: 'SAME',
    updateMessageStatusPost: 'SAME',
    updatePresence: 'SAME',
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
]);

export interface Write {
  /** Response name of the mutation field that caused the write. */
  readonly field: string;
  readonly repetition: Repetition;
  /** The Request-ID of the request. */
  readonly idempotencyKey: string | undefined;
}

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

  /** The request starts to be written. @returns The write, as the argument of `refused`; undefined for a read. */
  sent({ operationId, method, idempotencyKey }: Pick<UpstreamRequest, 'operationId' | 'method' | 'idempotencyKey'>) {
    if (method === 'GET' || readsByPost.has(operationId)) return undefined;
    const write: Write = { field: this.#field, repetition: repetitions.get(operationId) ?? 'TWICE', idempotencyKey };
    this.#writes.add(write);
    return write;
  }

  /** The upstream rejected the write: nothing changed. */
  refused(write: Write): void {
    this.#writes.delete(write);
  }

  /** Writes of this mutation field that may have taken effect. */
  of(field: string): Write[] {
    return [...this.#writes].filter((write) => write.field === field);
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
