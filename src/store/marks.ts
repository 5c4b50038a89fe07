/** Marks messages as delivered and read for the caller. */
import {
  type ConversationId,
  MarkConversationDocument,
  type MessageId,
  UpdateMessageStatusDocument,
} from '../documents.ts';
import type { Context } from './context.ts';
import { readBy } from './items.ts';
import type { Rows } from './rows.ts';
import type { Timeline } from './timeline.ts';
import type { MessageItem } from './types.ts';

/** Messages that arrive in quick succession are marked with one call, up to its limit. */
const deliveredAfterMs = 200;
const maxDelivered = 200;

export class Marks {
  readonly #context: Context;
  readonly #rows: Rows;
  #arrived: MessageId[] = [];
  /** Conversations that are being marked. */
  readonly #marking = new Set<string>();

  constructor(context: Context, rows: Rows) {
    this.#context = context;
    this.#rows = rows;
  }

  delivered(message: MessageId): void {
    this.#arrived.push(message);
    if (this.#arrived.length >= maxDelivered) this.#markDelivered();
    else this.#context.timers.start('delivered', deliveredAfterMs, () => this.#markDelivered());
  }

  /** Up to the newest item of its timeline. @throws StoreError */
  async read(conversation: ConversationId, timeline: Timeline): Promise<void> {
    const row = this.#rows.get(conversation);
    const items = timeline.view().items.filter((item): item is MessageItem => item.kind === 'MESSAGE');
    const unread = items.filter(({ isUnread }) => isUnread);
    const newest = items.at(-1);
    const isUnread = unread.length > 0 || (row?.unreadCount ?? 0) > 0;
    if (row === undefined || newest === undefined || !isUnread || this.#marking.has(conversation)) return;
    this.#marking.add(conversation);
    try {
      if (row.isHistoryAvailable === false) {
        const read = unread.map(({ message }) => message.id);
        await this.#context.run(UpdateMessageStatusDocument, { input: { read } });
      } else {
        const input = { conversation, status: 'READ', through: newest.message.id } as const;
        const { markConversation } = await this.#context.run(MarkConversationDocument, { input });
        this.#rows.change(conversation, { ...markConversation?.conversation });
      }
      timeline.change(readBy(({ order }) => order <= newest.order));
      // A message that deletes on reading is soon no longer the last message.
      if (row.lastMessage?.deleteOnRead === true) this.#rows.readAgain(conversation);
    } finally {
      this.#marking.delete(conversation);
    }
  }

  #markDelivered(): void {
    const input = { delivered: this.#arrived };
    this.#arrived = [];
    this.#context.timers.clear('delivered');
    // Reading the history marks them as well.
    void this.#context.run(UpdateMessageStatusDocument, { input }).catch(() => undefined);
  }
}
