/** Builds the rows and timelines of the snapshot. Unchanged ones are the same objects as before. */
import type { ConversationId } from '../documents.ts';
import { type Context, timeOf } from './context.ts';
import { isUnread } from './items.ts';
import type { Outbox } from './outbox.ts';
import type { Presence } from './presence.ts';
import type { Row, Rows } from './rows.ts';
import type { Timelines } from './timelines.ts';
import type { ConnectionState, ConversationView, StoreSnapshot, TimelineView } from './types.ts';

export interface Parts {
  readonly rows: Rows;
  readonly presence: Presence;
  readonly outbox: Outbox;
  readonly timelines: Timelines;
}

export class Views {
  readonly #context: Context;
  readonly #parts: Parts;
  /** By conversation, with the values it was built from. */
  readonly #known = new Map<string, { readonly of: readonly unknown[]; readonly view: ConversationView }>();

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  snapshot(connection: ConnectionState): StoreSnapshot {
    const { rows, timelines } = this.#parts;
    const conversations = [...rows.all()].map((row) => this.#conversation(row));
    const order = ({ lastMessage }: ConversationView) => timeOf(lastMessage?.createdAt, 0);
    conversations.sort((one, other) => order(other) - order(one));
    const unread = conversations.filter(({ mutedUntil }) => mutedUntil === null);
    return {
      connection,
      conversations,
      isComplete: rows.isComplete,
      unreadCount: unread.reduce((sum, one) => sum + one.unreadCount, 0),
      timelines: Object.fromEntries(timelines.open.map((id) => [id, this.#timeline(id)])),
    };
  }

  clear(): void {
    this.#known.clear();
  }

  #timeline(id: ConversationId): TimelineView {
    const view = this.#parts.timelines.of(id).view();
    const outgoing = this.#parts.outbox.itemsOf(id);
    return outgoing.length === 0 ? view : { ...view, items: [...view.items, ...outgoing] };
  }

  #conversation(row: Row): ConversationView {
    const { counterpart, lastMessage } = row;
    const { presence: people, timelines } = this.#parts;
    const items = row.unreadCount === null ? timelines.get(row.id)?.view().items : undefined;
    const typing = people.typingIn(row.id);
    const presence = counterpart === null ? undefined : people.of(counterpart.id);
    const isGone = timeOf(lastMessage?.expiresAt) <= this.#context.now();
    const of = [row, items, typing, presence, isGone];
    const known = this.#known.get(row.id);
    if (known?.of.every((value, index) => value === of[index]) === true) return known.view;
    const unreadCount = row.unreadCount ?? items?.filter(isUnread).length ?? 0;
    const view = { ...row, unreadCount, typing, presence, ...(isGone ? { lastMessage: null } : {}) };
    this.#known.set(row.id, { of, view });
    return view;
  }
}
