/** The snapshot of the store. All objects are immutable, and unchanged ones keep their identity. */
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
 * - `CONNECTING`: events are delayed until it is `LIVE` again; the snapshot may be outdated.
 * - `OFFLINE`: the device has no network.
 * - `SIGNED_OUT`: the credential is rejected permanently, and everything is discarded.
 */
export type ConnectionState = 'CONNECTING' | 'LIVE' | 'OFFLINE' | 'SIGNED_OUT';

/** Delivery state of a message: the state of sending until the service has it; then the furthest state over all recipients. */
export type Delivery = 'SENDING' | 'WAITING' | 'FAILED' | DeliveryStatus;

/** A message of the service; before it is sent, the values known so far. */
export type StoreMessage = { readonly id: string } & Pick<HistoryMessageFragment, 'body' | 'createdAt'> &
  Partial<Omit<HistoryMessageFragment, 'id' | '__typename'>>;

export interface MessageItem {
  readonly kind: 'MESSAGE';
  /** The same before and after the service has the message: for lists. */
  readonly key: string;
  readonly message: StoreMessage;
  /** Content of an unsent message, with its file. */
  readonly outgoing?: Outgoing | undefined;
  readonly isMine: boolean;
  readonly isUnread: boolean;
  readonly delivery: Delivery;
  /** Delivery state by recipient, as far as events have reported it. */
  readonly statuses: Readonly<Record<string, DeliveryStatus>>;
  /** Why the message is not sent. Code `TEXT_LOST`: the page was reloaded, and its text is not stored. */
  readonly error?: StoreError | undefined;
  /** Whether a further attempt can succeed. */
  readonly canRetry?: boolean;
  /** Time in milliseconds since 1970 at which it disappears; infinite when it stays. */
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

/** A row of the list. Counts are those of the service over all devices; on v2, of messages since the start. */
export interface ConversationView extends Omit<ConversationRowFragment, '__typename' | 'unreadCount'> {
  readonly unreadCount: number;
  /** People who type; each fades after some seconds. */
  readonly typing: readonly UserId[];
  /** Presence of the counterpart; undefined until an event reports it, and in groups. */
  readonly presence: PresenceState | undefined;
}

export interface TimelineView {
  /** From the oldest to the newest, then unsent messages. */
  readonly items: readonly Item[];
  readonly hasOlder: boolean;
  /** Newer items were dropped to bound the memory; `readNewer` reads them again. */
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** Whether the items are those of the service, except for events in transit. */
  readonly isComplete: boolean;
  /** Id of the first message that was unread when the conversation was opened. */
  readonly firstUnread: string | undefined;
  readonly error: StoreError | undefined;
}

export interface StoreSnapshot {
  readonly connection: ConnectionState;
  /** Latest traffic first. */
  readonly conversations: readonly ConversationView[];
  /** Whether all conversations were read. */
  readonly isComplete: boolean;
  /** Sum of the unread messages of all conversations that are not muted. */
  readonly unreadCount: number;
  /** Timelines of open conversations, by id. */
  readonly timelines: Readonly<Record<string, TimelineView>>;
}

/** The content of a new message; the store adds conversation and key. */
export type Outgoing = Omit<SendMessageInput, 'conversation' | 'idempotencyKey' | 'recipient'>;

export interface ConversationStore {
  /** @returns Function that ends it. */
  subscribe(listener: () => void): () => void;
  /** The current snapshot: the same object until something changes. */
  getSnapshot(): StoreSnapshot;
  /** Reads the newest items of a conversation, and keeps them up to date until `close`. */
  open(conversation: ConversationId): void;
  close(conversation: ConversationId): void;
  /**
   * Reads the page before the oldest item; without effect during such a read, and when there is none. From then on the window stays
   * at the reader's position: items beyond the bound are dropped at its end, and `readNewer` reads them again.
   */
  readOlder(conversation: ConversationId): Promise<void>;
  /** Reads the page after the newest item. Without one, the window is at the end, and the oldest items are dropped for new ones. */
  readNewer(conversation: ConversationId): Promise<void>;
  /** Reads the newest items again, from any position of the reader. Sending a message does so too. */
  readNewest(conversation: ConversationId): Promise<void>;
  /** Reads everything displayed again. */
  refresh(): void;
  /**
   * Displays the message at once and sends it, in order and once; attempts are repeated safely.
   * @returns Its key.
   * @throws RangeError when `maxOutgoing` messages are unsent.
   */
  send(conversation: ConversationId, input: Outgoing): string;
  /** Sends a failed or waiting message now, with the same key. */
  retry(key: string): void;
  /** Discards an unsent message. A message in flight may still be stored. */
  drop(key: string): void;
  /** @throws StoreError */
  recall(message: string): Promise<void>;
  /** Marks everything up to the newest item as read. Without effect when nothing is unread. */
  markRead(conversation: ConversationId): Promise<void>;
  /** To be called at each change of the text; sent every four seconds at most. */
  setTyping(conversation: ConversationId, isTyping: boolean): void;
  /** Runs any document as the caller, after a new sign-in when the credential is rejected. @throws StoreError */
  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Ends subscriptions and timers. */
  dispose(): void;
}
