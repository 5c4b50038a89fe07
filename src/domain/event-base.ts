/**
 * Properties of all events of the event stream. `extra` holds fields under their wire names that no property covers: fields unknown
 * to this version, and known ones with a value of another type.
 */
import type { FirstExpiring } from './conversation.ts';

export type Extra = Readonly<Record<string, unknown>>;

/**
 * State of the conversation after the change that an event of v5 reports; events of v2 have none. A missing value is undefined;
 * `null` means that there is none.
 */
export interface EventConversation {
  /** The upstream's id. */
  readonly id: string;
  readonly organization: string | undefined;
  readonly unreadCount: number | undefined;
  readonly unreadPriorityCount: number | undefined;
  /** Token of the newest message. */
  readonly lastMessage: string | null | undefined;
  readonly firstExpiringUnread: FirstExpiring | null | undefined;
}

export interface EventOf<Type extends string> {
  readonly type: Type;
  readonly extra?: Extra | undefined;
  /** Only in events of v5 about a conversation. */
  readonly inConversation?: EventConversation | undefined;
}
