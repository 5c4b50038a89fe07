/** The items of one conversation: a bounded window of its history, and the items that arrived since it was read. */
import type { ConversationId } from '../documents.ts';
import { type StoreError, storeError } from './client.ts';
import { type Context, forever, readAgainMs } from './context.ts';
import { cursorBehind, type Page, readPage } from './history.ts';
import { type Change, idOf, isUnread, messageItem, type Statuses } from './items.ts';
import type { Recent } from './recent.ts';
import type { Item, MessageItem, StoreMessage, TimelineView } from './types.ts';

export class Timeline {
  readonly #context: Context;
  readonly #id: ConversationId;
  readonly #recalled: Recent;
  readonly #items = new Map<string, Item>();
  /** From the oldest to the newest. */
  #pages: Page[] = [];
  /** Keys of the items that arrived during the running read. */
  readonly #arrived = new Set<string>();
  /** Changes that arrived during the running read, whose result may be older: applied again after it. */
  #late: (() => void)[] = [];
  #isReading = false;
  /** The items became outdated during a running read of any page. */
  #isReadAgain = false;
  #view: TimelineView | undefined;
  #hasOlder = false;
  #hasNewer = false;
  /** Whether the window follows new items. False after the reader has paged back. */
  #followsEnd = true;
  #isComplete = false;
  #firstUnread: string | undefined;
  #error: StoreError | undefined;

  constructor(context: Context, id: ConversationId, recalled: Recent) {
    this.#context = context;
    this.#id = id;
    this.#recalled = recalled;
  }

  /** The items shown, without unsent messages. */
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

  /**
   * Reads the window again, in its place; at the end with all unread items. Moves to the end first when the window must follow it.
   */
  async readAgain(unread = 0): Promise<void> {
    if (this.#isReading) {
      this.#isReadAgain = true;
      return;
    }
    const { maxItems, pageSize } = this.#context.bounds;
    const here = [...this.#items.keys()];
    const isAtEnd = this.#followsEnd;
    const [first] = isAtEnd && this.#hasNewer ? [] : this.#pages;
    const from = first?.from ?? forever;
    const most = isAtEnd ? maxItems : 2 * maxItems;
    const least = Math.min(most, Math.max(first ? here.length : 0, isAtEnd ? pageSize : 0, isAtEnd ? unread + 10 : 0));
    await this.#read(async () => {
      const newCount = this.#hasNewer ? 0 : this.#arrivedCount() + 1;
      const before = isAtEnd ? null : await cursorBehind(this.#context, this.#id, this.#pages.at(-1), newCount);
      const found = new Map<string, Item>();
      const pages: Page[] = [];
      let start: string | null = before;
      do {
        const missing = least - found.size;
        const last = Math.min(4 * pageSize, most - found.size, missing > 0 ? missing : pageSize);
        const page = await readPage(this.#context, this.#id, { last, before: start });
        // Without a history, the items are never outdated.
        if (page.isAbsent) return;
        for (const item of page.items) found.set(idOf(item), item);
        pages.unshift(...page.pages);
        start = (page.hasPreviousPage && page.startCursor) || null;
      } while (start !== null && found.size < most && (found.size < least || (pages[0]?.from ?? from) > from));
      this.#pages = pages;
      this.#hasOlder = start !== null;
      this.#hasNewer = before !== null;
      this.#take(found.values());
      for (const id of here) if (!this.#arrived.has(id) && !found.has(id)) this.#items.delete(id);
      // No item is left in its place.
      this.#followsEnd ||= pages.length === 0;
      this.#isReadAgain ||= this.#followsEnd && this.#hasNewer;
      this.#isComplete = true;
      this.#firstUnread ??= this.view().items.find(isUnread)?.key;
    });
    if (this.#error?.retryable === true)
      this.#context.timers.set(`read ${this.#id}`, readAgainMs.most, () => void this.readAgain(unread));
  }

  /**
   * Follows the end from now on.
   * @returns Whether a read is needed for that.
   */
  toEnd(): boolean {
    this.#followsEnd = true;
    return this.#hasNewer || this.#isReading;
  }

  /** Reads the page before the oldest item, or after the newest one. */
  async readOn(isOlder: boolean): Promise<void> {
    if (this.#isReading || this.#pages.length === 0) return;
    this.#followsEnd = !isOlder && !this.#hasNewer;
    const cursor = isOlder ? this.#pages[0]?.startCursor : this.#pages.at(-1)?.endCursor;
    if (!(isOlder ? this.#hasOlder : this.#hasNewer) || cursor == null) return;
    const { pageSize: size } = this.#context.bounds;
    const variables = isOlder ? { last: size, before: cursor } : { first: size, after: cursor };
    await this.#read(async () => {
      const page = await readPage(this.#context, this.#id, variables);
      if (isOlder) {
        this.#pages.unshift(...page.pages);
        this.#hasOlder = page.hasPreviousPage === true;
      } else {
        this.#pages.push(...page.pages);
        // Items that arrived in between may be beyond this page.
        this.#hasNewer = page.hasNextPage === true || this.#arrived.size > 0;
      }
      this.#take(page.items);
      this.#drop(isOlder ? 'pop' : 'shift');
    });
  }

  /** A message arrived, or was sent. */
  receive(message: StoreMessage, statuses?: Statuses): void {
    this.arrive(this.#itemOf(message, statuses));
  }

  /** Applied again after a running read, whose result may be older. */
  change(change: Change, statuses?: Statuses): void {
    if (this.#isReading) this.#late.push(() => this.change(change, statuses));
    for (const item of this.#items.values()) {
      const message = item.kind === 'MESSAGE' && change(item);
      if (message) this.#put(this.#itemOf(message, statuses));
    }
  }

  remove(id: string): void {
    if (this.#items.delete(id)) this.#changed();
  }

  /** When `expire` must be called next. */
  get dueAt(): number {
    return Math.min(forever, ...[...this.#items.values()].map(({ goneAt }) => goneAt));
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
    this.#trim();
    if (!this.#isReadAgain) return;
    this.#isReadAgain = false;
    await this.readAgain();
  }

  #take(items: Iterable<Item>): void {
    for (const item of items) this.#put(item.kind === 'MESSAGE' ? this.#itemOf(item.message) : item);
  }

  arrive(item: Item): void {
    const id = idOf(item);
    // While a read may move the window, all items stay, up to a bound.
    const isFull = this.#isReading && this.#items.size >= 2 * this.#context.bounds.maxItems;
    this.#isReadAgain ||= isFull;
    if (this.#isReading) this.#arrived.add(id);
    if (!this.#items.has(id) && (this.#isReading ? isFull : this.#isOutside(item))) return;
    this.#put(item);
    this.#trim();
  }

  #put(item: Item): void {
    const id = idOf(item);
    if (this.#recalled.has(id) || item.goneAt <= this.#context.now()) this.#items.delete(id);
    else this.#items.set(id, item);
    this.#changed();
  }

  #itemOf(message: StoreMessage, statuses: Statuses = []): MessageItem {
    const known = this.#items.get(message.id) as MessageItem | undefined; // by the id of a message
    return messageItem(this.#context, this.#id, message, known, statuses);
  }

  /** Items that arrived since the newest page was read. */
  #arrivedCount(): number {
    return [...this.#items.values()].filter(({ order }) => order > (this.#pages.at(-1)?.to ?? forever)).length;
  }

  /** Enforces the bound after items have arrived. */
  #trim(): void {
    const { maxItems } = this.#context.bounds;
    if (this.#isReading || this.#items.size <= maxItems) return;
    if (!this.#followsEnd) {
      this.#hasNewer ||= this.#arrivedCount() > 0;
      this.#dropOutside();
      return;
    }
    this.#drop('shift', 1);
    if (this.#items.size <= maxItems) return;
    // All items arrived since the last read. With a history, it is read again, which yields cursors.
    if (this.#isComplete && this.#pages.length > 0) {
      this.#context.timers.set(`read ${this.#id}`, 0, () => void this.readAgain());
      if (this.#items.size <= 2 * maxItems) return;
    }
    const [oldest] = this.view().items;
    if (oldest !== undefined) this.remove(idOf(oldest));
  }

  /** Drops the oldest or the newest pages above the bound, but never the last ones. */
  #drop(end: 'shift' | 'pop', last = 2): void {
    while (this.#items.size > this.#context.bounds.maxItems && this.#pages.length > last) {
      this.#pages[end]();
      if (end === 'shift') this.#hasOlder = true;
      else this.#hasNewer = true;
      this.#dropOutside();
    }
  }

  /** Whether unread items may lie between this one and the window: it is read with them. */
  #isOutside({ order }: Item): boolean {
    const [first, last] = [this.#pages[0], this.#pages.at(-1)];
    if (first === undefined || last === undefined) return false;
    return (this.#hasOlder && order < first.from) || (this.#hasNewer && order > last.to);
  }

  #dropOutside(): void {
    for (const [id, item] of this.#items) if (this.#isOutside(item)) this.#items.delete(id);
    this.#changed();
  }
}
