/** Timelines of open conversations, and of closed ones that could not be read again. */
import type { ConversationId } from '../documents.ts';
import { type Context, rememberedIds } from './context.ts';
import type { Outbox } from './outbox.ts';
import { Recent } from './recent.ts';
import type { Rows } from './rows.ts';
import { Timeline } from './timeline.ts';

export class Timelines extends Map<ConversationId, Timeline> {
  readonly #context: Context;
  readonly #rows: Rows;
  readonly #outbox: Outbox;
  /** Number of open views by conversation. */
  readonly #open = new Map<ConversationId, number>();
  /** Ids of messages that must not be displayed again. */
  readonly recalled = new Recent(rememberedIds);

  constructor(context: Context, rows: Rows, outbox: Outbox) {
    super();
    this.#context = context;
    this.#rows = rows;
    this.#outbox = outbox;
  }

  /** The items of an open conversation, or of one without history. */
  of(id: ConversationId): Timeline {
    const timeline = this.get(id) ?? new Timeline(this.#context, id, this.recalled);
    this.set(id, timeline);
    return timeline;
  }

  /** Whether arriving items of a conversation are stored. */
  stores(id: ConversationId): boolean {
    const row = this.#rows.get(id);
    return this.#open.has(id) || row === undefined || row.isHistoryAvailable === false;
  }

  get open(): ConversationId[] {
    return [...this.#open.keys()];
  }

  /**
   * Opens or closes one view.
   * @param by 1 or -1.
   * @returns Number of open views.
   */
  show(id: ConversationId, by: 1 | -1): number {
    const times = (this.#open.get(id) ?? 0) + by;
    if (times > 0) this.#open.set(id, times);
    else this.#open.delete(id);
    this.#context.changed();
    return times;
  }

  /** Reads the displayed items again. */
  async read(id: ConversationId): Promise<void> {
    const row = this.#rows.get(id);
    if (!this.#open.has(id) || row?.isHistoryAvailable === false) return;
    const timeline = this.of(id);
    await timeline.readAgain(row?.unreadCount ?? 0);
    // The service has the message, although no reply or event reported it.
    for (const { key } of timeline.view().items) this.#outbox.remove(key);
  }

  /** Drops timelines of closed conversations, unless they have no history and could not be read again. */
  dropUnused(): void {
    for (const id of this.keys()) if (!this.stores(id)) this.delete(id);
  }
}
