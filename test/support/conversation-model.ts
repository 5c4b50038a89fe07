/**
 * Conversations as plain lists, by the rules of the contract alone (EVENTS-v5.md §8 and §9): the items visible to each person, and
 * their unread counts.
 */

export interface ModelItem {
  /** Token of a message; what a notice says. */
  readonly label: string;
  /** Place in the one order of all items. */
  readonly place: number;
  /** Undefined for a notice. */
  readonly author?: string;
  readonly isPriority: boolean;
  readonly deletesOnRead: boolean;
  /** People the message was sent to, but the author → whether they have read it. */
  readonly read: Map<string, boolean>;
  /** Milliseconds since 1970. */
  expiresAt: number;
  isRecalled: boolean;
  readonly erasedFor: Set<string>;
  /** The only person that sees a notice; undefined for all. */
  readonly reader?: string;
}

export interface ModelConversation {
  readonly kind: 'direct' | 'group';
  readonly organization: string;
  /** Token of the group; undefined for a direct conversation. */
  readonly group?: string;
  readonly replaysHistory: boolean;
  readonly members: Set<string>;
  /** Members who joined later → the place of the last item before. */
  readonly joinedAt: Map<string, number>;
  items: ModelItem[];
  /** Labels of items that have expired and are forgotten. */
  readonly expired: Set<string>;
}

export interface ModelView {
  readonly unreadCount: number;
  readonly unreadPriorityCount: number;
  readonly lastMessage: string | null;
  /** Tokens of the unread messages that expire first; empty when there are none. */
  readonly firstExpiring: readonly string[];
}

/** Seconds between the reading of a message that deletes on read and its end (EVENTS-v5.md §9.2). */
const readLifetimeMs = 60_000;

export class ConversationModel {
  readonly conversations: ModelConversation[] = [];
  #places = 0;
  /** The sandbox's clock before the one of this machine, in milliseconds. */
  shiftedMs = 0;

  now(): number {
    return Date.now() + this.shiftedMs;
  }

  add(conversation: Omit<ModelConversation, 'items' | 'joinedAt' | 'expired'>): ModelConversation {
    const added = { ...conversation, items: [], joinedAt: new Map<string, number>(), expired: new Set<string>() };
    this.conversations.push(added);
    return added;
  }

  send(
    conversation: ModelConversation,
    message: { token: string; author: string; isPriority: boolean; deletesOnRead: boolean; expiresAt: number },
  ): void {
    const { token, ...rest } = message;
    const others = [...conversation.members].filter((person) => person !== message.author);
    conversation.items.push({
      ...rest,
      label: token,
      place: ++this.#places,
      read: new Map(others.map((person) => [person, false])),
      isRecalled: false,
      erasedFor: new Set(),
    });
  }

  notice(conversation: ModelConversation, label: string, reader?: string): void {
    conversation.items.push({
      label,
      place: ++this.#places,
      isPriority: false,
      deletesOnRead: false,
      read: new Map(),
      expiresAt: Number.POSITIVE_INFINITY,
      isRecalled: false,
      erasedFor: new Set(),
      ...(reader === undefined ? {} : { reader }),
    });
  }

  leave(conversation: ModelConversation, person: string): void {
    if (!conversation.members.delete(person)) return;
    conversation.joinedAt.delete(person);
    this.notice(conversation, `removed ${person} by ${person}`);
  }

  join(conversation: ModelConversation, person: string, by: string): void {
    if (conversation.members.has(person)) return;
    conversation.members.add(person);
    conversation.joinedAt.set(person, this.#places);
    this.notice(conversation, `added ${person} by ${by}`);
  }

  /** The caller reads messages that are there for the caller; others are passed over. */
  markRead(conversation: ModelConversation, person: string, items: readonly ModelItem[]): void {
    for (const item of items) {
      if (item.read.get(person) !== false || !conversation.members.has(person) || !this.#isThere(item, person))
        continue;
      item.read.set(person, true);
      if (item.deletesOnRead && conversation.kind === 'direct')
        item.expiresAt = Math.min(item.expiresAt, this.now() + readLifetimeMs);
    }
  }

  erase(conversation: ModelConversation, person: string): void {
    for (const item of conversation.items) item.erasedFor.add(person);
  }

  /** Whether a message has expired. No event reports it, because clients know the time of expiry. */
  isExpired({ items, expired }: ModelConversation, label: string): boolean {
    return expired.has(label) || items.some((item) => item.label === label && item.expiresAt <= this.now());
  }

  /** Removes items that no person can see any more. */
  sweep(): void {
    for (const conversation of this.conversations) {
      for (const { label, expiresAt, isRecalled } of conversation.items)
        if (expiresAt <= this.now() && !isRecalled) conversation.expired.add(label);
      conversation.items = conversation.items.filter((item) => item.expiresAt > this.now() && !item.isRecalled);
    }
  }

  /** Whether a message expires so soon, or expired so recently, that the two clocks may disagree about it. */
  isUncertain(): boolean {
    const now = this.now();
    return this.conversations.some(({ items }) =>
      items.some(({ expiresAt }) => expiresAt > now - 1_000 && expiresAt < now + 4_000),
    );
  }

  /** The timeline of a person, in order. */
  seenBy(conversation: ModelConversation, person: string): ModelItem[] {
    const { kind, replaysHistory, members, joinedAt, items } = conversation;
    if (!members.has(person)) return [];
    const after = kind === 'group' && !replaysHistory ? (joinedAt.get(person) ?? 0) : 0;
    return items.filter((item) => item.place > after && this.#isThere(item, person));
  }

  viewOf(conversation: ModelConversation, person: string): ModelView {
    const messages = this.seenBy(conversation, person).filter(({ author }) => author !== undefined);
    const joined = conversation.joinedAt.get(person) ?? 0;
    const unread = messages.filter(({ read, place }) => read.get(person) === false && place > joined);
    const first = Math.min(...unread.map(({ expiresAt }) => expiresAt));
    return {
      unreadCount: unread.length,
      unreadPriorityCount: unread.filter(({ isPriority }) => isPriority).length,
      lastMessage: messages.at(-1)?.label ?? null,
      firstExpiring: unread.filter(({ expiresAt }) => expiresAt === first).map(({ label }) => label),
    };
  }

  #isThere({ reader, isRecalled, expiresAt, erasedFor }: ModelItem, person: string): boolean {
    return (
      (reader === undefined || reader === person) && !isRecalled && expiresAt > this.now() && !erasedFor.has(person)
    );
  }
}
