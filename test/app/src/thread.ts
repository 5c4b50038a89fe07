/** The messages and notices of one conversation: pages of its history, and what has come since. */
import * as documents from 'tigerconnect-graphql-documents';
import type { Client } from 'urql';

export type Status = documents.DeliveryStatus;
/** How far a message got, by recipient. */
type Progress = readonly { readonly status: Status; readonly user: { readonly id: string } | null }[];
export type Message = Omit<documents.HistoryMessageFragment, 'conversation' | 'isUnread'> & {
  readonly isUnread?: boolean | null;
};

type Nodes = NonNullable<NonNullable<documents.TimelineQuery['conversation']>['timeline']>['nodes'];

export interface Entry {
  /** Whole once the service has it; until then its id is a key. The body of a notice is what happened. */
  readonly message: { readonly id: string } & Pick<Message, 'body' | 'createdAt'> & Partial<Omit<Message, 'id'>>;
  readonly kind: 'MINE' | 'THEIRS' | 'NOTICE';
  /** How far one of mine got, by recipient. */
  readonly progress: Readonly<Record<string, Status>>;
  /** On its way, or what sends it again; undefined once the service has it. */
  readonly outgoing?: 'SENDING' | (() => void);
  /** When it was opened here, in milliseconds; what deletes on read goes a minute later. */
  readonly readAt?: number | undefined;
}

export const rankOf = (status: Status | null | undefined) =>
  ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'].indexOf(status ?? 'NEW');
export const isUnread = ({ kind, message }: Entry) =>
  kind === 'THEIRS' && (message.isUnread ?? rankOf(message.status) < rankOf('READ'));
export const orderOf = (message: Pick<Partial<Message>, 'sortNumber' | 'createdAt'>) =>
  message.sortNumber ?? Date.parse(message.createdAt ?? '');

export function noticeEntry(notice: documents.HistoryNoticeFragment): Entry {
  const words = [notice.actor?.name, notice.notice.replaceAll('_', ' '), notice.subject?.name];
  const { sortNumber, at: createdAt, noticeId } = notice;
  const [id, body] = [noticeId ?? `notice ${sortNumber}`, words.filter(Boolean).join(' ')];
  return { message: { id, body, createdAt, sortNumber }, kind: 'NOTICE', progress: {} };
}

export class Thread {
  /** Whether the history, as far as it was read, has to be read again. */
  isStale = true;
  /** Whether the newest page is here. */
  isRead = false;
  hasOlder = false;
  /** Id of the first message that was unread when the conversation was opened. */
  firstUnread: string | undefined;
  readonly entries = new Map<string, Entry>();
  #sorted: readonly Entry[] | undefined;
  #start: string | null = null;
  #isReading = false;

  constructor(
    private readonly id: string,
    private readonly me: string,
  ) {}

  sorted(): readonly Entry[] {
    this.#sorted ??= [...this.entries.values()].sort((one, other) => orderOf(one.message) - orderOf(other.message));
    return this.#sorted;
  }

  /** The newest items in place of all that is here, as many and all unread ones; or the page before them. */
  async read(client: Client, unread: number, isOlder = false): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    this.isStale = false;
    const wanted = isOlder ? 50 : Math.min(1_000, Math.max(50, unread + 10, this.entries.size));
    const here = new Set(this.entries.keys());
    const nodes: Nodes[number][] = [];
    let at = { startCursor: isOlder ? this.#start : null, hasPreviousPage: true };
    while (at.hasPreviousPage && nodes.length < wanted) {
      const variables = { id: this.id, last: Math.min(200, wanted - nodes.length), before: at.startCursor };
      const { data } = await client.query(documents.TimelineDocument, variables);
      const page = data?.conversation?.timeline;
      if (page == null) break;
      nodes.unshift(...page.nodes);
      at = page.pageInfo;
      if (page.nodes.length === 0) break;
    }
    this.#isReading = false;
    if (nodes.length === 0 && at.hasPreviousPage) {
      if (!isOlder) setTimeout(() => Object.assign(this, { isStale: true }), 3_000);
      return;
    }
    // What came in between stays, and what is not sent yet.
    for (const id of isOlder ? [] : here) if (this.entries.get(id)?.outgoing === undefined) this.#remove(id);
    for (const node of nodes) {
      if (node?.__typename === 'Message') this.receive(node);
      else if (node != null) this.put(noticeEntry(node));
    }
    this.isRead = true;
    this.#start = at.startCursor;
    this.hasOlder = at.hasPreviousPage;
    if (!isOlder) this.firstUnread ??= this.sorted().find(isUnread)?.message.id;
  }

  put(entry: Entry): void {
    this.entries.set(entry.message.id, entry);
    this.#sorted = undefined;
  }

  #remove(id: string): void {
    this.entries.delete(id);
    this.#sorted = undefined;
  }

  receive(message: Message, statuses: Progress = []): Entry {
    const known = this.entries.get(message.id);
    const kind = message.sender?.id === this.me ? 'MINE' : 'THEIRS';
    // One of mine may come back by itself before the answer to its sending, or without one.
    if (kind === 'MINE') this.#remove(message.idempotencyKey ?? '');
    const readAt = known?.readAt ?? (message.status === 'READ' ? Date.now() : undefined);
    const progress = Object.fromEntries(statuses.map(({ user, status }) => [user?.id ?? '', status]));
    const entry: Entry = { message, kind, progress: { ...progress, ...known?.progress }, readAt };
    this.put(entry);
    return entry;
  }

  /** Whether there is such a message. */
  progress(id: string, user: string, status: Status): boolean {
    const entry = this.entries.get(id);
    if (entry !== undefined && rankOf(status) > rankOf(entry.progress[user]))
      this.put({ ...entry, progress: { ...entry.progress, [user]: status } });
    return entry !== undefined;
  }

  /** Messages leave: recalled, expired, or read a minute ago and meant for one reading. */
  letGo(recalled?: string): void {
    const now = Date.now();
    for (const [id, { message, kind, readAt = now }] of this.entries) {
      const isExpired = message.expiresAt != null && Date.parse(message.expiresAt) <= now;
      const isSpent = message.deleteOnRead === true && kind !== 'MINE' && readAt + 60_000 <= now;
      if (id === recalled || isExpired || isSpent) this.#remove(id);
    }
  }
}
