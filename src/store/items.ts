/** Builds the items of timelines from read messages, from events and from the items they replace. */
import type { ConversationId, DeliveryStatus, EscalationCardFragment, HistoryNoticeFragment } from '../documents.ts';
import { type Context, forever, orderOf, rankOf, statusOf, timeOf } from './context.ts';
import type { Item, MessageItem, NoticeItem, StoreMessage } from './types.ts';

/** Milliseconds from the reading of a message that deletes on read to its removal, as in the vendor's clients. */
const readLifetimeMs = 60_000;

export type Statuses = readonly { readonly status: DeliveryStatus; readonly user: { readonly id: string } | null }[];

/** @param former The item shown for the same message: its status never moves backwards, and a read message stays read. */
export function messageItem(
  { me, now, isDirect }: Context,
  conversation: ConversationId,
  message: StoreMessage,
  former: MessageItem | undefined,
  news: Statuses,
): MessageItem {
  const isMine = message.sender?.id === me;
  const statuses: Record<string, DeliveryStatus> = { ...former?.statuses };
  for (const { status, user } of news)
    if (user !== null && rankOf(status) > rankOf(statuses[user.id])) statuses[user.id] = status;
  const ranks = [message.status, former?.message.status, ...Object.values(statuses)].map(rankOf);
  const isUnread =
    !isMine && former?.isUnread !== false && (message.isUnread ?? rankOf(message.status) < rankOf('READ'));
  const delivery = statusOf(Math.max(...ranks));
  const isSpent = message.deleteOnRead === true && isRead({ isMine, isUnread, delivery }) && isDirect(conversation);
  const spentAt = former !== undefined && isRead(former) ? former.goneAt : now() + readLifetimeMs;
  return {
    kind: 'MESSAGE',
    key: message.idempotencyKey ?? message.id,
    message: current(message, former?.message),
    isMine,
    isUnread,
    delivery,
    statuses,
    goneAt: Math.min(timeOf(message.expiresAt), isSpent ? spentAt : forever),
    order: orderOf(message),
  };
}

/** With the latest escalation: a read or a reply may be older than an event. */
function current(message: StoreMessage, former: StoreMessage | undefined): StoreMessage {
  const { escalation } = former ?? {};
  const isOld = escalation != null && timeOf(escalation.changedAt, 0) > timeOf(message.escalation?.changedAt, 0);
  return isOld ? { ...message, escalation } : message;
}

/** Whether its reader has read it: the caller, or another person for the caller's own messages. */
function isRead({ isMine, isUnread, delivery }: Pick<MessageItem, 'isMine' | 'isUnread' | 'delivery'>): boolean {
  return isMine ? delivery === 'READ' || delivery === 'CONFIRMED' : !isUnread;
}

/** The message after an event; undefined when the event is about another message. */
export type Change = (item: MessageItem) => StoreMessage | undefined;

/** Sets an escalation on its message and on the copy for the back-ups. */
export const escalatedTo =
  (escalation: EscalationCardFragment): Change =>
  ({ message }) =>
    message.escalation?.escalationId === escalation.escalationId || message.id === escalation.message?.id
      ? { ...message, escalation }
      : undefined;

/** Marks unread items for which `matches` is true as read by the caller. */
export const readBy =
  (matches: (item: MessageItem) => boolean): Change =>
  (item) =>
    item.isUnread && matches(item)
      ? { ...item.message, isUnread: false, status: statusOf(Math.max(2, rankOf(item.message.status))) }
      : undefined;

/** A notice as an item of a timeline; it never expires. */
export function noticeItem(notice: HistoryNoticeFragment): NoticeItem {
  const key = notice.noticeId ?? `notice ${notice.sortNumber}`;
  const order = orderOf({ sortNumber: notice.sortNumber, createdAt: notice.at });
  return { kind: 'NOTICE', key, notice, goneAt: forever, order };
}

export const isUnread = (item: Item): boolean => item.kind === 'MESSAGE' && item.isUnread;

/** Id of the message or the notice. */
export const idOf = (item: Item): string => (item.kind === 'MESSAGE' ? item.message.id : item.key);
