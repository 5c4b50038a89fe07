/** The items of one conversation: a window of its history with a bound, and what has come since it was read. */
import {
  type ConversationId,
  type DeliveryStatus,
  type EscalationCardFragment,
  type HistoryNoticeFragment,
  TimelineDocument,
  type TimelineQueryVariables,
} from '../documents.ts';
import { type StoreError, storeError } from './client.ts';
import { type Context, rankOf, readAgainMs, statusOf } from './context.ts';
import { idOf, messageItem, noticeItem, type Statuses } from './items.ts';
import type { Recent } from './recent.ts';
import type { Item, MessageItem, StoreMessage, TimelineView } from './types.ts';

/** A page of the history that is in the window. */
interface Page {
  readonly start: string | null;
  readonly end: string | null;
  readonly from: number;
  readonly to: number;
}

export class Timeline {
  readonly #context: Context;
  readonly #id: ConversationId;
  readonly #recalled: Recent;
  readonly #items = new Map<string, Item>();
  /** From the oldest to the newest. */
  #pages: Page[] = [];
  /** Keys of the items that came while a read is under way. */
  readonly #arrived = new Set<string>();
  /** What came while a read is under way, which may be older: done again after it. */
  #late: (() => void)[] = [];
  #isReading = false;
  /** What is here went out of date while a read of any page was under way. */
  #isReadAgain = false;
  #view: TimelineView | undefined;
  #hasOlder = false;
  #hasNewer = false;
  #isComplete = false;
  #firstUnread: string | undefined;
  #error: StoreError | undefined;

  constructor(context: Context, id: ConversationId, recalled: Recent) {
    this.#context = context;
    this.#id = id;
    this.#recalled = recalled;
  }

  /** What is shown, without what is not sent yet. */
  view(): TimelineView {
    this.#view ??= {
      items: [...this.#items.values()].sort((one, other) => one.order - other.order),
      hasOlder: this.#hasOlder,
      hasNewer: this.#hasNewer,
      isLoading: this.#isReading,
      isComplete: this.#isComplete,
      firstUnread: this.#firstUnread,
      error: this.#error,
    };
    return this.#view;
  }

  get hasNewer(): boolean {
    return this.#hasNewer;
  }

  /** The newest items in place of all that is here, as many as are here, and all unread ones. */
  async readNewest(unread: number): Promise<void> {
    if (this.#isReading) {
      this.#isReadAgain = true;
      return;
    }
    const here = [...this.#items.keys()];
    const { maxItems, pageSize } = this.#context.bounds;
    const wanted = Math.min(maxItems, Math.max(pageSize, unread + 10, this.#hasNewer ? 0 : here.length));
    await this.#read(async () => {
      const pages: Page[] = [];
      const found = new Map<string, Item>();
      let before: string | null = null;
      do {
        const last = Math.min(4 * pageSize, wanted - found.size);
        const page = await this.#page({ last, before });
        // Neither a history, nor what was here is out of date.
        if (page.isAbsent) return;
        for (const item of page.items) found.set(idOf(item), item);
        if (page.place !== undefined) pages.unshift(page.place);
        before = page.hasOlder ? page.start : null;
      } while (before !== null && found.size < wanted);
      this.#pages = pages;
      this.#hasOlder = before !== null;
      this.#hasNewer = false;
      this.#take(found);
      for (const id of here) if (!this.#arrived.has(id) && !found.has(id)) this.#items.delete(id);
      this.#isComplete = true;
      this.#firstUnread ??= this.view().items.find((item) => item.kind === 'MESSAGE' && item.isUnread)?.key;
    });
    if (this.#error?.retryable === true)
      this.#context.timers.set(`read ${this.#id}`, readAgainMs.most, () => void this.readNewest(unread));
  }

  async readOlder(): Promise<void> {
    const before = this.#pages[0]?.start;
    if (this.#isReading || !this.#hasOlder || before == null) return;
    await this.#read(async () => {
      const page = await this.#page({ last: this.#context.bounds.pageSize, before });
      if (page.place !== undefined) this.#pages.unshift(page.place);
      this.#hasOlder = page.hasOlder;
      this.#take(new Map(page.items.map((item) => [idOf(item), item])));
      while (this.#items.size > this.#context.bounds.maxItems && this.#pages.length > 1) this.#dropNewest();
    });
  }

  async readNewer(): Promise<void> {
    const after = this.#pages.at(-1)?.end;
    if (this.#isReading || !this.#hasNewer || after == null) return;
    await this.#read(async () => {
      const page = await this.#page({ first: this.#context.bounds.pageSize, after });
      if (page.place !== undefined) this.#pages.push(page.place);
      // What came in between is beyond this page, perhaps.
      this.#hasNewer = page.hasNewer || this.#arrived.size > 0;
      this.#take(new Map(page.items.map((item) => [idOf(item), item])));
      this.#trim();
    });
  }

  /** A message arrived, was sent, or was read again. */
  receive(message: StoreMessage, statuses: Statuses = []): void {
    this.#arrive(message.id, this.#itemOf(message, statuses));
  }

  notice(notice: HistoryNoticeFragment): void {
    const item = noticeItem(notice);
    this.#arrive(item.key, item);
  }

  /** A status never moves backwards. */
  progress(id: string, user: string, status: DeliveryStatus): void {
    if (this.#isReading) this.#late.push(() => this.progress(id, user, status));
    const item = this.#items.get(id);
    if (item?.kind !== 'MESSAGE') return;
    if (user !== this.#context.me) this.#put(id, this.#itemOf(item.message, [{ status, user: { id: user } }]));
    else if (rankOf(status) >= rankOf('READ')) this.markRead(item.order, item.order);
  }

  /** On the message, and on its copy for the back-ups. */
  escalated(escalation: EscalationCardFragment): void {
    if (this.#isReading) this.#late.push(() => this.escalated(escalation));
    for (const [id, item] of this.#items) {
      if (item.kind !== 'MESSAGE') continue;
      const isCopy = item.message.escalation?.escalationId === escalation.escalationId;
      if (isCopy || id === escalation.message?.id) this.#put(id, this.#itemOf({ ...item.message, escalation }));
    }
  }

  /** The caller has read what is here, between these places. */
  markRead(to: number, from = Number.NEGATIVE_INFINITY): void {
    for (const [id, item] of this.#items) {
      if (item.kind !== 'MESSAGE' || !item.isUnread || item.order > to || item.order < from) continue;
      const message = { ...item.message, isUnread: false, status: statusOf(Math.max(2, rankOf(item.message.status))) };
      this.#put(id, this.#itemOf(message));
    }
  }

  remove(id: string): void {
    if (this.#items.delete(id)) this.#changed();
  }

  /** When `expire` is to be called next. */
  get dueAt(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#items.values()].map(({ goneAt }) => goneAt));
  }

  expire(now: number): void {
    for (const [id, { goneAt }] of this.#items) if (goneAt <= now) this.remove(id);
  }

  #changed(): void {
    this.#view = undefined;
    this.#context.changed();
  }

  async #read(work: () => Promise<void>): Promise<void> {
    this.#isReading = true;
    this.#arrived.clear();
    this.#changed();
    try {
      await work();
      this.#error = undefined;
    } catch (error) {
      this.#error = storeError(error);
    }
    this.#isReading = false;
    for (const work of this.#late.splice(0)) work();
    this.#dropOutside();
    this.#changed();
    if (!this.#isReadAgain) return;
    this.#isReadAgain = false;
    await this.readNewest(0);
  }

  async #page(variables: Omit<TimelineQueryVariables, 'id'>) {
    const { conversation } = await this.#context.run(TimelineDocument, { id: this.#id, ...variables });
    const { nodes = [], pageInfo } = conversation?.timeline ?? {};
    const isAbsent = conversation !== null && pageInfo === undefined;
    const items = nodes.flatMap((node) => {
      if (node === null) return [];
      return node.__typename === 'Message' ? this.#itemOf(node) : noticeItem(node);
    });
    const start = pageInfo?.startCursor ?? null;
    const [first, last] = [items[0], items.at(-1)];
    const place: Page | undefined = first &&
      last && { start, end: pageInfo?.endCursor ?? null, from: first.order, to: last.order };
    const { hasPreviousPage: hasOlder = false, hasNextPage: hasNewer = false } = pageInfo ?? {};
    return { isAbsent, items, start, place, hasOlder, hasNewer };
  }

  #take(items: ReadonlyMap<string, Item>): void {
    for (const [id, item] of items) this.#put(id, item.kind === 'MESSAGE' ? this.#itemOf(item.message) : item);
  }

  #arrive(id: string, item: Item): void {
    if (this.#isReading) this.#arrived.add(id);
    // For as long as a read may move the window, it stays.
    else if (this.#isOutside(item) && !this.#items.has(id)) return;
    this.#put(id, item);
    this.#trim();
  }

  #put(id: string, item: Item): void {
    if (this.#recalled.has(id) || item.goneAt <= this.#context.now()) this.#items.delete(id);
    else this.#items.set(id, item);
    this.#changed();
  }

  #itemOf(message: StoreMessage, statuses: Statuses = []): MessageItem {
    const known = this.#items.get(message.id);
    return messageItem(this.#context, this.#id, message, known?.kind === 'MESSAGE' ? known : undefined, statuses);
  }

  /** The window follows its end: the oldest pages are dropped. */
  #trim(): void {
    const { maxItems } = this.#context.bounds;
    if (this.#items.size <= maxItems) return;
    while (this.#items.size > maxItems && this.#pages.length > 1) {
      this.#pages.shift();
      this.#hasOlder = true;
      this.#dropOutside();
    }
    this.#changed();
    if (this.#items.size <= maxItems) return;
    // All came since it was read. With a history, it is read again, and has cursors again.
    if (this.#isComplete && this.#pages.length > 0) {
      this.#context.timers.set(`read ${this.#id}`, 0, () => void this.readNewest(0));
      if (this.#items.size <= 2 * maxItems) return;
    }
    const [oldest] = this.view().items;
    if (oldest !== undefined) this.remove(idOf(oldest));
  }

  #dropNewest(): void {
    this.#pages.pop();
    this.#hasNewer = true;
    this.#dropOutside();
  }

  /** Whether there may be items between this one and the window, that are not here: it is read with them. */
  #isOutside({ order }: Item): boolean {
    const [first, last] = [this.#pages[0], this.#pages.at(-1)];
    if (first === undefined || last === undefined) return false;
    return (this.#hasOlder && order < first.from) || (this.#hasNewer && order > last.to);
  }

  #dropOutside(): void {
    for (const [id, item] of this.#items) if (this.#isOutside(item)) this.#items.delete(id);
  }
}
