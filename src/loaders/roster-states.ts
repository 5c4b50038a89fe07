/**
 * States of the conversations of roster entries, from the pages of the upstream's roster alone: no entry costs a call of its own.
 */
import type { ConversationState } from '../domain/conversation.ts';
import type { ConversationKey, Page } from '../domain/domain.ts';
import { GatewayError } from '../errors.ts';
import { conversationText } from './conversation-memory.ts';

/** Maximum pages read of the whole roster: 1,000 conversations at the usual 50 a page. */
export const maxRosterPages = 20;
/** Calls for the states of all entries: the pages, and the first one again. */
export const maxRosterStateCalls = maxRosterPages + 1;

/** A row that breaks the contract yields its error. */
export type ConversationPage = Page<ConversationState | GatewayError>;

export interface RosterPages {
  /** One page; undefined without v5. */
  readonly page: (continuation: string | undefined) => Promise<ConversationPage | undefined>;
  /** The first page as it is now. */
  readonly newest: () => Promise<ConversationPage | undefined>;
  /** Conversations on the pages so far, by `conversationText`. */
  readonly seen: ReadonlyMap<string, ConversationState>;
}

/** States of conversations from the pages of one operation. */
export class RosterStates {
  readonly #pages: RosterPages;
  #newest: Promise<ConversationPage | undefined> | undefined;

  constructor(pages: RosterPages) {
    this.#pages = pages;
  }

  /**
   * Undefined without v5, and for a conversation on none of the pages: it has no messages.
   * @throws GatewayError `OPERATION_TOO_COMPLEX` for one that the first pages lack when there are more; the error of a row that
   *   breaks the contract, which may be the one.
   */
  async state(key: ConversationKey): Promise<ConversationState | undefined> {
    const { page: read, newest, seen } = this.#pages;
    const name = conversationText(key);
    let continuation: string | undefined;
    let broken: GatewayError | undefined;
    for (let pages = 0; pages < maxRosterPages && !seen.has(name); pages++) {
      const page = await read(continuation);
      if (page === undefined) return undefined;
      broken ??= page.items.find((item) => item instanceof GatewayError);
      continuation = page.continuation;
      if (continuation === undefined) break;
    }
    if (seen.has(name)) return seen.get(name);
    if (continuation !== undefined) throw tooMany();
    // A conversation that moved to the front while the pages were read is on none of them.
    this.#newest ??= newest();
    await this.#newest;
    const state = seen.get(name);
    if (state === undefined && broken !== undefined) throw broken;
    return state;
  }

  clear(): void {
    this.#newest = undefined;
  }
}

function tooMany(): GatewayError {
  return new GatewayError('OPERATION_TOO_COMPLEX', {
    message: `The conversation is not on the first ${maxRosterPages} pages of the upstream: read its state with conversation(id:).`,
  });
}
