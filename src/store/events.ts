/** What each event changes. Where it does not say enough, the conversation is read again. */
import type { ConversationId, MessageId } from '../documents.ts';
import { rankOf } from './context.ts';
import type { StoreEvent } from './feed.ts';
import type { Presence } from './presence.ts';
import type { Recent } from './recent.ts';
import type { Rows } from './rows.ts';
import type { Timeline } from './timeline.ts';

/** What events change. */
export interface Shown {
  readonly me: string;
  readonly rows: Rows;
  readonly presence: Presence;
  /** Ids of messages that are not shown again. */
  readonly recalled: Recent;
  readonly timelines: ReadonlyMap<ConversationId, Timeline>;
  /** Whether items of a conversation are kept as they come. */
  keepsItemsOf(id: ConversationId): boolean;
  timelineOf(id: ConversationId): Timeline;
  readTimeline(id: ConversationId): Promise<void>;
  /** Reads everything again that is shown. */
  refresh(): void;
  /** A message was recalled. */
  withdraw(message: string): void;
  /** The service has a message that was sent here. */
  stored(key: string | null): void;
  /** Marks a message as delivered. */
  delivered(message: MessageId): void;
  /** Signed out from elsewhere. */
  forget(): void;
}

type StatusEvent = Extract<StoreEvent, { readonly __typename: 'MessageStatusChanged' }>;

export function applyEvent(store: Shown, event: StoreEvent): void {
  const id = 'conversation' in event ? event.conversation?.id : undefined;
  switch (event.__typename) {
    case 'MessageReceived':
      receive(store, event);
      break;
    case 'MessageStatusChanged':
      if (event.message === null || event.user === null) break;
      for (const timeline of store.timelines.values()) timeline.progress(event.message.id, event.user.id, event.status);
      if (rankOf(event.status) >= rankOf('READ') && isRowChanged(store, event)) store.rows.readAgain(id);
      break;
    case 'MessageRecalled':
      store.withdraw(event.recalledMessageId);
      store.rows.readAgain(id);
      break;
    case 'ConversationNotice':
      if (id !== undefined && store.keepsItemsOf(id)) store.timelineOf(id).notice(event);
      break;
    case 'TypingChanged':
      if (id !== undefined && event.user !== null && event.user.id !== store.me)
        store.presence.setTyping(id, event.user.id, event.isTyping);
      break;
    case 'PresenceChanged':
      if (event.user !== null) store.presence.set(event.user.id, event.presence);
      break;
    case 'RosterChanged':
      if (id === undefined) store.refresh();
      else {
        store.rows.readAgain(id);
        void store.readTimeline(id);
      }
      break;
    case 'SubscriptionGap':
      store.refresh();
      break;
    case 'MuteChanged':
    case 'EntityChanged':
      store.rows.readAgain(id);
      break;
    case 'EscalationChanged':
      if (event.changedEscalation !== null)
        for (const timeline of store.timelines.values()) timeline.escalated(event.changedEscalation);
      break;
    case 'RemoteWiped':
      store.forget();
  }
}

/** By a reading: on another device of the caller, the counts; of what deletes on reading, the last message. */
function isRowChanged({ me, rows }: Shown, { user, message, conversation }: StatusEvent): boolean {
  const last = rows.get(conversation?.id ?? '')?.lastMessage;
  return user?.id === me || (last?.deleteOnRead === true && last.id === message?.id);
}

function receive(store: Shown, event: Extract<StoreEvent, { readonly __typename: 'MessageReceived' }>): void {
  const { message, conversation, recipientStatuses } = event;
  // A part that could not be read.
  if (message === null || conversation === null) {
    store.refresh();
    return;
  }
  const { id } = conversation;
  store.stored(message.idempotencyKey);
  if (store.recalled.has(message.id)) return;
  if (store.keepsItemsOf(id)) store.timelineOf(id).receive(message, recipientStatuses);
  store.rows.receive(id, message, conversation);
  if (message.sender?.id === store.me) return;
  if (message.sender !== null) store.presence.setTyping(id, message.sender.id, false);
  if (message.status === 'NEW') store.delivered(message.id);
}
