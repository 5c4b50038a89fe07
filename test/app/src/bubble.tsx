import { memo, useEffect, useState } from 'react';
import type { MessageItem } from 'tigerconnect-graphql/store';
import type { HistoryNoticeFragment } from 'tigerconnect-graphql-documents';
import { Attachment } from './attachment.tsx';
import { EscalationState } from './duty.tsx';
import type { Messenger, Row } from './state/messenger.ts';
import { momentOf } from './time.ts';

interface BubbleProps {
  readonly messenger: Messenger;
  readonly counterpart: Row['counterpart'];
  readonly item: MessageItem;
}

export const Bubble = memo(function Bubble({ messenger, counterpart, item }: BubbleProps) {
  const { store, duty, session } = messenger;
  const { message, isMine, delivery, key, outgoing } = item;
  const isGroup = counterpart.__typename !== 'User';
  const role = counterpart.__typename === 'Group' ? counterpart.role : null;
  const isToRole = role != null && !role.onDutyNames.includes(session.name);
  const isUnsent = outgoing !== undefined || delivery === 'FAILED';
  return (
    <li id={message.id} className={isMine ? 'bubble mine' : 'bubble'}>
      {isGroup && !isMine && <p className="sender">{message.senderName}</p>}
      {message.priority === 'HIGH' && <p className="urgent">Urgent</p>}
      {message.attachments?.map((attachment) => (
        <Attachment key={attachment.url} {...attachment} authorization={session.authorization} />
      ))}
      {message.body !== null && <p className="body">{message.body}</p>}
      {message.escalation != null && <EscalationState duty={duty} of={message.escalation} isMine={isMine} />}
      <p className="facts">
        {message.createdAt !== null && <time dateTime={message.createdAt}>{momentOf(message.createdAt)}</time>}
        {message.expiresAt != null && <TimeLeft until={Date.parse(message.expiresAt)} />}
        {message.deleteOnRead === true && <span>deleted once read</span>}
        {isMine && <span className={isUnsent && delivery !== 'SENDING' ? 'failed' : ''}>{tickOf(item, isGroup)}</span>}
        {isToRole && isMine && !isUnsent && message.escalation == null && (
          <button type="button" onClick={() => duty.escalate(message.id)} children="Escalate" />
        )}
        {isMine && !isUnsent && <button type="button" onClick={() => store.recall(message.id)} children="Recall" />}
        {isUnsent && (delivery === 'WAITING' || item.canRetry === true) && (
          <button type="button" onClick={() => store.retry(key)} children="Try again" />
        )}
      </p>
    </li>
  );
});

export function Notice({ notice: { actor, notice, subject } }: { readonly notice: HistoryNoticeFragment }) {
  const words = [actor?.name, notice.replaceAll('_', ' '), subject?.name];
  return <li className="notice">{words.filter(Boolean).join(' ')}</li>;
}

/** How far one of mine got: in a group, with how many, when that was seen here; else what the history says. */
function tickOf({ delivery, statuses }: MessageItem, isGroup: boolean): string {
  const readers = Object.values(statuses).filter((status) => status === 'READ' || status === 'CONFIRMED').length;
  if (readers > 0 && isGroup) return `✓✓ Read by ${readers}`;
  return ticks[delivery];
}

const ticks = {
  SENDING: 'Sending…',
  WAITING: 'Not sent.',
  FAILED: 'Not sent.',
  NEW: '✓ Sent',
  DELIVERED: '✓✓ Delivered',
  READ: '✓✓ Read',
  CONFIRMED: '✓✓ Read',
} as const;

/** Said only of the last two days. @param until Milliseconds since 1970. */
function TimeLeft({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => Date.now());
  const isNear = until - now < 48 * 60 * 60_000;
  useEffect(() => {
    if (!isNear) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isNear]);
  const minutes = Math.ceil((until - now) / 60_000);
  if (!isNear) return null;
  if (minutes <= 1) return <span>{`expires in ${Math.max(0, Math.ceil((until - now) / 1_000))} s`}</span>;
  return <span>{`expires in ${minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`}`}</span>;
}
