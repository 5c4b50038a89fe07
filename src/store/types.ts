/** What the store shows. All of it is immutable, and what did not change keeps its identity. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type {
  ConversationId,
  ConversationRowFragment,
  DeliveryStatus,
  HistoryMessageFragment,
  HistoryNoticeFragment,
  PresenceState,
  SendMessageInput,
  UserId,
} from '../documents.ts';
import type { StoreError } from './client.ts';

/**
 * - `CONNECTING`: events are late until it is `LIVE` again; what is shown may be old.
 * - `OFFLINE`: the device has no network.
 * - `SIGNED_OUT`: the credential is refused for good, and everything is forgotten.
 */
export type Connection = 'CONNECTING' | 'LIVE' | 'OFFLINE' | 'SIGNED_OUT';

/** How far a message got: first on this side, then as the recipients' farthest. */
export type Delivery = 'SENDING' | 'WAITING' | 'FAILED' | DeliveryStatus;

/** A message of the service; of one that the service does not have yet, what is known. */
export type StoreMessage = { readonly id: string } & Pick<HistoryMessageFragment, 'body' | 'createdAt'> &
  Partial<Omit<HistoryMessageFragment, 'id' | '__typename'>>;

export interface MessageItem {
  readonly kind: 'MESSAGE';
  /** The same before and after the service has the message: for lists. */
  readonly key: string;
  readonly message: StoreMessage;
  /** Of one that the service does not have yet: what is sent, with its file. */
  readonly outgoing?: Outgoing | undefined;
  readonly isMine: boolean;
  readonly isUnread: boolean;
  readonly delivery: Delivery;
  /** How far the message got, by recipient, as far as events said so. */
  readonly statuses: Readonly<Record<string, DeliveryStatus>>;
  /** Why it is not sent. Code `TEXT_LOST`: the page was loaded again, and its text is not stored. */
  readonly error?: StoreError | undefined;
  /** Whether a further attempt can succeed. */
  readonly canRetry?: boolean;
  /** Milliseconds since 1970 from which it is gone; infinite when it stays. */
  readonly goneAt: number;
  readonly order: number;
}

export interface NoticeItem {
  readonly kind: 'NOTICE';
  readonly key: string;
  readonly notice: HistoryNoticeFragment;
  readonly goneAt: number;
  readonly order: number;
}

export type Item = MessageItem | NoticeItem;

/** A conversation as the list shows it. Counts are those of the service over all devices; on v2, of what came since the start. */
export interface ConversationView extends Omit<ConversationRowFragment, '__typename' | 'unreadCount'> {
  readonly unreadCount: number;
  /** People who type; each fades after some seconds. */
  readonly typing: readonly UserId[];
  /** Of the counterpart; undefined until an event says so, and in groups. */
  readonly presence: PresenceState | undefined;
}

export interface TimelineView {
  /** From the oldest to the newest, then what is not sent yet. */
  readonly items: readonly Item[];
  readonly hasOlder: boolean;
  /** Newer items were dropped to bound the memory; `readNewer` reads them again. */
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** Whether what is shown is as the service has it, up to events under way. */
  readonly isComplete: boolean;
  /** Id of the first message that was unread when the conversation was opened. */
  readonly firstUnread: string | undefined;
  readonly error: StoreError | undefined;
}

export interface StoreSnapshot {
  readonly connection: Connection;
  /** The one with the latest traffic first. */
  readonly conversations: readonly ConversationView[];
  /** Whether all conversations were read. */
  readonly isComplete: boolean;
  /** Sum of the unread messages of all conversations that are not muted. */
  readonly unreadCount: number;
  /** Of the conversations that are open, by id. */
  readonly timelines: Readonly<Record<string, TimelineView>>;
}

/** What a message consists of; the store adds conversation and key. */
export type Outgoing = Omit<SendMessageInput, 'conversation' | 'idempotencyKey' | 'recipient'>;

export interface ConversationStore {
  /** @returns Ends it. */
  subscribe(listener: () => void): () => void;
  /** The same object until something changes. */
  getSnapshot(): StoreSnapshot;
  /** Reads the newest items of a conversation, and keeps them up to date until `close`. */
  open(conversation: ConversationId): void;
  close(conversation: ConversationId): void;
  /**
   * Reads the page before the oldest item; without effect while one is read, and when there is none. From then on the reader
   * is in the middle: whatever comes or is read again, items around stay, and what has no room is there with `readNewer`.
   */
  readOlder(conversation: ConversationId): Promise<void>;
  /** The same behind the newest item. When there is none, the reader is at the end, and the oldest items make room for new ones. */
  readNewer(conversation: ConversationId): Promise<void>;
  /** Reads the newest items again: the way to the end, from wherever the reader is. Sending a message goes there too. */
  readNewest(conversation: ConversationId): Promise<void>;
  /** Reads everything again that is shown. */
  refresh(): void;
  /**
   * Shows the message at once and sends it, in order, once, and as often as it takes; safe to repeat.
   * @returns Its key.
   * @throws RangeError when `maxOutgoing` messages are not sent yet.
   */
  send(conversation: ConversationId, input: Outgoing): string;
  /** Sends a message that failed or waits now, with the same key. */
  retry(key: string): void;
  /** Gives a message up that is not sent. One under way may still be stored. */
  drop(key: string): void;
  /** @throws StoreError */
  recall(message: string): Promise<void>;
  /** Marks everything up to the newest item as read. Without effect when nothing is unread. */
  markRead(conversation: ConversationId): Promise<void>;
  /** Call at each change of the text: it is passed on every four seconds at most. */
  setTyping(conversation: ConversationId, isTyping: boolean): void;
  /** Runs any document as the caller, after a new sign-in when the credential is refused. @throws StoreError */
  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Ends subscriptions and timers. */
  dispose(): void;
}
