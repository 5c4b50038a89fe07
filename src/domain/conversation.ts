/** A conversation of the caller: its state, and the messages and notices of its history. The rules of `domain.ts` hold here too. */
import type { ConversationKey, Counterpart, EntityKind, Message } from './domain.ts';

/** The unread message of a conversation that expires first. */
export interface FirstExpiring {
  readonly message: string;
  readonly sender: string | undefined;
  /** Milliseconds since the epoch, from the seconds left; checked on output. */
  readonly expiresAtMs: number;
}

/** A conversation as the upstream lists it (v5 only). */
export interface ConversationState {
  readonly key: ConversationKey;
  /** The upstream's id of the conversation. */
  readonly id: string;
  readonly counterpart: Counterpart;
  /** The newest message the caller may see; only its token and sort number when the upstream sends no more. */
  readonly lastMessage: Message | undefined;
  readonly unreadCount: number;
  readonly unreadPriorityCount: number;
  readonly firstExpiringUnread: FirstExpiring | undefined;
  /** ISO 8601, UTC; undefined when not muted. */
  readonly mutedUntil: string | undefined;
  /** Number of running escalations of its messages. */
  readonly escalationCount?: number | undefined;
}

/** A conversation of the caller. A reference that has not been read holds only its key. */
export interface Conversation {
  readonly kind: 'CONVERSATION';
  readonly key: ConversationKey;
  /** As complete as it arrived with the conversation. */
  readonly counterpart?: Counterpart | undefined;
  readonly state?: ConversationState | undefined;
  /** One of many on the roster: their states are read together. */
  readonly isOnRoster?: boolean | undefined;
  /** The state after the event that reported the conversation, as far as the event contains it. */
  readonly reported?: ReportedState | undefined;
}

/** Parts of a conversation's state; `undefined` is unknown, `null` is none. */
export interface ReportedState {
  readonly unreadCount: number | undefined;
  readonly unreadPriorityCount: number | undefined;
  readonly lastMessage: Message | null | undefined;
  readonly firstExpiringUnread: FirstExpiring | null | undefined;
}

/** The person, group or other object in a notice. */
export interface NoticeParty {
  /** Undefined for anything but a user, group or list. */
  readonly kind: EntityKind | undefined;
  readonly token: string;
  readonly name: string | undefined;
}

/** A notice inside a conversation: a member joined, left, called or escalated. */
export interface Notice {
  readonly noticeId: string | undefined;
  /** The upstream's word for what happened, such as `added`. */
  readonly word: string;
  /** ISO 8601, UTC. */
  readonly at: string | undefined;
  readonly organization: string | undefined;
  /** Who did it, to whom, where. */
  readonly actor: NoticeParty | undefined;
  readonly subject: NoticeParty | undefined;
  readonly target: NoticeParty | undefined;
  readonly reason: string | undefined;
  readonly reasonSubject: string | undefined;
  readonly sortNumber: number | undefined;
  /** Of an escalation: who acted and when, and the back-up that was asked. */
  readonly acted?: NoticeAction | undefined;
}

export interface NoticeAction {
  readonly by: NoticeParty | undefined;
  /** ISO 8601, UTC. */
  readonly at: string | undefined;
  readonly member: NoticeParty | undefined;
}

/** An item of a conversation's history. */
export type TimelineItem = Message | Notice;

/** One page of a conversation's history (v5 only). */
export interface TimelinePage<Item = TimelineItem> {
  /** Ascending by sort number. */
  readonly items: readonly { readonly sortNumber: number; readonly item: Item }[];
  /** Whether the upstream filled the page: a short page is the last one in its direction. */
  readonly isFull: boolean;
  /** Places before and after the page, for further pages. */
  readonly lower: string | undefined;
  readonly higher: string | undefined;
}
