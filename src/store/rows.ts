/** The list of conversations: read page by page, changed by events, and read again when an event lacks values. */
import {
  ConversationDocument,
  type ConversationId,
  type ConversationRowFragment,
  ConversationsDocument,
  type ConversationsQueryVariables,
} from '../documents.ts';
import { type Context, forever, readAgainMs, timeOf } from './context.ts';

export type Row = ConversationRowFragment;

/** Maximum reads of single conversations at a time; beyond it the list is read, which costs a call for each page. */
const maxSingleReads = 5;
/** Maximum age of a response on arrival; when something in it has expired, it is read again after this time. */
const onTheWayMs = 4_000;
const expiredAgainMs = 1_500;

export class Rows {
  readonly #context: Context;
  readonly #rows = new Map<string, Row>();
  /** Time at which the row changes without an event, in milliseconds since 1970. */
  readonly #dueAt = new Map<string, number>();
  /** Ids of conversations to read again; `''` for all. */
  readonly #stale = new Set<string>();
  /** Ids that events have changed since the running read began. */
  readonly #touched = new Set<string>();
  #isReading = false;
  #delayMs: number = readAgainMs.first;
  /** Whether all conversations have been read. */
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

  /**
   * A message arrived, or was sent.
   * @param counts Counts of the event, as of its time.
   */
  receive(id: ConversationId, message: NonNullable<Row['lastMessage']>, counts?: Partial<Row>): void {
    const row = this.#rows.get(id);
    if (row === undefined) {
      this.readAgain(id);
      return;
    }
    const { lastMessage: last, firstExpiringUnread: first } = row;
    const later = timeOf(message.createdAt) - timeOf(last?.createdAt, 0);
    // A replay, or a reply that overtook events: it is unknown which counts are newer.
    if (later <= 0 && last?.id !== message.id) this.readAgain(id);
    const { expiresAt, sender } = message;
    // Counts change when it expires, without an event.
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

  /** A message was removed: the list needs another last message, which is read. */
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

  /** When `expire` must be called next. */
  get dueAt(): number {
    return Math.min(forever, ...this.#dueAt.values());
  }

  /** Something in the list has expired: the counts have changed, and possibly the last message. */
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
      // It expired in transit. Not if it expired before: a clock that is ahead would cause endless reads.
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
    // Removed, or created since: an event during the read may be of either time.
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
    // The list can change between two pages, so a few missing conversations may only have been skipped.
    const isCertain = after !== null || missing.length > maxSingleReads;
    for (const id of missing) {
      if (isCertain) this.remove(id);
      else this.#stale.add(id);
    }
    this.isComplete = true;
  }

  /** A row that was read. Values of events since then may be newer: they stay, and the row is read once more. */
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
