/**
 * What one mutation operation may have changed upstream, and whether repeating it could change that twice.
 *
 * A write counts from the moment its request begins to leave: from then on only an answer that refuses it says that nothing
 * was changed. A write that waits for a place, meets an open circuit breaker or finds no connection does not count.
 */
import type { UpstreamRequest } from '../request.ts';

/**
 * What a repetition of a write does. KEY: nothing, under the same Request-ID (contract, RequestId: only sending and forwarding
 * take one). SAME: it sets the same state again. TWICE: it makes a second one.
 */
export type Repetition = 'KEY' | 'SAME' | 'TWICE';

/** Every operation of the contract that changes something, by operationId. */
export const repetitions: ReadonlyMap<string, Repetition> = new Map(
  Object.entries({
    sendMessage: 'KEY',
    forwardMessage: 'KEY',
    createNewGroup: 'TWICE',
    // Makes an account for an address that is new; the address finds it afterwards, but the contract does not promise that.
    lookupOrCreateUser: 'TWICE',
    // Each makes a key pair and a session of its own.
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
  /** Response name of the mutation field that makes it. */
  readonly field: string;
  readonly repetition: Repetition;
  /** The Request-ID it went under. */
  readonly idempotencyKey: string | undefined;
}

export class WriteLog {
  readonly #writes = new Set<Write>();
  readonly #freshKeys = new Set<string>();
  #field = '';

  /** A mutation field begins: the fields of a mutation run one after the other (GraphQL §6.2.2). */
  enter(field: string): void {
    this.#field = field;
  }

  /** A key that the client did not bring: the same operation sent again would get another one. */
  addFreshKey(key: string): void {
    this.#freshKeys.add(key);
  }

  /** The request begins to leave. @returns What `refused` takes; undefined for a read. */
  sent({ operationId, method, idempotencyKey }: Pick<UpstreamRequest, 'operationId' | 'method' | 'idempotencyKey'>) {
    if (method === 'GET' || readsByPost.has(operationId)) return undefined;
    const write: Write = { field: this.#field, repetition: repetitions.get(operationId) ?? 'TWICE', idempotencyKey };
    this.#writes.add(write);
    return write;
  }

  /** The upstream answered that it changed nothing. */
  refused(write: Write): void {
    this.#writes.delete(write);
  }

  /** What this field may have changed. */
  of(field: string): Write[] {
    return [...this.#writes].filter((write) => write.field === field);
  }

  /** The operation can be sent again as it is without changing anything twice. */
  get isSafeToRepeat(): boolean {
    for (const { repetition, idempotencyKey } of this.#writes) {
      if (repetition === 'TWICE') return false;
      if (repetition === 'KEY' && (idempotencyKey === undefined || this.#freshKeys.has(idempotencyKey))) return false;
    }
    return true;
  }
}
