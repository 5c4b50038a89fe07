/** Applies events to the parts of the store. When an event lacks a displayed value, the conversation is read again. */
import { rankOf } from './context.ts';
import type { StoreEvent } from './feed.ts';
import { escalatedTo, noticeItem, readBy } from './items.ts';
import type { Marks } from './marks.ts';
import type { Outbox } from './outbox.ts';
import type { Presence } from './presence.ts';
import type { Rows } from './rows.ts';
import type { Timeline } from './timeline.ts';
import type { Timelines } from './timelines.ts';
import type { MessageItem } from './types.ts';

/** The parts that events change. */
export interface Shown {
  readonly me: string;
  readonly marks: Marks;
  readonly outbox: Outbox;
  readonly rows: Rows;
  readonly presence: Presence;
  readonly timelines: Timelines;
  /** Reads everything displayed again. */
  refresh(): void;
  /** A message was recalled. */
  withdraw(message: string): void;
  /** The account was signed out remotely. */
  forget(): void;
}

type StatusEvent = Extract<StoreEvent, { readonly __typename: 'MessageStatusChanged' }>;

/** Applies one event to the parts. */
export function applyEvent(store: Shown, event: StoreEvent): void {
  const { timelines } = store;
  const id = 'conversation' in event ? event.conversation?.id : undefined;
  switch (event.__typename) {
    case 'MessageReceived':
      receive(store, event);
      break;
    case 'MessageStatusChanged':
      for (const timeline of timelines.values()) progress(store, event, timeline);
      if (rankOf(event.status) >= rankOf('READ') && isRowChanged(store, event)) store.rows.readAgain(id);
      break;
    case 'MessageRecalled':
      store.withdraw(event.recalledMessageId);
      store.rows.readAgain(id);
      break;
    case 'ConversationNotice':
      if (id !== undefined && timelines.stores(id)) timelines.of(id).arrive(noticeItem(event));
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
        void timelines.read(id);
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
        for (const timeline of timelines.values()) timeline.change(escalatedTo(event.changedEscalation));
      break;
    case 'RemoteWiped':
      store.forget();
  }
}

/** A status never moves backwards. */
function progress({ me }: Shown, { message: of, user, status }: StatusEvent, timeline: Timeline): void {
  const matches = ({ message }: MessageItem) => message.id === of?.id;
  if (user?.id !== me) timeline.change((item) => (matches(item) ? item.message : undefined), [{ status, user }]);
  else if (rankOf(status) >= rankOf('READ')) timeline.change(readBy(matches));
}

/**
 * Whether reading changes the row: on another device of the caller, the counts; for a message that deletes on reading, the last
 * message.
 */
function isRowChanged({ me, rows }: Shown, { user, message, conversation }: StatusEvent): boolean {
  const last = rows.get(conversation?.id ?? '')?.lastMessage;
  return user?.id === me || (last?.deleteOnRead === true && last.id === message?.id);
}

function receive(store: Shown, event: Extract<StoreEvent, { readonly __typename: 'MessageReceived' }>): void {
  const { message, conversation, recipientStatuses } = event;
  const { timelines } = store;
  // The event has a part that could not be read.
  if (message === null || conversation === null) {
    store.refresh();
    return;
  }
  const { id } = conversation;
  store.outbox.remove(message.idempotencyKey);
  if (timelines.recalled.has(message.id)) return;
  if (timelines.stores(id)) timelines.of(id).receive(message, recipientStatuses);
  store.rows.receive(id, message, conversation);
  if (message.sender?.id === store.me) return;
  if (message.sender !== null) store.presence.setTyping(id, message.sender.id, false);
  if (message.status === 'NEW') store.marks.delivered(message.id);
}
