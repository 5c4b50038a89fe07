/** The list of conversations: read page by page, changed by events, read again where an event does not say enough. */
import {
  ConversationDocument,
  type ConversationId,
  type ConversationRowFragment,
  ConversationsDocument,
  type ConversationsQueryVariables,
} from '../documents.ts';
import { type Context, forever, readAgainMs, timeOf } from './context.ts';

export type Row = ConversationRowFragment;

/** Reads of single conversations up to this number; the list costs a call for each page. */
const maxSingleReads = 5;
/** An answer is at most this old, and is read again after this time when something has expired in it. */
const onTheWayMs = 4_000;
const expiredAgainMs = 1_500;

export class Rows {
  readonly #context: Context;
  readonly #rows = new Map<string, Row>();
  /** When what a row shows changes by itself, in milliseconds since 1970. */
  readonly #dueAt = new Map<string, number>();
  /** What is to be read again: ids, `''` for all. */
  readonly #stale = new Set<string>();
  /** Changed by events since the read under way began. */
  readonly #touched = new Set<string>();
  #isReading = false;
  #delayMs: number = readAgainMs.first;
  /** Whether all were read once. */
  isComplete = false;

  constructor(context: Context) {
    this.#context = context;
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  all(): Iterable<Row> {
    return this.#rows.values();
  }

  /** A message arrived, or was sent. @param counts Those of the event, of its time. */
  receive(id: ConversationId, message: NonNullable<Row['lastMessage']>, counts?: Partial<Row>): void {
    const row = this.#rows.get(id);
    if (row === undefined) {
      this.readAgain(id);
      return;
    }
    const { lastMessage: last, firstExpiringUnread: first } = row;
    const later = timeOf(message.createdAt) - timeOf(last?.createdAt, 0);
    // A replay, or a reply that overtook events: which counts are newer cannot be known.
    if (later <= 0 && last?.id !== message.id) this.readAgain(id);
    const { expiresAt, sender } = message;
    // Counts change when it expires, and no event says so.
    const isFirst = sender?.id !== this.#context.me && timeOf(expiresAt) < timeOf(first?.expiresAt);
    this.change(id, {
      ...(later >= 0 && last?.id !== message.id ? { ...counts, lastMessage: message } : {}),
      ...(isFirst && expiresAt !== null
        ? { firstExpiringUnread: { __typename: 'FirstExpiringUnread', expiresAt } }
        : {}),
    });
  }

  change(id: string, change: Partial<Row>): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    if (this.#isReading) this.#touched.add(id);
    this.#put({ ...row, ...change, id: row.id, __typename: 'Conversation' });
  }

  /** A message is gone: the list shows another one, which is read. */
  withdraw(message: string): void {
    for (const { id, lastMessage } of this.#rows.values())
      if (lastMessage?.id === message) this.change(id, { lastMessage: null });
  }

  remove(id: string): void {
    if (this.#isReading) this.#touched.add(id);
    this.#rows.delete(id);
    this.#dueAt.delete(id);
    this.#context.changed();
  }

  clear(): void {
    for (const id of this.#rows.keys()) this.remove(id);
  }

  /** Reads it again soon. @param id `''` for all conversations. */
  readAgain(id = ''): void {
    this.#stale.add(id);
    if (this.#isReading) return;
    this.#context.timers.start('rows', this.isComplete ? this.#delayMs : 0, () => void this.#readStale());
  }

  /** When `expire` is to be called next. */
  get dueAt(): number {
    return Math.min(forever, ...this.#dueAt.values());
  }

  /** What a list shows has expired: the counts are others now, and so may be the last message. */
  expire(now: number): void {
    for (const [id, at] of this.#dueAt) {
      if (at > now) continue;
      const row = this.#rows.get(id);
      if (row !== undefined) this.#put(row);
      this.readAgain(id);
    }
  }

  #put(row: Row): void {
    this.#rows.set(row.id, row);
    const now = this.#context.now();
    const dueAt = (expiresAt: number) => {
      if (expiresAt > now) return expiresAt;
      // It expired on the way here. Not what expired before: a clock that is ahead would have it read again and again.
      return expiresAt > now - onTheWayMs ? now + expiredAgainMs : forever;
    };
    const times = [row.lastMessage, row.firstExpiringUnread].map((one) => dueAt(timeOf(one?.expiresAt)));
    this.#dueAt.set(row.id, Math.min(...times));
    this.#context.changed();
  }

  async #readStale(): Promise<void> {
    const ids = [...this.#stale];
    this.#stale.clear();
    this.#touched.clear();
    this.#isReading = true;
    let isRead = true;
    try {
      if (ids.includes('') || ids.length > maxSingleReads) await this.#readAll();
      else await Promise.all(ids.map((id) => this.#readOne(id)));
    } catch {
      for (const id of ids) this.#stale.add(id);
      isRead = false;
    }
    this.#isReading = false;
    this.#delayMs = this.#stale.size === 0 ? readAgainMs.first : Math.min(readAgainMs.most, this.#delayMs * 2);
    this.#context.changed();
    const delayMs = isRead ? this.#delayMs : readAgainMs.most;
    if (this.#stale.size > 0) this.#context.timers.set('rows', delayMs, () => void this.#readStale());
  }

  async #readOne(id: string): Promise<void> {
    const { conversation } = await this.#context.run(ConversationDocument, { id });
    if (conversation !== null) this.#file(conversation);
    // Gone, or begun since: an event that came during the read may be of either time.
    else if (this.#touched.has(id)) this.#stale.add(id);
    else this.remove(id);
  }

  async #readAll(): Promise<void> {
    const found = new Set<string>();
    const { maxConversations } = this.#context.bounds;
    let after: string | null = null;
    do {
      const variables: ConversationsQueryVariables = { after };
      const { conversations } = await this.#context.run(ConversationsDocument, variables);
      for (const node of conversations?.nodes ?? []) {
        if (node === null) continue;
        found.add(node.id);
        this.#file(node);
      }
      // The first page is shown while others are read.
      after = conversations?.pageInfo.hasNextPage === true ? conversations.pageInfo.endCursor : null;
    } while (after !== null && found.size < maxConversations);
    const missing = [...this.#rows.keys()].filter((id) => !found.has(id) && !this.#touched.has(id));
    // The list changes between its pages: a few that are missing may have been passed over.
    const isCertain = after !== null || missing.length > maxSingleReads;
    for (const id of missing) {
      if (isCertain) this.remove(id);
      else this.#stale.add(id);
    }
    this.isComplete = true;
  }

  /** A row that was read. What an event said since then is newer, perhaps: it stays, and the row is read once more. */
  #file(read: Row): void {
    const row = this.#rows.get(read.id);
    if (!this.#touched.has(read.id)) {
      this.#put(read);
      return;
    }
    this.#stale.add(read.id);
    if (row !== undefined) {
      const { unreadCount, unreadPriorityCount, lastMessage } = row;
      this.#put({ ...read, unreadCount, unreadPriorityCount, lastMessage });
    }
  }
}
